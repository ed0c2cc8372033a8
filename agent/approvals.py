"""Who may approve what, and the only place that makes an Approval.

Pure rules over the plan, the person and the policy; absent means no. What the policy demands of a plan is in
`plugins.check.approvers`; where it demands nothing, a requester confirms their own plan, an approver anyone's.
Destroying prod is confirmed by typing its name, and so is replacing a workspace, whose data would go with it.

In go a plan, what became of it, and a person's own act; out comes an `Approval`, what is still missing, or why not. An
approval is for one plan id and one digest: a plan that is made again, however alike, has to be approved again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal

from agent.wording import phrase
from plugins.check.approvers import ApprovalRules, Need, shorthand
from plugins.domain.approval import Approval, ApprovalRule
from plugins.domain.deployment import Deployment
from plugins.domain.person import NOTHING_KNOWN, IdentityMarks, are_one, could_be_one
from plugins.domain.plan import ConfirmBy, Person, Plan, PlanHeader

__all__ = [
    "Approval",
    "ApprovalBasis",
    "ApprovalRule",
    "ApprovalRules",
    "ConfirmationAct",
    "Consents",
    "MissingConsent",
    "Need",
    "PartialConsent",
    "PlanHead",
    "PlanStatus",
    "Refusal",
    "approve",
    "approve_expiry",
    "expires_unasked",
    "may_decide",
    "may_reject",
    "missing_consents",
    "refusal_of",
    "shorthand",
    "stored_approval",
]

PlanStatus = Literal["planning", "pending", "approved", "rejected", "expired", "superseded", "void"]
RefusalCode = Literal[
    "unknown_plan",
    "not_pending",
    "expired",
    "wrong_digest",
    "wrong_conversation",
    "no_role",
    "not_requester",
    "four_eyes",
    "maybe_asker",
    "approver_needed",
    "given_already",
    "maybe_given",
    "enough_of_role",
    "phrase_needed",
    "grounds_changed",
]


@dataclass(frozen=True)
class PlanHead:
    """A kept plan without its items, and what became of it."""

    header: PlanHeader
    status: PlanStatus
    conversation: str
    requested_by: Person
    pricing_policy_digest: str
    confirm: ConfirmBy
    expires_at: datetime


@dataclass(frozen=True)
class Consents:
    """Who has said yes to a plan so far, no two of whom could be one; and what is known of everybody concerned."""

    given: tuple[Person, ...] = ()
    known: IdentityMarks = field(default_factory=lambda: NOTHING_KNOWN)


@dataclass(frozen=True)
class ApprovalBasis:
    """What a plan is held against when it is confirmed: today's price tables and policy, where else it was shown to
    whom (conversation, person's key), and who has consented already.
    """

    pricing_policy_digest: str
    shown: frozenset[tuple[str, str]] = frozenset()
    consents: Consents = field(default_factory=Consents)


@dataclass(frozen=True)
class ConfirmationAct:
    """A person's own act: which plan they saw (id and digest), where, and the phrase if they typed one."""

    person: Person
    conversation: str
    plan_id: str
    digest: str
    phrase: str | None = None


@dataclass(frozen=True)
class Refusal:
    code: RefusalCode


@dataclass(frozen=True)
class MissingConsent:
    """How many more people with that role must say yes."""

    need: Need
    count: int


@dataclass(frozen=True)
class PartialConsent:
    """A yes that counts and is not enough: what is still missing. The plan stays pending."""

    lacks: tuple[MissingConsent, ...]


def approve(
    plan: Plan,
    status: PlanStatus,
    act: ConfirmationAct,
    rules: ApprovalRules,
    ground: ApprovalBasis,
    *,
    approval_id: str,
    now: datetime,
) -> Approval | PartialConsent | Refusal:
    """The approval that this act completes, or why it gives none. The caller keeps it and uses it once."""
    consents = ground.consents
    refusal = refusal_of(plan, status, act, rules, ground, now=now)
    if refusal is not None:
        return refusal
    lacks = missing_consents(plan, rules, Consents((*consents.given, act.person), consents.known))
    if lacks:
        return PartialConsent(lacks)
    return Approval(
        approval_id=approval_id,
        plan_id=plan.plan_id,
        digest=plan.digest,
        by=act.person,
        given_at=now,
        expires_at=plan.expires_at,
    )


def refusal_of(
    plan: Plan, status: PlanStatus, act: ConfirmationAct, rules: ApprovalRules, ground: ApprovalBasis, *, now: datetime
) -> Refusal | None:
    """Why this act would give no approval; None where it would count."""
    # In this order: whoever clicks an old card is told that it is old before they are told of a role that they lack.
    code = (
        _mismatch(plan, status, act, ground.shown)
        or _outdated(plan, ground.pricing_policy_digest, now)
        or _not_entitled(plan, act.person, rules, ground.consents)
        or _unphrased(plan, act)
    )
    return Refusal(code) if code is not None else None


def stored_approval(row: Mapping[str, str], plan: PlanHead | None, rules: ApprovalRules) -> Approval | None:
    """The approval that was kept, made a value again; None when it is not for this plan as it stands.

    Whoever gave it must still be known with a role that may approve, or be the policy itself.
    """
    if plan is None or plan.status != "approved":
        return None
    if row["plan_id"] != plan.header.plan_id or row["digest"] != plan.header.digest:
        return None
    # Read again at every apply: the settings may have taken a role away since the person said yes.
    by = Person.model_validate_json(row["document"])
    if by.key != by_policy().key and not set(rules.roles) & set(by.roles):
        return None
    return Approval(
        approval_id=row["approval_id"],
        plan_id=row["plan_id"],
        digest=row["digest"],
        by=by,
        given_at=datetime.fromisoformat(row["given_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]),
    )


@cache
def by_policy() -> Person:
    """Who approves the destroy of what expired, where the settings say that nobody need be asked."""
    return Person(id="policy", name=phrase("approvals.expiry_policy"), issuer="brickie")


def approve_expiry(
    plan: Plan, expired: Deployment, rules: ApprovalRules, *, approval_id: str, now: datetime
) -> Approval | None:
    """The policy's consent to destroy exactly this expired workspace; None where the policy says to ask."""
    only = plan.items[0]
    if len(plan.items) != 1 or plan.action != "destroy" or only.deployment_id != expired.deployment_id:
        return None
    if not expires_unasked(expired, rules) or only.decision.environment != expired.decision.environment:
        return None
    if expired.expires_on is None or now.date() <= expired.expires_on:
        return None
    return Approval(
        approval_id=approval_id,
        plan_id=plan.plan_id,
        digest=plan.digest,
        by=by_policy(),
        given_at=now,
        expires_at=plan.expires_at,
    )


def expires_unasked(deployment: Deployment, rules: ApprovalRules) -> bool:
    """Whether the settings let this workspace go at its end without asking anybody."""
    environment = deployment.decision.environment
    return environment in rules.expire_unasked and environment not in rules.typed_destroy


def may_decide(plan: Plan, person: Person, rules: ApprovalRules, consents: Consents) -> bool:
    """Whether this person's yes would count, in a conversation where they see the plan."""
    return _not_entitled(plan, person, rules, consents) is None


def may_reject(plan: Plan, person: Person, rules: ApprovalRules) -> bool:
    """A plan is turned down by whoever asked for it, by an approver, or by whoever else it needs."""
    needed = {need.role for need in rules.needs(plan.items)}
    return person.key == plan.requested_by.key or bool({rules.approver, *needed} & set(person.roles))


def missing_consents(plan: Plan, rules: ApprovalRules, consents: Consents) -> tuple[MissingConsent, ...]:
    """What the policy demands of this plan beyond the consents that there are."""
    missing: list[MissingConsent] = []
    for need in rules.needs(plan.items):
        count = need.count - sum(_meets(person, need, plan, consents.known) for person in consents.given)
        if count > 0:
            missing.append(MissingConsent(need, count))
    return tuple(missing)


def _meets(person: Person, need: Need, plan: Plan, known: IdentityMarks) -> bool:
    if need.role not in person.roles:
        return False
    return not (need.other_than_asker and could_be_one(person, plan.requested_by, known))


def _mismatch(
    plan: Plan, status: PlanStatus, act: ConfirmationAct, shown: frozenset[tuple[str, str]]
) -> RefusalCode | None:
    if act.plan_id != plan.plan_id:
        return "unknown_plan"
    if act.digest != plan.digest:
        return "wrong_digest"
    if act.conversation != plan.conversation and (act.conversation, act.person.key) not in shown:
        return "wrong_conversation"
    return None if status == "pending" else "not_pending"


def _outdated(plan: Plan, pricing_policy_digest: str, now: datetime) -> RefusalCode | None:
    if now >= plan.expires_at:
        return "expired"
    return None if plan.pricing_policy_digest == pricing_policy_digest else "grounds_changed"


def _not_entitled(plan: Plan, person: Person, rules: ApprovalRules, consents: Consents) -> RefusalCode | None:
    if not set(rules.roles) & set(person.roles):
        return "no_role"
    needs = rules.needs(plan.items)
    if not needs:
        return _not_own(plan, person, rules)
    mine = [need for need in needs if need.role in person.roles]
    if not mine:
        return "approver_needed"
    if not any(_meets(person, need, plan, consents.known) for need in mine):
        return "four_eyes" if are_one(person, plan.requested_by, consents.known) else "maybe_asker"
    twice = [before for before in consents.given if could_be_one(person, before, consents.known)]
    if twice:
        alike = any(are_one(person, before, consents.known) for before in twice)
        return "given_already" if alike else "maybe_given"
    wanted = [lack.need for lack in missing_consents(plan, rules, consents)]
    return None if any(_meets(person, need, plan, consents.known) for need in wanted) else "enough_of_role"


def _not_own(plan: Plan, person: Person, rules: ApprovalRules) -> RefusalCode | None:
    """Where the policy demands nobody else: an approver, or the very asker."""
    if rules.approver in person.roles:
        return None
    return None if rules.requester in person.roles and person.key == plan.requested_by.key else "not_requester"


def _unphrased(plan: Plan, act: ConfirmationAct) -> RefusalCode | None:
    if plan.confirm.kind == "type" and act.phrase != plan.confirm.phrase:
        return "phrase_needed"
    return None
