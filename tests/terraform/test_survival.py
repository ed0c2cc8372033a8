"""Terraform that outlives its agent, dies by itself, or is stopped: nothing done twice, lost or hidden."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from carrying import (
    DEPLOYMENT,
    Workplace,
    approved,
    changed,
    decided,
    files_of,
    item_of,
    run_of,
    terraform_pid,
    until,
)

from plugins.domain.errors import Cancelled, DeploymentFailed, NotApproved
from plugins.domain.plan import PlanItem

pytestmark = pytest.mark.terraform

WORKSPACE, BUDGET = "azurerm_databricks_workspace", "azurerm_consumption_budget_resource_group"


def slow(home: Path) -> Workplace:
    return Workplace(home, speed=0.02)


def state_of(home: Path) -> set[str]:
    path = home / "deployments" / DEPLOYMENT / "terraform.tfstate"
    try:
        held = json.loads(path.read_text("utf-8"))["resources"]
    except (OSError, ValueError):
        return set()
    return {each["type"] for each in held if each["mode"] == "managed"}


NETWORK = """
resource "azurerm_virtual_network" "extra" {
  name                = "vnet-extra"
  resource_group_name = local.resource_group_name
  location            = var.location
  address_space       = ["10.9.0.0/24"]
}
"""

AGENT = """
import asyncio, sys
from pathlib import Path
sys.path[:0] = [{tests!r}]
from carrying import Workplace
from plugins.domain.plan import PlanItem
home = Path({home!r})
item = PlanItem.model_validate_json((home / "item.json").read_text())
asyncio.run(Workplace(home, speed=0.02).apply(item))
"""
"""An agent that applies what is planned, for a test to kill."""


def agent(home: Path, item: PlanItem) -> subprocess.Popen[bytes]:
    (home / "item.json").write_text(item.model_dump_json(), "utf-8")
    text = AGENT.format(tests=str(Path(__file__).parent), home=str(home))
    return subprocess.Popen([sys.executable, "-c", text], cwd=Path(__file__).parents[2])


async def test_an_apply_survives_the_kill_of_its_agent_and_is_found_again(tmp_path: Path) -> None:
    """One spawn, one workspace, a whole state; the second agent tells the result of the first one's run."""
    place = slow(tmp_path)
    item = await place.item()
    first = agent(tmp_path, item)
    await until(lambda: place.cloud.resources(WORKSPACE) and BUDGET in state_of(tmp_path))
    first.send_signal(signal.SIGKILL)
    first.wait()
    leader = run_of(item).leader
    result = await place.apply(item)
    assert result.status == "succeeded"
    assert str(result.outputs["workspace_url"]).startswith("https://adb-")
    assert run_of(item).leader == leader
    assert [op.type for op in place.cloud.operations("create")].count(WORKSPACE) == 1
    assert len(state_of(tmp_path)) == 5
    assert (place.steps[-1].done, place.steps[-1].total) == (6, 6)


@pytest.mark.usefixtures("providers_here")
async def test_the_result_of_a_run_that_ended_long_ago_is_the_same(tmp_path: Path) -> None:
    """Also when the approval has expired since: it was used in time."""
    place = Workplace(tmp_path)
    item = await place.item()
    result = await place.apply(item)
    told = list(place.steps)
    later = Workplace(tmp_path)
    later.now = place.now.replace(year=2027)
    assert await later.apply(item) == result
    assert later.steps == told
    assert [step.line for step in told] == sorted({step.line for step in told})


@pytest.mark.usefixtures("providers_here")
async def test_an_approval_that_expired_before_the_start_starts_nothing(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    item = await place.item()
    place.now = place.now.replace(year=2027)
    with pytest.raises(NotApproved):
        await place.apply(item)
    assert not run_of(item).is_started


async def test_two_agents_at_once_start_one_terraform(tmp_path: Path) -> None:
    place, other = Workplace(tmp_path), Workplace(tmp_path)
    item = await place.item()
    one, two = await asyncio.gather(place.apply(item), other.apply(item))
    assert one == two
    assert [op.type for op in place.cloud.operations("create")].count(WORKSPACE) == 1


async def test_a_reader_that_is_cancelled_leaves_terraform_running(tmp_path: Path) -> None:
    place = slow(tmp_path)
    item = await place.item()
    reading = asyncio.create_task(place.apply(item))
    await until(lambda: place.cloud.resources(WORKSPACE) and BUDGET in state_of(tmp_path))
    reading.cancel()
    await asyncio.wait({reading})
    assert run_of(item).is_alive()
    assert (await place.apply(item)).status == "succeeded"


@pytest.mark.alone
async def test_a_killed_terraform_is_told_as_interrupted_within_a_second_and_finished(tmp_path: Path) -> None:
    """What was begun is taken over instead of made twice, under the approval that there is."""
    place = slow(tmp_path)
    item = await place.item()
    reading = asyncio.create_task(place.apply(item))
    await until(lambda: place.cloud.resources(WORKSPACE) and BUDGET in state_of(tmp_path))
    os.kill(terraform_pid(run_of(item)), signal.SIGKILL)
    killed = time.monotonic()
    result = await reading
    assert time.monotonic() - killed < 1
    assert (result.status, result.error.kind if result.error else None) == ("failed", "interrupted")
    await until(lambda: [found.status for found in place.cloud.resources(WORKSPACE)] == ["ready"])

    rest = await place.executor.remaining(item, plan_id="pln_1", attempt=1)
    assert rest.is_within
    assert not rest.is_finished
    assert [found.address for found in rest.plan_file.imported] == [f"{WORKSPACE}.this"]
    finished = await place.apply(item, rest=rest.plan_file)
    assert finished.status == "succeeded"
    assert [op.type for op in place.cloud.operations("create")].count("azurerm_resource_group") == 1
    assert len(place.cloud.resources(WORKSPACE)) == 1
    assert len(state_of(tmp_path)) == 5


async def test_a_killed_terraform_can_be_undone_with_what_it_had_begun(tmp_path: Path) -> None:
    place = slow(tmp_path)
    item = await place.item()
    reading = asyncio.create_task(place.apply(item))
    await until(lambda: place.cloud.resources(WORKSPACE) and BUDGET in state_of(tmp_path))
    os.kill(terraform_pid(run_of(item)), signal.SIGKILL)
    await reading
    place.steps.clear()
    undone = await place.undo(item)
    assert undone.undone == (f"{BUDGET}.workspace", f"{WORKSPACE}.this", "azurerm_resource_group.this")
    assert (undone.left, undone.error) == ((), None)
    assert place.steps[-1].text == "resource group deleted"
    assert place.kinds() == []
    assert await place.undo(item) == undone


async def test_when_only_the_shell_is_killed_terraform_is_still_followed(tmp_path: Path) -> None:
    """Its exit code is then lost: it is told as interrupted, and a new plan shows that nothing remains."""
    place = slow(tmp_path)
    item = await place.item()
    reading = asyncio.create_task(place.apply(item))
    await until(lambda: place.cloud.resources(WORKSPACE) and BUDGET in state_of(tmp_path))
    leader = run_of(item).leader
    assert leader is not None
    os.kill(leader.pid, signal.SIGKILL)
    result = await reading
    assert result.error is not None
    assert result.error.kind == "interrupted"
    rest = await place.executor.remaining(item, plan_id="pln_1", attempt=1)
    assert rest.is_finished
    assert len(state_of(tmp_path)) == 5


async def test_a_run_is_stopped_cleanly_from_elsewhere_and_more_than_once(tmp_path: Path) -> None:
    place = slow(tmp_path)
    item = await place.item()
    reading = asyncio.create_task(place.apply(item))
    await until(lambda: place.cloud.resources(WORKSPACE) and BUDGET in state_of(tmp_path))
    elsewhere = Workplace(tmp_path).executor
    assert any(await asyncio.gather(*(elsewhere.stop("pln_1", DEPLOYMENT) for _ in range(3))))
    result = await reading
    assert result.error is not None
    assert result.error.kind == "cancelled"
    assert not await elsewhere.stop("pln_1", DEPLOYMENT)
    assert state_of(tmp_path) == {"azurerm_resource_group", BUDGET, WORKSPACE}

    rest = await place.executor.remaining(item, plan_id="pln_1", attempt=1)
    assert [(change.address, change.action) for change in rest.beyond] == [(f"{WORKSPACE}.this", "replace")]
    refused = await place.apply(item, rest=rest.plan_file)
    assert refused.error is not None
    assert refused.error.kind == "stale_plan"
    assert (await place.undo(item)).left == ()
    assert place.kinds() == []


@pytest.mark.alone
@pytest.mark.parametrize("seconds", [0.05, 1.0])
async def test_a_run_past_its_limit_is_stopped_and_told_so(tmp_path: Path, seconds: float) -> None:
    """However soon: an interrupt that comes before Terraform is there waits for it."""
    place = slow(tmp_path)
    item = await place.item()
    object.__setattr__(place.site, "apply_seconds", seconds)
    result = await place.apply(item)
    assert result.error is not None
    assert (result.error.kind, result.error.retryable) == ("timeout", True)
    assert not run_of(item).is_alive()


@pytest.mark.usefixtures("providers_here")
async def test_undoing_a_change_touches_nothing_that_was_there_before(tmp_path: Path) -> None:
    """A change that failed after making a resource: that one goes, the workspace stays as it is."""
    place = Workplace(tmp_path)
    await place.standing()
    before = place.kinds()
    item = await place.item("change", plan_id="pln_2", workers=4)
    place.cloud.add_fault("quota", type="databricks_cluster", op="update")
    result = await place.apply(item, plan_id="pln_2")
    assert result.status == "failed"
    undone = await place.undo(item, plan_id="pln_2")
    assert (undone.undone, undone.left, undone.error) == ((), (), None)
    assert place.kinds() == before


@pytest.mark.usefixtures("providers_here")
async def test_undoing_a_change_takes_away_what_the_change_made(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    await place.standing()
    before = place.kinds()
    files = changed(files_of(decided(4)), {"extra.tf": NETWORK})
    plan_file = await place.executor.plan(files, deployment_id=DEPLOYMENT, plan_id="pln_2", action="change")
    item = item_of(files, plan_file, "change", workers=4)
    place.cloud.add_fault("quota", type="databricks_cluster", op="update")
    assert (await place.apply(item, plan_id="pln_2")).status == "failed"
    assert place.kinds() != before
    undone = await place.undo(item, plan_id="pln_2")
    assert (undone.undone, undone.left) == (("azurerm_virtual_network.extra",), ())
    assert place.kinds() == before


@pytest.mark.usefixtures("providers_here")
async def test_what_could_not_be_undone_is_left_for_a_person_and_tried_again(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    item = await place.item()
    place.cloud.add_fault("cluster_start", type="databricks_cluster")
    await place.apply(item)
    place.cloud.add_fault("throttled_for_ever", type=WORKSPACE, op="delete")
    undone = await place.undo(item)
    assert undone.left == (f"{WORKSPACE}.this", "azurerm_resource_group.this")
    assert undone.error is not None
    assert (undone.error.kind, undone.error.retryable) == ("throttled", True)
    assert (await place.undo(item, attempt=2)).left == ()
    assert place.kinds() == []


async def test_a_killed_destroy_is_finished_under_its_approval(tmp_path: Path) -> None:
    """Killed while the cluster is going, for which it has twelve seconds, and something has gone already."""
    place = Workplace(tmp_path)
    await place.standing()
    item = await place.item("destroy", plan_id="pln_2")
    reading = asyncio.create_task(Workplace(tmp_path, speed=0.1).apply(item, plan_id="pln_2"))
    await until(lambda: "databricks_cluster" in (held := state_of(tmp_path)) and BUDGET not in held)
    os.kill(terraform_pid(run_of(item)), signal.SIGKILL)
    result = await reading
    assert result.error is not None
    assert result.error.kind == "interrupted"
    rest = await place.executor.remaining(item, plan_id="pln_2", attempt=1)
    assert (rest.is_within, rest.is_finished) == (True, False)
    assert (await place.apply(item, plan_id="pln_2", rest=rest.plan_file)).status == "destroyed"
    assert place.kinds() == []


async def test_nothing_is_discarded_while_it_runs(tmp_path: Path) -> None:
    place = slow(tmp_path)
    item = await place.item()
    reading = asyncio.create_task(place.apply(item))
    await until(lambda: place.cloud.resources(WORKSPACE))
    place.executor.discard("pln_1")
    assert (await reading).status == "succeeded"
    place.executor.discard("pln_1")
    assert not (tmp_path / "runs" / "pln_1").exists()


@pytest.mark.usefixtures("providers_here")
async def test_a_failed_create_is_undone_resource_by_resource(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    item = await place.item()
    place.cloud.add_fault("cluster_start", type="databricks_cluster")
    assert (await place.apply(item)).status == "failed"
    place.steps.clear()
    undone = await place.undo(item)
    assert len(undone.undone) == 6
    assert undone.left == ()
    assert [step.done for step in place.steps if step.text.endswith("deleted")] == [1, 2, 3, 4, 5, 6]
    assert place.kinds() == []


async def test_a_plan_can_be_planned_again_after_a_crash_in_its_middle(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    planning = asyncio.create_task(place.item())
    folder = tmp_path / "runs" / "pln_1" / DEPLOYMENT
    await until((folder / "plan.pid").exists)
    planning.cancel()
    await asyncio.wait({planning})
    item = await place.item()
    assert len(item.resources) == 6
    assert (await place.apply(item)).status == "succeeded"
    with pytest.raises(DeploymentFailed, match="being applied"):
        await place.item()


async def test_planning_stops_soon_after_it_is_cancelled(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    item = await place.item(plan_id="pln_0")
    started = time.monotonic()
    with pytest.raises(Cancelled):
        await place.executor.plan(
            item.files,
            deployment_id=DEPLOYMENT,
            plan_id="pln_1",
            action="create",
            cancelled=lambda: time.monotonic() > started + 0.1,
        )
    assert not await place.executor.stop("pln_1", DEPLOYMENT)


@pytest.mark.usefixtures("providers_here")
async def test_what_remains_of_another_workspace_is_not_applied(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    item = await place.item()
    other = item.model_copy(update={"deployment_id": "dep_other"})
    rest = await place.executor.remaining(other, plan_id="pln_1", attempt=1)
    with pytest.raises(NotApproved):
        await place.apply(item, rest=rest.plan_file)
    assert place.kinds() == []


@pytest.mark.usefixtures("providers_here")
async def test_an_apply_needs_the_header_the_workspace_and_the_approval_of_one_plan(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    item = await place.item()
    header, approval = approved(item, "pln_1")
    other = item.model_copy(update={"action": "destroy"})
    for wrong in (
        (header, other, approval),
        (header.model_copy(update={"item_digests": (*header.item_digests, "x")}), item, approval),
        (approved(other, "pln_1")[0], item, approval),
        (header, item, approved(other, "pln_1")[1]),
        (header, item, approved(item, "pln_2")[1]),
    ):
        with pytest.raises(NotApproved):
            await place.executor.apply(*wrong, place.steps.append)
    assert place.kinds() == []
