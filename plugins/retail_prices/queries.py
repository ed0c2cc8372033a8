"""What is asked of the price list for one region: few filters, each of which one or two pages answer.

All VM prices of a region are 16 pages of 1,000 rows (eastus, 2026-09, LeanerCloud/CUDly PR 2074), so they are asked for
by size, some at a time; an address may not become too long. Values are case-sensitive since api-version
2023-01-01-preview, and the field `type` is filtered as `priceType`.
"""

from collections.abc import Iterator, Sequence

from plugins.retail_prices.meters import BESIDE

SIZES_AT_ONCE = 30
"""Keeps an address below 2,000 characters, which every proxy takes."""

CURRENCIES = frozenset(
    ("USD", "AUD", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "INR", "JPY", "KRW", "NOK", "NZD", "RUB", "SEK")
) | {"TWD"}
"""What the list can be asked in (learn.microsoft.com/rest/api/cost-management/retail-prices, read 2026-11-22)."""


def filters_of(region: str, sizes: Sequence[str]) -> Iterator[str]:
    """The `$filter` of each query, as OData."""
    here = f"armRegionName eq {_quoted(region)} and priceType eq 'Consumption'"
    for first in range(0, len(sizes), SIZES_AT_ONCE):
        several = _any("armSkuName", sizes[first : first + SIZES_AT_ONCE])
        yield f"serviceName eq 'Virtual Machines' and {here} and {several}"
    yield f"serviceName eq 'Azure Databricks' and {here}"
    storage = [beside.meter for beside in BESIDE.values() if beside.service == "Storage"]
    blobs = "serviceName eq 'Storage' and productName eq 'General Block Blob v2'"
    yield f"{blobs} and {here} and {_any('meterName', storage)}"
    around = {beside.service: beside for beside in BESIDE.values() if beside.service != "Storage"}
    meters = [beside.meter for beside in BESIDE.values() if beside.service != "Storage"]
    # No region: half of these cost the same everywhere and stand under "Global" or no region at all.
    anywhere = _any("armRegionName", (region, "Global", ""))
    services = _any("serviceName", tuple(around))
    yield f"priceType eq 'Consumption' and {anywhere} and {services} and {_any('meterName', meters)}"


def _any(name: str, values: Sequence[str]) -> str:
    return "(" + " or ".join(f"{name} eq {_quoted(value)}" for value in values) + ")"


def _quoted(value: str) -> str:
    """An OData text: a quote in it is doubled."""
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
