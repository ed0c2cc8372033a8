"""Where an extension takes a workspace's end, and whether the policy lets it."""

from datetime import date

import pytest

from plugins.check.expiry import MovedEnd, longest_life, moved_end
from plugins.domain.platform_settings import Policy

TODAY = date(2026, 7, 10)


@pytest.mark.parametrize(
    ("expires_on", "days", "until"),
    [
        (date(2026, 7, 20), 7, date(2026, 7, 27)),
        (date(2026, 7, 1), 7, date(2026, 7, 17)),
        (None, 7, date(2026, 7, 17)),
    ],
    ids=["from the end that there is", "from today once that is past", "from today where there is none"],
)
def test_days_are_counted_on(expires_on: date | None, days: int, until: date) -> None:
    assert moved_end(expires_on, days, today=TODAY, limit=None) == MovedEnd(until, None, is_allowed=True)


def test_the_limit_is_counted_from_today() -> None:
    """Whoever extends every week may not go further ahead than whoever asks once."""
    assert moved_end(date(2026, 7, 20), 20, today=TODAY, limit=30).is_allowed
    assert not moved_end(date(2026, 7, 20), 21, today=TODAY, limit=30).is_allowed


def test_the_policy_names_the_limit_by_environment() -> None:
    rules = Policy().environments
    policy = Policy(environments={**rules, "dev": rules["dev"].model_copy(update={"maximum_expiry_days": 90})})
    assert longest_life(policy, "dev") == 90
    assert longest_life(policy, "prod") is None
