"""`Cards` of Microsoft Teams: what the shared room shows, as Adaptive Cards 1.5 of at most 25 KB. Pure.

A reply in words alone is no card but a message. Golden files: tests/golden/cards.
"""

from collections.abc import Sequence
from typing import assert_never

from agent.channels.cards.teams_elements import (
    MOST_BYTES,
    Element,
    action_sets,
    adaptive_card,
    choice_input,
    columns,
    container,
    execute,
    facts_of,
    heading,
    literal,
    monospace,
    open_url,
    size_of,
    subtle,
    table,
    text,
    text_input,
    words_of_theirs,
)
from agent.channels.cards.teams_plan import plan_card
from agent.channels.messaging.port import (
    Asked,
    Card,
    CardButton,
    Click,
    Digest,
    DigestLine,
    Link,
    Notice,
    RunLine,
    Said,
    Showing,
    ShownFile,
    ShownPlan,
    ShownProgress,
    ShownResult,
    ShownTable,
    retry_button,
)
from agent.events import Error, SlotQuestion
from agent.output import plain
from agent.wording import next_words, phrase, said, state
from plugins.domain.deployment import DeploymentStatus

_MOST_TEXT = 20_000
"""Characters of one message; Teams takes some 28 KB through every way in."""

_BAR = 20
_MOST_LINES = 12
_MOST_COLUMNS = 5
_MOST_CHIPS = 5
_MOST_ROWS = 40
_SMALL_FILE = 4_000
_KINDS = {"plain": "default", "warning": "warning", "refusal": "attention"}
_HIDDEN = ("Source", "As of")
"""Columns that stand below a table, once each: they are as wide as all the others together."""


class TeamsCards:
    """One card a value; the same value, the same card."""

    def card(self, showing: Showing) -> Card:  # noqa: C901 - one arm a value
        match showing:
            case Said():
                return _said(showing)
            case Asked():
                return _asked(showing)
            case ShownPlan():
                return plan_card(showing)
            case ShownProgress():
                return _progress(showing)
            case ShownResult():
                return _result(showing)
            case ShownTable():
                return _fitted_table(showing)
            case ShownFile():
                return _file(showing)
            case Digest():
                return _digest(showing)
            case Notice():
                return _notice(showing)
            case Error():
                return _notice(Notice(showing.text, "refusal"))
            case _:
                assert_never(showing)


def _said(shown: Said) -> Card:
    words = message_text(shown.text)
    if not shown.buttons and not shown.links:
        return {"type": "message", "text": words, "textFormat": "markdown"}
    return adaptive_card([text(words)], summary=words, actions=_buttons(shown.buttons, shown.links))


def message_text(markdown: str) -> str:
    """Our Markdown as Teams reads it: nothing in it is a tag of theirs, and it is not longer than a message may be."""
    words = plain(markdown).replace("&", "&amp;").replace("<", "&lt;")
    return words if len(words) <= _MOST_TEXT else f"{words[: _MOST_TEXT - 1]}…"


def _buttons(buttons: Sequence[CardButton], links: Sequence[Link] = ()) -> list[Element]:
    return [*(execute(button) for button in buttons), *(open_url(link) for link in links)]


def _asked(shown: Asked) -> Card:
    """Chips for one open question, one form for several; what was answered shows its answer and asks no more."""
    questions = shown.question.questions
    waiting = [] if shown.closed else [one for one in questions if one.slot not in shown.answered]
    answered = [_answered(one, shown.answered.get(one.slot)) for one in questions if one not in waiting]
    summary = " ".join(one.text for one in questions)
    if len(waiting) == 1 and 0 < len(waiting[0].choices) <= _MOST_CHIPS:
        chips = action_sets([execute(button) for button in shown.buttons])
        return adaptive_card([*answered, text(waiting[0].text, weight="Bolder"), *chips], summary=summary)
    if not any(one.choices for one in waiting):
        return adaptive_card([*answered, *(text(one.text, weight="Bolder") for one in waiting)], summary=summary)
    click = Click(verb="answers", conversation=shown.question.conversation)
    send = execute(CardButton(phrase("teams.card.answer"), click, "primary"), takes_inputs=True)
    return adaptive_card([*answered, *map(_field, waiting)], summary=summary, actions=[send])


def _answered(question: SlotQuestion, label: str | None) -> Element:
    if label is None:
        return subtle(question.text)
    answer = phrase("teams.card.answered", label=said(label))
    return literal((f"{question.text} ", "default", False), (answer, "good", True))


def _field(question: SlotQuestion) -> Element:
    name = f"answer.{question.slot}"
    if not question.choices:
        return text_input(name, question.text, most=200)
    choices = [(choice.value, choice.label) for choice in question.choices]
    return choice_input(name, question.text, choices, hint=phrase("teams.card.choose"))


def _progress(shown: ShownProgress) -> Card:
    lines = [element for line in shown.lines[:_MOST_LINES] for element in _run(line)]
    more = shown.total - shown.ended - min(len(shown.lines), _MOST_LINES)
    if more > 0 and all(line.workspace_name for line in shown.lines):
        lines.append(subtle(phrase("teams.card.more", count=more)))
    actions = [execute(shown.stop)] if shown.stop else []
    if shown.total > 1:
        key = "teams.card.ended_badly" if shown.failed else "teams.card.ended"
        ended = subtle(phrase(key, ended=shown.ended, total=shown.total, failed=shown.failed))
        lines.insert(0, ended)
    return adaptive_card([heading(plain(shown.title)), *lines], summary=shown.title, actions=actions)


def _run(line: RunLine) -> list[Element]:
    """A bar for what is under way; how it ended for what is over."""
    if not line.workspace_name:
        return [words_of_theirs(line.text)]
    name = words_of_theirs(line.workspace_name, is_bold=True)
    if line.ended is not None:
        return [columns((name, "stretch"), (text(line.ended, isSubtle=True), "auto"))]
    seconds = phrase("teams.card.elapsed", seconds=f"{line.elapsed_s:.0f}") if line.elapsed_s >= 1 else ""
    shown = [columns((name, "stretch"), (text(seconds, isSubtle=True), "auto")) if seconds else name]
    if line.total:
        filled = min(_BAR, _BAR * line.done // line.total)
        counted = phrase("teams.card.progress", done=line.done, total=line.total)
        shown.append(monospace(f"{'█' * filled}{'░' * (_BAR - filled)} {counted}"))
    return [*shown, words_of_theirs(line.text)]


def _result(shown: ShownResult) -> Card:
    result, name = shown.result, shown.workspace_name
    status: DeploymentStatus = result.status
    is_good = result.error is None
    words = f"{'✓' if is_good else '✗'} {name}: {state(status)}"
    items = [words_of_theirs(words, is_bold=True)]
    if shown.mention:
        items.append(text(_mention(), spacing="Small"))
    if result.error is not None:
        at = f" ({result.error.resource})" if result.error.resource else ""
        items += [words_of_theirs(f"{result.error.text}{at}"), words_of_theirs(result.error.remedy)]
        items.append(text(next_words(result.error)))
    elif facts := _outputs(shown):
        items.append(facts_of(facts))
    links = [*_workspace_link(shown), *shown.links]
    body = [container(items, "good" if is_good else "attention")]
    buttons = [] if is_good else [execute(retry_button(result.conversation))]
    card = adaptive_card(body, summary=words, actions=[*buttons, *(open_url(link) for link in links)])
    if shown.mention:
        card["msteams"] = {"entities": [_entity(shown.mention)]}
    return card


def _mention() -> str:
    return f"<at>{phrase('teams.requester')}</at>"


def _entity(person_id: str) -> Element:
    """By the directory's id, which a card may name (learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/
    cards/cards-format, read 2026-11-22); the platform fills in the name.
    """
    mentioned: Element = {"id": person_id, "name": phrase("teams.requester")}
    return {"type": "mention", "text": _mention(), "mentioned": mentioned}


def _outputs(shown: ShownResult) -> list[tuple[str, str]]:
    outputs = shown.result.outputs
    names = ("resource_group_name", "cluster_id", "target")
    return [(name.replace("_", " "), str(outputs[name])) for name in names if name in outputs]


def _workspace_link(shown: ShownResult) -> list[Link]:
    url = str(shown.result.outputs.get("workspace_url") or "")
    address = url if url.startswith("https://") else f"https://{url}"
    is_there = url and shown.result.status == "succeeded"
    return [Link(phrase("teams.card.open_workspace"), address)] if is_there else []


def _fitted_table(shown: ShownTable) -> Card:
    """As many rows as there is room for, and how many more there are."""
    rows = min(len(shown.table.rows), _MOST_ROWS)
    card = _table(shown, rows)
    while size_of(card) > MOST_BYTES and rows > 1:
        rows //= 2
        card = _table(shown, rows)
    return card


def _table(shown: ShownTable, most: int) -> Element:
    event = shown.table
    columns_shown = [number for number, name in enumerate(event.columns) if name not in _HIDDEN]
    rows = [["" if cell is None else str(cell) for cell in row] for row in event.rows[:most]]
    header = [event.columns[number] for number in columns_shown]
    cells = [[row[number] for number in columns_shown] for row in rows]
    body = [literal((event.title, "default", True), size="Medium")]
    body += [table(header, cells)] if len(header) <= _MOST_COLUMNS else [_block(header, row) for row in cells]
    sources = dict.fromkeys(_source(event.columns, row) for row in rows)
    body += [subtle(plain(source)) for source in sources if source]
    if len(event.rows) > most:
        body.append(subtle(phrase("teams.card.more", count=len(event.rows) - most)))
    return adaptive_card(body, summary=event.title, actions=_buttons(shown.buttons), is_wide=len(header) > 3)  # noqa: PLR2004 - wider than a chat


def _block(header: Sequence[str], row: Sequence[str]) -> Element:
    """A row that is too wide for a chat: its first cell leads, the others follow with their columns' names."""
    rest = [f"{name}: {cell}" for name, cell in zip(header[1:], row[1:], strict=True) if cell]
    items = [words_of_theirs(row[0], is_bold=True), words_of_theirs(" · ".join(rest))]
    return {**container(items), "separator": True}


def _source(names: Sequence[str], row: Sequence[str]) -> str:
    return ", ".join(cell for name, cell in zip(names, row, strict=True) if name in _HIDDEN and cell)


def _file(shown: ShownFile) -> Card:
    content = shown.file.content or ""
    body = [literal((shown.file.name, "default", True), size="Medium")]
    if content:
        body.append(monospace(content[:_SMALL_FILE]))
    if len(content) > _SMALL_FILE:
        body.append(subtle(phrase("teams.card.file_cut")))
    links = [open_url(shown.link)] if shown.link else []
    return adaptive_card(body, summary=shown.file.name, actions=links, is_wide=True)


def _digest(shown: Digest) -> Card:
    body = [text(plain(shown.title), size="Medium", weight="Bolder")]
    for title, lines in shown.sections:
        body += [heading(plain(title)), *(_digest_line(line) for line in lines[:_MOST_LINES])]
        if len(lines) > _MOST_LINES:
            body.append(subtle(phrase("teams.card.more", count=len(lines) - _MOST_LINES)))
    return adaptive_card(body, summary=shown.title)


def _digest_line(line: DigestLine) -> Element:
    words = words_of_theirs(line.text)
    if line.button is None:
        return words
    return columns((words, "stretch"), (action_sets([execute(line.button)])[0], "auto"))


def _notice(shown: Notice) -> Card:
    buttons = list(shown.buttons)
    if shown.share is not None:
        buttons.append(CardButton(phrase("teams.card.share"), shown.share))
    body = [container([text(message_text(shown.text))], _KINDS[shown.kind])]
    return adaptive_card(body, summary=shown.text, actions=_buttons(buttons, shown.links))
