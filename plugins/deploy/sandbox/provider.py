"""The calls of the plugin protocol, answered from the schema tables and the simulated cloud."""

# Terraform's values have no static type: what a schema says of them is known at run time only.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

import json
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from plugins.deploy.sandbox.azure import Azure
from plugins.deploy.sandbox.cloud import Cloud
from plugins.deploy.sandbox.databricks import Databricks
from plugins.deploy.sandbox.faults import Refusal, refusal, sentence
from plugins.deploy.sandbox.planning import Object, filled, planned, replacements
from plugins.deploy.sandbox.planning import Path as AttributePath
from plugins.deploy.sandbox.schema import Block, schemas, wire_schema
from plugins.deploy.sandbox.validation import problems
from plugins.deploy.sandbox.values import decode, encode

Answer = dict[str, Any]

_ERROR = 1
_THROTTLED_SECONDS = 2.0
"""What two retries after 429 with Retry-After 1 take; scaled like everything else."""


class Behaviour(Protocol):
    """What tells one provider's resources from another's."""

    subscription: str

    def configure(self, config: Object) -> None: ...
    def seconds(self, kind: str) -> float: ...
    def display(self, kind: str) -> tuple[str, str]: ...
    def name(self, values: Object) -> str: ...
    def resource_id(self, kind: str, values: Object) -> str: ...
    def key(self, kind: str, resource_id: str) -> str: ...
    def before_create(self, kind: str, values: Object, resource_id: str) -> None: ...
    def created(self, kind: str, values: Object, resource_id: str) -> Object: ...
    def after_create(self, kind: str, values: Object, resource_id: str) -> None: ...
    def before_delete(self, kind: str, values: Object) -> None: ...
    def delete(self, kind: str, values: Object) -> None: ...
    def read_data(self, kind: str, config: Object) -> Object: ...


class Provider:
    """One provider over one cloud; method names are the protocol's."""

    def __init__(self, name: str, cloud: Cloud, *, speed: float) -> None:
        self.stopped = threading.Event()
        self._schemas = schemas(name)
        self._cloud = cloud
        self._speed = speed
        self._does: Behaviour = Azure(cloud) if name == "azurerm" else Databricks(cloud)

    def GetMetadata(self, _: Answer) -> Answer:  # noqa: N802
        return {"server_capabilities": _CAPABILITIES}

    def GetProviderSchema(self, _: Answer) -> Answer:  # noqa: N802
        return {
            "provider": wire_schema(0, self._schemas.provider),
            "resource_schemas": {name: wire_schema(*found) for name, found in self._schemas.resources.items()},
            "data_source_schemas": {name: wire_schema(*found) for name, found in self._schemas.data.items()},
            "server_capabilities": _CAPABILITIES,
        }

    def ValidateProviderConfig(self, _: Answer) -> Answer:  # noqa: N802
        return {}

    def ConfigureProvider(self, asked: Answer) -> Answer:  # noqa: N802
        self._does.configure(_value(asked, "config") or {})
        return {}

    def StopProvider(self, _: Answer) -> Answer:  # noqa: N802
        self.stopped.set()
        return {}

    def ValidateResourceConfig(self, asked: Answer) -> Answer:  # noqa: N802
        block = self._block(asked)
        return {"diagnostics": [_diagnostic(text, path) for text, path in problems(block, _value(asked, "config"))]}

    def ValidateDataResourceConfig(self, _: Answer) -> Answer:  # noqa: N802
        return {}

    def UpgradeResourceState(self, asked: Answer) -> Answer:  # noqa: N802
        state = json.loads(asked["raw_state"]["json"])
        return {"upgraded_state": _dynamic(filled(self._block(asked), state, {}))}

    def ReadResource(self, asked: Answer) -> Answer:  # noqa: N802
        kind, state = asked["type_name"], _value(asked, "current_state")
        private = asked.get("private", b"")
        try:
            found = self._cloud.find(self._does.key(kind, state["id"])) if state.get("id") else None
        except Refusal:
            found = None
        if found is None:
            return {"new_state": _dynamic(None), "private": private}
        kept = {name: state.get(name) for name in self._block(asked).blocks if name == "timeouts"}
        return {
            "new_state": _dynamic(filled(self._block(asked), {**state, **found.state, **kept}, {})),
            "private": private,
        }

    def PlanResourceChange(self, asked: Answer) -> Answer:  # noqa: N802
        block = self._block(asked)
        prior, proposed = _value(asked, "prior_state"), _value(asked, "proposed_new_state")
        private = asked.get("prior_private") or b"{}"
        if proposed is None:
            return {"planned_state": _dynamic(None), "planned_private": private}
        new = planned(block, _value(asked, "config"), prior, proposed)
        forced = replacements(block, prior, new) if prior is not None else ()
        return {
            "planned_state": _dynamic(new),
            "requires_replace": [_path(path) for path in forced],
            "planned_private": private,
            "legacy_type_system": True,
        }

    def ApplyResourceChange(self, asked: Answer) -> Answer:  # noqa: N802
        prior, new = _value(asked, "prior_state"), _value(asked, "planned_state")
        op = "create" if prior is None else "delete" if new is None else "update"
        kind = asked["type_name"]
        values: Object = (prior if new is None else new) or {}
        answer: Answer = {"private": asked.get("planned_private") or b"{}", "legacy_type_system": True}
        try:
            state = self._carried_out(op, kind, values, prior)
        except Refusal as refused:
            self._cloud.note(op, kind, self._does.name(values), refused.code)
            display, _ = self._does.display(kind)
            text = sentence(op, display, values, self._does.subscription, refused)
            kept = refused.partial if op == "create" else prior
            return {**answer, "new_state": _dynamic(kept), "diagnostics": [_diagnostic(text)]}
        return {**answer, "new_state": _dynamic(state)}

    def ImportResourceState(self, asked: Answer) -> Answer:  # noqa: N802
        kind = asked["type_name"]
        found = self._cloud.find(self._does.key(kind, asked["id"]))
        if found is None:
            text = (
                f'While attempting to import an existing object to "{kind}", the provider detected that no object'
                " exists with the given id."
            )
            return {"diagnostics": [_diagnostic("Cannot import non-existent remote object", detail=text)]}
        state = filled(self._block(asked), found.state, {})
        return {"imported_resources": [{"type_name": kind, "state": _dynamic(state), "private": b"{}"}]}

    def ReadDataSource(self, asked: Answer) -> Answer:  # noqa: N802
        kind, config = asked["type_name"], _value(asked, "config")
        block = self._schemas.data[kind][1]
        try:
            reported = self._does.read_data(kind, config)
        except Refusal as refused:
            return {"diagnostics": [_diagnostic(refused.text)]}
        return {"state": _dynamic(filled(block, planned(block, config, None, config), reported))}

    def _block(self, asked: Answer) -> Block:
        return self._schemas.resources[asked["type_name"]][1]

    def _carried_out(self, op: str, kind: str, values: Object, prior: Object | None) -> Object | None:
        """The state after the operation. Raises Refusal as the cloud would."""
        if op == "create":
            return self._created(kind, values)
        if op == "delete":
            self._fault(kind, op, values)
            self._does.before_delete(kind, values)
            self._wait(kind, 0.5)
            self._does.delete(kind, values)
            self._cloud.note(op, kind, values["id"])
            return None
        self._fault(kind, op, values)
        self._wait(kind, 0.3)
        state = filled(self._schemas.resources[kind][1], values, prior or {})
        self._cloud.put(self._does.key(kind, state["id"]), kind, state)
        self._cloud.note(op, kind, state["id"])
        return state

    def _created(self, kind: str, values: Object) -> Object:
        block = self._schemas.resources[kind][1]
        resource_id = self._does.resource_id(kind, values)
        key = self._does.key(kind, resource_id)
        self._does.before_create(kind, values, resource_id)
        state = filled(block, values, self._does.created(kind, values, resource_id))
        special = self._fault(kind, "create", values)
        self._cloud.begin(key, kind)
        self._does.after_create(kind, values, resource_id)
        try:
            self._wait(kind, 0.5 if special else 1.0)
        except Refusal as stopped:
            raise Refusal(stopped.code, stopped.status, stopped.text, partial=state) from stopped
        self._cloud.put(key, kind, state)
        self._cloud.note("create", kind, resource_id)
        if special == "half_way":
            text = 'polling failed: the Azure API returned the following error:\n\nStatus: "ApplicationUpdateFail"'
            raise Refusal("ApplicationUpdateFail", 0, text, partial=state)
        if special == "cluster_start":
            text = (
                "cannot create cluster: failed to reach RUNNING, got TERMINATED: Cloud provider launch failure:"
                " AZURE_QUOTA_EXCEEDED_EXCEPTION"
            )
            raise Refusal("AZURE_QUOTA_EXCEEDED_EXCEPTION", -1, text, partial={**state, "state": "TERMINATED"})
        return state

    def _fault(self, kind: str, op: str, values: Object) -> str | None:
        """Raises the refusal that is ordered for this operation; gives back the kinds that strike later."""
        ordered = self._cloud.take_fault(kind, op, self._does.name(values))
        if ordered is None:
            return None
        if ordered == "throttled":
            self._cloud.note(op, kind, self._does.name(values), "429, retried")
            self._wait_seconds(_THROTTLED_SECONDS * self._speed)
            return None
        display, arm = self._does.display(kind)
        refused = refusal(ordered, display, values, arm)
        if refused is not None:
            raise refused
        return ordered

    def _wait(self, kind: str, share: float) -> None:
        self._wait_seconds(self._does.seconds(kind) * self._speed * share)

    def _wait_seconds(self, seconds: float) -> None:
        if (seconds and self.stopped.wait(seconds)) or self.stopped.is_set():
            raise Refusal("Canceled", -1, "context canceled")


_CAPABILITIES = {"plan_destroy": True, "get_provider_schema_optional": True}


def from_environment(name: str) -> Provider:
    """The provider that this process was started to serve."""
    cloud = Cloud(Path(os.environ["BRICKIE_SANDBOX_CLOUD"]))
    return Provider(name, cloud, speed=float(os.environ.get("BRICKIE_SANDBOX_SPEED") or 0))


def _value(asked: Answer, name: str) -> Any:
    held = asked.get(name) or {}
    return json.loads(held["json"]) if held.get("json") else decode(held.get("msgpack"))


def _dynamic(value: Any) -> Answer:
    return {"msgpack": encode(value)}


def _path(steps: Iterable[str | int]) -> Answer:
    return {"steps": [{"attribute_name" if isinstance(step, str) else "element_key_int": step} for step in steps]}


def _diagnostic(summary: str, path: AttributePath = (), *, detail: str = "") -> Answer:
    found: Answer = {"severity": _ERROR, "summary": summary, "detail": detail}
    return {**found, "attribute": _path(path)} if path else found
