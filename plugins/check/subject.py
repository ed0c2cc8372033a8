"""What a rule looks at, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import Estimate
from plugins.domain.finding import Severity
from plugins.domain.neighbours import Neighbours
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest


@dataclass(frozen=True)
class Subject:
    """`high_above_limit` and `limit_compared` say how the cost stands to its limit; `house_limit` is the environment's,
    in the cost's currency, None where it has no rate; `among` is what else stands.
    """

    request: InfrastructureRequest
    decision: InfrastructureDecision
    cost: Estimate
    platform: PlatformSettings
    today: date
    high_above_limit: bool
    limit_compared: bool
    house_limit: Decimal | None
    among: Neighbours


Verdict = tuple[str, str] | None
"""Message and remedy; None when the rule has nothing to say."""


@dataclass(frozen=True)
class Rule:
    id: str
    severity: Severity
    verdict: Callable[[Subject], Verdict]
