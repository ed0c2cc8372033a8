"""Blocks of Slack's Block Kit, and how much of each Slack takes. Pure.

Limits: https://docs.slack.dev/reference/block-kit/blocks (read 2026-11-29). That all blocks together may hold some
13,200 characters is documented nowhere and told only by `msg_blocks_too_long` (slackapi/bolt-js#2509, read 2026-11-29).
What the models of slack-sdk 3.47.0 do not look at (a field's length, a table's size, blocks in blocks) `faults` does.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, cast

from pydantic import JsonValue

from agent.channels.cards.slack_text import Block, cut, mrkdwn, plain_text, prose
from agent.channels.messaging.port import Card, CardButton, Click, Link
from agent.output import plain
from agent.wording import phrase

MOST_BLOCKS, MOST_VIEW_BLOCKS = 50, 100
MOST_CHARACTERS = 13_000
MOST_TEXT = 3900
"""Of the text beside the blocks: what a notification shows, and what is read where blocks are not."""

MOST_SECTION, MOST_FIELD, MOST_FIELDS, MOST_HEADER = 3000, 2000, 10, 150
MOST_ACTIONS, MOST_CONTEXT, MOST_CHILDREN = 25, 10, 10
MOST_BUTTON, MOST_VALUE, MOST_ACTION_ID, MOST_OPTION = 75, 2000, 255, 150
MOST_OPTIONS = 100
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 100, 20, 8000
_MOST_LINES_OF_BUTTONS = 5

CLICK = "brickie"
"""Begins the id of every button of ours; what follows says which, and what to ask before it counts."""

Ask = Literal["", "decide", "comment", "person", "amend", "pages", "form"]
"""What a click asks for before it counts: nothing, or a form of `slack_forms`; "form" takes what stands around it."""


def header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text, MOST_HEADER)}


def section(text: str, accessory: Block | None = None) -> Block:
    """Of mrkdwn: our own marks around `literal` words."""
    block: Block = {"type": "section", "text": mrkdwn(text, MOST_SECTION)}
    return block if accessory is None else {**block, "accessory": accessory}


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Two columns of "label, value", of mrkdwn; at most ten."""
    shown: list[JsonValue] = [mrkdwn(f"*{label}*\n{value}", MOST_FIELD) for label, value in pairs[:MOST_FIELDS]]
    return {"type": "section", "fields": shown}


def context(*texts: str) -> Block:
    elements: list[JsonValue] = [mrkdwn(text, MOST_SECTION) for text in texts[:MOST_CONTEXT]]
    return {"type": "context", "elements": elements}


def rich(markdown: str, most: int = 10_000) -> Block:
    elements: list[JsonValue] = [*prose(markdown, most)]
    return {"type": "rich_text", "elements": elements or [*prose(" .", 2)]}


def divider() -> Block:
    return {"type": "divider"}


def button(shown: CardButton, number: int, ask: Ask = "", memo: Block | None = None) -> Block:
    """`number` tells apart the buttons of a block; `memo` is what its form is filled with."""
    made: Block = {
        "type": "button",
        "text": plain_text(shown.label, MOST_BUTTON),
        "action_id": f"{CLICK}:{number}:{shown.click.verb}:{ask}",
        "value": value_of(shown.click, memo or {}),
    }
    return made if shown.style == "plain" else {**made, "style": shown.style}


def value_of(click: Click, memo: Block) -> str:
    """The click as a button carries it, with the memo where there is room for it."""
    kept = click.model_dump(mode="json", exclude_defaults=True)
    value = _packed({**memo, **kept})
    return value if len(value) <= MOST_VALUE else _packed(kept)[:MOST_VALUE]


def _packed(value: Block) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def link_button(link: Link, number: int) -> Block:
    return {
        "type": "button",
        "text": plain_text(link.label, MOST_BUTTON),
        "action_id": f"{CLICK}:{number}:link:",
        "url": link.url,
    }


def feedback(rating: Click) -> Block:
    """Slack's own two thumbs, which show by themselves what was pressed (https://docs.slack.dev/reference/block-kit/
    block-elements/feedback-buttons-element, read 2026-11-30).
    """
    thumbs: Block = {
        f"{side}_button": {
            "text": plain_text(phrase(f"slack.feedback.{verdict}"), MOST_BUTTON),
            "value": value_of(rating.model_copy(update={"value": verdict}), {}),
        }
        for side, verdict in (("positive", "good"), ("negative", "bad"))
    }
    element: Block = {"type": "feedback_buttons", "action_id": f"{CLICK}:0:{rating.verb}:", **thumbs}
    return {"type": "context_actions", "elements": [element]}


def actions(elements: Sequence[Block]) -> tuple[Block, ...]:
    """The buttons in rows of five: a longer row wraps on a phone in the middle of a word."""
    return tuple(
        {"type": "actions", "elements": [*elements[at : at + _MOST_LINES_OF_BUTTONS]]}
        for at in range(0, len(elements), _MOST_LINES_OF_BUTTONS)
    )


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Block:
    """A table of literal cells, its first row the names of the columns; `right` are the columns of figures."""
    settings: list[JsonValue] = [
        {"align": "right" if at in right else "left", "is_wrapped": at not in right} for at in range(len(columns))
    ]
    cells: list[JsonValue] = [[_cell(cell) for cell in row] for row in (columns, *rows)]
    return {"type": "table", "column_settings": settings, "rows": cells}


def _cell(text: str) -> Block:
    # An empty cell is refused; a dash reads as "nothing".
    return {"type": "raw_text", "text": " ".join(plain(text).split())[:500] or "–"}  # noqa: RUF001


def container(title: str, blocks: Sequence[Block]) -> Block:
    """What is shown when somebody opens it; blocks beyond the tenth are for the caller to leave out."""
    return {
        "type": "container",
        "title": plain_text(title, MOST_HEADER),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [*blocks[:MOST_CHILDREN]],
    }


def card_of(text: str, blocks: Sequence[Block], simpler: Sequence[Block] | None = None) -> Card:
    """A message: `text` always, `blocks`, and in `simpler` the blocks for a workspace that does not know the newest."""
    card: dict[str, JsonValue] = {"text": cut(text, MOST_TEXT), "blocks": [*blocks]}
    return card if simpler is None else {**card, "simpler": [*simpler]}


def blocks_of(card: Card, name: str = "blocks") -> tuple[Block, ...]:
    return tuple(cast("list[Block]", card.get(name) or []))


def characters(blocks: object) -> int:
    """All that is to be read in these blocks, as Slack counts it."""
    match blocks:
        case str():
            return len(blocks)
        case dict():
            shown = cast("Mapping[str, object]", blocks)
            return sum(characters(value) for name, value in shown.items() if name in _READ)
        case list() | tuple():
            return sum(characters(one) for one in cast("Sequence[object]", blocks))
        case _:
            return 0


_READ = frozenset(
    {"text", "fields", "elements", "title", "subtitle", "child_blocks", "rows", "label", "hint", "element", "options"}
    | {"placeholder", "accessory", "tasks", "details", "output", "caption"}
)


def faults(blocks: Sequence[Mapping[str, object]], *, most: int = MOST_BLOCKS) -> list[str]:
    """What Slack would refuse in these blocks, a line each; empty when they are within its limits."""
    found = [f"{len(blocks)} blocks"] if len(blocks) > most else []
    if characters(list(blocks)) > MOST_CHARACTERS and most == MOST_BLOCKS:
        found.append(f"{characters(list(blocks))} characters")
    ids = [str(block["block_id"]) for block in blocks if "block_id" in block]
    found += [f"block id {one} twice" for one in dict.fromkeys(ids) if ids.count(one) > 1]
    for block in blocks:
        found += _block_faults(block)
    return found


def _block_faults(block: Mapping[str, object]) -> Iterator[str]:
    kind = block.get("type")
    limits = {
        "section": (("fields", MOST_FIELDS),),
        "actions": (("elements", MOST_ACTIONS),),
        "context": (("elements", MOST_CONTEXT),),
        "container": (("child_blocks", MOST_CHILDREN),),
        "table": (("rows", MOST_ROWS),),
    }
    for name, most in limits.get(str(kind), ()):
        listed = _listed(block, name)
        if len(listed) > most:
            yield f"{kind}: {len(listed)} {name}"
    if kind == "table":
        yield from _table_faults(block)
    yield from _text_faults(block)
    for child in _listed(block, "child_blocks"):
        yield from _block_faults(cast("Mapping[str, object]", child))
    for element in (*_listed(block, "elements"), block.get("accessory")):
        if isinstance(element, dict):
            yield from _element_faults(cast("Mapping[str, object]", element))


def _table_faults(block: Mapping[str, object]) -> Iterator[str]:
    rows = cast("list[list[object]]", _listed(block, "rows"))
    if any(len(row) > MOST_COLUMNS for row in rows):
        yield f"table: {max(map(len, rows))} columns"
    if characters(rows) > MOST_CELLS:
        yield f"table: {characters(rows)} characters"


def _text_faults(block: Mapping[str, object]) -> Iterator[str]:
    kind, text = block.get("type"), _text(block.get("text"))
    most = MOST_HEADER if kind == "header" else MOST_SECTION
    if kind in ("header", "section") and (len(text) > most or ("text" in block and not text.strip())):
        yield f"{kind}: {len(text)} characters"
    for one in _listed(block, "fields"):
        if len(_text(one)) > MOST_FIELD:
            yield f"field: {len(_text(one))} characters"


def _element_faults(element: Mapping[str, object]) -> Iterator[str]:
    limits = (("text", MOST_BUTTON), ("value", MOST_VALUE), ("action_id", MOST_ACTION_ID))
    if element.get("type") == "button":
        for name, most in limits:
            if len(_text(element.get(name))) > most:
                yield f"button: {name} of {len(_text(element.get(name)))} characters"
    options = _listed(element, "options")
    if len(options) > MOST_OPTIONS:
        yield f"{element.get('type')}: {len(options)} options"
    for option in cast("list[Mapping[str, object]]", options):
        if len(_text(option.get("text"))) > MOST_BUTTON or len(_text(option.get("value"))) > MOST_OPTION:
            yield f"option: {json.dumps(option)[:80]}"


def _text(value: object) -> str:
    if isinstance(value, dict):
        return _text(cast("Mapping[str, object]", value).get("text"))
    return value if isinstance(value, str) else ""


def _listed(block: Mapping[str, object], name: str) -> list[object]:
    value = block.get(name)
    return cast("list[object]", value) if isinstance(value, list) else []
