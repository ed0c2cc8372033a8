"""The sheet a message is written on: its lines, and what of it was blanked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """A key with its value. `field` is "" for a key that no table knows; `start` and `end` are the value's. `key_end`
    is where the words of the key end, where other words stand between it and its value.
    """

    field: str
    key: str
    key_start: int
    start: int
    end: int
    row: int | None = None
    key_end: int | None = None


class Sheet:
    """A text of which parts are blanked; it keeps its length, and lines stay lines.

    `unknown` are the values of keys that no table knows: they were blanked, and are told to be not used.
    """

    def __init__(self, text: str) -> None:
        self._characters = list(text)
        self._text: str | None = text
        self.unknown: list[tuple[int, int]] = []

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = "".join(self._characters)
        return self._text

    def blank(self, start: int, end: int, mark: str = " ") -> None:
        for at in range(start, end):
            if self._characters[at] != "\n":
                self._characters[at] = mark
        self._text = None

    def put(self, at: int, mark: str) -> None:
        self._characters[at] = mark
        self._text = None

    def blank_every(self, pattern: re.Pattern[str]) -> None:
        for match in pattern.finditer(self.text):
            self.blank(match.start(), match.end())


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The lines of the text, each with where it starts."""
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def opens_line(text: str, at: int, passed: str) -> bool:
    """True when nothing but the characters of `passed` stands before this place in its line."""
    while at > 0 and text[at - 1] in passed:
        at -= 1
    return at == 0 or text[at - 1] == "\n"
