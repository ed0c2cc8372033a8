"""Events as rich renderables. Pure; every text from outside is shown literally, without control characters."""

import re

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from agent.channels.cards.fitting_table import FittingTable
from agent.channels.cards.terminal_brief import plan_head
from agent.channels.cards.terminal_plan import plan_panel
from agent.events import (
    ApprovalNoted,
    Error,
    Event,
    File,
    Message,
    PlanProposed,
    Progress,
    Question,
    Result,
    State,
    Table,
)
from agent.output import plain
from agent.views.plan import may_confirm
from agent.wording import next_words, phrase, state
from plugins.domain.deployment import DeploymentStatus
from plugins.domain.plan import Person


def render(  # noqa: C901 - one arm an event type
    event: Event, *, whole: bool = False, person: Person | None = None
) -> RenderableType | None:
    """What to print for this event; None for what a terminal does not show. `whole` where nobody can ask for the rest
    of a plan or for the sources of a table; `person` is who looks, where that is known.
    """
    match event:
        case Message():
            return Markdown(plain(event.text))
        case Question():
            return _question(event)
        case PlanProposed():
            confirms = person is None or may_confirm(event, person)
            draw = plan_panel if whole or event.detailed else plan_head
            return draw(event, confirms=confirms)
        case ApprovalNoted():
            return None if event.status == "refused" else Text(phrase(f"cards.decided.{event.status}"), style="bold")
        case Progress():
            return Text(progress_line(event), style="dim")
        case Result():
            return _result(event)
        case Table():
            return _table(event, with_sources=whole)
        case File():
            return _file(event)
        case Error():
            return Text(plain(event.text), style="red")
        case State():
            return None


def progress_line(event: Progress, *, of: str = "", seconds: float | None = None) -> str:
    """One line: of which workspace, how far, what is being done, for how long (`seconds`, else as the event has it);
    a name that the text itself says is not said twice.
    """
    name = f"{plain(of)}: " if of else ""
    if event.total and event.step != "plan":
        lasted = event.elapsed_s if seconds is None else seconds
        return f"{name}{event.done}/{event.total} {_OWN_TIME.sub('', plain(event.text))} ({lasted:.0f} s)"
    return plain(event.text) if of in event.text else f"{name}{plain(event.text)}"


_OWN_TIME = re.compile(r" \(\d+ s\)$")
"""What Terraform says of one resource's time: beside the run's own it would read as another."""


def _question(event: Question) -> RenderableType:
    lines: list[RenderableType] = []
    for question in event.questions:
        lines.append(Text(f"? {plain(question.text)}", style="bold cyan"))
        if question.choices:
            choices = " · ".join(plain(choice.label) for choice in question.choices)
            lines.append(Padding(Text(choices, style="dim"), (0, 0, 0, 2)))
    return Group(*lines)


def _result(event: Result) -> RenderableType:
    if event.error is not None:
        at = f" ({plain(event.error.resource)})" if event.error.resource else ""
        what = f"✗ {state(event.status).capitalize()}: {plain(event.error.text)}{at}"
        remedy = Text(plain(event.error.remedy), style="bold red")
        if following := next_words(event.error):
            remedy.append(f"\n{following}", style="not bold")
        return Group(Text(what, style="bold red"), Padding(remedy, (0, 0, 0, 2)))
    status: DeploymentStatus = event.status
    headline = f"✓ {state(status).capitalize()}"
    if status == "destroyed":
        return Text(f"{headline}.", style="bold green")
    lines = Text(headline, style="bold green")
    for name in ("workspace_url", "resource_group_name", "cluster_id", "target"):
        if name in event.outputs:
            lines.append(f"\n  {name.replace('_', ' ')}: {plain(str(event.outputs[name]))}", style="not bold")
    return lines


def _table(event: Table, *, with_sources: bool) -> RenderableType:
    """The table; where rows name sources, these stand below it once each, numbered, or it is said how to see them."""
    if not with_sources and "Source" in event.columns:
        shown = event.model_copy(update=_without_sources(event))
        return Group(_table(shown, with_sources=True), Text(phrase("cards.sources"), style="dim"))
    at = event.columns.index("Source") if "Source" in event.columns else None
    # A source is as wide as a terminal: it stands below, once, under a number.
    hidden = (at, event.columns.index("As of")) if at is not None and "As of" in event.columns else (at,)
    columns = [plain(column) for number, column in enumerate(event.columns) if number not in hidden]
    notes: dict[str, int] = {}
    if at is not None:
        columns.append("")
    rows: list[tuple[str, ...]] = []
    for row in event.rows:
        cells = [plain("" if cell is None else str(cell)) for cell in row]
        shown = [cell for number, cell in enumerate(cells) if number not in hidden]
        if at is not None:
            source = ", ".join(filter(None, (cells[number] for number in hidden if number is not None)))
            shown.append(f"[{notes.setdefault(source, len(notes) + 1)}]" if source else "")
        rows.append(tuple(shown))
    grid = FittingTable(plain(event.title), tuple(columns), tuple(rows))
    return Group(grid, *(Text(f"[{number}] {source}", style="dim") for source, number in notes.items()))


def _without_sources(event: Table) -> dict[str, object]:
    kept = [at for at, column in enumerate(event.columns) if column not in ("Source", "As of")]
    return {
        "columns": tuple(event.columns[at] for at in kept),
        "rows": tuple(tuple(row[at] for at in kept) for row in event.rows),
    }


def _file(event: File) -> RenderableType:
    if event.content is None:
        return Text(phrase("cards.result.file", name=plain(event.name), path=plain(event.path or "")))
    return Group(Text(f"# {plain(event.name)}", style="bold"), Text(plain(event.content)))
