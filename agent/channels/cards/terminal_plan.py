"""The plan as a terminal draws it: what, why, what it costs, what Terraform would do, and how to decide it. Pure.

Every text from outside is shown literally, without control characters.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text

from agent.channels.cards.months import by_of, by_together, measure, round_the_clock
from agent.events import PlanProposed, PlanView
from agent.output import plain
from agent.views.differences import changed_values
from agent.wording import (
    cluster_words,
    deed,
    difference_between,
    money,
    phrase,
    said,
    spoken,
    unused_words,
    with_difference,
    words,
)
from plugins.deploy.diagram import diagram_text
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import Estimate
from plugins.domain.plan import Alternative, ResourceChange

_ACTIONS = {"create": ("+", "green"), "update": ("~", "yellow"), "replace": ("±", "red"), "delete": ("-", "red")}
_SHOWN_REASONS = ("databricks_sku", "node_type", "workers", "network", "spot", "photon", "spark_version", "region")
_BAR = 28
_MOST_RESOURCES = 12
_MOST_WORKSPACES = 12


def plan_panel(plan: PlanProposed, *, confirms: bool = True) -> RenderableType:
    """The plan that awaits a decision, all of it: what, why, cost, resources, findings, how to decide."""
    parts: list[RenderableType] = []
    if plan.decision is not None:
        parts += _one_workspace(plan.items[0])
    else:
        parts.append(several_rows(plan.items))
    parts += [Text(), _cost(plan.cost, brief=plan.decision is None)]
    parts += [Text(), _resources(plan.resources, brief=len(plan.items) > 1)]
    parts += taken_over(plan)
    if plan.alternatives:
        parts += [Text(), _alternatives(plan.alternatives, plan.cost)]
    parts += [*_from_words(plan), *_apart(unused(plan)), *_apart(findings(plan))]
    parts += [Text(), how_to_decide(plan, confirms=confirms)]
    return Panel(Group(*parts), title=title(plan), border_style=border(plan), title_align="left")


def border(plan: PlanProposed) -> str:
    return "red" if plan.action == "destroy" else "cyan"


def _apart(lines: Sequence[RenderableType]) -> list[RenderableType]:
    return [Text(), *lines] if lines else []


def _one_workspace(view: PlanView) -> list[RenderableType]:
    decision = view.decision
    parts: list[RenderableType] = [facts(decision)]
    if view.before is not None:
        parts += [Text(), changes(view.before.decision, decision, view.before.cost, view.cost)]
    if view.action != "destroy":
        parts += [Text(), Text(diagram_text(decision), style="dim"), Text(), _reasons(decision)]
        parts += beside(decision)
    else:
        parts += [Text(), Text(phrase("cards.plan.lost"), style="bold red")]
    return parts


def beside(decision: InfrastructureDecision, *, shown: Collection[str] = ()) -> list[RenderableType]:
    """What was assumed, and what was asked for and fits no field; of the fields that are `shown`, only which."""
    lines: list[RenderableType] = []
    if decision.assumptions:
        above = dict.fromkeys(_SPOKEN_AS.get(a.field, words(a.field)) for a in decision.assumptions if a.field in shown)
        others = [f"{words(a.field)} {plain(spoken(a.value))}" for a in decision.assumptions if a.field not in shown]
        values = "; ".join([*([phrase("cards.plan.as_above", names=", ".join(above))] if above else []), *others])
        lines.append(Text(phrase("cards.plan.assumed", values=values), style="italic"))
    if decision.additional_requirements:
        noted = phrase("cards.plan.noted", text=plain(decision.additional_requirements))
        lines.append(Text(noted, style="yellow"))
    return lines


_SPOKEN_AS = {"min_workers": "workers", "max_workers": "workers"}


def _from_words(plan: PlanProposed) -> list[RenderableType]:
    """Which values were read from which words, for one workspace."""
    parts: list[RenderableType] = []
    if len(plan.sources) == 1 and plan.action != "destroy":
        fields: dict[str, list[str]] = {}
        for field, text in plan.sources[0].items():
            fields.setdefault(text, []).append(words(field))
        values = " · ".join(f"{' and '.join(named)} “{plain(said(text))}”" for text, named in fields.items())
        parts += [Text(), Text(phrase("cards.plan.sources", values=values), style="dim")] if values else []
    return parts


def unused(plan: PlanProposed) -> list[RenderableType]:
    """What was said and not used."""
    if not plan.unused:
        return []
    return [Text(phrase("cards.plan.unused", words=plain(unused_words(plan.unused))), style="yellow")]


def facts(decision: InfrastructureDecision) -> RenderableType:
    """The configuration, a line each."""
    return fact_rows(tuple(facts_of(decision).values()))


def fact_rows(rows: Sequence[tuple[str, str]]) -> RenderableType:
    grid = Grid.grid(padding=(0, 2))
    for label, value in rows:
        grid.add_row(Text(label, style="bold"), Text(plain(value)))
    return grid


def facts_of(decision: InfrastructureDecision) -> Mapping[str, tuple[str, str]]:
    """Each fact of the configuration, under its label."""
    of, workload, options = decision, spoken(decision.workload_type), _options(decision)
    return {
        "workspace": (
            "Workspace",
            _fact("workspace", name=of.workspace_name, tier=of.databricks_sku, region=of.region),
        ),
        "for": ("For", _fact("for", team=of.team, environment=of.environment, workload=workload)),
        "cluster": (
            "Cluster",
            _fact("cluster", machine=of.worker_instance_type, workers=cluster_words(of), options=options),
        ),
        "runtime": ("Runtime", _fact("runtime", runtime=of.spark_version, minutes=of.autotermination_minutes)),
        "network": ("Network", spoken(of.network)),
        "expires": ("Expires", of.expires_on.isoformat() if of.expires_on else _fact("never")),
    }


def _fact(key: str, **values: object) -> str:
    return phrase(f"cards.facts.{key}", **values)


def _options(decision: InfrastructureDecision) -> str:
    options = (("spot", decision.spot), ("Photon", decision.photon), ("GPU", decision.enable_gpu))
    return "".join(f", {name}" for name, is_on in options if is_on)


def _reasons(decision: InfrastructureDecision) -> RenderableType:
    grid = Grid.grid(padding=(0, 2))
    for reason in decision.justification:
        if reason.about in _SHOWN_REASONS:
            grid.add_row(
                Text(phrase("cards.plan.why", choice=plain(reason.choice)), style="bold"), Text(plain(reason.because))
            )
    return grid


def several_rows(views: Sequence[PlanView]) -> RenderableType:
    grid = Grid(box=None, pad_edge=False)
    together = by_together(views)
    # What stays where it is need not say where: the difference takes that place.
    stays = bool(together) and all(
        view.before and view.before.decision.region == view.decision.region for view in views
    )
    place = () if stays else ("Region",)
    for column in ("Workspace", "Environment", *place, "Cluster", "A month", *(("Difference",) if together else ())):
        # A name that is cut is nobody's.
        overflow = "fold" if column == "Workspace" else "ellipsis"
        grid.add_column(column, justify="right" if column in ("A month", "Difference") else "left", overflow=overflow)
    for view in views[:_MOST_WORKSPACES]:
        decision = view.decision
        grid.add_row(
            Text(plain(decision.workspace_name)),
            decision.environment,
            *(() if stays else (decision.region,)),
            f"{decision.worker_instance_type.removeprefix('Standard_')}, {cluster_words(decision)}",
            money(view.cost.expected, view.cost.currency),
            *((by_of(view),) if together else ()),
        )
    more = len(views) - _MOST_WORKSPACES
    parts = [grid, *((_more(more), Text(), _totals(views)) if more > 0 else ())]
    return Group(*parts, *((Text(), Text(phrase("cards.plan.by_together", by=together))) if together else ()))


def _more(count: int) -> Text:
    return Text(phrase("cards.plan.more", count=count), style="dim")


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
    grid = Grid(box=None, pad_edge=False, title=phrase("cards.cost.title"), title_justify="left", title_style="bold")
    for column in ("Item", "Quantity", "Unit price", cost.currency):
        grid.add_column(column, justify="left" if column == "Item" else "right")
    for line in () if brief else cost.lines:
        price = phrase("cards.cost.unknown") if line.unit_price is None else f"{line.unit_price.normalize():f}"
        month = phrase("cards.cost.unknown") if line.monthly is None else f"{line.monthly:,.2f}"
        grid.add_row(Text(plain(line.item)), measure(line), price, month)
    spread = (("low", cost.low, ""), ("expected", cost.expected, "bold"), ("high", cost.high, ""))
    bars = [
        Text(f"{name:<9}{_bar(amount, cost.high)} {at_least(amount, cost)}", style=style)
        for name, amount, style in (spread if cost.low != cost.high else spread[1:2])
    ]
    low, high = money(cost.hourly_low, cost.currency), money(cost.hourly_high, cost.currency)
    always = _never_stopping(cost)
    hourly = (
        phrase("cards.cost.hourly", rate=low)
        if low == high
        else phrase("cards.cost.hourly_from_to", low=low, high=high)
    )
    head: RenderableType = Text(phrase("cards.cost.together"), style="bold") if brief else grid
    notes = () if brief else (Text(plain(" ".join(cost.notes)), style="dim"),)
    return Group(head, Text(), *bars, *always, Text(hourly, style="dim"), *notes)


def _never_stopping(cost: Estimate) -> tuple[Text, ...]:
    """What a stream costs that never stops, where nobody said how long it runs."""
    return (Text(told),) if (told := round_the_clock(cost)) else ()


def at_least(amount: Decimal, cost: Estimate) -> str:
    """The amount; a lower bound is told as one, never as the price."""
    words = money(amount, cost.currency)
    return phrase("cards.cost.at_least", amount=words) if cost.is_lower_bound else words


def _bar(amount: Decimal, most: Decimal) -> str:
    filled = int(_BAR * amount / most) if most else 0
    return "█" * filled + "·" * (_BAR - filled)


def title(plan: PlanProposed) -> str:
    if plan.imported:
        return phrase("cards.plan.take_over")
    count = len(plan.items)
    return phrase(f"cards.plan.{plan.action}" if count == 1 else f"cards.plans.{plan.action}", count=count)


def taken_over(plan: PlanProposed) -> list[RenderableType]:
    """What exists and would be looked after by the plan's Terraform from then on."""
    changed = {resource.address for resource in plan.resources}
    keys = [(taken.address, "changed_above" if taken.address in changed else "as_it_is") for taken in plan.imported]
    lines = [Text(phrase(f"cards.plan.{key}", address=plain(address)), style="cyan") for address, key in keys]
    return [Text(phrase("cards.plan.taken_over", count=len(lines)), style="bold"), *lines] if lines else []


def resource_counts(resources: Sequence[ResourceChange]) -> str:
    """“6 to create”, or how many of each."""
    counts = {action: sum(r.action == action for r in resources) for action in _ACTIONS}
    return ", ".join(
        phrase("cards.plan.to_do", count=count, action=action) for action, count in counts.items() if count
    )


def _resources(resources: Sequence[ResourceChange], *, brief: bool) -> RenderableType:
    lines = Text()
    lines.append(phrase("cards.plan.resources", counts=resource_counts(resources)) + "\n", style="bold")
    for resource in () if brief else resources[:_MOST_RESOURCES]:
        mark, style = _ACTIONS[resource.action]
        forced = phrase("cards.plan.forced", names=", ".join(resource.forced_by)) if resource.forced_by else ""
        lines.append(f"{mark} {resource.address}{forced}\n", style=style)
    if len(resources) > _MOST_RESOURCES and not brief:
        lines.append(_more(len(resources) - _MOST_RESOURCES))
    lines.rstrip()
    return lines


def changes(
    before: InfrastructureDecision, after: InfrastructureDecision, cost: Estimate, new_cost: Estimate
) -> RenderableType:
    grid = Grid(box=None, pad_edge=False)
    for column in ("Changes", "Now", "Then"):
        grid.add_column(column)
    for what, old, new in changed_values(before, after):
        grid.add_row(plain(what), Text(plain(old), style="red"), Text(plain(new), style="green"))
    then = with_difference(money(new_cost.expected, new_cost.currency), difference_between(new_cost, cost))
    grid.add_row(phrase("cards.cost.expected"), money(cost.expected, cost.currency), then)
    return grid


def _alternatives(alternatives: Sequence[Alternative], ground: Estimate) -> RenderableType:
    """Numbered as they are picked, each with what it costs and by how much that is more or less than the plan."""
    grid = Grid.grid(padding=(0, 2))
    for justify in ("left", "left", "right", "right"):
        grid.add_column(justify=justify)
    for number, alternative in enumerate(alternatives, 1):
        cost = alternative.cost
        by = difference_between(cost, ground)
        grid.add_row(str(number), Text(plain(alternative.label)), money(cost.expected, cost.currency), by)
    return Group(Text(phrase("cards.plan.alternatives"), style="bold"), grid)


def findings(plan: PlanProposed) -> list[RenderableType]:
    found = dict.fromkeys((f.severity, plain(f.message), plain(f.remedy)) for f in plan.policy)
    return [Text(f"! {message} {remedy}", style=_loudness(sev, message)) for sev, message, remedy in found]


def _loudness(severity: str, message: str) -> str:
    # A warning by its severity, and the one thing on the card that loses data.
    if message.startswith("This REPLACES"):
        return "bold red"
    return "red" if severity == "deny" else "yellow"


def how_to_decide(plan: PlanProposed, *, more: bool = False, confirms: bool = True) -> RenderableType:
    """Where it would be made, whose yes it takes and what to say; with `more`, how to see the rest. A yes is not
    offered to whom it would be refused (`confirms`).
    """
    target = (
        phrase("cards.decide.sandbox")
        if plan.target.mode == "sandbox"
        else phrase("cards.decide.subscription", subscription=plan.target.subscription)
    )
    is_typed, destroys = plan.confirm.kind == "type", plan.action == "destroy"
    names = [plain(view.decision.workspace_name) for view in plan.items]
    how = phrase(
        "cards.decide.how" if confirms else "cards.decide.how_of_others",
        act=phrase("cards.decide.type", phrase=plan.confirm.phrase) if is_typed else phrase("cards.decide.yes"),
        deed=deed(plan.action, names, plan.cost)
        if destroys
        else phrase("cards.decide.confirm" if is_typed else "cards.decide.go_ahead"),
        otherwise=phrase("cards.decide.keep" if destroys else "cards.decide.drop"),
        until=f"{plan.expires_at:%Y-%m-%d %H:%M} UTC",
        more=phrase("cards.decide.more") if more else "",
    )
    return Text(f"{phrase('cards.decide.target', target=plain(target))}\n{_by_whom(plan)}{how}", style="bold")


def _by_whom(plan: PlanProposed) -> str:
    """A line on whose yes it takes, where it takes more than the asker's; who has given theirs already."""
    needed = " and ".join(approvers.text for approvers in plan.approvers if not approvers.names)
    if not needed:
        return ""
    agreed = phrase("cards.decide.agreed", whom=" and ".join(plan.approved_by)) if plan.approved_by else ""
    return f"{phrase('cards.decide.needs', whom=plain(needed))}{plain(agreed)}\n"
