"""Asking Azure Resource Manager over HTTPS; the only file here that touches the network.

Half a list is worse than none: whatever is wrong on one page makes the whole look-up fail. Retries are for what passes
within the patience that the caller has; how long an answer may take altogether is the caller's, too.
"""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from plugins.resource_manager.address import AZURE, base_of
from plugins.resource_manager.failed import NotAnswered, not_answered
from plugins.resource_manager.sentences import SAYS

MOST_PAGES = 400
"""Of a list: 90 days of bills of 800 resource groups are 72,000 rows, 1,000 on a page as Azure cuts them."""

MOST_BYTES = 32 * 1024 * 1024
"""Of one answer; the sizes of a large region are some 4 MB."""

MOST_WAIT = 24 * 3600.0
"""Seconds: whoever asks for more, or sits before Azure and is wrong, keeps nobody from asking again the next day."""

_OK, _NO_CONTENT, _UNAUTHORIZED, _FORBIDDEN, _CONFLICT, _TOO_MANY, _OWN_FAULT = 200, 204, 401, 403, 409, 429, 500
_KINDS = {
    _NO_CONTENT: "empty",
    _UNAUTHORIZED: "sign_in",
    _FORBIDDEN: "forbidden",
    _CONFLICT: "unregistered",
    _TOO_MANY: "busy",
}

Sleep = Callable[[float], Awaitable[None]]
Token = Callable[[], Awaitable[str]]
Json = dict[str, Any]


@dataclass(frozen=True)
class Patience:
    """How often something is asked, and how many seconds are waited at most before it is asked again: who is told to
    wait longer gives up at once.
    """

    tries: int = 2
    longest: float = 1.0
    first: float = 0.2


@dataclass(frozen=True)
class ArmAnswer:
    """A page's object, and Azure's own clock when it was made, where it said so."""

    body: Json
    at: datetime | None


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    query: Mapping[str, str]
    what: str
    body: Json | None = None


class ResourceManager:
    """Reads from `base_url`, Azure's own or a double's, with a token that `token` gives. `close` ends its connections.

    `token` raises NotAnswered where there is no sign-in.
    """

    def __init__(
        self,
        token: Token,
        base_url: str = AZURE,
        *,
        sleep: Sleep = asyncio.sleep,
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        """Raises ConfigurationError for what is no address of one."""
        self._base = base_of(base_url)
        self._token = token
        self._sleep = sleep
        self._trust = trust
        self._session: aiohttp.ClientSession | None = None
        self._opening = asyncio.Lock()

    async def get(
        self, path: str, query: Mapping[str, str], *, what: str, patience: Patience = Patience()
    ) -> ArmAnswer:
        """One object. Raises NotAnswered."""
        return await self._asked(_Request("GET", path, query, what), patience)

    async def rows(
        self, path: str, query: Mapping[str, str], *, what: str, patience: Patience = Patience()
    ) -> list[Json]:
        """A list with all its pages. Raises NotAnswered."""
        rows: list[Json] = []
        following: Mapping[str, str] | None = query
        for _ in range(MOST_PAGES):
            answer = await self._asked(_Request("GET", path, following, what), patience)
            values = answer.body.get("value")
            if not isinstance(values, list):
                raise not_answered(what, SAYS("problem.odd"))
            rows += _objects(cast("list[Any]", values), what)
            path, following = next_page(answer.body.get("nextLink"), path)
            if following is None:
                return rows
        raise not_answered(what, SAYS("problem.endless", most=MOST_PAGES))

    async def post(
        self, path: str, query: Mapping[str, str], body: Json, *, what: str, patience: Patience
    ) -> ArmAnswer:
        """What a query that is sent as a POST answers. Raises NotAnswered, also where there is nothing (204)."""
        return await self._asked(_Request("POST", path, query, what, body), patience)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _asked(self, request: _Request, patience: Patience) -> ArmAnswer:
        """Asked again where Azure is busy or has a fault that may pass, as far as the patience reaches."""
        for attempt in range(patience.tries):
            try:
                return await self._once(request)
            except NotAnswered as error:
                pause = max(error.wait, patience.first * 2**attempt)
                is_passing = error.status in (0, _TOO_MANY) or error.status >= _OWN_FAULT
                if not is_passing or not error.retryable or attempt + 1 == patience.tries or pause > patience.longest:
                    raise
            await self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    async def _once(self, request: _Request) -> ArmAnswer:
        what = request.what
        if not request.path.startswith("/"):  # "@elsewhere" behind our base would be another host, with our token
            raise not_answered(what, SAYS("problem.odd"))
        session = await self._connected(what)
        try:
            headers = {"Authorization": f"Bearer {await self._token()}", "Accept": "application/json"}
            async with session.request(
                request.method,
                self._base + request.path,
                params=request.query,
                json=request.body,
                headers=headers,
                allow_redirects=False,
            ) as answer:
                if answer.status != _OK:
                    raise _refusal(answer, what)
                text = await _text(answer, what)
                return ArmAnswer(_object(text, what), _clock(answer.headers.get("Date")))
        except (aiohttp.ClientError, OSError) as error:
            raise not_answered(what, SAYS("problem.unreachable")) from error

    async def _connected(self, what: str) -> aiohttp.ClientSession:
        async with self._opening:
            if self._session is None:
                # The system's certificates are read here, and not at import: SSL_CERT_FILE may name others.
                try:
                    trusted = await asyncio.to_thread(self._trust)
                except (OSError, ValueError) as error:  # no such file, or no certificate in it
                    raise _for_good(not_answered(what, SAYS("problem.trust"))) from error
                connector = aiohttp.TCPConnector(ssl=trusted)
                self._session = aiohttp.ClientSession(connector=connector, trust_env=True)
            return self._session


def next_page(link: object, path: str) -> tuple[str, dict[str, str] | None]:
    """Path and query of the next page, None after the last. Its host is left aside: the token goes nowhere else."""
    if not isinstance(link, str) or not link:
        return path, None
    parts = urlsplit(link)
    return parts.path or path, dict(parse_qsl(parts.query, keep_blank_values=True))


def _objects(values: list[Any], what: str) -> list[Json]:
    if not all(isinstance(value, dict) for value in values):
        raise not_answered(what, SAYS("problem.odd"))
    return cast("list[Json]", values)


def _refusal(answer: aiohttp.ClientResponse, what: str) -> NotAnswered:
    status = answer.status
    kind = _KINDS.get(status) or ("broken" if status >= _OWN_FAULT else "refused")
    problem = SAYS(f"refusal.{kind}", status=status)
    return not_answered(what, problem, status=status, wait=asked_to_wait(answer.headers))


def asked_to_wait(headers: Mapping[str, str]) -> float:
    """The longest wait in seconds that any header asks for, a day at most: Retry-After, or one of Cost Management's
    own, which has one each for its units, the entity, the client and the tenant
    (learn.microsoft.com/azure/cost-management-billing/costs/manage-automation, read 2026-11-22).
    """
    waits = [
        value
        for name, value in headers.items()
        if name.casefold() == "retry-after"
        or (name.casefold().startswith("x-ms-ratelimit-microsoft.costmanagement") and name.endswith("retry-after"))
    ]
    return max((min(float(value), MOST_WAIT) for value in waits if value.strip().isdecimal()), default=0.0)


async def _text(answer: aiohttp.ClientResponse, what: str) -> bytes:
    text = bytearray()
    async for piece in answer.content.iter_chunked(64 * 1024):
        text += piece
        if len(text) > MOST_BYTES:
            raise not_answered(what, SAYS("problem.large", most=MOST_BYTES // 2**20))
    return bytes(text)


def _object(text: bytes, what: str) -> Json:
    if text.lstrip()[:1] == b"<":
        raise _for_good(not_answered(what, SAYS("problem.html")))
    try:
        body = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise _for_good(not_answered(what, SAYS("problem.cut_off"))) from error
    if not isinstance(body, dict):
        raise _for_good(not_answered(what, SAYS("problem.odd")))
    return cast("Json", body)


def _for_good(error: NotAnswered) -> NotAnswered:
    """What is wrong with an answer is not asked for again."""
    error.retryable = False
    return error


def _clock(date: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(date).astimezone(UTC) if date else None
    except ValueError:
        return None
