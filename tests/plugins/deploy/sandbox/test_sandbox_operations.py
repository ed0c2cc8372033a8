"""Creating, changing and deleting: what is ordered to go wrong, what an interrupt leaves, what stays in the state."""

import contextlib
import threading
from pathlib import Path
from typing import Any

import pytest
from simulated import GROUP, KEEPING, Caller, workspace

from plugins.deploy.sandbox.azure import Azure
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.faults import CloudError
from plugins.deploy.sandbox.operations import Operations
from plugins.deploy.sandbox.schema import schemas

pytestmark = pytest.mark.integration

WORKSPACE = "azurerm_databricks_workspace"
WHERE = (
    'creating Workspace (Subscription: "00000000-0000-0000-0000-000000000000"\nResource Group Name: "rg-a"\n'
    'Workspace Name: "dbw-a"): '
)
REFUSED = {
    "quota": (
        "performing CreateOrUpdate: unexpected status 409 (409 Conflict) with error: QuotaExceeded: Operation could not"
        " be completed as it results in exceeding approved Total Regional Cores quota."
    ),
    "throttled_for_ever": (
        "performing CreateOrUpdate: unexpected status 429 (429 Too Many Requests) with error: TooManyRequests:"
        " The request is being throttled."
    ),
    "name_conflict": (
        "performing CreateOrUpdate: unexpected status 409 (409 Conflict) with error: Conflict: The name 'dbw-a' is"
        " already in use."
    ),
    "policy": (
        "performing CreateOrUpdate: unexpected status 403 (403 Forbidden) with error: RequestDisallowedByPolicy:"
        " Resource 'dbw-a' was disallowed by policy."
    ),
    "region": (
        "performing CreateOrUpdate: unexpected status 400 (400 Bad Request) with error:"
        " LocationNotAvailableForResourceType: The provided location 'westeurope' is not available for resource type"
        " 'Microsoft.Databricks/workspaces'."
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refused_create_says_why_and_leaves_nothing(terraform: Caller, kind: str) -> None:
    terraform.group()
    terraform.cloud.add_fault(kind)
    assert terraform.apply(WORKSPACE, workspace()) == ({}, WHERE + REFUSED[kind])
    assert terraform.cloud.resources(WORKSPACE) == ()
    assert terraform.workspace()["name"] == "dbw-a"


def test_throttling_that_passes_is_not_seen(terraform: Caller) -> None:
    terraform.group()
    terraform.cloud.add_fault("throttled", type=WORKSPACE)
    assert terraform.workspace()["name"] == "dbw-a"
    assert [done.note for done in terraform.cloud.operations("create")] == ["", "fault: throttled", ""]


def test_a_create_that_fails_half_way_stays_in_the_state(terraform: Caller) -> None:
    terraform.group()
    terraform.cloud.add_fault("half_way")
    state, error = terraform.apply(WORKSPACE, workspace())
    assert error.startswith(WHERE + "polling after CreateOrUpdate: polling failed: the Azure API returned")
    assert 'Status: "ApplicationUpdateFail"' in error
    assert state["id"] == f"{GROUP}/providers/Microsoft.Databricks/workspaces/dbw-a"
    assert [found.status for found in terraform.cloud.resources(WORKSPACE)] == ["failed"]


def test_without_the_setting_that_keeps_it_a_half_made_object_is_an_orphan(terraform: Caller) -> None:
    """Azurerm's default: not in the state, and in the way of the next apply."""
    terraform.group()
    terraform.configure("azurerm", features=[{}])
    terraform.cloud.add_fault("half_way")
    assert terraform.apply(WORKSPACE, workspace())[0] == {}
    assert "already exists - to be managed via Terraform" in terraform.apply(WORKSPACE, workspace())[1]


def test_a_cluster_that_does_not_start_stays_in_the_state(terraform: Caller) -> None:
    terraform.group()
    terraform.configure("databricks", host=terraform.workspace()["workspace_url"])
    terraform.cloud.add_fault("cluster_start")
    state, error = terraform.apply("databricks_cluster", {"cluster_name": "c", "spark_version": "17.3.x-scala2.13"})
    assert error.startswith("cannot create cluster: failed to reach RUNNING, got TERMINATED: ")
    assert state["state"] == "TERMINATED"


def test_a_refused_sign_in_stops_the_provider_before_it_does_anything(terraform: Caller) -> None:
    terraform.cloud.add_fault("credentials")
    diagnostics = terraform.configure("azurerm", **KEEPING)["diagnostics"]
    assert diagnostics[0]["summary"].startswith("building account: could not acquire access token to parse claims")
    assert "AADSTS7000215" in diagnostics[0]["summary"]
    assert terraform.configure("azurerm", **KEEPING) == {}


def test_a_change_reaches_the_cloud(terraform: Caller) -> None:
    before = terraform.group()
    after, error = terraform.apply("azurerm_resource_group", {**before, "tags": {"a": "b"}}, before)
    assert (after, error) == ({**before, "tags": {"a": "b"}}, "")
    assert [found.state for found in terraform.cloud.resources()] == [after]


def test_a_refused_update_keeps_the_state_as_it_was(terraform: Caller) -> None:
    before = terraform.group()
    terraform.cloud.add_fault("policy", type="azurerm_resource_group", op="update")
    after, error = terraform.apply("azurerm_resource_group", {**before, "tags": {"a": "b"}}, before)
    assert (after, "RequestDisallowedByPolicy" in error) == (before, True)


def test_a_refused_delete_keeps_the_object(terraform: Caller) -> None:
    group = terraform.group()
    terraform.cloud.add_fault("policy", type="azurerm_resource_group", op="delete")
    assert "deleting Resource Group" in terraform.destroy("azurerm_resource_group", group)
    assert len(terraform.cloud.resources()) == 1


def test_what_is_gone_already_is_deleted_without_an_error(terraform: Caller) -> None:
    group = terraform.group()
    assert [terraform.destroy("azurerm_resource_group", group) for _ in range(2)] == ["", ""]


def test_what_is_gone_cannot_be_changed(terraform: Caller) -> None:
    group = terraform.group()
    terraform.destroy("azurerm_resource_group", group)
    _, error = terraform.apply("azurerm_resource_group", {**group, "tags": {"a": "b"}}, group)
    assert "404 (404 Not Found) with error: ResourceNotFound" in error


def test_an_interrupted_create_ends_at_once_and_goes_on_in_the_cloud(tmp_path: Path) -> None:
    slow = Caller(tmp_path, speed=1)
    slow.cloud.create(GROUP, "azurerm_resource_group", {"id": GROUP, "name": "rg-a"})
    ended: list[tuple[dict[str, Any], str]] = []
    waiting = threading.Thread(target=lambda: ended.append(slow.apply(WORKSPACE, workspace())))
    waiting.start()
    while not slow.cloud.resources("managed_resource_group"):
        waiting.join(0.01)
    slow.stop("azurerm")
    waiting.join(5)
    state, error = ended[0]
    assert (error, state["name"]) == ("context canceled", "dbw-a")
    assert [found.status for found in slow.cloud.resources(WORKSPACE)] == ["creating"]


def test_a_provider_that_was_interrupted_serves_the_next_run(terraform: Caller) -> None:
    terraform.stop("azurerm")
    assert (
        terraform.apply("azurerm_resource_group", {"name": "rg-a", "location": "westeurope"})[1] == "context canceled"
    )
    terraform.configure("azurerm", **KEEPING)
    terraform.cloud.remove(GROUP)
    assert terraform.group()["name"] == "rg-a"


def test_whoever_creates_the_same_at_the_same_time_is_told_that_it_exists(terraform: Caller) -> None:
    answers: list[str] = []

    def create() -> None:
        answers.append(terraform.apply("azurerm_resource_group", {"name": "rg-a", "location": "westeurope"})[1])

    threads = [threading.Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("already exists" in answer for answer in answers) == [False, True, True, True, True, True]


class Waits(threading.Event):
    """An interrupt that never comes, and that writes down how long it was waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout)
        return False


@pytest.mark.parametrize(
    ("fault", "speed", "seconds"),
    [
        ("", 1, [150]),
        ("", 0.02, [3]),
        ("", 0, []),
        ("slow", 1, [750]),
        ("throttled", 1, [2, 150]),
        ("half_way", 1, [75]),
        ("throttled_for_ever", 1, [37]),
    ],
)
def test_a_create_takes_as_long_as_in_azure_times_the_speed(
    tmp_path: Path, fault: str, speed: float, seconds: list[float]
) -> None:
    cloud, waits = SandboxCloud(tmp_path / "cloud.db"), Waits()
    cloud.create(GROUP, "azurerm_resource_group", {"id": GROUP, "name": "rg-a"})
    if fault:
        cloud.add_fault(fault, type=WORKSPACE)
    operations = Operations(cloud, Azure(cloud), speed=speed, stop=waits)
    with contextlib.suppress(CloudError):
        operations.create(schemas("azurerm").resources[WORKSPACE][1], WORKSPACE, workspace())
    assert waits.seconds == seconds
