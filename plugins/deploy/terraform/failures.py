"""Terraform's diagnostics as failures in our own words.

The sentences recognised here are those of azurerm 5.2.0, databricks 1.128.0 and Terraform 1.11.4, as seen on 2026-11-22
(the first two against a local double of Azure). Their text is never passed
on: it may hold paths, ids or secrets; a reader gets the kind, the resource and the way on. What stands afterwards is
not theirs to say: whoever looks at that, or takes it away again, says it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from plugins.deploy.sentences import SAYS
from plugins.domain.deployment import Failure


@dataclass(frozen=True)
class _Known:
    kind: str
    pattern: re.Pattern[str]
    sentence: str
    retryable: bool


def _known(kind: str, pattern: str = "", *, sentence: str = "", retryable: bool = False) -> _Known:
    return _Known(kind, re.compile(pattern, re.IGNORECASE | re.DOTALL), sentence or kind, retryable)


# The order counts: the first that fits any message names the failure, so a special case (the quota of a cluster) stands
# above the general one.
_KNOWN = (
    _known("cluster_start", r"(?:failed to reach RUNNING|cannot create cluster).*QUOTA", sentence="cluster_quota"),
    _known("cluster_start", r"failed to reach RUNNING|cannot create cluster", retryable=True),
    _known("quota", r"QuotaExceeded|exceeding approved .* quota|OperationNotAllowed.*quota"),
    _known("policy", r"RequestDisallowedByPolicy|disallowed by policy"),
    _known(
        "busy",
        r"AnotherOperationInProgress|OperationPreempted|ConcurrentUpdateError|Retryable(?:Error|ErrorDueTo)|"
        r"OperationInProgress|another operation is in progress",
        retryable=True,
    ),
    _known("name_conflict", r"already exists|is already in use|Conflict\b"),
    _known("region", r"LocationNotAvailableForResourceType|NotAvailableForSubscription|SkuNotAvailable"),
    _known(
        "credentials",
        r"could not configure AzureCli|building account|cannot configure default credentials|"
        r"AADSTS|unauthorized|authoriz\w+ failed|AuthorizationFailed|InvalidAuthenticationToken|"
        r"subscription_id` is a required",
    ),
    _known("stale_plan", r"Saved plan is stale|Can't change variable when applying|plan files cannot be transferred"),
    _known("damaged_plan", r"Failed to (?:read|load) (?:plan|\").*plan|invalid plan file"),
    _known("disk_full", r"no space left on device|disk quota exceeded"),
    _known("locked", r"Error acquiring the state lock|violates unique constraint \"pg_", retryable=True),
    _known(
        "provider_start",
        r"timeout while waiting for plugin to start|plugin exited before we could connect|"
        r"Unrecognized remote plugin message|Failed to instantiate provider",
        retryable=True,
    ),
    _known("cancelled", r"context canceled|interrupted|execution halted|operation canceled"),
    _known(
        "throttled",
        r"\b429\b[ (]|\b429$|TooManyRequests|Too Many Requests|throttled|REQUEST_LIMIT_EXCEEDED",
        retryable=True,
    ),
    _known(
        "unavailable",
        r"unexpected status 5\d\d|\b50[0234] \(|InternalServerError|Internal Server Error|"
        r"ServiceUnavailable|Service Unavailable|ServerTimeout|GatewayTimeout|Gateway Time-?out|Bad Gateway|"
        r"TEMPORARILY_UNAVAILABLE",
        retryable=True,
    ),
    _known(
        "network",
        r"connection (?:reset|refused|timed out)|i/o timeout|TLS handshake|no such host|"
        r"unexpected EOF|: EOF\b|broken pipe|network is unreachable|deadline exceeded|"
        r"request (?:timed out|canceled while waiting)|server misbehaving|temporary failure in name resolution",
        retryable=True,
    ),
    _known("not_found", r"non-existent remote object|was not found|ResourceNotFound|ResourceGroupNotFound"),
    _known("half_way", r"polling failed|ApplicationUpdateFail|polling after"),
)

_INTERRUPTED = _known("interrupted")
_TIMEOUT = _known("timeout", retryable=True)
_CANCELLED = next(known for known in _KNOWN if known.kind == "cancelled")
_UNKNOWN = _known("unknown")


def failure_of(
    diagnostics: Iterable[Mapping[str, Any]], *, errors: str = "", stopped: str | None = None, died: bool = False
) -> Failure:
    """The failure that these error diagnostics (and what stood on standard error) tell of, the gravest first: so it is
    retryable only when nothing is among them that a repetition cannot help. How Terraform ended ("cancelled" or
    "timeout" when it was `stopped`, or that it `died`) is graver than what it said.
    """
    if died or stopped:
        return _failure(_INTERRUPTED if died else _TIMEOUT if stopped == "timeout" else _CANCELLED, None)
    failing = [d for d in diagnostics if d.get("severity") == "error"]
    texts = [(f"{d.get('summary', '')}\n{d.get('detail', '')}", d.get("address")) for d in failing] or [(errors, None)]
    for known in _KNOWN:
        for text, address in texts:
            if known.pattern.search(text):
                return _failure(known, address)
    return _failure(_UNKNOWN, texts[0][1])


def diagnostics_of(output: str) -> list[Mapping[str, Any]]:
    """The diagnostics in a stream of JSON lines, or in the one JSON document of `validate`."""
    diagnostics: list[Mapping[str, Any]] = []
    for line in output.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        match message:
            case {"diagnostic": {"severity": _} as diagnostic}:
                diagnostics.append(cast("Mapping[str, Any]", diagnostic))
            case _:
                pass
    return diagnostics


def _failure(known: _Known, address: object) -> Failure:
    resource = str(address) if address else None
    return failure_called(known.kind, known.sentence, resource=resource, retryable=known.retryable)


def failure_called(kind: str, sentence: str = "", *, resource: str | None = None, retryable: bool = False) -> Failure:
    """A failure of that kind, in the words that the table has under `sentence`: the kind, where none is named."""
    text, remedy = (SAYS(f"failure.{sentence or kind}.{part}") for part in ("text", "remedy"))
    return Failure(kind=kind, text=text, remedy=remedy, resource=resource, retryable=retryable)
