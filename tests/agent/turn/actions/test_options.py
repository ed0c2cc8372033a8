"""What is offered beside the usual configuration, and picking one of it."""

from decimal import Decimal

from one_turn import FERN, MINT, OneTurn, drafts, ordered, tables, text

from agent.dialogue.state import Offer
from agent.events import Question
from agent.turn.actions.offer import take_offer
from agent.turn.actions.options import offer_what_fits, tell_leaner
from agent.turn.context import Outcome
from agent.turn.proposals import AboveLimit, why_unplannable
from plugins.databricks.proposal import Proposal, propose
from plugins.domain.request import InfrastructureRequest

PRICY = MINT.model_copy(update={"min_workers": 8, "max_workers": 8})


def proposed(turn: OneTurn, request: InfrastructureRequest) -> Proposal:
    context = turn.context()
    return propose(request, context.settings.platform, identity="dep_1", today=context.today)


def above_limit(turn: OneTurn, request: InfrastructureRequest, *others: InfrastructureRequest) -> Outcome:
    held = drafts(request, *others)
    objection = why_unplannable(held[0], proposed(turn, request))
    assert isinstance(objection, AboveLimit)
    return offer_what_fits(turn.context(drafts=held), objection)


def labels(outcome: Outcome) -> list[tuple[str, str]]:
    (question,) = [event for event in outcome.events if isinstance(event, Question)]
    return [(choice.label, choice.value) for choice in question.questions[0].choices]


def test_what_fits_is_numbered_and_offered(turn: OneTurn) -> None:
    outcome = above_limit(turn, PRICY)
    assert tables(outcome) == [
        (
            "What fits",
            (
                (
                    1,
                    "smaller machines (E2ds_v6), 20 hours a week",
                    "Standard_E2ds_v6",
                    "8",
                    "498.26 USD",
                    "\N{MINUS SIGN}1,281.55 USD",
                ),
                (2, "a single node", "Standard_E4ds_v5", "single node", "232.20 USD", "\N{MINUS SIGN}1,547.61 USD"),
                (
                    3,
                    "a single node, smaller machines (E2ds_v6), 20 hours a week",
                    "Standard_E2ds_v6",
                    "single node",
                    "89.81 USD",
                    "\N{MINUS SIGN}1,690.00 USD",
                ),
            ),
        )
    ]
    assert labels(outcome) == [
        ("smaller machines (E2ds_v6), 20 hours a week", "offer:1"),
        ("a single node", "offer:2"),
        ("a single node, smaller machines (E2ds_v6), 20 hours a week", "offer:3"),
        ("Raise it to 1800", "1800"),
    ]
    assert [offer.label for offer in outcome.conversation.offers] == [
        "smaller machines (E2ds_v6), 20 hours a week",
        "a single node",
        "a single node, smaller machines (E2ds_v6), 20 hours a week",
    ]


def test_among_several_none_is_offered_by_number(turn: OneTurn) -> None:
    """Nobody could tell which of them it picks for."""
    outcome = above_limit(turn, PRICY, FERN)
    assert (outcome.conversation.offers, outcome.conversation.asked) == ((), ("cost_limit",))
    assert labels(outcome) == [("Raise it to 1800", "1800")]


def test_where_nothing_fits_the_least_is_named(turn: OneTurn) -> None:
    outcome = above_limit(turn, PRICY.model_copy(update={"cost_limit": Decimal(10)}))
    assert text(outcome) == (
        "dbw-mint-dev would cost about **1,779.81 USD** a month, which is **1,769.81 USD** above your limit of 10.00"
        " USD. I have not planned it.\nNothing that keeps to what you asked for fits; the least is about 957.77 USD."
        " Give me a higher limit (above 500.00 USD an approver must agree), or change the request."
    )
    assert (tables(outcome), outcome.conversation.offers) == ([], ())


def test_the_offer_that_is_picked_is_proposed_and_can_be_undone(turn: OneTurn) -> None:
    held = drafts(PRICY)
    offer = Offer(label="2 workers", changes=InfrastructureRequest(min_workers=2, max_workers=2))
    outcome = take_offer(turn.context(drafts=held, offers=(offer,)), offer)
    (draft,) = outcome.conversation.drafts
    assert (draft.request.min_workers, draft.request.max_workers) == (2, 2)
    assert outcome.conversation.earlier == (held,)
    # What was offered before is over; the plan that is ordered comes with others of its own.
    assert offer not in outcome.conversation.offers
    assert ordered(outcome) == [("pln_1", "create", ["dbw-mint-dev"])]


def test_of_many_that_are_leaner_the_sum_is_said(turn: OneTurn) -> None:
    """140.86 a month instead of 232.20, four times."""
    leaner = [
        proposed(turn, MINT.model_copy(update={"cost_limit": Decimal(200), "workspace_name": f"dbw-mint-{letter}"}))
        for letter in "abcd"
    ]
    assert text(tell_leaner(turn.context(), leaner)) == (
        "To stay within the limit, 4 of the workspaces are planned leaner than usual (dbw-mint-a, dbw-mint-b,"
        " dbw-mint-c and 1 more); together that is about 563.44 USD a month instead of 928.80 USD"
        " (\N{MINUS SIGN}365.36 USD). Give higher limits for the usual configuration."
    )


def test_what_is_as_usual_is_not_spoken_of(turn: OneTurn) -> None:
    assert tell_leaner(turn.context(), [proposed(turn, MINT)]).events == ()
