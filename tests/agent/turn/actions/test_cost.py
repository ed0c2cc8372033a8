"""What a month costs, and by which lines; a price is asked and nothing is changed by it."""

from decimal import Decimal

from one_turn import FERN, MINT, OneTurn, drafts, tables, text

from agent.dialogue.state import WhatIf
from agent.dialogue.steps import Price
from agent.turn.actions.cost import price, price_deployed, show_bill
from plugins.domain.estimate import LineItem
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Statement

NOWHERE = MINT.model_copy(update={"region": "nowhere"})
NO_REGION = "Azure has no public region “nowhere” that I know. Name one, such as westeurope."
MORE_WORKERS = Statement(InfrastructureRequest(min_workers=2, max_workers=8))


def test_what_is_in_hand_is_priced_line_by_line(turn: OneTurn) -> None:
    before = turn.context(drafts=drafts(MINT))
    outcome = price(before, Price((MINT,)))
    assert text(outcome) == (
        "This would cost about **232.20 USD** a month at 40 hours a week: 232.20 USD with the fewest workers, 232.20"
        " USD with the most (1.11 USD to 1.11 USD an hour while the cluster runs); 2,786.40 USD a year."
    )
    ((title, rows),) = tables(outcome)
    assert (title, rows[0][:5], rows[-1]) == (
        "Estimated cost of a month",
        ("Driver VM, E4ds_v5", "173.81", "hour", "0.288", "50.06 USD"),
        ("Total", "", "", "", "232.20 USD", "", ""),
    )
    assert (outcome.conversation, outcome.orders) == (before.conversation, ())


def test_the_price_is_that_of_what_waits_and_that_goes_on_waiting(turn: OneTurn) -> None:
    outcome = price(turn.context(drafts=drafts(MINT), pending=turn.pending("pln_1", MINT)), Price((MINT,)))
    assert text(outcome).endswith("Your plan is unchanged and still waits for your decision.")


def test_what_is_lacking_is_assumed_for_the_price_alone_and_said(turn: OneTurn) -> None:
    outcome = price(turn.context(), Price((InfrastructureRequest(team="mint"),)))
    first, last = text(outcome).splitlines()
    assert first.startswith("Such a workspace would cost about **375.94 USD** a month")
    assert last == "I assumed environment dev, workload data_engineering."
    assert outcome.conversation.drafts == ()


def test_several_are_priced_as_their_sum(turn: OneTurn) -> None:
    outcome = price(turn.context(), Price((MINT, FERN)))
    assert text(outcome).startswith("These workspaces would cost about **464.40 USD** a month")


def test_a_what_if_tells_the_difference_to_what_stands(turn: OneTurn) -> None:
    turn.deployed(MINT)
    imagined = WhatIf(statements=(MORE_WORKERS,))
    step = Price((), workspace="dbw-mint-dev", statement=MORE_WORKERS)
    outcome = price(turn.context(imagined=imagined), step)
    assert text(outcome) == (
        "With that, dbw-mint-dev would cost about **1,199.46 USD** a month at 40 hours a week: 619.10 USD with the"
        " fewest workers, 1,779.81 USD with the most (3.34 USD to 10.02 USD an hour while the cluster runs); 14,393.52"
        " USD a year.\n"
        "That is 232.20 → 1,199.46, +967.26 USD a month.\n"
        "That is 699.46 USD above the limit of 500.00 USD.\n"
        "Nothing is changed. Say “use it” if you want that."
    )
    assert outcome.conversation.workspaces == ("dbw-mint-dev",)


def test_of_an_unknown_workspace_the_nearest_is_named(turn: OneTurn) -> None:
    turn.deployed(MINT)
    outcome = price(turn.context(), Price((), workspace="dbw-mint-def", statement=MORE_WORKERS))
    assert text(outcome) == "I know no workspace called dbw-mint-def. Did you mean dbw-mint-dev?"


def test_what_cannot_be_built_has_no_price_but_a_reason(turn: OneTurn) -> None:
    outcome = price(turn.context(), Price((MINT, NOWHERE)))
    assert (text(outcome), tables(outcome)) == (NO_REGION, [])


def test_a_what_if_of_what_cannot_be_built_is_priced_beside_the_reason(turn: OneTurn) -> None:
    outcome = price(turn.context(), Price((MINT,), before=(NOWHERE,)))
    first, second = text(outcome).splitlines()
    assert first == NO_REGION
    assert second.startswith("Such a workspace would cost about **232.20 USD** a month")


def test_without_anything_in_hand_nothing_is_said(turn: OneTurn) -> None:
    context = turn.context()
    assert price(context, Price(())) == context.unchanged()


def test_a_workspace_that_stands_costs_what_was_estimated_for_it(turn: OneTurn) -> None:
    outcome = price_deployed(turn.context(), turn.deployed(MINT))
    assert text(outcome) == (
        "dbw-mint-dev is estimated at about **232.20 USD** a month: 232.20 USD with the fewest workers, 232.20 USD with"
        " the most; 2,786.40 USD a year."
    )
    assert [title for title, _ in tables(outcome)] == ["Estimated month of dbw-mint-dev"]


def test_a_price_that_nobody_knows_is_shown_as_unknown(turn: OneTurn) -> None:
    cost = turn.deployed(MINT).cost
    line = LineItem(
        item="GPUs", quantity=Decimal(2), unit="hour", unit_price=None, monthly=None, source="none", as_of=None
    )
    outcome = show_bill(turn.context(), "A bill", cost.model_copy(update={"lines": (line,), "unpriced": ("GPUs",)}))
    assert tables(outcome) == [
        (
            "A bill",
            (
                ("GPUs", "2", "hour", "unknown", "unknown", "none", ""),
                ("Total, at least", "", "", "", "232.20 USD", "", ""),
            ),
        )
    ]
