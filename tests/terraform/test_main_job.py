"""From a sentence to a workspace and back, with real Terraform over the sandbox cloud."""

import asyncio
import re
from pathlib import Path

import pytest
from conversing import Talk, plan_in, result_in, state_in

from agent.events import ApprovalNoted, Error, Message, Progress, Table
from agent.settings import Settings

pytestmark = pytest.mark.terraform


@pytest.mark.extra
async def test_a_workspace_is_planned_confirmed_changed_and_destroyed(talk: Talk) -> None:
    plan = plan_in(await talk.say("dev workspace dbw-fern-dev for team fern, etl, 1 to 2 workers"))
    assert plan.action == "create"
    assert [resource.action for resource in plan.resources] == ["create"] * 6
    assert talk.cloud.resources() == ()

    events = await talk.say("yes")
    assert result_in(events).outputs["resource_group_name"] == "rg-dbw-fern-dev"
    assert result_in(events).outputs["target"] == "sandbox cloud"
    assert [event.done for event in events if isinstance(event, Progress) and event.step == "apply"][-1] == 6

    change = plan_in(await talk.say("change dbw-fern-dev to max 3 workers"))
    assert change.action == "change"
    assert {resource.address: resource.action for resource in change.resources} == {
        "databricks_cluster.this": "update",
        "databricks_cluster_policy.this": "update",
    }
    assert result_in(await talk.say("yes")).status == "succeeded"

    destroy = plan_in(await talk.say("destroy dbw-fern-dev"))
    assert {resource.action for resource in destroy.resources} == {"delete"}
    assert result_in(await talk.say("yes")).status == "destroyed"
    assert talk.cloud.resources() == ()


@pytest.mark.usefixtures("providers_here")
async def test_a_plan_can_be_applied_once(talk: Talk) -> None:
    plan = plan_in(await talk.say("dev etl workspace for the harbour team"))
    await talk.confirm(plan)
    events = await talk.confirm(plan)
    refusals = [event.status for event in events if isinstance(event, ApprovalNoted)]
    assert refusals == ["refused"]
    assert len([op for op in talk.cloud.operations("create") if op[1] == "azurerm_databricks_workspace"]) == 1


@pytest.mark.usefixtures("providers_here")
async def test_what_was_planned_before_a_change_is_never_applied(talk: Talk) -> None:
    first = plan_in(await talk.say("dev etl workspace for the orchard team, eastus"))
    await talk.say("make it westus2")
    events = await talk.confirm(first)
    assert [event.status for event in events if isinstance(event, ApprovalNoted)] == ["refused"]
    assert talk.cloud.resources() == ()


@pytest.mark.extra
@pytest.mark.usefixtures("providers_here")
async def test_an_altered_plan_file_is_not_applied(talk: Talk) -> None:
    plan = plan_in(await talk.say("dev etl workspace for the granite team"))
    path = next((talk.home / "runs").glob("*/*/plan.tfplan"))
    path.write_bytes(path.read_bytes() + b" ")
    result = result_in(await talk.confirm(plan))
    assert result.error is not None
    assert result.error.kind == "damaged_plan"
    assert talk.cloud.resources() == ()


NOTHING = "Nothing had been created until then."
FAULTS = {
    "quota": ("azurerm_databricks_workspace", "quota", "removed again (2 resources)."),
    "policy": ("azurerm_databricks_workspace", "policy", "removed again (2 resources)."),
    "region": ("azurerm_databricks_workspace", "region", "removed again (2 resources)."),
    "name_conflict": ("azurerm_databricks_workspace", "name_conflict", "removed again (2 resources)."),
    "throttled_for_ever": ("azurerm_resource_group", "throttled", NOTHING),
    "half_way": ("azurerm_databricks_workspace", "half_way", "removed again (3 resources)."),
    "cluster_start": ("databricks_cluster", "quota", "removed again (6 resources)."),
    "credentials": ("azurerm_resource_group", "credentials", NOTHING),
}
"""Kind of fault → the type it strikes at, what it is told as, and how its sentence ends."""
TOLD_BY_BOTH = ("policy", "credentials", "half_way")
"""One that Azure refuses at once, one at the sign-in, one that fails while it is polled."""


@pytest.mark.usefixtures("providers_here")
@pytest.mark.parametrize(
    "fault", [pytest.param(kind, marks=[pytest.mark.extra] if kind in TOLD_BY_BOTH else []) for kind in FAULTS]
)
async def test_each_fault_is_one_clear_sentence_and_leaves_nothing(talk: Talk, fault: str) -> None:
    """The failure is named in our words, nothing of Terraform's text gets out, and what was made is gone again."""
    kind, told, taken_back = FAULTS[fault]
    talk.cloud.add_fault(fault, type=kind, times=9)
    await talk.say("dev workspace dbw-oak-dev for team oak, etl")
    events = await talk.say("yes")
    result = result_in(events)
    assert (result.status, result.error.kind if result.error else None) == ("rolled_back", told)
    assert result.error is not None
    assert "Subscription" not in result.error.text
    assert result.error.text.endswith(taken_back)
    assert not re.search(r"is there|kept|is left", result.error.text + result.error.remedy)
    assert talk.cloud.resources() == ()
    assert [d.status for d in state_in(events).deployments] == ["rolled_back"]


@pytest.mark.usefixtures("providers_here")
async def test_throttling_that_passes_is_not_noticed(talk: Talk) -> None:
    talk.cloud.add_fault("throttled", type="azurerm_databricks_workspace")
    await talk.say("dev etl workspace for team elm")
    assert result_in(await talk.say("yes")).status == "succeeded"


@pytest.mark.usefixtures("providers_here")
async def test_what_was_made_before_a_failure_is_told_resource_by_resource(talk: Talk) -> None:
    """And the same words ask for it anew."""
    talk.cloud.add_fault("half_way", type="azurerm_databricks_workspace")
    await talk.say("dev workspace dbw-ash-dev for team ash, etl")
    table = next(event for event in await talk.say("yes") if isinstance(event, Table))
    assert ("azurerm_databricks_workspace.this", "removed again") in table.rows
    assert ("azurerm_resource_group.this", "removed again") in table.rows
    again = plan_in(await talk.say("try again"))
    assert {resource.action for resource in again.resources} == {"create"}
    assert result_in(await talk.say("yes")).status == "succeeded"


@pytest.mark.extra
async def test_stopping_while_applying_takes_back_what_was_made(tmp_path: Path) -> None:
    """Ctrl-C during an apply: Terraform stops cleanly, what it had made goes again, and the next message works."""
    talk = Talk(tmp_path / "home", Settings.model_validate({"Cloud": {"Sandbox": {"Speed": 0.03}}}))
    await talk.say("dev workspace dbw-yew-dev for team yew, etl")
    turn = asyncio.create_task(talk.say("yes"))
    while not talk.cloud.resources("azurerm_databricks_workspace"):
        await asyncio.sleep(0.05)
    assert await talk.app.cancel()
    result = result_in(await turn)
    assert result.error is not None
    assert (result.status, result.error.kind) == ("rolled_back", "cancelled")
    assert talk.cloud.resources() == ()
    assert [event.text for event in await talk.say("is dbw-yew-dev up?") if isinstance(event, Message)]
    await talk.app.close()


async def test_stopping_while_planning_leaves_nothing(talk: Talk) -> None:
    turn = asyncio.create_task(talk.say("dev etl workspace for team fir"))
    while not list((talk.home / "runs").glob("*/*/plan.out")):
        await asyncio.sleep(0.02)
    assert await talk.app.cancel()
    events = await turn
    assert not [event for event in events if isinstance(event, Error)]
    assert state_in(events).pending_plan is None
    async with asyncio.timeout(10):
        while list((talk.home / "runs").glob("*")):
            await asyncio.sleep(0.02)


async def test_dev_and_prod_are_one_plan_with_one_confirmation(talk: Talk) -> None:
    plan = plan_in(await talk.say("dev and staging for the poppy team, etl, north europe"))
    assert [item.decision.workspace_name for item in plan.items] == ["dbw-poppy-dev", "dbw-poppy-staging"]
    events = await talk.confirm(plan)
    assert len(state_in(events).deployments) == 2
    assert {d.status for d in state_in(events).deployments} == {"succeeded"}
