"""What the double's subscription has: sizes, quotas, names, policies, VNets and a bill; nothing stands against anything
unless it is told so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plugins.catalogue.sizes import sizes
from plugins.domain.bill import BilledDay

ZONES = ("1", "2", "3")
AMPLE = 1000
"""vCPUs of every row that nobody has set."""

_REGIONAL = ("cores", "lowPriorityCores")


@dataclass(frozen=True)
class Restriction:
    """A size that may not be used in a region, or in some of its zones. `region` "*" is every one."""

    size: str
    region: str = "*"
    zones: tuple[str, ...] = ()
    reason: str = "NotAvailableForSubscription"


@dataclass(frozen=True)
class SetQuota:
    """`row` is a family's name as Azure spells it, "cores" or "lowPriorityCores"."""

    region: str
    row: str
    limit: int
    used: int = 0


@dataclass(frozen=True)
class Standing:
    """A workspace that is there; `network` and `subnets` where its nodes are in a VNet of somebody's."""

    name: str
    group: str
    network: str = ""
    subnets: tuple[str, ...] = ()


@dataclass
class Subscription:
    """`bill` gives the rows of a range of days. `policies` and `networks` are objects as Azure sends them."""

    id: str = "00000000-0000-0000-0000-000000000000"
    quotas: tuple[SetQuota, ...] = ()
    restricted: tuple[Restriction, ...] = ()
    workspaces: tuple[Standing, ...] = ()
    groups: tuple[str, ...] = ()
    deleted_logs: tuple[str, ...] = ()
    is_registered: bool = True
    policies: tuple[Mapping[str, Any], ...] = ()
    networks: tuple[Mapping[str, Any], ...] = ()
    bill: Callable[[date, date], Iterable[BilledDay]] = field(default=lambda _since, _until: ())

    def skus(self, region: str) -> Iterator[dict[str, Any]]:
        """Among them a disk, as the real list has them."""
        yield {"resourceType": "disks", "name": "Premium_LRS", "locations": [region]}
        for size in sizes().values():
            if size.is_retired:
                continue
            yield {
                "resourceType": "virtualMachines",
                "name": size.name,
                "family": size.family,
                "locations": [region],
                "locationInfo": [{"location": region, "zones": list(ZONES)}],
                "capabilities": [{"name": "vCPUs", "value": str(size.vcpu)}, {"name": "MaxResourceVolumeMB"}],
                "restrictions": list(self._restrictions(size.name, region)),
            }

    def _restrictions(self, size: str, region: str) -> Iterator[dict[str, Any]]:
        for one in self.restricted:
            if one.size.casefold() == size.casefold() and one.region in ("*", region):
                yield {
                    "type": "Zone" if one.zones else "Location",
                    "values": [region],
                    "restrictionInfo": {"locations": [region], **({"zones": list(one.zones)} if one.zones else {})},
                    "reasonCode": one.reason,
                }

    def usages(self, region: str) -> Iterator[dict[str, Any]]:
        told = {(one.region, one.row.casefold()): one for one in self.quotas}
        families = dict.fromkeys(size.family for size in sizes().values())
        for row in (*_REGIONAL, *families):
            one = told.get((region, row.casefold())) or SetQuota(region, row, AMPLE)
            name = {"value": row, "localizedValue": row}
            yield {"unit": "Count", "currentValue": one.used, "limit": one.limit, "name": name}

    def standing(self) -> Iterator[dict[str, Any]]:
        for one in self.workspaces:
            names = dict(zip(("customPublicSubnetName", "customPrivateSubnetName"), one.subnets, strict=False))
            custom = {"customVirtualNetworkId": one.network, **names} if one.network else {}
            group = f"/subscriptions/{self.id}/resourceGroups/{one.group}"
            yield {
                "id": f"{group}/providers/Microsoft.Databricks/workspaces/{one.name}",
                "name": one.name,
                "type": "Microsoft.Databricks/workspaces",
                "properties": {"parameters": {key: {"type": "String", "value": v} for key, v in custom.items()}},
            }


def steady_bill(
    daily: Mapping[str, Decimal], *, currency: str = "USD", on: Mapping[date, Decimal] | None = None
) -> Callable[[date, date], Iterator[BilledDay]]:
    """Each group costs the same every day; times `on` of a day, where that is given."""

    def rows(since: date, until: date) -> Iterator[BilledDay]:
        for number in range((until - since).days + 1):
            day = since + timedelta(days=number)
            for group, amount in daily.items():
                yield BilledDay(day, group, currency, amount * (on or {}).get(day, Decimal(1)))

    return rows
