"""Where Terraform keeps a deployment's state: one state for each deployment, whatever the backend.

Only `init`'s arguments, the generated backend.tf and the environment differ. A connection string travels in the
environment alone, so that it stands in no file and in no process list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plugins.deploy.generate import BACKEND
from plugins.domain.plan import TerraformFiles


@dataclass(frozen=True)
class LocalState:
    """A file below BRICKIE_HOME."""


@dataclass(frozen=True)
class PostgresState:
    """A schema for each deployment in one database; `connection` may hold a password and is never shown."""

    connection: str = field(repr=False)


@dataclass(frozen=True)
class AzureState:
    """A blob for each deployment in one container of the customer's."""

    resource_group: str
    account: str
    container: str
    prefix: str = ""


Backend = LocalState | PostgresState | AzureState


def with_backend(files: TerraformFiles, backend: Backend) -> TerraformFiles:
    """The files with the backend.tf of this backend, whatever they came with."""
    kind = {LocalState: "local", PostgresState: "pg", AzureState: "azurerm"}[type(backend)]
    text = f'terraform {{\n  backend "{kind}" {{}}\n}}\n'
    return TerraformFiles(files={**files.files, BACKEND: text})


def init_arguments(backend: Backend, deployment_id: str, local: Path) -> tuple[str, ...]:
    """What `init` is told; `local` is the state's path for a local one."""
    match backend:
        case LocalState():
            arguments = {"path": str(local)}
        case PostgresState():
            arguments = {"schema_name": deployment_id}
        case AzureState():
            arguments = {
                "resource_group_name": backend.resource_group,
                "storage_account_name": backend.account,
                "container_name": backend.container,
                "key": f"{backend.prefix}{deployment_id}.tfstate",
                # Never the account's key: Terraform writes what `init` is told into `.terraform`, in clear.
                "use_azuread_auth": "true",
            }
    return tuple(f"-backend-config={name}={value}" for name, value in arguments.items())


def backend_environment(backend: Backend) -> Mapping[str, str]:
    return {"PG_CONN_STR": backend.connection} if isinstance(backend, PostgresState) else {}
