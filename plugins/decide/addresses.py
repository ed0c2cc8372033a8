"""The addresses of a VNet-injected workspace, and which endpoints it brings.

What cannot work is decided all the same, for `plugins.check` to refuse with its reason.
"""

import ipaddress
from itertools import islice

from plugins.decide.choice import LEARN, reason
from plugins.decide.sentences import SAYS
from plugins.domain import neighbours
from plugins.domain.decision import InfrastructureDecision, NetworkDecision, Reason
from plugins.domain.errors import ConfigurationError
from plugins.domain.neighbours import Neighbours
from plugins.domain.platform_settings import BringYourOwn
from plugins.domain.request import Network

_RESERVED = 5
"""Addresses that Azure keeps in every subnet (learn.microsoft.com/azure/virtual-network, read 2026-11-22)."""

_SMALLEST_PREFIX = 26
"""A /26 holds 59 nodes; Databricks takes none smaller
(learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject, as remembered on 2026-11-22).
"""

_OVERLAP = 2
"""Nodes are doubled while a cluster is replaced by another, so subnets hold twice the largest cluster."""


def addresses(
    kind: Network, largest_cluster: int, own: BringYourOwn, standing: NetworkDecision | None
) -> NetworkDecision | None:
    """Subnets for the nodes, or the existing ones that the settings name; those that stand are kept, for Azure neither
    moves a workspace to others nor resizes a subnet in use. The ranges are None where the space yields none.

    Raises ConfigurationError when the existing VNet is named without its subnets.
    """
    if kind == "public":
        return None
    if standing is None:
        return (
            _existing(kind, own) if own.virtual_network_id else _new(kind, own.address_space, _prefix(largest_cluster))
        )
    if standing.existing_virtual_network_id is None:
        return _new(kind, standing.address_space or own.address_space, _length(standing.host_subnet_prefix))
    ids = {
        "virtual_network_id": standing.existing_virtual_network_id,
        "host_subnet": standing.existing_host_subnet_name,
        "container_subnet": standing.existing_container_subnet_name,
        "endpoint_subnet_id": standing.existing_endpoint_subnet_id or own.endpoint_subnet_id,
        "private_dns_zone_id": standing.existing_private_dns_zone_id
        if standing.existing_endpoint_subnet_id
        else own.private_dns_zone_id,
    }
    return _existing(kind, own.model_copy(update=ids))


def with_sign_in(decision: InfrastructureDecision, among: Neighbours) -> InfrastructureDecision:
    """The decision without a sign-in endpoint of its own, where another workspace of its region and DNS zone has it.

    One `browser_authentication` endpoint serves all workspaces of a region (learn.microsoft.com/azure/databricks/
    security/network/front-end/front-end-private-connect, stored copy, read 2026-11-29).
    """
    details = decision.network_details
    if decision.network != "private_link" or details is None:
        return decision
    holders = among.holders(neighbours.sign_in(decision), but=decision.identity)
    if not holders:
        return decision
    reason = _shared(holders[0].workspace_name, decision.region)
    return decision.model_copy(
        update={
            "network_details": details.model_copy(update={"browser_authentication": False}),
            "justification": (*decision.justification, reason),
        }
    )


def _shared(holder: str, region: str) -> Reason:
    because = SAYS("addresses.sign_in_because", holder=holder, region=region)
    source = SAYS("addresses.sign_in_source", learn=LEARN)
    return reason("network", SAYS("addresses.no_sign_in"), because, source)


def _prefix(largest_cluster: int) -> int:
    needed = (largest_cluster + 1) * _OVERLAP + _RESERVED
    return min(_SMALLEST_PREFIX, 32 - (needed - 1).bit_length())


def _length(subnet: str | None) -> int:
    return int(subnet.rpartition("/")[2]) if subnet else _SMALLEST_PREFIX


def _new(kind: Network, address_space: str, prefix: int) -> NetworkDecision:
    try:
        space = ipaddress.IPv4Network(address_space, strict=False)
        subnets = islice(space.subnets(new_prefix=max(prefix, space.prefixlen + 2)), 3)
        host, container, endpoint = map(str, subnets)
    except ValueError:  # no range, or one too small to be divided
        return NetworkDecision(address_space=address_space)
    return NetworkDecision(
        address_space=address_space,
        host_subnet_prefix=host,
        container_subnet_prefix=container,
        endpoint_subnet_prefix=endpoint if kind == "private_link" else None,
    )


def _existing(kind: Network, own: BringYourOwn) -> NetworkDecision:
    missing = [
        key for key, value in (("HostSubnet", own.host_subnet), ("ContainerSubnet", own.container_subnet)) if not value
    ]
    if kind == "private_link" and not own.endpoint_subnet_id:
        missing.append("EndpointSubnetId")
    if missing:
        raise SAYS.error(ConfigurationError, "addresses.subnet_missing", missing=missing[0])
    return NetworkDecision(
        existing_virtual_network_id=own.virtual_network_id,
        existing_host_subnet_name=own.host_subnet,
        existing_container_subnet_name=own.container_subnet,
        existing_endpoint_subnet_id=own.endpoint_subnet_id if kind == "private_link" else None,
        existing_private_dns_zone_id=own.private_dns_zone_id if kind == "private_link" else None,
        nat_gateway=False,
    )
