"""Another try at what failed last: planned again as it was asked for, upon what still stands of it."""

import pytest
from one_turn import FERN, MINT, NOW, TOM, OneTurn, ordered, text

from agent.dialogue.drafts import Draft
from agent.store.runs import Run
from agent.turn.actions.retry import retry
from plugins.domain.deployment import DeploymentResult, DeploymentStatus, Failure
from plugins.domain.plan import PlanAction
from plugins.domain.request import InfrastructureRequest

FAILURE = Failure(kind="quota", text="No quota.", remedy="Ask for more.")
NOTHING_FAILED = "Nothing of this conversation failed lately, so there is nothing to try again. Tell me what you need."


def ran(
    turn: OneTurn,
    request: InfrastructureRequest,
    left: DeploymentStatus,
    *,
    action: PlanAction = "create",
    error: Failure | None = FAILURE,
) -> None:
    """A plan of Rita's for that request was applied here and ended so, leaving the workspace in that state."""
    turn.pending("pln_ran", request, action=action)
    turn.deployed(request, "dep_pln_ran", status=left)
    turn.records.settle_plan("pln_ran", "approved")
    run = Run("run_1", "apply", "pln_ran", 0, "dep_pln_ran", "cnv", 1)
    turn.records.keep_runs([run])
    result = DeploymentResult(deployment_id="dep_pln_ran", status="failed" if error else "succeeded", error=error)
    turn.records.end_run("run_1", result.model_dump_json(), now=NOW)


@pytest.mark.parametrize("left", ["rolled_back", "failed", "destroyed"])
def test_of_what_nothing_stands_a_new_one_is_planned(turn: OneTurn, left: DeploymentStatus) -> None:
    ran(turn, MINT, left)
    outcome, act = retry(turn.context(earlier=((Draft(request=FERN),),)))
    assert (act, ordered(outcome)) == ("provision", [("pln_1", "create", ["dbw-mint-dev"])])
    (draft,) = outcome.conversation.drafts
    assert (draft.request, draft.changes, outcome.conversation.earlier) == (MINT, False, ())
    assert draft.deployment_id != "dep_pln_ran"


@pytest.mark.parametrize("left", ["attention", "succeeded"])
def test_what_still_stands_is_changed(turn: OneTurn, left: DeploymentStatus) -> None:
    ran(turn, MINT, left)
    outcome, act = retry(turn.context())
    assert (act, ordered(outcome)) == ("provision", [("pln_1", "change", ["dbw-mint-dev"])])
    assert outcome.conversation.drafts == (Draft(request=MINT, deployment_id="dep_pln_ran", changes=True),)


def test_a_destroy_that_failed_is_planned_as_a_destroy(turn: OneTurn) -> None:
    ran(turn, MINT, "attention", action="destroy")
    outcome, act = retry(turn.context())
    assert (act, ordered(outcome)) == ("destroy", [("pln_1", "destroy", ["dbw-mint-dev"])])


def test_what_succeeded_and_what_is_anothers_is_not_tried_again(turn: OneTurn) -> None:
    outcome, act = retry(turn.context())
    assert (act, text(outcome)) == ("unclear", NOTHING_FAILED)
    ran(turn, MINT, "failed")
    outcome, act = retry(turn.context(by=TOM))
    assert (act, text(outcome), outcome.orders) == ("unclear", NOTHING_FAILED, ())


def test_nothing_that_succeeded_is_tried_again(turn: OneTurn) -> None:
    ran(turn, MINT, "succeeded", error=None)
    outcome, act = retry(turn.context())
    assert (act, text(outcome)) == ("unclear", NOTHING_FAILED)


def test_what_shall_be_different_is_said_along_with_it(turn: OneTurn) -> None:
    ran(turn, MINT, "rolled_back")
    outcome, _ = retry(turn.context(), "in westeurope with 2 workers")
    (draft,) = outcome.conversation.drafts
    assert (draft.request.region, draft.request.min_workers, draft.request.max_workers) == ("westeurope", 2, 2)
    assert ordered(outcome) == [("pln_1", "create", ["dbw-mint-dev"])]


def test_a_place_that_may_be_several_is_asked_about(turn: OneTurn) -> None:
    ran(turn, MINT, "rolled_back")
    outcome, _ = retry(turn.context(), "in Europe")
    assert (outcome.conversation.asked, ordered(outcome)) == (("region",), [])
