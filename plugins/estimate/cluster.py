"""What the machines cost: VM hours and DBUs.

A classic cluster is (1 driver + n workers) x (DBU x $/DBU + VM); the driver is always a node. Photon doubles the
DBUs of all-purpose compute and multiplies those of jobs by 2.5; the rate per DBU stays. Sources:
azure.microsoft.com/pricing/details/databricks as parsed by github.com/microsoft/LakeBench (2026-08-21), and
github.com/MicrosoftDocs/azure-docs reservation-discount-databricks.md (2024-05-07).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from plugins.catalogue.prices import UnitPrice, dbu_rate, spot_price, vm_price
from plugins.catalogue.sizes import Size, size
from plugins.estimate.sentences import SAYS

Workload = Literal["all-purpose", "jobs"]

PHOTON: dict[Workload, Decimal] = {"all-purpose": Decimal(2), "jobs": Decimal("2.5")}


@dataclass(frozen=True)
class Node:
    """One machine's hourly parts in USD; None where the price is unknown. `dbu` is DBUs an hour."""

    size: str
    vm: UnitPrice | None
    dbu: Decimal | None
    rate: UnitPrice | None
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
    machine = size(name)
    rate = _free() if trial else dbu_rate(workload, region)
    return Node(
        size=name,
        vm=vm_price(name, region),
        dbu=_dbus(machine, workload, photon=photon),
        rate=rate,
        note=machine.dbu_note or None if machine else None,
    )


def spot_note(name: str, region: str) -> str:
    """What to say beside spot workers, which are counted at the on-demand price."""
    price = spot_price(name, region)
    last_price = SAYS("note.last_spot_price", usd=price.usd) if price else SAYS("note.no_spot_price")
    return SAYS("note.spot", last_price=last_price)


def cluster_hour(machine: Node, workers: Decimal | int) -> Decimal:
    """An hour of the whole cluster, driver included."""
    return machine.hourly * (Decimal(workers) + 1)


def _dbus(machine: Size | None, workload: Workload, *, photon: bool) -> Decimal | None:
    if machine is None or machine.dbu_per_hour is None:
        return None
    return machine.dbu_per_hour * (PHOTON[workload] if photon else 1)


def _free() -> UnitPrice:
    return UnitPrice(Decimal(0), SAYS("line.trial_source"), date(2026, 8, 21))
