"""A plan shown again, or shown to somebody elsewhere who may decide it there from then on."""

from one_turn import FERN, INES, MINT, RITA, TOM, OneTurn, text

from agent.dialogue.state import PendingPlan, SetAsideRequest
from agent.events import PlanProposed
from agent.turn.actions.shown_plan import show_plan
from agent.turn.context import Outcome

PROD = MINT.model_copy(update={"environment": "prod", "workspace_name": "dbw-mint-prod", "network": "private_link"})
NO_SUCH = "There is no plan pln_1 that waits for a decision of yours. Say “what waits for me?” to see those that do."


def plans(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [
        (event.plan_id, event.digest, event.conversation) for event in outcome.events if isinstance(event, PlanProposed)
    ]


def test_whoever_may_decide_it_may_do_so_here_from_then_on(turn: OneTurn) -> None:
    turn.pending("pln_1", PROD)
    outcome = show_plan(turn.context(by=INES, id="ines's"), "pln_1")
    assert plans(outcome) == [("pln_1", "digest of pln_1", "ines's")]
    assert outcome.conversation.pending == PendingPlan(plan_id="pln_1", digest="digest of pln_1", is_shown=True)
    assert turn.records.shown_in("pln_1") == {("ines's", INES.key)}
    assert turn.deeds() == ["looked at the plan"]


def test_an_own_plan_in_hand_is_decided_first(turn: OneTurn) -> None:
    turn.pending("pln_1", PROD)
    own = turn.pending("pln_own", FERN)
    outcome = show_plan(turn.context(by=INES, id="ines's", pending=own), "pln_1")
    assert (plans(outcome), outcome.conversation.pending) == ([], own)
    assert turn.records.shown_in("pln_1") == frozenset()


def test_here_it_is_only_shown_again(turn: OneTurn) -> None:
    pending = turn.pending("pln_1", PROD)
    doubted = pending.model_copy(update={"is_doubted": True})
    outcome = show_plan(turn.context(pending=doubted), "pln_1")
    assert (plans(outcome), outcome.conversation.pending) == ([("pln_1", "digest of pln_1", "cnv")], pending)
    assert turn.deeds() == []


def test_one_that_was_put_aside_comes_forward(turn: OneTurn) -> None:
    first = turn.pending("pln_1", MINT)
    second = turn.pending("pln_2", FERN)
    outcome = show_plan(turn.context(pending=second, aside=(SetAsideRequest(pending=first),)), "pln_1")
    assert outcome.conversation.pending == first
    assert [aside.pending for aside in outcome.conversation.aside] == [second]


def test_the_asker_sees_it_elsewhere_without_deciding_it_there(turn: OneTurn) -> None:
    turn.pending("pln_1", PROD)
    outcome = show_plan(turn.context(by=RITA, id="another"), "pln_1")
    assert (plans(outcome), outcome.conversation.pending) == ([("pln_1", "digest of pln_1", "another")], None)
    assert turn.records.shown_in("pln_1") == frozenset()


def test_nobody_else_sees_it_nor_what_is_decided(turn: OneTurn) -> None:
    turn.pending("pln_1", PROD)
    assert text(show_plan(turn.context(by=TOM, id="tom's"), "pln_1")) == NO_SUCH
    turn.records.settle_plan("pln_1", "rejected")
    assert text(show_plan(turn.context(by=INES, id="ines's"), "pln_1")) == NO_SUCH


def test_without_an_id_it_is_the_plan_in_hand(turn: OneTurn) -> None:
    outcome = show_plan(turn.context(pending=turn.pending("pln_1", MINT)), None)
    assert [plan_id for plan_id, _, _ in plans(outcome)] == ["pln_1"]
    assert text(show_plan(turn.context(), None)).startswith("Nothing is under way")
