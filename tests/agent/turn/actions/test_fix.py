"""What was changed elsewhere is put back as it was decided, not as it would be decided today."""

from one_turn import MINT, NOT_YOURS, TOM, OneTurn, ordered, text

from agent.dialogue.drafts import Draft
from agent.orders import PlanOrder, PlanPart
from agent.turn.actions.fix import fix
from plugins.domain.plan import Before


def test_the_plan_keeps_the_decision_and_its_price(turn: OneTurn) -> None:
    mint = turn.deployed(MINT)
    outcome = fix(turn.context(), mint)
    (order,) = outcome.orders
    assert isinstance(order, PlanOrder)
    assert order.parts == (
        PlanPart(
            deployment_id="dep_stands",
            action="change",
            request=MINT,
            decision=mint.decision,
            cost=mint.cost,
            before=Before(decision=mint.decision, cost=mint.cost),
        ),
    )
    assert outcome.conversation.drafts == (Draft(request=MINT, deployment_id="dep_stands", changes=True),)
    assert outcome.conversation.workspaces == ("dbw-mint-dev",)


def test_a_lost_state_is_imported_again(turn: OneTurn) -> None:
    (order,) = fix(turn.context(), turn.deployed(MINT), reimport=True).orders
    assert isinstance(order, PlanOrder)
    assert [part.reimport for part in order.parts] == [True]


def test_its_days_are_not_counted_anew(turn: OneTurn) -> None:
    """They were counted from the day on which it was asked for; its end is the deployment's."""
    outcome = fix(turn.context(), turn.deployed(MINT.model_copy(update={"expires_in_days": 10})))
    assert [draft.request for draft in outcome.conversation.drafts] == [MINT]


def test_somebody_elses_is_left_alone(turn: OneTurn) -> None:
    refused = fix(turn.context(by=TOM), turn.deployed(MINT))
    assert text(refused) == NOT_YOURS
    assert ordered(refused) == []
