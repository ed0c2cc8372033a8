"""Where the model is: read from the settings and the environment. Pure; the key is never shown.

Three ways, the first that is configured counts: `Model__BaseUrl` with `Model__Name` (anything that speaks the chat
completions protocol; key in MODEL_API_KEY), AZURE_OPENAI_ENDPOINT with a deployment (key in AZURE_OPENAI_KEY, or the
Entra identity of whoever runs Brickie when there is none), OPENAI_API_KEY.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from agent.settings import ModelSettings
from agent.wording import error_of
from plugins.domain.errors import ConfigurationError

AZURE_VERSION = "2024-10-21"
"""The stable API version of Azure OpenAI, used unless another is named."""


@dataclass(frozen=True)
class Endpoint:
    """`key` None means that the Entra identity signs in (azure), or that no key is sent (compatible)."""

    kind: Literal["compatible", "azure", "openai"]
    base_url: str | None
    model: str
    key: str | None = field(repr=False)
    api_version: str = ""

    @property
    def where(self) -> str:
        """The host, for people: no path, no query, nothing that could hold a secret."""
        if self.base_url is None:
            return "api.openai.com"
        return self.base_url.split("://", 1)[-1].split("/", 1)[0].rsplit("@", 1)[-1]


def endpoint_of(model: ModelSettings, environment: Mapping[str, str]) -> Endpoint | None:
    """The endpoint that is configured, None for none. Raises ConfigurationError for half of one."""
    if model.base_url:
        if not model.name:
            raise error_of(ConfigurationError, "brain.no_model_at_address")
        return Endpoint("compatible", _address(model.base_url), model.name, environment.get("MODEL_API_KEY") or None)
    azure = environment.get("AZURE_OPENAI_ENDPOINT")
    if azure:
        return _azure(azure, model, environment)
    key = environment.get("OPENAI_API_KEY")
    if key:
        name = model.name or environment.get("OPENAI_MODEL")
        if not name:
            raise error_of(ConfigurationError, "brain.no_model_at_openai")
        return Endpoint("openai", environment.get("OPENAI_BASE_URL") or None, name, key)
    return None


def _azure(endpoint: str, model: ModelSettings, environment: Mapping[str, str]) -> Endpoint:
    name = model.name or environment.get("AZURE_OPENAI_DEPLOYMENT") or environment.get("AZURE_OPENAI_DEPLOYMENT_NAME")
    if not name:
        raise error_of(ConfigurationError, "brain.no_deployment")
    key = environment.get("AZURE_OPENAI_KEY") or environment.get("AZURE_OPENAI_API_KEY") or None
    version = environment.get("AZURE_OPENAI_API_VERSION") or AZURE_VERSION
    return Endpoint("azure", _address(endpoint), name, key, version)


def _address(url: str) -> str:
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
        raise error_of(ConfigurationError, "brain.not_https")
    return url.rstrip("/")
