"""A wish in terms of what is there is counted from what was said, too, before anything of it is decided."""

import pytest
from by_hand import ByHand

from agent.store.records import Records

pytestmark = pytest.mark.integration

MOST_READS = 4
"""Of the plan that waits, in a turn that replaces it."""


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


async def test_of_a_draft_one_wish_builds_on_the_other_as_of_what_stands(talk: ByHand) -> None:
    await talk.tell("databricks for team lark, etl, 2 to 4 workers")
    await talk.tell("double the workers and add 1 worker")
    await talk.tell("staging")
    decision = talk.plan.items[0].decision
    assert (decision.min_workers, decision.max_workers) == (5, 9)


@pytest.mark.parametrize("names", ["heron and wren", "heron, wren, lark and tern"])
async def test_a_plan_of_several_is_read_as_often_as_one_of_two(
    talk: ByHand, monkeypatch: pytest.MonkeyPatch, names: str
) -> None:
    """Counted for each workspace of it, a plan for hundreds took seconds."""
    await talk.tell(f"dev workspaces for the teams {names}, etl, 1 worker")
    read: list[str] = []
    real = Records.plan

    def counted(records: Records, plan_id: str) -> object:
        read.append(plan_id)
        return real(records, plan_id)

    monkeypatch.setattr(Records, "plan", counted)
    await talk.tell("add a worker")
    assert [item.decision.max_workers for item in talk.plan.items] == [2] * len(talk.plan.items)
    assert len(read) <= MOST_READS, read
