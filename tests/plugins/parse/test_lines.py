"""What people write, labelled: every line must be understood exactly.

Same form as the labelled requests that the product is measured with: wanted fields, what must be asked, what must
not be set.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.settings import Settings
from agent.views.first_reading import asked_for
from plugins.domain.understanding import Context
from plugins.parse import understand

TODAY = date(2026, 11, 24)
LINES = [json.loads(line) for line in Path(__file__).with_name("lines.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["id"])
def test_a_line_is_understood_as_labelled(line: dict[str, Any]) -> None:
    today = date.fromisoformat(line["today"]) if "today" in line else TODAY
    understood = understand(line["text"], Context(today=today))
    assert understood.act in line["act"].split("|")
    got = [request.model_dump(mode="json") for request in understood.requests]
    for wanted, request in zip(line["requests"], got, strict=understood.act == "provision"):
        for field, value in wanted.items():
            if field == "additional_requirements":
                assert all(part in request[field] for part in value)
            else:
                assert request[field] == value, field
    for request in got:
        assumed = {a["field"] for a in request["assumptions"]}
        assert not [f for f in line["must_not_set"] if request[f] not in (None, {}) and f not in assumed]
    slots = {slot.slot for slot in asked_for(understood, Settings(), today)}
    assert all(slots & set(wanted.split("|")) for wanted in line["must_ask"])
    allowed = {s for wanted in line["must_ask"] for s in wanted.split("|")}
    allowed |= {tag.split(":", 1)[1] for tag in line["tags"] if tag.startswith("may_ask:")}
    assert not slots - allowed


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("pricing", "answer"),
        ("the pricing team", "answer"),
        ("Pricing, in dev", "answer"),
        ("pricing?", "cost"),
        ("pricing for dev", "cost"),
        ("pricing please", "cost"),
    ],
)
def test_a_team_may_be_called_pricing_where_a_team_is_asked_for(text: str, act: str) -> None:
    understood = understand(text, Context(today=TODAY, open_slots=("team",)))
    assert understood.act == act
    if act == "answer":
        assert [request.team for request in understood.requests] == ["pricing"]


@pytest.mark.parametrize("text", ["hmm make it smaller", "smaller please", "give me a minute", "change that"])
def test_a_sentence_is_no_team_where_a_team_is_asked_for(text: str) -> None:
    understood = understand(text, Context(today=TODAY, open_slots=("team",)))
    assert [request.team for request in understood.requests if request.team] == []


@pytest.mark.parametrize("text", ["what if it had spot?", "hmm, what if we use 4 workers", "and what if we took prod?"])
def test_what_if_is_a_question_and_changes_no_plan(text: str) -> None:
    draft = understand("databricks for team x in dev, etl", Context(today=TODAY)).requests[0]
    assert understand(text, Context(today=TODAY, drafts=(draft,), plan_pending=True)).act == "cost"
