"""Reading Terraform's state: what it holds by address, and what binds a plan to it. No attribute but ids is kept."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from plugins.deploy.adoption import WORKSPACE
from plugins.deploy.sentences import SAYS
from plugins.domain.errors import DeploymentFailed, StateLost

Expects = Literal["nothing", "state", "workspace"]
"""What must stand in the state for a plan to be right: nothing yet, some state however empty, or the workspace."""


@dataclass(frozen=True)
class StateResource:
    """One managed resource: its id in the cloud, and the addresses that it was made from, near and far."""

    type: str
    id: str
    dependencies: frozenset[str]


@dataclass(frozen=True)
class TerraformState:
    """`serial` and `sha256` are None where there is no state yet. The hash is over all that the state holds, but not
    over how its text is arranged: a remote backend lists the results of checks in any order.
    """

    serial: int | None = None
    sha256: str | None = None
    resources: Mapping[str, StateResource] = field(default_factory=dict[str, StateResource])


def state_of(text: str) -> TerraformState:
    """The state that a state file, or `state pull`, tells of; empty text, or one without lineage, is none.

    Raises DeploymentFailed for one that is damaged, as a kill in the middle of writing may leave it.
    """
    content = read_state(text)
    if not content:
        return TerraformState()
    resources = {
        _address(resource, instance): StateResource(
            type=resource["type"],
            id=_id(instance),
            dependencies=frozenset(instance.get("dependencies", ())),
        )
        for resource in content.get("resources", ())
        if resource.get("mode") == "managed"
        for instance in resource.get("instances", ())
        # A deposed instance is the one that a replacement has not yet deleted: the address stands for the new one.
        if "deposed" not in instance
    }
    return TerraformState(content.get("serial"), _hash(content), resources)


def read_state(text: str) -> Mapping[str, Any]:
    """A state file's own JSON; {} where there is none yet. Raises DeploymentFailed for one that is damaged."""
    try:
        content: Mapping[str, Any] = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise SAYS.error(DeploymentFailed, "state.damaged") from error
    # Without lineage it is what `state pull` prints of a state that was never written.
    return content if content.get("lineage") else {}


def require_state(state: TerraformState, expects: Expects) -> None:
    """Raises StateLost where what the records say is deployed does not stand in the state."""
    whole = WORKSPACE in state.resources
    if expects == "nothing" or whole or (expects == "state" and state.serial is not None):
        return
    raise SAYS.error(StateLost, "state.lost")


def empty_state(terraform_version: str) -> str:
    """A state without anything, as JSON. The pg backend locks all others while a first state is made, for as long as
    the apply lasts (github.com/hashicorp/terraform issue 33217, seen with 1.11.4 on 2026-11-22); where one stands it
    does not.
    """
    return json.dumps(
        {
            "version": 4,
            "terraform_version": terraform_version,
            "serial": 1,
            "lineage": str(uuid.uuid4()),
            "outputs": {},
            "resources": [],
        }
    )


def undoable(now: Mapping[str, StateResource], before: frozenset[str]) -> frozenset[str]:
    """What stands in the state now, did not before, and nothing that stood before hangs on."""
    standing = {address for address in now if address in before}
    needed = {dependency for address in standing for dependency in now[address].dependencies}
    return frozenset(address for address in now if address not in before and address.split("[", 1)[0] not in needed)


def _hash(content: Mapping[str, Any]) -> str:
    lasting = {name: value for name, value in content.items() if name != "check_results"}
    return hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()


def _id(instance: Mapping[str, Any]) -> str:
    attributes: Mapping[str, Any] = instance.get("attributes") or {}
    return str(attributes.get("id", ""))


def _address(resource: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    module = f"{resource['module']}." if resource.get("module") else ""
    index = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
    return f"{module}{resource['type']}.{resource['name']}{index}"
