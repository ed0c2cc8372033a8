"""What ends a plan that nobody decided, and what of it stays."""

from one_turn import FERN, MINT, OneTurn, decided, drafts

from agent.dialogue.state import Conversation, PendingPlan, SetAsideRequest
from agent.orders import DiscardOrder
from agent.turn.actions.pending_plan import drop, expire, supersede, void_expiry


def test_a_plan_that_is_dropped_is_void_and_its_workspace_forgotten(turn: OneTurn) -> None:
    outcome = drop(turn.context(pending=turn.pending("pln_mint", MINT), drafts=drafts(MINT)))
    assert decided(outcome) == [("pln_mint", "superseded", "The request changed.")]
    assert outcome.orders == (DiscardOrder("pln_mint"),)
    assert (outcome.conversation.pending, outcome.conversation.drafts) == (None, drafts(MINT))
    assert (turn.status_of("pln_mint"), turn.records.deployments()) == (["superseded"], ())
    assert turn.deeds() == ["changed the request"]


def test_what_stands_outlives_the_plan_to_change_it(turn: OneTurn) -> None:
    drop(turn.context(pending=turn.pending("pln_mint", MINT, action="change")))
    assert [deployment.workspace_name for deployment in turn.records.deployments()] == ["dbw-mint-dev"]


def test_a_plan_that_is_only_shown_here_stays_where_it_came_from(turn: OneTurn) -> None:
    shown = turn.pending("pln_mint", MINT).model_copy(update={"is_shown": True})
    outcome = drop(turn.context(pending=shown))
    assert (outcome.events, outcome.orders, outcome.conversation.pending) == ((), (), None)
    assert turn.status_of("pln_mint") == ["pending"]


def test_a_plan_being_made_is_dropped_without_a_word(turn: OneTurn) -> None:
    outcome = drop(turn.context(planning="pln_made"))
    assert (outcome.events, outcome.orders) == ((), (DiscardOrder("pln_made"),))
    assert outcome.conversation.planning is None


def test_what_was_decided_elsewhere_is_not_said_to_be_superseded(turn: OneTurn) -> None:
    pending = turn.pending("pln_mint", MINT)
    turn.records.settle_plan("pln_mint", "approved")
    outcome = drop(turn.context(pending=pending))
    assert (outcome.events, turn.status_of("pln_mint"), turn.deeds()) == ((), ["approved"], [])


def test_in_read_only_mode_what_waits_goes_on_waiting(turn: OneTurn) -> None:
    context = turn.context(pending=turn.pending("pln_mint", MINT), reads_only=True)
    assert supersede(context) == context.unchanged()
    assert turn.status_of("pln_mint") == ["pending"]


def test_plans_whose_time_has_passed_end_and_their_drafts_stay(turn: OneTurn) -> None:
    late, later = turn.pending("pln_mint", MINT, hours=0), turn.pending("pln_fern", FERN, hours=1)
    aside = SetAsideRequest(drafts=drafts(FERN), pending=later)
    outcome = expire(turn.context(pending=late, drafts=drafts(MINT), aside=(aside,)))
    assert decided(outcome) == [("pln_mint", "expired", "Nobody answered in time.")]
    assert outcome.orders == (DiscardOrder("pln_mint"),)
    assert outcome.conversation == Conversation(id="cnv", turn=1, drafts=drafts(MINT), aside=(aside,))
    assert turn.status_of("pln_mint", "pln_fern") == ["expired", "pending"]
    assert turn.deeds() == ["let the plan expire"]


def test_one_that_was_put_aside_ends_by_its_time_too(turn: OneTurn) -> None:
    aside = SetAsideRequest(drafts=drafts(MINT), pending=turn.pending("pln_mint", MINT, hours=-1))
    outcome = expire(turn.context(aside=(aside,)))
    assert decided(outcome) == [("pln_mint", "expired", "Nobody answered in time.")]
    assert outcome.conversation.aside == ()


def test_what_another_process_let_expire_only_leaves_the_conversation(turn: OneTurn) -> None:
    pending = turn.pending("pln_mint", MINT, hours=0)
    turn.records.settle_plan("pln_mint", "expired")
    outcome = expire(turn.context(pending=pending))
    assert (outcome.events, outcome.orders, outcome.conversation.pending) == ((), (), None)


def test_the_destroy_of_what_had_expired_is_void_when_it_is_extended(turn: OneTurn) -> None:
    """It is decided in a conversation of our own, and may be shown in the one in which it is extended."""
    mint = turn.deployed(MINT)
    pending = turn.pending("pln_expiry", MINT, action="destroy")
    home = Conversation(id="expiry:dep_stands", pending=pending)
    turn.records.keep_conversation(home, now=turn.context().now)
    shown = PendingPlan(plan_id="pln_expiry", digest=pending.digest, is_shown=True)
    outcome = void_expiry(turn.context(pending=shown), mint)
    assert decided(outcome) == [("pln_expiry", "superseded", "The workspace was extended.")]
    assert outcome.orders == (DiscardOrder("pln_expiry"),)
    assert outcome.conversation.pending is None
    assert turn.records.conversation("expiry:dep_stands").pending is None
    assert turn.status_of("pln_expiry") == ["superseded"]


def test_what_does_not_expire_has_nothing_to_void(turn: OneTurn) -> None:
    context = turn.context()
    assert void_expiry(context, turn.deployed(MINT)) == context.unchanged()
