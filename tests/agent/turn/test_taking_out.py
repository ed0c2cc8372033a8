"""Items are taken out of a draft of several; the others stay as they are."""

from dataclasses import replace

import pytest
from by_hand import TERNS, ByHand, means, says

from plugins.domain.understanding import Statement, Understanding

pytestmark = pytest.mark.integration

THREE = [TERNS.model_copy(update={"environment": name}) for name in ("dev", "staging")]


def without(*at: int) -> Understanding:
    return Understanding("amend", remove=at)


async def test_what_is_taken_out_leaves_the_others_as_they_are(talk: ByHand) -> None:
    before = await talk.planned(*THREE)
    await talk.tell("drop staging", without(1))
    assert [item.decision.workspace_name for item in talk.plan.items] == ["dbw-terns-dev"]
    assert talk.plan.items[0].decision == before.items[0].decision
    assert (talk.decided, "Left out: staging" in talk.text) == (["superseded"], True)


async def test_what_was_taken_out_can_be_put_back(talk: ByHand) -> None:
    await talk.planned(*THREE)
    await talk.tell("drop staging", without(1))
    await talk.tell("undo that", Understanding("amend", undo=True))
    assert [item.decision.workspace_name for item in talk.plan.items] == ["dbw-terns-dev", "dbw-terns-staging"]


async def test_taking_out_and_changing_in_one_message(talk: ByHand) -> None:
    await talk.planned(*THREE)
    said = Understanding("amend", (Statement(says(max_workers=4), target=0),), remove=(1,))
    await talk.tell("drop staging and give dev 4 workers", said)
    assert [(i.decision.workspace_name, i.decision.max_workers) for i in talk.plan.items] == [("dbw-terns-dev", 4)]


@pytest.mark.parametrize("removed", [(0, 1), (0,)])
async def test_taking_out_everything_is_asked_about_and_changes_nothing(talk: ByHand, removed: tuple[int, ...]) -> None:
    before = await talk.planned(*THREE[: len(removed)])
    await talk.tell("drop them", without(*removed))
    assert (talk.plans, talk.decided, talk.state.pending_plan) == (0, [], before.plan_id)
    assert "nothing of your request" in talk.text


async def test_an_index_of_nothing_changes_nothing(talk: ByHand) -> None:
    before = await talk.planned(*THREE)
    await talk.tell("drop qa", replace(without(7)))
    assert (talk.decided, talk.state.pending_plan) == ([], before.plan_id)


async def test_of_a_request_that_is_still_asked_about(talk: ByHand) -> None:
    await talk.tell("two of them", means("provision", *(r.model_copy(update={"team": None}) for r in THREE)))
    await talk.tell("only staging", without(0))
    assert (talk.slots, [r.environment for r in talk.state.requests]) == (["team"], ["staging"])
