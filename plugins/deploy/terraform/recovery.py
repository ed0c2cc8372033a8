"""After an unclean end: what has drifted, what remains, what can be undone, what was left behind."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from plugins.deploy.adoption import with_imports
from plugins.deploy.summary import beyond, resource_changes
from plugins.deploy.terraform import orphans
from plugins.deploy.terraform.contents import Contents
from plugins.deploy.terraform.failures import failure_of
from plugins.deploy.terraform.process import TerraformCommand
from plugins.deploy.terraform.site import APPLY, Site
from plugins.deploy.terraform.spawn import DetachedProcess
from plugins.deploy.terraform.state import undoable
from plugins.deploy.terraform.stream import Tell, Watcher
from plugins.domain.deployment import Drift, Failure, Leftover, Undone
from plugins.domain.plan import PlanFile, PlanItem, ResourceChange
from plugins.private import write_private

BEFORE = "before.json"
"""In a run's folder: the addresses that stood in the state when the plan was made."""

_STOOD = "stood.json"
"""In a run's folder: type and id of what lay in its groups in the simulated cloud when it was first applied."""

_CREATED = "created.json"
"""In an undoing's folder: the addresses that it is about, and those of them that it takes away."""


@dataclass(frozen=True)
class Remaining:
    """A new plan for what is left to do; `beyond` is what of it was never approved."""

    plan_file: PlanFile
    beyond: tuple[ResourceChange, ...]

    @property
    def is_finished(self) -> bool:
        """Nothing is left: it had come to its end."""
        return not self.plan_file.resources and not self.plan_file.imported

    @property
    def is_within(self) -> bool:
        """It may go on under the approval that there is."""
        return not self.beyond


class Recovery:
    """Works in folders that the executor gives it."""

    def __init__(self, site: Site, contents: Contents) -> None:
        self._site = site
        self._contents = contents

    async def drift(self, folder: Path, deployment_id: str) -> tuple[Drift, ...]:
        await self._contents.put_back(folder, deployment_id)
        if not (await self._site.state(folder, deployment_id)).resources:
            return ()
        return await self._contents.drift(folder, deployment_id)

    async def remaining(self, item: PlanItem, folder: Path) -> Remaining:
        """Objects that were begun and stand in no state are taken over instead of created a second time."""
        destroy = item.action == "destroy"
        await self._contents.prepare(folder, item.files, item.deployment_id)
        planned = await self._contents.planned(folder, item.deployment_id, *(("-destroy",) if destroy else ()))
        # First as if nothing had been begun: what that plan would create and the cloud holds already is what the run
        # left.
        lost = {} if destroy else orphans.begun(planned.plan_json, await self._orphans(item))
        if lost:
            extra = with_imports(item.files, lost).files
            # Only files that the approved ones do not have: those are planned again as they were approved.
            for name in extra.keys() - item.files.files.keys():
                write_private(folder / name, extra[name])
            planned = await self._contents.planned(folder, item.deployment_id)
        plan_file = await self._site.bound(folder, item.deployment_id, planned)
        return Remaining(plan_file, beyond(plan_file.resources, item.resources))

    async def undo(self, item: PlanItem, folder: Path, tell: Tell) -> Undone:
        # Only the first call plans. A later one, after a restart, follows what runs: it must not plan over a state that
        # moves.
        if not DetachedProcess(folder, APPLY).is_started:
            targets = await self._to_undo(item, folder)
            if not targets:
                return Undone(left=_created(folder)[0], error=await self._let_go(item, folder))
            await self._contents.take_out(folder, item.deployment_id)
        created, targets = _created(folder)
        watcher = Watcher(total=len(targets), tell=tell)
        ended = await self._site.attach(folder, self._site.apply_command(), watcher.read_line)
        # Before anything is let go of: a whole state that is put back later would bring that again.
        await self._contents.put_back_if_possible(folder, item.deployment_id)
        failure = await self._let_go(item, folder)
        now = await self._site.state(folder, item.deployment_id)
        if ended.code != 0:
            died = ended.code is None
            failure = failure_of(watcher.diagnostics, errors=ended.errors, stopped=ended.stopped, died=died)
        return Undone(
            undone=tuple(address for address in created if address not in now.resources),
            left=tuple(address for address in created if address in now.resources),
            error=failure,
        )

    async def remember(self, item: PlanItem) -> None:
        """Writes down what lies in its groups before its plan is applied: nothing of that is the run's. What the plan
        makes anew has the same id afterwards, and is the run's.
        """
        if self._site.cloud is None:
            return
        folder = Path(item.plan_file.folder)
        held = (await self._site.state(folder, item.deployment_id)).resources
        anew = {change.address for change in item.resources if change.action == "replace"}
        replaced = {(one.type, one.id.lower()) for address, one in held.items() if address in anew}
        there = [each for each in orphans.there(self._site.cloud, item.decision) if each not in replaced]
        (folder / _STOOD).write_text(json.dumps(there), "utf-8")

    async def leftovers(self, item: PlanItem) -> tuple[Leftover, ...] | None:
        """What stands beside a workspace that is taken over may be anybody's: nothing of it is a leftover."""
        if self._site.cloud is None:
            return None
        folder = self._site.initialised(item.deployment_id)
        if folder is None:
            return None
        if item.plan_file.imported:
            return ()
        state = await self._site.state(folder, item.deployment_id)
        # The quick look first: reading the states of all other deployments costs a file each.
        if not orphans.unknown(self._site.cloud, item.decision, state):
            return ()
        stood = () if item.action == "destroy" else _stood(item)
        if stood is None:
            return ()
        # A group may be shared: what another deployment holds in it is no leftover of this one.
        others = {(owned.type, owned.id.lower()) for owned in self._site.held_by_others(item.deployment_id)}
        return orphans.unknown(self._site.cloud, item.decision, state, others.union(stood))

    async def _to_undo(self, item: PlanItem, folder: Path) -> tuple[str, ...]:
        """Plans the undoing and writes down what it is about; the addresses that it takes away."""
        await self._contents.prepare(folder, item.files, item.deployment_id)
        await self._take_over(item, folder)
        stood = json.loads((Path(item.plan_file.folder) / BEFORE).read_text("utf-8"))
        # What was taken over stood before, too, although no state held it.
        before = frozenset(stood) | {imported.address for imported in item.plan_file.imported}
        now = (await self._site.state(folder, item.deployment_id)).resources
        created, targets = sorted(set(now) - before), sorted(undoable(now, before))
        if targets:
            options = ("-destroy", *(f"-target={address}" for address in targets))
            changes = resource_changes((await self._contents.planned(folder, item.deployment_id, *options)).plan_json)
            # A target brings along what depends on it. What would touch anything else is not undone at all.
            if any(change.action != "delete" or change.address not in targets for change in changes):
                targets = []
        write_private(folder / _CREATED, json.dumps([created, targets]))
        return tuple(targets)

    async def _take_over(self, item: PlanItem, folder: Path) -> None:
        """Puts what was begun and stands in no state into the state, so that it can be destroyed."""
        leftovers = await self._orphans(item)
        if not leftovers:
            return
        for address, own_id in orphans.begun(
            (await self._contents.planned(folder, item.deployment_id)).plan_json, leftovers
        ).items():
            await self._site.run(folder, TerraformCommand("import", ("import", "-input=false", address, own_id), 300))

    async def _orphans(self, item: PlanItem) -> Collection[Leftover]:
        """What was begun and stands in no state."""
        return await self.leftovers(item) or ()

    async def _let_go(self, item: PlanItem, folder: Path) -> Failure | None:
        """Takes out of the state what the run had taken over, which stands as it did; the failure, if that fails."""
        resources = (await self._site.state(folder, item.deployment_id)).resources
        imported = [each.address for each in item.plan_file.imported if each.address in resources]
        if not imported:
            return None
        ended = await self._site.run(folder, self._site.let_go_command(imported))
        if ended.code == 0:
            return None
        return failure_of((), errors=ended.errors, stopped=ended.stopped, died=ended.code is None)


def _stood(item: PlanItem) -> list[tuple[str, str]] | None:
    """None for a plan that was never applied: it can have left nothing."""
    path = Path(item.plan_file.folder) / _STOOD
    if not path.is_file():
        return None
    resources: list[tuple[str, str]] = json.loads(path.read_text("utf-8"))
    return [(kind, own_id) for kind, own_id in resources]


def _created(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    created, targets = json.loads((folder / _CREATED).read_text("utf-8"))
    return tuple(created), tuple(targets)
