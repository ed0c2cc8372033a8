"""A talk as a value: which plan is in hand, which wait beside it, and what becomes of each."""

from by_hand import GULLS, TERNS

from agent.dialogue.drafts import Draft
from agent.dialogue.state import Conversation, PendingPlan

BUSY = Conversation(id="cnv", drafts=(Draft(request=TERNS),), planning="pln_1")
WAITING = BUSY.pended(plan_id="pln_1", digest="one")
BOTH = WAITING.put_aside().with_(drafts=(Draft(request=GULLS),), planning="pln_2")


def test_what_neither_asks_nor_waits_is_not_put_aside() -> None:
    turned_down = WAITING.without("pln_1", keeping_drafts=True)
    assert (turned_down.drafts, turned_down.put_aside().aside) == (WAITING.drafts, ())


def test_a_plan_of_a_request_put_aside_comes_to_wait_there() -> None:
    talk = (
        BUSY.put_aside().with_(drafts=(Draft(request=GULLS),), planning="pln_2").pended(plan_id="pln_2", digest="two")
    )
    later = talk.pended(plan_id="pln_1", digest="one")
    assert (later.aside[0].pending, later.aside[0].planning) == (PendingPlan(plan_id="pln_1", digest="one"), None)
    assert later.pending == PendingPlan(plan_id="pln_2", digest="two", is_doubted=True)


def test_every_plan_that_waits_is_known_the_one_in_hand_first() -> None:
    talk = BOTH.pended(plan_id="pln_2", digest="two")
    assert [pending.plan_id for pending in talk.awaiting_decision] == ["pln_2", "pln_1"]


def test_what_is_taken_up_again_is_doubted_and_as_it_was() -> None:
    talk = BOTH.pended(plan_id="pln_2", digest="two").without("pln_2").taken_up()
    assert talk == WAITING.with_(pending=PendingPlan(plan_id="pln_1", digest="one", is_doubted=True))


def test_a_plan_that_changes_nothing_ends_its_request_only() -> None:
    talk = BOTH.unplanned("pln_2", dropped=True)
    assert (talk.drafts, talk.planning, len(talk.aside)) == ((), None, 1)


def test_a_decision_elsewhere_ends_the_request_put_aside() -> None:
    assert BOTH.without("pln_1").aside == ()
    assert BOTH.without("pln_9") == BOTH


def test_a_kept_talk_reads_the_same() -> None:
    assert Conversation.model_validate_json(BOTH.model_dump_json()) == BOTH
