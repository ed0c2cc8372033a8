"""A small OpenID provider on loopback: it signs in whoever it is told to, and errs in whatever way it is told to."""

import base64
import hashlib
import time
from functools import cache
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import RSAKey

from plugins.listening import end_listening

CLIENT_ID = "brickie-web"
CLIENT_SECRET = "a-secret-of-the-tests"


@cache
def key(kid: str) -> RSAKey:
    """Made once for all tests: it takes a tenth of a second and more."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


class Provider:
    """`claims` are of the person who signs in next; `overrides` replace claims of the token (None takes one out);
    `other_keys` are published before the good one.
    """

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "u-1", "name": "Ana", "roles": ["requester"]}
        self.overrides: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.signing_key: Any = None
        self.key = key("k1")
        self.down = False
        self.other_keys: list[Any] = []
        self.fetched_keys = 0
        self._codes: dict[str, dict[str, str]] = {}
        self._runner: web.AppRunner | None = None
        self.issuer = ""

    async def start(self) -> None:
        app = web.Application()
        app.add_routes(
            [
                web.get("/.well-known/openid-configuration", self._configuration),
                web.get("/authorize", self._authorize),
                web.post("/token", self._token),
                web.get("/keys", self._keys),
            ]
        )
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.issuer = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await end_listening(self._runner)

    def rotate(self) -> None:
        self.key = key("k2")

    async def _configuration(self, _: web.Request) -> web.Response:
        if self.down:
            return web.Response(status=502, text="secret inside of the provider")
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def _authorize(self, request: web.Request) -> web.Response:
        """Signs the person in without asking, as a browser with a session there sees it."""
        query = request.query
        assert (query["response_type"], query["client_id"]) == ("code", CLIENT_ID)
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = f"code-{len(self._codes)}"
        self._codes[code] = dict(query)
        back = f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
        return web.Response(status=302, headers={"Location": back})

    async def _token(self, request: web.Request) -> web.Response:
        sent = await request.post()
        begun = self._codes.pop(str(sent.get("code")), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if begun is None or request.headers.get("Authorization") != f"Basic {basic}":
            return web.json_response({"error": "invalid_grant"}, status=400)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(sent["code_verifier"]).encode()).digest())
        assert challenge.decode().rstrip("=") == begun["code_challenge"]
        assert sent["redirect_uri"] == begun["redirect_uri"]
        token = self._signed({**self._standing(begun["nonce"]), **self.claims, **self.overrides})
        return web.json_response({"access_token": "opaque", "token_type": "Bearer", "id_token": token})

    def _standing(self, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        return {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce}

    def _signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": self.key.kid}
        given = {key: value for key, value in claims.items() if value is not None}
        return jwt.encode(header, given, self.signing_key or self.key, algorithms=[self.algorithm])

    async def _keys(self, _: web.Request) -> web.Response:
        self.fetched_keys += 1
        return web.json_response({"keys": [*self.other_keys, self.key.as_dict(private=False)]})
