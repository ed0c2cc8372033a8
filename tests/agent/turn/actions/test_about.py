"""Which workspace, or which plan, is meant; what is then done has tests beside its own action."""

from typing import Any, Literal, get_args

import pytest
from one_turn import FERN, MINT, OneTurn, drafts, ordered, slots, tables, text

from agent.dialogue.steps import About
from agent.events import PlanProposed, Question
from agent.turn.actions.about import about

Unsafe = Literal["destroy", "extend", "history"]
ONLY_PLANNED = (
    "dbw-fern-dev is only planned: nothing of it is built yet. Say **yes** to build it, **no** to drop the plan, or"
    " what should change."
)


def first_words(turn: OneTurn, step: About, **fields: Any) -> str:
    return text(about(turn.context(**fields), step)).split(":")[0]


def test_a_workspace_that_stands_is_what_is_spoken_of_from_then_on(turn: OneTurn) -> None:
    turn.deployed(MINT)
    outcome = about(turn.context(workspaces=("dbw-fern-dev",)), About("status", "dbw-mint-dev"))
    assert text(outcome) == "**dbw-mint-dev** is deployed. About 232.20 USD a month; owner Rita."
    assert outcome.conversation.workspaces == ("dbw-mint-dev", "dbw-fern-dev")


def test_each_act_upon_it_is_done_by_its_own_action(turn: OneTurn) -> None:
    turn.deployed(MINT)
    assert first_words(turn, About("export", "dbw-mint-dev")) == "The Terraform of dbw-mint-dev"
    assert first_words(turn, About("cost", "dbw-mint-dev")) == (
        "dbw-mint-dev is estimated at about **232.20 USD** a month"
    )
    assert slots(about(turn.context(), About("extend", "dbw-mint-dev"))) == ["expires_in_days"]
    assert tables(about(turn.context(), About("history", "dbw-mint-dev"))) == [("History of dbw-mint-dev", ())]
    destroyed = about(turn.context(), About("destroy", "dbw-mint-dev"))
    assert ordered(destroyed) == [("pln_1", "destroy", ["dbw-mint-dev"])]


def test_of_one_that_is_only_planned_the_plan_tells(turn: OneTurn) -> None:
    waiting: dict[str, Any] = {"pending": turn.pending("pln_fern", FERN), "drafts": drafts(FERN)}
    shown = about(turn.context(**waiting), About("status", "dbw-fern-dev"))
    assert [event.plan_id for event in shown.events if isinstance(event, PlanProposed)] == ["pln_fern"]
    assert first_words(turn, About("export", "dbw-fern-dev"), **waiting) == "The Terraform of dbw-fern-dev"
    assert first_words(turn, About("cost", "dbw-fern-dev"), **waiting).startswith("This would cost about")
    for act in get_args(Unsafe):
        assert text(about(turn.context(**waiting), About(act, "dbw-fern-dev"))) == ONLY_PLANNED


def test_an_unknown_name_is_taken_for_no_other(turn: OneTurn) -> None:
    turn.deployed(MINT)
    for act in ("status", "export", "destroy", "extend", "history", "cost"):
        outcome = about(turn.context(), About(act, "dbw-mint-def"))
        assert text(outcome) == "I know no workspace called dbw-mint-def. Did you mean dbw-mint-dev?"
        assert outcome.orders == ()


@pytest.mark.parametrize("act", get_args(Unsafe))
def test_without_a_name_it_is_asked_which(turn: OneTurn, act: Unsafe) -> None:
    turn.deployed(MINT)
    turn.deployed(FERN, "dep_fern")
    outcome = about(turn.context(asked=("team", "workspace_name")), About(act, None))
    (question,) = [asked for event in outcome.events if isinstance(event, Question) for asked in event.questions]
    assert [choice.value for choice in question.choices] == ["dbw-fern-dev", "dbw-mint-dev"]
    assert (outcome.conversation.asked, outcome.conversation.awaiting) == (("workspace_name", "team"), act)
    assert outcome.orders == ()


def test_the_only_one_is_meant_where_that_does_no_harm(turn: OneTurn) -> None:
    turn.deployed(MINT)
    assert tables(about(turn.context(), About("history", None))) == [("History of dbw-mint-dev", ())]
    assert first_words(turn, About("export", None)) == "The Terraform of dbw-mint-dev"
    assert slots(about(turn.context(), About("destroy", None))) == ["workspace_name"]


def test_without_any_there_is_nothing_to_ask_for(turn: OneTurn) -> None:
    outcome = about(turn.context(), About("destroy", None))
    assert (slots(outcome), outcome.conversation.awaiting) == ([], None)
    assert text(about(turn.context(), About("export", None))) == "There is no plan or workspace to export yet."
