"""A token for a workspace from the very credentials that Terraform is given: ARM_* or the Azure CLI, and nothing else.

No chain of guesses: whoever happens to be signed in on this machine by other means is not who deploys. Azure
Databricks' resource id: learn.microsoft.com/azure/databricks/dev-tools/auth/aad-token-manual (read 2026-11-29).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.deploy.health import SignInMissing

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

_DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"
_YES = ("1", "true")


def workspace_token(environment: Mapping[str, str]) -> str:
    """Raises SignInMissing, without the foreign error's text, which may hold what is nobody's business."""
    from azure.core.exceptions import AzureError  # a quarter of a second, and not in the sandbox

    try:
        return _credential(environment).get_token(_DATABRICKS).token
    except (AzureError, ValueError, OSError) as error:
        raise SignInMissing from error


def _credential(environment: Mapping[str, str]) -> "TokenCredential":
    from azure import identity

    tenant, client = environment.get("ARM_TENANT_ID", ""), environment.get("ARM_CLIENT_ID", "")
    certificate = environment.get("ARM_CLIENT_CERTIFICATE_PATH")
    if _says_yes(environment, "ARM_USE_MSI"):
        return identity.ManagedIdentityCredential(client_id=client or None)
    if _says_yes(environment, "ARM_USE_OIDC"):
        return identity.ClientAssertionCredential(tenant, client, lambda: _assertion(environment))
    if certificate:
        password = environment.get("ARM_CLIENT_CERTIFICATE_PASSWORD")
        return identity.CertificateCredential(tenant, client, certificate, password=password)
    if environment.get("ARM_CLIENT_SECRET"):
        return identity.ClientSecretCredential(tenant, client, environment["ARM_CLIENT_SECRET"])
    return identity.AzureCliCredential(tenant_id=tenant)


def _assertion(environment: Mapping[str, str]) -> str:
    """The federated token, read anew each time, as it is short-lived. Raises SignInMissing where only a request for one
    is configured, which Terraform's provider alone knows how to make.
    """
    token, path = environment.get("ARM_OIDC_TOKEN"), environment.get("ARM_OIDC_TOKEN_FILE_PATH")
    if token:
        return token
    if path:
        return Path(path).read_text("utf-8").strip()
    raise SignInMissing


def _says_yes(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").casefold() in _YES
