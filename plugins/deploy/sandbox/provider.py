"""The calls of the plugin protocol, answered from the schema tables and the simulated cloud."""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from plugins.deploy.sandbox.azure import Azure
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.databricks import Databricks
from plugins.deploy.sandbox.faults import CloudError
from plugins.deploy.sandbox.naming import refusals
from plugins.deploy.sandbox.operations import Behaviour, Operations
from plugins.deploy.sandbox.planning import ProposedChange, filled, planned, replacements
from plugins.deploy.sandbox.reading import seen_by
from plugins.deploy.sandbox.schema import Block, schemas, wire_schema
from plugins.deploy.sandbox.validation import Diagnostic, problems
from plugins.deploy.sandbox.values import Object, Value, decode, encode, fields

Answer = dict[str, Any]

_ERROR = 1
_CAPABILITIES = {"plan_destroy": True, "get_provider_schema_optional": True}


class Provider:
    """One provider over one cloud. `speed` is 0 for no waiting, 1 for as slow as Azure."""

    def __init__(self, name: str, cloud: SandboxCloud, *, speed: float) -> None:
        self._schemas = schemas(name)
        self._cloud = cloud
        self._stop = threading.Event()
        self._does: Behaviour = Azure(cloud) if name == "azurerm" else Databricks(cloud)
        self._operations = Operations(cloud, self._does, speed=speed, stop=self._stop)

    def answers(self) -> Mapping[str, Callable[[Answer], Answer]]:
        """The protocol's name of each call → what answers it, message to message."""
        return {
            "GetMetadata": lambda _: {"server_capabilities": _CAPABILITIES},
            "GetProviderSchema": self._schema,
            "ValidateProviderConfig": lambda asked: self._validated(self._schemas.provider, asked),
            "ConfigureProvider": self._configured,
            "StopProvider": self._stopped,
            "ValidateResourceConfig": self._validated_resource,
            "ValidateDataResourceConfig": lambda asked: self._validated(self._data_block(asked), asked),
            "UpgradeResourceState": self._upgraded,
            "ReadResource": self._read,
            "PlanResourceChange": self._planned,
            "ApplyResourceChange": self._applied,
            "ImportResourceState": self._imported,
            "ReadDataSource": self._data,
        }

    def stop(self) -> None:
        """Ends every wait, as when nobody waits for the answer any more."""
        self._stop.set()

    def _schema(self, _asked: Answer) -> Answer:
        return {
            "provider": wire_schema(0, self._schemas.provider),
            "resource_schemas": {name: wire_schema(*schema) for name, schema in self._schemas.resources.items()},
            "data_source_schemas": {name: wire_schema(*schema) for name, schema in self._schemas.data.items()},
            "server_capabilities": _CAPABILITIES,
        }

    def _configured(self, asked: Answer) -> Answer:
        """A provider that is served for several runs begins anew with each."""
        # Else an interrupt of the run before would end every wait of this one.
        self._stop.clear()
        try:
            self._does.configure(fields(_value(asked, "config")))
        except CloudError as refused:
            return {"diagnostics": [_diagnostic(Diagnostic(refused.text, ()))]}
        return {}

    def _stopped(self, _asked: Answer) -> Answer:
        self.stop()
        return {}

    def _validated(self, block: Block, asked: Answer) -> Answer:
        return {"diagnostics": [_diagnostic(problem) for problem in problems(block, fields(_value(asked, "config")))]}

    def _validated_resource(self, asked: Answer) -> Answer:
        answer = self._validated(self._block(asked), asked)
        refused = refusals(asked["type_name"], fields(_value(asked, "config")))
        named = [_diagnostic(Diagnostic(text, ("name",))) for text in refused]
        return {"diagnostics": [*answer["diagnostics"], *named]}

    def _upgraded(self, asked: Answer) -> Answer:
        return {"upgraded_state": _dynamic(filled(self._block(asked), json.loads(asked["raw_state"]["json"]), {}))}

    def _read(self, asked: Answer) -> Answer:
        """What the cloud holds now, or nothing when it is gone. Waiting times are the configuration's own."""
        kind, state = asked["type_name"], fields(_value(asked, "current_state"))
        answer: Answer = {"private": asked.get("private", b"")}
        try:
            self._does.refuse_read(kind)
        except CloudError as refused:
            text = self._does.message("read", kind, str(state.get("id")), refused)
            return {**answer, "new_state": _dynamic(state), "diagnostics": [_diagnostic(Diagnostic(text, ()))]}
        resource = self._cloud.find(self._does.key(kind, str(state.get("id"))))
        if resource is None:
            return {**answer, "new_state": _dynamic(None)}
        timeouts = {"timeouts": state["timeouts"]} if "timeouts" in state else {}
        now = {**resource.state, **seen_by(self._cloud, kind, resource.state), **timeouts}
        return {**answer, "new_state": _dynamic(filled(self._block(asked), now, {}))}

    def _planned(self, asked: Answer) -> Answer:
        block, private = self._block(asked), asked.get("prior_private") or b"{}"
        prior, proposed = _value(asked, "prior_state"), _value(asked, "proposed_new_state")
        if proposed is None:
            return {"planned_state": _dynamic(None), "planned_private": private}
        before = prior if isinstance(prior, dict) else None
        new = planned(block, ProposedChange(fields(_value(asked, "config")), before, fields(proposed)))
        forced = () if before is None else replacements(block, before, new)
        return {
            "planned_state": _dynamic(new),
            "requires_replace": [_path(path) for path in forced],
            "planned_private": private,
            # As the real providers, whose SDK returns nothing where the plan says zero: without it Terraform calls that
            # a bug.
            "legacy_type_system": True,
        }

    def _applied(self, asked: Answer) -> Answer:
        kind, block = asked["type_name"], self._block(asked)
        prior, new = _value(asked, "prior_state"), _value(asked, "planned_state")
        answer: Answer = {"private": asked.get("planned_private") or b"{}", "legacy_type_system": True}
        op = "create" if prior is None else "delete" if new is None else "update"
        values = fields(prior if new is None else new)
        try:
            state = self._carried_out(op, kind, block, values)
        except CloudError as refused:
            own_id = self._does.new_id(kind, values) if op == "create" else values["id"]
            self._cloud.note(op, kind, own_id, refused.code)
            text = self._does.message(op, kind, own_id, refused)
            # What a create had made by then goes into the state as tainted; what was to change or go stands as before.
            state_left: Value = refused.kept if op == "create" else prior
            return {**answer, "new_state": _dynamic(state_left), "diagnostics": [_diagnostic(Diagnostic(text, ()))]}
        return {**answer, "new_state": _dynamic(state)}

    def _carried_out(self, op: str, kind: str, block: Block, values: Object) -> Object | None:
        match op:
            case "create":
                return self._operations.create(block, kind, values)
            case "update":
                return self._operations.update(block, kind, values)
            case _:
                self._operations.delete(kind, values)
                return None

    def _imported(self, asked: Answer) -> Answer:
        kind = asked["type_name"]
        resource = self._cloud.find(self._does.key(kind, asked["id"]))
        if resource is not None and resource.type != kind:
            problem = Diagnostic("Cannot import non-existent remote object", (), f"The id is not that of a {kind}.")
            return {"diagnostics": [_diagnostic(problem)]}
        # As the real providers: the id is passed on, and the read that follows tells that there is nothing.
        known: Object = resource.state if resource is not None else {"id": asked["id"]}
        state = filled(self._block(asked), known, {})
        return {"imported_resources": [{"type_name": kind, "state": _dynamic(state), "private": b"{}"}]}

    def _data(self, asked: Answer) -> Answer:
        kind, config = asked["type_name"], fields(_value(asked, "config"))
        try:
            reported = self._does.read_data(kind, config)
        except CloudError as refused:
            return {"diagnostics": [_diagnostic(Diagnostic(refused.text, ()))]}
        block = self._data_block(asked)
        return {"state": _dynamic(filled(block, planned(block, ProposedChange(config, None, config)), reported))}

    def _block(self, asked: Answer) -> Block:
        return self._schemas.resources[asked["type_name"]][1]

    def _data_block(self, asked: Answer) -> Block:
        return self._schemas.data[asked["type_name"]][1]


def _value(asked: Answer, name: str) -> Value:
    dynamic: Answer = asked.get(name) or {}
    return json.loads(dynamic["json"]) if dynamic.get("json") else decode(dynamic.get("msgpack"))


def _dynamic(value: Value) -> Answer:
    return {"msgpack": encode(value)}


def _path(steps: Iterable[str | int]) -> Answer:
    return {"steps": [{"attribute_name" if isinstance(step, str) else "element_key_int": step} for step in steps]}


def _diagnostic(problem: Diagnostic) -> Answer:
    diagnostic: Answer = {"severity": _ERROR, "summary": problem.summary, "detail": problem.detail}
    return {**diagnostic, "attribute": _path(problem.path)} if problem.path else diagnostic
