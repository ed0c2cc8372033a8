"""Signing in through an OpenID provider: authorization code with PKCE, by Authlib; tokens checked by joserfc.

Nothing is kept here between the two halves of a sign-in: what the second half needs (state, nonce, verifier, where
to go afterwards) travels in a sealed cookie of ten minutes.
"""

import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self, cast
from urllib.parse import urlsplit

from agent.channels.auth.claims import person_of
from agent.channels.auth.sessions import FEWEST_CHARACTERS, Payload, is_same_secret
from agent.channels.http.refusals import Refused
from agent.settings import IdentitySettings
from agent.wording import error_of
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person

if TYPE_CHECKING:
    from joserfc.jwk import Key, KeySet

_log = logging.getLogger(__name__)
_UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
"""What reading a token or a key of somebody else's making raises, besides joserfc's own errors (seen with 1.x: a number
of 400 digits, deep nesting, a header "crit" that is no list).
"""

_ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures of a key that only the provider has; a shared secret or no signature at all is never taken."""

_KEPT_SECONDS = 3600.0
_REFETCH_SECONDS = 60.0
"""How old keys may be when a token is signed by none of them: a new key is found soon, and no stranger's token makes us
ask the provider more often.
"""

_LEEWAY_SECONDS = 120
"""By how much the provider's clock may differ from ours."""


class _Flow(Protocol):
    """What is used of Authlib's client, which ships without types."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *_: object) -> None: ...
    def create_authorization_url(self, url: str, *, code_verifier: str, nonce: str) -> tuple[str, str]: ...
    async def fetch_token(self, url: str, *, code: str, code_verifier: str) -> Mapping[str, object]: ...


class OpenId:
    """One provider. `roles` are those that the settings know; `redirect_uri` is where it sends people back to."""

    def __init__(
        self,
        identity: IdentitySettings,
        roles: Sequence[str],
        *,
        redirect_uri: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        _require_authlib()
        self._identity = identity
        self._roles = roles
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._metadata: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def begin(self, return_to: str) -> tuple[str, Payload]:
        """Where to send the browser, and what to keep until it comes back."""
        metadata = await self._provider()
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        async with self._client() as client:
            url, state = client.create_authorization_url(
                metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
            )
        return url, {"state": state, "nonce": nonce, "verifier": verifier, "return_to": local_path(return_to)}

    async def finish(self, query: Mapping[str, str], begun: Payload) -> Person:
        """Who came back. Raises Refused for anything that was not begun by this browser or does not hold."""
        # The state first: nothing of an answer that this browser did not ask for is looked at.
        if not is_same_secret(query.get("state", ""), str(begun["state"])):
            raise Refused("sign_in_stale", 403)
        if not query.get("code") or query.get("error"):
            raise Refused("sign_in_failed", 403)
        metadata = await self._provider()
        token = await self._exchanged(metadata["token_endpoint"], query["code"], str(begun["verifier"]))
        return person_of(await self._checked(token, nonce=str(begun["nonce"])), self._identity, self._roles)

    async def _exchanged(self, endpoint: str, code: str, verifier: str) -> str:
        from authlib.integrations.base_client.errors import OAuthError  # of the extra "oidc"
        from httpx import HTTPError

        async with self._client() as client:
            try:
                tokens = await client.fetch_token(endpoint, code=code, code_verifier=verifier)
            except OAuthError as error:
                raise Refused("sign_in_failed", 403) from error
            except (HTTPError, ValueError) as error:
                raise Refused("sign_in_unreachable", 503) from error
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise Refused("sign_in_failed", 403)
        return token

    async def _checked(self, token: str, *, nonce: str) -> Mapping[str, object]:
        """The claims of an id token that this provider signed, for us, for this sign-in, and that still holds."""
        from joserfc import errors, jwt  # comes with Authlib

        try:
            claims = await self._decoded(token)
            jwt.JWTClaimsRegistry(
                now=lambda: int(self._clock()),
                leeway=_LEEWAY_SECONDS,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._identity.client_id or ""},
                exp={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (errors.JoseError, *_UNREADABLE) as error:
            raise Refused("sign_in_failed", 403) from error
        # One of several audiences is not enough: a token that was issued to another application names that one here.
        if claims.get("azp", self._identity.client_id) != self._identity.client_id:
            raise Refused("sign_in_failed", 403)
        return claims

    async def _decoded(self, token: str) -> dict[str, Any]:
        """The claims under a good signature; a key that we do not know yet is asked for, once a minute at most."""
        from joserfc import errors, jwt

        try:
            return jwt.decode(token, await self._keyset(_KEPT_SECONDS), algorithms=_ALGORITHMS).claims
        except (errors.JoseError, *_UNREADABLE):
            # Providers change their keys without notice: one that is unknown may be new.
            return jwt.decode(token, await self._keyset(_REFETCH_SECONDS), algorithms=_ALGORITHMS).claims

    async def _provider(self) -> Mapping[str, Any]:
        """The provider's own description, read again every hour. Raises Refused when it is another's."""
        if self._metadata is None or self._clock() - self._metadata[0] > _KEPT_SECONDS:
            metadata = await self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            # OpenID Connect Discovery 1.0, section 4.3: the issuer must be the very one that was asked.
            if metadata.get("issuer") != self._issuer or not all(isinstance(metadata.get(key), str) for key in needed):
                raise Refused("sign_in_unreachable", 503)
            self._metadata = (self._clock(), metadata)
        return self._metadata[1]

    async def _keyset(self, most_seconds: float) -> "KeySet":
        from joserfc.jwk import KeySet

        if self._keys is None or self._clock() - self._keys[0] > most_seconds:
            documents = await self._get((await self._provider())["jwks_uri"])
            keys = _readable(documents.get("keys"))
            if not keys:
                raise Refused("sign_in_unreachable", 503)
            self._keys = (self._clock(), KeySet(keys))
        return self._keys[1]

    async def _get(self, url: str) -> Mapping[str, Any]:
        from httpx import AsyncClient, HTTPError

        try:
            async with AsyncClient(timeout=10) as client:
                response = await client.get(url)
                response.raise_for_status()
                document = response.json()
        except (HTTPError, ValueError) as error:
            raise Refused("sign_in_unreachable", 503) from error
        if not isinstance(document, dict):
            raise Refused("sign_in_unreachable", 503)
        return cast("dict[str, Any]", document)

    def _client(self) -> _Flow:
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        secret = self._identity.client_secret
        client: object = AsyncOAuth2Client(
            client_id=self._identity.client_id,
            client_secret=secret.get_secret_value() if secret else None,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            scope=" ".join(self._identity.scopes),
            redirect_uri=self._redirect_uri,
            # A code that is caught on its way is worth nothing without the verifier in the sealed cookie.
            code_challenge_method="S256",
            timeout=10,
        )
        return cast("_Flow", client)

    @property
    def _issuer(self) -> str:
        return self._identity.issuer or ""


class Embedding:
    """Tokens by which a site that shows the widget says who its user is: HS256, with a secret that both know."""

    def __init__(
        self, identity: IdentitySettings, roles: Sequence[str], *, clock: Callable[[], float] = time.time
    ) -> None:
        _require_authlib()
        from joserfc.jwk import OctKey

        secret = identity.embedding_secret.get_secret_value() if identity.embedding_secret else ""
        if len(secret) < FEWEST_CHARACTERS or not identity.embedding_issuer:
            raise error_of(ConfigurationError, "channels.auth.weak_embedding")
        self._identity = identity
        self._roles = roles
        self._clock = clock
        self._key = OctKey.import_key(secret)

    def read(self, token: str) -> tuple[Person, float]:
        """Who it speaks of, and until when (seconds of the epoch). Raises Refused when it does not hold."""
        from joserfc import errors, jwt

        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
            jwt.JWTClaimsRegistry(
                now=lambda: int(self._clock()),
                iss={"essential": True, "value": self._identity.embedding_issuer or ""},
                aud={"essential": True, "value": self._identity.embedding_audience},
                exp={"essential": True},
            ).validate(claims)
            until = float(claims["exp"])
        except (errors.JoseError, *_UNREADABLE) as error:
            raise Refused("not_signed_in", 401) from error
        return person_of(claims, self._identity, self._roles), until


def _readable(documents: object) -> "list[Key]":
    """The keys of a provider's set; one that cannot be read is left out, and the others hold."""
    from joserfc import errors
    from joserfc.jwk import KeySet

    keys: list[Key] = []
    for document in cast("list[Any]", documents) if isinstance(documents, list) else ():
        try:
            keys += KeySet.import_key_set({"keys": [dict(document)]}).keys
        # A set may hold keys for other uses and of kinds that we do not know.
        except (errors.JoseError, *_UNREADABLE):
            _log.warning("a key of the sign-in service cannot be read and is left out")
    return keys


def local_path(address: str) -> str:
    """A place on this server to go to after signing in; the front page for anything else."""
    split = urlsplit(address)
    # Browsers read "//host" and "/\\host" as another host's address.
    is_here = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_here and not split.scheme and not split.netloc and address.isprintable() else "/"


def _require_authlib() -> None:
    from importlib.util import find_spec

    if find_spec("authlib") is None:
        raise error_of(ConfigurationError, "channels.auth.no_oidc")
