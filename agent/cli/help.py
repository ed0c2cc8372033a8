"""`brickie help [TOPIC]`: the pages below templates/help, laid out on a terminal, as they are written in a pipe.

A topic is a file there, so a new page is a new file. Its first line, "# Title: what it tells", stands in the list.
"""

import argparse
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from agent.output import put, tell
from agent.paths import place
from agent.wording import Wording, said

_WIDEST = 100
"""Columns of a page on a wide terminal: longer lines of prose are hard to follow."""


def shown(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Shows one page, or the list of them; 2 for a topic that there is not, with the nearest named."""
    del environment
    pages = {path.stem: path for path in sorted((place("templates") / "help").glob("*.md"))}
    wording = Wording(place("templates") / "replies")
    if options.topic is None:
        _show(wording.say("help_topics", topics={name: _title(path) for name, path in pages.items()}))
        return 0
    topic = options.topic.strip().casefold()
    if topic not in pages:
        tell(wording.say("help_unknown", topic=said(options.topic), near=_near(topic, pages), topics=list(pages)))
        return 2
    _show(pages[topic].read_text("utf-8"))
    return 0


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as page:
        return page.readline().partition(": ")[2].strip()


def _near(topic: str, pages: Mapping[str, Path]) -> list[str]:
    """The topic that was probably meant; else those whose page holds the word."""
    if close := get_close_matches(topic, pages, n=1):
        return close
    return [name for name, path in pages.items() if topic and topic in path.read_text("utf-8").casefold()]


def _show(markdown: str) -> None:
    if not sys.stdout.isatty():
        put(f"{markdown.strip()}\n")
        return
    from rich.markdown import Markdown  # only where somebody looks

    from agent.channels.cards.console import Screen

    screen = Screen()
    screen.print(Markdown(markdown), width=min(screen.width, _WIDEST))
