"""The whole way of a script: files and a decision, a plan, a person's consent, the deployment, and its end."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.approvals import ApprovalBasis, ApprovalRules, ConfirmationAct, approve
from plugins.databricks import (
    CapabilityContext,
    DecisionMaker,
    InfrastructureRequest,
    TerraformExecutor,
    TerraformGenerator,
)
from plugins.domain.approval import Approval
from plugins.domain.errors import NotApproved
from plugins.domain.plan import Person, Plan

pytestmark = pytest.mark.terraform
ANA = Person(id="ana", name="Ana", roles=("requester",))
WANTED = InfrastructureRequest(team="ml-team", environment="dev", workload_type="machine_learning")


def approved(plan: Plan) -> Approval:
    act = ConfirmationAct(ANA, plan.conversation, plan.plan_id, plan.digest)
    ground, now = ApprovalBasis(plan.pricing_policy_digest), datetime.now(UTC)
    given = approve(plan, "pending", act, ApprovalRules(), ground, approval_id="apr_1", now=now)
    assert isinstance(given, Approval)
    return given


async def test_from_files_and_a_decision_to_a_workspace_and_back(tmp_path: Path) -> None:
    decision = DecisionMaker().make_decisions(WANTED)
    files = TerraformGenerator().generate_terraform(decision)
    executor = TerraformExecutor(tmp_path)
    await executor.init(files)
    plan = await executor.plan(files, decision, context=CapabilityContext(user_id="ana"))

    async def deployed(approval: Approval | None) -> dict[str, object]:
        result = await executor.deploy(tf_files=files, workspace_name="dbw-ml-dev", dry_run=False, approval=approval)
        assert result.status == "succeeded", result
        return dict(result.outputs)

    with pytest.raises(NotApproved):
        await deployed(None)
    outputs = await deployed(approved(plan))
    assert str(outputs["workspace_id"]).endswith("/providers/Microsoft.Databricks/workspaces/dbw-ml-dev")
    assert str(outputs["databricks_workspace_id"]).isdigit()
    assert outputs["target"] == "sandbox cloud"
    undoing = await executor.destroy(plan)
    with pytest.raises(NotApproved):
        await executor.apply(undoing, approved(plan))
    assert (await executor.apply(undoing, approved(undoing))).status == "destroyed"
