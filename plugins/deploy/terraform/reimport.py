"""Taking over again what the records say is deployed, after its state was lost: a plan of imports.

The records name the workspace's id, the cluster's and its policy's. Everything else is found by its name, which the
plan itself tells: Terraform plans, what it would create gets the id that Azure gives an object of that name, and it
plans again, until nothing is found any more; then what lives in the workspace. What is not in the cloud is left to be
created, and is seen in the plan.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from plugins.deploy.adoption import GROUP, WORKSPACE, import_ids, with_imports
from plugins.deploy.sandbox import arm
from plugins.deploy.sentences import SAYS
from plugins.deploy.terraform.refusal import PlanRefused
from plugins.deploy.terraform.site import Site
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import DeploymentFailed
from plugins.domain.plan import TerraformFiles

_MOST_ROUNDS = 12
_ABSENT = re.compile(r'import an existing object to "(\w+\.\w+)"')
"""In Terraform's own words (1.11), the address of an import whose object does not exist."""

_OUTPUTS = {"databricks_cluster.this": "cluster_id", "databricks_cluster_policy.this": "cluster_policy_id"}


def recorded_ids(decision: InfrastructureDecision, outputs: Mapping[str, JsonValue]) -> dict[str, str]:
    """Address → id of what the outputs of a deployed workspace name.

    Raises DeploymentFailed when not even the workspace's own id is among them.
    """
    own = outputs.get("workspace_resource_id")
    if not isinstance(own, str):
        raise SAYS.error(DeploymentFailed, "reimport.no_id")
    ids = import_ids(own)
    if decision.existing_resource_group:
        del ids[GROUP]
    return ids | {address: str(outputs[name]) for address, name in _OUTPUTS.items() if outputs.get(name)}


class Reimport:
    """Works in a folder that was prepared for the files."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def planned(
        self, folder: Path, files: TerraformFiles, recorded: Mapping[str, str]
    ) -> tuple[TerraformFiles, Mapping[str, Any]]:
        """The files with all that can be taken over, and what their plan shows. Raises DeploymentFailed."""
        # What lives in the workspace comes last: while a network is still to be found, the plan makes the workspace
        # anew, and nothing in it can be read under an address that is not known.
        contents = {address: own_id for address, own_id in recorded.items() if address in _OUTPUTS}
        ids, absent = {address: recorded[address] for address in recorded if address not in contents}, set[str]()
        subscription = recorded[WORKSPACE].split("/")[2]
        for _ in range(_MOST_ROUNDS):
            with_blocks = with_imports(files, ids)
            _write(folder, files, with_blocks)
            plan_json, missing = await self._shown(folder)
            if WORKSPACE in missing:
                raise SAYS.error(DeploymentFailed, "reimport.gone")
            absent |= missing
            more = importable(plan_json, subscription)
            present = {address: own_id for address, own_id in more.items() if address not in absent}
            if not missing and not present:
                if not contents:
                    return with_blocks, plan_json
                present, contents = contents, {}
            ids = {address: own_id for address, own_id in (ids | present).items() if address not in absent}
        raise SAYS.error(DeploymentFailed, "reimport.no_end")

    async def _shown(self, folder: Path) -> tuple[Mapping[str, Any], set[str]]:
        """What the plan shows, or the addresses of the imports whose objects are not in the cloud."""
        try:
            return await self._site.plan(folder), set()
        except PlanRefused as refused:
            texts = [str(d.get("detail", "")) for d in refused.diagnostics]
            missing = {match[1] for text in texts for match in _ABSENT.finditer(text)}
            if not missing:
                raise
            return {}, missing


def importable(plan_json: Mapping[str, Any], subscription: str) -> dict[str, str]:
    """Address → id of what a plan would create and whose name, and whose place, it knows already."""
    ids: dict[str, str] = {}
    for change in plan_json.get("resource_changes", ()):
        if change["change"]["actions"] != ["create"] or change["type"] not in arm.TYPES:
            continue
        values: Mapping[str, Any] = change["change"].get("after") or {}
        if all(values.get(name) for name in arm.needed(change["type"])):
            ids[change["address"]] = arm.resource_id(change["type"], dict(values), subscription)
    return ids


def _write(folder: Path, files: TerraformFiles, with_blocks: TerraformFiles) -> None:
    for name in with_blocks.files.keys() - files.files.keys():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(with_blocks.files[name], "utf-8")
