"""Azure's public regions: names, display names, cities (learn.microsoft.com/azure/reliability/regions-list, 2026)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from plugins.catalogue.table import rows


@dataclass(frozen=True)
class Region:
    """`cities` and `abbreviations` are lower case; the first geography word is what people say for all of it."""

    name: str
    display_name: str
    geography: str
    cities: tuple[str, ...]
    abbreviations: tuple[str, ...]


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
    )
