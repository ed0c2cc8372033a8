"""Tokens from the very credentials that Terraform is given: ARM_* or the Azure CLI, and nothing else.

No chain of guesses: whoever happens to be signed in on this machine by other means is not who deploys. Azure
Databricks' resource id: learn.microsoft.com/azure/databricks/dev-tools/auth/aad-token-manual (read 2026-11-29). Which
variables, in which order: hashicorp/terraform-provider-azurerm, website/docs/guides/service_principal_oidc and
aks_workload_identity; how GitHub gives a token: docs.github.com/actions/reference/security/oidc (both of 2026-11).
"""

import json
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from plugins.deploy.health import SignInMissing

_DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"
_YES = ("1", "true")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_AKS = "ARM_USE_AKS_WORKLOAD_IDENTITY"
_AUDIENCE = "api://AzureADTokenExchange"
_URLS = ("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI")
_KEYS = ("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN")
_CONNECTIONS = ("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID")
_SECONDS = 10
_MOST_BYTES = 100_000


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
    except (AzureError, ValueError, OSError, HTTPException) as error:
        raise SignInMissing from error
    return token.token, float(token.expires_on)


def _credential(environment: Mapping[str, str]) -> _Credential:
    from azure import identity

    tenant, client = _named(environment, "TENANT_ID"), _named(environment, "CLIENT_ID")
    certificate, where = environment.get("ARM_CLIENT_CERTIFICATE_PATH"), _authority(environment)
    if _says_yes(environment, "ARM_USE_MSI"):
        return identity.ManagedIdentityCredential(client_id=client or None)
    if _says_yes(environment, "ARM_USE_OIDC") or _says_yes(environment, _AKS):
        return identity.ClientAssertionCredential(tenant, client, lambda: assertion(environment), **where)
    if certificate:
        password = environment.get("ARM_CLIENT_CERTIFICATE_PASSWORD")
        return identity.CertificateCredential(tenant, client, certificate, password=password, **where)
    if secret := environment.get("ARM_CLIENT_SECRET") or _held(environment.get("ARM_CLIENT_SECRET_FILE_PATH")):
        return identity.ClientSecretCredential(tenant, client, secret, **where)
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


def assertion(environment: Mapping[str, str]) -> str:
    """The federated token, made or read anew each time, as it is short-lived: given outright, in a file, or asked for
    where the pipeline that this runs in gives one. The order is the provider's. Raises SignInMissing, and OSError.
    """
    path = environment.get("ARM_OIDC_TOKEN_FILE_PATH")
    if _says_yes(environment, _AKS):
        path = path or environment.get("AZURE_FEDERATED_TOKEN_FILE")
    token = environment.get("ARM_OIDC_TOKEN") or _held(path) or _requested(environment)
    if not token:
        raise SignInMissing
    return token


def _requested(environment: Mapping[str, str]) -> str:
    """From GitHub Actions (a GET, answered by `value`) or Azure Pipelines (a POST for a service connection, answered by
    `oidcToken`).
    """
    url, key = _first(environment, _URLS), _first(environment, _KEYS)
    if not url or not key:
        return ""
    connection = _first(environment, _CONNECTIONS)
    more = {"api-version": "7.1", "serviceConnectionId": connection} if connection else {"audience": _AUDIENCE}
    address = urlsplit(url)
    if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"):
        raise SignInMissing  # the key would go over the wire for everybody to read
    query = urlencode([*parse_qsl(address.query), *more.items()])
    asked = urllib.request.Request(  # noqa: S310 - https, or this machine
        urlunsplit(address._replace(query=query)),
        data=b"" if connection else None,
        headers={"Authorization": f"Bearer {key}", "Accept": "application/json", "Content-Type": "application/json"},
    )
    with urllib.request.build_opener(_NoRedirects).open(asked, timeout=_SECONDS) as answered:
        document: object = json.loads(answered.read(_MOST_BYTES))
    if not isinstance(document, dict):
        return ""
    told = cast("Mapping[str, object]", document)
    return str(told.get("oidcToken" if connection else "value") or "")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an HTTPError: the library would send the key along to whatever host it names."""

    def redirect_request(self, *_: Any, **__: Any) -> None: ...


def _named(environment: Mapping[str, str], what: str) -> str:
    """Who signs in, and where: named outright, in a file, or by what AKS gives a pod."""
    told = environment.get(f"ARM_{what}") or _held(environment.get(f"ARM_{what}_FILE_PATH"))
    return told or (environment.get(f"AZURE_{what}", "") if _says_yes(environment, _AKS) else "")


def _held(path: str | None) -> str:
    return Path(path).read_text("utf-8").strip() if path else ""


def _first(environment: Mapping[str, str], names: Sequence[str]) -> str:
    return next((environment[name] for name in names if environment.get(name)), "")


def _says_yes(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").casefold() in _YES
