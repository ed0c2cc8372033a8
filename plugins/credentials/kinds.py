"""The sorts of credential, each with the words for it and for what its owner has to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CredentialKind:
    """A sort of credential: what it is called, and how it is made worthless to whoever has read it."""

    name: str
    rotate: str


DATABRICKS = CredentialKind("a Databricks token", "revoke it in the workspace (Settings, Developer, Access tokens)")
CLIENT_SECRET = CredentialKind(
    "an Azure client secret", "delete it under Certificates & secrets of its app registration"
)
ACCOUNT_KEY = CredentialKind("an Azure account key", "regenerate it on the resource's page of access keys")
CONNECTION = CredentialKind(
    "a connection string with a key", "regenerate the key in it on the resource's page of access keys"
)
SIGNATURE = CredentialKind(
    "a shared access signature", "regenerate the key that signed it, or drop its stored access policy"
)
AWS = CredentialKind("an AWS key", "deactivate it in IAM")
GIT = CredentialKind("a Git token", "revoke it in the developer settings of its account")
CHAT = CredentialKind("a chat token or webhook", "revoke it in the settings of its app")
SIGNED = CredentialKind("a signed token", "end the session that it belongs to")
PRIVATE_KEY = CredentialKind("a private key", "make a new pair, and have the old one trusted nowhere")
API_KEY = CredentialKind("an API key", "revoke it where it was issued")
URL = CredentialKind("a URL with a password", "change that password")
PASSWORD = CredentialKind("a password or key", "change it wherever it is in use")

KINDS = (
    DATABRICKS,
    CLIENT_SECRET,
    ACCOUNT_KEY,
    CONNECTION,
    SIGNATURE,
    AWS,
    GIT,
    CHAT,
    SIGNED,
    PRIVATE_KEY,
    API_KEY,
    URL,
    PASSWORD,
)
"""The surest first: where two are found in one place, the first names it."""


@dataclass(frozen=True)
class FoundCredential:
    """A credential in a text: where it begins and ends there. Never what it is."""

    start: int
    end: int
    kind: CredentialKind
