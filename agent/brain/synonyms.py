"""What people say for a value, as the prompt tells a model: generated from the vocabulary tables, so that both readers
know the same words.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from plugins.parse.vocabulary import environments, table, workloads

_PLAIN_WORDS = 12
"""Words told for an environment before those that also mean other things ("test", "live")."""

_MOST_WORDS = 17
"""Words told for one value: the tables hold more, by which the prompt would only get longer."""


def with_synonyms(prompt: str) -> str:
    """The prompt with {environments}, {workloads} and {places} put in. Raises KeyError for a mark that it lacks."""
    for mark, words in _lists().items():
        if mark not in prompt:
            raise KeyError(mark)
        prompt = prompt.replace(mark, words)
    return prompt


@cache
def _lists() -> Mapping[str, str]:
    """What stands for each mark: every word is compared with every other, so that it is made once."""
    return {
        "{environments}": _lines(_environments()),
        "{workloads}": _lines(workloads()),
        "{places}": ", ".join(name for name, meant in table("places")["ambiguous"].items() if len(meant) > 1),
    }


def _environments() -> Mapping[str, list[str]]:
    loose = environments(loose=True)
    return {
        name: [*words[:_PLAIN_WORDS], *loose[name][len(words) :], *words[_PLAIN_WORDS:]]
        for name, words in environments().items()
    }


def _lines(values: Mapping[str, Iterable[str]]) -> str:
    return "\n".join(f"  - {name}: {', '.join(_telling(name, words))}" for name, words in values.items())


def _telling(name: str, words: Iterable[str]) -> list[str]:
    """The words without the value's own name, other spellings, and those that only lengthen one ("sql reports")."""
    spellings = list(words)
    by_stem: dict[str, str] = {}
    for word in spellings:
        shorter = (other for other in spellings if len(other) < len(word))
        if word.replace(" ", "_") != name and not any(re.search(rf"\b{re.escape(one)}\b", word) for one in shorter):
            by_stem.setdefault(re.sub(r"\W", "", word).removesuffix("s"), word)
    return list(by_stem.values())[:_MOST_WORDS]
