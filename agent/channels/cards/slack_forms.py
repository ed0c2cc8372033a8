"""The forms that Slack opens over a conversation: to decide with a comment, to ask for a change, to hand over, to edit
a plan, to order from a message, to page through a large plan. Pure.

A form's own words travel in its memo; what counts is looked at again when it comes back.
https://docs.slack.dev/surfaces/modals (read 2026-11-29).
"""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import cast

from pydantic import JsonValue

from agent.channels.cards.slack_blocks import CLICK, Block, actions, button, context, section, table
from agent.channels.cards.slack_text import literal, plain_text
from agent.channels.messaging.port import CardButton, Click
from agent.wording import money, phrase
from plugins.domain.plan import PlanItem

MOST_MEMO = 3000
PAGE_ROWS = 40
_MOST_TITLE = 24
_WHOLE = ("min_workers", "max_workers", "expires_in_days")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_AMENDED = ("region", "min_workers", "max_workers", "cost_limit", "owner", "cost_center", "expires_in_days")

_UNCHANGED: Mapping[str, object] = {}

View = dict[str, JsonValue]
Memo = Mapping[str, object]


def opening() -> View:
    """What stands while a form is being made."""
    return _view("opening", phrase("slack.modal.workspaces_title"), [section(phrase("slack.modal.opening"))], {})


def form_for(ask: str, click: Click, memo: Memo, where: Mapping[str, JsonValue]) -> View | None:
    """The form that this click asks for; None for none. `where` is kept in it, for whoever takes it in."""
    kept: dict[str, JsonValue] = {"click": click.model_dump(mode="json", exclude_defaults=True), "where": {**where}}
    match ask:
        case "decide":
            return _decide(click, memo, kept)
        case "comment":
            blocks = [_line("comment", phrase("slack.modal.change_label"), multiline=True, optional=False)]
            return _view(
                "comment", phrase("slack.modal.change_title"), blocks, kept, phrase("slack.modal.change_submit")
            )
        case "person":
            return _hand_over(memo, kept)
        case "amend":
            return _amend(memo, kept)
        case _:
            return None


def order_form(text: str, where: Mapping[str, JsonValue]) -> View:
    """What a message says, to be changed and sent as an order of one's own."""
    label = phrase("slack.modal.order_label")
    blocks = [
        _line("text", label, text[:3000], multiline=True, optional=False),
        context(phrase("slack.modal.order_hint")),
    ]
    title, submit = phrase("slack.modal.order_title"), phrase("slack.modal.order_submit")
    return _view("order", title, blocks, {"where": {**where}}, submit)


def workspaces_form(items: Sequence[PlanItem], click: Click, page: int) -> View:
    """One page of a plan for many."""
    pages = max(1, -(-len(items) // PAGE_ROWS))
    page = min(max(page, 0), pages - 1)
    shown = items[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]
    rows = [
        (one.decision.workspace_name, one.decision.region, money(one.cost.expected, one.cost.currency)) for one in shown
    ]
    columns = [phrase("slack.plan.workspace"), phrase("slack.modal.region"), phrase("slack.plan.month")]
    turned = [
        button(CardButton(phrase(f"slack.modal.{name}"), click), at, "pages", {"page": page + step})
        for at, (name, step) in enumerate((("previous", -1), ("next", 1)))
        if 0 <= page + step < pages
    ]
    numbered = [context(phrase("slack.modal.page", page=page + 1, pages=pages))] if pages > 1 else []
    blocks = [*numbered, table(columns, rows, right=(2,))]
    return _view("pages", phrase("slack.modal.workspaces_title"), [*blocks, *actions(turned)], {})


def gone() -> View:
    """What a form says that has nothing to show."""
    return _view("gone", phrase("slack.modal.workspaces_title"), [section(phrase("slack.modal.gone"))], {})


def _view(name: str, title: str, blocks: Sequence[Block], memo: Memo, submit: str = "") -> View:
    view: View = {
        "type": "modal",
        "callback_id": f"{CLICK}:{name}",
        "title": plain_text(title, _MOST_TITLE),
        "close": plain_text(phrase("slack.modal.close"), _MOST_TITLE),
        "blocks": [*blocks],
        "private_metadata": json.dumps(memo, separators=(",", ":"))[:MOST_MEMO],
    }
    return {**view, "submit": plain_text(submit, _MOST_TITLE)} if submit else view


def _line(name: str, label: str, value: str = "", *, multiline: bool = False, optional: bool = True) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": name, "max_length": 3000 if multiline else 200}
    if multiline:
        element["multiline"] = True
    if value:
        element["initial_value"] = value
    block: Block = {"type": "input", "block_id": name, "label": plain_text(label, 2000), "element": element}
    return {**block, "optional": optional}


def _decide(click: Click, memo: Memo, kept: dict[str, JsonValue]) -> View:
    name, typed = str(memo.get("name") or ""), memo.get("phrase") if click.verb == "confirm" else None
    blocks = [section(f"*{literal(name)}*")] if name else []
    if typed:
        blocks.append(_line("typed", phrase("slack.modal.typed", phrase=typed), optional=False))
        kept["phrase"] = str(typed)
    comment = _line("comment", phrase("slack.modal.comment"), multiline=True)
    blocks.append({**comment, "hint": plain_text(phrase("slack.modal.comment_hint"), 150)})
    return _view("decide", phrase("slack.modal.decide_title"), blocks, kept, phrase(f"slack.modal.decide_{click.verb}"))


def _hand_over(memo: Memo, kept: dict[str, JsonValue]) -> View:
    title = phrase("slack.modal.hand_over_title")
    listed = memo.get("candidates")
    if listed == []:
        return _view("gone", title, [section(phrase("slack.modal.nobody"))], {})
    label = plain_text(phrase("slack.modal.hand_over_label"), 2000)
    # Without a list anybody can be picked; whether they may decide is looked at when it comes back.
    element: Block = {"type": "users_select", "action_id": "value"}
    if pairs := _pairs(listed):
        options: list[JsonValue] = [{"text": plain_text(name, 75), "value": person} for person, name in pairs]
        element = {"type": "static_select", "action_id": "value", "options": options}
    blocks: list[Block] = [{"type": "input", "block_id": "value", "label": label, "element": element}]
    return _view("hand_over", title, blocks, kept, phrase("slack.modal.hand_over_submit"))


def _pairs(listed: object) -> list[tuple[str, str]]:
    """Ids and names, as the memo has them."""
    pairs = [_texts(one) for one in _texts_of(listed)]
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]  # noqa: PLR2004 - a pair


def _texts_of(listed: object) -> list[object]:
    return cast("list[object]", listed) if isinstance(listed, list) else []


def _texts(listed: object) -> list[str]:
    return [str(one) for one in _texts_of(listed)]


def _amend(memo: Memo, kept: dict[str, JsonValue]) -> View:
    """The fields of a request, as the plan has them now."""
    before = {name: str(memo.get(name) or "") for name in _AMENDED}
    currency = str(memo.get("currency") or "USD")
    blocks = [context(phrase("slack.modal.amend_hint"))]
    blocks += [_line(name, phrase(f"slack.modal.{name}", currency=currency), before[name]) for name in _AMENDED]
    kept = {**kept, "before": {**before}, "currency": currency}
    return _view("amend", phrase("slack.modal.amend_title"), blocks, kept, phrase("slack.modal.amend_submit"))


def amend_faults(memo: Memo, values: Mapping[str, str]) -> dict[str, str]:
    """What cannot be taken of the form for a change, field by field; empty when all of it can."""
    faults = {name: phrase("slack.modal.number") for name in _WHOLE if name in values and not _is_whole(values[name])}
    if "cost_limit" in values and _amount(values["cost_limit"]) is None:
        faults["cost_limit"] = phrase("slack.modal.number")
    if "owner" in values and not _EMAIL.fullmatch(values["owner"]):
        faults["owner"] = phrase("slack.modal.email")
    low, high = values.get("min_workers", ""), values.get("max_workers", "")
    if _is_whole(low) and _is_whole(high) and int(low) > int(high):
        faults["max_workers"] = phrase("slack.modal.crossed")
    if not faults and not amended(memo, values):
        faults["region"] = phrase("slack.modal.nothing")
    return faults


def amended(memo: Memo, values: Mapping[str, str]) -> str:
    """What differs from the plan, in words that anybody could have typed; empty when nothing does."""
    before = memo.get("before")
    was: Mapping[str, object] = cast("Mapping[str, object]", before) if isinstance(before, dict) else _UNCHANGED
    new = {name: values[name] for name in _AMENDED if name in values and values[name] != str(was.get(name) or "")}
    currency = str(memo.get("currency") or "USD")
    low, high = new.pop("min_workers", None), new.pop("max_workers", None)
    parts = [phrase(f"slack.amend.{name}", value=value, currency=currency) for name, value in new.items()]
    if low is not None and high is not None:
        parts.append(phrase("slack.amend.workers", low=low, high=high))
    elif low is not None or high is not None:
        name = "min_workers" if low is not None else "max_workers"
        parts.append(phrase(f"slack.amend.{name}", value=low if low is not None else high))
    return ", ".join(parts)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5  # noqa: PLR2004 - nobody has 100,000 of anything here


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None
