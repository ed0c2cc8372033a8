"""What lives in a workspace, kept out of Terraform's way while the workspace itself is to be made.

A cluster and its policy cannot be looked at while their workspace's address is unknown: the databricks provider then
has no host, and every plan that replaces the workspace, or finds it deleted, stops (databricks 1.128.0 over a local
double of Azure, 2026-11-29; `-refresh=false` and `replace_triggered_by` do not help). So such a plan is made on a copy
of the state without them; they are created with the new workspace, in the same plan, under the same consent.

The state as it stands is kept beside it (`whole.tfstate`) for as long as the copy lies in its place, and whoever comes
next puts it back: exactly, where nothing was applied; merged into what is there, where an apply ended before the old
workspace went. The copy lies with the run (`without.tfstate`), for the apply.

Why not two states, one a stage: a new workspace's contents would be planned after the consent.
"""

import contextlib
import json
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

from plugins.deploy.adoption import WORKSPACE
from plugins.deploy.summary import drifted, refreshed
from plugins.deploy.terraform.process import stop
from plugins.deploy.terraform.refusal import PlanRefused
from plugins.deploy.terraform.site import Planned, Site
from plugins.deploy.terraform.spawn import runs_in
from plugins.deploy.terraform.state import read_state, state_of
from plugins.domain.deployment import Drift
from plugins.domain.errors import InfraError
from plugins.domain.plan import LostContent, TerraformFiles
from plugins.private import write_private

Json = Mapping[str, Any]

_PREFIX = "databricks_"
_WITHOUT, _WHOLE = "without.tfstate", "whole.tfstate"
_NO_HOST = ("cannot configure default credentials", "host is required", "no such host")
"""How the databricks provider says that it has no workspace to speak to."""


class Contents:
    """Works on one deployment's state, in folders that were prepared for it."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def prepare(self, folder: Path, files: TerraformFiles, deployment_id: str) -> None:
        """As the site does; and what somebody who died had taken out of the state is in it again."""
        await self._site.prepare(folder, files, deployment_id)
        await self.put_back(folder, deployment_id)

    async def planned(self, folder: Path, deployment_id: str, *options: str) -> Planned:
        """Plans; once more without what lives in the workspace, where that is what stopped the first. The state is
        afterwards as it was. Raises DeploymentFailed.
        """
        (folder / _WITHOUT).unlink(missing_ok=True)
        whole = read_state(await self._site.state_text(folder, deployment_id)) if "-destroy" in options else None
        try:
            return _planned(await self._site.plan(folder, *options), whole)
        except PlanRefused as refused:
            if not _has_no_host(refused):
                raise
            async with self._without(folder, deployment_id) as lost:
                plan_json: Json = await self._site.plan(folder, *options) if lost else {}
            # Without a workspace that comes or went, the provider's words meant a sign-in.
            if not lost or not _is_made_or_gone(plan_json):
                (folder / _WITHOUT).unlink(missing_ok=True)
                raise
            return _planned(plan_json, whole, lost)

    async def drift(self, folder: Path, deployment_id: str) -> tuple[Drift, ...]:
        """What a refresh-only plan finds otherwise than the state has it; what lived in a workspace that is gone went
        with it. In the folder of a plan that was made without the contents, they are not looked at either.
        """
        if (folder / _WITHOUT).exists():
            async with self._without(folder, deployment_id, keep=True):
                return drifted(await self._site.drift(folder))
        try:
            return drifted(await self._site.drift(folder))
        except PlanRefused as refused:
            if not _has_no_host(refused):
                raise
        async with self._without(folder, deployment_id) as lost:
            found = drifted(await self._site.drift(folder))
        (folder / _WITHOUT).unlink(missing_ok=True)
        return found + tuple(_gone(each) for each in lost)

    async def take_out(self, folder: Path, deployment_id: str) -> None:
        """Puts the state on which the folder's plan was made into place, just before it is applied; nothing where that
        is the state as it stands.
        """
        copy = folder / _WITHOUT
        if copy.exists():
            new = self._kept(deployment_id).with_suffix(".new")
            write_private(new, await self._site.state_text(folder, deployment_id))
            new.replace(self._kept(deployment_id))
            await self._site.put_state(folder, deployment_id, copy.read_text("utf-8"))

    async def put_back(self, folder: Path, deployment_id: str) -> None:
        """Undoes `take_out`, as far as the workspace is still the one that they live in; nothing while an apply runs,
        or where nothing was taken out. May be called again at any time.
        """
        kept = self._kept(deployment_id)
        if not kept.exists() or self._site.is_being_applied(deployment_id):
            return
        whole, now = kept.read_text("utf-8"), await self._site.state_text(folder, deployment_id)
        put = restored(whole, now)
        if put is not None:
            await self._site.put_state(folder, deployment_id, put)
        kept.unlink()

    async def put_back_if_possible(self, folder: Path, deployment_id: str) -> None:
        """The same at the end of an apply, whose result is not to be lost where the state cannot be reached just then:
        whoever comes next puts it back.
        """
        with contextlib.suppress(InfraError):
            await self.put_back(folder, deployment_id)

    def _kept(self, deployment_id: str) -> Path:
        return self._site.state_path(deployment_id).with_name(_WHOLE)

    @contextlib.asynccontextmanager
    async def _without(
        self, folder: Path, deployment_id: str, *, keep: bool = False
    ) -> AsyncGenerator[tuple[LostContent, ...], None]:
        """In here the state is the copy. `keep` leaves the copy that lies there already as it is."""
        whole = await self._site.state_text(folder, deployment_id)
        lost = contents_of(whole)
        if not lost:
            yield ()
            return
        if not keep:
            write_private(folder / _WITHOUT, without_contents(whole))
        try:
            await self.take_out(folder, deployment_id)
            yield lost
        finally:
            # Of one who was told to stop, Terraform still runs and holds the lock.
            for run in runs_in(folder):
                await stop(run)
            await self.put_back(folder, deployment_id)


def contents_of(text: str) -> tuple[LostContent, ...]:
    """What a state file holds of what lives in the workspace."""
    return tuple(
        LostContent(address=f"{each['type']}.{each['name']}", type=each["type"], name=_called(each))
        for each in _contents(read_state(text))
    )


def without_contents(text: str) -> str:
    """The state file without them, as the next in the line of its versions."""
    content = dict(read_state(text))
    kept = [each for each in content["resources"] if not _is_content(each)]
    return json.dumps({**content, "resources": kept, "serial": content["serial"] + 1}, indent=2)


def restored(whole: str, now: str) -> str | None:
    """What the state must be for the contents to be in it again; None where it is right as it is: they stand in it, or
    the workspace that they lived in is gone from it.
    """
    if state_of(now).sha256 == state_of(without_contents(whole)).sha256:
        return whole
    before, current = read_state(whole), read_state(now)
    resources: list[Json] = [*current.get("resources", ())]
    if not current or _workspace(before) is None or _workspace(before) != _workspace(current):
        return None
    held = {(each["type"], each["name"]) for each in resources}
    missing = [each for each in _contents(before) if (each["type"], each["name"]) not in held]
    if not missing:
        return None
    merged = {**current, "resources": [*resources, *missing], "serial": current["serial"] + 1}
    return json.dumps(merged, indent=2)


def _planned(plan_json: Json, destroyed: Json | None, lost: tuple[LostContent, ...] = ()) -> Planned:
    """`destroyed` is the state that a destroy is planned of, None for any other plan."""
    if destroyed is None:
        return Planned(plan_json, drifted(plan_json), lost)
    gone = {each.address for each in lost}
    drift = (each for each in refreshed(destroyed, plan_json) if each.address not in gone)
    return Planned(plan_json, tuple(drift), lost)


def _gone(content: LostContent) -> Drift:
    return Drift(address=content.address, type=content.type, what="deleted")


def _has_no_host(refused: PlanRefused) -> bool:
    # Of the contents alone: a network without names says the same of Azure itself.
    own = [each for each in refused.diagnostics if str(each.get("address", "")).startswith(_PREFIX)]
    texts = [f"{each.get('summary', '')}\n{each.get('detail', '')}" for each in own]
    return any(sentence in text for text in texts for sentence in _NO_HOST)


def _is_made_or_gone(plan_json: Json) -> bool:
    """Whether the plan makes the workspace, or found that it is not there any more."""
    changes: list[Json] = plan_json.get("resource_changes", [])
    if any(change["address"] == WORKSPACE and "create" in change["change"]["actions"] for change in changes):
        return True
    root: Json = plan_json.get("prior_state", {}).get("values", {}).get("root_module", {})
    return WORKSPACE not in {each["address"] for each in root.get("resources", ())}


def _is_content(resource: Json) -> bool:
    return resource.get("mode") == "managed" and str(resource["type"]).startswith(_PREFIX)


def _contents(content: Json) -> list[Json]:
    resources: list[Json] = content.get("resources", [])
    return [each for each in resources if _is_content(each)]


def _workspace(content: Json) -> str | None:
    """The number that Databricks gave the workspace, which one that is made anew under its name does not get."""
    for resource in content.get("resources", ()):
        if f"{resource['type']}.{resource['name']}" == WORKSPACE:
            instances = [each for each in resource["instances"] if "deposed" not in each and not each.get("status")]
            return next((str(each["attributes"].get("workspace_id")) for each in instances), None)
    return None


def _called(resource: Json) -> str:
    instances: list[Json] = resource["instances"]
    attributes: Json = (instances[0].get("attributes") if instances else None) or {}
    return str(attributes.get("cluster_name") or attributes.get("name") or resource["name"])
