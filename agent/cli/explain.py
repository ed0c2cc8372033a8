"""`brickie parse --explain`: a message with what was read of it, coloured by field where a person looks on."""

import json
import sys
from collections.abc import Mapping
from datetime import date

from pydantic import JsonValue
from rich.table import Table
from rich.text import Text

from agent.channels.cards.console import Screen
from agent.settings import Settings
from agent.views.first_reading import understood_line
from agent.wording import phrase
from plugins.credentials import hidden, unmarked, without_credentials
from plugins.parse.explaining import Explanation, explained

_COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "bright_red", "bright_cyan", "bright_green", "bright_magenta")


def explain(text: str, settings: Settings, today: date) -> None:
    """Prints the text, what its words were read as, what came of it, what is asked, and what was not used."""
    cleaned = unmarked(without_credentials(text))
    read = explained(cleaned, today)
    outcome = understood_line(json.dumps({"id": "", "text": cleaned}), settings, today)
    out = Screen(file=sys.stdout)
    out.print(_coloured(read))
    out.print(_words(read))
    for number, request in enumerate(_requests(outcome), 1):
        fields = ", ".join(f"{name} {value}" for name, value in request.items())
        out.print(Text(phrase("cli.explain.workspace", number=number, fields=fields)))
    out.print(Text(phrase("cli.explain.act", act=outcome["act"])))
    out.print(Text(phrase("cli.explain.asked", slots=_listed(outcome["questions"]))))
    out.print(Text(phrase("cli.explain.not_used", words=_listed(outcome["unused"]))))


def _coloured(read: Explanation) -> Text:
    text = Text(read.text.strip("\n"))
    # The readings count from the text's first character; the line ends that are not printed stand before it.
    offset = len(read.text) - len(read.text.lstrip("\n"))
    fields = list(dict.fromkeys(reading.field for reading in read.readings))
    for reading in read.readings:
        style = _COLOURS[fields.index(reading.field) % len(_COLOURS)]
        text.stylize(
            f"strike {style}" if reading.fate else f"bold {style}", reading.start - offset, reading.end - offset
        )
    return text


def _words(read: Explanation) -> Table:
    table = Table("words", "read as", "value", "", box=None, pad_edge=False)
    for reading in read.readings:
        table.add_row(hidden(reading.words), reading.field.replace("_", " "), reading.value, reading.fate)
    return table


def _requests(outcome: Mapping[str, JsonValue]) -> list[dict[str, JsonValue]]:
    return [
        {name: value for name, value in request.items() if value not in (None, {}, []) and name != "assumptions"}
        for request in _list(outcome["requests"])
        if isinstance(request, dict)
    ]


def _listed(value: JsonValue) -> str:
    return ", ".join(_named(entry) for entry in _list(value)) or phrase("cli.explain.nothing")


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _named(entry: JsonValue) -> str:
    return str(entry["slot"]) if isinstance(entry, dict) else str(entry)
