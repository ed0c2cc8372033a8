"""Terraform's diagnostics as failures in our own words.

The sentences recognised here are the real providers' (terraform facts, section 4.5). Their text is never passed
on: it may hold paths, ids or secrets; a reader gets the kind, the resource and the way on. What stands afterwards is
not theirs to say: whoever looks at that, or takes it away again, says it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from plugins.domain.deployment import Failure


@dataclass(frozen=True)
class _Known:
    kind: str
    pattern: re.Pattern[str]
    text: str
    remedy: str
    retryable: bool = False


def _known(kind: str, pattern: str, text: str, remedy: str, *, retryable: bool = False) -> _Known:
    return _Known(kind, re.compile(pattern, re.IGNORECASE | re.DOTALL), text, remedy, retryable)


_KNOWN = (
    _known("cluster_start", r"(?:failed to reach RUNNING|cannot create cluster).*QUOTA",
           "The cluster did not start: the vCPU quota is exceeded.",
           "Take fewer or other machines, or ask for a higher quota in the region."),
    _known("cluster_start", r"failed to reach RUNNING|cannot create cluster",
           "The cluster did not start.",
           "It is usually the vCPU quota or a shortage of machines: take fewer or other machines, or try again later.",
           retryable=True),
    _known("quota", r"QuotaExceeded|exceeding approved .* quota|OperationNotAllowed.*quota",
           "Azure refused it: the quota is exceeded.",
           "Ask for a higher quota in the region, take fewer or other machines, or another region."),
    _known("policy", r"RequestDisallowedByPolicy|disallowed by policy",
           "An Azure policy of your organisation disallows it.",
           "Ask your platform team which policy it is, and change the request to fit."),
    _known("busy", r"AnotherOperationInProgress|OperationPreempted|ConcurrentUpdateError|Retryable(?:Error|ErrorDueTo)|"
           r"OperationInProgress|another operation is in progress",
           "Azure is still at another operation on the same thing.", "Wait some minutes and try again.",
           retryable=True),
    _known("name_conflict", r"already exists|is already in use|Conflict\b",
           "Something of that name exists already.", "Choose another name, or have the existing one taken over."),
    _known("region", r"LocationNotAvailableForResourceType|NotAvailableForSubscription|SkuNotAvailable",
           "It is not available in that region for this subscription.", "Choose another region or another size."),
    _known("credentials", r"could not configure AzureCli|building account|cannot configure default credentials|"
           r"AADSTS|unauthorized|authoriz\w+ failed|AuthorizationFailed|InvalidAuthenticationToken|"
           r"subscription_id` is a required",
           "The sign-in to Azure was refused or is missing.", "Run `brickie doctor`: it names what to set."),
    _known("stale_plan", r"Saved plan is stale|Can't change variable when applying|plan files cannot be transferred",
           "Something changed since the plan was made, so it was not applied.", "Ask again; I will plan afresh."),
    _known("damaged_plan", r"Failed to (?:read|load) (?:plan|\").*plan|invalid plan file",
           "The saved plan is damaged, so it was not applied.", "Ask again; I will plan afresh."),
    _known("disk_full", r"no space left on device|disk quota exceeded",
           "The disk is full.", "Free some space and say it again; what was made is recorded."),
    _known("locked", r"Error acquiring the state lock|violates unique constraint \"pg_",
           "Another run holds this workspace's state.", "Wait until it has ended.", retryable=True),
    _known("provider_start", r"timeout while waiting for plugin to start|plugin exited before we could connect|"
           r"Unrecognized remote plugin message|Failed to instantiate provider",
           "Terraform could not start one of its providers: the machine may be too busy, or short of memory.",
           "Try again; if it happens twice, look at the machine.", retryable=True),
    _known("cancelled", r"context canceled|interrupted|execution halted|operation canceled",
           "It was stopped on request.", "Say it again when you want it."),
    _known("throttled", r"\b429\b[ (]|\b429$|TooManyRequests|Too Many Requests|throttled|REQUEST_LIMIT_EXCEEDED",
           "Azure is throttling requests of this subscription.", "Wait some minutes and try again.", retryable=True),
    _known("unavailable", r"unexpected status 5\d\d|\b50[0234] \(|InternalServerError|Internal Server Error|"
           r"ServiceUnavailable|Service Unavailable|ServerTimeout|GatewayTimeout|Gateway Time-?out|Bad Gateway|"
           r"TEMPORARILY_UNAVAILABLE",
           "Azure answered with an error of its own.", "Try again in some minutes.", retryable=True),
    _known("network", r"connection (?:reset|refused|timed out)|i/o timeout|TLS handshake|no such host|"
           r"unexpected EOF|: EOF\b|broken pipe|network is unreachable|deadline exceeded|"
           r"request (?:timed out|canceled while waiting)|server misbehaving|temporary failure in name resolution",
           "The connection to Azure, or to the state's store, broke.", "Try again.", retryable=True),
    _known("not_found", r"non-existent remote object|was not found|ResourceNotFound|ResourceGroupNotFound",
           "Something that this builds on, or is to take over, was not found in the subscription.",
           "Check its Azure id or name, and that the sign-in may see it."),
    _known("half_way", r"polling failed|ApplicationUpdateFail|polling after",
           "Azure began to create it and failed half-way.", "Say the request again."),
)  # fmt: skip

_INTERRUPTED = _known(
    "interrupted", "", "Terraform died before its end, so it is not known how far it came.",
    "What there is will be looked at; nothing more is done before that.",
)  # fmt: skip
_TIMEOUT = _known(
    "timeout", "", "It did not end within its time and was stopped.",
    "Try again; if it happens twice, ask your platform team to look at the cloud.", retryable=True,
)  # fmt: skip
_CANCELLED = next(known for known in _KNOWN if known.kind == "cancelled")
_UNKNOWN = _known(
    "unknown", "", "Terraform stopped with an error that I do not recognise.",
    "Ask your platform team to look at the run's log.",
)  # fmt: skip


def failure_of(
    diagnostics: Iterable[Mapping[str, Any]], *, errors: str = "", stopped: str | None = None, died: bool = False
) -> Failure:
    """The failure that these error diagnostics (and what stood on standard error) tell of, the gravest first: so it is
    retryable only when nothing is among them that a repetition cannot help. How Terraform ended ("cancelled" or
    "timeout" when it was `stopped`, or that it `died`) is graver than what it said.
    """
    if died or stopped:
        return _failure(_INTERRUPTED if died else _TIMEOUT if stopped == "timeout" else _CANCELLED, None)
    told = [d for d in diagnostics if d.get("severity") == "error"]
    texts = [(f"{d.get('summary', '')}\n{d.get('detail', '')}", d.get("address")) for d in told] or [(errors, None)]
    for known in _KNOWN:
        for text, address in texts:
            if known.pattern.search(text):
                return _failure(known, address)
    return _failure(_UNKNOWN, texts[0][1])


def diagnostics_of(output: str) -> list[Mapping[str, Any]]:
    """The diagnostics in a stream of JSON lines, or in the one JSON document of `validate`."""
    found: list[Mapping[str, Any]] = []
    for line in output.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        match message:
            case {"diagnostic": {"severity": _} as diagnostic}:
                found.append(cast("Mapping[str, Any]", diagnostic))
            case _:
                pass
    return found


def _failure(known: _Known, address: object) -> Failure:
    resource = str(address) if address else None
    return Failure(kind=known.kind, text=known.text, remedy=known.remedy, resource=resource, retryable=known.retryable)
