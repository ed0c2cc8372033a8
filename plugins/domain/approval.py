"""Consent as a value, and what the house demands of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from plugins.domain.plan import Person
from plugins.domain.platform_settings import Section
from plugins.domain.request import Environment

RuledAction = Literal["create", "change", "destroy", "import"]


class ApprovalRule(Section):
    """Who must approve what: `count` different people with `role`, where all that is set matches.

    `above` is a plan's expected month in the house's currency; `tag` is a tag's name, or "NAME=VALUE". With
    `other_than_asker` nobody who may be the one who asked counts.
    """

    environment: Environment | None = None
    team: str | None = None
    action: RuledAction | None = None
    above: Decimal | None = Field(default=None, ge=0)
    tag: str | None = Field(default=None, min_length=1)
    role: str = Field(min_length=1)
    count: int = Field(default=1, ge=1, le=9)
    other_than_asker: bool = False


@dataclass(frozen=True)
class Approval:
    """One person's consent to exactly one plan, bound to its id and digest, valid until `expires_at` (UTC).

    Only `agent.approvals` makes one, from a person's own act; tests/test_architecture.py holds that rule.
    Whoever applies checks it again with `covers`. Where several must consent, it is the last one's, and there is none
    before.
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
