"""What lives in a workspace before it is destroyed: by the client of the real ones over the double of the simulated."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plugins.check.living import living_findings
from plugins.databricks.proposal import propose
from plugins.deploy.contents import RestLook, looked_into
from plugins.deploy.health import SignInMissing
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.rest import SandboxHealth, serving
from plugins.domain.contents import WorkspaceContents
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
