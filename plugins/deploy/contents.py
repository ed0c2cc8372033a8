"""What lives in a workspace, before it is destroyed: its clusters, its jobs, and what of them runs.

Three requests of Databricks' REST API, by the client and with the credentials of `plugins.deploy.health`; of each the
first page, which names the newest. API: docs.databricks.com/api/azure/workspace/clusters/list,
docs.databricks.com/api/jobs/v2/list-runs (GET /api/2.2/jobs/runs/list, `active_only`, at most 25; read 2026-11-30) and
jobs/list.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import JsonValue

from plugins.deploy.health import MOST_SECONDS, WORKSPACE_HOST, RestAnswer, RestHealth, SignInMissing
from plugins.domain.contents import Why, WorkspaceContents

_RUNS = frozenset({"RUNNING", "RESIZING", "PENDING", "RESTARTING"})
_CLUSTERS, _ACTIVE = "/api/2.0/clusters/list", "/api/2.2/jobs/runs/list?active_only=true&limit=25"
_JOBS = "/api/2.2/jobs/list?limit=25"
_OK, _NOT_LET_IN = 200, (401, 403)


class _Unseen(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


async def contents_by(rest: RestHealth, outputs: Mapping[str, JsonValue]) -> WorkspaceContents:
    """What the workspace of these outputs says of itself."""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await asyncio.to_thread(looked_into, rest, outputs)
    except TimeoutError:
        return WorkspaceContents(unseen="not_in_time")


def looked_into(rest: RestHealth, outputs: Mapping[str, JsonValue]) -> WorkspaceContents:
    """The same, in this very thread."""
    host, own = urlsplit(str(outputs.get("workspace_url") or "")).hostname, str(outputs.get("cluster_id") or "")
    if not host or not WORKSPACE_HOST.fullmatch(host):
        return WorkspaceContents(unseen="no_address")
    try:
        signed = {"Authorization": f"Bearer {rest.token()}"}
        clusters, runs, jobs = (_page(rest.answer(host, path, signed)) for path in (_CLUSTERS, _ACTIVE, _JOBS))
    except SignInMissing:
        return WorkspaceContents(unseen="no_sign_in")
    except _Unseen as unseen:
        return WorkspaceContents(unseen=unseen.why)
    running = [each for each in _rows(clusters, "clusters") if each.get("state") in _RUNS]
    return WorkspaceContents(
        running=tuple(str(each.get("cluster_name") or "") for each in running if each.get("cluster_id") != own),
        own_runs=any(each.get("cluster_id") == own for each in running),
        runs=tuple(str(each.get("run_name") or each.get("run_id") or "") for each in _rows(runs, "runs")),
        jobs=tuple(str(_settings(each).get("name") or each.get("job_id") or "") for each in _rows(jobs, "jobs")),
    )


def _page(answer: RestAnswer) -> Mapping[str, Any]:
    """Raises _Unseen for anything but a page."""
    if answer.status is None:
        raise _Unseen("not_reached")
    if answer.status in _NOT_LET_IN:
        raise _Unseen("not_let_in")
    if answer.status != _OK:
        raise _Unseen("not_understood")
    return answer.document


def _rows(page: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """Where there is none of something the API leaves the list out."""
    listed: Any = page.get(name)
    for row in cast("list[Any]", listed) if isinstance(listed, list) else []:
        if isinstance(row, dict):
            yield cast("Mapping[str, Any]", row)


def _settings(job: Mapping[str, Any]) -> Mapping[str, Any]:
    settings: Any = job.get("settings")
    return cast("Mapping[str, Any]", settings) if isinstance(settings, dict) else {}


@dataclass(frozen=True)
class RestLook(RestHealth):
    """Both looks at a workspace, `HealthLook` and `ContentsLook`, by one client."""

    async def contents(self, outputs: Mapping[str, JsonValue]) -> WorkspaceContents:
        return await contents_by(self, outputs)
