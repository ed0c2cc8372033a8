"""Taking over what is somebody else's, over real Terraform: whose it is, what stays, and what a failure leaves."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from conversing import Talk, plan_in, result_in, state_in

from agent.events import ApprovalNoted, Event, Message, PlanProposed
from agent.settings import Settings
from plugins.deploy.sandbox.cloud import Resource
from plugins.domain.plan import Person

pytestmark = [pytest.mark.terraform, pytest.mark.usefixtures("providers_here")]

WORKSPACE = "azurerm_databricks_workspace"
RITA = Person(id="rita", name="Rita", roles=("requester",))
TOM = Person(id="tom", name="Tom", roles=("requester",))
INES = Person(id="ines", name="Ines", roles=("approver",))


KEPT = (WORKSPACE, "azurerm_resource_group", "managed_resource_group")
INJECTED = (*KEPT, "azurerm_virtual_network", "azurerm_subnet", "azurerm_network_security_group")


@pytest.fixture
async def foreign(tmp_path: Path, settings: Settings) -> AsyncIterator[Talk]:
    """A cloud with a workspace of somebody's (managed network, tags of its own), and a Brickie that knows nothing."""
    talk = await forgotten(
        tmp_path / "home", settings, "sandbox dbw-risk-old for the risk team, notebooks, in westeurope"
    )
    relabelled(talk, {"Environment": "Production", "owner": "omar"})
    yield talk
    await talk.app.close()


async def forgotten(home: Path, settings: Settings, said: str, kept: tuple[str, ...] = KEPT) -> Talk:
    """A Brickie that knows nothing of the workspace that was built by these words, of which these types still stand."""
    talk = Talk(home, settings)
    await talk.say(said)
    assert result_in(await talk.say("yes")).status == "succeeded"
    await talk.app.close()
    for found in talk.cloud.resources():
        if found.type not in kept:
            talk.cloud.remove(found.key)
    _forget(home)
    return Talk(home, settings)


def _forget(home: Path) -> None:
    for path in home.glob("brickie.db*"):
        path.unlink()
    for name in ("deployments", "runs"):
        shutil.rmtree(home / name, ignore_errors=True)


def standing(talk: Talk) -> Resource:
    (workspace,) = talk.cloud.resources(WORKSPACE)
    return workspace


def relabelled(talk: Talk, tags: dict[str, str]) -> None:
    talk.cloud.change(standing(talk).key, {**standing(talk).state, "tags": tags})


def refusal_in(events: list[Event]) -> str | None:
    return next(
        (event.reason for event in events if isinstance(event, ApprovalNoted) and event.status == "refused"), None
    )


async def test_the_clouds_own_tag_makes_it_production_whatever_was_said(foreign: Talk) -> None:
    """Labelled dev by the one who asks: planned as the production that it is, for another approver's yes alone."""
    before = standing(foreign)
    plan = plan_in(await foreign.say(f"import {before.id} for the mint team, dev, notebooks", RITA))
    assert plan.decision is not None
    assert plan.decision.environment == "prod"
    assert "touches production" in (refusal_in(await foreign.say("yes", RITA)) or "")
    await foreign.say(f"show plan {plan.plan_id}", INES)
    assert result_in(await foreign.confirm(plan, INES)).status == "succeeded"
    assert standing(foreign) == before


async def test_network_storage_region_and_tags_are_taken_as_they_are(foreign: Talk) -> None:
    """Nothing at all is done to the workspace: no replace, and no update of its tags, whatever is said of it."""
    relabelled(foreign, {"owner": "omar", "expires-on": "2030-01-01"})
    before = standing(foreign)
    for said in ("staging", "prod"):
        text = f"import {before.id} for the mint team, {said}, notebooks, in eastus, private link, tag owner=mallory"
        plan = plan_in(await foreign.say(text))
        assert plan.decision is not None
        assert (plan.decision.network, plan.decision.region) == ("public", "westeurope")
        assert plan.decision.storage_sku == before.state["custom_parameters"][0]["storage_account_sku_name"]
        assert plan.decision.tags == {"owner": "omar", "expires-on": "2030-01-01"}
        assert {change.type for change in plan.resources} & {WORKSPACE, "azurerm_virtual_network"} == set()
        await foreign.say("start over")
    assert standing(foreign) == before


async def test_an_injected_network_is_taken_as_it_is_and_stays_through_a_change(
    tmp_path: Path, settings: Settings
) -> None:
    """Labelled dev, whose own default is a managed network: neither the import nor a later change makes it anew."""
    said = "staging workspace dbw-risk-old for the risk team, notebooks, 1 worker"
    talk = await forgotten(tmp_path / "home", settings, said, INJECTED)
    before = standing(talk)
    relabelled(talk, {"owner": "omar"})
    plan = plan_in(await talk.say(f"import {before.id} for the mint team, dev, notebooks"))
    assert plan.decision is not None
    assert plan.decision.network == "vnet"
    assert plan.decision.network_details is not None
    assert plan.decision.network_details.existing_virtual_network_id is not None
    assert result_in(await talk.confirm(plan)).status == "succeeded"
    change = plan_in(await talk.say("change dbw-risk-old to 1 worker, tag project=apollo"))
    assert {each.action for each in change.resources} == {"update"}
    assert result_in(await talk.confirm(change)).status == "succeeded"
    assert standing(talk).state == {**before.state, "tags": {"owner": "omar", "project": "apollo"}}
    await talk.app.close()


async def test_an_import_is_never_a_rename(foreign: Talk) -> None:
    relabelled(foreign, {"environment": "dev"})
    azure_id = standing(foreign).id
    events = await foreign.say(f"import {azure_id} for the mint team, dev, notebooks, call it dbw-zz9", RITA)
    assert any(isinstance(event, Message) and "stays dbw-risk-old" in event.text for event in events)
    plan = plan_in(events)
    assert plan.decision is not None
    assert plan.decision.workspace_name == "dbw-risk-old"
    assert [each.address for each in plan.imported] == [f"{WORKSPACE}.this"]
    assert "takes over a workspace that exists" in (refusal_in(await foreign.say("yes", RITA)) or "")


async def test_what_is_looked_after_for_somebody_is_not_taken_in_any_spelling(talk: Talk) -> None:
    """Not even by an approver, and its owner's name and state are not told to who may not see it."""
    await talk.say("sandbox dbw-risk-new for the risk team, notebooks", RITA)
    await talk.say("yes", RITA)
    own_id = standing(talk).id
    for azure_id in (own_id, own_id.upper(), own_id.lower(), own_id.swapcase()):
        for by in (TOM, INES):
            events = await talk.say(f"import {azure_id} for the mint team, dev, notebooks, call it dbw-zz9", by)
            assert not any(isinstance(event, PlanProposed) for event in events)
    assert any(
        isinstance(event, Message) and "for somebody else" in event.text for event in await talk.say(own_id, TOM)
    )
    assert result_in(await talk.say("destroy dbw-risk-new", RITA) and await talk.say("yes", RITA)).status == "destroyed"


async def test_an_id_in_another_spelling_takes_the_very_workspace_over(foreign: Talk) -> None:
    relabelled(foreign, {})
    before = standing(foreign)
    plan = plan_in(await foreign.say(f"import {before.id.upper()} for the mint team, dev, notebooks"))
    assert result_in(await foreign.confirm(plan)).status == "succeeded"
    assert standing(foreign) == before
    (told,) = state_in(await foreign.say("list my workspaces")).deployments
    assert told.workspace_name == "dbw-risk-old"


async def test_two_who_plan_to_take_it_over_do_not_both(foreign: Talk) -> None:
    """The second yes comes too late: one workspace is in one state."""
    relabelled(foreign, {})
    azure_id = standing(foreign).id
    first = plan_in(await foreign.say(f"import {azure_id} for the mint team, dev, notebooks"))
    second = plan_in(await foreign.say(f"import {azure_id.upper()} for the risk team, dev, notebooks", INES))
    assert result_in(await foreign.confirm(first)).status == "succeeded"
    ended = result_in(await foreign.confirm(second, INES))
    assert ended.error is not None
    assert ended.error.kind == "taken"
    state = state_in(await foreign.say("hello", INES))
    assert [each.status for each in state.deployments] == ["rolled_back"]


async def test_a_take_over_that_fails_puts_everything_back_as_it_was(foreign: Talk) -> None:
    """Nothing is called destroyed or left behind, the tags are as they were, and it is on no list and in no state."""
    relabelled(foreign, {"owner": "omar"})
    before = foreign.cloud.resources()
    plan = plan_in(await foreign.say(f"import {standing(foreign).id} for the mint team, dev, notebooks"))
    foreign.cloud.add_fault("quota", type="databricks_cluster")
    events = await foreign.confirm(plan)
    ended = result_in(events)
    assert ended.error is not None
    assert (ended.status, ended.error.kind) == ("rolled_back", "quota")
    assert ended.error.text.endswith("dbw-risk-old itself is as it was, and was not taken over.")
    told = " ".join(event.model_dump_json() for event in events)
    assert "destroyed" not in told
    assert "Left behind" not in told
    assert "nothing is left" not in told
    assert foreign.cloud.resources() == before
    listed = await foreign.say("list my workspaces")
    assert any(isinstance(event, Message) and "no workspace yet" in event.text for event in listed)
    assert held_by(foreign) == []
    again = plan_in(await foreign.say("try again"))
    assert [each.address for each in again.imported] == [f"{WORKSPACE}.this"]
    assert result_in(await foreign.confirm(again)).status == "succeeded"
    assert standing(foreign).state["tags"] == {"owner": "omar"}


def held_by(talk: Talk) -> list[str]:
    """The types of everything that any workspace's state holds."""
    states = [json.loads(path.read_text("utf-8")) for path in talk.home.glob("deployments/*/terraform.tfstate")]
    return [held["type"] for state in states for held in state["resources"] if held["mode"] == "managed"]
