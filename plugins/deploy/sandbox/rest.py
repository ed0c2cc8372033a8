"""The simulated workspaces as Databricks' REST API answers for them, on this machine: what a look at one speaks to.

It serves as long as one look lasts, on a port that the system gives, and knows a workspace by the Host that is asked
for. A workspace that is not there does not answer at all, as a name that no longer resolves.
"""

import asyncio
import json
import sys
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import JsonValue

from plugins.deploy.contents import looked_into
from plugins.deploy.health import RestHealth
from plugins.deploy.sandbox.arm import WORKSPACE
from plugins.deploy.sandbox.azure import host_key
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.domain.contents import WorkspaceContents
from plugins.domain.health import WorkspaceHealth

_OF_A_CLUSTER = ("cluster_id", "state", "termination_reason", "cluster_name")
_TOKEN = "sandbox"  # noqa: S105 - what the double lets in, and nobody else


@dataclass(frozen=True)
class SandboxHealth:
    """`HealthLook` and `ContentsLook` of `plugins.domain` over the simulated cloud in that file: the real client,
    the double's wire.
    """

    path: Path

    async def look(self, outputs: Mapping[str, JsonValue]) -> WorkspaceHealth:
        return await asyncio.to_thread(self._looked, outputs)

    async def contents(self, outputs: Mapping[str, JsonValue]) -> WorkspaceContents:
        return await asyncio.to_thread(self._looked_into, outputs)

    def _looked_into(self, outputs: Mapping[str, JsonValue]) -> WorkspaceContents:
        with serving(SandboxCloud(self.path)) as address:
            return looked_into(RestHealth(lambda: _TOKEN, lambda _: address, timeout_seconds=2), outputs)

    def _looked(self, outputs: Mapping[str, JsonValue]) -> WorkspaceHealth:
        with serving(SandboxCloud(self.path)) as address:
            return RestHealth(lambda: _TOKEN, lambda _: address, timeout_seconds=2).looked(outputs)


class _Serving(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever looks waits no longer than they want to; that they are gone is no fault of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(cloud: SandboxCloud) -> Generator[str]:
    """The address of the double, until the block ends."""

    class Answering(_Answering):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            self.cloud = cloud
            super().__init__(*arguments, **named)

    server = _Serving(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.001), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _unity(cloud: SandboxCloud, host: str, query: Mapping[str, list[str]]) -> dict[str, dict[str, Any]]:
    """Unity Catalog as a simulated workspace sees it: a `databricks_sql_table` is named by catalog, schema and name."""
    held = [each.state for each in cloud.below(host_key(host)) if each.type == "databricks_sql_table"]
    catalog, schema = (query.get(name, [""])[0] for name in ("catalog_name", "schema_name"))
    catalogs = dict.fromkeys(str(each["catalog_name"]) for each in held)
    schemas = dict.fromkeys(str(each["schema_name"]) for each in held if each["catalog_name"] == catalog)
    tables = [each for each in held if (each["catalog_name"], each["schema_name"]) == (catalog, schema)]
    named = [{"name": each["name"], "full_name": f"{catalog}.{schema}.{each['name']}"} for each in tables]
    own = [{"name": name, "catalog_type": "MANAGED_CATALOG"} for name in catalogs]
    base = "/api/2.1/unity-catalog"
    return {
        f"{base}/catalogs": {"catalogs": [*own, {"name": "system", "catalog_type": "SYSTEM_CATALOG"}]},
        f"{base}/schemas": {"schemas": [{"name": name} for name in (*schemas, "information_schema")]},
        f"{base}/tables": {"tables": named},
    }


def _folder(cloud: SandboxCloud, host: str, folder: str) -> dict[str, dict[str, Any]]:
    """What lies directly in a folder of the workspace: a `databricks_notebook` is at its path."""
    paths = [str(each.state["path"]) for each in cloud.below(host_key(host)) if each.type == "databricks_notebook"]
    inside = folder.rstrip("/") + "/"
    below = [path.removeprefix(inside) for path in paths if path.startswith(inside)]
    kinds = {inside + rest.split("/")[0]: "DIRECTORY" if "/" in rest else "NOTEBOOK" for rest in below}
    objects = [{"path": path, "object_type": kind} for path, kind in kinds.items()]
    return {"/api/2.0/workspace/list": {"objects": objects}}


def _some(state: Mapping[str, Any], names: tuple[str, ...]) -> Mapping[str, Any]:
    return {name: state[name] for name in names if state.get(name)}


class _Answering(BaseHTTPRequestHandler):
    cloud: SandboxCloud

    def do_GET(self) -> None:
        host = str(self.headers.get("Host", ""))
        if not any(each.state.get("workspace_url") == host for each in self.cloud.resources(WORKSPACE)):
            self.close_connection = True
            return
        asked = urlsplit(self.path)
        if not asked.path.startswith("/api/"):
            self._answer(200, {})
        elif self.headers.get("Authorization") != f"Bearer {_TOKEN}":
            self._answer(401, {"error_code": "401", "message": "Credential was not sent or was of an unsupported type"})
        elif asked.path == "/api/2.0/clusters/get":
            self._cluster(host, parse_qs(asked.query).get("cluster_id", [""])[0])
        else:
            self._listed(host, asked.path, parse_qs(asked.query))

    def _listed(self, host: str, path: str, query: Mapping[str, list[str]]) -> None:
        """The clusters, the jobs, or the runs that are under way: a job whose state says so has one."""
        states = {
            kind: [each.state for each in self.cloud.below(host_key(host)) if each.type == kind]
            for kind in ("databricks_cluster", "databricks_job")
        }
        jobs = states["databricks_job"]
        pages = {
            "/api/2.0/clusters/list": {
                "clusters": [_some(each, _OF_A_CLUSTER) for each in states["databricks_cluster"]]
            },
            "/api/2.2/jobs/list": {
                "jobs": [{"job_id": each["id"], "settings": {"name": each["name"]}} for each in jobs]
            },
            "/api/2.2/jobs/runs/list": {
                "runs": [{"run_name": each["name"]} for each in jobs if each.get("state") == "RUNNING"]
                if query.get("active_only") == ["true"]
                else []
            },
        }
        pages |= _unity(self.cloud, host, query)
        pages |= _folder(self.cloud, host, query.get("path", ["/"])[0])
        page = pages.get(path)
        if page is None:
            self._answer(404, {"error_code": "ENDPOINT_NOT_FOUND", "message": f"No API found for 'GET {path}'"})
            return
        # Where there is none of something the API leaves the list out.
        self._answer(200, {name: rows for name, rows in page.items() if rows})

    def _cluster(self, host: str, cluster_id: str) -> None:
        cluster = self.cloud.find(f"{host_key(host)}/databricks_cluster/{cluster_id}")
        if cluster is None:
            said = f"Cluster {cluster_id} does not exist"
            self._answer(400, {"error_code": "INVALID_PARAMETER_VALUE", "message": said})
            return
        self._answer(200, _some(cluster.state, _OF_A_CLUSTER))

    def _answer(self, status: int, document: Mapping[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the library's name
        """Nothing of it is for anybody's log."""
