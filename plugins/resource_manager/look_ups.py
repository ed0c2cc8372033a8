"""Answers of Azure Resource Manager as facts: JSON in, facts out. Pure.

Whatever a part of an answer lacks that a fact is made of makes the whole look-up fail (`Odd`): half a fact would be
taken for a whole one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import Any, cast

from plugins.domain.azure_facts import Assignment, Quota, SizeOffer, StandingWorkspace, Subnet, VirtualNetwork

Json = Mapping[str, Any]

DEFINITIONS: Mapping[str, tuple[str, str]] = {
    "e56962a6-4747-49cd-b67b-bf8b01975c4c": ("regions", "listOfAllowedLocations"),
    "e765b5de-1225-4ba3-bd56-1ac6695af988": ("group_regions", "listOfAllowedLocations"),
    "cccc23c7-8427-4f53-ad12-b6a63eb452b3": ("sizes", "listOfAllowedSKUs"),
    "871b6d14-10aa-478d-b590-94f262ecfa99": ("tag", "tagName"),
    "96670d01-0a4d-4649-9c89-2d3abc0a5025": ("group_tag", "tagName"),
}
"""Built-in policies that deny, by what they look at and the parameter that says what they allow or demand
(github.com/Azure/azure-policy, built-in-policies; ids in public repositories, looked up 2026-11-30).
"""

_ENFORCED = "Default"
_WHOLE = re.compile(r"/subscriptions/[^/]+|/providers/microsoft\.management/managementgroups/[^/]+")
"""Scopes, in lower case, of which an assignment holds for all that a subscription has."""

_NARROWED = ("notScopes", "overrides", "resourceSelectors")
"""What makes an assignment hold for a part only, or with another effect
(learn.microsoft.com/azure/governance/policy/concepts/assignment-structure, as remembered on 2026-11-30).
"""


class Odd(ValueError):
    """The answer has another shape than Azure documents."""


def sizes_in(rows: Iterable[Json], region: str) -> dict[str, SizeOffer]:
    """VM sizes of `Microsoft.Compute/skus`, by name in lower case."""
    offers = [_offer(row, region) for row in rows if row.get("resourceType") == "virtualMachines"]
    if not offers:
        raise Odd
    return {offer.name.casefold(): offer for offer in offers}


def _offer(row: Json, region: str) -> SizeOffer:
    restrictions = _list(row.get("restrictions") or [])
    whole = [one for one in restrictions if one.get("type") == "Location"]
    zonal = [one for one in restrictions if one.get("type") == "Zone"]
    closed = tuple(sorted(zone for one in zonal for zone in _texts(_object(one, "restrictionInfo").get("zones") or [])))
    reasons = [str(one.get("reasonCode") or "restricted") for one in (*whole, *zonal)]
    return SizeOffer(
        name=_text(row, "name"),
        family=_text(row, "family"),
        vcpu=_vcpus(row),
        zones=tuple(sorted(_zones(row, region))),
        closed_zones=() if whole else closed,
        reason=reasons[0] if reasons else "",
    )


def _vcpus(row: Json) -> int | None:
    values = {one.get("name"): one.get("value") for one in _list(row.get("capabilities") or [])}
    vcpus = str(values.get("vCPUs") or "")
    return int(vcpus) if vcpus.isdigit() else None


def _zones(row: Json, region: str) -> Iterator[str]:
    for place in _list(row.get("locationInfo") or []):
        if str(place.get("location", "")).casefold() == region:
            yield from _texts(place.get("zones") or [])


def quotas_in(rows: Iterable[Json]) -> dict[str, Quota]:
    """Rows of `Microsoft.Compute/locations/…/usages`, by name in lower case."""
    quotas = [
        Quota(name=_text(_object(row, "name"), "value"), used=_number(row, "currentValue"), limit=_number(row, "limit"))
        for row in rows
    ]
    if not quotas:
        raise Odd
    return {quota.name.casefold(): quota for quota in quotas}


def workspaces_in(rows: Iterable[Json]) -> tuple[StandingWorkspace, ...]:
    """Those of `Microsoft.Databricks/workspaces`; one that is being deleted holds its names still."""
    return tuple(_workspace(row) for row in rows)


def _workspace(row: Json) -> StandingWorkspace:
    parameters = _object(_object(row, "properties"), "parameters", optional=True)

    def value(name: str) -> str:
        return str(_object(parameters, name, optional=True).get("value") or "").casefold()

    names = (value("customPublicSubnetName"), value("customPrivateSubnetName"))
    subnets = tuple(name for name in names if name)
    return StandingWorkspace(id=_text(row, "id").casefold(), network=value("customVirtualNetworkId"), subnets=subnets)


def names_in(rows: Iterable[Json]) -> frozenset[str]:
    """Names in lower case."""
    return frozenset(_text(row, "name").casefold() for row in rows)


def is_registered(provider: Json) -> bool:
    return _text(provider, "registrationState") == "Registered"


def assignments_in(rows: Iterable[Json]) -> tuple[tuple[Assignment, ...], tuple[str, ...]]:
    """The assignments of which the effect is known, and the names of the others that may deny: initiatives, policies of
    the house's own, whose rules are not read here, and those that hold for a part only. What is only audited counts for
    neither, nor what is assigned to a single resource group.
    """
    known: list[Assignment] = []
    others: list[str] = []
    for row in rows:
        properties = _object(row, "properties")
        if str(properties.get("enforcementMode") or _ENFORCED) != _ENFORCED:
            continue
        scope = str(properties.get("scope") or "").rstrip("/").casefold()
        if scope and not _WHOLE.fullmatch(scope):
            continue
        name = str(properties.get("displayName") or row.get("name") or "")
        is_narrowed = not scope or any(properties.get(key) for key in _NARROWED)
        assignment = None if is_narrowed else _assignment(name, properties)
        if assignment is None:
            others.append(name)
        else:
            known.append(assignment)
    return tuple(known), tuple(others)


def _assignment(name: str, properties: Json) -> Assignment | None:
    definition = str(properties.get("policyDefinitionId") or "").rsplit("/", 1)[-1].casefold()
    kind, parameter = DEFINITIONS.get(definition, ("", ""))
    value = _object(_object(properties, "parameters", optional=True), parameter, optional=True).get("value")
    if not kind or not value:
        return None
    values = tuple(_texts([value] if isinstance(value, str) else value))
    return Assignment.model_validate({"name": name, "kind": kind, "values": values})


def network_in(body: Json) -> VirtualNetwork:
    properties = _object(body, "properties")
    subnets = [_subnet(row) for row in _list(properties.get("subnets") or [])]
    return VirtualNetwork(
        id=_text(body, "id").casefold(),
        region=re.sub(r"\s", "", _text(body, "location")).casefold(),
        subnets={subnet.name.casefold(): subnet for subnet in subnets},
    )


def _subnet(row: Json) -> Subnet:
    properties = _object(row, "properties")
    prefixes = properties.get("addressPrefixes") or [properties.get("addressPrefix")]
    prefix = str(_texts(prefixes)[0])
    ip_network(prefix, strict=False)  # ValueError: no range
    delegations = (_object(one, "properties") for one in _list(properties.get("delegations") or []))
    return Subnet(
        name=_text(row, "name"),
        prefix=prefix,
        delegations=tuple(str(one.get("serviceName") or "") for one in delegations),
        taken=len(cast("list[Any]", properties.get("ipConfigurations") or [])),
    )


def _text(row: Json, key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise Odd
    return value


def _number(row: Json, key: str) -> int:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Odd
    return value


def _object(row: Json, key: str, *, optional: bool = False) -> Json:
    value = row.get(key)
    if isinstance(value, dict):
        return cast("Json", value)
    if optional and value is None:
        return {}
    raise Odd


def _list(value: object) -> Sequence[Json]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in cast("list[Any]", value)):
        raise Odd
    return cast("list[Json]", value)


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in cast("list[Any]", value)):
        raise Odd
    return cast("list[str]", value)
