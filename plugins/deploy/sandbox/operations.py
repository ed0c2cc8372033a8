"""Creating, changing and deleting in the simulated cloud: in time, with what is ordered to go wrong."""

import threading
from typing import Protocol

from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.faults import (
    SLOWER,
    THROTTLED_FOR_EVER_SECONDS,
    THROTTLED_SECONDS,
    CloudError,
    cluster_did_not_start,
    half_way,
    stopped,
)
from plugins.deploy.sandbox.planning import filled
from plugins.deploy.sandbox.reading import as_read
from plugins.deploy.sandbox.schema import Block
from plugins.deploy.sandbox.values import Object

_UPDATE_SHARE, _DELETE_SHARE = 0.3, 0.5
"""How long an update and a delete take, as a share of the create; rough."""


class Behaviour(Protocol):
    """What tells one provider's resources from another's. What refuses raises CloudError or gives one back."""

    @property
    def keeps_begun(self) -> bool: ...

    def configure(self, config: Object, /) -> None: ...
    def seconds(self, kind: str, /) -> float: ...
    def name(self, values: Object, /) -> str: ...
    def new_id(self, kind: str, values: Object, /) -> str: ...
    def key(self, kind: str, own_id: str, /) -> str: ...
    def refuse_read(self, kind: str, /) -> None: ...
    def refuse_create(self, kind: str, values: Object, own_id: str, /) -> None: ...
    def refuse_update(self, kind: str, values: Object, /) -> None: ...
    def refuse_delete(self, kind: str, values: Object, /) -> None: ...
    def exists(self, kind: str, own_id: str, /) -> CloudError: ...
    def gone(self, kind: str, own_id: str, /) -> CloudError: ...
    def refusal(self, fault: str, kind: str, values: Object, /) -> CloudError | None: ...
    def message(self, op: str, kind: str, own_id: str, refused: CloudError, /) -> str: ...
    def reported(self, kind: str, values: Object, own_id: str, /) -> Object: ...
    def began(self, kind: str, state: Object, /) -> None: ...
    def delete(self, kind: str, state: Object, /, *, leaving: bool) -> None: ...
    def read_data(self, kind: str, config: Object, /) -> Object: ...


class Operations:
    """What one provider does to one cloud. `speed` 0 does not wait, 1 waits as long as Azure takes; setting `stop`
    ends every wait with a CloudError, as Terraform's interrupt does.
    """

    def __init__(self, cloud: SandboxCloud, does: Behaviour, *, speed: float, stop: threading.Event) -> None:
        self._cloud = cloud
        self._does = does
        self._speed = speed
        self._stop = stop

    def create(self, block: Block, kind: str, values: Object) -> Object:
        """The new object's state. The object is there from the start, so whoever gives up leaves an orphan."""
        own_id = self._does.new_id(kind, values)
        self._does.refuse_create(kind, values, own_id)
        state = as_read(kind, block, filled(block, values, self._does.reported(kind, values, own_id)))
        fault = self._struck(kind, "create", values)
        seconds = self._seconds(kind) * (SLOWER if fault == "slow" else 1)
        if not self._cloud.create(self._does.key(kind, own_id), kind, state, seconds=seconds):
            raise self._does.exists(kind, own_id)
        try:
            self._finish(kind, state, fault, seconds)
        except CloudError as refused:
            if refused.code != "Canceled":
                self._cloud.change(self._does.key(kind, own_id), refused.kept or state, failed=True)
            refused.kept = refused.kept if self._does.keeps_begun else None
            raise
        self._cloud.note("create", kind, own_id)
        return state

    def update(self, block: Block, kind: str, values: Object) -> Object:
        """The changed object's state."""
        self._struck(kind, "update", values)
        key = self._does.key(kind, values["id"])
        if self._cloud.find(key) is None:
            raise self._does.gone(kind, values["id"])
        self._does.refuse_update(kind, values)
        self._wait(self._seconds(kind) * _UPDATE_SHARE)
        state = as_read(kind, block, filled(block, values, {}))
        self._cloud.change(key, state)
        self._cloud.note("update", kind, values["id"])
        return state

    def delete(self, kind: str, state: Object) -> None:
        """What is gone already is no error. Under the fault "leftover" it succeeds, and something stays behind."""
        fault = self._struck(kind, "delete", state)
        self._does.refuse_delete(kind, state)
        self._wait(self._seconds(kind) * _DELETE_SHARE)
        self._does.delete(kind, state, leaving=fault == "leftover")
        self._cloud.note("delete", kind, state["id"])

    def _finish(self, kind: str, state: Object, fault: str | None, seconds: float) -> None:
        self._does.began(kind, state)
        if fault == "half_way":
            self._wait(seconds / 2, state)
            raise half_way(state)
        self._wait(seconds, state)
        if fault == "cluster_start":
            raise cluster_did_not_start(state)

    def _struck(self, kind: str, op: str, values: Object) -> str | None:
        """Raises the refusal that is ordered for this operation; gives back the kinds that strike later."""
        fault = self._cloud.take_fault(kind, op, self._does.name(values))
        if fault is None:
            return None
        self._cloud.note(op, kind, self._does.name(values), f"fault: {fault}")
        if fault in _DELAYS:
            self._wait(_DELAYS[fault] * self._speed)
        refused = self._does.refusal(fault, kind, values)
        if refused is not None:
            raise refused
        return fault

    def _seconds(self, kind: str) -> float:
        return self._does.seconds(kind) * self._speed

    def _wait(self, seconds: float, begun: Object | None = None) -> None:
        if (seconds and self._stop.wait(seconds)) or self._stop.is_set():
            raise stopped(begun)


_DELAYS = {"throttled": THROTTLED_SECONDS, "throttled_for_ever": THROTTLED_FOR_EVER_SECONDS}
