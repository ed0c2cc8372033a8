"""Answers that grow in Slack's pane: streamed, by edits once the stream has expired, else as a new message."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from slack_journey import SlackJourney, slack_journey, text_of

from agent.channels.messaging.binding import conversation_of
from agent.channels.messaging.port import ChatPlace
from agent.channels.slack.double.workspace import BOT, TEAM, ApiRefusal, Record
from agent.events import Message
from plugins.domain.person import Person

pytestmark = pytest.mark.integration

ANA = Person(id="U0ANA", name="Ana Ruiz", issuer=f"slack:{TEAM}")
PANE = ChatPlace(platform="slack", tenant=TEAM, id="D0ANA", thread="9.1", kind="personal")
CHAT = ChatPlace(platform="slack", tenant=TEAM, id="D0ANA", kind="personal")


def model_says(slack: SlackJourney, text: str, place: ChatPlace = PANE) -> None:
    slack.channel.heard(Message(conversation=conversation_of(place, ANA), turn=2, text=text, delta=True))


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.005)


def growing(slack: SlackJourney) -> Record:
    """The message that is shown growing."""
    return [one for one in slack.workspace.shown_in("D0ANA") if one["user"] == BOT][-1]


def streamed(message: Record) -> str:
    return "".join(chunk["text"] for chunk in message["chunks"])


async def answered(slack: SlackJourney) -> None:
    """Somebody is answered in the pane: whatever is shown growing there becomes this answer."""
    await slack.say("U0ANA", "what can you do?", channel="D0ANA", thread="9.1")


async def test_an_answer_grows_and_becomes_the_message_that_stays(tmp_path: Path) -> None:
    async with slack_journey(tmp_path, piece_seconds=0.005) as slack:
        await answered(slack)
        before = len(slack.workspace.shown_in("D0ANA"))
        model_says(slack, "Spot workers <!channel> ")
        await until(lambda: bool(slack.workspace.called("chat.startStream")))
        begun = slack.workspace.called("chat.startStream")[0].arguments
        assert (begun["recipient_user_id"], begun["recipient_team_id"], begun["thread_ts"]) == ("U0ANA", TEAM, "9.1")
        message = growing(slack)
        model_says(slack, "may be evicted.")
        await until(lambda: streamed(message).endswith("evicted."))
        assert streamed(message) == "Spot workers &lt;!channel&gt; may be evicted."
        await answered(slack)
        assert message["streaming"] is None
        assert "list my workspaces" in text_of(message)
        assert len(slack.workspace.shown_in("D0ANA")) == before + 2  # what was asked, and its answer


async def test_a_stream_that_expired_goes_on_by_edits_of_its_message(tmp_path: Path) -> None:
    async with slack_journey(tmp_path, piece_seconds=0.005) as slack:
        await answered(slack)
        model_says(slack, "Spot workers ")
        await until(lambda: bool(slack.workspace.called("chat.startStream")))
        message = growing(slack)
        message["streaming"] = 1.0  # longer ago than a stream lasts
        model_says(slack, "may be ")
        await until(lambda: bool(slack.workspace.called("chat.appendStream")))
        for number in range(9):
            model_says(slack, f"evicted {number}. ")
            await asyncio.sleep(0.01)
        await until(lambda: "evicted" in text_of(message))
        assert "Spot workers may be evicted 0." in text_of(message)
        await answered(slack)
        assert "list my workspaces" in text_of(message)
        assert len(slack.workspace.called("chat.appendStream")) == 1


async def test_where_its_message_is_gone_the_answer_is_a_new_one(tmp_path: Path) -> None:
    async with slack_journey(tmp_path, piece_seconds=0.005) as slack:
        await answered(slack)
        model_says(slack, "Spot workers ")
        await until(lambda: bool(slack.workspace.called("chat.startStream")))
        message = growing(slack)
        del slack.workspace.messages["D0ANA", message["ts"]]
        model_says(slack, "may be evicted.")
        await until(lambda: bool(slack.workspace.called("chat.appendStream")))
        await answered(slack)
        assert growing(slack)["ts"] != message["ts"]
        assert "list my workspaces" in text_of(growing(slack))


async def test_an_answer_that_slack_puts_off_ends_its_stream_later(tmp_path: Path) -> None:
    async with slack_journey(tmp_path, piece_seconds=0.005) as slack:
        await answered(slack)
        model_says(slack, "Spot workers ")
        await until(lambda: bool(slack.workspace.called("chat.startStream")))
        message = growing(slack)
        slack.workspace.refusals["chat.update"].append(ApiRefusal("ratelimited", status=429, retry_after=2))
        await answered(slack)
        await slack.settled()
        assert "list my workspaces" in text_of(message)
        assert [one["ts"] for one in slack.workspace.shown_in("D0ANA") if one["user"] == BOT][-1] == message["ts"]


async def test_outside_of_the_pane_nothing_is_streamed(tmp_path: Path) -> None:
    """A chat without a thread has no streams; in a channel an explanation is for whoever asked alone."""
    async with slack_journey(tmp_path, piece_seconds=0.005) as slack:
        await slack.say("U0ANA", "what can you do?", channel="D0ANA")
        model_says(slack, "Spot workers ", CHAT)
        await asyncio.sleep(0.03)
        assert slack.workspace.called("chat.startStream") == []
