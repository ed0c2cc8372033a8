"""Who may approve what, and the only place that makes an Approval.

Pure rules over the plan, the person and the policy; absent means no. The defaults are those of the contract,
section 2: a requester confirms their own dev and staging plans, an approver anyone's; taking over what exists needs an
approver; a plan with anything in prod needs an approver other than the requester; destroying prod is confirmed by
typing its name, and so is replacing a workspace, whose data would go with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from plugins.domain.approval import Approval
from plugins.domain.deployment import Deployment
from plugins.domain.plan import ConfirmBy, Person, Plan, PlanHeader
from plugins.domain.request import Environment

PlanStatus = Literal["planning", "pending", "approved", "rejected", "expired", "superseded", "void"]
RefusalCode = Literal[
    "unknown_plan", "not_pending", "expired", "wrong_digest", "wrong_conversation", "no_role", "not_requester",
    "four_eyes", "approver_needed", "phrase_needed", "grounds_changed",
]  # fmt: skip


@dataclass(frozen=True)
class ApprovalRules:
    """`four_eyes`, `four_eyes_destroy`, `typed_destroy` and `expire_unasked` name environments; `four_eyes_above` is a
    price a month, in the plan's currency, above which four eyes are demanded everywhere; `import_needs_approver` tells
    whether a workspace that exists is taken over by an approver's yes alone; `requester` and `approver` are role names.
    """

    four_eyes: frozenset[Environment] = frozenset({"prod"})
    four_eyes_destroy: frozenset[Environment] = frozenset({"prod"})
    four_eyes_above: Decimal | None = None
    typed_destroy: frozenset[Environment] = frozenset({"prod"})
    expire_unasked: frozenset[Environment] = frozenset()
    import_needs_approver: bool = True
    requester: str = "requester"
    approver: str = "approver"

    def demand_an_approver(self, plan: Plan) -> bool:
        """Whether the plan needs an approver, who may be the one who asked for it."""
        return self.import_needs_approver and plan.takes_over

    def demand_four_eyes(self, plan: Plan) -> bool:
        """Whether somebody other than the requester must approve this plan."""
        environments = {item.decision.environment for item in plan.items}
        if environments & self.four_eyes:
            return True
        if plan.action == "destroy":
            return bool(environments & self.four_eyes_destroy)
        return self.four_eyes_above is not None and plan.cost.expected > self.four_eyes_above


@dataclass(frozen=True)
class PlanHead:
    """A kept plan without its items, and what became of it."""

    header: PlanHeader
    status: PlanStatus
    conversation: str
    grounds: str
    confirm: ConfirmBy
    expires_at: datetime


@dataclass(frozen=True)
class Ground:
    """What a plan is held against when it is confirmed: today's price tables and policy, and where else it was shown
    to whom (conversation, person).
    """

    grounds: str
    shown: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Consenting:
    """A person's own act: which plan they saw (id and digest), where, and the phrase if they typed one."""

    person: Person
    conversation: str
    plan_id: str
    digest: str
    phrase: str | None = None


@dataclass(frozen=True)
class Refusal:
    code: RefusalCode


def approve(
    plan: Plan, status: PlanStatus, act: Consenting, rules: ApprovalRules, ground: Ground, *, approval_id: str,
    now: datetime,
) -> Approval | Refusal:  # fmt: skip
    """The approval that this act gives, or why it gives none. The caller keeps it and uses it once."""
    code = (
        _mismatch(plan, status, act, ground.shown)
        or _outdated(plan, ground.grounds, now)
        or _not_entitled(plan, act.person, rules)
        or _unphrased(plan, act)
    )
    if code is not None:
        return Refusal(code)
    return Approval(
        approval_id=approval_id,
        plan_id=plan.plan_id,
        digest=plan.digest,
        by=act.person,
        given_at=now,
        expires_at=plan.expires_at,
    )


def given(row: Mapping[str, str], plan: PlanHead | None, rules: ApprovalRules) -> Approval | None:
    """The approval that was kept, made a value again; None when it is not for this plan as it stands.

    Whoever gave it must still be known with a role that may approve, or be the policy itself.
    """
    if plan is None or plan.status != "approved":
        return None
    if row["plan_id"] != plan.header.plan_id or row["digest"] != plan.header.digest:
        return None
    by = Person.model_validate_json(row["document"])
    if by != BY_POLICY and not {rules.requester, rules.approver} & set(by.roles):
        return None
    return Approval(
        approval_id=row["approval_id"],
        plan_id=row["plan_id"],
        digest=row["digest"],
        by=by,
        given_at=datetime.fromisoformat(row["given_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]),
    )


BY_POLICY = Person(id="policy", name="the expiry policy")
"""Who approves the destroy of what expired, where the settings say that nobody need be asked."""


def approve_expiry(
    plan: Plan, expired: Deployment, rules: ApprovalRules, *, approval_id: str, now: datetime
) -> Approval | None:
    """The policy's consent to destroy exactly this expired workspace; None where the policy says to ask."""
    only = plan.items[0]
    if len(plan.items) != 1 or plan.action != "destroy" or only.deployment_id != expired.deployment_id:
        return None
    if only.decision.environment not in rules.expire_unasked or only.decision.environment in rules.typed_destroy:
        return None
    if expired.expires_on is None or now.date() <= expired.expires_on:
        return None
    return Approval(
        approval_id=approval_id, plan_id=plan.plan_id, digest=plan.digest, by=BY_POLICY, given_at=now,
        expires_at=plan.expires_at,
    )  # fmt: skip


def may_decide(plan: Plan, person: Person, rules: ApprovalRules) -> bool:
    """Whether this person's yes would count, in a conversation where they see the plan."""
    return _not_entitled(plan, person, rules) is None


def awaited(plan: Plan, rules: ApprovalRules) -> str:
    """Whose decision it waits for, in words."""
    asked = plan.requested_by.name
    if rules.demand_four_eyes(plan):
        return f"{rules.approver} other than {asked}"
    return rules.approver if rules.demand_an_approver(plan) else f"{asked} or {rules.approver}"


def may_reject(plan: Plan, person: Person, rules: ApprovalRules) -> bool:
    """A plan is turned down by whoever asked for it or by an approver."""
    return person.id == plan.requested_by.id or rules.approver in person.roles


def _mismatch(plan: Plan, status: PlanStatus, act: Consenting, shown: frozenset[tuple[str, str]]) -> RefusalCode | None:
    if act.plan_id != plan.plan_id:
        return "unknown_plan"
    if act.digest != plan.digest:
        return "wrong_digest"
    if act.conversation != plan.conversation and (act.conversation, act.person.id) not in shown:
        return "wrong_conversation"
    return None if status == "pending" else "not_pending"


def _outdated(plan: Plan, grounds: str, now: datetime) -> RefusalCode | None:
    if now >= plan.expires_at:
        return "expired"
    return None if plan.grounds == grounds else "grounds_changed"


def _not_entitled(plan: Plan, person: Person, rules: ApprovalRules) -> RefusalCode | None:
    is_approver = rules.approver in person.roles
    is_requester = rules.requester in person.roles
    if not (is_approver or is_requester):
        return "no_role"
    if rules.demand_four_eyes(plan):
        if not is_approver:
            return "approver_needed"
        return "four_eyes" if person.id == plan.requested_by.id else None
    if rules.demand_an_approver(plan) and not is_approver:
        return "approver_needed"
    return None if is_approver or person.id == plan.requested_by.id else "not_requester"


def _unphrased(plan: Plan, act: Consenting) -> RefusalCode | None:
    if plan.confirm.kind == "type" and act.phrase != plan.confirm.phrase:
        return "phrase_needed"
    return None
