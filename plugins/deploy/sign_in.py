"""Tokens from the very credentials that Terraform is given: ARM_* or the Azure CLI, and nothing else.

No chain of guesses: whoever happens to be signed in on this machine by other means is not who deploys. Azure
Databricks' resource id: learn.microsoft.com/azure/databricks/dev-tools/auth/aad-token-manual (read 2026-11-29).
"""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from plugins.deploy.health import SignInMissing

_DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"
_YES = ("1", "true")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class _Token(Protocol):
    @property
    def token(self) -> str: ...

    @property
    def expires_on(self) -> int: ...


class _Credential(Protocol):
    def get_token(self, *scopes: str) -> _Token: ...

    def close(self) -> None: ...


def workspace_token(environment: Mapping[str, str]) -> str:
    """One for a Databricks workspace. Raises SignInMissing."""
    return access_token(environment, _DATABRICKS)[0]


def access_token(environment: Mapping[str, str], scope: str) -> tuple[str, float]:
    """One for that scope, and when it ends (seconds since the epoch). Raises SignInMissing, without the foreign error's
    text, which may hold what is nobody's business.
    """
    from azure.core.exceptions import AzureError  # a quarter of a second, and not in the sandbox

    try:
        with closing(_credential(environment)) as credential:
            token = credential.get_token(scope)
    except (AzureError, ValueError, OSError) as error:
        raise SignInMissing from error
    return token.token, float(token.expires_on)


def _credential(environment: Mapping[str, str]) -> _Credential:
    from azure import identity

    tenant, client = environment.get("ARM_TENANT_ID", ""), environment.get("ARM_CLIENT_ID", "")
    certificate, where = environment.get("ARM_CLIENT_CERTIFICATE_PATH"), _authority(environment)
    if _says_yes(environment, "ARM_USE_MSI"):
        return identity.ManagedIdentityCredential(client_id=client or None)
    if _says_yes(environment, "ARM_USE_OIDC"):
        return identity.ClientAssertionCredential(tenant, client, lambda: _assertion(environment), **where)
    if certificate:
        password = environment.get("ARM_CLIENT_CERTIFICATE_PASSWORD")
        return identity.CertificateCredential(tenant, client, certificate, password=password, **where)
    if environment.get("ARM_CLIENT_SECRET"):
        return identity.ClientSecretCredential(tenant, client, environment["ARM_CLIENT_SECRET"], **where)
    return identity.AzureCliCredential(tenant_id=tenant)


def _authority(environment: Mapping[str, str]) -> dict[str, Any]:
    """Where the sign-in is asked, when another than Azure's own is named: a sovereign cloud's, or a double's, which is
    trusted by the CA file that is named beside it.
    """
    host, bundle = environment.get("AZURE_AUTHORITY_HOST"), environment.get("REQUESTS_CA_BUNDLE")
    if not host:
        return {}
    known = {"disable_instance_discovery": True} if urlsplit(host).hostname in _LOOPBACK else {}
    return {"authority": host, **known, **({"connection_verify": bundle} if bundle else {})}


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
