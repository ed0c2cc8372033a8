"""Where Azure Resource Manager is asked."""

from urllib.parse import urlsplit

from plugins.domain.errors import ConfigurationError
from plugins.resource_manager.sentences import SAYS

AZURE = "https://management.azure.com"
SCOPE = "https://management.azure.com/.default"
"""What a token is asked for (learn.microsoft.com/azure/azure-resource-manager, read 2026-11-22)."""


def base_of(url: str) -> str:
    """The base that is asked. Raises ConfigurationError for what is none: a token goes there, so HTTPS it is."""
    parts = urlsplit(url.strip())
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.path.strip("/"):
        raise SAYS.error(ConfigurationError, "address", url=url[:80])
    return f"{parts.scheme}://{parts.netloc}"
