"""Network facts that Azure refuses at the apply, found before the plan.

Azure Databricks takes a VNet of /16 to /24 and subnets of /26 at least, two for each workspace and shared with none
(learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject, as remembered on 2026-11-22). A managed
group must not exist beforehand (github.com/hashicorp/terraform-provider-azurerm 5.2.0, databricks_workspace,
2026-08-21).
"""

import ipaddress
import re
from collections.abc import Mapping

from plugins.check.sentences import SAYS
from plugins.check.subject import Rule, Subject, Verdict
from plugins.domain import neighbours
from plugins.domain.decision import InfrastructureDecision, NetworkDecision
from plugins.domain.neighbours import DNS_ZONE, Neighbours

_LARGEST, _SMALLEST, _SUBNET = 16, 24, 26
"""Prefixes: of the largest and the smallest VNet, and of the smallest subnet."""

_RESERVED = 5
"""Addresses that Azure keeps in every subnet."""

_GROUP = r"/subscriptions/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/resourceGroups/[-\w.()]{1,90}"
_VNET = rf"{_GROUP}/providers/Microsoft\.Network/virtualNetworks/[\w.-]{{2,64}}"
_IDS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "VirtualNetworkId": (re.compile(_VNET, re.IGNORECASE | re.ASCII), "virtualNetworks/NAME"),
    "EndpointSubnetId": (
        re.compile(rf"{_VNET}/subnets/[\w.-]{{1,80}}", re.IGNORECASE | re.ASCII),
        "virtualNetworks/NAME/subnets/NAME",
    ),
    "PrivateDnsZoneId": (
        re.compile(
            rf"{_GROUP}/providers/Microsoft\.Network/privateDnsZones/{re.escape(DNS_ZONE)}", re.IGNORECASE | re.ASCII
        ),
        f"privateDnsZones/{DNS_ZONE}",
    ),
}


def _ids(s: Subject) -> Verdict:
    details = s.decision.network_details
    if details is None:
        return None
    ids = {
        "VirtualNetworkId": details.existing_virtual_network_id,
        "EndpointSubnetId": details.existing_endpoint_subnet_id,
        "PrivateDnsZoneId": details.existing_private_dns_zone_id,
    }
    for key, value in ids.items():
        form, example = _IDS[key]
        if value is not None and form.fullmatch(value) is None:
            return SAYS.pair("network-ids", key=key, value=value[:80], example=example)
    return None


def _distinct(s: Subject) -> Verdict:
    details = s.decision.network_details
    if details is None or details.existing_virtual_network_id is None:
        return None
    host, container = (name.casefold() for name in _subnet_names(details))
    if host == container:
        return SAYS.pair("subnets-distinct", subnet=details.existing_host_subnet_name)
    endpoints = (details.existing_endpoint_subnet_id or "").casefold()
    if endpoints in neighbours.subnets(s.decision):
        return SAYS.pair("endpoint-subnet")
    return None


def _in_use(s: Subject) -> Verdict:
    details = s.decision.network_details
    if details is None:
        return None
    taken = [
        (name, holders)
        for name, key in zip(_subnet_names(details), neighbours.subnets(s.decision), strict=False)
        if (holders := s.among.holders(key, but=s.decision.identity))
    ]
    if not taken:
        return None
    names = " and ".join(dict.fromkeys(name for name, _ in taken))
    by = " and ".join(dict.fromkeys(holders[0].workspace_name for _, holders in taken))
    what, are = ("subnets", "are") if len(taken) > 1 else ("subnet", "is")
    vnet = (details.existing_virtual_network_id or "").rpartition("/")[2]
    return SAYS.pair("subnets-in-use", what=what, names=names, vnet=vnet, are=are, by=by)


def _space(s: Subject) -> Verdict:
    details = s.decision.network_details
    # A space that stands is not asked about again: it was taken once, and cannot be changed.
    standing = s.among.standing(s.decision.identity)
    stood = standing.network_details if standing else None
    if details is None or details.address_space is None or (stood and stood.address_space == details.address_space):
        return None
    wrong = _wrong_with(details.address_space)
    if wrong is None:
        return None
    return SAYS.pair(
        "address-space", space=details.address_space[:40], wrong=wrong, largest=_LARGEST, smallest=_SMALLEST
    )


def _wrong_with(space: str) -> str | None:
    try:
        network = ipaddress.IPv4Network(space, strict=False)
    except ValueError:
        return SAYS("address-space.no_range")
    if network.prefixlen > _SMALLEST:
        return SAYS("address-space.too_small", smallest=_SMALLEST, subnet=_SUBNET)
    if network.prefixlen < _LARGEST:
        return SAYS("address-space.too_large", largest=_LARGEST)
    if str(network.network_address) != space.partition("/")[0]:
        return SAYS("address-space.bits", network=network)
    return None


def _hold(s: Subject) -> Verdict:
    details = s.decision.network_details
    if details is None or details.host_subnet_prefix is None or _space(s) is not None:
        return None
    # The driver is a node as well.
    nodes = s.decision.max_workers + 1
    room = ipaddress.ip_network(details.host_subnet_prefix).num_addresses - _RESERVED
    if nodes <= room:
        return None
    standing = s.among.standing(s.decision.identity)
    way = SAYS("subnets-hold-cluster.in_use") if standing else SAYS("subnets-hold-cluster.new")
    return SAYS.pair(
        "subnets-hold-cluster", space=details.address_space, room=room, nodes=nodes, workers=room - 1, way=way
    )


def _managed(s: Subject) -> Verdict:
    name = s.decision.managed_resource_group_name
    if not name or s.among.standing(s.decision.identity) is not None:
        return None
    if name.casefold() == s.decision.resource_group_name.casefold():
        return SAYS.pair("managed-group", name=name)
    for key in (neighbours.managed_group(name), neighbours.group(name)):
        holders = s.among.holders(key, but=s.decision.identity)
        if holders:
            holder = holders[0].workspace_name
            return SAYS.pair("managed-group-taken", name=name, holder=holder)
    return None


def _zone(s: Subject) -> Verdict:
    for key in neighbours.own_zones(s.decision):
        holders = s.among.holders(key, but=s.decision.identity)
        if holders:
            name, group = holders[0].workspace_name, holders[0].resource_group_name
            return SAYS.pair("dns-zone-shared", zone=DNS_ZONE, name=name, group=group)
    return None


def sign_in_of_others(decision: InfrastructureDecision, among: Neighbours) -> Verdict:
    """What a destroy takes from those that sign in through this workspace's endpoint."""
    details = decision.network_details
    if decision.is_taken_over or decision.network != "private_link" or details is None:
        return None
    if not details.browser_authentication:
        return None
    others = among.holders(neighbours.signs_in(decision), but=decision.identity)
    if not others:
        return None
    names = ", ".join(other.workspace_name for other in others)
    return SAYS.pair("sign-in-endpoint", names=names)


def _subnet_names(details: NetworkDecision) -> tuple[str, str]:
    return details.existing_host_subnet_name or "", details.existing_container_subnet_name or ""


RULES: tuple[Rule, ...] = (
    Rule("network-ids", "deny", _ids),
    Rule("subnets-distinct", "deny", _distinct),
    Rule("subnets-in-use", "deny", _in_use),
    Rule("address-space", "deny", _space),
    Rule("subnets-hold-cluster", "deny", _hold),
    Rule("managed-group", "deny", _managed),
    Rule("dns-zone-shared", "deny", _zone),
)
