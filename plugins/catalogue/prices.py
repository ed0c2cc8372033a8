"""Prices in USD, pay as you go, before tax: VMs by region, DBUs, spot, and what stands beside a cluster."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from plugins.catalogue.sentences import SAYS
from plugins.catalogue.table import Source, rows, sources


@dataclass(frozen=True)
class UnitPrice:
    """USD for one unit. `note` says what is special of it ("price of eastus, assumed")."""

    usd: Decimal
    source: str
    as_of: date
    note: str | None = None


@cache
def _vm_prices() -> Mapping[str, Mapping[str, str]]:
    return {row["size"]: row for row in rows("vm_prices.csv")}


def vm_price(size: str, region: str) -> UnitPrice | None:
    """An hour of this size on demand; None where the table has no price for that region.

    A price is not availability: the source still lists retired sizes. A star in the table marks a price that
    replaces the Windows meter's in the source by the lowest Linux one: for AMD sizes of the fifth generation the source
    took Windows' at random, whose product is not called "… Windows" at the end (seen in the source of 2026-06-18).
    """
    text = _vm_prices().get(size, {}).get(region, "")
    if not text:
        return None
    source = sources()["karpenter"]
    note = SAYS("price.neighbour") if text.endswith("*") else None
    return UnitPrice(Decimal(text.rstrip("*")), source.text, source.as_of, note)


@cache
def _spot_prices() -> Mapping[tuple[str, str], Decimal]:
    return {(row["size"], row["region"]): Decimal(row["usd_per_hour"]) for row in rows("spot_prices.csv")}


def spot_price(size: str, region: str) -> UnitPrice | None:
    """A spot hour as last seen: it moves, so it is shown and never counted on."""
    usd = _spot_prices().get((size, region))
    source = sources()["skypilot"]
    return None if usd is None else UnitPrice(usd, source.text, source.as_of, SAYS("price.spot"))


@cache
def _dbu_rates() -> Mapping[str, Mapping[str, tuple[Decimal, Source]]]:
    rates: dict[str, dict[str, tuple[Decimal, Source]]] = {}
    for row in rows("dbu_rates.csv"):
        rates.setdefault(row["workload"], {})[row["region"]] = (Decimal(row["usd_per_dbu"]), sources()[row["source"]])
    return rates


def dbu_rate(workload: str, region: str) -> UnitPrice | None:
    """A premium DBU of this workload ("all-purpose", "jobs"…); another region's, marked, where this one has none.

    None when no region has one. Photon costs the same a DBU; it uses more DBUs.
    """
    known = _dbu_rates().get(workload)
    if not known:
        return None
    of = region if region in known else next(iter(known))
    usd, source = known[of]
    return UnitPrice(
        usd, source.text, source.as_of, None if of == region else SAYS("price.assumed", of=of, region=region)
    )


@cache
def extras() -> Mapping[str, UnitPrice]:
    """All that stands beside a cluster and has a price, by its item."""
    return {
        row["item"]: UnitPrice(Decimal(row["usd"]), sources()[row["source"]].text, sources()[row["source"]].as_of)
        for row in rows("extras.csv")
    }


def extra(item: str) -> UnitPrice:
    """What stands beside a cluster: "nat_gateway", "public_ip", "private_endpoint"…, of one region, for all."""
    return extras()[item]
