"""The same room over PostgreSQL, where several processes share it."""

from pathlib import Path

import pytest
from chatting import ANA, INES, Chatting, group, personal, somebody
from postgresql import Server

pytestmark = pytest.mark.integration

APPROVALS = group("approvals")


async def test_a_plan_is_put_before_an_approver_and_decided(tmp_path: Path, postgresql: Server) -> None:
    """One process takes in, the other sends: the plan is decided everywhere."""
    records = {"Database": {"Url": postgresql.database()}}
    first = Chatting(tmp_path / "one", settings=records, approvals={"teams": APPROVALS}, ticking=True)
    async with first:
        second = Chatting(
            tmp_path / "two", settings=records, approvals={"teams": APPROVALS}, ticking=True, teams=first.teams
        )
        async with second:
            await first.write(ANA, "Databricks for the ML team in prod")
            click = first.last("ShownPlan", of="approvals").button("Approve")
            yes = {**click, "value": "dbw-ml-prod"}
            await second.press(INES, yes, APPROVALS, client_id="of the other process")
            await first.settle()
            assert "approved by Ines" in first.last("ShownPlan", of="personal:ana").text
            assert "approved by Ines" in first.last("ShownPlan", of="approvals").text


async def test_what_became_of_it_is_told_on_the_other_platform_once(tmp_path: Path, postgresql: Server) -> None:
    """Two processes look for what is to be told, and one of them tells it."""
    records = {"Database": {"Url": postgresql.database()}}
    in_slack = somebody("Ana", "requester", platform="slack")
    async with Chatting(tmp_path / "one", settings=records, ticking=True) as first:
        await first.write(in_slack, "notify results on", personal(in_slack, "slack"))
        async with Chatting(tmp_path / "two", settings=records, ticking=True, teams=first.teams) as second:
            await first.write(ANA, "Databricks for the ML team in dev")
            await first.press(ANA, first.last("ShownPlan").button("Approve"))
            await second.settle()
            await first.settle()
            told = [sent.text for each in (first, second) for sent in each.slack.told if "You asked" in sent.text]
            assert told == ["dbw-ml-dev is deployed. You asked for it on Microsoft Teams."]
