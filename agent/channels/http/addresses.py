"""Where a request comes from: the address that reached us, or the one that a trusted proxy forwards."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

from agent.wording import error_of
from plugins.domain.errors import ConfigurationError

_FORWARDED_FOR = "X-Forwarded-For"
_ONE_SUBSCRIBER = 64
"""Leading bits of an IPv6 address that one subscriber has; the rest they choose (RFC 6177, section 2, 2011)."""


class Proxies:
    """The proxies that may say whose request they forward, by address or network."""

    def __init__(self, named: Iterable[str]) -> None:
        """Raises ConfigurationError for what is neither."""
        self._networks = tuple(_network(name) for name in named)

    def client_of(self, request: web.Request) -> str:
        """The address, or for IPv6 the network, that counts as one client.

        What is forwarded is believed from the right, as far as trusted proxies wrote it; anybody can write the rest.
        """
        forwarded = ",".join(request.headers.getall(_FORWARDED_FOR, ()))
        client = request.remote or ""
        for hop in reversed(forwarded.split(",") if forwarded else []):
            # The first hop that no trusted proxy reported is the client; what stands left of it is its own claim.
            if not self._trusts(client):
                break
            client = _bare(hop) or client
        return _counted(client)

    def _trusts(self, address: str) -> bool:
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self._networks)


def _bare(hop: str) -> str | None:
    """The address of this hop without its port; None when it is none."""
    address = hop.strip()
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:  # IPv4 with a port; an IPv6 address has two colons at least
        address = address.partition(":")[0]
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def _counted(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    # An IPv4 address in IPv6 form (::ffff:…) is one client, not a network.
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is None:
        return str(ip_network((ip, _ONE_SUBSCRIBER), strict=False))
    return str(ip)


def _network(name: str) -> IPv4Network | IPv6Network:
    try:
        # Not strict: "10.0.0.5/24" is taken as its network, as most tools take it.
        return ip_network(name, strict=False)
    except ValueError as error:
        raise error_of(ConfigurationError, "channels.server.bad_proxy", name=name[:60]) from error
