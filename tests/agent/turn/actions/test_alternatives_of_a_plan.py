"""A plan for one workspace comes with what else would do, at its price; each is picked by its number or its words."""

import pytest
from one_turn import FERN, MINT, OneTurn, drafts

from agent.dialogue.literal import clicked_meaning
from agent.dialogue.state import Offer
from agent.orders import PlanOrder
from agent.turn.actions.propose import propose_drafts
from agent.turn.context import Outcome
from agent.turn.dispatch import take_offer

LARGE = MINT.model_copy(update={"min_workers": 2, "max_workers": 3, "cost_limit": 900, "photon": True})


def order_of(outcome: Outcome) -> PlanOrder:
    (order,) = [order for order in outcome.orders if isinstance(order, PlanOrder)]
    return order


def test_they_are_dearest_first_and_offered(turn: OneTurn) -> None:
    outcome = propose_drafts(turn.context(drafts=drafts(MINT)))
    (part,) = order_of(outcome).parts
    assert [(one.label, f"{one.cost.expected:.2f}") for one in part.alternatives] == [
        ("smaller machines (E2ds_v6)", "140.86"),
        ("20 hours a week", "135.48"),
        ("smaller machines (E2ds_v6), 20 hours a week", "89.81"),
    ]
    assert [offer.label for offer in outcome.conversation.offers] == [one.label for one in part.alternatives]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_what_is_picked_is_planned_at_the_price_that_was_shown(turn: OneTurn, number: int) -> None:
    outcome = propose_drafts(turn.context(drafts=drafts(LARGE)))
    shown = order_of(outcome).parts[0].alternatives[number - 1]
    for words in (str(number), shown.label):
        offer = clicked_meaning(words, outcome.conversation)
        assert isinstance(offer, Offer)
        taken = take_offer(turn.context(drafts=outcome.conversation.drafts, offers=outcome.conversation.offers), offer)
        (part,) = order_of(taken).parts
        assert (part.cost.expected, part.decision.model_dump(exclude={"assumptions", "justification"})) == (
            shown.cost.expected,
            shown.decision.model_dump(exclude={"assumptions", "justification"}),
        )


def test_several_and_what_is_taken_over_have_none(turn: OneTurn) -> None:
    both = propose_drafts(turn.context(drafts=drafts(MINT, FERN)))
    assert [part.alternatives for part in order_of(both).parts] == [(), ()]
    assert both.conversation.offers == ()
    group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg"
    azure_id = f"{group}/providers/Microsoft.Databricks/workspaces/dbw-mint-dev"
    (draft,) = drafts(MINT)
    taking = propose_drafts(turn.context(drafts=(draft.model_copy(update={"adopt": azure_id}),)))
    assert order_of(taking).parts[0].alternatives == ()
