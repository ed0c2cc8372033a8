"""The server: which address leads where, what every answer carries, and how it starts and stops.

Starting refuses what would be unsafe (`identity.sign_in_settings_of`). Stopping takes no new messages, lets accepted
ones be answered, ends the streams and then closes the app; pages come back by themselves and lose nothing.
"""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import hdrs, web

from agent.channels.auth.identity import (
    CSRF_HEADER,
    LOOPBACK,
    Authenticator,
    Invitation,
    SignInSettings,
    is_loopback,
    sign_in_settings_of,
)
from agent.channels.auth.sessions import Seal, Sessions, secret_of
from agent.channels.http.addresses import Proxies
from agent.channels.http.refusals import Refused, answer_to, with_retry
from agent.channels.http.served import ServedChannel, ServerDoors
from agent.channels.http.throttle import Throttle
from agent.channels.web.approvals import ApprovalsPage
from agent.channels.web.deployments import DeploymentsPage
from agent.channels.web.news import NewsPage
from agent.channels.web.pages import Pages
from agent.channels.web.port import WebChat
from agent.channels.web.routes import RateLimits, ServerFacts, WebChannel
from agent.heap import collect_seldom
from agent.output import tell
from agent.settings import Settings
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person
from plugins.listening import end_listening

MOST_BYTES = 1_000_000
"""Of one request: the longest message, with every character escaped."""

_SIGN_INS_PER_MINUTE = 60
_MISSING = 404
_CLOSE_SECONDS = 2.0
_CONTENT_SOURCES = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:"),
    "connect-src": ("'self'",),
    "base-uri": ("'none'",),
    "form-action": ("'none'",),
}
"""Where a page of ours may take what from: no script, style or request of anybody else's, and nothing inline."""

_ALLOWED_HEADERS = (hdrs.AUTHORIZATION, hdrs.CONTENT_TYPE, "Last-Event-ID", CSRF_HEADER)
_ASKED_BEFOREHAND = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": ", ".join(_ALLOWED_HEADERS),
    "Access-Control-Max-Age": "600",
}

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Installation:
    """What a server is made of besides the app: settings, this machine's person, and where things lie: the state
    (`home`) and the built pages (`client`).
    """

    settings: Settings
    local: Person
    home: Path
    client: Path


class Server:
    """One listening server over a running app. Raises ConfigurationError when it would be open to everybody.

    `served` are the channels beside the web page; whether they work is no matter of /healthz and /readyz.
    """

    def __init__(self, chat: WebChat, installation: Installation, served: Sequence[ServedChannel] = ()) -> None:
        self._chat = chat
        self._served = served
        self._here = installation
        self._sign_in = sign_in_settings_of(installation.settings, installation.local)
        self._proxies = Proxies(installation.settings.web.trusted_proxies)
        self._pages = Pages(installation.client)
        self._sign_ins = Throttle(_SIGN_INS_PER_MINUTE, _SIGN_INS_PER_MINUTE, time.monotonic)
        self._headers = _headers(self._sign_in)
        self._invitation = Invitation(self._invite_next) if self._sign_in.invites else None
        self._address = ""
        self._ready = False

    async def start(self) -> str:
        """Listens; gives the address under which this machine reaches it, with the token where one is asked for.

        Raises ConfigurationError.
        """
        settings = self._here.settings
        seal = Seal(_secret(self._here))
        reads = Throttle.of_person(settings.web.reads_per_minute, time.monotonic)
        sessions = Sessions(seal, self._chat, hours=settings.web.session_hours)
        self._authenticator = Authenticator(self._sign_in, seal, sessions, reads, invitation=self._invitation)
        # The app runs before anybody can connect.
        await self._chat.begin()
        mode = settings.cloud.mode
        facts = ServerFacts(mode, settings.identity.signs_in, self._sign_in.local is not None and mode == "sandbox")
        limits = RateLimits(settings.web.messages_per_minute, settings.web.streams)
        self._channel = WebChannel(self._chat, self._authenticator, limits, facts)
        # What an earlier process left unanswered goes before anything that is said to this one.
        await self._channel.begin()
        doors = ServerDoors(self._authenticator, page_address(settings))
        for channel in self._served:
            await channel.begin(doors)
        self._runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=_CLOSE_SECONDS, keepalive_timeout=75
        )
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, settings.web.host, settings.web.port).start()
        except OSError as error:
            await end_listening(self._runner)
            raise error_of(
                ConfigurationError, "channels.server.no_port", host=settings.web.host, port=settings.web.port
            ) from error
        self._ready = True
        collect_seldom(looked_through=True)
        host, port = self._runner.addresses[0][:2]
        if self._sign_in.local is not None and not is_loopback(host):
            host = LOOPBACK  # what is listened on is no name by which anybody is let in
        self._address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        return self._address if self._invitation is None else f"{self._address}/?token={self._invitation.token}"

    def _invite_next(self, token: str) -> None:
        tell(phrase("channels.server.invite_next", address=self._address, token=token))

    async def stop(self) -> None:
        """Stops gracefully; see this module."""
        self._ready = False
        # First the turns, while their streams are open: people see the answers; then the connections, then the app.
        seconds = self._here.settings.web.stop_seconds
        until = time.monotonic() + seconds
        # Of the others that which began last: the room's answers go out while its platforms are there.
        await asyncio.gather(self._channel.stop(seconds), *(channel.stop(seconds) for channel in self._served[-1:]))
        await end_listening(self._runner)
        for channel in reversed(self._served[:-1]):
            await channel.stop(max(_CLOSE_SECONDS, until - time.monotonic()))
        await self._channel.stop(_CLOSE_SECONDS)  # what was being accepted meanwhile
        await self._chat.close()

    @property
    def open_streams(self) -> int:
        return self._channel.open_streams

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[self._answered], client_max_size=MOST_BYTES)
        app.on_response_prepare.append(self._dressed)
        currency = self._here.settings.defaults.currency
        app.add_routes(
            [
                *self._channel.routes(),
                *(route for channel in self._served for route in channel.routes()),
                *DeploymentsPage(self._chat, self._authenticator, currency).routes(),
                *ApprovalsPage(self._chat, self._authenticator, self._channel).routes(),
                *NewsPage(self._chat, self._authenticator, self._channel).routes(),
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/login", self._authenticator.login),
                web.get("/login/callback", self._authenticator.callback),
                web.post("/logout", self._authenticator.logout),
                web.get("/", self._page),
                web.get("/deployments", self._page),
                web.get("/deployments/{deployment_id}", self._page),
                web.get("/plans/{plan_id}", self._page),
                web.get("/widget.js", self._file),
                web.get("/assets/{name:.+}", self._file),
            ]
        )
        return app

    async def _healthz(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"status": "ok"})

    async def _readyz(self, _: web.Request) -> web.StreamResponse:
        """Whether messages can be taken in: started, not stopping, and the records answer."""
        if not self._ready:
            raise Refused("stopping", 503, retry_after=1)
        # Any read will do: it fails when the database is gone.
        await self._chat.owner_of("cnv_none")
        return web.json_response({"status": "ready"})

    async def _page(self, request: web.Request) -> web.StreamResponse:
        """A page, for whoever is signed in; the others are sent to sign in, and come back here."""
        if (entered := await self._authenticator.entered(request)) is not None:
            return entered
        name = "chat.html" if request.path == "/" else "deployments.html"
        if name not in self._pages:
            return web.Response(text=phrase("web.pages.not_built"), status=404)
        response = self._pages.answer(request, name)
        asks = self._here.settings.identity.signs_in or self._sign_in.invites
        if await self._authenticator.welcome(request, response) is None and asks:
            place = web.Response(status=303)
            place.headers[hdrs.LOCATION] = f"/login?return_to={request.rel_url.raw_path}"
            return place
        return response

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return self._pages.answer(request, request.match_info.get("name", "widget.js"))

    def _asked_beforehand(self, request: web.Request) -> web.StreamResponse:
        """A browser asks whether a page of another site may send this: one of an embedding site may."""
        if request.headers.get(hdrs.ORIGIN) not in self._sign_in.sites:
            raise Refused("forged", 403)
        return web.Response(status=204, headers=_ASKED_BEFOREHAND)

    @web.middleware
    async def _answered(self, request: web.Request, handler: Answer) -> web.StreamResponse:
        """Whatever goes wrong becomes one clear sentence."""
        try:
            # Before anything else: nobody has a session yet there, so the address is all that can be counted.
            if request.path.startswith("/login"):
                self._count_sign_in(request)
            if request.method == hdrs.METH_OPTIONS:
                return self._asked_beforehand(request)
            await self._authenticator.recognise(request)
            return await handler(request)
        except Exception as error:  # noqa: BLE001 - the top of a request: logged with a number where it is ours
            if request.path.startswith("/login") and isinstance(error, Refused):
                return self._told_on_a_page(
                    error, phrase("web.pages.sign_in_title"), ("/login", phrase("web.pages.again"))
                )
            return self._answer_for_people(request, error) or answer_to(error)

    def _count_sign_in(self, request: web.Request) -> None:
        seconds = self._sign_ins.wait_for(self._proxies.client_of(request))
        if seconds:
            raise Refused("flood", 429, retry_after=seconds, seconds=seconds)

    def _answer_for_people(self, request: web.Request, error: Exception) -> web.Response | None:
        """A page for whoever went to an address where there is nothing; None where a program asked."""
        is_missing = isinstance(error, web.HTTPNotFound) or (isinstance(error, Refused) and error.status == _MISSING)
        goes_there = request.method == hdrs.METH_GET and "text/html" in request.headers.get(hdrs.ACCEPT, "")
        if not (is_missing and goes_there):
            return None
        back = ("/", phrase("web.pages.back"))
        return self._told_on_a_page(Refused("not_found", _MISSING), phrase("web.pages.missing"), back)

    def _told_on_a_page(self, refused: Refused, title: str, next_step: tuple[str, str]) -> web.Response:
        """What a browser is shown in the place of what it went to: the sentence, and where to go on."""
        from html import escape

        place, words = next_step
        body = (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f'<title>{escape(title)}</title><link rel="stylesheet" href="/assets/app.css">'
            f'<link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">'
            f'<main class="told"><h1>{escape(title)}</h1><p>{escape(refused.text)}</p>'
            f'<p><a href="{place}">{escape(words)}</a></p></main></html>'
        )
        response = web.Response(text=body, status=refused.status, content_type="text/html")
        return with_retry(response, refused)

    async def _dressed(self, request: web.Request, response: web.StreamResponse) -> None:
        """What every answer carries, streams included."""
        # A page with a form of its own says so itself.
        own = response.headers.get("Content-Security-Policy")
        response.headers.update(self._headers if own is None else {**self._headers, "Content-Security-Policy": own})
        response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is not None and origin in self._sign_in.sites:
            response.headers["Access-Control-Allow-Origin"] = origin
        # Also where no site asked: a cache must not give one site the answer that was made for another.
        if self._sign_in.sites:
            response.headers.add(hdrs.VARY, "Origin")


def page_address(settings: Settings) -> str:
    """Where people reach the web page, without a slash at its end."""
    web_ = settings.web
    return (web_.public_url or f"http://{web_.host}:{web_.port}").rstrip("/")


def serve(chat: WebChat, installation: Installation, served: Sequence[ServedChannel] = ()) -> int:
    """Serves until it is told to stop (SIGINT, SIGTERM)."""
    return asyncio.run(_until_stopped(Server(chat, installation, served), chat))


async def _until_stopped(server: Server, chat: WebChat) -> int:
    try:
        address = await server.start()
    # Also on Ctrl-C in the middle of starting: the app may hold locks by then.
    except BaseException:
        await chat.close()
        raise
    tell(phrase("channels.server.at", address=address))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
    tell(phrase("channels.server.stopping"))
    # A second Ctrl-C ends the process at once: what was accepted is kept, and taken up by the next start.
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.remove_signal_handler(number)
    await server.stop()
    return 0


def _secret(here: Installation) -> bytes:
    configured = here.settings.web.session_secret
    return secret_of(configured.get_secret_value() if configured else None, here.home)


def _headers(sign_in: SignInSettings) -> dict[str, str]:
    """Nothing runs or loads but what this server gives; no other site may show it but those named."""
    policy = {**_CONTENT_SOURCES, "frame-ancestors": sign_in.sites or ("'none'",)}
    headers = {
        "Server": "Brickie",
        "Content-Security-Policy": "; ".join(" ".join((name, *sources)) for name, sources in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if sign_in.sites else "same-origin",
    }
    if sign_in.secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers
