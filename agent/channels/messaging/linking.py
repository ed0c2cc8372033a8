"""Making one person's identities known as one: by an address that only they were given, on a page that names both.

The address holds for ten minutes and one use. What it binds is identity, for four eyes: rights are what each channel
gives its own identity, read at each click.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from html import escape

from aiohttp import hdrs, web

from agent.channels.auth.sessions import SignedInSession, is_same_secret
from agent.channels.http.refusals import Refused
from agent.channels.http.served import ServerDoors
from agent.channels.messaging.running import RoomApp
from agent.store.audit import Entry, who_of
from agent.store.records import Records
from agent.views.news import where_of
from agent.wording import phrase
from plugins.domain.plan import Person

HOLDS = timedelta(minutes=10)
CONTENT_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""As every page's, with a form of our own and no script at all."""


class Linking:
    """`page` is the address of the web page; `now` gives the time (UTC)."""

    def __init__(self, app: RoomApp, page: str, now: Callable[[], datetime]) -> None:
        self._app = app
        self._page = page
        self._now = now
        self._doors: ServerDoors | None = None

    async def offer(self, person: Person) -> str:
        """A new address for that person; only its hash is kept."""
        code, until = secrets.token_urlsafe(24), self._now() + HOLDS

        def kept(records: Records) -> None:
            records.forget_links(self._now() - HOLDS)
            records.keep_link(_hashed(code), person, until=until)

        await self._app.kept(kept)
        return f"{self._page}/link/{code}"

    def routes(self, doors: ServerDoors) -> Sequence[web.AbstractRouteDef]:
        self._doors = doors
        return [web.get("/link/{code}", self.show), web.post("/link/{code}", self.bind)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /link/CODE: names both identities; whoever is not signed in is sent to sign in, and comes back."""
        doors = self._open_doors
        session = doors.authenticator.session_of(request)
        if session is None:
            place = f"/login?return_to={request.rel_url.raw_path}"
            return web.Response(status=303, headers={hdrs.LOCATION: place})
        doors.authenticator.look_up(session)
        code_hash, now = _hashed(request.match_info["code"]), self._now()
        person = await self._app.read(lambda records: records.link(code_hash, now=now))
        if person is None:
            return _page(_paragraph("stale"), status=404)
        if person.issuer == session.person.issuer:
            return _page(_paragraph("same_issuer"), status=409)
        return _page(_asked(person, session.person, doors.authenticator.csrf(session)))

    async def bind(self, request: web.Request) -> web.StreamResponse:
        """POST /link/CODE: binds them, once, for who was shown both."""
        session = await self._demand(request)
        code_hash, now = _hashed(request.match_info["code"]), self._now()

        def bound(records: Records) -> bool:
            person = records.link(code_hash, now=now)
            if person is None or person.issuer == session.person.issuer:
                return False
            if not records.use_link(code_hash, now=now):
                return False
            _bind(records, (person, session.person), mark=f"link:{code_hash[:32]}", now=now)
            return True

        done = await self._app.kept(bound)
        return _page(_paragraph("done" if done else "stale"), status=200 if done else 404)

    @property
    def _open_doors(self) -> ServerDoors:
        if self._doors is None:
            raise RuntimeError("the room was not begun")
        return self._doors

    async def _demand(self, request: web.Request) -> SignedInSession:
        """Who sends the page's own form. Raises Refused for anybody else's."""
        authenticator = self._open_doors.authenticator
        session = authenticator.session_of(request)
        if session is None:
            raise Refused("not_signed_in", 401)
        authenticator.look_up(session)
        sent = (await request.post()).get("csrf", "")
        is_ours = isinstance(sent, str) and is_same_secret(sent, authenticator.csrf(session))
        if not is_ours:
            raise Refused("forged", 403)
        return session


def _bind(records: Records, people: Sequence[Person], *, mark: str, now: datetime) -> None:
    records.note(
        *(
            Entry(now, who_of(person), phrase("messaging.link.audited"), f"{other.issuer} {other.id}")
            for person, other in (people, tuple(reversed(people)))
        )
    )
    for person in people:
        records.recognise(person, now=now)
    records.link_people(*people, mark=mark, now=now)


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _asked(chat: Person, here: Person, mark: str) -> str:
    platform = where_of(chat.issuer)
    lines = (
        phrase("messaging.link.chat", platform=platform, name=chat.name, id=chat.id),
        phrase("messaging.link.page", name=here.name, id=here.id),
    )
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    button = escape(phrase("messaging.link.confirm"))
    hidden = f'<input type="hidden" name="csrf" value="{escape(mark)}">'
    form = f'<form method="post">{hidden}<button>{button}</button></form>'
    return f"{_paragraph('ask')}<ul>{listed}</ul>{form}"


def _paragraph(key: str) -> str:
    return f"<p>{escape(phrase(f'messaging.link.{key}'))}</p>"


def _page(body: str, *, status: int = 200) -> web.Response:
    title = escape(phrase("messaging.link.title"))
    text = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{title}</title><link rel="stylesheet" href="/assets/app.css">'
        f'<main class="told"><h1>{title}</h1>{body}</main></html>'
    )
    headers = {"Content-Security-Policy": CONTENT_POLICY, "Referrer-Policy": "no-referrer"}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)
