"""Who is signed in, carried by a cookie that this server signed: no table, and any process can read it.

What that costs: a session that is ended early is remembered as ended by this process only, and a role that is taken
away holds until the session's hours are over.
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
from pathlib import Path
from typing import cast

from pydantic import JsonValue, ValidationError

from agent.wording import error_of
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person
from plugins.private import private_folder

Payload = dict[str, JsonValue]

FEWEST_CHARACTERS = 32
"""Of a secret that keys SHA-256: a key shorter than the digest's 32 bytes weakens it (RFC 2104, section 3, 1997)."""


@dataclass(frozen=True)
class SignedInSession:
    """`expires_at` in seconds of the epoch; `bearer` when it came as a token and not as a cookie."""

    id: str
    person: Person
    expires_at: float
    bearer: bool = False


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
        if not hmac.compare_digest(mark.encode(), self.mark(purpose, body).encode()):
            return None
        payload = cast("Payload", json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
        expires = payload["exp"]
        return payload if isinstance(expires, int | float) and self._clock() < expires else None

    def mark(self, purpose: str, body: str) -> str:
        digest = hmac.new(self._secret, f"{purpose}\0{body}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Sessions:
    """Begins, reads and ends sessions of `hours`."""

    def __init__(self, seal: Seal, *, hours: float, clock: Callable[[], float] = time.time) -> None:
        self._seal = seal
        self._seconds = hours * 3600
        self._clock = clock
        self._ended: dict[str, float] = {}

    def begin(self, person: Person) -> tuple[SignedInSession, str]:
        """A new session, and the cookie's value that carries it."""
        session = SignedInSession(secrets.token_urlsafe(18), person, self._clock() + self._seconds)
        payload: Payload = {"id": session.id, "person": person.model_dump(mode="json")}
        return session, self._seal.seal("session", payload, seconds=self._seconds)

    def read(self, cookie: str) -> SignedInSession | None:
        """The session of that cookie; None when it is forged, over or was ended."""
        payload = self._seal.opened("session", cookie)
        if payload is None or payload["id"] in self._ended:
            return None
        document = payload["person"]
        # A cookie of an older Brickie names no issuer: nobody knows who vouched for that person.
        if not isinstance(document, dict) or "issuer" not in document:
            return None
        try:
            person = Person.model_validate(document)
        except ValidationError:
            return None
        return SignedInSession(str(payload["id"]), person, float(cast("float", payload["exp"])))

    def end(self, session: SignedInSession) -> None:
        now = self._clock()
        # What has expired anyway needs no remembering.
        self._ended = {key: until for key, until in self._ended.items() if until > now}
        self._ended[session.id] = session.expires_at

    def csrf(self, session: SignedInSession) -> str:
        """What a page of ours, and no foreign one, can send along."""
        return self._seal.mark("csrf", session.id)


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
