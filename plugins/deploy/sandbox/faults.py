"""What goes wrong in Azure and Databricks, in the real providers' sentences.

The sentences of quota, policy, region, throttling, half-way failure, existing names and clusters that do not start
are those of azurerm 5.2 and databricks 1.128 against a stub, 2026-11-22; the sign-in's is AADSTS7000215 as people
reported it (hashicorp/terraform-provider-azurerm issues 16026 and 27526, read 2026-11-24).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_WORKSPACE = "azurerm_databricks_workspace"


@dataclass(frozen=True)
class Fault:
    """One kind, and the types and the operation at which it strikes; types take SQL's % as wildcard."""

    kind: str
    type: str
    op: str


KINDS: Mapping[str, Fault] = {
    fault.kind: fault
    for fault in (
        Fault("quota", _WORKSPACE, "create"),
        Fault("throttled", "azurerm%", "create"),
        Fault("throttled_for_ever", _WORKSPACE, "create"),
        Fault("name_conflict", _WORKSPACE, "create"),
        Fault("policy", _WORKSPACE, "create"),
        Fault("region", _WORKSPACE, "create"),
        Fault("half_way", _WORKSPACE, "create"),
        Fault("cluster_start", "databricks_cluster", "create"),
        Fault("credentials", "azurerm", "configure"),
        Fault("leftover", _WORKSPACE, "delete"),
        Fault("slow", "%", "create"),
    )
}
"""Kind of fault → where it strikes unless ordered otherwise."""

THROTTLED_SECONDS = 2.0
"""Two retries after 429 with Retry-After 1, which azurerm makes by itself."""
THROTTLED_FOR_EVER_SECONDS = 37.0
"""35 attempts, after which azurerm gives up (measured 2026-11-22)."""
SLOWER = 5.0
"""How many times as long everything takes under the fault "slow"."""

_HTTP = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
}

ASYNCHRONOUS = 0
"""The status of an operation that Azure accepted and that failed later."""
PROVIDER = -1
"""The status of what the provider itself says: its text is the whole message."""


@dataclass
class CloudError(Exception):
    """An operation that the cloud refuses. `status` is the HTTP status, or one of the two above; `kept` is what had
    been made by then and goes into Terraform's state, marked as tainted.
    """

    code: str
    status: int
    text: str
    kept: dict[str, Any] | None = None


def ordered(kind: str, types: str, op: str) -> Fault:
    """The fault with what was left open filled in. Raises KeyError for a kind that there is not."""
    usual = KINDS[kind]
    return Fault(kind, usual.type if types == "%" else types, op or ("create" if types != "%" else usual.op))


def refusal(kind: str, values: Mapping[str, Any], arm_type: str) -> CloudError | None:
    """The refusal that a fault of this kind stands for; None for the kinds that refuse nothing at first."""
    name, location = values.get("name"), values.get("location")
    match kind:
        case "quota":
            text = "Operation could not be completed as it results in exceeding approved Total Regional Cores quota."
            return CloudError("QuotaExceeded", 409, text)
        case "throttled_for_ever":
            return CloudError("TooManyRequests", 429, "The request is being throttled.")
        case "name_conflict":
            return CloudError("Conflict", 409, f"The name '{name}' is already in use.")
        case "policy":
            return CloudError("RequestDisallowedByPolicy", 403, f"Resource '{name}' was disallowed by policy.")
        case "region":
            text = f"The provided location '{location}' is not available for resource type '{arm_type}'."
            return CloudError("LocationNotAvailableForResourceType", 400, text)
        case "credentials":
            return CloudError("InvalidAuthenticationToken", 401, "The access token is invalid.")
        case _:
            return None


def half_way(state: dict[str, Any]) -> CloudError:
    return failed_later("ApplicationUpdateFail", "The resource operation completed with state 'Failed'.", state)


def failed_later(code: str, text: str, state: dict[str, Any]) -> CloudError:
    """An operation that Azure accepted and that failed while it was polled."""
    return CloudError(code, ASYNCHRONOUS, text, kept=state)


def cluster_did_not_start(state: dict[str, Any]) -> CloudError:
    text = (
        "cannot create cluster: failed to reach RUNNING, got TERMINATED: Termination info: code:"
        " AZURE_QUOTA_EXCEEDED_EXCEPTION, type: CLIENT_ERROR"
    )
    return CloudError("AZURE_QUOTA_EXCEEDED_EXCEPTION", PROVIDER, text, kept={**state, "state": "TERMINATED"})


def sign_in_refused() -> CloudError:
    answer = {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
    text = (
        "building account: could not acquire access token to parse claims: clientCredentialsToken: received HTTP status"
        f" 401 with response: {json.dumps(answer)}"
    )
    return CloudError("AADSTS7000215", PROVIDER, text)


def stopped(state: dict[str, Any] | None = None) -> CloudError:
    return CloudError("Canceled", PROVIDER, "context canceled", kept=state)


def sentence(verb: str, where: str, call: str, refused: CloudError) -> str:
    """The whole message of azurerm: verb "creating", where as `arm.where` tells it, call "CreateOrUpdate"."""
    if refused.status == PROVIDER:
        return refused.text
    if refused.status == ASYNCHRONOUS:
        return f"{verb} {where}: polling after {call}: {_polled(refused)}"
    status = f"{refused.status} ({refused.status} {_HTTP[refused.status]})"
    return f"{verb} {where}: performing {call}: unexpected status {status} with error: {refused.code}: {refused.text}"


def _polled(refused: CloudError) -> str:
    return (
        "polling failed: the Azure API returned the following error:\n\n"
        f'Status: "{refused.code}"\nCode: ""\nMessage: "{refused.text}"\nActivity Id: ""'
    )
