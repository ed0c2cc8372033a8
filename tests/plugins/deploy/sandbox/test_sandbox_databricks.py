"""What the simulated Databricks makes of what is asked for, and what it refuses."""

import json
from typing import Any

import pytest
from simulated import Caller

pytestmark = pytest.mark.integration

WORKSPACE = "azurerm_databricks_workspace"


@pytest.fixture
def workspace(terraform: Caller) -> dict[str, Any]:
    """A workspace with which the databricks provider is configured."""
    terraform.group()
    made = terraform.workspace()
    terraform.configure("databricks", host=f"https://{made['workspace_url']}/")
    return made


def cluster(**more: Any) -> dict[str, Any]:
    return {"cluster_name": "c", "spark_version": "17.3.x-scala2.13", "node_type_id": "Standard_D4s_v5", **more}


def test_a_cluster_runs_where_its_workspace_is(terraform: Caller, workspace: dict[str, Any]) -> None:
    made = terraform.create("databricks_cluster", **cluster())
    names = ("state", "url", "driver_node_type_id", "autotermination_minutes", "default_tags")
    assert {name: made[name] for name in names} == {
        "state": "RUNNING",
        "url": f"https://{workspace['workspace_url']}/#setting/clusters/{made['id']}/configuration",
        "driver_node_type_id": "Standard_D4s_v5",
        "autotermination_minutes": 60,
        "default_tags": {
            "Vendor": "Databricks",
            "Creator": "sandbox@example.com",
            "ClusterId": made["id"],
            "ClusterName": "c",
        },
    }
    assert made["cluster_id"] == made["id"]


def test_two_clusters_of_a_name_are_two_clusters(terraform: Caller, workspace: dict[str, Any]) -> None:
    assert workspace
    first = terraform.create("databricks_cluster", **cluster())
    second = terraform.create("databricks_cluster", **cluster())
    terraform.destroy("databricks_cluster", first)
    third = terraform.create("databricks_cluster", **cluster())
    assert len({first["id"], second["id"], third["id"]}) == 3
    assert len(terraform.cloud.resources("databricks_cluster")) == 2


def test_a_cluster_under_a_policy_needs_that_policy(terraform: Caller, workspace: dict[str, Any]) -> None:
    assert workspace
    _, error = terraform.apply("databricks_cluster", cluster(policy_id="ABC"))
    assert error == "cannot create cluster: Can't find a cluster policy with id: ABC."
    policy = terraform.create("databricks_cluster_policy", name="p", definition="{}")
    assert policy["policy_id"] == policy["id"]
    assert terraform.create("databricks_cluster", **cluster(policy_id=policy["id"]))["policy_id"] == policy["id"]


def test_without_a_host_nothing_can_be_created(terraform: Caller) -> None:
    terraform.configure("databricks", host=None)
    _, error = terraform.apply("databricks_cluster", cluster())
    assert error.startswith("default auth: cannot configure default credentials")


def test_a_workspace_that_is_not_there_cannot_be_reached(terraform: Caller) -> None:
    terraform.configure("databricks", host="https://adb-1.1.azuredatabricks.net")
    _, error = terraform.apply("databricks_cluster", cluster())
    assert error.endswith("dial tcp: lookup adb-1.1.azuredatabricks.net: no such host")


def test_clusters_go_with_their_workspace(terraform: Caller, workspace: dict[str, Any]) -> None:
    made = terraform.create("databricks_cluster", **cluster())
    terraform.destroy(WORKSPACE, workspace)
    terraform.configure("azurerm")
    again = terraform.workspace()
    assert again["workspace_url"] != workspace["workspace_url"]
    terraform.configure("databricks", host=again["workspace_url"])
    assert terraform.read("databricks_cluster", made) is None
    terraform.destroy(WORKSPACE, again)
    assert [found.name for found in terraform.cloud.resources()] == ["rg-a"]


@pytest.mark.parametrize("host", [None, "https://adb-1.1.azuredatabricks.net"])
def test_while_the_workspace_is_to_be_made_or_is_gone_nothing_in_it_can_be_looked_at(
    terraform: Caller, workspace: dict[str, Any], host: str | None
) -> None:
    """A host that is known after apply only is none; the state stands as it did, beside the error."""
    assert workspace
    made = terraform.create("databricks_cluster", **cluster())
    terraform.configure("databricks", host=host)
    answer = terraform.call("ReadResource", "databricks_cluster", current_state=made)
    assert answer["diagnostics"][0]["summary"].startswith("cannot read cluster: ")
    assert terraform.read("databricks_cluster", made) == made


def test_permissions_are_named_for_what_they_are_set_on(terraform: Caller, workspace: dict[str, Any]) -> None:
    assert workspace
    access = [{"group_name": "users", "permission_level": "CAN_USE"}]
    made = terraform.create("databricks_permissions", cluster_policy_id="P1", access_control=access)
    assert made["id"] == "/cluster-policies/P1"


def test_a_workspace_has_one_configuration(terraform: Caller, workspace: dict[str, Any]) -> None:
    assert workspace
    made = terraform.create("databricks_workspace_conf", custom_config={"enableIpAccessLists": "true"})
    assert made["id"] == "_"


def test_a_cluster_that_is_gone_cannot_be_changed(terraform: Caller, workspace: dict[str, Any]) -> None:
    assert workspace
    made = terraform.create("databricks_cluster", **cluster())
    terraform.destroy("databricks_cluster", made)
    state, error = terraform.apply("databricks_cluster", cluster(num_workers=3), made)
    assert error == f"cannot update cluster: cluster {made['id']} does not exist"
    assert state == made


def test_a_policy_takes_no_cluster_outside_its_ranges(terraform: Caller, workspace: dict[str, Any]) -> None:
    assert workspace
    definition = json.dumps({"num_workers": {"type": "range", "maxValue": 2, "isOptional": True}})
    policy = terraform.create("databricks_cluster_policy", name="p", definition=definition)
    _, error = terraform.apply("databricks_cluster", cluster(policy_id=policy["id"], num_workers=3))
    assert error == 'cannot create cluster: Validation failed for num_workers, the value must be at most 2 (is "3")'
    made = terraform.create("databricks_cluster", **cluster(policy_id=policy["id"], num_workers=2))
    _, error = terraform.apply("databricks_cluster", cluster(policy_id=policy["id"], num_workers=3), made)
    assert error == 'cannot update cluster: Validation failed for num_workers, the value must be at most 2 (is "3")'


def test_a_range_that_is_not_optional_takes_no_cluster_without_its_field(
    terraform: Caller, workspace: dict[str, Any]
) -> None:
    """A cluster of a fixed size has no autoscale."""
    assert workspace
    definition = json.dumps({"autoscale.max_workers": {"type": "range", "maxValue": 2}})
    policy = terraform.create("databricks_cluster_policy", name="p", definition=definition)
    _, error = terraform.apply("databricks_cluster", cluster(policy_id=policy["id"], num_workers=2))
    assert error == "cannot create cluster: Validation failed for autoscale.max_workers, the value must be present"
