"""Words as Slack shows them. Pure; whoever's words they are, they name nobody, link nothing and set no mark.

`literal` is for what stands inside mrkdwn; Markdown becomes rich text (`prose`), where every character is literal by
itself and only what we say is bold or code. Work is linear in the text's length.
https://docs.slack.dev/messaging/formatting-message-text and
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block (read 2026-11-29).
"""

import re

from pydantic import JsonValue

from agent.output import plain

Block = dict[str, JsonValue]

_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
_MARKS = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})  # noqa: RUF001 - what looks like a mark and is none
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_SPAN = re.compile(r"\*\*([^*\n]+)\*\*|`([^`\n]+)`")
_ITEM = re.compile(r"^[-*] +|^(\d{1,3})[.)] +")
_HEADING = re.compile(r"^#{1,6} +")


def escaped(text: str) -> str:
    """Without the three characters that Slack reads as its own, and without control characters."""
    shown = plain(text)
    for sign, entity in _ESCAPES:
        shown = shown.replace(sign, entity)
    return shown


def literal(text: object, most: int = 300) -> str:
    """Somebody's words on one line inside mrkdwn, at most so many characters as Slack counts them."""
    line = " ".join(plain(str(text)).split())[:most].translate(_MARKS)
    # Only an underscore at the edge of a word begins or ends italics: Standard_DS4_v2 is left as it is.
    shown = escaped(_EDGE_UNDERSCORE.sub("＿", line))  # noqa: RUF001
    # A colon is taken for an emoji between colons only; a space of no width keeps it a colon.
    shown = re.sub(r":(?=[a-z0-9_+-]{1,60}:)", ":\u200b", shown)
    return shown if len(shown) <= most else cut(shown, most)


def cut(shown: str, most: int) -> str:
    """The beginning of an escaped text, ended between two characters, never within an entity."""
    if len(shown) <= most:
        return shown
    kept = shown[: most - 1]
    at = kept.rfind("&", max(0, len(kept) - 5))
    if at >= 0 and ";" not in kept[at:]:
        kept = kept[:at]
    return f"{kept}…"


def plain_text(text: str, most: int) -> Block:
    """A text object in which nothing is read as a mark, a mention or an emoji."""
    line = " ".join(plain(text).split())
    return {"type": "plain_text", "text": line if len(line) <= most else f"{line[: most - 1]}…", "emoji": False}


def mrkdwn(text: str, most: int = 3000) -> Block:
    """A text object of our own marks around `literal` words; Slack links and names nothing in it by itself."""
    return {"type": "mrkdwn", "text": cut(text, most), "verbatim": True}


def prose(markdown: str, most: int) -> tuple[Block, ...]:
    """The elements of a rich text block; what is over `most` characters is left out, with a mark that it is."""
    text = plain(markdown)
    if len(text) > most:
        text = f"{text[: most - 1]}…"
    elements: list[Block] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        at = _element(lines, at, elements)
    return tuple(elements)


def _element(lines: list[str], at: int, elements: list[Block]) -> int:
    """Adds the element that begins in that line; gives the line behind it."""
    line = lines[at]
    if line.startswith("```"):
        return _fence(lines, at, elements)
    if _ITEM.match(line):
        return _list(lines, at, elements)
    if line.startswith("|"):
        return _block_of(lines, at, elements, "|")
    end = at + 1
    while end < len(lines) and not (lines[end].startswith(("```", "|")) or _ITEM.match(lines[end])):
        end += 1
    paragraph = "\n".join(_unheaded(one) for one in lines[at:end]).strip("\n")
    if paragraph:
        elements.append({"type": "rich_text_section", "elements": [*_spans(f"{paragraph}\n")]})
    return end


def _fence(lines: list[str], at: int, elements: list[Block]) -> int:
    end = at + 1
    while end < len(lines) and not lines[end].startswith("```"):
        end += 1
    elements.append(_preformatted("\n".join(lines[at + 1 : end])))
    return end + 1


def _block_of(lines: list[str], at: int, elements: list[Block], sign: str) -> int:
    end = at
    while end < len(lines) and lines[end].startswith(sign):
        end += 1
    elements.append(_preformatted("\n".join(lines[at:end])))
    return end


def _preformatted(text: str) -> Block:
    return {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text or " "}]}


def _list(lines: list[str], at: int, elements: list[Block]) -> int:
    items: list[JsonValue] = []
    ordered = bool((_ITEM.match(lines[at]) or [None, None])[1])
    while at < len(lines) and (match := _ITEM.match(lines[at])) and bool(match[1]) == ordered:
        items.append({"type": "rich_text_section", "elements": [*_spans(lines[at][match.end() :] or " ")]})
        at += 1
    elements.append({"type": "rich_text_list", "style": "ordered" if ordered else "bullet", "elements": items})
    return at


def _unheaded(line: str) -> str:
    match = _HEADING.match(line)
    return f"**{line[match.end() :]}**" if match and line[match.end() :].strip("* ") else line


def _spans(text: str) -> tuple[JsonValue, ...]:
    """Bold, code and plain text, in their order."""
    spans: list[JsonValue] = []
    at = 0
    for match in _SPAN.finditer(text):
        if match.start() > at:
            spans.append({"type": "text", "text": text[at : match.start()]})
        bold, code = match[1], match[2]
        style: Block = {"bold": True} if bold else {"code": True}
        spans.append({"type": "text", "text": bold or code, "style": style})
        at = match.end()
    if at < len(text):
        spans.append({"type": "text", "text": text[at:]})
    return tuple(spans)
