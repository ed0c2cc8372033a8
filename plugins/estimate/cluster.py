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

from plugins.catalogue.sizes import Size, size
from plugins.estimate.book import PriceBook, Quote
from plugins.estimate.sentences import SAYS

Workload = Literal["all-purpose", "jobs"]

PHOTON: dict[Workload, Decimal] = {"all-purpose": Decimal(2), "jobs": Decimal("2.5")}


@dataclass(frozen=True)
class Node:
    """One machine's hourly parts in its book's currency; None where the price is unknown. `dbu` is DBUs an hour."""

    size: str
    vm: Quote | None
    dbu: Decimal | None
    rate: Quote | None
    note: str | None = None

    @property
    def hourly(self) -> Decimal:
        """What is known of an hour of it; unknown parts add nothing and are named by `unknown`."""
        vm = self.vm.amount if self.vm else Decimal(0)
        return vm + (self.dbu * self.rate.amount if self.dbu is not None and self.rate else Decimal(0))

    @property
    def unknown(self) -> Iterator[str]:
        if self.vm is None:
            yield f"VM {self.size}"
        if self.dbu is None or self.rate is None:
            yield f"DBU {self.size}"


def node(
    name: str,
    region: str,
    *,
    workload: Workload = "all-purpose",
    photon: bool = False,
    trial: bool = False,
    book: PriceBook | None = None,
) -> Node:
    """One machine of this size in this region under this workload's DBU rate, by the bundled tables in USD where no
    book is given. A trial's DBUs are free.
    """
    machine, prices = size(name), book or PriceBook(region)
    rate = _free() if trial else prices.dbu(f"{workload}-photon" if photon else workload)
    return Node(
        size=name,
        vm=prices.vm(name),
        dbu=_dbus(machine, workload, photon=photon),
        rate=rate,
        note=machine.dbu_note or None if machine else None,
    )


def cluster_hour(machine: Node, workers: Decimal | int) -> Decimal:
    """An hour of the whole cluster, driver included."""
    return machine.hourly * (Decimal(workers) + 1)


def _dbus(machine: Size | None, workload: Workload, *, photon: bool) -> Decimal | None:
    if machine is None or machine.dbu_per_hour is None:
        return None
    return machine.dbu_per_hour * (PHOTON[workload] if photon else 1)


def _free() -> Quote:
    return Quote(Decimal(0), SAYS("line.trial_source"), date(2026, 8, 21))
