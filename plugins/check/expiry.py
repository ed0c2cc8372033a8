"""How long a workspace may live, and where an extension takes its end. Pure; days are whole calendar days in UTC."""

from dataclasses import dataclass
from datetime import date, timedelta

from plugins.domain.platform_settings import Policy
from plugins.domain.request import Environment


@dataclass(frozen=True)
class MovedEnd:
    """`until` is the end that an extension leads to; `limit` the days from today that the policy allows at most, None
    where it demands no end.
    """

    until: date
    limit: int | None
    is_allowed: bool


def longest_life(policy: Policy, environment: Environment) -> int | None:
    """Days from today within which a workspace of that environment must end; None where it need not end at all."""
    return policy.environments[environment].maximum_expiry_days


def is_in_time(until: date, limit: int | None, *, today: date) -> bool:
    return limit is None or until <= today + timedelta(days=limit)


def moved_end(expires_on: date | None, days: int, *, today: date, limit: int | None) -> MovedEnd:
    """The end that many days on: counted from the end that there is, or from today where there is none or it is past.

    To count from today whatever stands, pass None for `expires_on`.
    """
    until = max(expires_on or today, today) + timedelta(days=days)
    return MovedEnd(until, limit, is_in_time(until, limit, today=today))
