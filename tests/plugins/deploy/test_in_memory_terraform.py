"""The double keeps the executor's promises, and goes wrong as ordered."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "terraform"))

from carrying import DEPLOYMENT, approved, decided, item_of

from agent.paths import place
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.deploy.terraform.stream import Step
from plugins.domain.deployment import Drift
from plugins.domain.plan import PlanAction, PlanItem
from plugins.domain.platform_settings import PlatformSettings


class InMemory:
    """One workspace over the double."""

    def __init__(self) -> None:
        self.terraform = InMemoryTerraform(PlatformSettings(), place("templates") / "terraform")
        self.steps: list[Step] = []

    async def item(self, action: PlanAction = "create", plan_id: str = "pln_1") -> PlanItem:
        files, plan_file = await self.terraform.plan(
            decided(), deployment_id=DEPLOYMENT, plan_id=plan_id, action=action
        )
        return item_of(files, plan_file, action)


async def test_a_second_apply_tells_the_same_and_does_nothing() -> None:
    on = InMemory()
    item = await on.item()
    header, approval = approved(item, "pln_1")
    first = await on.terraform.apply(header, item, approval, on.steps.append)
    assert await on.terraform.apply(header, item, approval, on.steps.append) == first
    assert first.status == "succeeded"
    assert on.terraform.applied == [("pln_1", "Ana")]
    assert on.steps[:6] == on.steps[6:]


async def test_a_death_in_the_middle_is_finished_by_what_remains() -> None:
    on = InMemory()
    item = await on.item()
    header, approval = approved(item, "pln_1")
    on.terraform.die_at(3)
    died = await on.terraform.apply(header, item, approval, on.steps.append)
    assert died.error is not None
    assert died.error.kind == "interrupted"
    rest = await on.terraform.remaining(item, plan_id="pln_1", attempt=1)
    assert (len(rest.plan_file.resources), rest.is_within, rest.is_finished) == (4, True, False)
    done = await on.terraform.apply(header, item, approval, on.steps.append, rest=rest.plan_file)
    assert done.status == "succeeded"
    assert (await on.terraform.remaining(item, plan_id="pln_1", attempt=2)).is_finished


async def test_a_failure_in_the_middle_is_undone() -> None:
    on = InMemory()
    item = await on.item()
    header, approval = approved(item, "pln_1")
    on.terraform.fail_at(4)
    assert (await on.terraform.apply(header, item, approval, on.steps.append)).status == "failed"
    undone = await on.terraform.undo(header, item, approval, on.steps.append, attempt=1)
    assert (len(undone.undone), undone.left) == (3, ())
    rest = await on.terraform.remaining(item, plan_id="pln_1", attempt=1)
    assert len(rest.plan_file.resources) == 6


async def test_drift_is_found_in_what_is_deployed() -> None:
    on = InMemory()
    on.terraform.drifted = (Drift(address="t.a", type="t", what="deleted"),)
    item = await on.item()
    assert await on.terraform.drift(item.plan_file, deployment_id=DEPLOYMENT) == ()
    header, approval = approved(item, "pln_1")
    await on.terraform.apply(header, item, approval, on.steps.append)
    assert await on.terraform.drift(item.plan_file, deployment_id=DEPLOYMENT) == on.terraform.drifted
