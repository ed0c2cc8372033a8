"""Who may approve what, and the only place that makes an Approval.

Pure rules over the plan, the person and the policy; absent means no. The defaults are those of the contract,
section 2: a requester confirms their own dev and staging plans, an approver anyone's; a plan with anything in
prod needs an approver other than the requester; destroying prod is confirmed by typing its name.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from plugins.domain.approval import Approval
from plugins.domain.plan import ConfirmBy, Person, Plan, PlanAction, PlanItem
from plugins.domain.request import Environment

PlanStatus = Literal["pending", "approved", "rejected", "expired", "superseded"]
RefusalCode = Literal[
    "unknown_plan", "not_pending", "expired", "wrong_digest", "wrong_conversation", "no_role", "not_requester",
    "four_eyes", "approver_needed", "phrase_needed",
]  # fmt: skip


@dataclass(frozen=True)
class ApprovalRules:
    """`four_eyes` and `typed_destroy` name environments; `requester` and `approver` are role names."""

    four_eyes: frozenset[Environment] = frozenset({"prod"})
    typed_destroy: frozenset[Environment] = frozenset({"prod"})
    requester: str = "requester"
    approver: str = "approver"


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


def confirm_by(action: PlanAction, items: tuple[PlanItem, ...], rules: ApprovalRules) -> ConfirmBy:
    """How this plan must be confirmed: the first workspace's name typed where policy demands it, else a click."""
    typed = [item.decision.workspace_name for item in items if item.decision.environment in rules.typed_destroy]
    if action == "destroy" and typed:
        return ConfirmBy(kind="type", phrase=typed[0])
    return ConfirmBy(kind="click")


def approve(
    plan: Plan, status: PlanStatus, act: Consenting, rules: ApprovalRules, *, approval_id: str, now: datetime
) -> Approval | Refusal:
    """The approval that this act gives, or why it gives none. The caller keeps it and uses it once."""
    code = _mismatch(plan, status, act, now) or _not_entitled(plan, act.person, rules) or _unphrased(plan, act)
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


def may_reject(plan: Plan, person: Person, rules: ApprovalRules) -> bool:
    """A plan is turned down by whoever asked for it or by an approver."""
    return person.id == plan.requested_by.id or rules.approver in person.roles


def _mismatch(plan: Plan, status: PlanStatus, act: Consenting, now: datetime) -> RefusalCode | None:
    if act.plan_id != plan.plan_id:
        return "unknown_plan"
    if act.digest != plan.digest:
        return "wrong_digest"
    if act.conversation != plan.conversation:
        return "wrong_conversation"
    if status != "pending":
        return "not_pending"
    return "expired" if now >= plan.expires_at else None


def _not_entitled(plan: Plan, person: Person, rules: ApprovalRules) -> RefusalCode | None:
    is_approver = rules.approver in person.roles
    is_requester = rules.requester in person.roles
    if not (is_approver or is_requester):
        return "no_role"
    if any(item.decision.environment in rules.four_eyes for item in plan.items):
        if not is_approver:
            return "approver_needed"
        return "four_eyes" if person.id == plan.requested_by.id else None
    return None if is_approver or person.id == plan.requested_by.id else "not_requester"


def _unphrased(plan: Plan, act: Consenting) -> RefusalCode | None:
    if plan.confirm.kind == "type" and act.phrase != plan.confirm.phrase:
        return "phrase_needed"
    return None
