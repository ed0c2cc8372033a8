"""Which rows of the price list are a price of ours: rows in, figures out. Pure.

The list has, for one size in one region, rows for Linux and Windows, on demand, spot and Low Priority (Azure Batch
only), reservations and development subscriptions, and some of nothing: of 6,775 VM rows of brazilsouth 22 % are plain
Linux (counted in public repositories' dumps of 2026). Windows is told by the product's name wherever the word stands in
it: for AMD sizes of the fifth generation it does not stand at the end, by which others took Windows prices for Linux
ones (github.com/Azure/karpenter-provider-azure zz_generated.pricing.go, 2026-06-18).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from plugins.domain.live_prices import dbu_figure, extra_figure, spot_figure, vm_figure

Row = Mapping[str, Any]

CLASSIC, SERVERLESS = "Azure Databricks", "Azure Databricks Regional"
"""Product names: with the first the VMs are billed beside the DBUs, in the second they are included."""

_CLASSIC, _EITHER = (CLASSIC,), (SERVERLESS, CLASSIC)

DBU_METERS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "all-purpose": (_CLASSIC, "Premium All-purpose Compute DBU"),
    "all-purpose-photon": (_CLASSIC, "Premium All-Purpose Photon DBU"),
    "jobs": (_CLASSIC, "Premium Jobs Compute DBU"),
    "jobs-photon": (_CLASSIC, "Premium Jobs Compute Photon DBU"),
    "jobs-light": (_CLASSIC, "Premium Jobs Light Compute DBU"),
    "sql-classic": (_CLASSIC, "Premium SQL Analytics DBU"),
    "dlt-core": (_CLASSIC, "Premium Core Compute Delta Live Tables DBU"),
    "dlt-pro": (_CLASSIC, "Premium Pro Compute Delta Live Tables DBU"),
    "dlt-advanced": (_CLASSIC, "Premium Advanced Compute Delta Live Tables DBU"),
    "sql-pro": (_EITHER, "Premium SQL Compute Pro DBU"),
    "sql-serverless": (_EITHER, "Premium Serverless SQL DBU"),
    "jobs-serverless": (_EITHER, "Premium Automated Serverless Compute DBU"),
    "interactive-serverless": (_EITHER, "Premium Interactive Serverless Compute DBU"),
    "model-serving": (_EITHER, "Premium Serverless Realtime Inferencing DBU"),
    "model-training": (_EITHER, "Premium Model Training DBU"),
}
"""The list spells them unevenly ("All-purpose", "All-Purpose"): they are compared without case and hyphens, but whole:
"Premium Jobs Light Compute DBU" is no jobs compute. Names as in public repositories that read the list in 2026; of the
second group they disagree on the product.
"""


@dataclass(frozen=True)
class _Beside:
    """The one meter of something that stands beside a cluster."""

    service: str
    product: str
    meter: str
    units: frozenset[str]


_HOUR, _GB, _GB_MONTH = frozenset({"1 Hour"}), frozenset({"1 GB"}), frozenset({"1 GB/Month"})
_MONTH = frozenset({"1", "1/Month"})

BESIDE: Mapping[str, _Beside] = {
    "nat_gateway": _Beside("NAT Gateway", "NAT Gateway", "Standard Gateway", _HOUR),
    "nat_gateway_data": _Beside("NAT Gateway", "NAT Gateway", "Standard Data Processed", _GB),
    "public_ip": _Beside("Virtual Network", "IP Addresses", "Standard IPv4 Static Public IP", _HOUR),
    "private_endpoint": _Beside("Virtual Network", "Virtual Network Private Link", "Standard Private Endpoint", _HOUR),
    "private_dns_zone": _Beside("Azure DNS", "Azure DNS", "Private Zone", _MONTH),
    "log_ingestion": _Beside("Log Analytics", "Log Analytics", "Analytics Logs Data Ingestion", _GB),
    **{
        f"Standard_{redundancy.replace('-', '')}": _Beside(
            "Storage", "General Block Blob v2", f"Hot {redundancy} Data Stored", _GB_MONTH
        )
        for redundancy in ("LRS", "ZRS", "GRS", "RA-GRS", "GZRS", "RA-GZRS")
    },
}
"""Products, meters and units as public repositories name them that read the list (infracost/infracost
internal/providers/terraform/azure, 2026-08-21, and others of 2026). The same meter stands under other products at other
prices ("Hot LRS Data Stored" of Files v2, "Standard Data Processed" of Private Link): the product is part of the match.
"""

_EVERYWHERE = ("", "Global")
"""The region of what costs the same in all: NAT gateways, private endpoints, DNS zones."""


@dataclass
class Figures:
    """Collects the figures of one region from the list's rows, page by page; a page is forgotten when it was read."""

    region: str
    now: datetime
    sizes: frozenset[str]
    amounts: dict[str, Decimal] = field(default_factory=dict[str, Decimal])
    doubtful: set[str] = field(default_factory=set[str])
    _tiers: dict[str, Decimal] = field(default_factory=dict[str, Decimal])

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            for key in self._keys(row):
                self._take(key, row)

    def _keys(self, row: Row) -> Iterator[str]:
        if not _counts(row, self.now):
            return
        for kind in _KINDS:
            if (key := kind(row, self.region)) is not None:
                yield key

    def _take(self, key: str, row: Row) -> None:
        """The lowest tier's price, which the first unit costs; of several at one tier the least, marked."""
        if key.startswith(("vm:", "spot:")) and key.partition(":")[2] not in self.sizes:
            return
        amount, tier = _decimal(row["retailPrice"]), _decimal(row.get("tierMinimumUnits", 0))
        known = self._tiers.get(key)
        if known is None or tier < known:
            self.doubtful.discard(key)
            self.amounts[key], self._tiers[key] = amount, tier
        elif tier == known and amount != self.amounts[key]:
            self.doubtful.add(key)
            self.amounts[key] = min(amount, self.amounts[key])


def _counts(row: Row, now: datetime) -> bool:
    """Whether it is a price at all, pay as you go, for everybody, today. A row of nothing is a free trial's."""
    if row.get("type") != "Consumption" or row.get("reservationTerm"):
        return False
    begins, ends = _moment(row.get("effectiveStartDate")), _moment(row.get("effectiveEndDate"))
    is_today = (begins is None or begins <= now) and (ends is None or now < ends)
    return is_today and _decimal(row.get("retailPrice", 0)) > 0


def _machine(row: Row, region: str) -> str | None:
    """A Linux machine on demand or spot."""
    if row.get("serviceName") != "Virtual Machines" or row.get("armRegionName") != region:
        return None
    product, sku = str(row.get("productName", "")).casefold(), str(row.get("skuName", ""))
    meter, size = str(row.get("meterName", "")), str(row.get("armSkuName", ""))
    # Cloud services and dedicated hosts are listed under the sizes' names as well.
    if any(word in product for word in ("windows", "cloudservices", "cloud services", "dedicated host")):
        return None
    if row.get("unitOfMeasure") != "1 Hour" or not size:
        return None
    if any("low priority" in name.casefold() for name in (sku, meter)):
        return None
    is_spot = [name.casefold().endswith(" spot") for name in (sku, meter)]
    return spot_figure(size) if any(is_spot) else vm_figure(size)


def _databricks(row: Row, region: str) -> str | None:
    if row.get("serviceName") != "Azure Databricks" or row.get("armRegionName") != region:
        return None
    if row.get("unitOfMeasure") not in _DBU_UNITS:
        return None
    compute = _COMPUTES.get((str(row.get("productName")), folded(str(row.get("meterName", "")))))
    return None if compute is None else dbu_figure(compute)


def _around(row: Row, region: str) -> str | None:
    if row.get("armRegionName") not in (region, *_EVERYWHERE):
        return None
    item = _ITEMS.get((str(row.get("serviceName")), str(row.get("productName")), str(row.get("meterName"))))
    if item is None or row.get("unitOfMeasure") not in BESIDE[item].units:
        return None
    return extra_figure(item)


def folded(meter: str) -> str:
    """The meter's name without case, hyphens and doubled blanks."""
    return " ".join(meter.casefold().replace("-", " ").split())


_DBU_UNITS = ("1 Hour", "1/Hour", "1")
"""A DBU is listed by the hour."""

_COMPUTES = {
    (product, folded(meter)): compute for compute, (products, meter) in DBU_METERS.items() for product in products
}
_ITEMS = {(beside.service, beside.product, beside.meter): item for item, beside in BESIDE.items()}
_KINDS: tuple[Callable[[Row, str], str | None], ...] = (_machine, _databricks, _around)


def _decimal(value: object) -> Decimal:
    """Nothing for what is no number: such a row is no price."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
