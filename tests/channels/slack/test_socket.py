"""Slack by socket: nothing is let in, the same listeners hear the same."""

import asyncio

import pytest
from slack_rooms import played

from agent.channels.slack.double.sending import commanded, message_event
from agent.channels.slack.double.workspace import BOT

pytestmark = pytest.mark.integration


async def test_what_comes_by_socket_is_kept_acknowledged_and_answered() -> None:
    async with played(mode="socket") as slack:
        async with asyncio.timeout(20):
            while not slack.double.is_connected:
                await asyncio.sleep(0.01)
        message = slack.workspace.said("U0ANA", "C0PLATFORM", f"<@{BOT}> dev databricks for ml")
        sent = message_event(message, mentions=True)
        assert [await slack.send(sent), await slack.send(sent)] == [{}, {}]
        assert [kept.text for kept in slack.room.arrivals] == ["dev databricks for ml"]
        answered = await slack.send(commanded("U0ANA", "C0PLATFORM", "list my workspaces"))
        assert answered is not None
        assert answered["response_type"] == "ephemeral"
        slack.room.fails = 1
        slack.double.ack_seconds = 0.3
        again = message_event(slack.workspace.said("U0ANA", "C0PLATFORM", f"<@{BOT}> and prod"), mentions=True)
        assert await slack.send(again) is None
        assert await slack.send(again) == {}


async def test_by_socket_no_request_is_let_in() -> None:
    async with played(mode="socket") as slack:
        sent = message_event(slack.workspace.said("U0ANA", "C0PLATFORM", f"<@{BOT}> dev"), mentions=True)
        assert await slack.post(sent.body.encode(), slack.sign(sent)) == 404
        assert slack.room.arrivals == []
