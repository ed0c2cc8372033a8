"""Who is signed in: the cookie is a number that says nothing, and who it stands for is in the records.

Any process of the same records can read it, and a session that was ended is ended for all of them, at the latest
`HELD_SECONDS` later. A role that is taken away holds until the session's hours are over.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, cast

from pydantic import JsonValue

from agent.store.web_sessions import KeptSession
from agent.wording import error_of
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person
from plugins.private import private_folder

Payload = dict[str, JsonValue]

FEWEST_CHARACTERS = 32
"""Of a secret that keys SHA-256: a key shorter than the digest's 32 bytes weakens it (RFC 2104, section 3, 1997)."""


HELD_SECONDS = 10.0
"""So long a process believes what it read of a session: as much later it may notice that another process ended it."""

_MOST_HELD = 10_000
"""Sessions that are remembered at once; about 10 MB."""


@dataclass(frozen=True)
class SignedInSession:
    """`expires_at` in seconds of the epoch; `bearer` when it came as a token and not as a cookie."""

    id: str
    person: Person
    expires_at: float
    bearer: bool = False


def is_same_secret(sent: str, ours: str) -> bool:
    """In constant time: what is nearly right must not be told from what is not."""
    return hmac.compare_digest(_bytes_of(sent), _bytes_of(ours))


def _bytes_of(text: str) -> bytes:
    # Bytes of a header that are no UTF-8 reach us as surrogates, which plain UTF-8 has no bytes for.
    return text.encode("utf-8", "surrogatepass")


class Seal:
    """Signs small values for one purpose each, so that none can be passed off as another."""

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    def seal(self, purpose: str, payload: Payload, *, seconds: float) -> str:
        # The time is inside what is signed: nobody makes a cookie last longer.
        dated = {**payload, "exp": self._clock() + seconds}
        body = base64.urlsafe_b64encode(json.dumps(dated, separators=(",", ":")).encode()).decode().rstrip("=")
        return f"{body}.{self.mark(purpose, body)}"

    def opened(self, purpose: str, text: str) -> Payload | None:
        """What was sealed for that purpose; None when it was not, not here, or is too old."""
        body, _, mark = text.partition(".")
        # The mark first: what nobody sealed is not even parsed.
        if not is_same_secret(mark, self.mark(purpose, body)):
            return None
        payload = cast("Payload", json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
        expires = payload["exp"]
        return payload if isinstance(expires, int | float) and self._clock() < expires else None

    def mark(self, purpose: str, body: str) -> str:
        digest = hmac.new(self._secret, _bytes_of(f"{purpose}\0{body}"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class SessionBook(Protocol):
    """Where sessions are kept."""

    async def keep_session(self, session: KeptSession) -> None: ...
    async def session(self, mark: str) -> KeptSession | None: ...
    async def end_session(self, mark: str) -> None: ...


class Sessions:
    """Begins, reads and ends sessions of `hours`."""

    def __init__(self, seal: Seal, book: SessionBook, *, hours: float, clock: Callable[[], float] = time.time) -> None:
        self._seal = seal
        self._book = book
        self.seconds = hours * 3600
        self._clock = clock
        self._held: dict[str, tuple[SignedInSession, float]] = {}

    async def begin(self, person: Person) -> tuple[SignedInSession, str]:
        """A new session, and the cookie's value that stands for it."""
        cookie = secrets.token_urlsafe(32)
        session = SignedInSession(_mark(cookie), person, self._clock() + self.seconds)
        await self._book.keep_session(KeptSession(session.id, person, datetime.fromtimestamp(session.expires_at, UTC)))
        return session, cookie

    async def read(self, cookie: str) -> SignedInSession | None:
        """The session of that cookie; None when there is none, or it is over or was ended."""
        now, mark = self._clock(), _mark(cookie)
        session, until = self._held.get(mark, (None, 0.0))
        # Every request asks, and hardly ever is the answer another one.
        if session is None or until <= now:
            session = await self._looked_up(mark, now)
        return session if session is not None and session.expires_at > now else None

    async def end(self, session: SignedInSession) -> None:
        self._held.pop(session.id, None)
        await self._book.end_session(session.id)

    def csrf(self, session: SignedInSession) -> str:
        """What a page of ours, and no foreign one, can send along."""
        return self._seal.mark("csrf", session.id)

    async def _looked_up(self, mark: str, now: float) -> SignedInSession | None:
        self._held.pop(mark, None)
        kept = await self._book.session(mark)
        if kept is None:
            return None
        session = SignedInSession(mark, kept.person, kept.expires_at.timestamp())
        if len(self._held) >= _MOST_HELD:
            self._held.clear()
        self._held[mark] = (session, now + HELD_SECONDS)
        return session


def _mark(cookie: str) -> str:
    """Of 32 random bytes: nobody finds the cookie from it, so no salt is needed."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def secret_of(configured: str | None, home: Path) -> bytes:
    """The secret that signs sessions: the configured one, else one made once and kept in `home`.

    Raises ConfigurationError for one that is too short, or where nothing can be kept.
    """
    if configured is not None:
        if len(configured) < FEWEST_CHARACTERS:
            raise error_of(ConfigurationError, "channels.auth.weak_secret")
        return configured.encode()
    path = home / "web.key"
    try:
        private_folder(home)
        if not path.exists():
            _make(path)
        return path.read_bytes()
    except OSError as error:
        raise error_of(ConfigurationError, "channels.auth.home_unwritable") from error


def _make(path: Path) -> None:
    """Whole or not at all: two servers that start at once agree on the first one's."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(secrets.token_bytes(32))
    try:
        # Linking fails where the name is taken, in one step; a look before would leave a gap.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
