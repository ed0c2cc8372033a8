"""How old the tables are: the day on which each was read, by its oldest source."""

from dataclasses import dataclass
from datetime import date

from plugins.catalogue.table import Source, rows, sources

TABLES: dict[str, str] = {
    "sizes and retirements": "sizes.csv",
    "regions": "regions.csv",
    "runtimes": "runtimes.csv",
    "DBU rates": "dbu_rates.csv",
    "prices beside a cluster": "extras.csv",
}
"""What people call them, and the file; its rows name their sources."""

_ALONE = {"machine prices": "karpenter", "spot prices": "skypilot"}
"""Tables with one source for all of their rows."""


@dataclass(frozen=True)
class TableAge:
    """A table and the oldest of its sources."""

    table: str
    source: Source

    def days(self, today: date) -> int:
        return (today - self.source.as_of).days


def table_ages() -> tuple[TableAge, ...]:
    """Every table, the oldest first."""
    known = sources()
    keys = {table: _keys(file) for table, file in TABLES.items()}
    keys |= {table: {key} for table, key in _ALONE.items()}
    oldest = (TableAge(table, min((known[k] for k in of), key=lambda s: s.as_of)) for table, of in keys.items())
    return tuple(sorted(oldest, key=lambda age: age.source.as_of))


def _keys(file: str) -> set[str]:
    return {key for row in rows(file) for key in (row.get("sources") or row.get("source") or "").split()}
