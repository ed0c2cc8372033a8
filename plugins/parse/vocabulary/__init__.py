"""The words people use, as data. A new word is a row; nothing in the rules changes."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> Mapping[str, Any]:
    """One vocabulary file as it stands."""
    return tomllib.loads((files("plugins.parse.vocabulary") / f"{name}.toml").read_text("utf-8"))


def alternatives(words: Iterable[str]) -> str:
    """A pattern that matches any of these, the longest first. Blanks match any run of blanks or hyphens."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.sub(r"\\? ", r"[\\s-]*", re.escape(word)) for word in ordered)


def environments(*, loose: bool = False) -> Mapping[str, tuple[str, ...]]:
    """Environment → what people call it: words that stand for it by themselves, and with `loose` those that also mean
    other things ("test", "live").
    """
    rows = table("environments")
    return {name: (*words, *(rows["loose"][name] if loose else ())) for name, words in rows["plain"].items()}


def workloads() -> Mapping[str, tuple[str, ...]]:
    """Workload → the words that name it, the plain ones first."""
    rows = {name: row for name, row in table("workloads").items() if name not in ("teams", "about")}
    return {name: (*row["strong"], *row["weak"]) for name, row in rows.items()}


def either(name: str, rows: str) -> str:
    """The rows of a vocabulary file's `[patterns]` as alternatives, each a pattern itself, tried in their order.

    Blanks are escaped, so that the rows may stand in a verbose expression too.
    """
    return "|".join(row.replace(" ", r"\ ") for row in table(name)["patterns"][rows])
