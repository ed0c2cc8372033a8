"""VM sizes: shape, DBU per hour, lifecycle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from plugins.catalogue.table import Source, rows, sources

Category = Literal["general", "memory", "compute", "storage", "confidential", "gpu"]


@dataclass(frozen=True)
class Size:
    """One VM size. `dbu_per_hour` is None where no price page names it. `status` is "current…",
    "supported-older-generation", "retiring" or "retired"; `retires_on` the day of it, `replacement` what to take.
    """

    name: str
    family: str
    category: Category
    vcpu: int
    memory_gib: int
    gpus: int
    gpu_model: str
    dbu_per_hour: Decimal | None
    dbu_note: str
    status: str
    retires_on: date | None
    replacement: str
    sources: tuple[Source, ...]

    @property
    def is_retired(self) -> bool:
        return self.status == "retired"

    @property
    def is_retiring(self) -> bool:
        return self.status == "retiring"

    @property
    def source(self) -> str:
        """The lifecycle's source with its date, for people."""
        last = self.sources[-1] if self.sources else None
        return f"{last.text}, read {last.as_of.isoformat()}" if last else "unknown"


@cache
def sizes() -> Mapping[str, Size]:
    """Canonical name → size."""
    return {row["name"]: _size(row) for row in rows("sizes.csv")}


@cache
def _by_folded() -> Mapping[str, Size]:
    return {name.casefold(): size for name, size in sizes().items()}


def size(name: str) -> Size | None:
    """The size of that name, whatever its case and with or without "Standard_"; None when no table has it."""
    folded = name.casefold().replace(" ", "_")
    return _by_folded().get(folded) or _by_folded().get(f"standard_{folded}")


def nearest_sizes(name: str, most: int = 3) -> tuple[str, ...]:
    """Current sizes whose names look most alike, for "did you mean"."""
    from rapidfuzz import process  # only a mistyped size needs it

    current = [s.name for s in sizes().values() if not s.is_retired and not s.is_retiring]
    return tuple(size_name for size_name, _, _ in process.extract(name, current, limit=most))


def _size(row: Mapping[str, str]) -> Size:
    return Size(
        name=row["name"],
        family=row["family"],
        category=row["category"],  # type: ignore[arg-type]  # the table's own closed words, held by a test
        vcpu=int(row["vcpu"]),
        memory_gib=int(row["memory_gib"]),
        gpus=int(row["gpus"]),
        gpu_model=row["gpu_model"],
        dbu_per_hour=Decimal(row["dbu_per_hour"]) if row["dbu_per_hour"] else None,
        dbu_note=row["dbu_note"],
        status=row["status"],
        retires_on=date.fromisoformat(row["retires_on"]) if row["retires_on"] else None,
        replacement=row["replacement"],
        sources=tuple(sources()[key] for key in row["sources"].split()),
    )
