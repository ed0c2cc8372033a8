"""Azure's public regions: names, display names, cities (learn.microsoft.com/azure/reliability/regions-list, 2026),
whether Azure Databricks is offered there, and what redundancy storage has there (`Region.source`, with its day).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from plugins.catalogue.table import Source, rows, sources


@dataclass(frozen=True)
class Region:
    """`cities` and `abbreviations` are lower case; the first geography word is what people say for all of it.

    `is_offered` is whether Azure Databricks is; `nearest` names the nearest regions where it is, for one where it is
    not. `has_zrs` and `has_gzrs` tell of zone-redundant and geo-zone-redundant storage; None where that is not known.
    """

    name: str
    display_name: str
    geography: str
    cities: tuple[str, ...]
    abbreviations: tuple[str, ...]
    is_offered: bool
    nearest: tuple[str, ...]
    has_zrs: bool | None
    has_gzrs: bool | None
    source: Source


@cache
def regions() -> Mapping[str, Region]:
    """Region name → region, in the table's order."""
    return {row["name"]: _region(row) for row in rows("regions.csv")}


def _region(row: Mapping[str, str]) -> Region:
    return Region(
        name=row["name"],
        display_name=row["display_name"],
        geography=row["geography"],
        cities=tuple(filter(None, row["cities"].split(";"))),
        abbreviations=tuple(filter(None, row["abbreviations"].split(";"))),
        is_offered=row["databricks"] == "yes",
        nearest=tuple(filter(None, row["nearest"].split(";"))),
        has_zrs=_KNOWN.get(row["zrs"]),
        has_gzrs=_KNOWN.get(row["gzrs"]),
        source=sources()[row["source"]],
    )


_KNOWN = {"yes": True, "no": False}
