"""The rim of a terminal: what is written to standard output and error passes here, whoever's words it holds.

A name, a cell of a file or an error's text may hold characters that move the cursor, recolour the screen or turn the
direction of reading; none of them reaches a terminal. JSON keeps them, spelled out in ASCII: nothing is lost.
"""

import argparse
import difflib
import json
import logging
import re
import sys
import unicodedata
from typing import NoReturn, TextIO

_CLEARED = "\r\033[K"


def plain(text: str) -> str:
    """The text without control, bidi and private characters; line ends stay."""
    return text if text.isprintable() else "\n".join(map(_plain_line, text.split("\n")))


def _plain_line(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(" " if unicodedata.category(c)[0] == "C" else c for c in line)


def one_line(text: str) -> str:
    return " ".join(plain(text).split())


def put(text: str) -> None:
    """To standard output, as it stands."""
    sys.stdout.write(plain(text))
    sys.stdout.flush()


def put_json(value: object, out: TextIO | None = None) -> None:
    """One JSON value on a line of its own, to standard output unless another place is named."""
    line = json.dumps(value, ensure_ascii=False)
    place = sys.stdout if out is None else out
    place.write((line if line.isprintable() else "".join(map(_spelled, line))) + "\n")
    place.flush()


def tell(text: str) -> None:
    """One line to standard error."""
    sys.stderr.write(f"{one_line(text)}\n")
    sys.stderr.flush()


def tell_moving(text: str = "") -> None:
    """To standard error, in place of what was told so last; nothing where nobody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(_CLEARED + one_line(text))
        sys.stderr.flush()


def plain_parser(*, prog: str, description: str, near: str) -> argparse.ArgumentParser:
    """A parser of arguments; those of its commands are of the same kind. `near` is what is said of a choice that is
    nearly one of those that there are, with {name} in it.
    """

    class Parser(_PlainParser):
        """Made anew for its words: the parsers of commands are made from the class alone."""

        near_words = near

    return Parser(prog=prog, description=description)


class _PlainParser(argparse.ArgumentParser):
    """Says back what it does not know without the characters that a terminal would obey."""

    near_words = ""

    def error(self, message: str) -> NoReturn:
        name = _nearest(message)
        super().error(f"{one_line(message)} {self.near_words.format(name=name)}" if name else one_line(message))


_INVALID = re.compile(r"invalid choice: '(.{1,40})' \(choose from (.*)\)$", re.DOTALL)


def _nearest(message: str) -> str:
    """The choice that what was typed nearly is; "" for none."""
    typed = _INVALID.search(message)
    known = re.findall(r"'([^']+)'", typed[2]) if typed else []
    near = difflib.get_close_matches(typed[1], known, n=1) if typed else []
    return near[0] if near else ""


def log_plainly() -> None:
    """What is logged where nothing else is configured goes through here as well."""
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_PlainFormatter())


class _PlainFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return plain(super().format(record))


def _spelled(character: str) -> str:
    """As JSON spells it in ASCII."""
    return character if character.isprintable() else json.dumps(character)[1:-1]
