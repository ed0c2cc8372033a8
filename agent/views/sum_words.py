"""Amounts, shares and counts of what stands, as every screen says them. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from agent.views.portfolio import MONTHS, GroupSum
from agent.wording import money, phrase
from plugins.domain.estimate import Estimate
from plugins.domain.money import rounded
from plugins.domain.portfolio import Period

_DAYS_OF_A_MONTH = Decimal(730) / Decimal(24)


def month_of(cost: Estimate) -> str:
    """An expected month, or the least that it can be while a price is unknown."""
    return least_or(money(cost.expected, cost.currency), is_lower_bound=cost.is_lower_bound)


def least_or(amount: str, *, is_lower_bound: bool) -> str:
    return phrase("views.sums.at_least", amount=amount) if is_lower_bound else amount


def in_period(month: Decimal, period: Period) -> Decimal:
    """The month's amount in another period. Rounded first: twelve times what is shown is what is shown."""
    return rounded(rounded(month) * MONTHS[period])


def over_days(month: Decimal, days: int) -> Decimal:
    """The month's amount over so many days, not rounded; a month has 730 hours."""
    return month * days / _DAYS_OF_A_MONTH


def totals(sums: Sequence[GroupSum], period: Period = "month") -> str:
    """The sum of each currency: "1,234.00 USD", "1,234.00 USD + 200.00 EUR"."""
    by_currency: dict[str, Decimal] = {}
    for one in sums:
        by_currency[one.currency] = by_currency.get(one.currency, Decimal(0)) + one.month
    amounts = [money(in_period(month, period), currency) for currency, month in by_currency.items()]
    is_lower_bound = any(one.is_lower_bound for one in sums)
    return least_or(phrase("views.sums.amounts").join(amounts), is_lower_bound=is_lower_bound)


def counted(count: int) -> str:
    return phrase("views.sums.standing_one" if count == 1 else "views.sums.standing", count=count)


def share(part: Decimal, whole: Decimal) -> str:
    """A part in whole percent; "" of nothing."""
    if not whole:
        return ""
    return f"{(part * 100 / whole).quantize(Decimal(1), rounding=ROUND_HALF_UP)} %"
