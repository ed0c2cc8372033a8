"""Who is at the other end: the local person on this machine only, an OpenID sign-in, or an embedding site's token.

Absent means no: without a provider or an embedding secret the server runs for its own machine, and refuses to
listen, or to be asked, under any other name. A machine has several users, and all of them reach its loopback address:
over a real subscription only who can read what the server printed comes in, by a token that opens one browser. So it is
with `Web__ByInvitation`, too, which may listen anywhere: whoever else reaches it has no token. It must be asked under a
name of this machine, so that the token and what it opens travel over no network.
"""

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from agent.channels.auth.oidc import Embedding, OpenId, local_path
from agent.channels.auth.sessions import Seal, Sessions, SignedInSession, is_same_secret
from agent.channels.http.refusals import Refused
from agent.channels.http.throttle import Throttle
from agent.settings import Settings
from agent.wording import error_of
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person

COOKIE = "brickie_session"
LOOPBACK = "127.0.0.1"
CSRF_HEADER = "X-Brickie-CSRF"
_SIGN_IN_COOKIE = "brickie_signin"
_SIGN_IN_SECONDS = 600
"""How long somebody may stay at the provider's own page."""

_INVITED = "token"
_RECOGNISED = web.RequestKey("recognised", SignedInSession)
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


@dataclass(frozen=True)
class SignInSettings:
    """How people may come in. `local` is this machine's person, None where signing in is demanded; `invites` when they
    come in by a token that was printed.
    """

    local: Person | None
    openid: OpenId | None
    embedding: Embedding | None
    sites: tuple[str, ...]
    public_url: str | None
    invites: bool = False

    @property
    def secure(self) -> bool:
        return bool(self.public_url and self.public_url.startswith("https://"))


def sign_in_settings_of(settings: Settings, local: Person) -> SignInSettings:
    """How people come in under these settings. Raises ConfigurationError where that would let in just anybody."""
    identity, web_ = settings.identity, settings.web
    if bool(identity.issuer) != bool(identity.client_id):
        raise error_of(ConfigurationError, "channels.auth.half_configured")
    for site in web_.embedding_sites:
        if not _ORIGIN.fullmatch(site):
            raise error_of(ConfigurationError, "channels.auth.bad_site")
    openid = _openid(settings)
    embedding = (
        Embedding(identity, _known_roles(settings)) if identity.embedding_secret or identity.embedding_issuer else None
    )
    alone = openid is None and embedding is None
    if alone and not (web_.by_invitation or is_loopback(web_.host)):
        raise error_of(ConfigurationError, "channels.auth.open_to_everybody", host=web_.host)
    invites = alone and (web_.by_invitation or settings.cloud.mode == "azure")
    return SignInSettings(local if alone else None, openid, embedding, web_.embedding_sites, web_.public_url, invites)


def is_loopback(host: str) -> bool:
    """True for a name or address of this machine that no other machine reaches."""
    if host.casefold() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Invitation:
    """A token that lets one browser in. When it is used there is a new one, which `tell` is given."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self.token = secrets.token_urlsafe(24)

    def take(self, offered: str) -> bool:
        if not is_same_secret(offered, self.token):
            return False
        self.token = secrets.token_urlsafe(24)
        self._tell(self.token)
        return True


class Authenticator:
    """Tells who sends a request, and lets people in and out. `reads` is how often each person may look things up;
    `invitation` where only who was told may come in.
    """

    def __init__(
        self,
        sign_in: SignInSettings,
        seal: Seal,
        sessions: Sessions,
        reads: Throttle,
        *,
        invitation: Invitation | None = None,
    ) -> None:
        self._sign_in = sign_in
        self._invitation = invitation
        self._reads = reads
        self._seal = seal
        self._sessions = sessions
        self._own: tuple[SignedInSession, str] | None = None

    async def recognise(self, request: web.Request) -> None:
        """Looks up whose cookie this request carries; before anything asks for its session."""
        cookie = request.cookies.get(COOKIE)
        if cookie and (session := await self._sessions.read(cookie)) is not None:
            request[_RECOGNISED] = session

    def session_of(self, request: web.Request) -> SignedInSession | None:
        """The session of this request; None when it carries none that holds. Raises Refused for a bad token."""
        # Before any cookie or token is looked at: under a foreign name nobody is let in here, whatever they carry.
        if self._sign_in.local is not None:
            demand_local(request)
        scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if scheme.casefold() == "bearer":
            # A bearer token never falls back on the cookie that may come along with it.
            if self._sign_in.embedding is None:
                raise Refused("not_signed_in", 401)
            person, until = self._sign_in.embedding.read(token.strip())
            return SignedInSession(f"token:{person.key}", person, until, bearer=True)
        return request.get(_RECOGNISED)

    def demand(self, request: web.Request) -> SignedInSession:
        """The session of this request. Raises Refused when there is none, when a page of ours did not send it, or when
        its person has looked things up too often.
        """
        session = self.session_of(request)
        if session is None:
            raise Refused("not_signed_in", 401)
        # What only reads changes nothing when a foreign page sends it, and that page cannot read the answer.
        if request.method in ("GET", "HEAD"):
            self.look_up(session)
        elif not session.bearer:
            self._demand_our_page(request, session)
        return session

    def look_up(self, session: SignedInSession) -> None:
        """Counts one look at the records. Raises Refused when it is one too many for this person."""
        seconds = self._reads.wait_for(session.person.id)
        if seconds:
            raise Refused("too_many_reads", 429, retry_after=seconds, seconds=seconds)

    def csrf(self, session: SignedInSession) -> str:
        return self._sessions.csrf(session)

    async def welcome(self, request: web.Request, response: web.StreamResponse) -> SignedInSession | None:
        """The session of this request for a page; for this machine's own person, where no token is asked for, the one
        that this process has for them. None when one must sign in.
        """
        session = self.session_of(request)
        local = self._sign_in.local
        # For a page that somebody goes to, never for what a foreign page loads by itself.
        if session is None and local is not None and self._invitation is None and _is_navigation(request):
            return await self._let_own_in(response, local)
        return session

    async def _let_own_in(self, response: web.StreamResponse, local: Person) -> SignedInSession:
        """Whoever comes without a cookie is the same person again: they are given the same session, not one more."""
        if self._own is not None and await self._is_young(*self._own):
            self._set_cookie(response, *self._own)
            return self._own[0]
        self._own = await self._sessions.begin(local)
        self._set_cookie(response, *self._own)
        return self._own[0]

    async def _is_young(self, session: SignedInSession, cookie: str) -> bool:
        """Not ended, and with most of its time to go."""
        return (
            session.expires_at - time.time() > self._sessions.seconds / 2
            and await self._sessions.read(cookie) is not None
        )

    async def entered(self, request: web.Request) -> web.Response | None:
        """The way on, with a session, for whoever comes with the token; None for a request without one.

        Raises Refused for a token that does not hold, and was perhaps used by somebody else.
        """
        local, token = self._sign_in.local, request.query.get(_INVITED)
        if self._invitation is None or local is None or token is None:
            return None
        response = _to(request.path)
        if self.session_of(request) is not None:
            return response
        if not (_is_navigation(request) and self._invitation.take(token)):
            raise Refused("not_invited", 403)
        await self.let_in(response, local)
        return response

    async def let_in(self, response: web.StreamResponse, person: Person) -> SignedInSession:
        """A new session, carried by a cookie that no script reads and no foreign page's request brings along."""
        session, cookie = await self._sessions.begin(person)
        self._set_cookie(response, session, cookie)
        return session

    def _set_cookie(self, response: web.StreamResponse, session: SignedInSession, cookie: str) -> None:
        seconds = int(session.expires_at - time.time())
        response.set_cookie(
            COOKIE, cookie, max_age=seconds, httponly=True, samesite="Lax", secure=self._sign_in.secure, path="/"
        )

    async def login(self, request: web.Request) -> web.StreamResponse:
        """GET /login: off to the provider; on this machine, straight in. `return_to` is where to go afterwards."""
        return_to = local_path(request.query.get("return_to", "/"))
        if self._sign_in.local is not None:
            response = _to(return_to)
            if await self.welcome(request, response) is None:
                raise Refused("not_invited" if self._invitation else "not_signed_in", 403)
            return response
        if self._sign_in.openid is None:
            raise Refused("not_found", 404)
        url, begun = await self._sign_in.openid.begin(return_to)
        response = _to(url)
        response.set_cookie(
            _SIGN_IN_COOKIE,
            self._seal.seal("sign-in", begun, seconds=_SIGN_IN_SECONDS),
            max_age=_SIGN_IN_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=self._sign_in.secure,
            path="/login",
        )
        return response

    async def callback(self, request: web.Request) -> web.StreamResponse:
        """GET /login/callback: back from the provider. The sign-in's own cookie is used up, whatever comes of it."""
        if self._sign_in.openid is None:
            raise Refused("not_found", 404)
        begun = self._seal.opened("sign-in", request.cookies.get(_SIGN_IN_COOKIE, ""))
        if begun is None:
            raise Refused("sign_in_stale", 403)
        person = await self._sign_in.openid.finish(request.query, begun)
        response = _to(local_path(str(begun["return_to"])))
        await self.let_in(response, person)
        # Used up: the same answer of the provider opens no second session.
        response.del_cookie(_SIGN_IN_COOKIE, path="/login")
        return response

    async def logout(self, request: web.Request) -> web.StreamResponse:
        """POST /logout: ends the session and takes its cookie away."""
        session = self.demand(request)
        await self._sessions.end(session)
        response = web.json_response({"login": "/login"})
        response.del_cookie(COOKIE, path="/")
        return response

    def _demand_our_page(self, request: web.Request, session: SignedInSession) -> None:
        """A cookie comes along with any page's request; the mark and the origin do not."""
        sent = request.headers.get(CSRF_HEADER, "")
        origin = request.headers.get(hdrs.ORIGIN)
        if not is_same_secret(sent, self._sessions.csrf(session)):
            raise Refused("forged", 403)
        # Browsers send the origin with every POST; scripts and tests send none, and need the mark all the same.
        if origin is not None and origin != self._own_origin(request):
            raise Refused("forged", 403)

    def _own_origin(self, request: web.Request) -> str:
        if self._sign_in.public_url:
            split = urlsplit(self._sign_in.public_url)
            return f"{split.scheme}://{split.netloc}"
        return f"{request.scheme}://{request.host}"


def _is_navigation(request: web.Request) -> bool:
    """Whether somebody goes to a page; a browser tells that from what a page of anybody's loads. Others do not tell."""
    fetch = (request.headers.get("Sec-Fetch-Dest", "document"), request.headers.get("Sec-Fetch-Mode", "navigate"))
    return request.method == hdrs.METH_GET and fetch == ("document", "navigate")


def _to(place: str) -> web.Response:
    return web.Response(status=303, headers={hdrs.LOCATION: place})


def demand_local(request: web.Request) -> None:
    """Only for this machine: not under another name (a foreign site's, rebound to us), not through a proxy."""
    host = urlsplit(f"//{request.host}").hostname or ""
    # A page of anybody's may have its own name resolve to 127.0.0.1: the name in the request tells.
    if not is_loopback(host) or any(header in request.headers for header in _FORWARDED):
        raise Refused("local_only", 403)


def _openid(settings: Settings) -> OpenId | None:
    identity, public = settings.identity, settings.web.public_url
    if not identity.signs_in:
        return None
    for key, url in (("Web__PublicUrl", public), ("Identity__Issuer", identity.issuer)):
        split = urlsplit(url or "")
        if split.scheme != "https" and not (split.scheme == "http" and is_loopback(split.hostname or "")):
            raise error_of(ConfigurationError, "channels.auth.no_https", key=key)
    return OpenId(identity, _known_roles(settings), redirect_uri=f"{(public or '').rstrip('/')}/login/callback")


def _known_roles(settings: Settings) -> tuple[str, ...]:
    approvals = settings.approvals
    ruled = (rule.role for rule in approvals.rules)
    return tuple(dict.fromkeys((approvals.requester_role, approvals.approver_role, *ruled)))
