"""A wish in terms of what is there is counted from what was said, too, before anything of it is decided."""

import pytest
from by_hand import ByHand

pytestmark = pytest.mark.integration


async def test_two_more_workers_of_a_draft_that_is_still_asked_about(talk: ByHand) -> None:
    await talk.tell("databricks for team lark, etl, 2 to 4 workers")
    assert talk.slots == ["environment"]
    await talk.tell("2 more workers")
    assert talk.slots == ["environment"]
    await talk.tell("staging")
    decision = talk.plan.items[0].decision
    assert (decision.min_workers, decision.max_workers) == (4, 6)


async def test_a_worker_added_to_all_of_a_team_is_one_more_of_each(talk: ByHand) -> None:
    for team, workers in (("heron", "1 to 2"), ("wren", "1")):
        await talk.tell(f"dev for team {team}, etl, {workers} workers")
        await talk.tell("yes")
    await talk.tell("staging for team heron, etl, 2 workers")
    await talk.tell("yes")
    await talk.tell("dev for team lark, etl")
    await talk.tell("add a worker to all of heron")
    planned = [(i.decision.workspace_name, i.decision.min_workers, i.decision.max_workers) for i in talk.plan.items]
    assert planned == [("dbw-heron-dev", 2, 3), ("dbw-heron-staging", 3, 3)]


async def test_undo_takes_back_all_the_ends_that_one_message_moved(talk: ByHand) -> None:
    await talk.tell("dev and staging for team heron, etl, for 2 weeks")
    await talk.tell("yes")
    await talk.tell("dev for team wren, etl")
    await talk.tell("yes")
    await talk.tell("extend all of them by a week")
    await talk.tell("undo")
    assert talk.text.count("now expires on") == 2
    assert "dbw-wren-dev" not in talk.text
