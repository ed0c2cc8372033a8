"""Taking over what exists: fixed blocks, ids as values."""

import json

import pytest

from plugins.deploy.adoption import import_ids, with_imports
from plugins.domain.errors import InvalidRequest
from plugins.domain.plan import TerraformFiles

GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-a"
WORKSPACE = f"{GROUP}/providers/Microsoft.Databricks/workspaces/dbw-a"
FILES = TerraformFiles(files={"main.tf": 'resource "azurerm_resource_group" "this" {\n}\n'})


def test_a_workspaces_id_tells_of_itself_and_its_group() -> None:
    assert import_ids(WORKSPACE) == {
        "azurerm_resource_group.this": GROUP,
        "azurerm_databricks_workspace.this": WORKSPACE,
    }


@pytest.mark.parametrize("text", ["", "dbw-a", GROUP, f"{WORKSPACE}/x", f'{WORKSPACE}"', WORKSPACE + "${file(1)}"])
def test_what_is_no_workspace_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="resource id"):
        import_ids(text)


def test_an_id_is_a_value_and_never_code() -> None:
    files = with_imports(FILES, {"azurerm_resource_group.this": '"${file("/etc/passwd")}'}).files
    assert files["imports.tf"] == (
        'variable "import_ids" {\n  type = map(string)\n}\n\n'
        'import {\n  to = azurerm_resource_group.this\n  id = var.import_ids["azurerm_resource_group.this"]\n}\n'
    )
    assert json.loads(files["imports.auto.tfvars.json"]) == {
        "import_ids": {"azurerm_resource_group.this": '"${file("/etc/passwd")}'}
    }


@pytest.mark.parametrize("address", ["azurerm_subnet.host", 'a.b"\n}', "azurerm_resource_group", "module.a.b"])
def test_an_address_that_the_files_do_not_declare_is_refused(address: str) -> None:
    with pytest.raises(InvalidRequest, match="not among those"):
        with_imports(FILES, {address: GROUP})
