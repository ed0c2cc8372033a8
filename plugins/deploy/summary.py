"""A plan's `show -json` as the resource changes that people confirm. No value of any attribute is read."""

from collections.abc import Mapping
from typing import Any

from plugins.domain.plan import ResourceAction, ResourceChange

_ACTIONS: dict[tuple[str, ...], ResourceAction] = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "delete",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
}


def resource_changes(shown: Mapping[str, Any]) -> tuple[ResourceChange, ...]:
    """What the plan does to each managed resource, by address; reads and untouched ones left out."""
    found = [
        ResourceChange(
            address=change["address"],
            type=change["type"],
            name=change["name"],
            action=action,
            forced_by=tuple(_path(path) for path in change["change"].get("replace_paths", ())),
        )
        for change in shown.get("resource_changes", ())
        if change.get("mode") == "managed" and (action := _ACTIONS.get(tuple(change["change"]["actions"])))
    ]
    return tuple(sorted(found, key=lambda change: change.address))


def _path(steps: list[str | int]) -> str:
    return ".".join(str(step) for step in steps)
