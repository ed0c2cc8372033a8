"""A list of workspaces in a conversation: one plan, one consent; each ends by itself; what failed is tried again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from talking import Talk

from agent.events import Event, Message, PlanProposed, Progress, Result, State, Table

pytestmark = pytest.mark.integration

LIST = "team,environment,workload\nalpha,dev,etl\nbeta,dev,etl\ngamma,staging,notebooks\n"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    found = Talk(tmp_path)
    yield found
    await found.app.close()


def plans(events: list[Event]) -> list[PlanProposed]:
    return [event for event in events if isinstance(event, PlanProposed)]


def tables(events: list[Event]) -> list[Table]:
    return [event for event in events if isinstance(event, Table)]


async def test_a_pasted_list_is_one_plan_with_one_price(talk: Talk) -> None:
    (plan,) = plans(await talk.say(LIST))
    names = [item.decision.workspace_name for item in plan.items]
    assert names == ["dbw-alpha-dev", "dbw-beta-dev", "dbw-gamma-staging"]
    assert plan.cost.expected == sum(item.cost.expected for item in plan.items)
    assert (plan.request, plan.decision) == (None, None)


async def test_each_ends_by_itself_and_only_the_failed_are_planned_again(talk: Talk) -> None:
    await talk.say(LIST)
    talk.terraform.fail_at(99)
    talk.terraform.fail_at(2)
    ended = await talk.say("yes")
    results = [event.status for event in ended if isinstance(event, Result)]
    assert sorted(results) == ["rolled_back", "succeeded", "succeeded"]
    assert tables(ended)[-1].title == "2 of 3 done"
    (again,) = plans(await talk.say("retry the failed ones"))
    assert [item.decision.workspace_name for item in again.items] == ["dbw-beta-dev"]
    assert [event.status for event in await talk.say("yes") if isinstance(event, Result)] == ["succeeded"]


async def test_bad_rows_are_all_named_by_line_and_what_was_said_before_stays(talk: Talk) -> None:
    (plan,) = plans(await talk.say("Databricks for the ML team in dev"))
    said = await talk.say(f"{LIST}delta,moon,etl\n,dev,etl\nepsilon,dev,etl,too,many\n")
    assert tables(said)[0].rows == (
        (5, "“moon” is no environment"),
        (6, "the team is missing"),
        (7, "it has 5 cells, the header 3"),
    )
    assert not plans(said)
    assert not [event for event in said if isinstance(event, Progress)]
    state = next(event for event in said if isinstance(event, State))
    assert state.pending_plan == plan.plan_id


async def test_a_name_that_stands_and_a_limit_that_is_exceeded_are_problems_of_their_rows(talk: Talk) -> None:
    await talk.say("sandbox dbw-mint-dev for the mint team, notebooks")
    await talk.say("yes")
    rows = "mint,dev,etl,dbw-mint-dev,\nalpha,dev,etl,,1\n"
    said = await talk.say(f"team,environment,workload,name,budget\n{rows}")
    (table,) = tables(said)
    assert [row[0] for row in table.rows] == [2, 3]
    assert table.rows[0][1] == "a workspace called dbw-mint-dev exists already"
    assert "above the limit" in str(table.rows[1][1])


async def test_more_than_400_are_refused_with_one_sentence(talk: Talk) -> None:
    text = "team,environment,workload\n" + "".join(f"t{number},dev,etl\n" for number in range(401))
    said = [event.text for event in await talk.say(text) if isinstance(event, Message)]
    assert said == ["That is 401 workspaces; one plan holds at most 400. Nothing was started: send them in parts."]
