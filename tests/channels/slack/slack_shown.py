"""Values of the shared room, made of real events, for the cards of Slack."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from pydantic import TypeAdapter
from slack_sdk.models import blocks as slack_sdk_blocks

from agent.channels.cards.slack_blocks import blocks_of, faults
from agent.channels.messaging.port import Card, CardButton, Click, Link, ShownPlan
from agent.events import Event, PlanProposed, Table

_FIXTURES = Path(__file__).parents[2] / "browser" / "fixtures"
_EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
_SDK = cast("Any", slack_sdk_blocks)
_RAW_ONLY = frozenset({"data_table"})
"""What slack-sdk 3.47.0 has no model of."""

AT = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)
PAGE = Link("Web page", "https://brickie.contoso.com/?plan=pln_3")


def events(name: str) -> list[Event]:
    lines = (_FIXTURES / f"{name}.jsonl").read_text("utf-8").splitlines()
    documents = [json.loads(line) for line in lines if line]
    return [_EVENTS.validate_python(one) for one in documents if one["type"] != "said"]


def plan(name: str, number: int = 0) -> PlanProposed:
    return [event for event in events(name) if isinstance(event, PlanProposed)][number]


def tables(name: str) -> list[Table]:
    return [event for event in events(name) if isinstance(event, Table)]


def asked_plan(proposed: PlanProposed, **more: object) -> ShownPlan:
    """As its asker sees it."""
    fields: dict[str, object] = {
        "plan": proposed,
        "asker": "Ana Ruiz",
        "for_approvers": False,
        "buttons": decide_buttons(proposed),
        "page": PAGE,
        **more,
    }
    return ShownPlan(**fields)  # type: ignore[arg-type]


def decide_buttons(proposed: PlanProposed) -> tuple[CardButton, ...]:
    bound = {"conversation": proposed.conversation, "plan_id": proposed.plan_id, "digest": proposed.digest}
    return (
        CardButton("Confirm", Click.model_validate({"verb": "confirm", **bound}), "primary"),
        CardButton("Reject", Click.model_validate({"verb": "reject", **bound}), "danger"),
    )


def refused(card: Card) -> list[str]:
    """What Slack would not take of this card: by its SDK's models, and by our own limits."""
    found: list[str] = []
    for name in ("blocks", "simpler"):
        blocks = blocks_of(card, name)
        found += [f"{name}: {one}" for one in faults(blocks)]
        for block in blocks:
            if block["type"] in _RAW_ONLY:
                continue
            model = _SDK.Block.parse(dict(block))
            assert model is not None, block
            model.validate_json()
            model.to_dict()
    if not str(card["text"]).strip():
        found.append("no text")
    return found
