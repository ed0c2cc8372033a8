"""A stand-in for the server: speaks the web API over real HTTP and replays recorded conversations.

For what the real server cannot be brought to on demand: a refusal at a given moment, a silence, hundreds of events.
"""

import asyncio
import json
import threading
import time
import zipfile
from collections import defaultdict, deque
from collections.abc import Awaitable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from aiohttp import web

from plugins.listening import end_listening

DIST = Path(__file__).parents[2] / "agent" / "channels" / "web_client" / "dist"
FIXTURES = Path(__file__).parent / "fixtures"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ANA = {"id": "ana@contoso.com", "name": "Ana Ruiz", "roles": ["requester", "approver"]}

Event = Mapping[str, Any]


def recorded(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / f"{name}.jsonl").read_text("utf-8").splitlines()]


def turns_of(events: Sequence[Event]) -> list[list[Event]]:
    """The events after each thing that was said, without it."""
    turns: list[list[Event]] = []
    for event in events:
        if event["type"] == "said":
            turns.append([])
        else:
            turns[-1].append(event)
    return turns


class Double:
    """Runs in a thread of its own until `stop`. `posts` is what came in; every other method is called by a test."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.refusals: deque[tuple[int, dict[str, Any], dict[str, str]]] = deque()
        self.signed_in = True
        self.deployments: list[dict[str, Any]] = []
        self.details: dict[str, dict[str, Any]] = {}
        self.approvals: list[dict[str, Any]] = []
        self.news: list[dict[str, Any]] = []
        self.wishes = False
        self.others: list[str] = []
        self.portal = ""
        self.user: dict[str, Any] = ANA
        self.token: str | None = None
        self.asked: list[str | None] = []
        self.conversations: list[dict[str, Any]] = []
        self.plans: dict[str, dict[str, Any]] = {}
        self.pieces = 0.0
        self._log: defaultdict[str, list[Event]] = defaultdict(list)
        self._turns: deque[list[Event]] = deque()
        self._changed = asyncio.Event()
        self._began = 0
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.up()

    def posted(self, count: int = 1, *, seconds: float = 10) -> list[tuple[str, dict[str, Any]]]:
        """What came in, once it is so much: what the page shows of a message is there before it has arrived."""
        until = time.monotonic() + seconds
        while len(self.posts) < count and time.monotonic() < until:
            time.sleep(0.02)
        return self.posts

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def up(self) -> None:
        self._wait(self._start())

    def down(self) -> None:
        """Gone from the network, with every open stream; what it knows stays."""
        self._wait(self._end())

    def stop(self) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def tell(self, *events: Event, conversation: str = "cnv_1") -> None:
        """These events happen now."""
        self._wait(self._note(conversation, events))

    def follow(self, events: Sequence[Event]) -> None:
        """Each message or action that comes in is answered by the next turn of these."""
        self._turns.extend(turns_of(events))

    def _wait(self, work: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result(20)

    async def _start(self) -> None:
        app = web.Application(client_max_size=1 << 20)
        app.router.add_route("OPTIONS", "/api/{path:.*}", _asked_beforehand)
        app.router.add_get("/api/session", self._session)
        app.router.add_post("/api/conversations", self._begin)
        app.router.add_get("/api/conversations", self._found)
        app.router.add_post("/api/conversations/{id}/title", self._changed_list)
        app.router.add_post("/api/conversations/{id}/delete", self._changed_list)
        app.router.add_post("/api/conversations/{id}/feedback", self._changed_list)
        app.router.add_get("/api/plans/{id}", self._plan)
        app.router.add_post("/api/conversations/{id}/messages", self._post)
        app.router.add_post("/api/conversations/{id}/actions", self._post)
        app.router.add_get("/api/conversations/{id}/events", self._events)
        app.router.add_get("/api/deployments", self._list)
        app.router.add_get("/api/deployments/{id}", self._one)
        app.router.add_get("/api/deployments/{id}/terraform.zip", self._zip)
        app.router.add_get("/api/approvals", self._waiting)
        app.router.add_post("/api/approvals/{id}", self._decided)
        app.router.add_post("/api/approvals/{id}/hand_over", self._handed_over)
        app.router.add_get("/api/news", self._unread)
        app.router.add_post("/api/news/told", self._read)
        app.router.add_post("/api/news/wish", self._wished)
        app.router.add_get("/embedded", self._embedded)
        app.router.add_get("/portal", self._portal)
        app.router.add_get("/{path:.*}", self._page)
        app.on_response_prepare.append(_secure)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def _end(self) -> None:
        runner, self._runner = self._runner, None
        self._changed.set()
        if runner is not None:
            await end_listening(runner)

    async def _note(self, conversation: str, events: Sequence[Event]) -> None:
        self._log[conversation].extend(events)
        self._changed.set()
        self._changed = asyncio.Event()

    async def _session(self, request: web.Request) -> web.Response:
        self.asked.append(request.headers.get("Authorization"))
        if not self.signed_in or (self.token and request.headers.get("Authorization") != f"Bearer {self.token}"):
            return _signed_out()
        return web.json_response(
            {
                "user": self.user,
                "csrf": "mark",
                "mode": "sandbox",
                "login": None,
                "conversations": self._known(),
                "regions": {"eastus": "East US", "westeurope": "West Europe"},
            }
        )

    def _known(self) -> list[dict[str, Any]]:
        """The conversations that hold something, and those that a test made up."""
        state = {"updated_at": "2026-11-25T09:00:00Z", "workspace": None, "state": None}
        told = [{"id": name, "title": _title(log), **state} for name, log in self._log.items()]
        return [*told, *({**state, **one} for one in self.conversations)]

    async def _found(self, request: web.Request) -> web.Response:
        sought = request.query.get("q", "").casefold()
        found = [one for one in self._known() if sought in one["title"].casefold()]
        return web.json_response({"conversations": found})

    async def _changed_list(self, request: web.Request) -> web.Response:
        self.posts.append((request.path, await request.json()))
        return web.Response(status=204)

    async def _plan(self, request: web.Request) -> web.Response:
        found = self.plans.get(request.match_info["id"])
        error = {"code": "not_found", "text": "", "retryable": False}
        return web.json_response(found or {"error": error}, status=200 if found else 404)

    async def _begin(self, _: web.Request) -> web.Response:
        if not self.signed_in:
            return _signed_out()
        self._began += 1
        return web.json_response({"conversation": f"cnv_new{self._began}"}, status=201)

    async def _post(self, request: web.Request) -> web.Response:
        if not self.signed_in:
            return _signed_out()
        if self.refusals:
            status, error, headers = self.refusals.popleft()
            return web.json_response({"error": error}, status=status, headers=headers)
        assert request.headers["X-Brickie-CSRF"] == "mark"
        body = await request.json()
        conversation = request.match_info["id"]
        if any(body["client_id"] == sent["client_id"] for _, sent in self.posts):
            return web.json_response({"accepted": True, "turn": None}, status=202)
        self.posts.append((request.path, body))
        button = None if "text" in body else {key: body[key] for key in body if key != "client_id"}
        said = {"type": "said", "text": body.get("text"), "button": button, "by": ANA, "client_id": body["client_id"]}
        await self._note(conversation, [{**said, "conversation": conversation, "turn": None}])
        if self._turns:
            await self._note(conversation, self._turns.popleft())
        return web.json_response({"accepted": True, "turn": None}, status=202)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if not self.signed_in:
            return _signed_out()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        log, sent = self._log[request.match_info["id"]], int(request.headers.get("Last-Event-ID", "0"))
        await response.write(b"retry: 1000\n\n")
        told_ready = False
        while self._runner is not None and self.signed_in:
            changed = self._changed
            for number, event in enumerate(log[sent:], sent + 1):
                line = json.dumps(event, ensure_ascii=False).encode()
                await response.write((b"" if event.get("delta") else b"id: %d\n" % number) + b"data: " + line + b"\n\n")
                sent = number
                if event.get("delta"):
                    await asyncio.sleep(self.pieces)
            if not told_ready:
                await response.write(b'data: {"type": "ready"}\n\n')
                told_ready = True
            if changed is self._changed:
                await changed.wait()
        return response

    async def _list(self, _: web.Request) -> web.Response:
        totals = {f"by_{key}": _totals(self.deployments, key) for key in ("team", "environment")}
        return web.json_response({"deployments": self.deployments, "totals": totals, "currency": "USD"})

    async def _one(self, request: web.Request) -> web.Response:
        found = self.details.get(request.match_info["id"])
        error = {"code": "not_found", "text": "There is no such workspace.", "retryable": False}
        return web.json_response(found or {"error": error}, status=200 if found else 404)

    async def _zip(self, _: web.Request) -> web.Response:
        held = BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("README.md", "Terraform of the workspace.")
        return web.Response(body=held.getvalue(), content_type="application/zip")

    async def _waiting(self, _: web.Request) -> web.Response:
        return web.json_response({"approvals": self.approvals})

    async def _decided(self, request: web.Request) -> web.Response:
        self.posts.append((request.path, await request.json()))
        return web.json_response({"accepted": True}, status=202)

    async def _handed_over(self, request: web.Request) -> web.Response:
        self.posts.append((request.path, await request.json()))
        return web.json_response({"text": "Handed over to Zoe, who is asked on Slack. You may still decide it."})

    async def _unread(self, _: web.Request) -> web.Response:
        return web.json_response({"news": self.news, "results": self.wishes, "others": self.others})

    async def _read(self, request: web.Request) -> web.Response:
        told = (await request.json())["told"]
        self.news = [each for each in self.news if each["number"] not in told]
        return web.Response(status=204)

    async def _wished(self, request: web.Request) -> web.Response:
        self.wishes = (await request.json())["results"] == "on"
        return web.json_response({"text": "From now on you are told." if self.wishes else "You are told only here."})

    async def _embedded(self, _: web.Request) -> web.Response:
        page = (
            '<!doctype html><html lang="en"><title>A portal</title><script src="/widget.js" defer></script>'
            '<body><main><h1>Portal</h1></main><brickie-chat floating locale="de"></brickie-chat></body></html>'
        )
        return web.Response(text=page, content_type="text/html")

    async def _portal(self, _: web.Request) -> web.Response:
        """A page of another site, with a policy of its own: none."""
        return web.Response(text=self.portal, content_type="text/html")

    async def _page(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        name = "chat.html" if path == "" else path.removeprefix("assets/")
        if path.startswith(("deployments", "plans")) and "." not in path:
            name = "deployments.html"
        found = DIST / name
        if not found.is_file():
            return web.Response(status=404)
        kinds = {
            ".js": "text/javascript",
            ".css": "text/css",
            ".html": "text/html",
            ".json": "application/json",
            ".svg": "image/svg+xml",
        }
        return web.Response(body=found.read_bytes(), content_type=kinds[found.suffix], charset="utf-8")


async def _secure(request: web.Request, response: web.StreamResponse) -> None:
    if origin := request.headers.get("Origin"):
        response.headers["Access-Control-Allow-Origin"] = origin
    if request.path != "/portal":
        response.headers["Content-Security-Policy"] = POLICY


async def _asked_beforehand(_: web.Request) -> web.Response:
    """A browser asks whether another origin's page may send this: here any may."""
    allowed = {"Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID, X-Brickie-CSRF"}
    return web.Response(status=204, headers=allowed)


def _signed_out() -> web.Response:
    error = {"code": "not_signed_in", "text": "Sign in first.", "retryable": False}
    return web.json_response({"error": error, "login": "/login"}, status=401)


def _title(log: Sequence[Event]) -> str:
    return next((str(event["text"]) for event in log if event["type"] == "said" and event.get("text")), "")


def _totals(rows: Sequence[Mapping[str, Any]], key: str) -> list[dict[str, Any]]:
    sums: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        if row["status"] != "destroyed" and row["monthly"] is not None:
            sums[row[key]] += row["monthly"]
    return [{key: name, "monthly": round(total, 2), "currency": "USD", "unknown": 0} for name, total in sums.items()]
