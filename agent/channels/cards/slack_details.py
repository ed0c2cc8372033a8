"""What a plan shows whoever opens it: the bill, the reasons, the resources. Pure."""

from agent.channels.cards.months import measure
from agent.channels.cards.slack_blocks import Block, container, rich, table
from agent.events import PlanProposed
from agent.wording import money, phrase, spoken, unused_words, words
from plugins.domain.estimate import Estimate

MOST_SHOWN = 12
"""Workspaces, resources and lines of a bill that a message lists; the others are counted."""

_REASONS = ("databricks_sku", "node_type", "workers", "network", "spot", "photon", "spark_version", "region")


def month_of(cost: Estimate) -> str:
    amount = money(cost.expected, cost.currency)
    return phrase("cards.cost.at_least", amount=amount) if cost.is_lower_bound else amount


def details_of(plan: PlanProposed) -> list[Block]:
    """Bill, reasons and resources, each closed until somebody opens it."""
    parts = [(phrase("slack.plan.bill"), [_bill(plan.cost)])]
    if len(plan.items) == 1 and plan.action != "destroy":
        parts.append((phrase("slack.plan.why"), [rich(_reasons(plan), 2500)]))
    parts.append((phrase("slack.plan.resources"), [rich(_resources(plan), 2500)]))
    return [container(title, blocks) for title, blocks in parts]


def details_in_short(plan: PlanProposed) -> list[Block]:
    """The bill open, and the rest in words, where a workspace knows nothing that opens."""
    return [_bill(plan.cost), rich(_resources(plan), 1500)]


def _bill(cost: Estimate) -> Block:
    unknown = phrase("cards.cost.unknown")
    rows = [
        (
            line.item,
            measure(line),
            unknown if line.unit_price is None else f"{line.unit_price.normalize():f}",
            unknown if line.monthly is None else f"{line.monthly:,.2f}",
        )
        for line in cost.lines[:MOST_SHOWN]
    ]
    more = len(cost.lines) - MOST_SHOWN
    if more > 0:
        rows.append((phrase("cards.plan.more", count=more), "", "", ""))
    rows.append((phrase("slack.plan.total"), "", "", month_of(cost)))
    columns = [phrase(f"slack.plan.{name}") for name in ("item", "quantity", "price_each")]
    return table([*columns, cost.currency], rows, right=(1, 2, 3))


def _reasons(plan: PlanProposed) -> str:
    decision = plan.items[0].decision
    lines = [
        f"- **{_unmarked(reason.choice)}**: {_unmarked(reason.because)}"
        for reason in decision.justification
        if reason.about in _REASONS
    ]
    if decision.assumptions:
        values = "; ".join(f"{words(one.field)} {spoken(one.value)}" for one in decision.assumptions)
        lines.append(f"- {_unmarked(phrase('cards.plan.assumed', values=values))}")
    if plan.unused:
        lines.append(f"- {_unmarked(phrase('cards.plan.unused', words=unused_words(plan.unused)))}")
    return "\n".join(lines) or "–"  # noqa: RUF001


def _resources(plan: PlanProposed) -> str:
    signs = {"create": "+", "update": "~", "replace": "±", "delete": "-"}
    lines = [f"{signs[one.action]} {one.address}" for one in plan.resources[:MOST_SHOWN]]
    more = len(plan.resources) - MOST_SHOWN
    taken = [f"= {one.address}" for one in plan.imported[:MOST_SHOWN]]
    counted = [phrase("cards.plan.more", count=more)] if more > 0 else []
    return "\n".join(("```", *lines, *counted, *taken, "```"))


def _unmarked(text: str) -> str:
    """On one line and without the two marks that we set ourselves in Markdown."""
    return " ".join(text.replace("**", "").replace("`", "'").split())
