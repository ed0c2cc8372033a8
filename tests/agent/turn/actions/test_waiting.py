"""What awaits whom: plans of theirs, and plans that they may decide."""

from one_turn import FERN, INES, MINT, RITA, TOM, OneTurn, tables, text

from agent.turn.actions.waiting import list_waiting

PROD = MINT.model_copy(update={"environment": "prod", "workspace_name": "dbw-mint-prod", "network": "private_link"})
UNTIL = "2026-11-25 09:00 UTC"


def test_each_plan_says_what_whoever_asks_is_to_it(turn: OneTurn) -> None:
    turn.pending("pln_dev", FERN)
    turn.pending("pln_prod", PROD)
    rows = {by.name: tables(list_waiting(turn.context(by=by)))[0][1] for by in (RITA, INES)}
    assert rows == {
        "Rita": (
            ("pln_dev", "create", "dbw-fern-dev", "about 232.20 USD", "0 h", "Rita", UNTIL, "may decide"),
            ("pln_prod", "create", "dbw-mint-prod", "about 1,517.35 USD", "0 h", "Rita", UNTIL, "asked for it"),
        ),
        "Ines": (
            ("pln_dev", "create", "dbw-fern-dev", "about 232.20 USD", "0 h", "Rita", UNTIL, "may decide"),
            ("pln_prod", "create", "dbw-mint-prod", "about 1,517.35 USD", "0 h", "Rita", UNTIL, "may decide"),
        ),
    }
    assert text(list_waiting(turn.context())).startswith("Say “show pln_dev” to see it here")


def test_nobody_else_learns_of_them(turn: OneTurn) -> None:
    turn.pending("pln_prod", PROD)
    outcome = list_waiting(turn.context(by=TOM))
    assert (tables(outcome), text(outcome)) == ([], "Nothing waits for you.")
