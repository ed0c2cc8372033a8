"""Stopping cleanly: what is under way here, or on one workspace, of whoever may touch it."""

from one_turn import FERN, INES, MINT, NOT_YOURS, TOM, OneTurn, text

from agent.orders import StopOrder
from agent.store.runs import Run
from agent.turn.actions.stop import stop

NOTHING_TO_STOP = "Nothing is under way that I could stop. Say “list my workspaces” to see how they stand."


def running(turn: OneTurn) -> None:
    """Two applies of Rita's: of dbw-mint-dev here, of dbw-fern-dev elsewhere. A plan is being made here as well."""
    for request, plan_id in ((MINT, "pln_mint"), (FERN, "pln_fern")):
        turn.pending(plan_id, request)
        turn.deployed(request, f"dep_{plan_id}", status="applying")
    turn.records.keep_runs(
        [
            Run("run_1", "apply", "pln_mint", 0, "dep_pln_mint", "cnv", 1),
            Run("run_2", "apply", "pln_fern", 0, "dep_pln_fern", "elsewhere", 1),
            Run("run_3", "plan", "pln_mint", 0, "dep_pln_mint", "cnv", 1),
        ]
    )


def test_without_a_name_it_is_what_is_applied_here(turn: OneTurn) -> None:
    running(turn)
    outcome, act = stop(turn.context(), None)
    assert (act, outcome.orders) == ("reject", (StopOrder("pln_mint", "dep_pln_mint"),))
    assert text(outcome).startswith("I stop it cleanly now:")
    assert turn.deeds() == ["asked to stop"]


def test_a_name_reaches_what_was_begun_elsewhere(turn: OneTurn) -> None:
    running(turn)
    outcome, act = stop(turn.context(), "dbw-fern-dev")
    assert (act, outcome.orders) == ("reject", (StopOrder("pln_fern", "dep_pln_fern"),))


def test_somebody_elses_goes_on_and_an_approver_may_stop_it(turn: OneTurn) -> None:
    running(turn)
    outcome, act = stop(turn.context(by=TOM), "dbw-mint-dev")
    assert (act, text(outcome), outcome.orders) == ("unclear", NOT_YOURS, ())
    outcome, act = stop(turn.context(by=TOM), None)
    assert (act, text(outcome), outcome.orders) == ("unclear", NOTHING_TO_STOP, ())
    assert turn.deeds() == []
    outcome, _ = stop(turn.context(by=INES), "dbw-mint-dev")
    assert outcome.orders == (StopOrder("pln_mint", "dep_pln_mint"),)


def test_where_nothing_is_under_way_nothing_is_stopped(turn: OneTurn) -> None:
    turn.deployed(MINT)
    for name in (None, "dbw-mint-dev", "dbw-unknown"):
        outcome, act = stop(turn.context(), name)
        assert (act, text(outcome), outcome.orders) == ("unclear", NOTHING_TO_STOP, ())


def test_in_read_only_mode_what_is_under_way_goes_on(turn: OneTurn) -> None:
    running(turn)
    outcome, act = stop(turn.context(reads_only=True), None)
    assert (act, outcome.orders) == ("unclear", ())
    assert "\nWhat is under way goes on;" in text(outcome)
