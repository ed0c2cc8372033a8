"""Picking what was offered, by its button, its label or its number."""

import pytest

from agent.dialogue.offers import NEVER, chosen, picked
from agent.dialogue.state import Conversation, Offer, PendingPlan
from agent.events import Button
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Statement, Understanding

SPOT = Offer(label="With spot", changes=InfrastructureRequest(spot=True))
SMALL = Offer(label="Smaller", changes=InfrastructureRequest(max_workers=2))
OFFERED = Conversation(id="cnv", offers=(SPOT, SMALL))
ENDING = Conversation(id="cnv", awaiting="extend", asked=("expires_in_days",), days=30, workspaces=("dbw-terns-dev",))
KEEPS_NO_END = Understanding(
    "extend", statements=(Statement(InfrastructureRequest(workspace_name="dbw-terns-dev"), clear=("expires_in_days",)),)
)
THIRTY_DAYS = Understanding("answer", statements=(Statement(InfrastructureRequest(expires_in_days=30)),))


@pytest.mark.parametrize("text", ["2", "the second one, please", "Smaller", "#2", "option 2"])
def test_an_offer_is_picked_by_number_or_label(text: str) -> None:
    assert picked(text.replace(", please", " please"), OFFERED) == SMALL


@pytest.mark.parametrize("text", ["3", "0", "two workers", "smaller than that"])
def test_nothing_else_picks_one(text: str) -> None:
    assert picked(text, OFFERED) is None


def test_a_number_picks_nothing_where_nothing_is_offered() -> None:
    assert picked("2", Conversation(id="cnv")) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [("yes", THIRTY_DAYS), ("no", KEEPS_NO_END), ("never", KEEPS_NO_END), ("it keeps no end", KEEPS_NO_END)],
)
def test_the_question_for_an_end_is_answered_by_a_word(text: str, meant: Understanding) -> None:
    assert picked(text, ENDING) == meant


def test_beside_a_plan_that_waits_a_bare_yes_answers_neither() -> None:
    """It may mean the plan: whoever meant the days says them."""
    waiting = ENDING.with_(pending=PendingPlan(plan_id="pln_1", digest="one"))
    assert picked("yes", waiting) == Understanding("unclear")


def test_a_yes_without_days_is_no_answer() -> None:
    assert picked("yes", ENDING.with_(days=0)) is None


def test_a_button_picks_its_offer_and_no_other() -> None:
    assert chosen(Button(action="choose", slot="offer", value="offer:1"), OFFERED) == SPOT
    assert chosen(Button(action="choose", slot="offer", value="offer:7"), OFFERED) == Understanding("unclear")


def test_a_buttons_value_is_checked_by_the_requests_own_types() -> None:
    dev = Button(action="choose", slot="environment", value="dev")
    assert chosen(dev, OFFERED) == Understanding(
        "answer", statements=(Statement(InfrastructureRequest(environment="dev")),)
    )
    moon = Button(action="choose", slot="environment", value="moon")
    assert chosen(moon, OFFERED) == Understanding("unclear")


def test_a_buttons_words_are_left_to_the_brain_where_the_type_is_a_text() -> None:
    assert chosen(Button(action="choose", slot="team", value="Terns"), OFFERED) is None


def test_the_button_for_no_end_keeps_none() -> None:
    assert chosen(Button(action="choose", slot="expires_in_days", value=NEVER), ENDING) == KEEPS_NO_END
