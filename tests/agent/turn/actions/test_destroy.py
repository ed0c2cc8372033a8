"""A destroy is a plan like any other: nothing goes before a person says yes to it."""

from one_turn import INES, MINT, NOT_YOURS, RITA, TOM, OneTurn, decided, ordered, text

from agent.dialogue.drafts import Draft
from agent.events import Progress
from agent.orders import DiscardOrder, PlanOrder, PlanPart
from agent.turn.actions.destroy import destroy


def test_the_destroy_is_ordered_and_its_draft_in_hand(turn: OneTurn) -> None:
    mint = turn.deployed(MINT)
    outcome = destroy(turn.context(), mint)
    part = PlanPart(deployment_id="dep_stands", action="destroy", request=MINT, decision=mint.decision, cost=mint.cost)
    assert outcome.orders == (
        PlanOrder(plan_id="pln_1", action="destroy", conversation="cnv", turn=1, person=RITA, parts=(part,)),
    )
    assert [event.text for event in outcome.events if isinstance(event, Progress)] == [
        "Planning dbw-mint-dev in the sandbox cloud …"
    ]
    assert outcome.conversation.planning == "pln_1"
    assert outcome.conversation.drafts == (Draft(request=MINT, deployment_id="dep_stands", changes=True),)


def test_a_change_of_it_that_waits_makes_way(turn: OneTurn) -> None:
    pending = turn.pending("pln_change", MINT, action="change")
    mint = turn.records.deployment("dep_pln_change")
    assert mint is not None
    draft = Draft(request=MINT, deployment_id=mint.deployment_id, changes=True)
    outcome = destroy(turn.context(drafts=(draft,), pending=pending), mint)
    assert decided(outcome) == [("pln_change", "superseded", "The request changed.")]
    assert outcome.orders[0] == DiscardOrder("pln_change")
    assert ordered(outcome) == [("pln_1", "destroy", ["dbw-mint-dev"])]
    assert (outcome.conversation.pending, outcome.conversation.aside) == (None, ())


def test_another_request_is_put_aside_for_it(turn: OneTurn) -> None:
    mint = turn.deployed(MINT)
    outcome = destroy(turn.context(asked=("team",), drafts=(Draft(request=MINT),)), mint)
    assert [aside.drafts for aside in outcome.conversation.aside] == [(Draft(request=MINT),)]
    assert ordered(outcome) == [("pln_1", "destroy", ["dbw-mint-dev"])]


def test_somebody_elses_is_refused_and_an_approver_may(turn: OneTurn) -> None:
    mint = turn.deployed(MINT)
    refused = destroy(turn.context(by=TOM), mint)
    assert text(refused) == NOT_YOURS
    assert (refused.orders, refused.conversation.drafts) == ((), ())
    assert ordered(destroy(turn.context(by=INES), mint)) == [("pln_1", "destroy", ["dbw-mint-dev"])]


def test_what_is_being_worked_on_is_left_alone(turn: OneTurn) -> None:
    mint = turn.deployed(MINT, status="applying")
    refused = destroy(turn.context(), mint)
    assert text(refused) == (
        "dbw-mint-dev is being worked on right now (being deployed). Ask again when that has ended."
    )
    assert refused.orders == ()


def test_read_only_mode_says_what_it_would_save(turn: OneTurn) -> None:
    outcome = destroy(turn.context(reads_only=True), turn.deployed(MINT))
    assert text(outcome) == (
        "This Brickie is in read-only mode (`Mode__ReadOnly`): it answers and prices, and nothing is planned, built,"
        " changed or destroyed.\nDestroying **dbw-mint-dev** would save about 232.20 USD a month."
    )
    assert (outcome.orders, outcome.conversation.drafts) == ((), ())
