"""The head of a plan, as a terminal draws it first: what, for how much a month, what to mind, and how to decide it.

About 14 lines at 80 columns for one workspace; the rest is drawn by `terminal_plan`, for whoever asks for details. What
warns, what is lost, and what was said and not used is in the head, whatever its length. Pure.
"""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from agent.channels.cards import terminal_plan as whole
from agent.channels.cards.months import round_the_clock
from agent.events import PlanProposed
from agent.output import plain
from agent.wording import difference_between, money, phrase
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import Estimate


def plan_head(plan: PlanProposed, *, confirms: bool = True) -> RenderableType:
    """`confirms` where a yes of whoever looks may count."""
    parts: list[RenderableType] = []
    if plan.decision is None:
        parts += [whole.several_rows(plan.items), Text()]
    if plan.before is not None and plan.decision is not None:
        parts += [whole.changes(plan.before.decision, plan.decision, plan.before.cost, plan.cost), Text()]
    parts.append(whole.fact_rows((*_facts(plan), *_money(plan), _resources(plan), *_otherwise(plan))))
    if plan.action == "destroy":
        parts.append(Text(phrase("cards.plan.lost"), style="bold red"))
    if plan.decision is not None and plan.action != "destroy":
        parts += whole.beside(plan.decision, shown=() if plan.before is not None else _SHOWN)
    parts += [*whole.taken_over(plan), *whole.unused(plan), *whole.findings(plan)]
    parts.append(whole.how_to_decide(plan, more=True, confirms=confirms))
    return Panel(Group(*parts), title=whole.title(plan), border_style=whole.border(plan), title_align="left")


_FACTS = ("workspace", "for", "cluster", "network", "expires")
_SHOWN = ("region", "environment", "team", "workload_type", "min_workers", "max_workers", "network", "node_type")
_OF_A_CHANGE = ("workspace", "for")


def _facts(plan: PlanProposed) -> tuple[tuple[str, str], ...]:
    decision: InfrastructureDecision | None = plan.decision
    if decision is None:
        return ()
    wanted = _OF_A_CHANGE if plan.before is not None else _FACTS
    rows = whole.facts_of(decision)
    return tuple(rows[name] for name in wanted if name != "expires" or decision.expires_on is not None)


def _money(plan: PlanProposed) -> tuple[tuple[str, str], ...]:
    rows = [(phrase("cards.brief.cost"), _cost(plan.cost, saves=plan.action == "destroy"))]
    if always := round_the_clock(plan.cost):
        rows.append(("", always))
    return tuple(rows)


def _cost(cost: Estimate, *, saves: bool) -> str:
    month = whole.at_least(cost.expected, cost)
    if saves:
        return phrase("cards.brief.saves", month=month)
    low, high = money(cost.hourly_low, cost.currency), money(cost.hourly_high, cost.currency)
    if cost.low == cost.high:
        return phrase("cards.brief.month", month=month, hour=high)
    span = {"low": money(cost.low, cost.currency), "high": money(cost.high, cost.currency)}
    return phrase("cards.brief.month_from_to", month=month, **span, hour_low=low, hour_high=high)


def _resources(plan: PlanProposed) -> tuple[str, str]:
    return phrase("cards.brief.resources"), plain(whole.resource_counts(plan.resources))


_MOST_OTHERS = 2
"""Other ways that the head tells; all of them stand in the details."""


def _otherwise(plan: PlanProposed) -> tuple[tuple[str, str], ...]:
    """What else would do, numbered as it is picked, each with what more or less it costs."""
    others: list[str] = []
    for number, other in enumerate(plan.alternatives[:_MOST_OTHERS], 1):
        by = difference_between(other.cost, plan.cost)
        key = "cards.brief.other_by" if by else "cards.brief.other"
        others.append(phrase(key, number=number, label=plain(other.label), by=by))
    return ((phrase("cards.brief.or"), " · ".join(others)),) if others else ()
