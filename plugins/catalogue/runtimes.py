"""Databricks runtimes: versions, Spark, support."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from plugins.catalogue.table import Source, rows, sources


@dataclass(frozen=True)
class Runtime:
    """One runtime version. `ends` is the day its support ends, None while that is not announced."""

    version: str
    spark: str
    lts: bool
    ends: date | None
    scala: str
    source: Source

    def key(self, *, ml: bool, gpu: bool) -> str:
        """The literal that Databricks takes: "18.x-scala2.13", "18.x-cpu-ml-scala2.13", "18.x-gpu-ml-scala2.13".

        From 18 on the key holds the major version only. Photon is no part of it.
        Source: databricks/terraform-provider-databricks docs/data-sources/spark_version.md, 2026-08-22.
        """
        variant = "-gpu-ml" if gpu else "-cpu-ml" if ml else ""
        return f"{self.version}.x{variant}-scala{self.scala}"

    def is_supported(self, on: date) -> bool:
        return self.ends is None or on < self.ends


@cache
def runtimes() -> tuple[Runtime, ...]:
    """All versions in the table, newest first."""
    return tuple(
        Runtime(
            version=row["version"],
            spark=row["spark"],
            lts=row["lts"] == "yes",
            ends=date.fromisoformat(row["ends"]) if row["ends"] else None,
            scala=row["scala"],
            source=sources()[row["source"]],
        )
        for row in rows("runtimes.csv")
    )


def newest_lts(on: date) -> Runtime:
    """The newest long-term-support runtime that is supported on that day."""
    return next(runtime for runtime in runtimes() if runtime.lts and runtime.is_supported(on))
