"""Workspaces that are made anew, or are gone already: what lives in them goes with them, in one plan, under one yes."""

from pathlib import Path
from typing import cast

import pytest
from carrying import DEPLOYMENT, NOW, Workplace, decided, files_of, item_of
from conversing import Talk, plan_in, result_in, state_in

from agent.events import PlanProposed
from plugins.databricks.proposal import propose
from plugins.deploy.sandbox.azure import Azure
from plugins.deploy.terraform.contents import Contents
from plugins.deploy.terraform.state import state_of
from plugins.domain.plan import PlanAction, PlanItem
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

pytestmark = [pytest.mark.terraform, pytest.mark.usefixtures("providers_here")]

WORKSPACE = "azurerm_databricks_workspace"
CONTENTS = {"databricks_cluster.this", "databricks_cluster_policy.this"}


def whole(place: Workplace) -> str:
    return place.site.state_path(DEPLOYMENT).read_text("utf-8")


async def planned(
    place: Workplace, action: PlanAction = "change", *, plan_id: str = "pln_1", network: str = "vnet"
) -> PlanItem:
    decision = decided(network=network)
    files = files_of(decision)
    plan_file = await place.executor.plan(
        files, deployment_id=DEPLOYMENT, plan_id=plan_id, action=action, expects="workspace"
    )
    return item_of(files, plan_file, action).model_copy(update={"decision": decision})


async def test_a_workspace_is_made_anew_with_all_that_lived_in_it(tmp_path: Path) -> None:
    """One plan: the old workspace goes, the new one comes, and its policy and cluster with it."""
    place = Workplace(tmp_path)
    await place.standing()
    before = whole(place)
    item = await planned(place)
    assert item.replaces_workspace
    assert {each.address for each in item.plan_file.lost} == CONTENTS
    assert {each.address for each in item.resources if each.action == "create"} >= CONTENTS
    assert whole(place) == before
    assert (await place.apply(item)).status == "succeeded"
    assert len(place.cloud.resources("databricks_cluster")) == 1
    again = await planned(place, plan_id="pln_2")
    assert (again.resources, again.plan_file.drift) == ((), ())


async def test_a_failure_before_the_old_workspace_went_leaves_everything_known(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    held = state_of(whole(place)).resources
    item = await planned(place)
    place.cloud.add_fault("policy", type=WORKSPACE, op="delete")
    assert (await place.apply(item)).status == "failed"
    now = state_of(whole(place)).resources
    assert {address: now[address].id for address in CONTENTS} == {address: held[address].id for address in CONTENTS}
    again = await planned(place, plan_id="pln_3")
    assert {each.address for each in again.plan_file.lost} == CONTENTS
    assert (await place.apply(again, plan_id="pln_3")).status == "succeeded"


async def test_a_failure_after_the_old_workspace_went_is_finished_by_the_next_plan(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    item = await planned(place)
    place.cloud.add_fault("quota", type=WORKSPACE)
    assert (await place.apply(item)).status == "failed"
    assert not CONTENTS & state_of(whole(place)).resources.keys()
    rest = await place.executor.remaining(item, plan_id="pln_1", attempt=1)
    assert rest.is_within
    assert (await place.apply(item, rest=rest.plan_file)).status == "succeeded"
    assert (await planned(place, plan_id="pln_2")).resources == ()


async def test_whoever_dies_just_before_the_start_leaves_a_state_that_the_next_one_mends(tmp_path: Path) -> None:
    """The copy lies in the state's place, and nothing runs: the state is put back by whoever comes next."""
    place = Workplace(tmp_path)
    await place.standing()
    before = whole(place)
    item = await planned(place)
    await Contents(place.site).take_out(Path(item.plan_file.folder), DEPLOYMENT)
    assert not CONTENTS & state_of(whole(place)).resources.keys()
    other = Workplace(tmp_path)
    assert await other.executor.drift_now(files_of(decided()), deployment_id=DEPLOYMENT, run_id="drf_1") == ()
    assert whole(place) == before
    await Contents(place.site).take_out(Path(item.plan_file.folder), DEPLOYMENT)
    assert (await other.apply(item)).status == "succeeded"


async def test_a_plan_on_a_state_that_has_moved_since_is_stale(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    item = await planned(place)
    wider = await place.item("change", plan_id="pln_2", workers=4)
    assert (await place.apply(wider, plan_id="pln_2")).status == "succeeded"
    result = await place.apply(item)
    assert result.error is not None
    assert result.error.kind == "stale_plan"
    assert state_of(whole(place)).resources.keys() >= CONTENTS


def delete_by_hand(place: Workplace) -> None:
    """As in the portal: the workspace goes with its managed group, and with everything in it."""
    there = place.cloud.resources(WORKSPACE)[0]
    Azure(place.cloud).delete(WORKSPACE, there.state)


async def test_a_workspace_that_was_deleted_is_seen_as_gone_with_what_lived_in_it(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    before = whole(place)
    delete_by_hand(place)
    drift = await place.executor.drift_now(files_of(decided()), deployment_id=DEPLOYMENT, run_id="drf_1")
    gone = {each.address for each in drift if each.what == "deleted"}
    assert gone >= {"azurerm_databricks_workspace.this", *CONTENTS}
    assert whole(place) == before


async def test_what_is_left_of_a_deleted_workspace_can_be_destroyed(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    delete_by_hand(place)
    item = await planned(place, "destroy", network="public")
    assert {each.address for each in item.plan_file.lost} == CONTENTS
    assert await place.executor.drift(item.plan_file, deployment_id=DEPLOYMENT) == item.plan_file.drift
    assert (await place.apply(item)).status == "destroyed"
    assert place.kinds() == []


async def test_a_deleted_workspace_can_be_made_again(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    delete_by_hand(place)
    item = await planned(place, network="public")
    made = {each.address for each in item.resources if each.action == "create"}
    assert made >= {"azurerm_databricks_workspace.this", *CONTENTS}
    assert await place.executor.drift(item.plan_file, deployment_id=DEPLOYMENT) == item.plan_file.drift
    assert (await place.apply(item)).status == "succeeded"
    assert (await planned(place, plan_id="pln_2", network="public")).resources == ()


async def test_nothing_is_left_to_plan_where_everything_was_deleted(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    delete_by_hand(place)
    place.cloud.remove(place.cloud.resources("azurerm_resource_group")[0].key)
    item = await planned(place, "destroy", network="public")
    assert item.resources == ()
    assert "azurerm_databricks_workspace.this" in {each.address for each in item.plan_file.drift}


async def test_a_replacement_names_what_goes_and_is_confirmed_by_the_name(talk: Talk) -> None:
    await talk.say("sandbox dbw-mint-dev for the mint team, notebooks")
    assert result_in(await talk.say("yes")).status == "succeeded"
    plan = plan_in(await talk.say("change dbw-mint-dev to vnet injection"))
    (finding,) = (each for each in plan.policy if each.rule == "workspace-replaced")
    assert "the cluster mint-dev-data-science and the cluster policy mint-dev-policy go with it" in finding.message
    assert plan.confirm.phrase == "dbw-mint-dev"
    ended = result_in(await talk.say("dbw-mint-dev"))
    assert (ended.status, ended.error) == ("succeeded", None)


async def test_a_deleted_workspace_is_made_again_or_destroyed_from_the_conversation(talk: Talk) -> None:
    await talk.say("sandbox dbw-mint-dev for the mint team, notebooks")
    await talk.say("yes")
    Azure(talk.cloud).delete(WORKSPACE, talk.cloud.resources(WORKSPACE)[0].state)
    again = plan_in(await talk.say("fix the drift of dbw-mint-dev"))
    (finding,) = (each for each in again.policy if each.rule == "workspace-gone")
    assert finding.message.endswith("This plan makes it again, empty, with a new address.")
    assert result_in(await talk.confirm(again)).status == "succeeded"
    Azure(talk.cloud).delete(WORKSPACE, talk.cloud.resources(WORKSPACE)[0].state)
    gone = plan_in(await talk.say("destroy dbw-mint-dev"))
    assert result_in(await talk.confirm(gone)).status == "destroyed"
    assert talk.cloud.leftovers() == ()


async def test_a_workspace_that_is_gone_with_everything_is_taken_off_the_list(talk: Talk) -> None:
    """There is nothing left to destroy: it is forgotten, and nothing is asked."""
    await talk.say("sandbox dbw-mint-dev for the mint team, notebooks")
    await talk.say("yes")
    Azure(talk.cloud).delete("azurerm_resource_group", talk.cloud.resources("azurerm_resource_group")[0].state)
    told = await talk.say("destroy dbw-mint-dev")
    assert not any(isinstance(event, PlanProposed) for event in told)
    assert [each.status for each in state_in(told).deployments if each.workspace_name == "dbw-mint-dev"] == [
        "destroyed"
    ]


async def test_a_workspace_of_64_characters_lives_with_everything_around_it(tmp_path: Path) -> None:
    """Whatever is called after it keeps to its own rule, and the next plan changes nothing."""
    place = Workplace(tmp_path)
    request = {"team": "fern", "environment": "prod", "workload_type": "analytics", "workspace_name": "w_" * 32}
    proposal = propose(
        InfrastructureRequest.model_validate({**request, "network": "private_link"}),
        PlatformSettings(),
        identity=DEPLOYMENT,
        today=NOW.date(),
    )
    files = files_of(proposal.decision)
    for action, ended in (("create", "succeeded"), ("change", "succeeded"), ("destroy", "destroyed")):
        plan_file = await place.executor.plan(
            files, deployment_id=DEPLOYMENT, plan_id=f"pln_{action}", action=cast("PlanAction", action)
        )
        item = item_of(files, plan_file, cast("PlanAction", action))
        if action == "change":
            assert plan_file.resources == ()
        else:
            assert (await place.apply(item, plan_id=f"pln_{action}")).status == ended
    assert place.kinds() == []
