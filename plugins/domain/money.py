"""Money as exact decimals inside, as a JSON number outside."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import PlainSerializer

Money = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
"""An amount in the currency that stands beside it, before tax and discounts."""

CENT = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """The amount to the cent, halves away from zero, as invoices round."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
