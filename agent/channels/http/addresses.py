"""Where a request comes from: the address that reached us, or the one that a trusted proxy forwards."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

from plugins.domain.errors import ConfigurationError

_FORWARDED_FOR = "X-Forwarded-For"
_ONE_SUBSCRIBER = 64
"""Leading bits of an IPv6 address that one subscriber has; the rest they choose (RFC 6177, 2011)."""


class Proxies:
    """The proxies that may say whose request they forward, by address or network."""

    def __init__(self, named: Iterable[str]) -> None:
        """Raises ConfigurationError for what is neither."""
        self._networks = tuple(_network(name) for name in named)

    def client_of(self, request: web.Request) -> str:
        """The address, or for IPv6 the network, that counts as one client.

        What is forwarded is believed from the right, as far as trusted proxies wrote it; anybody can write the rest.
        """
        said = ",".join(request.headers.getall(_FORWARDED_FOR, ()))
        client = request.remote or ""
        for hop in reversed(said.split(",") if said else []):
            if not self._trusts(client):
                break
            client = _bare(hop) or client
        return _counted(client)

    def _trusts(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)


def _bare(hop: str) -> str | None:
    """The address of this hop without its port; None when it is none."""
    said = hop.strip()
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        return str(ip_address(said))
    except ValueError:
        return None


def _counted(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((found, _ONE_SUBSCRIBER), strict=False))
    return str(found)


def _network(name: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(name, strict=False)
    except ValueError as error:
        raise ConfigurationError(
            "starting the server",
            f"Web__TrustedProxies names {name[:60]}, which is no address and no network.",
            "Write each as 10.0.0.5 or 10.0.0.0/24.",
        ) from error
