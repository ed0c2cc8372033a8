"""Which failures are known, and which of them a repetition may help."""

import re

import pytest

from plugins.deploy.terraform.failures import failure_of
from plugins.domain.deployment import Failure

UNEXPECTED = "creating Workspace: performing CreateOrUpdate: unexpected status"


def error(text: str) -> dict[str, str]:
    return {"severity": "error", "summary": text, "detail": ""}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"{UNEXPECTED} 429 (429 Too Many Requests) with error: TooManyRequests: slow down", "throttled"),
        (f"{UNEXPECTED} 500 (500 Internal Server Error) with error: InternalServerError: x", "unavailable"),
        (f"{UNEXPECTED} 503 (503 Service Unavailable) with error: ServerBusy: x", "unavailable"),
        (f"{UNEXPECTED} 409 (409 Conflict) with error: AnotherOperationInProgress: x", "busy"),
        ("read tcp 10.0.0.1:443: read: connection reset by peer", "network"),
        ("dial tcp: lookup management.azure.com: no such host", "network"),
        ("net/http: TLS handshake timeout", "network"),
        ("dial tcp 1.2.3.4:443: i/o timeout", "network"),
        ("context deadline exceeded", "network"),
        ('Get "https://management.azure.com": unexpected EOF', "network"),
        ("Error acquiring the state lock", "locked"),
        ("Failed to load plugin schemas: timeout while waiting for plugin to start", "provider_start"),
        ("Failed to instantiate provider: Unrecognized remote plugin message: ", "provider_start"),
        ("cannot create cluster: failed to reach RUNNING: CLOUD_PROVIDER_LAUNCH_FAILURE", "cluster_start"),
    ],
)
def test_what_passes_by_itself_may_be_tried_again(text: str, kind: str) -> None:
    found = failure_of([error(text)])
    assert (found.kind, found.retryable) == (kind, True)
    assert "tcp" not in found.text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"{UNEXPECTED} 409 (409 Conflict) with error: QuotaExceeded: cores", "quota"),
        (f"{UNEXPECTED} 403 (403 Forbidden) with error: RequestDisallowedByPolicy: x", "policy"),
        (f"{UNEXPECTED} 409 (409 Conflict) with error: Conflict: The name 'a' is already in use.", "name_conflict"),
        (f"{UNEXPECTED} 400 (400 Bad Request) with error: LocationNotAvailableForResourceType: x", "region"),
        ("building account: AADSTS7000215: Invalid client secret provided.", "credentials"),
        ("polling after CreateOrUpdate: polling failed: ApplicationUpdateFail", "half_way"),
        ("cannot create cluster: failed to reach RUNNING: code: AZURE_QUOTA_EXCEEDED_EXCEPTION", "quota"),
        ("Saved plan is stale", "stale_plan"),
        ("context canceled", "cancelled"),
        ("write: no space left on device", "disk_full"),
        ("the workspace 4290429 of adb-429.7 is odd", "unknown"),
    ],
)
def test_what_stays_as_it_is_is_not_tried_again(text: str, kind: str) -> None:
    found = failure_of([error(text)])
    assert (found.kind, found.retryable) == (kind, False)


def test_one_failure_that_stays_outweighs_one_that_passes() -> None:
    found = failure_of([error("connection reset by peer"), error("RequestDisallowedByPolicy")])
    assert (found.kind, found.retryable) == ("policy", False)


def test_how_terraform_ended_outweighs_what_it_said() -> None:
    told = [error("connection reset by peer")]
    assert failure_of(told, died=True, stopped="cancelled").kind == "interrupted"
    assert failure_of(told, stopped="cancelled").kind == "cancelled"
    assert failure_of(told, stopped="timeout").kind == "timeout"


@pytest.mark.parametrize(
    "failure",
    [
        failure_of((), stopped="timeout"),
        failure_of((), stopped="cancelled"),
        failure_of([error("cannot create cluster: failed to reach RUNNING: QUOTA_EXCEEDED")]),
        failure_of([error("cannot create cluster: failed to reach RUNNING")]),
        failure_of([error("creating Workspace: polling failed: the operation failed")]),
        failure_of([error("A resource with the ID already exists")]),
        failure_of([error("context canceled")]),
    ],
    ids=lambda failure: failure.kind,
)
def test_a_failure_says_what_happened_and_not_what_stands(failure: Failure) -> None:
    """Most runs that fail are undone: a sentence that says “it is there” would be followed by one that it is not."""
    assert not re.search(r"\bis there\b|\bis kept\b", f"{failure.text} {failure.remedy}")
