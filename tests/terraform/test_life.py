"""The life of a workspace over real Terraform: drift seen and put right, a lost workspace taken over again."""

import shutil
from pathlib import Path

import pytest
from conversing import Talk, plan_in, result_in

from agent.events import Error, Message, PlanProposed
from agent.settings import SandboxSettings, Settings

pytestmark = [pytest.mark.terraform, pytest.mark.usefixtures("providers_here")]

WORKSPACE = "azurerm_databricks_workspace"


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    settings = Settings()
    quick = settings.cloud.model_copy(update={"sandbox": SandboxSettings(speed=0)})
    return Talk(tmp_path, settings.model_copy(update={"cloud": quick}))


async def test_drift_is_put_right_by_a_plan_that_a_person_confirms(talk: Talk) -> None:
    """What was changed outside before the plan was made does not stop its apply: it is what the plan is about."""
    await talk.say("sandbox dbw-mint-dev for the mint team, notebooks")
    assert result_in(await talk.say("yes")).status == "succeeded"
    workspace = talk.cloud.resources(WORKSPACE)[0]
    talk.cloud.change(workspace.key, {**workspace.state, "tags": {"owner": "mallory"}})
    plan = plan_in(await talk.say("fix the drift of dbw-mint-dev"))
    assert (f"{WORKSPACE}.this", "update") in [(change.address, change.action) for change in plan.resources]
    ended = result_in(await talk.confirm(plan))
    assert (ended.status, ended.error) == ("succeeded", None)
    nothing = await talk.say("fix the drift of dbw-mint-dev")
    assert not any(isinstance(event, PlanProposed) for event in nothing)
    assert any(isinstance(event, Message) and "Nothing would change" in event.text for event in nothing)
    await talk.app.close()


async def test_a_workspace_that_exists_is_taken_over_and_then_looked_after(talk: Talk) -> None:
    """Its group is left be, its managed group keeps its name, and nothing of it is made anew."""
    await talk.say("sandbox dbw-mint-dev for the mint team, notebooks")
    await talk.say("yes")
    await talk.app.close()
    workspace = talk.cloud.resources(WORKSPACE)[0]
    for found in talk.cloud.resources():
        if found.type not in (WORKSPACE, "azurerm_resource_group", "managed_resource_group"):
            talk.cloud.remove(found.key)
    forgotten = _forgotten(talk)
    plan = plan_in(await forgotten.say(f"import {workspace.id} for the mint team, dev, notebooks"))
    assert [each.address for each in plan.imported] == [f"{WORKSPACE}.this"]
    assert "replace" not in {change.action for change in plan.resources}
    assert result_in(await forgotten.confirm(plan)).status == "succeeded"
    (after,) = forgotten.cloud.resources(WORKSPACE)
    assert after.state["managed_resource_group_name"] == workspace.state["managed_resource_group_name"]
    refused = await forgotten.say(f"import {workspace.id} for the mint team, dev, notebooks")
    assert any(isinstance(event, Message) and "I look after already" in event.text for event in refused)
    changed = plan_in(await forgotten.say("change dbw-mint-dev to 2 workers"))
    assert "replace" not in {change.action for change in changed.resources}
    assert result_in(await forgotten.confirm(changed)).status == "succeeded"
    await forgotten.app.close()


async def test_a_take_over_that_fails_leaves_the_workspace_alone(talk: Talk) -> None:
    """What the run created is removed again; what it took over stood before, and stays."""
    await talk.say("sandbox dbw-mint-dev for the mint team, notebooks")
    await talk.say("yes")
    await talk.app.close()
    (workspace,) = talk.cloud.resources(WORKSPACE)
    for found in talk.cloud.resources():
        if found.type not in (WORKSPACE, "azurerm_resource_group", "managed_resource_group"):
            talk.cloud.remove(found.key)
    forgotten = _forgotten(talk)
    plan = plan_in(await forgotten.say(f"import {workspace.id} for the mint team, dev, notebooks"))
    forgotten.cloud.add_fault("quota", type="databricks_cluster")
    ended = result_in(await forgotten.confirm(plan))
    assert ended.error is not None
    assert ended.error.kind == "quota"
    assert [found.id for found in forgotten.cloud.resources(WORKSPACE)] == [workspace.id]
    assert forgotten.cloud.resources("databricks_cluster_policy") == ()
    await forgotten.app.close()


async def test_a_workspace_in_another_place_is_taken_over_where_it_is(talk: Talk) -> None:
    """Where what was said would make it anew, what stands counts."""
    await talk.say("sandbox dbw-mint-dev for the mint team, notebooks, in westeurope")
    await talk.say("yes")
    await talk.app.close()
    forgotten = _forgotten(talk)
    azure_id = forgotten.cloud.resources(WORKSPACE)[0].id
    plan = plan_in(await forgotten.say(f"import {azure_id} for the mint team, dev, notebooks, in eastus"))
    assert plan.decision is not None
    assert plan.decision.region == "westeurope"
    assert "replace" not in {change.action for change in plan.resources}
    await forgotten.say("no")
    await forgotten.app.close()


async def test_what_does_not_exist_cannot_be_taken_over(talk: Talk) -> None:
    subscription = "/subscriptions/00000000-0000-0000-0000-000000000001"
    azure_id = f"{subscription}/resourceGroups/rg-x/providers/Microsoft.Databricks/workspaces/dbw-x"
    events = await talk.say(f"import {azure_id} for the mint team, dev, notebooks")
    (error,) = [event.text for event in events if isinstance(event, Error)]
    assert "was not found in the subscription" in error
    await talk.app.close()


def _forgotten(talk: Talk) -> Talk:
    """A Brickie that knows nothing of what stands in the same cloud."""
    for path in talk.home.glob("brickie.db*"):
        path.unlink()
    for name in ("deployments", "runs"):
        shutil.rmtree(talk.home / name, ignore_errors=True)
    settings = Settings()
    quick = settings.cloud.model_copy(update={"sandbox": SandboxSettings(speed=0)})
    return Talk(talk.home, settings.model_copy(update={"cloud": quick}))
