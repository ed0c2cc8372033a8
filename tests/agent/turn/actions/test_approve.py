"""A person's own yes or no: one approval that orders one apply, or the reason why there is none."""

from datetime import timedelta

import pytest
from one_turn import FERN, INES, MINT, NOW, RITA, TOM, OneTurn, decided, drafts, text

from agent.dialogue.state import Conversation, PendingPlan, SetAsideRequest
from agent.orders import ApplyOrder, DiscardOrder
from agent.turn.actions.approve import confirm, reject
from plugins.domain.plan import Person

PROD = MINT.model_copy(update={"environment": "prod", "workspace_name": "dbw-mint-prod", "network": "private_link"})
DIGEST = "digest of pln_1"
GUEST = Person(id="guest", name="Guest")
NOT_A_PLAN = "That confirmation is for no plan that waits here. Nothing was done."


def test_a_yes_orders_exactly_the_plan_that_was_shown(turn: OneTurn) -> None:
    pending = turn.pending("pln_1", MINT)
    outcome = confirm(turn.context(pending=pending, drafts=drafts(MINT)), "pln_1", DIGEST, "yes")
    assert outcome.orders == (
        ApplyOrder(plan_id="pln_1", digest=DIGEST, conversation="cnv", turn=1, deployment_ids=("dep_pln_1",)),
    )
    assert decided(outcome) == [("pln_1", "approved", None)]
    assert (outcome.conversation.pending, outcome.conversation.drafts) == (None, ())
    assert outcome.conversation.workspaces == ("dbw-mint-dev",)
    assert (turn.status_of("pln_1"), turn.deeds()) == (["approved"], ["approved the plan to create"])
    approval = turn.records.approval_row("pln_1")
    assert approval is not None
    assert (approval["approval_id"], approval["digest"]) == ("apr_1", DIGEST)
    deployment = turn.records.deployment("dep_pln_1")
    assert deployment is not None
    assert deployment.status == "queued"


def test_a_second_yes_orders_nothing(turn: OneTurn) -> None:
    pending = turn.pending("pln_1", MINT)
    confirm(turn.context(pending=pending), "pln_1", DIGEST, "yes")
    again = confirm(turn.context(), "pln_1", DIGEST, "yes")
    assert again.orders == ()
    assert text(again) == (
        "This plan was confirmed already, and is carried out once: see its progress above, or say “status”."
    )


@pytest.mark.parametrize(
    ("by", "digest", "why"),
    [
        (RITA, "another", "That confirmation does not match the plan that was shown, so I did not take it."),
        (TOM, DIGEST, "Only Rita, who asked for it, or an approver can approve this plan."),
        (GUEST, DIGEST, "You may not approve plans here: that takes the role requester or approver."),
    ],
)
def test_a_yes_that_does_not_count_is_refused_and_the_plan_waits_on(
    turn: OneTurn, by: Person, digest: str, why: str
) -> None:
    pending = turn.pending("pln_1", MINT)
    outcome = confirm(turn.context(by=by, pending=pending), "pln_1", digest, "yes")
    assert text(outcome).startswith(why)
    assert decided(outcome) == [("pln_1", "refused", text(outcome))]
    assert (outcome.orders, outcome.conversation.pending, turn.status_of("pln_1")) == ((), pending, ["pending"])
    assert turn.deeds() == ["was refused to approve the plan"]


def test_prod_needs_somebody_else_who_may(turn: OneTurn) -> None:
    pending = turn.pending("pln_1", PROD)
    own = confirm(turn.context(pending=pending), "pln_1", DIGEST, "yes")
    assert text(own) == (
        "This plan touches production, so it needs somebody with the role approver, other than Rita. The plan still"
        " waits."
    )
    assert own.orders == ()
    other = confirm(turn.context(by=INES, pending=pending), "pln_1", DIGEST, "yes")
    assert len(other.orders) == 1


def test_nothing_is_confirmed_that_is_unknown_overdue_or_where_nothing_is_built(turn: OneTurn) -> None:
    assert text(confirm(turn.context(), "pln_none", DIGEST, "yes")) == NOT_A_PLAN
    overdue = turn.pending("pln_1", MINT, hours=0)
    late = confirm(turn.context(pending=overdue), "pln_1", DIGEST, "yes")
    reading = confirm(
        turn.context(reads_only=True, pending=turn.pending("pln_2", FERN)), "pln_2", "digest of pln_2", "yes"
    )
    assert (late.orders, reading.orders) == ((), ())
    assert "read-only mode" in text(reading)
    assert turn.status_of("pln_1", "pln_2") == ["pending", "pending"]


def test_a_no_ends_the_plan_for_good_and_the_draft_stays_to_be_changed(turn: OneTurn) -> None:
    pending = turn.pending("pln_1", MINT)
    outcome = reject(turn.context(pending=pending, drafts=drafts(MINT)), pending)
    assert text(outcome) == (
        "Plan turned down; nothing was built. Tell me what to change and I will plan again, or say “start over”."
    )
    assert (outcome.orders, decided(outcome)) == ((DiscardOrder("pln_1"),), [("pln_1", "rejected", None)])
    assert (outcome.conversation.pending, outcome.conversation.drafts) == (None, drafts(MINT))
    assert (turn.status_of("pln_1"), turn.deeds()) == (["rejected"], ["rejected the plan"])
    assert turn.records.deployment("dep_pln_1") is None
    assert confirm(turn.context(), "pln_1", DIGEST, "yes").orders == ()


def test_of_a_destroy_or_beside_another_request_no_draft_stays(turn: OneTurn) -> None:
    gone = turn.pending("pln_1", MINT, action="destroy")
    assert reject(turn.context(pending=gone, drafts=drafts(MINT)), gone).conversation.drafts == ()
    made = turn.pending("pln_2", FERN)
    beside = turn.context(pending=made, drafts=drafts(FERN), aside=(SetAsideRequest(drafts=drafts(MINT)),))
    assert reject(beside, made).conversation.drafts == ()


def test_a_no_to_what_does_not_wait_here_or_of_who_may_not_changes_nothing(turn: OneTurn) -> None:
    pending = turn.pending("pln_1", MINT)
    assert text(reject(turn.context(), pending)) == NOT_A_PLAN
    assert text(reject(turn.context(pending=pending), PendingPlan(plan_id="pln_1", digest="another"))).startswith(
        "That confirmation is for no plan that waits here."
    )
    reject(turn.context(by=TOM, pending=pending), pending)
    assert turn.status_of("pln_1") == ["pending"]


def test_what_is_decided_elsewhere_is_told_where_the_plan_came_from(turn: OneTurn) -> None:
    pending = turn.pending("pln_1", MINT)
    turn.records.keep_conversation(Conversation(id="cnv", pending=pending, drafts=drafts(MINT)), now=NOW, owner="rita")
    turn.records.show_in("pln_1", "ines's", INES.key, now=NOW - timedelta(hours=1))
    outcome = confirm(turn.context(by=INES, id="ines's", pending=pending), "pln_1", DIGEST, "yes")
    assert [order.conversation for order in outcome.orders if isinstance(order, ApplyOrder)] == ["ines's"]
    assert turn.records.conversation("cnv").pending is None
    (told,) = [logged.event for logged in turn.records.logged("cnv", after=0)]
    assert (told["type"], told["status"], told["by"]) == ("approval", "approved", "Ines")
