"""Reading what `terraform apply -json` says while it runs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

_VERBS = {"create": "creating", "update": "changing", "delete": "deleting"}
_DONE = {"create": "created", "update": "changed", "delete": "deleted"}
_PREFIXES = ("azurerm_", "databricks_", "consumption_")


@dataclass(frozen=True)
class Step:
    """Progress of one run. `line` is the line of its output that told of it: a later reader is told again from the
    first, and whoever kept the last number passes over what is not above it.
    """

    line: int
    done: int
    total: int
    text: str


Tell = Callable[[Step], None]


class Watcher:
    """Turns the stream into progress, and keeps the errors and outputs that it tells of."""

    def __init__(self, *, total: int, tell: Tell) -> None:
        self.diagnostics: list[Mapping[str, Any]] = []
        self.outputs: dict[str, JsonValue] = {}
        self._total = total
        self._done = 0
        self._tell = tell
        self._line = 0

    def read_line(self, number: int, line: str) -> None:
        """One line of output; what is no JSON message is passed over."""
        # Also of lines that are no message: a later reader counts the same lines.
        self._line = number
        try:
            message = json.loads(line)
        except ValueError:
            return
        match message:
            case {"type": "apply_start" | "apply_progress" as kind, "hook": {"resource": resource} as hook}:
                self._under_way(kind, resource, hook)
            case {"type": "apply_complete", "hook": {"resource": resource, "action": action}}:
                # A replacement is deleted and created: it counts once, when it is there again.
                self._done = min(self._done + 1, self._total)
                self._say(f"{label(resource)} {_DONE.get(action, action)}")
            case {"type": "apply_errored", "hook": {"resource": resource}}:
                self._say(f"{label(resource)} failed")
            case {"type": "diagnostic", "diagnostic": diagnostic}:
                self.diagnostics.append(diagnostic)
            case {"type": "outputs", "outputs": outputs}:
                self.outputs = _open_outputs(outputs)
            case _:
                pass

    def _under_way(self, kind: str, resource: Mapping[str, Any], hook: Mapping[str, Any]) -> None:
        verb = _VERBS.get(str(hook.get("action")), "working on")
        lasted = f" ({hook.get('elapsed_seconds', 0)} s)" if kind == "apply_progress" else ""
        self._say(f"{verb} {label(resource)}{lasted}")

    def _say(self, text: str) -> None:
        self._tell(Step(self._line, self._done, self._total, text))


def label(resource: Mapping[str, Any]) -> str:
    """A resource as people say it: "databricks workspace", "subnet host"."""
    words = str(resource.get("resource_type", "resource"))
    for prefix in _PREFIXES:
        words = words.removeprefix(prefix)
    name = str(resource.get("resource_name", "this"))
    return words.replace("_", " ") + ("" if name == "this" else f" {name.replace('_', ' ')}")


def _open_outputs(outputs: Mapping[str, Mapping[str, Any]]) -> dict[str, JsonValue]:
    """Terraform's outputs without the sensitive ones."""
    return {
        name: output.get("value")
        for name, output in outputs.items()
        if not output.get("sensitive") and "value" in output
    }
