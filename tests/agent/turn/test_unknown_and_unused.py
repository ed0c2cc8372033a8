"""A name that nobody knows, and words that became nothing, are each told in one line."""

import pytest
from one_turn import FERN, MINT, TOM, OneTurn, text

from agent.turn.unknown import say_unknown
from agent.turn.unused import say_unused
from plugins.domain.understanding import Act, Understanding


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dbw-mint-def", "I know no workspace called dbw-mint-def. Did you mean dbw-mint-dev?"),
        ("ledger", "I know no workspace called ledger. “List my workspaces” shows those that I know."),
    ],
)
def test_the_nearest_name_is_offered_where_one_is_near(turn: OneTurn, name: str, words: str) -> None:
    turn.deployed(MINT)
    assert text(say_unknown(turn.context(), name)) == words


def test_no_name_is_offered_that_this_person_may_not_know(turn: OneTurn) -> None:
    turn.deployed(FERN, conversation="rita's")
    told = text(say_unknown(turn.context(by=TOM), "dbw-fern-def"))
    assert told == "I know no workspace called dbw-fern-def. You have none yet."


@pytest.mark.parametrize(("act", "is_told"), [("provision", True), ("list", True), ("unclear", False), ("help", False)])
def test_words_that_became_nothing_are_told_after_an_act_that_was_understood(
    turn: OneTurn, act: Act, *, is_told: bool
) -> None:
    outcome = say_unused(turn.context(), Understanding(act, unused=("128gb nodes", "the blue one")))
    assert text(outcome) == ("Not used: “128gb nodes”, “the blue one”." if is_told else "")
    assert say_unused(turn.context(), Understanding(act)).events == ()
