"""Microsoft's side of Teams on loopback: the keys, the tokens of senders, the directory, Graph and the connector.

Everything that a bot asks of the outside is here, records what it was asked, and errs in whatever way it is told to.
"""

import asyncio
import itertools
import json
import time
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from plugins.listening import end_listening

APP_ID = "11111111-2222-3333-4444-555555555555"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
PASSWORD = "a-password-of-the-tests"
ISSUER = "https://api.botframework.com"
BOT = {"id": f"28:{APP_ID}", "name": "Brickie"}


@cache
def private_key(kid: str) -> rsa.RSAPrivateKey:  # noqa: ARG001 - one for each name
    """Made once for all tests: it takes a tenth of a second and more."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Call:
    """One request that the service took, or refused: `act` is send, update, delete, targeted, open or members."""

    act: str
    place: str
    body: dict[str, Any]
    message_id: str = ""
    status: int = 201
    at: float = field(default_factory=time.monotonic)

    @property
    def card(self) -> dict[str, Any]:
        """The card that it carried; empty where it carried words alone."""
        attachments: list[dict[str, Any]] = self.body.get("attachments") or [{}]
        return attachments[0].get("content") or {}

    @property
    def words(self) -> str:
        return str(self.body.get("text") or self.card.get("fallbackText") or "")


class TeamsService:
    """`answers` are statuses for the next calls (status, code, Retry-After); `members` of any conversation."""

    def __init__(self) -> None:
        self.kid = "k1"
        self.endorsements: list[str] | None = ["msteams"]
        self.fetched_keys = 0
        self.fetched_tokens = 0
        self.down = False
        self.calls: list[Call] = []
        self.refused: list[Call] = []
        self.authorizations: set[str] = set()
        self.answers: deque[tuple[int, str, str | None]] = deque()
        self.members: list[dict[str, Any]] = []
        self.groups: dict[str, list[str]] = {}
        self.absent: set[str] = set()
        self.seconds = 0.0
        self.url = ""
        self._ids = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._changed = asyncio.Event()

    async def start(self) -> "TeamsService":
        app = web.Application(client_max_size=10_000_000)
        one = "/v3/conversations/{place}"
        app.add_routes(
            [
                web.get("/openid", self._metadata),
                web.get("/keys", self._keys),
                web.post("/{tenant}/oauth2/v2.0/token", self._token),
                web.post("/v1.0/users/{person}/getMemberGroups", self._groups),
                web.post("/v3/conversations", self._open),
                web.get(f"{one}/members", self._members),
                web.post(f"{one}/activities", self._send),
                web.post(f"{one}/activities/{{message}}", self._send),
                web.put(f"{one}/activities/{{message}}", self._update),
                web.delete(f"{one}/activities/{{message}}", self._delete),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        if self._runner is not None:
            await end_listening(self._runner)

    def settings(self, **more: Any) -> dict[str, Any]:
        """The settings of a Brickie whose Microsoft is this."""
        return {
            "AppId": APP_ID,
            "TenantId": [TENANT],
            "ServiceUrls": [self.url],
            "OpenIdMetadataUrl": f"{self.url}/openid",
            "LoginUrl": self.url,
            "GraphUrl": self.url,
            **more,
        }

    def token(self, *, kid: str | None = None, algorithm: str = "RS256", **claims: Any) -> str:
        """A good token, but for what is told; a claim of None is left out."""
        now = int(time.time())
        whole = {"iss": ISSUER, "aud": APP_ID, "nbf": now - 10, "exp": now + 3600, "serviceurl": self.url, **claims}
        given = {name: value for name, value in whole.items() if value is not None}
        named = self.kid if kid is None else kid
        key: Any = {"RS256": private_key(named), "none": None}.get(algorithm, "x" * 64)
        return jwt.encode(given, key, algorithm=algorithm, headers={"kid": named} if named else None)

    def headers(self, **claims: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(**claims)}"}

    async def wait_for(self, number: int, *, act: str | None = None, seconds: float = 20) -> list[Call]:
        """The calls of that kind, once there are so many."""
        async with asyncio.timeout(seconds):
            while len(found := [call for call in self.calls if act in (None, call.act)]) < number:
                self._changed.clear()
                await self._changed.wait()
        return found

    async def _metadata(self, _: web.Request) -> web.Response:
        if self.down:
            return web.Response(status=503, text="secret inside")
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _: web.Request) -> web.Response:
        self.fetched_keys += 1
        public = json.loads(RSAAlgorithm.to_jwk(private_key(self.kid).public_key()))
        more = {"endorsements": self.endorsements} if self.endorsements is not None else {}
        return web.json_response({"keys": [{**public, "kid": self.kid, "use": "sig", **more}]})

    async def _token(self, request: web.Request) -> web.Response:
        sent = await request.post()
        if sent.get("client_secret") != PASSWORD or request.match_info["tenant"] != TENANT:
            return web.json_response({"error": "invalid_client"}, status=401)
        self.fetched_tokens += 1
        token = f"token-{self.fetched_tokens}-for-{sent['scope']}"
        return web.json_response({"access_token": token, "expires_in": 3600})

    async def _groups(self, request: web.Request) -> web.Response:
        self._note_authorization(request)
        if self.down:
            return web.Response(status=503)
        return web.json_response({"value": self.groups.get(request.match_info["person"], [])})

    async def _open(self, request: web.Request) -> web.Response:
        body = await request.json()
        member = body["members"][0]["id"]
        if member in self.absent:
            return self._refuse(Call("open", member, body), 403, "BotNotInConversationRoster", None)
        return await self._took(request, Call("open", member, body), {"id": f"personal-{member}"})

    async def _members(self, request: web.Request) -> web.StreamResponse:
        self._note_authorization(request)
        return web.json_response(self.members)

    async def _send(self, request: web.Request) -> web.Response:
        targeted = request.query.get("isTargetedActivity") == "true"
        call = Call("targeted" if targeted else "send", unquote(request.match_info["place"]), await request.json())
        call.message_id = f"msg-{next(self._ids)}"
        return await self._took(request, call, {"id": call.message_id})

    async def _update(self, request: web.Request) -> web.Response:
        call = Call("update", unquote(request.match_info["place"]), await request.json(), request.match_info["message"])
        return await self._took(request, call, {"id": call.message_id})

    async def _delete(self, request: web.Request) -> web.Response:
        call = Call("delete", unquote(request.match_info["place"]), {}, request.match_info["message"])
        return await self._took(request, call, {})

    async def _took(self, request: web.Request, call: Call, answer: dict[str, Any]) -> web.Response:
        self._note_authorization(request)
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.answers and self.answers[0][0] >= 400:
            return self._refuse(call, *self.answers.popleft())
        self.calls.append(call)
        self._changed.set()
        return web.json_response(answer, status=200 if call.act in ("update", "delete") else 201)

    def _refuse(self, call: Call, status: int, code: str, retry_after: str | None) -> web.Response:
        call.status = status
        self.refused.append(call)
        headers = {"Retry-After": retry_after} if retry_after else {}
        return web.json_response({"error": {"code": code, "message": "no"}}, status=status, headers=headers)

    def _note_authorization(self, request: web.Request) -> None:
        self.authorizations.add(request.headers.get("Authorization", ""))


def person(name: str = "Ana", *, object_id: str | None = None) -> dict[str, str]:
    """An account as Teams sends it."""
    return {"id": f"29:{name.lower()}", "name": name, "aadObjectId": object_id or f"object-{name.lower()}"}


class Sender:
    """Whoever sends activities to a Brickie: numbers them as Teams does."""

    def __init__(self, service_url: str) -> None:
        self.service_url = service_url
        self._ids = itertools.count(1)

    def activity(self, kind: str = "message", *, by: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """In a personal chat, unless `conversation` says otherwise."""
        account = by or person()
        return {
            "type": kind,
            "id": f"act-{next(self._ids)}",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": account,
            "recipient": BOT,
            "conversation": {
                "id": f"a:{account.get('id')}",
                "conversationType": "personal",
                "tenantId": TENANT,
            },
            "channelData": {"tenant": {"id": TENANT}},
            **more,
        }

    def text(self, text: str, **more: Any) -> dict[str, Any]:
        return self.activity(text=text, **more)

    def in_channel(self, text: str, *, thread: str = "1", by: dict[str, Any] | None = None) -> dict[str, Any]:
        """A message of a channel's thread that mentions Brickie."""
        mention = {"type": "mention", "text": "<at>Brickie</at>", "mentioned": BOT}
        conversation = {
            "id": f"19:general@thread.tacv2;messageid={thread}",
            "conversationType": "channel",
            "isGroup": True,
            "tenantId": TENANT,
        }
        return self.activity(by=by, text=f"<at>Brickie</at> {text}", entities=[mention], conversation=conversation)

    def click(self, action: dict[str, Any], *, inputs: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """A press on that `Action.Execute` of a card of ours, with what was typed into the card."""
        value = {
            "action": {"type": "Action.Execute", "verb": action["verb"], "data": {**action["data"], **(inputs or {})}},
            "trigger": "manual",
        }
        return self.activity("invoke", name="adaptiveCard/action", value=value, **more)
