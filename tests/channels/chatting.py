"""A room over the real app and its records, with platforms in memory: what people write, press and see there."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from agent.app import App, AppEnvironment
from agent.channels.messaging.double import FREE, InMemoryPlatform, PlainCards, SentCard
from agent.channels.messaging.outbox import OutboxClock
from agent.channels.messaging.port import (
    Address,
    Arrival,
    ChatPlace,
    Click,
    Pace,
    PlatformName,
    Receipt,
    RoomCommand,
    Seat,
)
from agent.cli.chat_platforms import room_of
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

TENANT = "contoso"


def somebody(name: str, *roles: str, platform: PlatformName = "teams") -> Person:
    """A person of that platform, told apart from everybody else's by a verified address."""
    return Person(
        id=name.lower(),
        name=name,
        roles=roles,
        issuer=f"{platform}:{TENANT}",
        email=f"{name.lower()}@contoso.com",
    )


ANA = somebody("Ana", "requester")
INES = somebody("Ines", "requester", "approver")
BO = somebody("Bo", "requester", "approver")
EVE = somebody("Eve", "requester")


def personal(person: Person, platform: PlatformName = "teams") -> Address:
    of = ChatPlace(platform=platform, tenant=TENANT, id=f"personal:{person.id}", kind="personal")
    return Address(place=of, reference={"of": person.id})


def group(name: str, platform: PlatformName = "teams", thread: str | None = None) -> Address:
    return Address(
        place=ChatPlace(platform=platform, tenant=TENANT, id=name, thread=thread, kind="group"), reference={"in": name}
    )


class Clock:
    """The time of day, which a test moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def pass_(self, **time_: float) -> None:
        self.at += timedelta(**time_)


class Chatting:
    """`async with` it; `teams` and `slack` are the platforms, `clock` the time of everything."""

    def __init__(
        self,
        home: Path,
        *,
        settings: Mapping[str, Any] | None = None,
        approvals: Mapping[PlatformName, Address] | None = None,
        pace: Pace = FREE,
        ticking: bool = False,
        teams: InMemoryPlatform | None = None,
    ) -> None:
        """With `teams` the platform is one that another process has written to; `ticking` runs by the real clock."""
        self.clock = Clock()
        self.settings = Settings.model_validate(settings or {})
        self.terraform = InMemoryTerraform(self.settings.platform, place("templates") / "terraform")
        now = (lambda: datetime.now(UTC)) if ticking else self.clock.now
        world = AppEnvironment(self.settings, {}, home, clock=now)
        self.app = App(world, terraform=self.terraform, inline=True)
        monotonic = time.monotonic if ticking else self.clock.monotonic
        self.room = room_of(world, self.app, OutboxClock(now, monotonic, spread=lambda: 0.0))
        self.teams = teams or InMemoryPlatform("teams", pace, monotonic)
        self.slack = InMemoryPlatform("slack", pace, monotonic)
        for platform in (self.teams, self.slack):
            approvals_place = (approvals or {}).get(platform.name)
            label = f"#{approvals_place.place.id}" if approvals_place is not None else ""
            self.room.take_seat(Seat(platform, PlainCards(), TENANT, approvals_place, label))
            for person in (ANA, INES, BO, EVE):
                platform.people[person.id] = person.model_copy(update={"issuer": f"{platform.name}:{TENANT}"})
        self._number = 0

    async def __aenter__(self) -> Self:
        await self.app.start()
        await self.room.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.room.stop(5)
        await self.app.close()

    async def write(
        self, person: Person, text: str, at: Address | None = None, *, client_id: str | None = None
    ) -> Receipt:
        return await self.arrive(Arrival(self._id(client_id), at or personal(person), person, text=text))

    async def press(
        self, person: Person, click: Mapping[str, Any], at: Address | None = None, *, client_id: str | None = None
    ) -> Receipt:
        pressed = Click.model_validate(click)
        return await self.arrive(Arrival(self._id(client_id), at or personal(person), person, click=pressed))

    async def command(self, person: Person, kind: str, value: str | None = None) -> Receipt:
        asked = RoomCommand.model_validate({"kind": kind, "value": value})
        return await self.arrive(Arrival(self._id(None), personal(person), person, command=asked))

    async def arrive(self, arrival: Arrival) -> Receipt:
        """Takes it in, and returns when all that follows was sent."""
        receipt = await self.room.take_in(arrival)
        await self.settle()
        return receipt

    async def settle(self) -> None:
        await self.room.answered(30)
        await self.app.settled()
        for _ in range(6):
            await self.room.outbox.round()

    def last(self, shows: str, platform: InMemoryPlatform | None = None, of: str = "") -> SentCard:
        """The newest message that shows such a value now, of that place where one is named."""
        shown = (platform or self.teams).shown.values()
        return [sent for sent in shown if sent.card["shows"] == shows and of in sent.place.id][-1]

    def _id(self, given: str | None) -> str:
        self._number += 1
        return given or f"a{self._number}"
