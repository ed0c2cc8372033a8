"""Slack from end to end in one process: a played workspace, real bolt, the shared room, the app over the in-memory
Terraform. What people do is said in names; what they see is read from the workspace.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from aiohttp import web
from slack_rooms import ENVIRONMENT, SECRET, refusing, slack_settings

from agent.app import App, AppEnvironment
from agent.channels.http.served import ServerDoors
from agent.channels.messaging.answer_streams import PIECE_SECONDS
from agent.channels.messaging.outbox import OutboxClock
from agent.channels.messaging.room import MessagingRoom
from agent.channels.slack.channel import SlackChannel
from agent.channels.slack.double.sending import Sent, commanded, message_event, pressed, submitted
from agent.channels.slack.double.server import SlackDouble
from agent.channels.slack.double.workspace import BOT, Record, SlackWorkspace
from agent.channels.slack.made import slack_channel
from agent.channels.slack.platform import SlackPlatform
from agent.channels.slack.records import RecordedSlack
from agent.channels.slack.seat import seat_of
from agent.cli.chat_platforms import room_of
from agent.factories import rules_of
from agent.paths import place
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.listening import end_listening


@dataclass
class Moved:
    """The time of day, which a test moves on."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead.total_seconds()


@dataclass
class SlackJourney:
    double: SlackDouble
    channel: SlackChannel
    room: MessagingRoom
    app: App
    terraform: InMemoryTerraform
    clock: Moved

    @property
    def workspace(self) -> SlackWorkspace:
        return self.double.workspace

    async def say(self, user: str, text: str, *, channel: str = "C0PLATFORM", thread: str | None = None) -> str:
        """Says it, with "@brickie" for a mention; gives the message's ts. Returns when all that follows was shown."""
        shown = text.replace("@brickie", f"<@{BOT}>")
        message = self.workspace.said(user, channel, shown, thread=thread)
        await self.send(message_event(message, mentions=BOT in shown))
        return str(message["ts"])

    async def order(self, user: str, channel: str, text: str) -> Mapping[str, Any]:
        return await self.send(commanded(user, channel, text))

    async def press(self, user: str, message: Record, label: str) -> None:
        await self.send(pressed(user, message, self.button(message, label)))

    async def fill(self, user: str, values: Mapping[str, str]) -> Mapping[str, Any]:
        """Sends the form that was opened last."""
        view = list(self.workspace.views.values())[-1]
        return await self.send(submitted(user, view, values))

    async def send(self, sent: Sent) -> Mapping[str, Any]:
        answered = await self.double.send(sent)
        assert answered is not None, "not acknowledged"
        await self.settled()
        return answered

    async def settled(self) -> None:
        while self.channel.busy:
            await asyncio.sleep(0.005)
        await self.room.answered(30)
        await self.app.settled()
        while self.channel.busy:
            await asyncio.sleep(0.005)
        for _ in range(4):
            await self.room.outbox.round()
            self.clock.ahead += timedelta(seconds=3)  # the pace of edits is kept, and not waited for

    def thread(self, ts: str, channel: str = "C0PLATFORM") -> list[Record]:
        """What Brickie shows in that thread now."""
        return [one for one in self.workspace.shown_in(channel) if one["thread_ts"] == ts and one["user"] == BOT]

    def newest(self, channel: str, words: str) -> Record:
        """The newest message there that holds these words."""
        shown = [one for one in self.workspace.shown_in(channel) if words in text_of(one)]
        assert shown, [text_of(one)[:300] for one in self.workspace.shown_in(channel)]
        return shown[-1]

    @staticmethod
    def button(message: Record, label: str) -> Record:
        named = {one["text"]["text"]: one for one in buttons_of(message)}
        assert label in named, list(named)
        return named[label]


def buttons_of(message: Record) -> list[Record]:
    return [one for block in message["blocks"] for one in block.get("elements", []) if one.get("type") == "button"]


def labels_of(message: Record) -> list[str]:
    return [str(one["text"]["text"]) for one in buttons_of(message)]


def text_of(shown: object) -> str:
    """All that is to be read in it."""
    if isinstance(shown, dict):
        fields = cast("Record", shown)
        own = [str(fields["text"])] if isinstance(fields.get("text"), str) else []
        inner = [text_of(value) for name, value in fields.items() if not isinstance(value, str) or name == "title"]
        titles = [str(fields["title"])] if isinstance(fields.get("title"), str) else []
        return " ".join(filter(None, (*own, *titles, *inner)))
    return " ".join(filter(None, map(text_of, cast("list[object]", shown)))) if isinstance(shown, list) else ""


@asynccontextmanager
async def slack_journey(
    home: Path, *, piece_seconds: float = PIECE_SECONDS, **more: object
) -> AsyncGenerator[SlackJourney]:
    double = SlackDouble(SlackWorkspace(), secret=SECRET)
    await double.start()
    settings = slack_settings(double.api_url, approvals_channel="C0APPROVALS", **more)
    clock = Moved()
    world = AppEnvironment(settings, ENVIRONMENT, home, clock=clock.now)
    terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
    app = App(world, terraform=terraform, inline=True)
    room = room_of(world, app, OutboxClock(clock.now, clock.monotonic, spread=lambda: 0.0))

    def room_for(platform: SlackPlatform) -> MessagingRoom:
        platform.streams.piece_seconds = piece_seconds
        room.take_seat(seat_of(platform, settings.slack))
        return room

    channel = slack_channel(settings, ENVIRONMENT, RecordedSlack(app, rules_of(settings)), room_for)
    app.listen(channel.heard)
    await app.start()
    await channel.begin(ServerDoors(cast("Any", None), "http://127.0.0.1:8765"))
    await room.open()
    server = web.Application(middlewares=[refusing], client_max_size=1_000_000)
    server.add_routes(channel.routes())
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    double.events = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield SlackJourney(double, channel, room, app, terraform, clock)
    finally:
        await end_listening(runner)
        await channel.stop(1)
        await room.stop(5)
        await app.close()
        await double.stop()
