"""What lives in a workspace before it is destroyed: by the client of the real ones over the double of the simulated."""

import asyncio
import json
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from plugins.check.living import living_findings
from plugins.databricks.proposal import propose
from plugins.deploy import inventory
from plugins.deploy.contents import RestLook, looked_into
from plugins.deploy.health import SignInMissing
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.rest import SandboxHealth, serving
from plugins.domain.contents import Found, WorkspaceContents
from plugins.domain.platform_settings import PlatformSettings, Policy
from plugins.domain.request import InfrastructureRequest

pytestmark = pytest.mark.integration
HOST = "adb-1003820170681350.10.azuredatabricks.net"
OUTPUTS: dict[str, Any] = {"workspace_url": f"https://{HOST}", "cluster_id": "own"}
REQUEST = InfrastructureRequest(
    capability="databricks", team="fern", environment="prod", workload_type="data_engineering"
)


def stands(home: Path, *objects: tuple[str, dict[str, Any]]) -> SandboxCloud:
    """A workspace in which these objects, by type, live."""
    cloud = SandboxCloud(home / "cloud.db")
    own_id = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbw-fern-prod"
    cloud.create(own_id, "azurerm_databricks_workspace", {"id": own_id, "workspace_url": HOST})
    for kind, state in objects:
        cloud.create(f"databricks:{HOST}/{kind}/{state['id']}", kind, state)
    return cloud


def cluster(own_id: str, state: str) -> tuple[str, dict[str, Any]]:
    return "databricks_cluster", {
        "id": own_id,
        "cluster_id": own_id,
        "cluster_name": f"cluster {own_id}",
        "state": state,
    }


def job(own_id: str, state: str = "") -> tuple[str, dict[str, Any]]:
    return "databricks_job", {"id": own_id, "name": f"job {own_id}", "state": state}


def table(name: str, schema: str = "sales", catalog: str = "fern") -> tuple[str, dict[str, Any]]:
    own_id = f"{catalog}.{schema}.{name}"
    return "databricks_sql_table", {"id": own_id, "name": name, "schema_name": schema, "catalog_name": catalog}


def notebook(path: str) -> tuple[str, dict[str, Any]]:
    return "databricks_notebook", {"id": path.strip("/"), "path": path}


def contents(home: Path, outputs: dict[str, Any] = OUTPUTS) -> WorkspaceContents:
    return asyncio.run(SandboxHealth(home / "cloud.db").contents(outputs))


def test_an_empty_workspace_has_nothing(tmp_path: Path) -> None:
    stands(tmp_path)
    assert contents(tmp_path) == WorkspaceContents()


def test_what_runs_and_what_is_defined_is_told_apart(tmp_path: Path) -> None:
    stands(
        tmp_path,
        cluster("own", "RUNNING"),
        cluster("a", "RUNNING"),
        cluster("b", "TERMINATED"),
        job("1"),
        job("2", "RUNNING"),
    )
    assert contents(tmp_path) == WorkspaceContents(
        running=("cluster a",), own_runs=True, runs=("job 2",), jobs=("job 1", "job 2")
    )


def test_what_cannot_be_seen_is_said_to_be_so(tmp_path: Path) -> None:
    cloud = stands(tmp_path)

    def none() -> str:
        raise SignInMissing

    with serving(cloud) as address:
        assert looked_into(RestLook(none, lambda _: address), OUTPUTS).unseen == "no_sign_in"
        assert looked_into(RestLook(lambda: "wrong", lambda _: address), OUTPUTS).unseen == "not_let_in"
    assert contents(tmp_path, {"workspace_url": "https://elsewhere.example"}).unseen == "no_address"
    gone = {"workspace_url": f"https://adb-1.1.{HOST.split('.', 2)[2]}"}
    assert contents(tmp_path, gone).unseen == "not_reached"


@pytest.mark.parametrize(
    ("environment", "policy", "severity"),
    [("prod", Policy(), "deny"), ("prod", Policy(destroy_running="warn"), "warn"), ("dev", Policy(), "warn")],
)
def test_production_refuses_until_what_runs_is_stopped(environment: str, policy: Policy, severity: str) -> None:
    request = REQUEST.model_copy(update={"environment": environment})
    decision = propose(request, PlatformSettings(), identity="x", today=date(2026, 11, 24)).decision
    (finding,) = living_findings(WorkspaceContents(running=("adhoc",), runs=("nightly",)), decision, policy)
    assert (finding.severity, finding.message) == (
        severity,
        f"In {decision.workspace_name} there is running: clusters adhoc; runs of the jobs nightly.",
    )


def test_what_does_not_run_denies_nothing() -> None:
    decision = propose(REQUEST, PlatformSettings(), identity="x", today=date(2026, 11, 24)).decision
    found = living_findings(WorkspaceContents(own_runs=True, jobs=("nightly",)), decision, Policy())
    assert [(finding.rule, finding.severity) for finding in found] == [
        ("jobs-live-there", "warn"),
        ("cluster-runs", "warn"),
    ]
    (unseen,) = living_findings(WorkspaceContents(unseen="not_reached"), decision, Policy())
    assert unseen.message == "What lives in dbw-fern-prod was not checked: it did not answer."


def test_tables_and_notebooks_are_found_wherever_they_lie(tmp_path: Path) -> None:
    """Those of the system are no loss; folders are gone through, the upper ones first."""
    stands(
        tmp_path,
        table("orders"),
        table("refunds"),
        table("people", "hr", "mint"),
        notebook("/Users/ana/deep/er/churn"),
        notebook("/Shared/start"),
        notebook("/top"),
    )
    found = contents(tmp_path)
    assert found.tables == Found(names=("fern.sales.orders", "fern.sales.refunds", "mint.hr.people"))
    assert found.notebooks == Found(names=("/top", "/Shared/start", "/Users/ana/deep/er/churn"))
    assert not found.is_busy


def test_what_is_more_than_is_counted_is_said_to_be_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stands(tmp_path, *(table(f"t{n}", f"s{n}") for n in range(6)), *(notebook(f"/d{n}/n") for n in range(6)))
    monkeypatch.setattr(inventory, "MOST_REQUESTS", 5)
    found = contents(tmp_path)
    assert (len(found.tables.names), found.tables.is_part) == (3, True)
    assert (len(found.notebooks.names), found.notebooks.is_part) == (4, True)
    monkeypatch.setattr(inventory, "MOST_COUNTED", 2)
    found = contents(tmp_path)
    assert (len(found.tables.names), found.tables.is_part) == (2, True)


def test_without_time_left_what_runs_is_known_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stands(tmp_path, cluster("a", "RUNNING"), table("orders"), notebook("/top"))
    monkeypatch.setattr(inventory, "MOST_SECONDS", 0.0)
    found = contents(tmp_path)
    assert found.running == ("cluster a",)
    assert found.tables == found.notebooks == Found(unseen="not_in_time")


UNITY = "/api/2.1/unity-catalog"
Page = tuple[int, object]
NOTHING: Page = (200, dict[str, str]())


@contextmanager
def answering(pages: Mapping[str, Page]) -> Generator[RestLook]:
    """A look at a workspace that answers so, by path and query, on the wire; with an empty page to all else."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = (page for path, page in pages.items() if self.path.startswith(path))
            status, document = next(known, NOTHING)
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
            """Nothing of it is for anybody's log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield RestLook(lambda: "t", lambda _: f"http://127.0.0.1:{server.server_address[1]}", timeout_seconds=2)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def owns(*names: str) -> Page:
    return 200, {"catalogs": [{"name": name, "catalog_type": "MANAGED_CATALOG"} for name in names]}


def test_a_page_that_is_empty_and_names_a_next_one_is_gone_on_from() -> None:
    pages: dict[str, Page] = {
        f"{UNITY}/catalogs?max_results=0&page_token=2": owns("fern"),
        f"{UNITY}/catalogs": (200, {"next_page_token": "2"}),
        f"{UNITY}/schemas?catalog_name=fern": (200, {"schemas": [{"name": "a b"}, {"name": "information_schema"}]}),
        f"{UNITY}/tables?catalog_name=fern&schema_name=a+b": (200, {"tables": [{"full_name": "fern.a b.t"}]}),
    }
    with answering(pages) as look:
        assert looked_into(look, OUTPUTS).tables == Found(names=("fern.a b.t",))


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ((403, {"error_code": "PERMISSION_DENIED"}), "not_let_in"),
        ((404, {"error_code": "METASTORE_DOES_NOT_EXIST"}), "no_catalog"),
        ((500, {"error_code": "INTERNAL_ERROR"}), "not_understood"),
        ((200, b"<html>"), "not_understood"),
    ],
)
def test_what_could_not_be_looked_at_is_told_of_each_by_itself(page: Page, why: str) -> None:
    notes = (200, {"objects": [{"path": "/n", "object_type": "NOTEBOOK"}]})
    with answering({f"{UNITY}/catalogs": page, "/api/2.0/workspace/list?path=%2F": notes}) as look:
        found = looked_into(look, OUTPUTS)
    assert (found.unseen, found.tables) == (None, Found.model_validate({"unseen": why}))
    assert found.notebooks == Found(names=("/n",))


def test_a_folder_or_a_catalog_that_is_closed_leaves_a_part() -> None:
    inside = [{"path": "/n", "object_type": "NOTEBOOK"}, {"path": "/shut", "object_type": "DIRECTORY"}]
    pages: dict[str, Page] = {
        f"{UNITY}/catalogs": owns("shut", "fern"),
        f"{UNITY}/schemas?catalog_name=shut": (403, {}),
        f"{UNITY}/schemas?catalog_name=fern": (200, {"schemas": [{"name": "a"}]}),
        f"{UNITY}/tables": (200, {"tables": [{"name": "t"}]}),
        "/api/2.0/workspace/list?path=%2Fshut": (403, {}),
        "/api/2.0/workspace/list": (200, {"objects": inside}),
    }
    with answering(pages) as look:
        found = looked_into(look, OUTPUTS)
    assert found.tables == Found(names=("fern.a.t",), is_part=True)
    assert found.notebooks == Found(names=("/n",), is_part=True)
    with answering({f"{UNITY}/catalogs": owns("shut"), f"{UNITY}/schemas": (403, {})}) as look:
        assert looked_into(look, OUTPUTS).tables == Found(unseen="not_let_in")


def test_a_page_that_is_larger_than_is_read_is_not_taken_for_an_empty_one() -> None:
    with answering({"/api/2.0/clusters/list": (200, b'{"clusters": [' + b" " * 3_000_000)}) as look:
        assert looked_into(look, OUTPUTS) == WorkspaceContents(unseen="not_understood")


def test_they_are_counted_and_the_first_are_named_and_nothing_is_refused() -> None:
    decision = propose(REQUEST, PlatformSettings(), identity="x", today=date(2026, 11, 24)).decision
    held = WorkspaceContents(
        tables=Found(names=("a.b.c", "a.b.d", "a.b.e", "a.b.f"), is_part=True),
        notebooks=Found(names=("/Users/" + "x" * 70 + "/n",)),
    )
    found = living_findings(held, decision, Policy())
    assert [finding.severity for finding in found] == ["warn", "warn"]
    assert [finding.message for finding in found] == [
        "dbw-fern-prod sees at least 4 tables in Unity Catalog: a.b.c, a.b.d, a.b.e.",
        f"dbw-fern-prod holds 1 notebook: …{'x' * 57}/n.",
    ]


def test_what_was_not_checked_is_said_once_where_it_is_for_one_reason() -> None:
    decision = propose(REQUEST, PlatformSettings(), identity="x", today=date(2026, 11, 24)).decision

    def said(*, tables: Found, notebooks: Found) -> list[str]:
        held = WorkspaceContents(tables=tables, notebooks=notebooks)
        return [finding.message for finding in living_findings(held, decision, Policy())]

    late, shut = Found(unseen="not_in_time"), Found(unseen="not_let_in")
    assert said(tables=late, notebooks=late) == [
        "Tables and notebooks of dbw-fern-prod were not checked: it did not answer in time."
    ]
    assert said(tables=Found(unseen="no_catalog"), notebooks=shut) == [
        "Tables of dbw-fern-prod were not checked: it has no Unity Catalog.",
        "Notebooks of dbw-fern-prod were not checked: it did not let me in.",
    ]
