"""Read-only mode: the price in place of the plan, and why nothing is done."""

from one_turn import FERN, MINT, OneTurn, drafts, tables, text

from agent.dialogue.state import PendingPlan, SetAsideRequest
from agent.turn.actions.propose import propose_drafts
from agent.turn.actions.quote import say_read_only

READ_ONLY = (
    "This Brickie is in read-only mode (`Mode__ReadOnly`): it answers and prices, and nothing is planned, built,"
    " changed or destroyed.\n"
)


def test_several_are_priced_together(turn: OneTurn) -> None:
    """232.20 each."""
    outcome = propose_drafts(turn.context(drafts=drafts(MINT, FERN), reads_only=True))
    assert text(outcome) == f"{READ_ONLY}**dbw-mint-dev, dbw-fern-dev** would cost about **464.40 USD** a month."
    ((title, rows),) = tables(outcome)
    assert (title, [row[0] for row in rows]) == ("What it would be", ["dbw-mint-dev", "dbw-fern-dev"])
    assert [draft.request for draft in outcome.conversation.drafts] == [MINT, FERN]


def test_the_draft_makes_way_for_the_request_that_was_put_aside_for_it(turn: OneTurn) -> None:
    aside = SetAsideRequest(planning="pln_other")
    outcome = propose_drafts(turn.context(drafts=drafts(MINT), aside=(aside,), reads_only=True))
    assert (outcome.conversation.drafts, outcome.conversation.aside) == ((), (aside,))


def test_a_plan_that_waits_goes_on_waiting(turn: OneTurn) -> None:
    pending = PendingPlan(plan_id="pln_1", digest="one")
    outcome = propose_drafts(turn.context(drafts=drafts(MINT), pending=pending, reads_only=True))
    assert text(outcome).endswith("The plan that waits goes on waiting.")
    assert (outcome.conversation.pending, outcome.orders) == (pending, ())


def test_what_needs_no_plan_is_not_done_either(turn: OneTurn) -> None:
    assert text(say_read_only(turn.context(), "extend", "dbw-mint-dev")) == (
        f"{READ_ONLY}**dbw-mint-dev** keeps its end as it is."
    )
    assert text(say_read_only(turn.context(), "stop", "")) == (
        f"{READ_ONLY}What is under way goes on; whoever runs it can stop it from a process that is not in that mode."
    )
