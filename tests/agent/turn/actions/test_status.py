"""How it stands: the plan is shown or told of, as it is asked for; else what there is."""

import pytest
from one_turn import FERN, MINT, TOM, OneTurn, drafts, text

from agent.events import PlanProposed
from agent.turn.actions.status import show_in_hand, tell_status, tell_workspace_status

TOLD = (
    "Nothing is done yet: the plan to create dbw-mint-dev (about 232.20 USD a month) waits for Rita or somebody with"
    " the role approver until 2026-11-25 09:00 UTC. Say “show me the plan” to see it again."
)
NOTHING = "Nothing is under way. “List my workspaces” shows what is deployed."
DEPLOYED = "**dbw-mint-dev** is deployed. About 232.20 USD a month; owner Rita."


@pytest.mark.parametrize(
    ("asked", "is_shown"),
    [("is it ready?", False), ("how far is it", False), ("status", False), ("show me how far it is", True), ("", True)],
)
def test_a_plan_that_waits_is_told_of_or_shown(turn: OneTurn, asked: str, *, is_shown: bool) -> None:
    outcome = tell_status(turn.context(text=asked, pending=turn.pending("pln_1", MINT)))
    shown = [(event.plan_id, event.digest) for event in outcome.events if isinstance(event, PlanProposed)]
    assert (shown, text(outcome)) == ([("pln_1", "digest of pln_1")], "") if is_shown else ([], TOLD)


def test_once_shown_again_a_plan_is_no_longer_doubted(turn: OneTurn) -> None:
    doubted = turn.pending("pln_1", MINT).model_copy(update={"is_doubted": True})
    outcome = show_in_hand(turn.context(pending=doubted, text="is it ready?"))
    assert outcome.conversation.pending is not None
    assert not outcome.conversation.pending.is_doubted


def test_without_a_plan_it_is_the_only_workspace(turn: OneTurn) -> None:
    mint = turn.deployed(MINT)
    assert text(tell_status(turn.context())) == DEPLOYED
    assert text(tell_workspace_status(turn.context(), mint)) == DEPLOYED
    turn.deployed(FERN, "dep_fern")
    assert text(tell_status(turn.context())) == NOTHING


def test_with_a_draft_it_is_what_is_still_asked(turn: OneTurn) -> None:
    turn.deployed(MINT)
    outcome = tell_status(turn.context(drafts=drafts(FERN), asked=("team", "workload_type")))
    assert text(outcome) == "Your request is being drafted; still open: team, workload."


def test_of_a_failed_workspace_the_reason_is_told(turn: OneTurn) -> None:
    turn.deployed(MINT, status="attention", conversation="rita's", requested_by=TOM)
    assert text(tell_status(turn.context())) == NOTHING
    assert text(tell_status(turn.context(by=TOM))).startswith(
        "**dbw-mint-dev** is in need of a look: the last run failed."
    )
