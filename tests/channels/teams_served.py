"""Brickie with Teams, whole: real server, records, room and outbox, over Microsoft's side on loopback."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import aiohttp
from teams_service import PASSWORD, Call, Sender, TeamsService, person

from agent.app import App, AppEnvironment
from agent.channels.server import Server
from agent.cli.chat_platforms import chat_platforms
from agent.cli.serve import chat_of, installation_of
from agent.events import Event
from agent.paths import place
from agent.settings import Settings
from agent.store.records import Records
from plugins.deploy.in_memory_terraform import InMemoryTerraform

ROLES = {"object-ana": "requester", "object-ines": ["requester", "approver"], "object-ben": ["approver"]}
ANA, INES, BEN, ZOE = (person(name) for name in ("Ana", "Ines", "Ben", "Zoe"))


class TeamsServed:
    """One Brickie; `url` is where it is, `service` what Microsoft saw."""

    def __init__(self, home: Path, service: TeamsService, teams: Mapping[str, Any], **more: Any) -> None:
        self.home, self.service = home, service
        tree: dict[str, Any] = {
            "Cloud": {"Sandbox": {"Speed": 0}},
            "Web": {"Port": 0, "StopSeconds": 5},
            "Teams": {"Roles": ROLES, **service.settings(), **teams},
            **more,
        }
        self.settings = Settings.model_validate(tree)
        self.sender = Sender(service.url)
        self.url = ""

    async def start(self) -> "TeamsServed":
        settings = self.settings
        environment = {**os.environ, **({"TEAMS_APP_PASSWORD": PASSWORD} if self.settings.teams.app_id else {})}
        world = AppEnvironment(settings=settings, environment=environment, home=self.home)
        self.terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        self.app = App(world, terraform=self.terraform, inline=True)
        here = installation_of(settings, self.home)
        self.chat = chat_of(world, self.app)
        self.server = Server(self.chat, here, chat_platforms(world, self.app))
        self.url = (await self.server.start()).partition("/?")[0]
        self.http = aiohttp.ClientSession()
        return self

    async def stop(self) -> None:
        await self.http.close()
        await self.server.stop()

    async def post(self, activity: dict[str, Any]) -> Any:
        """Sends that activity as Teams does; gives the answer's body. Fails on anything but success."""
        headers = {"Content-Type": "application/json", **self.service.headers()}
        async with self.http.post(f"{self.url}/api/messages", data=json.dumps(activity), headers=headers) as response:
            text = await response.text()
            assert response.status in (200, 202), f"{response.status} {text}"
            return json.loads(text) if text else None

    async def say(self, text: str, *, by: dict[str, Any] = ANA, **more: Any) -> None:
        await self.post(self.sender.text(text, by=by, **more))

    async def press(self, call: Call, verb: str, *, by: dict[str, Any] = ANA, **inputs: Any) -> Any:
        """Presses the button of that act on the card of that message, in the place where it stands."""
        action = button(call.card, verb)
        personal = call.place.startswith(("a:", "personal-"))
        conversation = {
            "id": call.place,
            "conversationType": "personal" if personal else "channel",
            "isGroup": not personal,
            "tenantId": self.settings.teams.tenant_id[0],
        }
        typed = {f"input.{name}": value for name, value in inputs.items()}
        activity = self.sender.click(action, inputs=typed, by=by, conversation=conversation, replyToId=call.message_id)
        return await self.post(activity)

    async def seen(self, words: str, *, at: str | None = None, seconds: float = 20) -> Call:
        """The newest message or edit that holds these words, once there is one."""
        until = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < until:
            for call in reversed(self.service.calls):
                if words in json.dumps(call.body, ensure_ascii=False) and at in (None, call.place):
                    return call
            await asyncio.sleep(0.05)
        told = [(call.act, call.place, call.words[:100], call.status) for call in self.service.calls]
        raise AssertionError(f"nobody was told “{words}”, but {told}; refused {self.service.refused}")

    async def conversation_of(self, account: dict[str, Any]) -> str:
        """The conversation of somebody's personal chat."""
        found = await self.app.read(lambda records: records.personal_chats())
        return next(chat.conversation for chat in found if chat.who.id == account["aadObjectId"])

    def emit(self, event: Event) -> None:
        """Has the app say something that is not kept."""
        self.app._tell(event)  # pyright: ignore[reportPrivateUsage]

    async def keep(self, event: Event) -> None:
        """Has the app say something that is kept."""

        def kept(records: Records) -> None:
            records.log(event.conversation, [event], source="work", now=datetime.now(UTC))

        await self.app.kept(kept)
        self.app.pulse()

    def shown(self, message_id: str) -> Call:
        """That message as it is shown now."""
        return next(call for call in reversed(self.service.calls) if call.message_id == message_id)


def button(card: dict[str, Any], verb: str) -> dict[str, Any]:
    """The button of that act, wherever in the card it is. Raises KeyError where there is none."""
    found = [one for one in _objects(card) if one.get("type") == "Action.Execute" and one["verb"] == verb]
    found = [one for one in found if not one["data"].get("refresh")]
    if not found:
        raise KeyError(verb)
    return found[0]


def verbs(card: dict[str, Any]) -> set[str]:
    """What can be pressed on it."""
    executes = [one for one in _objects(card) if one.get("type") == "Action.Execute"]
    return {one["verb"] for one in executes if not one["data"].get("refresh")}


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        whole = cast("dict[str, Any]", value)
        return [whole, *(inner for part in whole.values() for inner in _objects(part))]
    parts = cast("list[Any]", value) if isinstance(value, list) else []
    return [inner for part in parts for inner in _objects(part)]


@contextlib.asynccontextmanager
async def brickie_with_teams(
    home: Path, teams: Mapping[str, Any] | None = None, **more: Any
) -> AsyncGenerator[TeamsServed]:
    service = await TeamsService().start()
    service.members = [ANA, INES, BEN, ZOE]
    served = await TeamsServed(home, service, teams or {}, **more).start()
    try:
        yield served
    finally:
        await served.stop()
        await service.stop()
