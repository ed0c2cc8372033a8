"""The real server on a free loopback port, over the sandbox and the in-memory Terraform, in a thread of its own."""

import asyncio
import json
import os
import threading
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest

from agent import events
from agent.app import App, AppEnvironment
from agent.channels.auth.sessions import Seal, Sessions, SignedInSession
from agent.channels.messaging.double import InMemoryPlatform, PlainCards
from agent.channels.messaging.port import Seat
from agent.channels.server import Server
from agent.cli.chat_platforms import room_of
from agent.cli.serve import chat_of, installation_of
from agent.paths import place
from agent.settings import Settings
from agent.store.arrivals import ArrivedMessage
from agent.store.records import Records
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

Event = dict[str, Any]
PATIENCE_SECONDS = 60


T = TypeVar("T")


class Served:
    """`url` is where it is, `chat` the app behind it; `terraform.applied` tells what was applied, and by whom.

    With `real` it is the real Terraform that runs, over the sandbox; with `chats` a chat platform is served beside it.

    Blocks; any thread may use it.
    """

    def __init__(
        self,
        home: Path,
        settings: Mapping[str, Any] | None = None,
        *,
        client: Path | None = None,
        real: bool = False,
        chats: bool = False,
    ) -> None:
        merged: dict[str, Any] = {"Cloud": {"Sandbox": {"Speed": 0}}, **(settings or {})}
        merged["Web"] = {
            "Port": 0,
            "StopSeconds": 5,
            "MessagesPerMinute": 6000,
            "ReadsPerMinute": 6000,
            **merged.get("Web", {}),
        }
        self.settings = Settings.model_validate(merged)
        self.home = home
        self.terraform = InMemoryTerraform(self.settings.platform, place("templates") / "terraform")
        self._client = client
        self._chats = chats
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="served", daemon=True)
        self._thread.start()
        world = AppEnvironment(settings=self.settings, environment=dict(os.environ), home=home)
        self.app = App(world, terraform=None if real else self.terraform, inline=True)
        self.chat = chat_of(world, self.app)
        self.room = room_of(world, self.app)
        self.room.take_seat(Seat(InMemoryPlatform(), PlainCards(), "contoso"))
        self.server, self.url = self._run(self._start())

    def emit(self, event: events.Event) -> None:
        """Has the app say something, in the thread that calls this."""
        if isinstance(event, events.Message) and event.delta:
            self.app._tell(event)  # pyright: ignore[reportPrivateUsage]
            return
        now = datetime.now(UTC)

        def say(records: Records) -> None:
            if records.conversation(event.conversation).version == 0:
                records.open_conversation(event.conversation, "nobody", now=now)
            records.log(event.conversation, [event], source="work", now=now)

        self._run(self.app.kept(say))
        self._loop.call_soon_threadsafe(self.app.pulse)

    async def _start(self) -> tuple[Server, str]:
        here = installation_of(self.settings, self.home)
        if self._client is not None:
            here = replace(here, client=self._client)
        server = Server(self.chat, here, (self.room,) if self._chats else ())
        return server, await server.start()

    def restart(self, *, unanswered: tuple[ArrivedMessage, ...] = ()) -> None:
        """Ends the server and starts another under the same address, over the same app, which has that to answer."""

        async def stays_open() -> None: ...

        async def kept() -> tuple[ArrivedMessage, ...]:
            return unanswered

        port = int(self.url.rsplit(":", 1)[1])
        web = self.settings.web.model_copy(update={"port": port})
        self.settings = self.settings.model_copy(update={"web": web})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.chat, "close", stays_open)
            patch.setattr(self.chat, "unanswered", kept)
            self._run(self.server.stop())
            self.server, self.url = self._run(self._start())

    def session_of(self, person: Person, *, seconds: float, behind: float = 0.0) -> tuple[SignedInSession, str]:
        """A session that this person began so many seconds ago, and its cookie."""
        secret = self.settings.web.session_secret
        seal = Seal(secret.get_secret_value().encode() if secret else b"k" * 32)
        sessions = Sessions(seal, self.chat, hours=seconds / 3600, clock=lambda: time.time() - behind)
        return self._run(sessions.begin(person))

    def stop(self) -> None:
        """Stops gracefully, as SIGTERM does; a second time does nothing."""
        if self._loop.is_closed():
            return
        self._run(self.server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs this in the server's own loop."""
        return self._run(work)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS)


Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a server as `Served` is made, without its home; all are stopped at the end."""
    started: list[Served] = []

    def start(settings: Mapping[str, Any] | None = None, **how: Any) -> Served:
        started.append(Served(tmp_path / "home", settings, **how))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def served(serve: Serve) -> Served:
    """The server in development mode: this machine's person, with both roles."""
    return serve()


@dataclass
class Visitor:
    """Somebody at the API, with a conversation: says, clicks, and listens as a page does."""

    http: aiohttp.ClientSession
    url: str
    token: str | None = None
    csrf: str = ""
    conversation: str = ""
    heard: list[Event] = field(default_factory=list[Event])
    seq: int = 0

    @property
    def headers(self) -> dict[str, str]:
        found = {"X-Brickie-CSRF": self.csrf}
        return found if self.token is None else {**found, "Authorization": f"Bearer {self.token}"}

    async def arrive(self) -> "Visitor":
        """Signs in as the server's mode has it, and begins a conversation."""
        if self.token is None:
            async with self.http.get(self.url + "/") as page:
                assert page.status == 200, await page.text()
        self.csrf = (await self.get("/api/session"))["csrf"]
        self.conversation = (await self.post("/api/conversations", None, 201))["conversation"]
        return self

    async def get(self, path: str, status: int = 200) -> Any:
        async with self.http.get(self.url + path, headers=self.headers) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def post(self, path: str, body: object, status: int = 202, **headers: str) -> Any:
        async with self.http.post(self.url + path, json=body, headers={**self.headers, **headers}) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def say(self, text: str, until: str = "state") -> list[Event]:
        """The events after this message up to the first one of that type."""
        body = {"text": text, "client_id": uuid.uuid4().hex}
        await self.post(f"/api/conversations/{self.conversation}/messages", body)
        return await self.until(until)

    async def act(self, until: str, **button: str) -> list[Event]:
        await self.post(f"/api/conversations/{self.conversation}/actions", {"client_id": uuid.uuid4().hex, **button})
        return await self.until(until)

    async def confirm(self, plan: Event, until: str = "result") -> list[Event]:
        return await self.act(until, action="confirm", plan_id=plan["plan_id"], digest=plan["digest"])

    async def until(self, kind: str) -> list[Event]:
        """The events after the last one that was heard, up to the first of that type."""
        found: list[Event] = []
        async with asyncio.timeout(PATIENCE_SECONDS), aclosing(self.stream(after=self.seq)) as stream:
            async for seq, event in stream:
                if seq is not None:
                    self.seq = seq
                    found.append(event)
                    self.heard.append(event)
                if event["type"] == kind and seq is not None:
                    return found
        raise AssertionError(f"the stream ended before {kind}: {[event['type'] for event in found]}")

    async def history(self, after: int = 0) -> list[Event]:
        """What a page that is loaded now shows: everything up to "ready"."""
        found: list[Event] = []
        async with aclosing(self.stream(after=after)) as stream:
            async for _, event in stream:
                if event["type"] == "ready":
                    break
                found.append(event)
        return found

    async def stream(self, *, after: int) -> AsyncGenerator[tuple[int | None, Event], None]:
        headers = {**self.headers, "Last-Event-ID": str(after)}
        address = f"{self.url}/api/conversations/{self.conversation}/events"
        async with self.http.get(address, headers=headers) as response:
            assert response.status == 200, await response.text()
            seq: int | None = None
            async for raw in response.content:
                line = raw.decode().rstrip("\n")
                if line.startswith("id: "):
                    seq = int(line[4:])
                elif line.startswith("data: "):
                    yield seq, json.loads(line[6:])
                elif not line:
                    seq = None


def plan_in(events: list[Event]) -> Event:
    return next(event for event in events if event["type"] == "plan")


def types_of(events: list[Event]) -> list[str]:
    return [event["type"] for event in events]
