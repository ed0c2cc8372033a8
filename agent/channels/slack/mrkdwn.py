"""What a person wrote in Slack, as the plain text that they see. Pure; work is linear in the text's length.

Slack sends `&`, `<` and `>` escaped, and what it linked itself between angle brackets
(https://docs.slack.dev/messaging/formatting-message-text, read 2026-11-29).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LINKED = re.compile(r"<([^<>\n]{1,4000})>")
_CODE = re.compile(r"(```)|(`)")
_EMOJI = re.compile(r"(?<![\w:]):([a-z0-9_+'-]{1,60}):(?::skin-tone-\d:)?(?![\w:])")
_OPENS = re.compile(r"(?<![\w*_~])([*_~])(?=[^\s*_~])")
_QUOTE = re.compile(r"^> ?", re.MULTILINE)
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_SMART = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})
_SPOKEN_EMOJI: Mapping[str, str] = {
    "+1": "👍",
    "thumbsup": "👍",
    "-1": "👎",
    "thumbsdown": "👎",
    "white_check_mark": "✅",
    "heavy_check_mark": "✔",
    "ok_hand": "👌",
    "x": "❌",
    "no_entry": "⛔",
    "rocket": "🚀",
}
"""Those that could be taken for a yes or a no are read as their sign; others say nothing and are left out."""


@dataclass(frozen=True)
class Written:
    """A text as it is seen; `mentions` are the ids of the people and groups whom it names, in their order."""

    text: str
    mentions: tuple[str, ...]


def written(mrkdwn: str, *, bot: str = "") -> Written:
    """What was written; a mention of `bot` itself is left out of the text."""
    mentions: list[str] = []

    def seen(match: re.Match[str]) -> str:
        return _seen(match[1], bot, mentions)

    spoken = _EMOJI.sub(lambda match: _SPOKEN_EMOJI.get(match[1], ""), mrkdwn)
    linked = _LINKED.sub(seen, spoken)
    for escaped, sign in _ESCAPES:
        linked = linked.replace(escaped, sign)
    plain = _without_marks(_QUOTE.sub("", linked)).translate(_SMART)
    return Written("\n".join(line.strip() for line in plain.strip().split("\n")), tuple(mentions))


def _seen(linked: str, bot: str, mentions: list[str]) -> str:
    """What stands in place of `<…>`."""
    target, _, label = linked.partition("|")
    match target[:1]:
        case "@":
            mentions.append(target[1:])
            return "" if target[1:] == bot else f"@{label or target[1:]}"
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return _announced(target[1:], label, mentions)
        case _:
            return _link(target, label)


def _announced(command: str, label: str, mentions: list[str]) -> str:
    """A group, everybody, or a date."""
    kind, _, group = command.partition("^")
    if kind == "subteam":
        mentions.append(group)
    elif kind != "date":
        mentions.append(f"!{kind}")
    return label or f"@{kind}"


def _link(target: str, label: str) -> str:
    """An address that Slack linked by itself reads as it was typed; one that somebody labelled keeps both."""
    bare = target.removeprefix("mailto:")
    if not label or label in (bare, bare.partition("://")[2].rstrip("/"), bare.partition("://")[2]):
        return label or bare
    return f"{label} ({bare})"


def _without_marks(text: str) -> str:
    """Without the marks of code, bold, italic and struck; what is inside code stays as it is."""
    pieces, at, inside = list[str](), 0, ""
    for match in _CODE.finditer(text):
        if inside and match[0] != inside:
            continue
        piece = text[at : match.start()]
        pieces.append(piece if inside else _unmarked(piece))
        # A single mark that none closes on its line is a character like another.
        if not inside and not _closes(text, match):
            pieces.append(match[0])
        else:
            inside = "" if inside else match[0]
        at = match.end()
    rest = text[at:]
    return "".join((*pieces, rest if inside else _unmarked(rest)))


def _closes(text: str, match: re.Match[str]) -> bool:
    if match[1]:
        return True
    end = text.find("`", match.end())
    return end > 0 and "\n" not in text[match.end() : end]


def _unmarked(text: str) -> str:
    """Without pairs of `*`, `_` and `~` that begin before a word and end behind one, on one line."""
    return "\n".join(_unmarked_line(line) for line in text.split("\n")) if _OPENS.search(text) else text


def _unmarked_line(line: str) -> str:
    dropped = set[int]()
    opened: dict[str, int] = {}
    for at, sign in enumerate(line):
        if sign not in "*_~":
            continue
        before, behind = line[at - 1 : at] or " ", line[at + 1 : at + 2] or " "
        if sign in opened and not before.isspace() and not behind.isalnum():
            dropped |= {opened.pop(sign), at}
        elif not before.isalnum() and not behind.isspace():
            opened[sign] = at
    return "".join(sign for at, sign in enumerate(line) if at not in dropped)
