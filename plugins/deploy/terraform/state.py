"""Reading Terraform's state: what it holds by address, and what binds a plan to it. No attribute but ids is kept."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from plugins.deploy.adoption import WORKSPACE
from plugins.domain.errors import DeploymentFailed, StateLost

Expects = Literal["nothing", "state", "workspace"]
"""What must stand in the state for a plan to be right: nothing yet, some state however empty, or the workspace."""


@dataclass(frozen=True)
class Held:
    """One managed resource: its id in the cloud, and the addresses that it was made from, near and far."""

    type: str
    id: str
    dependencies: frozenset[str]


@dataclass(frozen=True)
class State:
    """`serial` and `sha256` are None where there is no state yet. The hash is over all that the state holds, but not
    over how its text is arranged: a remote backend lists the results of checks in any order.
    """

    serial: int | None = None
    sha256: str | None = None
    resources: Mapping[str, Held] = field(default_factory=dict[str, Held])


def state_of(text: str) -> State:
    """The state that a state file, or `state pull`, tells of; empty text, or one without lineage, is none.

    Raises DeploymentFailed for one that is damaged, as a kill in the middle of writing may leave it.
    """
    if not text.strip():
        return State()
    try:
        told = json.loads(text)
    except ValueError as error:
        raise DeploymentFailed(
            "reading the workspace's state", "the state is damaged.",
            "Ask your platform team to put its backup back: it lies beside it.",
        ) from error  # fmt: skip
    if not told.get("lineage"):
        return State()
    held = {
        _address(resource, instance): Held(
            type=resource["type"],
            id=_id(instance),
            dependencies=frozenset(instance.get("dependencies", ())),
        )
        for resource in told.get("resources", ())
        if resource.get("mode") == "managed"
        for instance in resource.get("instances", ())
        if "deposed" not in instance
    }
    return State(told.get("serial"), _hash(told), held)


def require_state(state: State, expects: Expects) -> None:
    """Raises StateLost where what the records say is deployed does not stand in the state."""
    whole = WORKSPACE in state.resources
    if expects == "nothing" or whole or (expects == "state" and state.serial is not None):
        return
    raise StateLost(
        "reading the workspace's state",
        "its Terraform state is lost or was emptied, although the workspace is deployed: a plan would make everything"
        " a second time.",
        "Re-import it: that plans to take over again what the records name.",
    )


def empty_state(terraform_version: str) -> str:
    """A state without anything, for a backend that locks all others while a first one is made (durable facts, 5)."""
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


def undoable(now: Mapping[str, Held], before: frozenset[str]) -> frozenset[str]:
    """What stands in the state now, did not before, and nothing that stood before hangs on."""
    kept = {address for address in now if address in before}
    needed = {dependency for address in kept for dependency in now[address].dependencies}
    return frozenset(address for address in now if address not in before and address.split("[", 1)[0] not in needed)


def _hash(told: Mapping[str, Any]) -> str:
    kept = {name: value for name, value in told.items() if name != "check_results"}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _id(instance: Mapping[str, Any]) -> str:
    attributes: Mapping[str, Any] = instance.get("attributes") or {}
    return str(attributes.get("id", ""))


def _address(resource: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    module = f"{resource['module']}." if resource.get("module") else ""
    index = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
    return f"{module}{resource['type']}.{resource['name']}{index}"
