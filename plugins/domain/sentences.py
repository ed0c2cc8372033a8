"""The sentences of a package, in a table beside it: what people read is changed there, and no rule with it."""

import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from plugins.domain.errors import InfraError

Refused = TypeVar("Refused", bound=InfraError)


class Sentences:
    """A TOML file of templates in the form of `str.format`, by dotted key: `says("workers.default", most=4)`.

    It is read when first asked for. A key that the file lacks raises KeyError, and so does a value that a template
    names and is not given; tests/plugins/test_sentences.py holds every call against its file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, key: str, /, **values: object) -> str:
        """The one sentence of that key."""
        return str(self._at(key)).format(**values)

    def pair(self, key: str, /, **values: object) -> tuple[str, str]:
        """A finding's message and its remedy."""
        table = self._at(key)
        return table["message"].format(**values), table["remedy"].format(**values)

    def error(self, kind: type[Refused], key: str, /, *, retryable: bool = False, **values: object) -> Refused:
        """An error of that kind: what was being done, what is wrong, what to do next."""
        table = self._at(key)
        activity, problem, remedy = (table[part].format(**values) for part in ("activity", "problem", "remedy"))
        return kind(activity, problem, remedy, retryable=retryable)

    @cached_property
    def _tables(self) -> dict[str, Any]:
        return tomllib.loads(self._path.read_text("utf-8"))

    def _at(self, key: str) -> Any:
        entry: Any = self._tables
        for part in key.split("."):
            entry = entry[part]
        return entry
