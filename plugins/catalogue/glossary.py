"""Words of the trade, each told in two sentences, for whoever asks what one means.

The rows stand in glossary.toml. `term_named(words)` gives the row that is called so, whatever its case and hyphens.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Term:
    """One word: `text` are its two sentences, `see` is a public page about it, `about` the field of a decision that it
    explains ("" for none).
    """

    name: str
    also: tuple[str, ...]
    text: str
    see: str
    about: str


@cache
def terms() -> Mapping[str, Term]:
    """Name → term, as the table has them."""
    rows = tomllib.loads((files("plugins.catalogue") / "glossary.toml").read_text("utf-8"))["terms"]
    return {
        name: Term(name, tuple(row.get("also", ())), row["text"], row["see"], row.get("about", ""))
        for name, row in rows.items()
    }


def term_named(words: str) -> Term | None:
    """The term that goes by these words, of one or of several of it; None for none."""
    sought = _folded(words)
    return _by_name().get(sought) or _by_name().get(sought.removesuffix("s"))


@cache
def _by_name() -> Mapping[str, Term]:
    return {_folded(name): term for term in terms().values() for name in (term.name, *term.also)}


def _folded(words: str) -> str:
    return re.sub(r"[\s,-]+", " ", words.casefold()).strip()
