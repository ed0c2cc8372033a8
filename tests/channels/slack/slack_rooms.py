"""A shared room that keeps what comes in, and before it Slack's channel: real bolt and slack-sdk, a workspace."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from aiohttp import ClientSession, web

from agent.channels.cards.slack import SlackCards
from agent.channels.http.refusals import answer_to
from agent.channels.http.served import ServerDoors
from agent.channels.messaging.port import Address, Arrival, Card, ChatPlace, Receipt, Said
from agent.channels.slack.channel import SlackChannel
from agent.channels.slack.double.sending import Sent, Signer
from agent.channels.slack.double.server import SlackDouble
from agent.channels.slack.double.workspace import TEAM, SlackWorkspace
from agent.channels.slack.made import slack_channel
from agent.channels.slack.platform import SlackPlatform
from agent.chat_settings import SlackSettings
from agent.settings import Settings
from plugins.domain.deployment import Deployment
from plugins.domain.person import Person
from plugins.domain.plan import Plan, PlanItem
from plugins.listening import end_listening

SECRET = "a signing secret of tests"
ROLES = {"*": ("requester",), "S0APPROVERS": ("approver",)}
ENVIRONMENT = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET, "SLACK_APP_TOKEN": "xapp-1"}


@dataclass
class KeepingRoom:
    """`ChatRoom` that keeps arrivals once each; `fails` times it cannot, and then nothing may be acknowledged."""

    arrivals: list[Arrival] = field(default_factory=list[Arrival])
    met_at: list[Address] = field(default_factory=list[Address])
    left: list[ChatPlace] = field(default_factory=list[ChatPlace])
    fails: int = 0
    private: Card | None = None

    async def take_in(self, arrival: Arrival) -> Receipt:
        await asyncio.sleep(0)
        if self.fails:
            self.fails -= 1
            raise RuntimeError("the records cannot be written")
        if any(kept.client_id == arrival.client_id for kept in self.arrivals):
            return Receipt(fresh=False)
        self.arrivals.append(arrival)
        return Receipt(fresh=True, private=self.private)

    async def view(self, address: Address, person: Person, plan_id: str) -> Card:
        del address, person
        return SlackCards().card(Said(plan_id))

    async def met(self, address: Address, person: Person | None) -> None:
        del person
        self.met_at.append(address)

    async def gone(self, place: ChatPlace) -> None:
        self.left.append(place)


@dataclass
class KeptRecords:
    """`SlackRecords`: who takes part where, and what is shown to whom."""

    room: KeepingRoom
    deployments: tuple[Deployment, ...] = ()
    items: tuple[PlanItem, ...] = ()

    async def takes_part(self, place: ChatPlace, person: Person) -> bool:
        return any(kept.address.place == place and kept.person.key == person.key for kept in self.room.arrivals)

    async def unanswered(self) -> tuple[tuple[str, Address], ...]:
        return ()

    async def deployments_of(self, person: Person) -> tuple[Deployment, ...]:
        del person
        return self.deployments

    async def waiting_for(self, person: Person) -> tuple[Plan, ...]:
        del person
        return ()

    async def workspaces_of(self, plan_id: str, person: Person) -> tuple[PlanItem, ...]:
        del plan_id, person
        return self.items


@dataclass
class PlayedSlack:
    """A channel that runs, and the workspace before it."""

    double: SlackDouble
    channel: SlackChannel
    room: KeepingRoom
    platform: SlackPlatform
    address: str
    http: ClientSession

    @property
    def workspace(self) -> SlackWorkspace:
        return self.double.workspace

    async def send(self, sent: Sent) -> Mapping[str, Any] | None:
        """Delivers it; what was answered, None where it was not acknowledged."""
        return await self.double.send(sent)

    async def post(self, body: bytes, headers: Mapping[str, str]) -> int:
        async with self.http.post(f"{self.address}/slack/events", data=body, headers=dict(headers)) as answer:
            return answer.status

    def sign(self, sent: Sent, secret: str = SECRET, *, ago: float = 0.0) -> dict[str, str]:
        signer = Signer(secret)
        return Signer(secret, lambda: signer.clock() - ago).headers(sent)

    async def rested(self) -> None:
        """Returns when nothing is under way behind an answer."""
        while self.channel.busy:
            await asyncio.sleep(0.005)


def slack_settings(api_url: str, **more: object) -> Settings:
    fields: dict[str, object] = {"mode": "http", "api_url": api_url, "team_ids": (TEAM,), "roles": ROLES, **more}
    return Settings(slack=SlackSettings.model_validate(fields))


@web.middleware
async def refusing(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        return cast("web.StreamResponse", await handler(request))
    except Exception as error:  # noqa: BLE001 - as the server does
        return answer_to(error)


@asynccontextmanager
async def played(**more: object) -> AsyncGenerator[PlayedSlack]:
    """Slack before a channel with these settings; both are stopped at the end."""
    double = SlackDouble(SlackWorkspace(), secret=SECRET)
    await double.start()
    room = KeepingRoom()
    platforms: list[SlackPlatform] = []

    def room_for(platform: SlackPlatform) -> KeepingRoom:
        platforms.append(platform)
        return room

    channel = slack_channel(slack_settings(double.api_url, **more), ENVIRONMENT, KeptRecords(room), room_for)
    await channel.begin(ServerDoors(cast("Any", None), "http://127.0.0.1:8765"))
    app = web.Application(middlewares=[refusing], client_max_size=1_000_000)
    app.add_routes(channel.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    double.events = f"{address}/slack/events"
    http = ClientSession()
    try:
        yield PlayedSlack(double, channel, room, platforms[0], address, http)
    finally:
        await http.close()
        await end_listening(runner)
        await channel.stop(1)
        await double.stop()
