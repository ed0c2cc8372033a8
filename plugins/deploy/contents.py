"""What lives in a workspace, before it is destroyed: its clusters, its jobs, what of them runs, tables and notebooks.

Databricks' REST API, by the client and with the credentials of `plugins.deploy.health`: of clusters, jobs and runs the
first page, which names the newest; tables and notebooks are `plugins.deploy.inventory`'s, in the time that is left.
API: docs.databricks.com/api/azure/workspace/clusters/list, docs.databricks.com/api/jobs/v2/list-runs (GET
/api/2.2/jobs/runs/list, `active_only`, at most 25; read 2026-11-30) and jobs/list.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import JsonValue

from plugins.deploy.health import MOST_SECONDS, WORKSPACE_HOST, RestHealth, SignInMissing
from plugins.deploy.inventory import Walk, notebooks_of, tables_of
from plugins.deploy.workspace_pages import Unseen, page_of, rows_of
from plugins.domain.contents import WorkspaceContents

_RUNS = frozenset({"RUNNING", "RESIZING", "PENDING", "RESTARTING"})
_CLUSTERS, _ACTIVE = "/api/2.0/clusters/list", "/api/2.2/jobs/runs/list?active_only=true&limit=25"
_MARGIN_SECONDS = 3.0
_JOBS = "/api/2.2/jobs/list?limit=25"


async def contents_by(rest: RestHealth, outputs: Mapping[str, JsonValue]) -> WorkspaceContents:
    """What the workspace of these outputs says of itself."""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await asyncio.to_thread(looked_into, rest, outputs)
    except TimeoutError:
        return WorkspaceContents(unseen="not_in_time")


def looked_into(rest: RestHealth, outputs: Mapping[str, JsonValue]) -> WorkspaceContents:
    """The same, in this very thread."""
    # What runs may refuse the destroy: looking for the rest never takes the time in which that is to be known.
    ends = time.monotonic() + MOST_SECONDS - _MARGIN_SECONDS
    host, own = urlsplit(str(outputs.get("workspace_url") or "")).hostname, str(outputs.get("cluster_id") or "")
    if not host or not WORKSPACE_HOST.fullmatch(host):
        return WorkspaceContents(unseen="no_address")
    try:
        signed = {"Authorization": f"Bearer {rest.token()}"}
        clusters, runs, jobs = (page_of(rest.answer(host, path, signed)) for path in (_CLUSTERS, _ACTIVE, _JOBS))
    except SignInMissing:
        return WorkspaceContents(unseen="no_sign_in")
    except Unseen as unseen:
        return WorkspaceContents(unseen=unseen.why)
    running = [each for each in rows_of(clusters, "clusters") if each.get("state") in _RUNS]
    return WorkspaceContents(
        running=tuple(str(each.get("cluster_name") or "") for each in running if each.get("cluster_id") != own),
        own_runs=any(each.get("cluster_id") == own for each in running),
        runs=tuple(str(each.get("run_name") or each.get("run_id") or "") for each in rows_of(runs, "runs")),
        jobs=tuple(str(_settings(each).get("name") or each.get("job_id") or "") for each in rows_of(jobs, "jobs")),
        tables=tables_of(Walk(rest, host, signed, ends)),
        notebooks=notebooks_of(Walk(rest, host, signed, ends)),
    )


def _settings(job: Mapping[str, Any]) -> Mapping[str, Any]:
    settings: Any = job.get("settings")
    return cast("Mapping[str, Any]", settings) if isinstance(settings, dict) else {}


@dataclass(frozen=True)
class RestLook(RestHealth):
    """Both looks at a workspace, `HealthLook` and `ContentsLook`, by one client."""

    async def contents(self, outputs: Mapping[str, JsonValue]) -> WorkspaceContents:
        return await contents_by(self, outputs)
