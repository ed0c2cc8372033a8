"""The Terraform state of a living workspace is lost or emptied: damage that is said, and mended by an import."""

import json
from pathlib import Path
from typing import Any

import pytest
from carrying import DEPLOYMENT, Workplace, decided, files_of, item_of
from conversing import Talk, plan_in, result_in

from agent.events import Error, Event, Message, PlanProposed
from plugins.deploy.terraform.reimport import recorded_ids
from plugins.domain.errors import DeploymentFailed, StateLost

pytestmark = [pytest.mark.terraform, pytest.mark.usefixtures("providers_here")]

WORKSPACE = "azurerm_databricks_workspace"
EMPTY: dict[str, Any] = {
    "version": 4,
    "terraform_version": "1.11.4",
    "serial": 9,
    "lineage": "x",
    "outputs": {},
    "resources": [],
}


def lose(path: Path, how: str) -> None:
    match how:
        case "gone":
            path.unlink()
        case "blank":
            path.write_bytes(b"")
        case "no resources":
            path.write_text(json.dumps(EMPTY), "utf-8")
        case _:
            told = json.loads(path.read_text("utf-8"))
            told["resources"] = [each for each in told["resources"] if each["type"] != WORKSPACE]
            path.write_text(json.dumps(told), "utf-8")


@pytest.mark.parametrize("how", ["gone", "blank", "no resources", "no workspace"])
async def test_nothing_is_planned_on_a_lost_state_and_no_look_calls_it_fine(tmp_path: Path, how: str) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    lose(place.site.state_path(DEPLOYMENT), how)
    for action in ("change", "destroy"):
        with pytest.raises(StateLost, match="state is lost or was emptied"):
            await place.executor.plan(
                files_of(decided()),
                deployment_id=DEPLOYMENT,
                plan_id=f"pln_{action}",
                action=action,
                expects="workspace",
            )
    with pytest.raises(StateLost):
        await place.executor.drift_now(files_of(decided()), deployment_id=DEPLOYMENT, run_id="drf_1")


async def test_a_garbled_state_is_damage_too(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    place.site.state_path(DEPLOYMENT).write_text('{"version": 4, "ser', "utf-8")
    with pytest.raises(DeploymentFailed, match="the state is damaged"):
        await place.executor.plan(
            files_of(decided()), deployment_id=DEPLOYMENT, plan_id="pln_2", action="change", expects="workspace"
        )


async def test_what_the_records_name_is_taken_over_again_whole(tmp_path: Path) -> None:
    """With the policy's id among the outputs, everything is imported and nothing is left to change."""
    place = Workplace(tmp_path)
    await place.standing()
    path = place.site.state_path(DEPLOYMENT)
    outputs = {name: each["value"] for name, each in json.loads(path.read_text("utf-8"))["outputs"].items()}
    held = {f"{r['type']}.{r['name']}" for r in json.loads(path.read_text("utf-8"))["resources"]}
    before = place.kinds()
    path.unlink()
    files, plan_file = await place.executor.reimport(
        files_of(decided()), deployment_id=DEPLOYMENT, plan_id="pln_2", recorded=recorded_ids(decided(), outputs)
    )
    assert {each.address for each in plan_file.imported} == held
    assert plan_file.resources == ()
    item = item_of(files, plan_file, "change")
    assert (await place.apply(item, plan_id="pln_2")).status == "succeeded"
    assert place.kinds() == before
    again = await place.item("change", plan_id="pln_3")
    assert again.resources == ()


async def test_what_is_gone_from_the_cloud_is_shown_as_to_be_made(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    path = place.site.state_path(DEPLOYMENT)
    outputs = {name: each["value"] for name, each in json.loads(path.read_text("utf-8"))["outputs"].items()}
    path.unlink()
    cluster, budget = (
        place.cloud.resources(kind)[0] for kind in ("databricks_cluster", "azurerm_consumption_budget_resource_group")
    )
    place.cloud.remove(cluster.key)
    place.cloud.remove(budget.key)
    _, plan_file = await place.executor.reimport(
        files_of(decided()), deployment_id=DEPLOYMENT, plan_id="pln_2", recorded=recorded_ids(decided(), outputs)
    )
    made = {(change.type, change.action) for change in plan_file.resources}
    assert made == {("databricks_cluster", "create"), ("azurerm_consumption_budget_resource_group", "create")}


async def test_a_workspace_that_is_gone_as_well_is_not_made_anew(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    path = place.site.state_path(DEPLOYMENT)
    outputs = {name: each["value"] for name, each in json.loads(path.read_text("utf-8"))["outputs"].items()}
    path.unlink()
    place.cloud.remove(place.cloud.resources(WORKSPACE)[0].key)
    with pytest.raises(DeploymentFailed, match="the workspace itself is not there any more"):
        await place.executor.reimport(
            files_of(decided()), deployment_id=DEPLOYMENT, plan_id="pln_2", recorded=recorded_ids(decided(), outputs)
        )


def errors(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Error)]


async def test_the_conversation_says_so_and_mends_it_by_a_plan_that_a_person_confirms(talk: Talk) -> None:
    """In a VNet with private link: subnets, associations, endpoints, zone and logs are found by their names."""
    plan = plan_in(await talk.say("staging databricks for team fern, etl, private link, owner is ana@contoso.com"))
    ended = result_in(await talk.confirm(plan))
    assert ended.status == "succeeded"
    path = next((talk.home / "deployments").glob("*/terraform.tfstate"))
    path.unlink()

    said = await talk.say("change dbw-fern-staging to 3 workers")
    assert not [event for event in said if isinstance(event, PlanProposed)]
    (error,) = errors(said)
    assert "state of dbw-fern-staging is lost or was emptied" in error
    assert "re-import dbw-fern-staging" in error
    assert errors(await talk.say("destroy dbw-fern-staging")) == [error]
    told = "".join(event.text for event in await talk.say("status of dbw-fern-staging") if isinstance(event, Message))
    assert "state is lost or was emptied" in told
    assert "nothing differs" not in told

    mended = plan_in(await talk.say("re-import dbw-fern-staging"))
    assert mended.action == "change"
    assert mended.resources == ()
    assert len(mended.imported) == len(plan.resources)
    assert result_in(await talk.confirm(mended)).status == "succeeded"
    told = "".join(event.text for event in await talk.say("status of dbw-fern-staging") if isinstance(event, Message))
    assert "lost" not in told
    change = plan_in(await talk.say("change dbw-fern-staging to 3 workers"))
    assert {change.action for change in change.resources} == {"update"}
