"""Works, not just applied: the workspace's address answers, and its cluster runs or stopped by itself.

Two requests of Databricks' REST API, with the very credentials that Terraform has. Why no SDK: databricks-sdk 0.162.0
brings google-auth and bounds protobuf, for one call; the tokens are azure-identity's, which Semantic Kernel brings
already. It goes by urllib, in a thread, since that honours a house's proxy and certificates as Terraform does.

API: docs.databricks.com/api/azure/workspace/clusters/get (states, termination_reason; read 2026-11-29).
"""

import asyncio
import http.client
import json
import re
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast
from urllib.parse import quote, urlsplit

from pydantic import JsonValue

from plugins.deploy.sentences import SAYS
from plugins.deploy.terraform.failures import failure_of
from plugins.domain.health import HealthFinding, Verdict, WorkspaceHealth

MOST_SECONDS = 25.0
"""A person waits for it: longer than both requests together may take, and a sign-in that is slow."""

_MOST_BYTES = 2_000_000
_SERVERS_FAULT = 500
WORKSPACE_HOST = re.compile(r"adb-\d{1,20}\.\d{1,2}\.(?:azuredatabricks\.net|databricks\.azure\.(?:us|cn))")
_RUNS = frozenset({"RUNNING", "RESIZING"})
_STARTS = frozenset({"PENDING", "RESTARTING"})
_BY_ITSELF = frozenset({"INACTIVITY", "USER_REQUEST", "JOB_FINISHED"})

TokenSource = Callable[[], str]
"""Gives a token for the workspace. Raises SignInMissing."""

AddressOf = Callable[[str], str]
"""Where a workspace's host is reached: "https://" and the host, but for the double."""


class SignInMissing(Exception):
    """There are no credentials, or they were refused."""


@dataclass(frozen=True)
class RestAnswer:
    """`status` None: nobody answered. `document` is empty where the answer was no JSON object, or larger than is read:
    `is_whole` tells that from an empty one.
    """

    status: int | None
    document: Mapping[str, Any]
    is_whole: bool = True


@dataclass(frozen=True)
class RestHealth:
    """`plugins.domain.health.HealthLook` over the REST API. `timeout_seconds` is for each of its two requests."""

    token: TokenSource
    address_of: AddressOf = "https://{}".format
    timeout_seconds: float = 10.0

    @cached_property
    def _opener(self) -> urllib.request.OpenerDirector:
        return urllib.request.build_opener(_AsItIs)

    async def look(self, outputs: Mapping[str, JsonValue]) -> WorkspaceHealth:
        try:
            async with asyncio.timeout(MOST_SECONDS):
                # A request may not hold up the loop, and a sign-in may start a process.
                return await asyncio.to_thread(self.looked, outputs)
        except TimeoutError:
            return WorkspaceHealth(findings=(_finding("address", "unchecked", "not_in_time"),))

    def looked(self, outputs: Mapping[str, JsonValue]) -> WorkspaceHealth:
        """The same, in this very thread."""
        host, cluster_id = urlsplit(str(outputs.get("workspace_url") or "")).hostname, outputs.get("cluster_id")
        # A token goes to a workspace and nowhere else, whatever stands on record.
        if not host or not WORKSPACE_HOST.fullmatch(host):
            return WorkspaceHealth(findings=(_finding("address", "unchecked", "no_address"),))
        answered = self.answer(host, "/", {})
        if answered.status is None or answered.status >= _SERVERS_FAULT:
            unreached = _finding("cluster", "unchecked", "not_reached")
            return WorkspaceHealth(findings=(_finding("address", "broken", "silent"), unreached))
        address = _finding("address", "works", "answers")
        if not cluster_id:
            return WorkspaceHealth(findings=(address, _finding("cluster", "unchecked", "no_cluster")))
        return WorkspaceHealth(findings=(address, self._cluster(host, str(cluster_id))))

    def _cluster(self, host: str, cluster_id: str) -> HealthFinding:
        try:
            signed = {"Authorization": f"Bearer {self.token()}"}
        except SignInMissing:
            return _finding("cluster", "unchecked", "no_sign_in")
        answer = self.answer(host, f"/api/2.0/clusters/get?cluster_id={quote(cluster_id, safe='')}", signed)
        match answer.status, answer.document:
            case 200, {"state": str(state)}:
                return _of_state(state, cast("Mapping[str, Any]", answer.document.get("termination_reason") or {}))
            case 401 | 403, _:
                return _finding("cluster", "unchecked", "not_let_in")
            case 400 | 404, {"message": str(said)} if "does not exist" in said:
                return _finding("cluster", "broken", "gone")
            case _:
                return _finding("cluster", "unchecked", "not_understood")

    def answer(self, host: str, path: str, headers: Mapping[str, str]) -> RestAnswer:
        """What the workspace answers there; never raises."""
        asked = urllib.request.Request(self.address_of(host) + path, headers={"Host": host, **headers})  # noqa: S310 - https, or this machine's double
        try:
            with self._opener.open(asked, timeout=self.timeout_seconds) as answered:
                document = _document(answered.read(_MOST_BYTES))
                return RestAnswer(answered.status, document or {}, document is not None)
        except (OSError, http.client.HTTPException, ValueError):
            return RestAnswer(None, {})


class _AsItIs(urllib.request.HTTPErrorProcessor):
    """Every status is an answer; following a redirect would send the token elsewhere."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:  # noqa: ARG002 - as the library calls it
        return response

    https_response = http_response


def _document(body: bytes) -> Mapping[str, Any] | None:
    """None where that is no JSON object."""
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return cast("Mapping[str, Any]", document) if isinstance(document, dict) else None


def _of_state(state: str, reason: Mapping[str, Any]) -> HealthFinding:
    if state in _RUNS:
        return _finding("cluster", "works", "runs")
    if state in _STARTS:
        return _finding("cluster", "unchecked", "starts")
    code, kind = str(reason.get("code", "")), str(reason.get("type", ""))
    if state in ("TERMINATING", "TERMINATED") and (kind == "SUCCESS" or code in _BY_ITSELF):
        return _finding("cluster", "works", "stopped")
    if state in ("TERMINATING", "TERMINATED", "ERROR") and code:
        said = f"failed to reach RUNNING, got {state}: Termination info: code: {code}, type: {kind}"
        told = failure_of([{"severity": "error", "summary": said, "address": "databricks_cluster.this"}])
        return HealthFinding(about="cluster", verdict="broken", text=f"{told.text} {told.remedy}")
    return _finding("cluster", "unchecked" if state not in ("ERROR", "TERMINATED") else "broken", "unknown_state")


def _finding(about: Any, verdict: Verdict, words: str) -> HealthFinding:
    return HealthFinding(about=about, verdict=verdict, text=SAYS(f"health.{words}"))
