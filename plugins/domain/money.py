"""Money as exact decimals inside, as a JSON number outside."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import PlainSerializer

Money = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
"""An amount in the currency that stands beside it, before tax and discounts."""

CENT = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """The amount to the cent, halves away from zero, as invoices round."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def converted(amount: Decimal, *, of: str, to: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    """The amount in another currency, by `rates` (units for one USD); None where one of the two has no rate."""
    if of == to:
        return amount
    known = {"USD": Decimal(1), **rates}
    return amount / known[of] * known[to] if of in known and to in known else None


def signed(amount: Decimal) -> str:
    """By how much something is more or less: "+15.10"; a true minus sign where it is less."""
    return f"{rounded(amount):+,.2f}".replace("-", "\u2212")
