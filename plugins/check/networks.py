"""Network facts that Azure refuses at the apply, found before the plan.

Azure Databricks takes a VNet of /16 to /24 and subnets of /26 at least, two for each workspace and shared with none
(learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject, as in the azure-databricks facts, section 9,
check 5, 2026-11-22); a managed group must not exist beforehand (section 1.1).
"""

import ipaddress
import re
from collections.abc import Mapping

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
}  # fmt: skip


def _ids(s: Subject) -> Verdict:
    details = s.decision.network_details
    if details is None:
        return None
    said = {
        "VirtualNetworkId": details.existing_virtual_network_id,
        "EndpointSubnetId": details.existing_endpoint_subnet_id,
        "PrivateDnsZoneId": details.existing_private_dns_zone_id,
    }
    for key, value in said.items():
        form, shown = _IDS[key]
        if value is not None and form.fullmatch(value) is None:
            return (
                f"BringYourOwn__{key} (“{value[:80]}”) is not the id of what it is to name.",
                f"Copy it from the Azure portal: /subscriptions/…/providers/Microsoft.Network/{shown}.",
            )
    return None


def _distinct(s: Subject) -> Verdict:
    details = s.decision.network_details
    if details is None or details.existing_virtual_network_id is None:
        return None
    host, container = (name.casefold() for name in _subnet_names(details))
    if host == container:
        return (
            f"The host subnet and the container subnet are both {details.existing_host_subnet_name}.",
            "Give BringYourOwn__HostSubnet and BringYourOwn__ContainerSubnet two different ones.",
        )
    endpoints = (details.existing_endpoint_subnet_id or "").casefold()
    if endpoints in neighbours.subnets(s.decision):
        return (
            "The private endpoints are to be in a subnet of the nodes, which is delegated to Databricks.",
            "Give BringYourOwn__EndpointSubnetId a subnet of their own.",
        )
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
    message = f"The {what} {names} of {vnet} {are} taken by {by}; Azure lets no two workspaces share one."
    return message, "Give BringYourOwn__HostSubnet and BringYourOwn__ContainerSubnet two that are free."


def _space(s: Subject) -> Verdict:
    details = s.decision.network_details
    standing = s.among.standing(s.decision.identity)
    stood = standing.network_details if standing else None
    if details is None or details.address_space is None or (stood and stood.address_space == details.address_space):
        return None
    wrong = _wrong_with(details.address_space)
    if wrong is None:
        return None
    return (
        f"The address space {details.address_space[:40]} {wrong}.",
        f"Give BringYourOwn__AddressSpace a range of /{_LARGEST} to /{_SMALLEST}, such as 10.20.0.0/16.",
    )


def _wrong_with(space: str) -> str | None:
    try:
        network = ipaddress.IPv4Network(space, strict=False)
    except ValueError:
        return "is no range of IPv4 addresses"
    if network.prefixlen > _SMALLEST:
        return f"is smaller than /{_SMALLEST}, so that its subnets would be smaller than /{_SUBNET}"
    if network.prefixlen < _LARGEST:
        return f"is larger than /{_LARGEST}"
    if str(network.network_address) != space.partition("/")[0]:
        return f"has bits below its prefix: it would be {network}"
    return None


def _hold(s: Subject) -> Verdict:
    details = s.decision.network_details
    if details is None or details.host_subnet_prefix is None or _space(s) is not None:
        return None
    nodes = s.decision.max_workers + 1
    room = ipaddress.ip_network(details.host_subnet_prefix).num_addresses - _RESERVED
    if nodes <= room:
        return None
    standing = s.among.standing(s.decision.identity)
    way = "a subnet in use cannot grow: make it new" if standing else "give BringYourOwn__AddressSpace a larger range"
    return (
        f"Subnets of {details.address_space} hold {room} nodes, fewer than the {nodes} of the largest cluster.",
        f"Take at most {room - 1} workers, or {way}.",
    )


def _managed(s: Subject) -> Verdict:
    name = s.decision.managed_resource_group_name
    if not name or s.among.standing(s.decision.identity) is not None:
        return None
    remedy = "Put {unique} into Naming__ManagedResourceGroup."
    if name.casefold() == s.decision.resource_group_name.casefold():
        return f"The managed group would be the workspace's own resource group, {name}.", remedy
    for key in (neighbours.managed_group(name), neighbours.group(name)):
        holders = s.among.holders(key, but=s.decision.identity)
        if holders:
            holder = holders[0].workspace_name
            return f"The managed group {name} is that of {holder} already; Azure makes it anew for each.", remedy
    return None


def _zone(s: Subject) -> Verdict:
    for key in neighbours.own_zones(s.decision):
        holders = s.among.holders(key, but=s.decision.identity)
        if holders:
            name, group = holders[0].workspace_name, holders[0].resource_group_name
            message = (
                f"There is a private DNS zone {DNS_ZONE} already, that of {name} in {group}; Azure takes one here."
            )
            return message, "Set BringYourOwn__PrivateDnsZoneId to the id of that zone, and they share it."
    return None


def sign_in_of_others(decision: InfrastructureDecision, among: Neighbours) -> Verdict:
    """What a destroy takes from those that sign in through this workspace's endpoint."""
    details = decision.network_details
    if decision.network != "private_link" or details is None or not details.browser_authentication:
        return None
    others = among.holders(neighbours.signs_in(decision), but=decision.identity)
    if not others:
        return None
    names = ", ".join(other.workspace_name for other in others)
    message = f"{names}: sign-in in a browser goes through the endpoint of this workspace, and ends with it."
    return message, "Ask for a change of one of them right afterwards: its plan makes the endpoint anew."


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
