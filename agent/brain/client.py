"""The connection to the endpoint: who signs in, how long it may take.

Whether to try again is the business of `agent.brain.semantic_kernel`.
"""

from typing import TYPE_CHECKING

from agent.brain.endpoint import Endpoint

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_CONNECT_SECONDS = 5.0
_SCOPE = "https://cognitiveservices.azure.com/.default"


def connect(endpoint: Endpoint, timeout_seconds: float) -> "AsyncOpenAI":
    """A client for this endpoint; nothing is sent yet. An Entra identity's token is refreshed as it ages."""
    from openai import AsyncAzureOpenAI, AsyncOpenAI, Timeout  # 0.8 s, behind the prompt

    timeout = Timeout(timeout_seconds, connect=min(_CONNECT_SECONDS, timeout_seconds))
    if endpoint.kind != "azure":
        return AsyncOpenAI(base_url=endpoint.base_url, api_key=endpoint.key or "none", timeout=timeout, max_retries=0)
    address = endpoint.base_url or ""
    if endpoint.key:
        return AsyncAzureOpenAI(
            azure_endpoint=address,
            api_key=endpoint.key,
            api_version=endpoint.api_version,
            timeout=timeout,
            max_retries=0,
        )
    from azure.identity.aio import DefaultAzureCredential, get_bearer_token_provider

    return AsyncAzureOpenAI(
        azure_endpoint=address,
        azure_ad_token_provider=get_bearer_token_provider(DefaultAzureCredential(), _SCOPE),
        api_version=endpoint.api_version,
        timeout=timeout,
        max_retries=0,
    )
