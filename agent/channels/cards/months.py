"""What a card says of months beside the price itself: what more or less they are, and what a stream costs. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from agent.events import PlanView
from agent.wording import difference, difference_between, money, phrase, with_difference
from plugins.domain.estimate import Estimate, LineItem


def by_of(view: PlanView) -> str:
    """By how much a month is more or less than of what is deployed; "" where nothing is, or it cannot be told."""
    return difference_between(view.cost, view.before.cost) if view.before is not None else ""


def by_together(views: Sequence[PlanView]) -> str:
    """The same of all that are changed together; "" where it cannot be told of each of them."""
    changed = [(view.cost, view.before.cost) for view in views if view.before is not None]
    if not changed or not all(difference_between(cost, before) for cost, before in changed):
        return ""
    return difference(
        sum((cost.expected - before.expected for cost, before in changed), Decimal(0)), changed[0][0].currency
    )


def month_with_difference(view: PlanView) -> str:
    """The expected month of one of several, behind it the difference."""
    return with_difference(money(view.cost.expected, view.cost.currency), by_of(view))


def round_the_clock(cost: Estimate) -> str:
    """What a stream costs that never stops, where nobody said how long it runs; "" for everything else."""
    if cost.round_the_clock is None:
        return ""
    by = difference(cost.round_the_clock - cost.expected, cost.currency)
    return phrase("cards.cost.round_the_clock", amount=with_difference(money(cost.round_the_clock, cost.currency), by))


def measure(line: LineItem) -> str:
    """How much a line bills, as it was multiplied: "434.52 DBU"; "" for what is billed by a use that nobody knows."""
    if not line.quantity and line.monthly is None:
        return ""
    shown = f"{line.quantity:,.2f}".rstrip("0").rstrip(".")
    return f"{shown} {line.unit}"
