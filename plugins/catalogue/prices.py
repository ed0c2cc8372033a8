"""Prices in USD, pay as you go, before tax: VMs by region, DBUs, spot, and what stands beside a cluster."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from plugins.catalogue.table import Source, rows, sources


@dataclass(frozen=True)
class Price:
    """USD for one unit. `note` says what is special of it ("price of eastus, assumed")."""

    usd: Decimal
    source: str
    as_of: date
    note: str | None = None


@cache
def _vm_prices() -> Mapping[str, Mapping[str, str]]:
    return {row["size"]: row for row in rows("vm_prices.csv")}


def vm_price(size: str, region: str) -> Price | None:
    """An hour of this size on demand; None where the table has no price for that region.

    A price is not availability: the source still lists retired sizes. A star in the table marks a price that
    replaces the Windows meter's in the source by the lowest Linux one (azure-databricks facts, 3.2).
    """
    text = _vm_prices().get(size, {}).get(region, "")
    if not text:
        return None
    source = sources()["karpenter"]
    note = "Linux price taken from a neighbouring region" if text.endswith("*") else None
    return Price(Decimal(text.rstrip("*")), source.text, source.as_of, note)


@cache
def _spot_prices() -> Mapping[tuple[str, str], Decimal]:
    return {(row["size"], row["region"]): Decimal(row["usd_per_hour"]) for row in rows("spot_prices.csv")}


def spot_price(size: str, region: str) -> Price | None:
    """A spot hour as last seen: it moves, so it is shown and never counted on."""
    usd = _spot_prices().get((size, region))
    source = sources()["skypilot"]
    return None if usd is None else Price(usd, source.text, source.as_of, "spot prices move")


@cache
def _dbu_rates() -> Mapping[str, Mapping[str, tuple[Decimal, Source]]]:
    found: dict[str, dict[str, tuple[Decimal, Source]]] = {}
    for row in rows("dbu_rates.csv"):
        found.setdefault(row["workload"], {})[row["region"]] = (Decimal(row["usd_per_dbu"]), sources()[row["source"]])
    return found


def dbu_rate(workload: str, region: str) -> Price | None:
    """A premium DBU of this workload ("all-purpose", "jobs"…); another region's, marked, where this one has none.

    None when no region has one. Photon costs the same a DBU; it uses more DBUs.
    """
    known = _dbu_rates().get(workload)
    if not known:
        return None
    of = region if region in known else next(iter(known))
    usd, source = known[of]
    return Price(usd, source.text, source.as_of, None if of == region else f"price of {of}, assumed for {region}")


@cache
def _extras() -> Mapping[str, Price]:
    return {
        row["item"]: Price(Decimal(row["usd"]), sources()[row["source"]].text, sources()[row["source"]].as_of)
        for row in rows("extras.csv")
    }


def extra(item: str) -> Price:
    """What stands beside a cluster: "nat_gateway", "public_ip", "private_endpoint"…, of one region, for all."""
    return _extras()[item]
