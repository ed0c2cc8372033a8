"""Labels of the cloud, such as a tag's value: which environment one names."""

import re

from plugins.domain.request import Environment
from plugins.parse.fields.kind import environment_words
from plugins.parse.words import tokens_of

_PARTS = re.compile(r"[^\w]+|_")
_NON_PROD = re.compile(r"\b(?:non|not|no|pre dev)[ -]?prod(?:uction|uctive)?\b", re.IGNORECASE)
_STRICTEST: tuple[Environment, ...] = ("prod", "staging", "dev")


def environment_of(label: str) -> Environment | None:
    """The environment that a label such as a tag's value names, the strictest of several; None where it names none."""
    apart = _PARTS.sub(" ", label)
    if _NON_PROD.search(apart):
        return None
    named = {hit.value[0] for hit in environment_words().hits(tokens_of(apart))}
    return next((environment for environment in _STRICTEST if environment in named), None)
