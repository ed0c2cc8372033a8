"""The parts of an Adaptive Card that cards of Teams are made of. Pure.

Version 1.5 (learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference, read 2026-11-22).
What people wrote is in runs, which no client reads as Markdown. After the fifth action of a set all the others vanish
without a word (adaptivecards 3.0.6, run 2026-11-29), so sets are cut in fives here and nowhere else.
"""

import json
from collections.abc import Sequence
from typing import Literal

from pydantic import JsonValue

from agent.channels.messaging.port import Card, CardButton, Click, Link
from agent.output import plain

Element = dict[str, JsonValue]
Colour = Literal["default", "good", "attention", "warning", "accent"]
MOST_ACTIONS = 5
MOST_BYTES = 25_000
"""Of a card as JSON: Teams takes 28 KB through Microsoft's older ways in, and 80 to 100 KB as a message."""

_STYLES = {"plain": "default", "primary": "positive", "danger": "destructive"}


def text(words: str, **style: JsonValue) -> Element:
    """Markdown of ours, on as many lines as it takes."""
    return {"type": "TextBlock", "text": plain(words), "wrap": True, **style}


def heading(words: str) -> Element:
    return text(words, weight="Bolder", spacing="Medium")


def subtle(words: str) -> Element:
    return text(words, isSubtle=True, spacing="Small")


def literal(*runs: tuple[str, Colour, bool], size: str = "Default", spacing: str = "Default") -> Element:
    """Somebody's own words as they stand: (words, colour, bold) one after the other."""
    inlines: list[JsonValue] = [
        {
            "type": "TextRun",
            "text": plain(words),
            **({} if colour == "default" else {"color": colour}),
            **({"weight": "Bolder"} if is_bold else {}),
            **({} if size == "Default" else {"size": size}),
        }
        for words, colour, is_bold in runs
    ]
    return {"type": "RichTextBlock", "inlines": inlines, **({} if spacing == "Default" else {"spacing": spacing})}


def words_of_theirs(words: str, *, colour: Colour = "default", is_bold: bool = False) -> Element:
    return literal((words, colour, is_bold))


def monospace(words: str) -> Element:
    """Lines that keep their columns: a drawing, a file, a bar."""
    kept = "\n".join(_indented(line) for line in plain(words).splitlines())
    runs: list[JsonValue] = [{"type": "TextRun", "text": kept, "fontType": "Monospace", "size": "Small"}]
    return {"type": "RichTextBlock", "inlines": runs}


def _indented(line: str) -> str:
    """Clients drop the spaces that a line begins with, unless they are of the kind that does not break."""
    bare = line.lstrip(" ")
    return "\N{NO-BREAK SPACE}" * (len(line) - len(bare)) + bare


def container(items: Sequence[Element], style: str = "default") -> Element:
    return {"type": "Container", "style": style, "bleed": style != "default", "items": list(items)}


def facts_of(rows: Sequence[tuple[str, str]]) -> Element:
    """Names and values, a line each."""
    facts: list[JsonValue] = [{"title": name, "value": plain(value)} for name, value in rows]
    return {"type": "FactSet", "facts": facts}


def columns(*parts: tuple[Element, str]) -> Element:
    """Side by side, each with its width ("stretch", "auto" or a weight)."""
    made: list[JsonValue] = [
        {"type": "Column", "width": width, "items": [part], "verticalContentAlignment": "Center"}
        for part, width in parts
    ]
    return {"type": "ColumnSet", "columns": made}


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Element:
    """A table with a header; cells are literal, and a column is as wide as its longest word asks for."""
    widths = [max(_width(row[number]) for row in (header, *rows)) for number in range(len(header))]
    lines = [_row(header, is_bold=True), *(_row(row, is_bold=False) for row in rows)]
    return {
        "type": "Table",
        "firstRowAsHeader": True,
        "showGridLines": False,
        "columns": [{"width": width} for width in widths],
        "rows": list[JsonValue](lines),
    }


def _width(cell: str) -> int:
    """Its longest word, within bounds; one that has several takes two lines rather than half of the table."""
    return min(24, max([4, len(cell) // 3, *(len(word) for word in cell.split())]))


def _row(cells: Sequence[str], *, is_bold: bool) -> Element:
    made: list[JsonValue] = [{"type": "TableCell", "items": [words_of_theirs(cell, is_bold=is_bold)]} for cell in cells]
    return {"type": "TableRow", "cells": made}


def execute(button: CardButton, *, takes_inputs: bool = False) -> Element:
    """A button that asks Brickie: the act stands in `verb` and in the content, for clients that route by either.

    Older clients send the same content as a message. Without `takes_inputs` what is typed elsewhere in the card is not
    looked at, so that no empty field stops a button that has nothing to do with it.
    """
    return _execute(button.label, button.click, style=_STYLES[button.style], takes_inputs=takes_inputs)


def _execute(title: str, click: Click, *, style: str, takes_inputs: bool) -> Element:
    fields = click.model_dump(mode="json", exclude_defaults=True, exclude={"verb"})
    content: Element = {"action": click.verb, "click": fields}
    shown: Element = {"title": plain(title), "style": style, "data": content}
    inputs: Element = {} if takes_inputs else {"associatedInputs": "none"}
    fallback: Element = {"type": "Action.Submit", **shown, **inputs}
    return {"type": "Action.Execute", "verb": click.verb, **shown, **inputs, "fallback": fallback}


def refresh(plan_id: str, conversation: str, people: Sequence[str]) -> Element:
    """By itself for these people (object ids), when their client shows the card."""
    content: Element = {
        "action": "show",
        "refresh": True,
        "click": {"plan_id": plan_id, "conversation": conversation},
    }
    action: Element = {"type": "Action.Execute", "title": "Refresh", "verb": "show", "data": content}
    return {"action": action, "userIds": list[JsonValue](people)}


def open_url(link: Link) -> Element:
    return {"type": "Action.OpenUrl", "title": plain(link.label), "url": link.url}


def show_card(title: str, body: Sequence[Element], actions: Sequence[Element] = (), style: str = "default") -> Element:
    """A part that opens in the card and stays open when the card is edited, as toggles do not
    (github.com/microsoft/AdaptiveCards/issues/8186, read 2026-11-29).
    """
    inner: Element = {"type": "AdaptiveCard", "body": list(body)}
    if actions:
        inner["actions"] = list(actions)
    return {"type": "Action.ShowCard", "title": plain(title), "style": style, "card": inner}


def action_sets(actions: Sequence[Element]) -> list[Element]:
    """As many sets as it takes for each button to be seen."""
    groups = [actions[start : start + MOST_ACTIONS] for start in range(0, len(actions), MOST_ACTIONS)]
    return [{"type": "ActionSet", "actions": list(group)} for group in groups]


def text_input(name: str, label: str, *, error: str | None = None, most: int = 500, lines: bool = False) -> Element:
    """A field; demanded when there is an `error` to say (without one the button would be dead, adaptivecards 3.0.6)."""
    demanded: Element = {"isRequired": True, "errorMessage": error} if error else {}
    return {
        "type": "Input.Text",
        "id": name,
        "label": plain(label),
        "maxLength": most,
        "isMultiline": lines,
        **demanded,
    }


def choice_input(
    name: str, label: str, choices: Sequence[tuple[str, str]], *, error: str | None = None, hint: str = ""
) -> Element:
    """One of several: (value, label) each."""
    demanded: Element = {"isRequired": True, "errorMessage": error} if error else {}
    options: list[JsonValue] = [{"title": plain(shown), "value": value} for value, shown in choices]
    placeholder: Element = {"placeholder": hint} if hint else {}
    return {
        "type": "Input.ChoiceSet",
        "id": name,
        "label": plain(label),
        "style": "compact",
        "choices": options,
        **placeholder,
        **demanded,
    }


def adaptive_card(
    body: Sequence[Element], *, summary: str, actions: Sequence[Element] = (), is_wide: bool = False
) -> Element:
    """The whole card; `summary` is what is read where no card can be shown."""
    first, rest = list(actions[:MOST_ACTIONS]), actions[MOST_ACTIONS:]
    card: Element = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [*body, *action_sets(rest)],
        "fallbackText": plain(summary),
        "speak": plain(summary),
    }
    if first:
        card["actions"] = list[JsonValue](first)
    if is_wide:
        card["msteams"] = {"width": "Full"}
    return card


def size_of(card: Card) -> int:
    return len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())
