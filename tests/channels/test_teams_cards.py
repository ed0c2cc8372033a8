"""Every kind of card, as JSON to review; what Teams would cut or let vanish is not in it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest
from teams_samples import decided, event_of, samples, shown

from agent.channels.cards.teams import TeamsCards
from agent.channels.cards.teams_elements import MOST_BYTES, size_of
from agent.channels.messaging.port import Card, CardButton, Click, Notice, Remark, Said, ShownTable
from agent.events import Table

CARDS = TeamsCards()
SAMPLES = samples()


def every(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in it, the outermost first."""
    if isinstance(value, dict):
        whole = cast("dict[str, Any]", value)
        yield whole
        for inner in whole.values():
            yield from every(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from every(inner)


def actions_of(card: Card, kind: str = "Action.Execute") -> list[dict[str, Any]]:
    return [one for one in every(card) if one.get("type") == kind]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_card_is_as_it_was_reviewed(name: str, golden: Callable[[str, str], None]) -> None:
    card = CARDS.card(SAMPLES[name])
    golden(f"cards/{name}.teams.json", json.dumps(card, indent=1, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_in_a_card_vanishes(name: str) -> None:
    """No set has a sixth action, no demanded field is without its sentence, and no id stands twice."""
    card = CARDS.card(SAMPLES[name])
    for one in every(card):
        assert len(one.get("actions", [])) <= 5
        if one.get("isRequired"):
            assert one["errorMessage"]
    inputs = [one["id"] for one in every(card) if str(one.get("type")).startswith("Input.")]
    assert len(inputs) == len(set(inputs))
    assert size_of(card) <= MOST_BYTES


@pytest.mark.parametrize("name", SAMPLES)
def test_every_button_of_the_room_is_there_and_names_its_act_twice(name: str) -> None:
    showing, card = SAMPLES[name], CARDS.card(SAMPLES[name])
    for action in actions_of(card):
        assert action["verb"] == action["data"]["action"]
        if action["data"].get("refresh"):  # no button: the client does it by itself
            continue
        assert action["fallback"]["type"] == "Action.Submit"
        assert action["fallback"]["data"] == action["data"]
    wanted = [button.label for button in getattr(showing, "buttons", ())]
    there = [str(action["title"]) for action in (*actions_of(card), *actions_of(card, "Action.ShowCard"))]
    if name not in ("several_questions", "many_choices", "answered_questions"):  # forms ask for all at once
        assert set(wanted) <= set(there)


def test_a_card_has_words_where_no_card_is_shown() -> None:
    assert CARDS.card(SAMPLES["plan"])["fallbackText"] == (
        "dbw-ml-dev: A new workspace: dev, eastus, about 232.20 USD a month"
    )


def test_what_people_wrote_is_never_read_as_markdown_or_as_a_tag() -> None:
    wrote = "<at>everybody</at> **bold** [here](https://example.net)"
    plan = CARDS.card(
        shown("deploy", remarks=(Remark(wrote, wrote),), buttons=(), decided=decided("rejected", "Ana", wrote))
    )
    texts = [one for one in every(plan) if one.get("type") == "TextBlock"]
    assert not any("example.net" in one["text"] for one in texts)
    assert "&lt;at>" in str(CARDS.card(Said(wrote))["text"])
    assert "&lt;at>" in str(CARDS.card(Notice(wrote))["body"])


def test_a_typed_yes_is_asked_for_under_its_own_button_so_that_no_needs_no_name() -> None:
    card = CARDS.card(SAMPLES["approval_of_a_typed_destroy"])
    (opened,) = [one for one in actions_of(card, "Action.ShowCard") if one["title"] == "Destroy"]
    field, (action,) = opened["card"]["body"][0], opened["card"]["actions"]
    assert (field["id"], field["isRequired"], action["verb"]) == ("input.value", True, "confirm")
    assert "dbw-ledger-prod" in field["errorMessage"]
    (reject,) = [one for one in actions_of(card) if one["verb"] == "reject"]
    assert reject in card["actions"]  # type: ignore[operator]


def test_only_the_listed_refresh_and_never_after_the_decision() -> None:
    card = CARDS.card(SAMPLES["approval_request"])
    refresh: Any = card["refresh"]
    assert refresh["userIds"] == ["object-ines"]
    assert refresh["action"]["data"]["refresh"] is True
    done = shown("production", may_decide=("object-ines",), decided=decided("approved", "Ines"), buttons=())
    assert "refresh" not in CARDS.card(done)


def test_a_plan_of_hundreds_fits_and_says_how_many_it_leaves_to_the_page() -> None:
    plan = event_of("batch", "plan")
    many = plan.model_copy(update={"items": plan.items * 20, "resources": plan.resources * 20})
    card = CARDS.card(replace(shown("batch"), plan=many))
    assert size_of(card) <= MOST_BYTES
    assert "480 workspaces" in str(card["fallbackText"])
    assert "more: the web page shows all of them" in json.dumps(card)


def test_a_table_of_hundreds_fits_and_says_how_many_it_leaves_out() -> None:
    rows = tuple((f"dbw-team-{n}-dev", "deployed", "x" * 200) for n in range(500))
    table = Table(conversation="cnv", turn=1, title="Workspaces", columns=("Name", "State", "Note"), rows=rows)
    card = CARDS.card(ShownTable(table))
    assert size_of(card) <= MOST_BYTES
    assert "more" in json.dumps(card["body"])


def test_a_lower_bound_is_told_as_one() -> None:
    plan = event_of("deploy", "plan")
    cost = plan.cost.model_copy(update={"unpriced": ("x",), "expected": Decimal(10)})
    card = CARDS.card(replace(shown("deploy"), plan=plan.model_copy(update={"cost": cost})))
    assert "at least 10.00 USD a month" in str(card["fallbackText"])


def test_an_empty_hand_over_is_a_plain_button() -> None:
    button = CardButton("Hand over", Click(verb="hand_over", plan_id="pln_1"))
    card = CARDS.card(shown("production", buttons=(button,), candidates=()))
    assert [action["verb"] for action in actions_of(card)] == ["hand_over"]
