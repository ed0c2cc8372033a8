"""Where a price list is asked."""

from urllib.parse import urlsplit

from plugins.domain.errors import ConfigurationError
from plugins.retail_prices.sentences import SAYS

AZURE = "https://prices.azure.com"
_PATH = "/api/retail/prices"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def endpoint_of(base_url: str) -> str:
    """The address that is asked. Raises ConfigurationError where it is none, or not HTTPS beyond this machine."""
    parts = urlsplit(base_url.strip())
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not is_safe or not parts.hostname or parts.username or parts.query:
        raise SAYS.error(ConfigurationError, "address", url=base_url[:80])
    path = parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path if path.endswith(_PATH) else path + _PATH}"
