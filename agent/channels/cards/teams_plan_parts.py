"""The parts of a plan's card that open: bill, reasons, resources, picture, workspaces, alternatives. Pure."""

from collections.abc import Sequence

from agent.channels.cards.months import measure, month_with_difference
from agent.channels.cards.teams_elements import (
    MOST_ACTIONS,
    Colour,
    Element,
    action_sets,
    columns,
    execute,
    heading,
    literal,
    monospace,
    open_url,
    show_card,
    subtle,
    table,
    text,
    words_of_theirs,
)
from agent.channels.messaging.port import Link, ShownPlan
from agent.events import PlanProposed, PlanView
from agent.wording import money, phrase
from plugins.deploy.diagram import diagram_text
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import Estimate
from plugins.domain.plan import ResourceChange

_PAGE = 20
"""Workspaces that one part of a card lists."""

_MARKS: dict[str, tuple[str, Colour]] = {
    "create": ("+", "good"),
    "update": ("~", "warning"),
    "replace": ("±", "attention"),
    "delete": ("-", "attention"),
}
_REASONS = ("databricks_sku", "node_type", "workers", "network", "spot", "photon", "spark_version", "region")


def costs(cost: Estimate) -> str:
    amount = money(cost.expected, cost.currency)
    return phrase("teams.card.month_at_least" if cost.is_lower_bound else "teams.card.month", amount=amount)


def parts_of(plan: PlanProposed, shown: ShownPlan, resources: int, pages: int) -> list[Element]:
    """Bill, Why, Resources, Picture, Alternatives: what opens under the lead."""
    parts = [show_card(phrase("teams.card.bill"), _bill(plan.cost, brief=len(plan.items) > 1))]
    if plan.decision is not None:
        if plan.action != "destroy" and (reasons := _reasons(plan.decision)):
            parts.append(show_card(phrase("teams.card.why"), reasons))
        parts.append(show_card(phrase("teams.card.resources"), _resources(plan, resources)))
        if plan.action != "destroy":
            parts.append(_picture(plan.decision, shown.page))
    else:
        parts += _pages(plan.items, pages)
    chosen = [button for button in shown.buttons if button.click.verb == "choose"]
    if chosen:
        parts.append(show_card(phrase("teams.card.alternatives"), action_sets([execute(one) for one in chosen])))
    return parts


def _bill(cost: Estimate, *, brief: bool) -> list[Element]:
    rows = [
        (
            line.item,
            measure(line),
            phrase("cards.cost.unknown") if line.unit_price is None else f"{line.unit_price.normalize():f}",
            phrase("cards.cost.unknown") if line.monthly is None else f"{line.monthly:,.2f}",
        )
        for line in (() if brief else cost.lines)
    ]
    header = [*(phrase(f"teams.card.{key}") for key in ("item", "quantity", "price")), cost.currency]
    items = [table(header, rows)] if rows else []
    spread = phrase("teams.card.low_high", low=money(cost.low, cost.currency), high=money(cost.high, cost.currency))
    items.append(text(f"**{costs(cost)}**"))
    if cost.low != cost.high:
        items.append(subtle(spread))
    if sources := dict.fromkeys(f"{line.source}, {line.as_of}" for line in cost.lines if line.as_of):
        items.append(words_of_theirs(phrase("teams.card.sources", sources="; ".join(sources))))
    return items


def _reasons(decision: InfrastructureDecision) -> list[Element]:
    return [
        literal((f"{one.choice} ", "default", True), (one.because, "default", False), spacing="Small")
        for one in decision.justification
        if one.about in _REASONS
    ]


def _resources(plan: PlanProposed, most: int) -> list[Element]:
    counts = {action: sum(one.action == action for one in plan.resources) for action in _MARKS}
    counted = [phrase("cards.plan.to_do", count=count, action=action) for action, count in counts.items() if count]
    lines = [heading(phrase("cards.plan.resources", counts=", ".join(counted)))]
    lines += [_resource(one) for one in plan.resources[:most]]
    more = len(plan.resources) - most
    if more > 0:
        lines.append(subtle(phrase("teams.card.more", count=more)))
    if plan.imported:
        lines.append(heading(phrase("cards.plan.taken_over", count=len(plan.imported))))
        lines += [words_of_theirs(f"= {one.address}") for one in plan.imported[:most]]
    return lines


def _resource(resource: ResourceChange) -> Element:
    mark, colour = _MARKS[resource.action]
    forced = phrase("cards.plan.forced", names=", ".join(resource.forced_by)) if resource.forced_by else ""
    return literal((f"{mark} {resource.address}{forced}", colour, False), spacing="None")


def _picture(decision: InfrastructureDecision, page: Link | None) -> Element:
    """The drawing as lines, and where it is drawn: Teams shows no SVG."""
    drawn = [open_url(Link(phrase("teams.card.picture_page"), page.url))] if page else []
    return show_card(phrase("teams.card.picture"), [monospace(diagram_text(decision))], drawn)


def _pages(views: Sequence[PlanView], pages: int) -> list[Element]:
    """The workspaces of a batch, a page each part; the web page has those that there is no room for."""
    shown = min(pages, MOST_ACTIONS - 2)
    parts: list[Element] = []
    for page in range(shown):
        there = views[page * _PAGE : (page + 1) * _PAGE]
        if not there:
            break
        first = page * _PAGE + 1
        title = phrase("teams.card.workspaces", first=first, last=first + len(there) - 1)
        parts.append(show_card(title, _workspaces(there)))
    left = len(views) - shown * _PAGE
    if left > 0 and parts:
        last: Element = parts[-1]
        inner = last["card"]
        if isinstance(inner, dict) and isinstance(inner["body"], list):
            inner["body"].append(subtle(phrase("teams.card.more_there", count=left)))
    return parts


def _workspaces(views: Sequence[PlanView]) -> list[Element]:
    return [
        columns(
            (words_of_theirs(view.decision.workspace_name), "stretch"),
            (text(f"{view.decision.environment}, {view.decision.region}", isSubtle=True), "auto"),
            (text(month_with_difference(view)), "auto"),
        )
        for view in views
    ]
