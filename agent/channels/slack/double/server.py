"""The played workspace behind addresses: the Web API, the socket, files, and the page that shows it all.

It listens on loopback only. Deliveries go out as Slack's would: signed requests, three seconds to acknowledge, repeats
where nothing came back; or envelopes on the socket, where one is open.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from aiohttp import ClientError, ClientSession, ClientTimeout, WSMsgType, web

from agent.channels.slack.double.sending import (
    Sent,
    Signer,
    chosen,
    commanded,
    event,
    message_event,
    pressed,
    pressed_at_home,
    submitted,
)
from agent.channels.slack.double.workspace import BOT, ApiRefusal, Record, SlackWorkspace
from plugins.listening import end_listening

LOOPBACK = "127.0.0.1"
ACK_SECONDS = 3.0
_PAGE = Path(__file__).parent / "page"
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_CONTENT = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:"
_MOST_SAID = 60_000
_log = logging.getLogger(__name__)


class SlackDouble:
    """Serves `workspace`; `events` is where Brickie takes signed deliveries, `secret` what they are signed with."""

    def __init__(self, workspace: SlackWorkspace, *, secret: str, events: str = "") -> None:
        self.workspace = workspace
        self.events = events
        self.address = ""
        self.ack_seconds = ACK_SECONDS
        self._signer = Signer(secret)
        self._sockets: list[web.WebSocketResponse] = []
        self._acknowledged: dict[str, asyncio.Future[Record]] = {}
        self._caused: dict[str, set[str]] = {}
        self._number = 0
        self._tasks: set[asyncio.Task[Record | None]] = set()

    async def start(self, port: int = 0) -> str:
        """Listens; gives the address of its page."""
        app = web.Application(client_max_size=1_000_000)
        app.add_routes(
            [
                web.post("/api/{method}", self._api),
                web.get("/api/{method}", self._api),
                web.get("/socket", self._socket),
                web.get("/files/{name}", self._file),
                web.get("/state", self._state),
                web.post("/act", self._act),
                web.get("/", self._page),
                web.get("/{name}", self._page),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, port).start()
        self.address = f"http://{LOOPBACK}:{self._runner.addresses[0][1]}"
        self._http = ClientSession(timeout=ClientTimeout(total=ACK_SECONDS))
        return self.address

    @property
    def api_url(self) -> str:
        return f"{self.address}/api/"

    @property
    def is_connected(self) -> bool:
        """Whether somebody holds a socket open."""
        return bool(self._sockets)

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        for socket in self._sockets:
            await socket.close()
        await self._http.close()
        await end_listening(self._runner)

    async def send(self, sent: Sent) -> Record | None:
        """Delivers it as Slack would; what came back, None where nothing did in time."""
        if self._sockets:
            return await self._enveloped(sent)
        try:
            async with self._http.post(
                self.events, data=sent.body.encode(), headers=self._signer.headers(sent)
            ) as answer:
                body = await answer.text()
                if answer.status != 200:  # noqa: PLR2004 - acknowledged
                    return None
                return cast("Record", json.loads(body)) if body.startswith("{") else {}
        except (ClientError, TimeoutError):
            return None

    async def _enveloped(self, sent: Sent) -> Record | None:
        self._number += 1
        name = f"env{self._number}"
        waiting = self._acknowledged[name] = asyncio.get_running_loop().create_future()
        envelope = {"envelope_id": name, "type": sent.kind, "payload": sent.payload, "accepts_response_payload": True}
        await self._sockets[-1].send_json(envelope)
        try:
            async with asyncio.timeout(self.ack_seconds):
                return await waiting
        except TimeoutError:
            return None
        finally:
            del self._acknowledged[name]

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments: Record = dict(request.query)
        if request.content_type == "application/json":
            arguments |= await request.json()
        elif request.method == "POST":
            arguments |= dict(await request.post())
        if method == "apps.connections.open":
            return web.json_response({"ok": True, "url": f"{self.address.replace('http', 'ws')}/socket"})
        scopes = ",".join(self.workspace.scopes)
        try:
            return web.json_response(self.workspace.answer(method, arguments), headers={"X-OAuth-Scopes": scopes})
        except ApiRefusal as refusal:
            headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after is not None else {}
            body = {"ok": False, "error": refusal.error}
            return web.json_response(body, status=refusal.status, headers=headers)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "debug_info": {}, "connection_info": {}})
        self._sockets.append(socket)
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._noted(cast("Record", json.loads(message.data)))
        finally:
            self._sockets.remove(socket)
        return socket

    def _noted(self, acknowledgement: Record) -> None:
        waiting = self._acknowledged.get(str(acknowledgement.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(cast("Record", acknowledgement.get("payload") or {}))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.workspace.files.get(request.match_info["name"])
        if content is None or not request.headers.get("Authorization", "").startswith("Bearer "):
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="text/csv")

    async def _page(self, request: web.Request) -> web.StreamResponse:
        path = _PAGE / (request.match_info.get("name") or "index.html")
        if path.parent != _PAGE or path.suffix not in _KINDS or not path.is_file():
            raise web.HTTPNotFound
        headers = {"Content-Security-Policy": _CONTENT, "Cache-Control": "no-store"}
        return web.Response(text=path.read_text("utf-8"), content_type=_KINDS[path.suffix], headers=headers)

    async def _state(self, request: web.Request) -> web.StreamResponse:
        """All that `user` would see."""
        user = request.query.get("user", "")
        seen = self.workspace
        direct = {seen.direct(user): "brickie"} if user in seen.people else {}
        messages = [
            message
            for message in seen.messages.values()
            if message.get("only_for") in (None, user)
            and (message["channel"] in seen.channels or message["channel"] in direct)
        ]
        return web.json_response(
            {
                "people": [{"id": one["id"], "name": one["real_name"]} for one in seen.people.values()],
                "channels": {**seen.channels, **direct},
                "messages": messages,
                "home": seen.homes.get(user),
                "views": [view for view in seen.views.values() if str(view.get("trigger", "")) in self._triggers(user)],
                "sessions": {f"{channel}/{thread}": one for (channel, thread), one in seen.sessions.items()},
            }
        )

    def _triggers(self, user: str) -> set[str]:
        """What that person did: forms are shown to whoever caused them."""
        return self._caused.setdefault(user, set())

    async def _act(self, request: web.Request) -> web.StreamResponse:
        """What somebody does on the page. Only this page's own script may: a form of another site sends no JSON."""
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        act = cast("Record", await request.json())
        sent = self._meant(act)
        if sent is None:
            raise web.HTTPBadRequest
        self._triggers(str(act.get("user"))).add(str(sent.payload.get("trigger_id", "")))
        answered = await self.send(sent)
        if act.get("what") == "submit" and answered is not None and "errors" not in answered:
            self.workspace.views.pop(str(act.get("view")), None)
        return web.json_response({"delivered": answered is not None, "answer": answered or {}})

    def _meant(self, act: Mapping[str, Any]) -> Sent | None:
        user, seen = str(act.get("user")), self.workspace
        if user not in seen.people:
            return None
        acts: Mapping[str, Callable[[], Sent | None]] = {
            "say": lambda: self._said(user, act),
            "press": lambda: self._press(user, act),
            "submit": lambda: self._submit(user, act),
            "home": lambda: event(
                {"type": "app_home_opened", "user": user, "tab": "home", "channel": seen.direct(user)}
            ),
            "close": lambda: self._close(act),
        }
        meant = acts.get(str(act.get("what")))
        return meant() if meant is not None else None

    def _said(self, user: str, act: Mapping[str, Any]) -> Sent | None:
        channel, text = str(act.get("channel")), str(act.get("text"))[:_MOST_SAID]
        if text.startswith("/brickie"):
            return commanded(user, channel, text.removeprefix("/brickie").strip())
        mentions = "@brickie" in text
        shown = text.replace("@brickie", f"<@{BOT}>")
        message = self.workspace.said(user, channel, shown, thread=str(act.get("thread") or "") or None)
        return message_event(message, mentions=mentions)

    def _press(self, user: str, act: Mapping[str, Any]) -> Sent | None:
        element = cast("Record", act.get("element") or {})
        if act.get("home"):
            return pressed_at_home(user, element)
        message = self.workspace.messages.get((str(act.get("channel")), str(act.get("ts"))))
        if message is None:
            return None
        if act.get("shortcut"):
            return chosen(user, message)
        return pressed(user, message, element, cast("Record", act.get("values") or {}))

    def _submit(self, user: str, act: Mapping[str, Any]) -> Sent | None:
        view = self.workspace.views.get(str(act.get("view")))
        values = cast("Mapping[str, str]", act.get("values") or {})
        return submitted(user, view, values) if view is not None else None

    def _close(self, act: Mapping[str, Any]) -> Sent | None:
        self.workspace.views.pop(str(act.get("view")), None)
        return event({"type": "page_closed"})
