"""What is otherwise than it was, what was left behind, what is taken over, and states that lie elsewhere."""

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from carrying import DEPLOYMENT, Workplace, decided, files_of, item_of
from postgresql import Server

from plugins.deploy.adoption import import_ids, with_imports
from plugins.deploy.terraform.backend import PostgresState

pytestmark = [pytest.mark.terraform, pytest.mark.usefixtures("providers_here")]

WORKSPACE = "azurerm_databricks_workspace"


async def test_a_deployed_workspace_that_nobody_touched_has_not_drifted(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    files = files_of(decided())
    assert await place.executor.drift_now(files, deployment_id=DEPLOYMENT, run_id="drf_1") == ()
    assert not (tmp_path / "runs" / "drf_1").exists()


async def test_drift_names_the_resource_and_the_attributes_but_no_value(tmp_path: Path) -> None:
    """Somebody changed the workspace's tags and deleted the cluster; a plan's own folder tells, the state stays."""
    place = Workplace(tmp_path)
    await place.standing()
    item = await place.item("change", plan_id="pln_2", workers=4)
    state = place.site.state_path(DEPLOYMENT).read_bytes()
    workspace, cluster = place.cloud.resources(WORKSPACE)[0], place.cloud.resources("databricks_cluster")[0]
    place.cloud.change(workspace.key, {**workspace.state, "tags": {"owner": "s3cret"}})
    place.cloud.remove(cluster.key)
    found = await place.executor.drift(item.plan_file, deployment_id=DEPLOYMENT)
    assert [(each.address, each.what, each.attributes) for each in found] == [
        (f"{WORKSPACE}.this", "changed", ("tags",)),
        ("databricks_cluster.this", "deleted", ()),
    ]
    assert "s3cret" not in "".join(each.model_dump_json() for each in found)
    assert place.site.state_path(DEPLOYMENT).read_bytes() == state
    result = await place.apply(item, plan_id="pln_2")
    assert result.error is not None
    assert (result.status, result.error.resource) == ("failed", "databricks_cluster.this")


async def test_a_workspace_that_is_not_there_yet_cannot_have_drifted(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    item = await place.item()
    assert await place.executor.drift(item.plan_file, deployment_id=DEPLOYMENT) == ()


async def test_what_a_destroy_leaves_behind_is_named(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    assert await place.executor.leftovers(await place.deployed()) == ()
    item = await place.item("destroy", plan_id="pln_2")
    place.cloud.add_fault("leftover")
    assert (await place.apply(item, plan_id="pln_2")).status == "destroyed"
    left = await place.executor.leftovers(item)
    assert left is not None
    assert [(each.type, each.name) for each in left] == [
        ("managed_resource_group", decided().managed_resource_group_name)
    ]


async def test_a_clean_destroy_leaves_nothing(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    item = await place.item("destroy", plan_id="pln_2")
    assert (await place.apply(item, plan_id="pln_2")).status == "destroyed"
    assert await place.executor.leftovers(item) == ()


async def test_where_it_cannot_be_looked_leftovers_are_unknown(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    object.__setattr__(place.site, "cloud", None)
    assert await place.executor.leftovers(await place.item()) is None


async def test_an_existing_workspace_is_taken_over_by_a_plan_that_shows_it(tmp_path: Path) -> None:
    """Its state lost, the workspace and its group are imported; nothing of them is made anew."""
    place = Workplace(tmp_path)
    await place.standing()
    workspace = place.cloud.resources(WORKSPACE)[0]
    place.site.state_path(DEPLOYMENT).unlink()
    files = with_imports(files_of(decided()), import_ids(workspace.id))
    plan_file = await place.executor.plan(files, deployment_id=DEPLOYMENT, plan_id="pln_2", action="create")
    assert [each.address for each in plan_file.imported] == [f"{WORKSPACE}.this", "azurerm_resource_group.this"]
    assert not {change.address for change in plan_file.resources} & {each.address for each in plan_file.imported}
    assert workspace.id not in "".join(text for name, text in files.files.items() if name.endswith(".tf"))


async def test_every_type_that_is_generated_can_be_taken_over(tmp_path: Path) -> None:
    """All resources of a deployed workspace imported at once: nothing is left to change."""
    place = Workplace(tmp_path)
    await place.standing()
    path = place.site.state_path(DEPLOYMENT)
    held: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["resources"]
    ids = {f"{each['type']}.{each['name']}": each["instances"][0]["attributes"]["id"] for each in held}
    azure = {address: own_id for address, own_id in ids.items() if address.startswith("azurerm")}
    path.unlink()
    files = with_imports(files_of(decided()), azure)
    plan_file = await place.executor.plan(files, deployment_id=DEPLOYMENT, plan_id="pln_2", action="create")
    assert sorted(each.address for each in plan_file.imported) == sorted(azure)
    assert {change.type for change in plan_file.resources} == {"databricks_cluster", "databricks_cluster_policy"}


async def test_what_failed_for_anothers_managed_group_leaves_that_ones_resources_alone(tmp_path: Path) -> None:
    """Two workspaces with one managed group's name: what is in it is of the one that lives, and no leftover."""
    place = Workplace(tmp_path)
    await place.standing()
    stood = place.cloud.resources()
    names = {"identity": "dep_moss", "workspace_name": "dbw-moss-dev", "resource_group_name": "rg-dbw-moss-dev"}
    item = await place.item_of(decided().model_copy(update=names), plan_id="pln_2", deployment_id="dep_moss")
    result = await place.apply(item, plan_id="pln_2")
    assert result.error is not None
    assert (result.status, result.error.kind) == ("failed", "name_conflict")
    undone = await place.undo(item, plan_id="pln_2")
    assert (undone.left, undone.error) == ((), None)
    assert await place.executor.leftovers(item) == ()
    assert place.cloud.resources() == stood


async def test_what_stood_before_a_run_that_failed_is_not_taken_for_its_own(tmp_path: Path) -> None:
    """Somebody else's group and workspace have these very names: they are neither destroyed nor listed."""
    place = Workplace(tmp_path)
    await place.standing()
    place.site.state_path(DEPLOYMENT).unlink()
    stood = place.cloud.resources()
    item = await place.item_of(decided(), plan_id="pln_2", deployment_id="dep_second")
    result = await place.apply(item, plan_id="pln_2")
    assert result.error is not None
    undone = await place.undo(item, plan_id="pln_2")
    assert (undone.left, undone.error) == ((), None)
    assert await place.executor.leftovers(item) == ()
    assert place.cloud.resources() == stood


def worked(output: str) -> tuple[str, str]:
    """When an apply began its first resource, and ended its last."""
    messages = [json.loads(line) for line in output.splitlines()]
    times = [each["@timestamp"] for each in messages if each["type"] in ("apply_start", "apply_complete")]
    return times[0], times[-1]


def files_with(folder: Path, text: bytes) -> list[str]:
    written = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in written if text in path.read_bytes()]


@pytest.fixture(scope="module")
def postgres(postgresql: Server) -> str:
    """The connection string of a database of our own."""
    url = urlsplit(postgresql.database())
    (host,) = parse_qs(url.query)["host"]
    return f"host={host} user=postgres dbname={url.path[1:]} sslmode=disable application_name=s3cret"


async def test_a_state_in_postgres_serves_a_whole_life(tmp_path: Path, postgres: str) -> None:
    """Created, changed, undone and destroyed; the connection string stands in no file of ours."""
    place = Workplace(tmp_path, backend=PostgresState(postgres))
    item = await place.deployed()
    assert item.plan_file.state_serial is not None
    change = await place.item("change", plan_id="pln_2", workers=4)
    assert change.plan_file.state_sha256 != item.plan_file.state_sha256
    assert (await place.apply(change, plan_id="pln_2")).status == "succeeded"
    assert await place.executor.drift(change.plan_file, deployment_id=DEPLOYMENT) == ()
    assert await place.executor.leftovers(change) == ()
    destroy = await place.item("destroy", plan_id="pln_3")
    result = await place.apply(destroy, plan_id="pln_3")
    assert result.status == "destroyed", result
    assert place.kinds() == []
    assert files_with(tmp_path, b"s3cret") == []


async def test_in_postgres_a_workspace_is_made_anew_and_the_state_is_put_back_under_its_serial(
    tmp_path: Path, postgres: str
) -> None:
    place = Workplace(tmp_path, backend=PostgresState(postgres))
    await place.deployed()
    wider = await place.item("change", plan_id="pln_1", workers=4)
    files = files_of(decided(network="vnet"))
    plan_file = await place.executor.plan(files, deployment_id=DEPLOYMENT, plan_id="pln_2", action="change")
    assert len(plan_file.lost) == 2
    assert (plan_file.state_serial, plan_file.state_sha256) == (
        wider.plan_file.state_serial,
        wider.plan_file.state_sha256,
    )
    item = item_of(files, plan_file, "change").model_copy(update={"decision": decided(network="vnet")})
    assert (await place.apply(item, plan_id="pln_2")).status == "succeeded"
    again = await place.executor.plan(files, deployment_id=DEPLOYMENT, plan_id="pln_3", action="change")
    assert (again.resources, again.drift) == ((), ())
    stale = await place.apply(wider, plan_id="pln_1")
    assert stale.error is not None
    assert stale.error.kind == "stale_plan"
    destroy = await place.executor.plan(files, deployment_id=DEPLOYMENT, plan_id="pln_4", action="destroy")
    gone = item_of(files, destroy, "destroy").model_copy(update={"decision": decided(network="vnet")})
    assert (await place.apply(gone, plan_id="pln_4")).status == "destroyed"


async def test_first_applies_of_new_states_in_postgres_run_side_by_side(tmp_path: Path, postgres: str) -> None:
    """Their states exist before: the backend's lock on making one would let the second one wait for the first."""
    backend = PostgresState(postgres)
    places = [Workplace(tmp_path / name, speed=0.01, backend=backend) for name in ("one", "two")]
    plans = await asyncio.gather(
        *(
            place.executor.plan(files_of(decided()), deployment_id=f"dep_{number}", plan_id="p", action="create")
            for number, place in enumerate(places)
        )
    )
    started = [
        place.site.attach(Path(plan.folder), place.site.apply_command())
        for place, plan in zip(places, plans, strict=True)
    ]
    ended = await asyncio.gather(*started)
    assert [each.code for each in ended] == [0, 0]
    begun, done = zip(*(worked(each.output) for each in ended), strict=True)
    assert max(begun) < min(done)
