"""Who may approve that a workspace which exists is taken over."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from agent.approvals import (
    ApprovalBasis,
    ApprovalRules,
    ConfirmationAct,
    Consents,
    Refusal,
    approve,
    may_decide,
    shorthand,
)
from agent.views.plan import awaited
from plugins.decide import decide
from plugins.deploy.binding import PlanOrigin, bound_plan
from plugins.deploy.digest import item_digest
from plugins.domain.estimate import Estimate
from plugins.domain.plan import Person, Plan, PlanFile, PlanItem, Target, TerraformFiles
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
AZURE_ID = "/subscriptions/0/resourceGroups/rg-old/providers/Microsoft.Databricks/workspaces/dbw-old"
RITA = Person(id="rita", name="Rita", roles=("requester",))
TOM = Person(id="tom", name="Tom", roles=("requester",))
INES = Person(id="ines", name="Ines", roles=("approver",))
MAX = Person(id="max", name="Max", roles=("requester", "approver"))
GUEST = Person(id="guest", name="Guest")
OPEN = ApprovalRules(rules=shorthand(import_needs_approver=False))


def taking_over(environment: str, by: Person) -> Plan:
    request = InfrastructureRequest.model_validate(
        {"team": "ledger", "environment": environment, "workload_type": "data_engineering"}
    )
    nothing = Decimal(0)
    cost = Estimate(
        currency="USD",
        low=nothing,
        expected=nothing,
        high=nothing,
        hourly_low=nothing,
        hourly_high=nothing,
        hours_per_month=nothing,
        lines=(),
    )
    item = PlanItem(
        deployment_id="dep_1",
        action="create",
        request=request,
        cost=cost,
        adopt=AZURE_ID,
        decision=decide(request, PlatformSettings(), identity="dep_1", today=NOW.date()),
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
    asked = PlanOrigin(
        plan_id="pln_1", action="create", conversation="cnv", by=by, at=NOW, hours=24, pricing_policy_digest="g1"
    )
    return bound_plan(asked, (item,), cost=cost, target=Target(mode="sandbox"), typed=("prod",))


@pytest.mark.parametrize(
    ("environment", "by", "person", "rules", "expected"),
    [
        ("dev", RITA, RITA, ApprovalRules(), "approver_needed"),
        ("dev", RITA, TOM, ApprovalRules(), "approver_needed"),
        ("dev", RITA, GUEST, ApprovalRules(), "no_role"),
        ("dev", RITA, INES, ApprovalRules(), "approved"),
        ("dev", MAX, MAX, ApprovalRules(), "approved"),
        ("staging", RITA, RITA, ApprovalRules(), "approver_needed"),
        ("staging", RITA, INES, ApprovalRules(), "approved"),
        ("prod", RITA, RITA, ApprovalRules(), "approver_needed"),
        ("prod", MAX, MAX, ApprovalRules(), "four_eyes"),
        ("prod", RITA, INES, ApprovalRules(), "approved"),
        ("dev", RITA, RITA, OPEN, "approved"),
        ("dev", RITA, TOM, OPEN, "not_requester"),
        ("prod", RITA, RITA, OPEN, "approver_needed"),
    ],
)
def test_who_may_approve_an_import(
    environment: str, by: Person, person: Person, rules: ApprovalRules, expected: str
) -> None:
    """An approver, who may have asked for it; in production another one; where the settings say so, who asked."""
    plan = taking_over(environment, by)
    act = ConfirmationAct(person, "cnv", "pln_1", plan.digest)
    given = approve(plan, "pending", act, rules, ApprovalBasis("g1"), approval_id="apr_1", now=NOW + timedelta(hours=1))
    assert (given.code if isinstance(given, Refusal) else "approved") == expected
    assert may_decide(plan, person, rules, Consents()) == (expected == "approved")


def test_what_is_taken_over_is_part_of_what_is_approved_and_of_no_other_plan() -> None:
    """An item without an import, and no stream, has the digest that it had before there were any."""
    item = taking_over("dev", RITA).items[0]
    other = item.model_copy(update={"adopt": AZURE_ID.upper()})
    plain = item.model_copy(update={"adopt": None})
    assert len({item_digest(each) for each in (item, other, plain)}) == 3
    before = plain.model_dump(
        mode="json", exclude={"adopt": True, "plan_file": {"existing", "lost"}, "cost": {"round_the_clock"}}
    )
    canonical = json.dumps(before, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert item_digest(plain) == hashlib.sha256(canonical.encode()).hexdigest()


def test_whose_decision_an_import_waits_for() -> None:
    nobody = Consents()
    assert awaited(taking_over("dev", RITA), ApprovalRules(), nobody) == "somebody with the role approver"
    other = "somebody with the role approver, other than Rita"
    assert awaited(taking_over("prod", RITA), ApprovalRules(), nobody) == other
    assert awaited(taking_over("dev", RITA), OPEN, nobody) == "Rita or somebody with the role approver"
