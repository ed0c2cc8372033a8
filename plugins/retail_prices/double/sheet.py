"""The double's rows for one region: the bundled tables' figures as the list spells them, among rows that mislead.

Every kind of row that the real list is known to mix in is there, each at a price of its own, so that an estimate which
takes the wrong one shows it. Figures that no table has are made up here and say so by their last digits (…7): this is a
double.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from plugins.catalogue.prices import dbu_rate, extra, extras, spot_price, vm_price
from plugins.catalogue.sizes import Size, sizes
from plugins.domain.live_prices import dbu_figure, extra_figure, spot_figure, vm_figure
from plugins.retail_prices.meters import BESIDE, CLASSIC, DBU_METERS

WINDOWS = Decimal("0.046")
"""Of the Windows licence, for a vCPU and hour: the gap seen in the dump of 2026-06-18 (`meters`)."""

RATES: Mapping[str, Decimal] = {"USD": Decimal(1), "EUR": Decimal("0.9"), "GBP": Decimal("0.8"), "CHF": Decimal("0.88")}
"""The double's own, made up; the real list has one of its own for each month."""

_MADE_UP_DBU = Decimal("0.117")
_STORAGE = Decimal("0.0217")


@dataclass
class PriceSheet:
    """What the double has to say. `changed` are figures, by their keys, in the place of the tables' (None: no such
    meter any more).
    """

    changed: dict[str, Decimal | None] = field(default_factory=dict[str, Decimal | None])
    _made: dict[tuple[object, ...], tuple[dict[str, Any], ...]] = field(
        default_factory=dict[tuple[object, ...], tuple[dict[str, Any], ...]]
    )

    def rows(self, region: str, currency: str) -> tuple[dict[str, Any], ...]:
        """All rows of the region, and those that stand for every region."""
        key = (region, currency, *self.changed.items())
        if key not in self._made:
            self._made[key] = tuple(self._rows(region, currency))
        return self._made[key]

    def _rows(self, region: str, currency: str) -> Iterator[dict[str, Any]]:
        rate = RATES.get(currency)
        if rate is None:
            return
        for row in (*self._machines(region), *self._databricks(region), *self._around(region)):
            price = row.pop("usd") * rate
            yield {
                "currencyCode": currency,
                "tierMinimumUnits": 0.0,
                "armRegionName": region,
                "location": region,
                "effectiveStartDate": "2021-11-01T00:00:00Z",
                "skuName": row["meterName"],
                "serviceFamily": "Compute",
                "unitOfMeasure": "1 Hour",
                "type": "Consumption",
                "isPrimaryMeterRegion": True,
                "armSkuName": "",
                **row,
                "retailPrice": float(price),
                "unitPrice": float(price),
            }

    def _figure(self, key: str, usd: Decimal | None) -> Decimal | None:
        return self.changed.get(key, usd)

    def _machines(self, region: str) -> Iterator[dict[str, Any]]:
        for size in sizes().values():
            table = vm_price(size.name, region)
            usd = self._figure(vm_figure(size.name), table.usd if table else None)
            if usd is None:
                continue
            spot = spot_price(size.name, region)
            cheap = self._figure(spot_figure(size.name), spot.usd if spot else usd / 5)
            yield from _machine_rows(size, usd, cheap)

    def _databricks(self, region: str) -> Iterator[dict[str, Any]]:
        for compute, (products, meter) in DBU_METERS.items():
            rate = dbu_rate(compute.removesuffix("-photon"), region)
            usd = self._figure(dbu_figure(compute), rate.usd if rate else _MADE_UP_DBU)
            if usd is not None:
                yield {"serviceName": CLASSIC, "productName": products[0], "meterName": meter, "usd": usd}
        for meter, amount in _NO_COMPUTE.items():
            yield {"serviceName": CLASSIC, "productName": CLASSIC, "meterName": meter, "usd": amount}

    def _around(self, region: str) -> Iterator[dict[str, Any]]:
        for item, beside in BESIDE.items():
            table = extra(item).usd if item in extras() else _STORAGE
            usd = self._figure(extra_figure(item), table)
            if usd is None:
                continue
            row: dict[str, Any] = {
                "serviceName": beside.service,
                "productName": beside.product,
                "meterName": beside.meter,
                "usd": usd,
            }
            row |= {"unitOfMeasure": min(beside.units), "armRegionName": _PLACES.get(item, region)}
            if item == "log_ingestion":
                yield {**row, "usd": Decimal(0)}
                row["tierMinimumUnits"] = 5.0
            yield row
            if beside.service == "Storage":
                yield {**row, "productName": "Files v2", "usd": usd + Decimal("0.0079")}
                yield {**row, "tierMinimumUnits": 51200.0, "usd": usd - Decimal("0.0009")}
        yield {**_PRIVATE_LINK_DATA, "usd": Decimal("0.0107")}


_NO_COMPUTE: Mapping[str, Decimal] = {
    "Standard All-purpose Compute DBU": Decimal("0.40"),
    "Standard Jobs Compute DBU": Decimal("0.15"),
    "Premium - Free Trial All-purpose Compute DBU": Decimal(0),
    "POC Non-Billable All-purpose Compute DBU": Decimal(0),
    "Premium Enhanced Security and Compliance DBU": Decimal("0.107"),
    "Premium Databricks Storage Unit DSU": Decimal("0.026"),
}
_PLACES = {"nat_gateway": "Global", "nat_gateway_data": "Global", "private_endpoint": "Global", "private_dns_zone": ""}
_PRIVATE_LINK_DATA: Mapping[str, Any] = {
    "serviceName": "Virtual Network",
    "productName": "Virtual Network Private Link",
    "meterName": "Standard Data Processed",
    "unitOfMeasure": "1 GB",
    "armRegionName": "Global",
}


def _machine_rows(size: Size, usd: Decimal, spot: Decimal | None) -> Iterator[dict[str, Any]]:
    """A size's own two rows, and those beside them."""
    name = size.name.removeprefix("Standard_").replace("_", " ")
    licence = WINDOWS * size.vcpu
    product = f"Virtual Machines {size.family} Series"
    # As for AMD sizes of the fifth generation: not at the end.
    windows = f"Virtual Machines {size.family} Windows Series"
    row: dict[str, Any] = {"serviceName": "Virtual Machines", "productName": product, "armSkuName": size.name}

    def named(suffix: str = "", *, of: str = product, at: Decimal, **more: object) -> dict[str, Any]:
        return {
            **row,
            "productName": of,
            "meterName": f"{name}{suffix}",
            "skuName": f"{name}{suffix}",
            "usd": at,
            **more,
        }

    yield named(of=windows, at=usd + licence)
    yield named(at=usd)
    if spot is not None:
        yield named(" Spot", at=spot)
        yield named(" Spot", of=windows, at=spot + licence)
    yield named(" Low Priority", at=usd / 4)
    yield named(of=f"{size.family} Series CloudServices", at=usd / 3)
    yield named(at=usd / 2, type="DevTestConsumption")
    yield named(at=usd * 5000, type="Reservation", reservationTerm="1 Year")
    yield named(at=usd / 7, effectiveStartDate="2199-01-01T00:00:00Z")
    yield named(at=Decimal(0))
