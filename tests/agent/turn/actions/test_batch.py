"""A list is one plan, or all its rows that cannot be planned are named, and nothing is begun."""

from one_turn import FERN, MINT, OneTurn, drafts, one_turn, ordered, tables, text

from agent.dialogue.state import SetAsideRequest
from agent.turn.actions.batch import propose_batch
from plugins.domain.request import InfrastructureRequest
from plugins.parse.batch import Batch, Row, RowProblem


def rows(*requests: InfrastructureRequest) -> Batch:
    """A list with these from line 2 on."""
    return Batch(tuple(Row(line, request) for line, request in enumerate(requests, 2)), ())


def test_all_rows_are_one_plan(turn: OneTurn) -> None:
    outcome, act = propose_batch(turn.context(), rows(MINT, FERN))
    assert ordered(outcome) == [("pln_1", "create", ["dbw-mint-dev", "dbw-fern-dev"])]
    assert [draft.deployment_id for draft in outcome.conversation.drafts] == ["dep_1", "dep_2"]
    assert (act, outcome.conversation.planning) == ("provision", "pln_1")


def test_what_was_in_hand_is_put_aside(turn: OneTurn) -> None:
    outcome, _ = propose_batch(turn.context(drafts=drafts(FERN), asked=("region",)), rows(MINT))
    assert outcome.conversation.aside == (SetAsideRequest(drafts=drafts(FERN)),)
    assert text(outcome) == (
        "This is a second request, and dbw-fern-dev stays as it was. I come back to it afterwards."
    )


def test_every_row_that_cannot_be_planned_is_named_in_order_of_lines(turn: OneTurn) -> None:
    turn.deployed(MINT)
    named = {"workspace_name": "dbw-fern-two"}
    listed = rows(
        MINT.model_copy(update={"workspace_name": "DBW-MINT-DEV"}),
        FERN,
        FERN.model_copy(update={**named, "max_workers": 99}),
        FERN.model_copy(update={**named, "min_workers": 8, "max_workers": 8}),
        FERN.model_copy(update={**named, "node_type": "Standard_None"}),
    )
    context = turn.context(drafts=drafts(MINT))
    outcome, act = propose_batch(context, Batch(listed.rows, (RowProblem(7, "it is no line of CSV"),)))
    assert text(outcome) == (
        "5 rows of this list cannot be planned, so nothing was started. Correct them and send the whole list again."
    )
    assert tables(outcome) == [
        (
            "Rows to correct",
            (
                (2, "a workspace called DBW-MINT-DEV exists already"),
                (4, "99 workers are more than the 10 allowed in dev."),
                (5, "1,779.81 USD a month is 1,279.81 USD above the limit"),
                (6, "I know no VM size “Standard_None”."),
                (7, "it is no line of CSV"),
            ),
        )
    ]
    assert (act, outcome.orders, outcome.conversation) == ("unclear", (), context.conversation)


def test_more_than_400_are_refused_before_any_is_decided(turn: OneTurn) -> None:
    outcome, act = propose_batch(turn.context(), rows(*[MINT] * 401))
    assert text(outcome) == (
        "That is 401 workspaces; one plan holds at most 400. Nothing was started: send them in parts."
    )
    assert (act, outcome.orders) == ("unclear", ())


def test_a_row_is_held_against_those_before_it() -> None:
    with one_turn(Naming={"ManagedResourceGroup": "rg-managed"}) as turn:
        outcome, _ = propose_batch(turn.context(), rows(MINT, FERN))
    ((_, problems),) = tables(outcome)
    assert problems == (
        (3, "The managed group rg-managed is that of dbw-mint-dev already; Azure makes it anew for each."),
    )
