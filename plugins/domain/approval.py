"""Consent as a value."""

from dataclasses import dataclass
from datetime import datetime

from plugins.domain.plan import Person


@dataclass(frozen=True)
class Approval:
    """One person's consent to exactly one plan, bound to its id and digest, valid until `expires_at` (UTC).

    Only `agent.approvals` makes one, from a person's own act; tests/test_architecture.py holds that rule.
    Whoever applies checks it again with `covers`.
    """

    approval_id: str
    plan_id: str
    digest: str
    by: Person
    given_at: datetime
    expires_at: datetime

    def covers(self, *, plan_id: str, digest: str, at: datetime) -> bool:
        """True when this approval is for that very plan and still holds at that time."""
        return self.plan_id == plan_id and self.digest == digest and self.given_at <= at < self.expires_at
