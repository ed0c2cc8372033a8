"""Reading the CSV tables of this folder."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Source:
    """Where a figure comes from and the day it was read."""

    text: str
    as_of: date


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one table, column → text."""
    text = (files("plugins.catalogue") / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def sources() -> Mapping[str, Source]:
    return {row["key"]: Source(row["text"], date.fromisoformat(row["as_of"])) for row in rows("sources.csv")}
