"""After an unclean end: what has drifted, what remains, what can be undone, what was left behind."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from plugins.deploy.adoption import with_imports
from plugins.deploy.summary import beyond, drifted, resource_changes
from plugins.deploy.terraform import orphans
from plugins.deploy.terraform.failures import failure_of
from plugins.deploy.terraform.process import Command
from plugins.deploy.terraform.site import APPLY, Site
from plugins.deploy.terraform.spawn import Run
from plugins.deploy.terraform.state import undoable
from plugins.deploy.terraform.stream import Tell, Watcher
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Drift, Leftover, Undone
from plugins.domain.plan import PlanFile, PlanItem, ResourceChange
from plugins.private import write_private

BEFORE = "before.json"
"""In a run's folder: the addresses that stood in the state when the plan was made."""

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

    def __init__(self, site: Site) -> None:
        self._site = site

    async def drift(self, folder: Path, deployment_id: str) -> tuple[Drift, ...]:
        if not (await self._site.state(folder, deployment_id)).resources:
            return ()
        return drifted(await self._site.drift(folder))

    async def remaining(self, item: PlanItem, folder: Path) -> Remaining:
        """Objects that were begun and stand in no state are taken over instead of created a second time."""
        destroy = item.action == "destroy"
        await self._site.prepare(folder, item.files, item.deployment_id)
        shown = await self._site.plan(folder, *(("-destroy",) if destroy else ()))
        lost = {} if destroy else orphans.begun(shown, await self._orphans(item))
        if lost:
            extra = with_imports(item.files, lost).files
            for name in extra.keys() - item.files.files.keys():
                write_private(folder / name, extra[name])
            shown = await self._site.plan(folder)
        plan_file = await self._site.bound(folder, item.deployment_id, shown)
        return Remaining(plan_file, beyond(plan_file.resources, item.resources))

    async def undo(self, item: PlanItem, folder: Path, tell: Tell) -> Undone:
        if not Run(folder, APPLY).is_started:
            targets = await self._to_undo(item, folder)
            if not targets:
                return Undone(left=_created(folder)[0])
        created, targets = _created(folder)
        watcher = Watcher(total=len(targets), tell=tell)
        ended = await self._site.attach(folder, self._site.apply_command(), watcher.told)
        now = await self._site.state(folder, item.deployment_id)
        failure = None
        if ended.code != 0:
            died = ended.code is None
            failure = failure_of(watcher.diagnostics, errors=ended.errors, stopped=ended.stopped, died=died)
        return Undone(
            undone=tuple(address for address in created if address not in now.resources),
            left=tuple(address for address in created if address in now.resources),
            error=failure,
        )

    async def leftovers(self, decision: InfrastructureDecision, deployment_id: str) -> tuple[Leftover, ...] | None:
        if self._site.cloud is None:
            return None
        folder = self._site.initialised(deployment_id)
        if folder is None:
            return None
        return orphans.unknown(self._site.cloud, decision, await self._site.state(folder, deployment_id))

    async def _to_undo(self, item: PlanItem, folder: Path) -> tuple[str, ...]:
        """Plans the undoing and writes down what it is about; the addresses that it takes away."""
        await self._site.prepare(folder, item.files, item.deployment_id)
        await self._take_over(item, folder)
        stood = json.loads((Path(item.plan_file.folder) / BEFORE).read_text("utf-8"))
        before = frozenset(stood) | {taken.address for taken in item.plan_file.imported}
        now = (await self._site.state(folder, item.deployment_id)).resources
        created, targets = sorted(set(now) - before), sorted(undoable(now, before))
        if targets:
            shown = await self._site.plan(folder, "-destroy", *(f"-target={address}" for address in targets))
            changes = resource_changes(shown)
            if any(change.action != "delete" or change.address not in targets for change in changes):
                targets = []
        write_private(folder / _CREATED, json.dumps([created, targets]))
        return tuple(targets)

    async def _take_over(self, item: PlanItem, folder: Path) -> None:
        """Puts what was begun and stands in no state into the state, so that it can be destroyed."""
        found = await self._orphans(item)
        if not found:
            return
        for address, own_id in orphans.begun(await self._site.plan(folder), found).items():
            await self._site.run(folder, Command("import", ("import", "-input=false", address, own_id), 300))

    async def _orphans(self, item: PlanItem) -> Collection[Leftover]:
        """What was begun and stands in no state; nothing for a workspace that is taken over: what stands beside it
        may be anybody's.
        """
        if item.plan_file.imported:
            return ()
        return await self.leftovers(item.decision, item.deployment_id) or ()


def _created(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    created, targets = json.loads((folder / _CREATED).read_text("utf-8"))
    return tuple(created), tuple(targets)
