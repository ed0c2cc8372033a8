"""Places that are no region of Azure Databricks: what people call them, and the regions to ask about instead.

For whoever reads a person's words: a place in here never stands for a region, and is asked; `place_of(words)` gives its
row. Names of regions, and the cities of regions where Azure Databricks is offered, are in `plugins.catalogue.regions`;
countries and continents that hold several of them in `plugins.parse.vocabulary`, places.toml.

Source of the rows: `source()`. A place that is missing is a row to add; nothing in the code changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from plugins.catalogue.regions import regions
from plugins.catalogue.table import Source, rows, sources


@dataclass(frozen=True)
class Place:
    """`name` as people write it, lower case. `not_offered`: a country, state or city without a region of Azure
    Databricks. `other_cloud`: a region of another cloud, Azure's own for China and for the US government among them.

    `candidates` are the regions that may be meant instead, the nearest first; none where no guess is fair.
    """

    name: str
    kind: Literal["not_offered", "other_cloud"]
    candidates: tuple[str, ...]


@cache
def places() -> Mapping[str, Place]:
    """Name, lower case → place: the table's rows, and the cities of Azure regions without Azure Databricks."""
    by_name = {
        name: Place(name, "other_cloud" if row["kind"] == "other_cloud" else "not_offered", _split(row["candidates"]))
        for row in rows("places.csv")
        for name in _split(row["names"])
    }
    for region in regions().values():
        if not region.is_offered:
            by_name |= {city: Place(city, "not_offered", region.nearest) for city in region.cities}
    return by_name


def source() -> Source:
    """Where the rows come from, and when that was read."""
    return sources()["places"]


def place_of(words: str) -> Place | None:
    """The place that these words name, whatever their case, blanks and hyphens; None when the table has none."""
    return _folded().get(fold(words))


def fold(words: str) -> str:
    """The words as places are compared: lower case, without blanks, hyphens and dots."""
    return "".join(c for c in words.casefold() if c not in " -.\t\n")


@cache
def _folded() -> Mapping[str, Place]:
    return {fold(name): place for name, place in places().items()}


def _split(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split(";")))
