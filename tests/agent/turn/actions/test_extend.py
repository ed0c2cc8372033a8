"""The end of a workspace: set, moved or removed at once; what has none is given none unasked."""

from datetime import date
from typing import Any

import pytest
from one_turn import FERN, MINT, NOT_YOURS, TOM, OneTurn, decided, drafts, one_turn, text

from agent.dialogue.steps import About
from agent.events import Question
from agent.orders import DiscardOrder
from agent.turn.actions.extend import move_end
from agent.turn.context import Outcome
from plugins.domain.deployment import Deployment
from plugins.domain.understanding import Doubt

NO_DAY = Doubt("expires_in_days", "invalid", "30 Feb")
LIMITED: dict[str, Any] = {
    "Policy": {
        "Environments": {
            name: {
                "CostLimit": 9000,
                "Networks": ["public"],
                "MaximumWorkers": 9,
                "AutoterminationMinutes": 20,
                "StorageSku": "Standard_LRS",
                "MaximumExpiryDays": 60,
            }
            for name in ("dev", "staging", "prod")
        }
    }
}


def step(**fields: Any) -> About:
    return About("extend", "dbw-mint-dev", **fields)


def end(turn: OneTurn) -> date | None:
    deployment = turn.records.deployment("dep_stands")
    assert deployment is not None
    return deployment.expires_on


def ending(turn: OneTurn) -> Deployment:
    return turn.deployed(MINT, expires_on=date(2026, 12, 1))


def asked(outcome: Outcome) -> tuple[str, list[str]]:
    """The question's text and what may be picked."""
    ((question,),) = [event.questions for event in outcome.events if isinstance(event, Question)]
    return question.text, [choice.label for choice in question.choices]


@pytest.mark.parametrize(
    ("fields", "day", "deed"),
    [
        ({"days": 14}, date(2026, 12, 15), "extended"),
        ({"days": 14, "ending": "until"}, date(2026, 12, 8), "extended"),
        ({"days": 14, "ending": "at"}, date(2026, 12, 8), "set the end"),
    ],
)
def test_days_count_from_the_end_or_from_today(turn: OneTurn, fields: dict[str, Any], day: date, deed: str) -> None:
    outcome = move_end(turn.context(), ending(turn), step(**fields))
    assert text(outcome) == f"dbw-mint-dev now expires on {day} ({day:%A}). Its resources are unchanged."
    assert (end(turn), turn.deeds(), outcome.orders) == (day, [deed], ())


@pytest.mark.parametrize(
    ("said", "day"),
    [("can it stay until friday?", date(2026, 12, 1)), ("keep it until friday", date(2026, 11, 27))],
)
def test_a_question_shortens_no_life_and_an_order_does(turn: OneTurn, said: str, day: date) -> None:
    context = turn.context(text=said)
    days = (date(2026, 11, 27) - context.today).days
    move_end(context, ending(turn), step(days=days, ending="until"))
    assert end(turn) == day


def test_what_has_no_end_is_asked_whether_it_shall_end(turn: OneTurn) -> None:
    outcome = move_end(turn.context(), turn.deployed(MINT), step(days=14))
    assert asked(outcome) == (
        "dbw-mint-dev has no end, so there is nothing to extend. Shall it end on 2026-12-08?",
        ["On 2026-12-08", "A week", "A month", "It keeps no end"],
    )
    conversation = outcome.conversation
    assert (conversation.asked, conversation.awaiting, conversation.days) == (("expires_in_days",), "extend", 14)
    assert (end(turn), turn.deeds()) == (None, [])


@pytest.mark.parametrize("fields", [{"days": 14, "ending": "at"}, {"days": 14, "is_agreed": True}])
def test_an_end_that_was_named_outright_or_agreed_to_is_set(turn: OneTurn, fields: dict[str, Any]) -> None:
    move_end(turn.context(), turn.deployed(MINT), step(**fields))
    assert (end(turn), turn.deeds()) == (date(2026, 12, 8), ["set the end"])


def test_without_days_it_is_asked_in_how_many(turn: OneTurn) -> None:
    outcome = move_end(turn.context(days=3), ending(turn), step())
    assert asked(outcome) == ("For how many more days?", ["A week", "Two weeks", "A month"])
    assert (outcome.conversation.awaiting, outcome.conversation.days) == ("extend", None)
    doubted, _ = asked(move_end(turn.context(), ending(turn), step(doubt=NO_DAY)))
    assert doubted == "“30 Feb” leads to no day on which it could end. In how many days, counted forward?"


def test_an_end_is_removed_and_what_has_none_keeps_none(turn: OneTurn) -> None:
    outcome = move_end(turn.context(), ending(turn), step(removes=True))
    assert text(outcome) == "dbw-mint-dev has no end any more. Its resources are unchanged."
    assert (end(turn), turn.deeds()) == (None, ["removed the end"])
    again = move_end(turn.context(), turn.deployed(MINT), step(removes=True))
    assert text(again) == "dbw-mint-dev has no end, and keeps none. Nothing was changed."


def test_the_policys_longest_is_kept_to() -> None:
    with one_turn(**LIMITED) as turn:
        refused = move_end(turn.context(), ending(turn), step(days=300))
        assert text(refused) == (
            "dbw-mint-dev cannot be extended to 2027-09-27: the house rules allow 60 days for dev from today. Ask for"
            " fewer days."
        )
        needed = move_end(turn.context(), ending(turn), step(removes=True))
        assert "60 days" in text(needed)
        assert (end(turn), turn.deeds()) == (date(2026, 12, 1), [])


def test_whoever_speaks_of_its_end_does_not_want_it_gone_at_once(turn: OneTurn) -> None:
    pending = turn.pending("pln_gone", MINT, action="destroy")
    mint = turn.records.deployment("dep_pln_gone")
    assert mint is not None
    outcome = move_end(turn.context(pending=pending, drafts=drafts(MINT)), mint, step(days=14, ending="at"))
    assert decided(outcome) == [("pln_gone", "superseded", "The request changed.")]
    assert outcome.orders == (DiscardOrder("pln_gone"),)
    assert (outcome.conversation.pending, outcome.conversation.drafts) == (None, ())


def test_another_workspaces_plan_is_left_alone(turn: OneTurn) -> None:
    pending = turn.pending("pln_fern", FERN, action="destroy")
    outcome = move_end(turn.context(pending=pending), ending(turn), step(days=14))
    assert (turn.status_of("pln_fern"), outcome.conversation.pending) == (["pending"], pending)


def test_somebody_elses_end_and_a_read_only_one_stay(turn: OneTurn) -> None:
    mint = ending(turn)
    assert text(move_end(turn.context(by=TOM), mint, step(days=14))) == NOT_YOURS
    reading = text(move_end(turn.context(reads_only=True), mint, step(days=14)))
    assert reading.endswith("**dbw-mint-dev** keeps its end as it is.")
    assert (end(turn), turn.deeds()) == (date(2026, 12, 1), [])
