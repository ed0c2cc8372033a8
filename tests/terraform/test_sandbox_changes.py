"""Changes as the real providers plan and make them: in place, by replacement, after somebody else's hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import GROUP, SMALL, WORKSPACE, Terraform

from plugins.deploy.sandbox.install import cloud_path
from plugins.deploy.sandbox.reattach import Reattached

pytestmark = pytest.mark.terraform

WORKSPACE_ADDRESS = "azurerm_databricks_workspace.this"


@pytest.fixture
def terraform(tmp_path: Path) -> Iterator[Terraform]:
    """A Terraform whose providers are served here; nothing is applied yet."""
    with Reattached(cloud_path(tmp_path)) as providers:
        found = Terraform(tmp_path, extra={"TF_REATTACH_PROVIDERS": providers})
        found.succeed("init", "-input=false")
        yield found


@pytest.fixture
def small(terraform: Terraform) -> Terraform:
    """With a resource group and a workspace, applied."""
    terraform.write(SMALL)
    assert terraform.apply().code == 0
    return terraform


def test_tags_change_in_place(small: Terraform) -> None:
    small.write(SMALL, tags={"team": "ml"})
    assert small.planned() == {"azurerm_resource_group.this": ["update"], WORKSPACE_ADDRESS: ["update"]}
    small.succeed("apply", "plan")
    assert [found.state["tags"] for found in small.cloud.resources("azurerm_databricks_workspace")] == [{"team": "ml"}]
    small.write(SMALL)
    assert small.apply().code == 0
    assert small.planned() == {}


def test_another_location_replaces_and_says_why(small: Terraform) -> None:
    small.write(SMALL, location="northeurope")
    changes = {each["address"]: each["change"] for each in small.plan()["resource_changes"]}
    assert changes[WORKSPACE_ADDRESS]["actions"] == ["delete", "create"]
    assert changes[WORKSPACE_ADDRESS]["replace_paths"] == [["location"]]
    small.succeed("apply", "plan")
    assert {found.state["location"] for found in small.cloud.leftovers()} == {"northeurope"}


def test_a_location_written_differently_changes_nothing(small: Terraform) -> None:
    small.write(SMALL, location="westeurope")
    assert small.planned() == {}


def test_another_size_of_the_cluster_leaves_the_rest_alone(terraform: Terraform) -> None:
    assert terraform.apply().code == 0
    terraform.write(workers=4)
    assert terraform.planned() == {"databricks_cluster.this": ["update"]}
    terraform.succeed("apply", "plan")
    assert terraform.planned() == {}


def test_what_was_deleted_behind_terraforms_back_is_created_again(small: Terraform) -> None:
    for found in small.cloud.resources("managed_resource_group"):
        small.cloud.remove(found.id)
    small.cloud.remove(WORKSPACE)
    plan = small.plan()
    assert drifted(plan) == {WORKSPACE_ADDRESS: ["delete"]}
    assert small.planned() == {WORKSPACE_ADDRESS: ["create"]}
    assert small.apply().code == 0
    assert small.planned() == {}


def test_what_was_changed_behind_terraforms_back_is_changed_back(small: Terraform) -> None:
    found = small.cloud.find(WORKSPACE)
    assert found is not None
    small.cloud.change(WORKSPACE, {**found.state, "sku": "trial"})
    assert drifted(small.plan()) == {WORKSPACE_ADDRESS: ["update"]}
    assert small.planned() == {WORKSPACE_ADDRESS: ["update"]}


def test_what_exists_but_is_not_in_the_state_is_imported_and_then_nothing_is_to_do(small: Terraform) -> None:
    small.succeed("state", "rm", WORKSPACE_ADDRESS, "azurerm_resource_group.this")
    sentence = f'a resource with the ID "{GROUP}" already exists - to be managed via Terraform this resource needs'
    assert [told[: len(sentence)] for told in small.apply().diagnostics] == [sentence]
    small.succeed("import", "azurerm_resource_group.this", GROUP)
    small.succeed("import", WORKSPACE_ADDRESS, WORKSPACE)
    assert small.planned() == {}


def test_a_value_that_azure_does_not_know_is_refused_where_it_stands(terraform: Terraform) -> None:
    terraform.write(SMALL, sku="gold")
    ended = terraform.run("plan", "-json")
    assert ended.diagnostics == ['expected sku to be one of ["standard" "premium" "trial"], got gold']
    diagnostic = next(found["diagnostic"] for found in ended.messages if found["type"] == "diagnostic")
    assert diagnostic["snippet"]["code"].strip() == "sku                         = var.sku"


def test_what_a_workspace_runs_in_goes_after_it(terraform: Terraform) -> None:
    """Terraform destroys in the order of its references, which is the only one that the cloud allows."""
    assert terraform.apply().code == 0
    ended = terraform.run("destroy", "-auto-approve", "-json", "-target=azurerm_databricks_workspace.this")
    assert ended.code == 0
    assert terraform.cloud.resources("azurerm_subnet") != ()
    assert terraform.apply().code == 0


def drifted(plan: dict[str, Any]) -> dict[str, list[str]]:
    return {each["address"]: each["change"]["actions"] for each in plan.get("resource_drift", [])}
