"""A name that a mark stands beside."""

from dataclasses import dataclass

from plugins.parse.page import Mention


@dataclass(frozen=True, slots=True)
class Marked:
    """A name beside the word "team" and how sure it is; `is_known` where other fields' tables know all its words."""

    mention: Mention
    weight: float
    is_known: bool = False
