"""States that lie in Azure, by Terraform's own azurerm backend: what a run that died held is given back."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from blob_service import STATE, BlobService
from carrying import DEPLOYMENT, Workplace, decided, files_of, item_of, run_of, terraform_pid, until

from plugins.deploy.terraform.contents import Contents
from plugins.deploy.terraform.spawn import DetachedProcess
from plugins.deploy.terraform.state import TerraformState
from plugins.domain.plan import PlanAction, PlanItem

pytestmark = pytest.mark.terraform

WORKSPACE = "azurerm_databricks_workspace"
CONTENTS = {"databricks_cluster.this", "databricks_cluster_policy.this"}
SOON_SECONDS = 10
"""Far less than Terraform would wait for a lock."""


@pytest.fixture(scope="module")
def blobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlobService]:
    service = BlobService(tmp_path_factory.mktemp("blobs"))
    yield service
    service.stop()


@pytest.fixture
def azure_place(tmp_path: Path, blobs: BlobService) -> Callable[[float], Workplace]:
    """Makes a workplace whose states lie there, apart from other tests'."""

    def made(speed: float) -> Workplace:
        place = Workplace(tmp_path, speed=speed, backend=replace(STATE, prefix=f"{tmp_path.name}/"))
        environment = place.site.environment
        object.__setattr__(place.site, "environment", lambda: {**environment(), **blobs.environment})
        return place

    return made


async def planned_anew(place: Workplace, *, plan_id: str, action: PlanAction = "change") -> PlanItem:
    """A plan that makes the workspace anew, in a network; or one that destroys it there."""
    decision = decided(network="vnet")
    files = files_of(decision)
    plan_file = await place.executor.plan(files, deployment_id=DEPLOYMENT, plan_id=plan_id, action=action)
    return item_of(files, plan_file, action).model_copy(update={"decision": decision})


async def state(place: Workplace, plan_id: str) -> TerraformState:
    return await place.site.state(place.site.run_folder(plan_id, DEPLOYMENT), DEPLOYMENT)


async def killed(place: Workplace, item: PlanItem, when: Callable[[], object]) -> None:
    """Terraform dies of SIGKILL in the middle of its apply, and is told as interrupted, soon."""
    reading = asyncio.create_task(place.apply(item))
    await until(when)
    os.kill(terraform_pid(run_of(item)), signal.SIGKILL)
    at = time.monotonic()
    result = await reading
    assert result.error is not None
    assert result.error.kind == "interrupted"
    assert time.monotonic() - at < SOON_SECONDS


async def test_an_apply_that_died_unseen_holds_the_lock_until_it_is_gone_on_with(
    tmp_path: Path, blobs: BlobService, azure_place: Callable[[float], Workplace]
) -> None:
    """The machine went away, and a blob's lease has no end: whoever takes over gives it back and finishes the work."""
    blob = f"{tmp_path.name}/{DEPLOYMENT}.tfstate"
    place = azure_place(0.02)
    item = await place.item()
    reading = asyncio.create_task(place.apply(item))
    await until(lambda: place.cloud.resources(WORKSPACE))
    reading.cancel()
    run_of(item).signal(signal.SIGKILL)
    await until(lambda: run_of(item).has_ended)
    assert blobs.is_locked(blob)
    await until(lambda: [found.status for found in place.cloud.resources(WORKSPACE)] == ["ready"])
    rest = await place.executor.remaining(item, plan_id="pln_1", attempt=1)
    assert not blobs.is_locked(blob)
    assert (rest.is_within, rest.is_finished) == (True, False)
    assert (await place.apply(item, rest=rest.plan_file)).status == "succeeded"
    # The cloud notes an operation at its end, which what died may not have reached.
    assert [op.type for op in place.cloud.operations("create")].count(WORKSPACE) <= 1
    destroy = await azure_place(0).item("destroy", plan_id="pln_2")
    assert (await azure_place(0).apply(destroy, plan_id="pln_2")).status == "destroyed"
    assert place.kinds() == []
    assert not blobs.is_locked(blob)


@pytest.mark.usefixtures("providers_here")
async def test_a_workspace_is_made_anew_and_a_plan_that_is_not_applied_leaves_the_state_as_it_was(
    azure_place: Callable[[float], Workplace],
) -> None:
    place = azure_place(0)
    await place.deployed()
    before = await state(place, "pln_0")
    item = await planned_anew(place, plan_id="pln_1")
    assert {each.address for each in item.plan_file.lost} == CONTENTS
    assert await state(place, "pln_1") == before
    await Contents(place.site).take_out(Path(item.plan_file.folder), DEPLOYMENT)
    assert not CONTENTS & (await state(place, "pln_1")).resources.keys()
    other = azure_place(0)
    assert await other.executor.drift_now(files_of(decided()), deployment_id=DEPLOYMENT, run_id="drf_1") == ()
    assert await state(place, "pln_1") == before
    assert (await other.apply(item)).status == "succeeded"
    again = await planned_anew(place, plan_id="pln_2")
    assert (again.resources, again.plan_file.drift) == ((), ())
    gone = await planned_anew(place, plan_id="pln_3", action="destroy")
    assert (await place.apply(gone, plan_id="pln_3")).status == "destroyed"


async def test_what_was_taken_out_of_the_state_is_in_it_again_after_a_kill(
    tmp_path: Path, blobs: BlobService, azure_place: Callable[[float], Workplace]
) -> None:
    """The old workspace stands, and Terraform dies with the lock in its hand."""
    await azure_place(0).deployed()
    place = azure_place(0.02)
    item = await planned_anew(place, plan_id="pln_1")
    await killed(place, item, lambda: place.cloud.resources("azurerm_virtual_network"))
    assert (await state(place, "pln_1")).resources.keys() >= CONTENTS
    assert not blobs.is_locked(f"{tmp_path.name}/{DEPLOYMENT}.tfstate")
    rest = await place.executor.remaining(item, plan_id="pln_1", attempt=1)
    assert rest.is_within
    fast = azure_place(0)
    assert (await fast.apply(item, rest=rest.plan_file)).status == "succeeded"
    assert len(place.cloud.resources(WORKSPACE)) == 1


@pytest.mark.parametrize("next_plan", ["pln_1", "pln_2"], ids=["made in its place", "made after its files went"])
async def test_a_plan_that_died_unseen_gives_its_lock_back_to_the_next(
    tmp_path: Path, blobs: BlobService, azure_place: Callable[[float], Workplace], next_plan: str
) -> None:
    """Nobody saw it die, and its files alone tell that it did: they stay until its lock is given back."""
    place, blob = azure_place(0), f"{tmp_path.name}/{DEPLOYMENT}.tfstate"
    planning = asyncio.create_task(place.item())
    run = DetachedProcess(place.site.run_folder("pln_1", DEPLOYMENT), "plan")
    await until(lambda: run.is_started and blobs.is_locked(blob))
    planning.cancel()
    run.signal(signal.SIGKILL)
    await asyncio.wait({planning})
    assert blobs.is_locked(blob)
    if next_plan != "pln_1":
        place.executor.discard("pln_1")
    assert len((await place.item(plan_id=next_plan)).resources) == 6
    assert not blobs.is_locked(blob)
    place.executor.discard("pln_1")
    assert not run.folder.exists()
