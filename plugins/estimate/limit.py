"""Holding an estimate against the limit that counts for it."""

from dataclasses import dataclass
from decimal import Decimal

from plugins.domain.estimate import Estimate
from plugins.domain.money import converted
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import Environment, InfrastructureRequest


@dataclass(frozen=True)
class Excess:
    """How far a month is above its limit, both in the estimate's currency."""

    limit: Decimal
    by: Decimal


def limit_excess(
    request: InfrastructureRequest, cost: Estimate, platform: PlatformSettings, *, high: bool = False
) -> Excess | None:
    """How far the expected month (or, with `high`, the dearest one) is above the limit; None when it is not.

    The person's own limit overrides the environment's. A limit of zero is always exceeded. One in a currency
    without an exchange rate is not compared, which a finding says: a rate made up would let too much through.
    """
    limit = limit_of(request, cost, platform)
    if limit is None:
        return None
    month = cost.high if high else cost.expected
    if month <= limit and limit > 0:
        return None
    return Excess(limit=limit, by=month - limit)


def limit_of(request: InfrastructureRequest, cost: Estimate, platform: PlatformSettings) -> Decimal | None:
    """The limit in the estimate's currency; None when it cannot be converted."""
    if request.cost_limit is not None:
        if request.cost_limit == 0:
            return Decimal(0)
        return _in(cost.currency, request.cost_limit, request.currency or platform.defaults.currency, platform)
    if request.environment is None:
        return None
    return house_limit(request.environment, cost, platform)


def house_limit(environment: Environment, cost: Estimate, platform: PlatformSettings) -> Decimal | None:
    """The environment's own limit in the estimate's currency; None when it cannot be converted."""
    limit = platform.policy.environments[environment].cost_limit
    return _in(cost.currency, limit, platform.defaults.currency, platform)


def _in(currency: str, amount: Decimal, of: str, platform: PlatformSettings) -> Decimal | None:
    return converted(amount, of=of, to=currency, rates=platform.pricing.exchange_rates)
