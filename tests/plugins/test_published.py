"""The capability as a script uses it: planned, approved and executed under the same rules as a conversation's."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.approvals import ApprovalBasis, ApprovalRules, ConfirmationAct, PartialConsent, Refusal, approve
from plugins.databricks import CapabilityContext, DatabricksCapability, TerraformExecutor, TerraformFiles
from plugins.deploy.digest import plan_digest
from plugins.domain.approval import Approval
from plugins.domain.errors import NotApproved
from plugins.domain.plan import ConfirmBy, Person, Plan, PlanAction, PlanFile, ResourceChange, Target

RITA = Person(id="rita", name="Rita", roles=("requester",))
INES = Person(id="ines", name="Ines", roles=("approver",))
SUBSCRIPTION = "00000000-0000-0000-0000-0000000000aa"
WORKSPACE = "azurerm_databricks_workspace"


class Planner(TerraformExecutor):
    """Plans without a process: the workspace alone."""

    async def plan(self, tf_files: TerraformFiles, *, deployment_id: str, plan_id: str, action: PlanAction) -> PlanFile:
        does = "delete" if action == "destroy" else "create"
        return PlanFile(
            folder=plan_id,
            path=deployment_id,
            sha256=str(sorted(tf_files.files)),
            semantic_digest="",
            terraform_version="",
            lock_sha256=None,
            state_serial=None,
            state_sha256=None,
            resources=(ResourceChange(address=f"{WORKSPACE}.this", type=WORKSPACE, name="this", action=does),),
        )


def capability(home: Path, *, azure: bool = False, subscription: str = SUBSCRIPTION) -> DatabricksCapability:
    return DatabricksCapability(Planner(home, {"ARM_SUBSCRIPTION_ID": subscription}, azure=azure))


def planned(of: DatabricksCapability, environment: str = "prod") -> Plan:
    fields: dict[str, object] = {"team": "ledger", "environment": environment, "workload_type": "data_engineering"}
    return asyncio.run(of.plan(CapabilityContext(parameters=fields, user_id="rita", session_id="script")))


def outcome(plan: Plan, person: Person, phrase: str | None = None) -> Approval | str:
    act = ConfirmationAct(person, plan.conversation, plan.plan_id, plan.digest, phrase)
    given = approve(
        plan,
        "pending",
        act,
        ApprovalRules(),
        ApprovalBasis(plan.pricing_policy_digest),
        approval_id="apr_1",
        now=datetime.now(UTC),
    )
    assert not isinstance(given, PartialConsent)
    return given.code if isinstance(given, Refusal) else given


def test_on_azure_the_digest_covers_the_subscription_that_it_is_for(tmp_path: Path) -> None:
    """What was approved for one subscription is no approval for another, or for the sandbox."""
    plan = planned(capability(tmp_path, azure=True))
    assert plan.target == Target(mode="azure", subscription=SUBSCRIPTION)
    assert plan.digest == plan_digest(plan.item_digests, cost=plan.cost, target=plan.target)
    assert plan.digest != plan_digest(plan.item_digests, cost=plan.cost, target=Target(mode="sandbox"))


def test_in_the_sandbox_a_subscription_in_the_environment_counts_for_nothing(tmp_path: Path) -> None:
    assert planned(capability(tmp_path)).target == Target(mode="sandbox")


@pytest.mark.parametrize("other", [{"azure": False}, {"azure": True, "subscription": SUBSCRIPTION[:-1] + "b"}])
def test_a_plan_is_executed_on_its_own_target_alone(tmp_path: Path, other: dict[str, object]) -> None:
    plan = planned(capability(tmp_path, azure=True), "dev")
    approval = outcome(plan, RITA)
    assert isinstance(approval, Approval)
    elsewhere = DatabricksCapability(
        Planner(tmp_path, {"ARM_SUBSCRIPTION_ID": str(other.get("subscription", ""))}, azure=bool(other["azure"]))
    )
    with pytest.raises(NotApproved, match="another target"):
        asyncio.run(elsewhere.execute(plan, approval))


def test_the_rollback_of_production_takes_another_person_and_the_typed_name(tmp_path: Path) -> None:
    of = capability(tmp_path, azure=True)
    plan = asyncio.run(of.rollback(planned(of)))
    assert (plan.action, plan.confirm) == ("destroy", ConfirmBy(kind="type", phrase="dbw-ledger-prod"))
    assert outcome(plan, RITA, "dbw-ledger-prod") == "approver_needed"
    assert outcome(plan, INES) == "phrase_needed"
    assert outcome(plan, INES, "yes") == "phrase_needed"
    assert isinstance(outcome(plan, INES, "dbw-ledger-prod"), Approval)


def test_the_rollback_of_dev_is_confirmed_by_whoever_asked(tmp_path: Path) -> None:
    of = capability(tmp_path)
    plan = asyncio.run(of.rollback(planned(of, "dev")))
    assert plan.confirm == ConfirmBy(kind="click")
    assert isinstance(outcome(plan, RITA), Approval)
