"""What the machines cost: VM hours and DBUs.

A classic cluster is (1 driver + n workers) x (DBU x $/DBU + VM); the driver is always a node. Photon doubles the
DBUs of all-purpose compute and multiplies those of jobs by 2.5; the rate per DBU stays. Sources: azure-databricks
facts, sections 2 and 3 (LakeBench DBU map of 2026-08-21, azure-docs DBCU table of 2024-05-07).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from plugins.catalogue.prices import Price, dbu_rate, spot_price, vm_price
from plugins.catalogue.sizes import Size, size

Workload = Literal["all-purpose", "jobs"]

PHOTON: dict[Workload, Decimal] = {"all-purpose": Decimal(2), "jobs": Decimal("2.5")}


@dataclass(frozen=True)
class Node:
    """One machine's hourly parts in USD; None where the price is unknown. `dbu` is DBUs an hour."""

    size: str
    vm: Price | None
    dbu: Decimal | None
    rate: Price | None
    note: str | None = None

    @property
    def hourly(self) -> Decimal:
        """What is known of an hour of it; unknown parts add nothing and are named by `unknown`."""
        vm = self.vm.usd if self.vm else Decimal(0)
        return vm + (self.dbu * self.rate.usd if self.dbu is not None and self.rate else Decimal(0))

    @property
    def unknown(self) -> Iterator[str]:
        if self.vm is None:
            yield f"VM {self.size}"
        if self.dbu is None or self.rate is None:
            yield f"DBU {self.size}"


def node(
    name: str, region: str, *, workload: Workload = "all-purpose", photon: bool = False, trial: bool = False
) -> Node:
    """One machine of this size in this region under this workload's DBU rate. A trial's DBUs are free."""
    found = size(name)
    rate = _free() if trial else dbu_rate(workload, region)
    return Node(size=name, vm=vm_price(name, region), dbu=_dbus(found, workload, photon=photon), rate=rate,
                note=found.dbu_note or None if found else None)  # fmt: skip


def spot_note(name: str, region: str) -> str:
    """What to say beside spot workers, which are counted at the on-demand price."""
    price = spot_price(name, region)
    seen = f" (last seen at {price.usd:f} USD)" if price else ""
    return f"spot workers counted at the on-demand price; spot usually costs far less{seen}"


def cluster_hour(machine: Node, workers: Decimal | int) -> Decimal:
    """An hour of the whole cluster, driver included."""
    return machine.hourly * (Decimal(workers) + 1)


def _dbus(found: Size | None, workload: Workload, *, photon: bool) -> Decimal | None:
    if found is None or found.dbu_per_hour is None:
        return None
    return found.dbu_per_hour * (PHOTON[workload] if photon else 1)


def _free() -> Price:
    return Price(Decimal(0), "trial workspace: DBUs are free for 14 days (infracost, 2026-08-21)", date(2026, 8, 21))
