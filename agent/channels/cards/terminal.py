"""Events as rich renderables. Pure; every text from outside is shown literally, without control characters."""

from collections.abc import Sequence
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text

from agent.events import (
    ApprovalNoted,
    Error,
    Event,
    File,
    Message,
    PlanProposed,
    PlanView,
    Progress,
    Question,
    Result,
    State,
    Table,
)
from agent.output import plain
from agent.wording import deed, money, said, spoken, unused_words, words, worker_words
from plugins.deploy.diagram import diagram_text
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import Estimate
from plugins.domain.plan import Alternative, ResourceChange

_ACTIONS = {"create": ("+", "green"), "update": ("~", "yellow"), "replace": ("±", "red"), "delete": ("-", "red")}
_TITLES = {"create": "Plan: new workspace", "change": "Plan: change", "destroy": "Plan: DESTROY"}
_SHOWN_REASONS = ("databricks_sku", "node_type", "workers", "network", "spot", "photon", "spark_version", "region")
_BAR = 28
_MOST_RESOURCES = 12
_MOST_WORKSPACES = 12
_BEFORE = (
    "driver_instance_type",
    "worker_instance_type",
    "min_workers",
    "max_workers",
    "enable_gpu",
    "spark_version",
    "photon",
    "spot",
    "network",
    "region",
    "autotermination_minutes",
    "hours_per_week",
    "monthly_limit",
)


def render(event: Event) -> RenderableType | None:  # noqa: C901 - one arm an event type
    """What to print for this event; None for what a terminal does not show."""
    match event:
        case Message():
            return Markdown(plain(event.text))
        case Question():
            return _question(event)
        case PlanProposed():
            return plan_panel(event)
        case ApprovalNoted():
            return None if event.status == "refused" else Text(f"Plan {event.status}.", style="bold")
        case Progress():
            return Text(progress_line(event), style="dim")
        case Result():
            return _result(event)
        case Table():
            return _table(event)
        case File():
            return _file(event)
        case Error():
            return Text(plain(event.text), style="red")
        case State():
            return None


def plan_panel(plan: PlanProposed) -> RenderableType:
    """The plan that awaits a decision: what, why, cost, resources, findings, how to decide."""
    style = "red" if plan.action == "destroy" else "cyan"
    parts: list[RenderableType] = []
    if plan.decision is not None:
        parts += _one_workspace(plan.items[0])
    else:
        parts.append(_several(plan.items))
    parts += [Text(), _cost(plan.cost, brief=plan.decision is None)]
    parts += [Text(), _resources(plan.resources, brief=len(plan.items) > 1)]
    parts += _taken_over(plan)
    if plan.alternatives:
        parts += [Text(), _alternatives(plan.alternatives)]
    parts += _from_words(plan)
    parts += _findings(plan)
    parts += [Text(), _how_to_decide(plan)]
    return Panel(Group(*parts), title=_title(plan), border_style=style, title_align="left")


def progress_line(event: Progress) -> str:
    """One line: phase, how far, what is being done, for how long."""
    if event.total and event.step != "plan":
        return f"{event.done}/{event.total} {plain(event.text)} ({event.elapsed_s:.0f} s)"
    return plain(event.text)


def _one_workspace(view: PlanView) -> list[RenderableType]:
    decision = view.decision
    parts: list[RenderableType] = [facts(decision)]
    if view.before is not None:
        parts += [Text(), _changes(view.before.decision, decision, view.before.cost, view.cost)]
    if view.action != "destroy":
        parts += [Text(), Text(diagram_text(decision), style="dim"), Text(), _reasons(decision)]
        if decision.assumptions:
            told = "; ".join(f"{words(a.field)} {plain(spoken(a.value))}" for a in decision.assumptions)
            parts.append(Text(f"Assumed: {told}", style="italic"))
        if decision.additional_requirements:
            told = plain(decision.additional_requirements)
            parts.append(Text(f"Noted, and not part of this plan: {told}", style="yellow"))
    else:
        lost = "Everything in it is lost: notebooks, clusters, jobs, and the data in its own storage."
        parts += [Text(), Text(lost, style="bold red")]
    return parts


def _from_words(plan: PlanProposed) -> list[RenderableType]:
    """Which values were read from which words, for one workspace, and what was said and not used."""
    parts: list[RenderableType] = []
    if len(plan.sources) == 1 and plan.action != "destroy":
        fields: dict[str, list[str]] = {}
        for field, text in plan.sources[0].items():
            fields.setdefault(text, []).append(words(field))
        quoted = " · ".join(f"{' and '.join(named)} “{plain(said(text))}”" for text, named in fields.items())
        parts += [Text(), Text(f"From your words: {quoted}", style="dim")] if quoted else []
    if plan.unused:
        parts += [Text(), Text(f"Not used: {plain(unused_words(plan.unused))}", style="yellow")]
    return parts


def facts(decision: InfrastructureDecision) -> RenderableType:
    """The configuration, a line each."""
    grid = Grid.grid(padding=(0, 2))
    rows = (
        ("Workspace", f"{decision.workspace_name} ({decision.databricks_sku}) in {decision.region}"),
        ("For", f"team {decision.team}, {decision.environment}, {decision.workload_type.replace('_', ' ')}"),
        ("Cluster", f"{decision.worker_instance_type}, {_workers(decision)}{_options(decision)}"),
        ("Runtime", f"{decision.spark_version}, stops after {decision.autotermination_minutes} idle minutes"),
        ("Network", decision.network.replace("_", " ")),
        ("Expires", decision.expires_on.isoformat() if decision.expires_on else "never"),
    )
    for label, value in rows:
        grid.add_row(Text(label, style="bold"), Text(plain(value)))
    return grid


def _workers(decision: InfrastructureDecision) -> str:
    words = worker_words(decision)
    return words if decision.single_node else f"{words} workers"


def _options(decision: InfrastructureDecision) -> str:
    said = [
        word for word, on in (("spot", decision.spot), ("Photon", decision.photon), ("GPU", decision.enable_gpu)) if on
    ]
    return f", {', '.join(said)}" if said else ""


def _reasons(decision: InfrastructureDecision) -> RenderableType:
    grid = Grid.grid(padding=(0, 2))
    for reason in decision.justification:
        if reason.about in _SHOWN_REASONS:
            grid.add_row(Text("Why " + plain(reason.choice), style="bold"), Text(plain(reason.because)))
    return grid


def _several(views: Sequence[PlanView]) -> RenderableType:
    grid = Grid(box=None, pad_edge=False)
    for column in ("Workspace", "Environment", "Region", "Cluster", "A month"):
        grid.add_column(column, justify="right" if column == "A month" else "left")
    for view in views[:_MOST_WORKSPACES]:
        decision = view.decision
        grid.add_row(
            Text(plain(decision.workspace_name)),
            decision.environment,
            decision.region,
            f"{decision.worker_instance_type}, {_workers(decision)}",
            money(view.cost.expected, view.cost.currency),
        )
    more = len(views) - _MOST_WORKSPACES
    return Group(grid, Text(f"… and {more} more", style="dim"), Text(), _totals(views)) if more > 0 else grid


def _totals(views: Sequence[PlanView]) -> RenderableType:
    """How many workspaces of each environment, and what they cost together."""
    grid = Grid(box=None, pad_edge=False)
    for column in ("Environment", "Workspaces", "A month"):
        grid.add_column(column, justify="left" if column == "Environment" else "right")
    for environment in dict.fromkeys(view.decision.environment for view in views):
        costs = [view.cost for view in views if view.decision.environment == environment]
        together = sum((cost.expected for cost in costs), Decimal(0))
        grid.add_row(environment, str(len(costs)), money(together, costs[0].currency))
    return grid


def _cost(cost: Estimate, *, brief: bool) -> RenderableType:
    grid = Grid(box=None, pad_edge=False, title="Cost of a month", title_justify="left", title_style="bold")
    for column in ("Item", "Quantity", "Unit price", cost.currency):
        grid.add_column(column, justify="left" if column == "Item" else "right")
    for line in () if brief else cost.lines:
        price = "unknown" if line.unit_price is None else f"{line.unit_price.normalize():f}"
        month = "unknown" if line.monthly is None else f"{line.monthly:,.2f}"
        grid.add_row(Text(plain(line.item)), f"{line.quantity:,.0f} {line.unit}", price, month)
    least = "at least " if cost.is_lower_bound else ""
    spread = (("low", cost.low, ""), ("expected", cost.expected, "bold"), ("high", cost.high, ""))
    bars = [
        Text(f"{name:<9}{_bar(amount, cost.high)} {least}{money(amount, cost.currency)}", style=style)
        for name, amount, style in (spread if cost.low != cost.high else spread[1:2])
    ]
    rates = dict.fromkeys(money(rate, cost.currency) for rate in (cost.hourly_low, cost.hourly_high))
    hourly = f"{' to '.join(rates)} an hour while the cluster runs"
    head: RenderableType = Text("Cost of a month, together", style="bold") if brief else grid
    return Group(head, Text(), *bars, Text(hourly, style="dim"))


def _bar(amount: Decimal, most: Decimal) -> str:
    filled = int(_BAR * amount / most) if most else 0
    return "█" * filled + "·" * (_BAR - filled)


def _title(plan: PlanProposed) -> str:
    if plan.imported:
        return "Plan: take over a workspace"
    title = _TITLES[plan.action]
    return title if len(plan.items) == 1 else f"{title.removesuffix(' workspace')}, {len(plan.items)} workspaces"


def _taken_over(plan: PlanProposed) -> list[RenderableType]:
    """What exists and would be looked after by the plan's Terraform from then on."""
    changed = {resource.address for resource in plan.resources}
    lines = [
        Text(f"= {plain(each.address)} {'and changed, above' if each.address in changed else 'as it is'}", style="cyan")
        for each in plan.imported
    ]
    return [Text(f"Taken over: {len(lines)}", style="bold"), *lines] if lines else []


def _resources(resources: Sequence[ResourceChange], *, brief: bool) -> RenderableType:
    lines = Text()
    counts = {action: sum(r.action == action for r in resources) for action in _ACTIONS}
    told = ", ".join(f"{count} to {action}" for action, count in counts.items() if count)
    lines.append(f"Resources: {told}\n", style="bold")
    for resource in () if brief else resources[:_MOST_RESOURCES]:
        mark, style = _ACTIONS[resource.action]
        forced = f" (forced by {', '.join(resource.forced_by)})" if resource.forced_by else ""
        lines.append(f"{mark} {resource.address}{forced}\n", style=style)
    if len(resources) > _MOST_RESOURCES and not brief:
        lines.append(f"… and {len(resources) - _MOST_RESOURCES} more\n", style="dim")
    lines.rstrip()
    return lines


def _changes(
    before: InfrastructureDecision, after: InfrastructureDecision, cost: Estimate, new_cost: Estimate
) -> RenderableType:
    grid = Grid(box=None, pad_edge=False)
    for column in ("Changes", "Now", "Then"):
        grid.add_column(column)
    for name in _BEFORE:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            grid.add_row(*_change(words(name), _told(old), _told(new)))
    for tag in sorted({*before.tags, *after.tags}):
        old, new = before.tags.get(tag, "none"), after.tags.get(tag, "none")
        if old != new:
            grid.add_row(*_change(f"tag {tag}", old, new))
    grid.add_row("expected a month", money(cost.expected, cost.currency), money(new_cost.expected, new_cost.currency))
    return grid


def _change(what: str, old: str, new: str) -> tuple[str, Text, Text]:
    return plain(what), Text(plain(old), style="red"), Text(plain(new), style="green")


def _told(value: object) -> str:
    return "none" if value is None else spoken(value)


def _alternatives(alternatives: Sequence[Alternative]) -> RenderableType:
    grid = Grid(box=None, pad_edge=False, title="Alternatives", title_justify="left", title_style="bold")
    for alternative in alternatives:
        grid.add_row(plain(alternative.label), money(alternative.cost.expected, alternative.cost.currency))
    return grid


def _findings(plan: PlanProposed) -> list[RenderableType]:
    told = dict.fromkeys((f.severity, plain(f.message), plain(f.remedy)) for f in plan.policy)
    lines = [Text(f"! {message} {remedy}", style=_loudness(sev, message)) for sev, message, remedy in told]
    return [Text(), *lines] if lines else []


def _loudness(severity: str, message: str) -> str:
    if message.startswith("This REPLACES"):
        return "bold red"
    return "red" if severity == "deny" else "yellow"


def _how_to_decide(plan: PlanProposed) -> RenderableType:
    where = (
        "the sandbox cloud: nothing real is created"
        if plan.target.mode == "sandbox"
        else f"subscription {plan.target.subscription}"
    )
    destroys = plan.action == "destroy"
    does = (
        deed(plan.action, [plain(view.decision.workspace_name) for view in plan.items], plan.cost) if destroys else ""
    )
    act = f"type {plan.confirm.phrase}" if plan.confirm.kind == "type" else "say yes"
    how = f"{act} to {does or ('confirm' if plan.confirm.kind == 'type' else 'go ahead')}"
    rest = "or no to keep it" if destroys else "no to drop it, or say what to change"
    until = f"{plan.expires_at:%Y-%m-%d %H:%M} UTC"
    return Text(
        f"Target: {plain(where)}.\n{_by_whom(plan)}To decide: {how}, {rest}. It waits until {until}.",
        style="bold",
    )


def _by_whom(plan: PlanProposed) -> str:
    """A line on whose yes it takes, where it takes more than the asker's; who has given theirs already."""
    needed = " and ".join(each.text for each in plan.approvers if not each.names)
    so_far = f" {' and '.join(plan.approved_by)} agreed already." if plan.approved_by else ""
    return f"Needs {plain(needed)}.{plain(so_far)}\n" if needed else ""


def _question(event: Question) -> RenderableType:
    lines: list[RenderableType] = []
    for question in event.questions:
        lines.append(Text(f"? {plain(question.text)}", style="bold cyan"))
        if question.choices:
            lines.append(Text("  " + " · ".join(plain(choice.label) for choice in question.choices), style="dim"))
    return Group(*lines)


def _result(event: Result) -> RenderableType:
    if event.error is not None:
        at = f" ({plain(event.error.resource)})" if event.error.resource else ""
        return Text(f"✗ {plain(event.error.text)}{at}\n  {plain(event.error.remedy)}", style="bold red")
    if event.status == "destroyed":
        return Text("✓ Destroyed.", style="bold green")
    lines = Text("✓ Ready", style="bold green")
    for name in ("workspace_url", "resource_group_name", "cluster_id", "target"):
        if name in event.outputs:
            lines.append(f"\n  {name.replace('_', ' ')}: {plain(str(event.outputs[name]))}", style="not bold")
    return lines


def _table(event: Table) -> RenderableType:
    """The table; where rows name sources, these stand below it once each, numbered."""
    at = event.columns.index("Source") if "Source" in event.columns else None
    hidden = (at, event.columns.index("As of")) if at is not None and "As of" in event.columns else (at,)
    grid = Grid(title=plain(event.title), title_justify="left", title_style="bold", pad_edge=False, box=None)
    for number, column in enumerate(event.columns):
        if number not in hidden:
            grid.add_column(plain(column), overflow="fold")
    notes: dict[str, int] = {}
    if at is not None:
        grid.add_column("")
    for row in event.rows:
        cells = [plain("" if cell is None else str(cell)) for cell in row]
        shown = [Text(cell) for number, cell in enumerate(cells) if number not in hidden]
        if at is not None:
            source = ", ".join(filter(None, (cells[number] for number in hidden if number is not None)))
            shown.append(Text(f"[{notes.setdefault(source, len(notes) + 1)}]" if source else "", style="dim"))
        grid.add_row(*shown)
    return Group(grid, *(Text(f"[{number}] {source}", style="dim") for source, number in notes.items()))


def _file(event: File) -> RenderableType:
    if event.content is None:
        return Text(f"File {plain(event.name)}: {plain(event.path or '')}")
    return Group(Text(f"# {plain(event.name)}", style="bold"), Text(plain(event.content)))
