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
