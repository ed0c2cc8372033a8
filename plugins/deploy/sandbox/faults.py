"""What goes wrong in Azure, in the real providers' sentences (terraform facts, section 4.5)."""

from dataclasses import dataclass
from typing import Any

KINDS = ("quota", "throttled", "throttled_for_ever", "name_conflict", "policy", "region", "half_way", "cluster_start",
         "credentials")  # fmt: skip

_HTTP = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict",
         429: "Too Many Requests"}  # fmt: skip


@dataclass
class Refusal(Exception):
    """An operation that the cloud refuses. `status` is the HTTP status, 0 for a failed asynchronous operation, -1
    where the provider's message is the text alone; `partial` keeps what had been made by then.
    """

    code: str
    status: int
    text: str
    partial: dict[str, Any] | None = None


def refusal(kind: str, display: str, values: dict[str, Any], arm_type: str) -> Refusal | None:
    """The refusal that a fault of this kind stands for; None for the kinds that are invisible or special."""
    name, location = values.get("name"), values.get("location")
    found = {
        "quota": ("QuotaExceeded", 409, "Operation could not be completed as it results in exceeding approved quota."),
        "throttled_for_ever": ("TooManyRequests", 429, "The request is being throttled."),
        "name_conflict": ("Conflict", 409, f"The name '{name}' is already in use."),
        "policy": ("RequestDisallowedByPolicy", 403, f"Resource '{name}' was disallowed by policy."),
        "region": (
            "LocationNotAvailableForResourceType", 400,
            f"The provided location '{location}' is not available for resource type '{arm_type}'.",
        ),
        "credentials": ("InvalidAuthenticationToken", 401, f"The access token for {display} is invalid."),
    }.get(kind)  # fmt: skip
    return Refusal(*found) if found else None


def sentence(op: str, display: str, values: dict[str, Any], subscription: str, refused: Refusal) -> str:
    """The provider's whole message."""
    if refused.status == -1:
        return refused.text
    verb, call = {
        "create": ("creating", "CreateOrUpdate"),
        "update": ("updating", "CreateOrUpdate"),
        "delete": ("deleting", "Delete"),
    }[op]
    group = values.get("resource_group_name") or values.get("name")
    where = (
        f'{verb} {display} (Subscription: "{subscription}"\nResource Group Name: "{group}"\n'
        f'{display} Name: "{values.get("name")}")'
    )
    if refused.status == 0:
        return f"{where}: polling after {call}: {refused.text}"
    status = f"{refused.status} ({refused.status} {_HTTP[refused.status]})"
    return f"{where}: performing {call}: unexpected status {status} with error: {refused.code}: {refused.text}"
