"""Who sent an activity: the token of the Bot Framework that comes with it, checked.

Signature RS256 by a key of the published set, issuer, audience (our app), times with five minutes of leeway, an end;
the service address that the activity names must be the one that was signed, and the key must be good for the channel
(learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication, read 2026-11-22). The SDK's
own check answers 500 to most wrong tokens and misses new keys for up to a day (botframework-connector 4.17.1).
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import jwt
from aiohttp import ClientError, ClientSession, ClientTimeout

_log = logging.getLogger(__name__)

ISSUER = "https://api.botframework.com"
"""The only one whose tokens count, whoever published the keys."""

_LEEWAY_SECONDS = 300
_KEPT_SECONDS = 24 * 3600.0
_REFETCH_SECONDS = 60.0
"""How soon keys are asked for again: a new one is found soon, and no stranger's token makes us ask more often."""

_FIRST_SECONDS = 5.0
"""The same while none was read yet: nobody can be let in meanwhile."""

_MOST_TRUSTED_SECONDS = 3600.0
"""A token is looked at again after this, however long it lasts: its key may have been withdrawn."""

_FETCH_SECONDS = 10.0
_MOST_KNOWN = 1000
_MOST_CHARACTERS = 16_000


class NotVerified(Exception):
    """Nobody whom we can tell sent this."""


@dataclass(frozen=True)
class SigningKey:
    key: Any
    endorsements: frozenset[str] | None
    """Channels that it may speak for; None where it does not say."""


@dataclass(frozen=True)
class Sender:
    """Whoever holds a good token: the address that it was signed for, and the channels that its key may speak for."""

    service_url: str
    endorsements: frozenset[str] | None
    until: float

    def demand(self, service_url: str, channel: str) -> None:
        """Raises NotVerified when that activity is not this sender's."""
        if self.service_url.rstrip("/").casefold() != service_url.rstrip("/").casefold():
            raise NotVerified
        if self.endorsements is not None and channel not in self.endorsements:
            raise NotVerified


class SigningKeys:
    """The published keys, read when they are first needed, when they are a day old, and for one that is unknown."""

    def __init__(self, metadata_url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = metadata_url
        self._clock = clock
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched: float | None = None
        self._tried: float | None = None
        self._lock = asyncio.Lock()

    async def key(self, kid: str) -> SigningKey:
        """Raises NotVerified for one that is not published, and while none can be read."""
        if kid not in self._keys or self._age >= _KEPT_SECONDS:
            async with self._lock:
                if kid not in self._keys or self._age >= _KEPT_SECONDS:
                    await self._refresh()
        if kid not in self._keys:
            raise NotVerified
        return self._keys[kid]

    @property
    def _age(self) -> float:
        return self._clock() - self._fetched if self._fetched is not None else _KEPT_SECONDS

    async def _refresh(self) -> None:
        """Keys that were read stay good while they cannot be read anew."""
        pause = _REFETCH_SECONDS if self._fetched is not None else _FIRST_SECONDS
        if self._tried is not None and self._clock() - self._tried < pause:
            return
        self._tried = self._clock()
        try:
            self._keys = await _fetched_keys(self._url)
        except (ClientError, OSError, TimeoutError, ValueError, TypeError, KeyError, AttributeError) as error:
            _log.warning("the signing keys of Teams cannot be read from %s (%s)", self._url, type(error).__name__)
            return
        self._fetched = self._clock()


async def _fetched_keys(url: str) -> Mapping[str, SigningKey]:
    async with ClientSession(timeout=ClientTimeout(total=_FETCH_SECONDS)) as http:
        async with http.get(url) as response:
            response.raise_for_status()
            address = (await response.json(content_type=None))["jwks_uri"]
        async with http.get(address) as response:
            response.raise_for_status()
            published = (await response.json(content_type=None))["keys"]
    return {kid: key for kid, key in map(_read, published) if key is not None}


def _read(published: Mapping[str, Any]) -> tuple[str, SigningKey | None]:
    """One published key; None for what signs nothing here."""
    try:
        key = jwt.PyJWK(dict(published), algorithm="RS256").key
    except (jwt.PyJWTError, ValueError, TypeError):
        return "", None
    named = published.get("endorsements")
    channels = frozenset(str(one) for one in cast("list[object]", named)) if isinstance(named, list) and named else None
    return str(published.get("kid", "")), SigningKey(key, channels)


class TokenCheck:
    """`Authorization` in, whoever sent it out. A good token is read once: a sender uses one for an hour."""

    def __init__(self, app_id: str, keys: SigningKeys, clock: Callable[[], float] = time.time) -> None:
        self._app_id = app_id
        self._keys = keys
        self._clock = clock
        self._known: dict[bytes, Sender] = {}

    async def sender(self, authorization: str | None) -> Sender:
        """Raises NotVerified for anything but one good token."""
        scheme, _, token = (authorization or "").partition(" ")
        # The scheme as it is sent by the channel: the SDK takes no other spelling either.
        if scheme != "Bearer" or not token or len(token) > _MOST_CHARACTERS:
            raise NotVerified
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        known = self._known.get(digest)
        if known is not None and self._clock() < known.until:
            return known
        sender = await self._checked(token)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[digest] = sender
        return sender

    async def _checked(self, token: str) -> Sender:
        try:
            header = jwt.get_unverified_header(token)
            kid = header.get("kid")
            if header.get("alg") != "RS256" or not isinstance(kid, str):
                raise NotVerified
            key = await self._keys.key(kid)
            claims = self._claims(token, key)
            until = min(float(claims["exp"]) + _LEEWAY_SECONDS, self._clock() + _MOST_TRUSTED_SECONDS)
        # What reading a token of somebody else's making raises besides the library's own errors.
        except (jwt.PyJWTError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
            raise NotVerified from error
        address = claims.get("serviceurl", claims.get("serviceUrl"))
        if not isinstance(address, str):
            raise NotVerified
        return Sender(address, key.endorsements, until)

    def _claims(self, token: str, key: SigningKey) -> Mapping[str, Any]:
        return jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=self._app_id,
            issuer=ISSUER,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud"]},
        )
