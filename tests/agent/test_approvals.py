"""Who may approve what. Absent means no."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.approvals import ApprovalBasis, ApprovalRules, ConfirmationAct, PlanStatus, Refusal, approve
from plugins.decide import decide
from plugins.deploy.binding import confirm_by
from plugins.domain.approval import Approval
from plugins.domain.estimate import Estimate
from plugins.domain.plan import ConfirmBy, Person, Plan, PlanAction, PlanFile, PlanItem, Target, TerraformFiles
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
RULES = ApprovalRules()
RITA = Person(id="rita", name="Rita", roles=("requester",))
TOM = Person(id="tom", name="Tom", roles=("requester",))
INES = Person(id="ines", name="Ines", roles=("approver",))
MAX = Person(id="max", name="Max", roles=("requester", "approver"))
NOBODY = Person(id="guest", name="Guest")


def item(environment: str, action: PlanAction = "create") -> PlanItem:
    request = InfrastructureRequest.model_validate(
        {"team": "ledger", "environment": environment, "workload_type": "data_engineering"}
    )
    nothing = Decimal(0)
    return PlanItem(
        deployment_id="dep_1",
        action=action,
        request=request,
        decision=decide(request, PlatformSettings(), identity="dep_1", today=NOW.date()),
        cost=Estimate(
            currency="USD",
            low=nothing,
            expected=nothing,
            high=nothing,
            hourly_low=nothing,
            hourly_high=nothing,
            hours_per_month=nothing,
            lines=(),
        ),
        files=TerraformFiles(files={}),
        plan_file=PlanFile(
            folder="",
            path="",
            sha256="",
            semantic_digest="",
            terraform_version="",
            lock_sha256=None,
            state_serial=None,
            state_sha256=None,
            resources=(),
        ),
    )


def plan(environment: str = "dev", *, by: Person = RITA, action: PlanAction = "create") -> Plan:
    items = (item(environment, action),)
    return Plan(
        plan_id="pln_1",
        digest="d1",
        action=action,
        conversation="cnv",
        requested_by=by,
        items=items,
        item_digests=("i1",),
        cost=items[0].cost,
        target=Target(mode="sandbox"),
        confirm=confirm_by(action, items, RULES.typed_destroy),
        created_at=NOW,
        expires_at=NOW + timedelta(hours=24),
        pricing_policy_digest="g1",
    )


def outcome(
    found: Plan, person: Person, *, status: PlanStatus = "pending", phrase: str | None = None, at: datetime = NOW
) -> str:
    act = ConfirmationAct(person, "cnv", "pln_1", "d1", phrase)
    given_ = approve(found, status, act, RULES, ApprovalBasis("g1"), approval_id="apr_1", now=at)
    return given_.code if isinstance(given_, Refusal) else "approved"


@pytest.mark.parametrize(
    ("environment", "by", "person", "expected"),
    [
        ("dev", RITA, RITA, "approved"),
        ("staging", RITA, RITA, "approved"),
        ("dev", RITA, TOM, "not_requester"),
        ("dev", RITA, INES, "approved"),
        ("dev", RITA, NOBODY, "no_role"),
        ("prod", RITA, RITA, "approver_needed"),
        ("prod", RITA, TOM, "approver_needed"),
        ("prod", RITA, INES, "approved"),
        ("prod", MAX, MAX, "four_eyes"),
        ("prod", MAX, INES, "approved"),
    ],
)
def test_who_may_confirm_a_plan(environment: str, by: Person, person: Person, expected: str) -> None:
    assert outcome(plan(environment, by=by), person) == expected


@pytest.mark.parametrize("status", ["approved", "rejected", "expired", "superseded"])
def test_a_settled_plan_is_never_approved_again(status: PlanStatus) -> None:
    assert outcome(plan(), RITA, status=status) == "not_pending"


def test_a_plan_past_its_time_is_not_approved() -> None:
    assert outcome(plan(), RITA, at=NOW + timedelta(hours=24)) == "expired"


@pytest.mark.parametrize("phrase", [None, "yes", "dbw-ledger-prd", "DBW-LEDGER-PROD"])
def test_destroying_production_takes_its_name(phrase: str | None) -> None:
    assert outcome(plan("prod", action="destroy"), INES, phrase=phrase) == "phrase_needed"


def test_destroying_production_with_its_name() -> None:
    found = plan("prod", action="destroy")
    assert found.confirm == ConfirmBy(kind="type", phrase="dbw-ledger-prod")
    assert outcome(found, INES, phrase="dbw-ledger-prod") == "approved"


@given(plan_id=st.text(max_size=8), digest=st.text(max_size=8), where=st.text(max_size=8))
def test_a_forged_confirmation_gives_no_approval(plan_id: str, digest: str, where: str) -> None:
    """A thousand guesses: only the very plan, its digest and its conversation count."""
    act = ConfirmationAct(MAX, where, plan_id, digest)
    given_ = approve(plan(by=MAX), "pending", act, RULES, ApprovalBasis("g1"), approval_id="a", now=NOW)
    genuine = (plan_id, digest, where) == ("pln_1", "d1", "cnv")
    assert isinstance(given_, Approval) == genuine


def test_an_approval_covers_its_plan_alone_and_ends() -> None:
    act = ConfirmationAct(RITA, "cnv", "pln_1", "d1")
    given_ = approve(plan(), "pending", act, RULES, ApprovalBasis("g1"), approval_id="a", now=NOW)
    assert isinstance(given_, Approval)
    assert given_.covers(plan_id="pln_1", digest="d1", at=NOW)
    assert not given_.covers(plan_id="pln_1", digest="d2", at=NOW)
    assert not given_.covers(plan_id="pln_2", digest="d1", at=NOW)
    assert not given_.covers(plan_id="pln_1", digest="d1", at=NOW + timedelta(hours=24))
