"""Who may come in: this machine's person, OpenID sign-ins, tokens of embedding sites, and nobody else."""

import base64
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from embedding_tokens import SECRET, TOKENS, signed, token
from joserfc import jwt
from joserfc.jwk import OctKey
from openid_provider import CLIENT_ID, CLIENT_SECRET, Provider, key
from web_server import Serve, Served, Visitor, plan_in, types_of
from yarl import URL

from agent.channels.auth.identity import is_loopback, sign_in_settings_of
from agent.channels.auth.oidc import OpenId, local_path
from agent.channels.auth.sessions import Seal, is_same_secret, secret_of
from agent.channels.http.refusals import Refused
from agent.cli.serve import installation_of
from agent.settings import Settings
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

SITE = "https://intranet.contoso.com"
LOCAL = Person(id="ana", name="Ana", roles=("requester",))


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    found = Provider()
    await found.start()
    yield found
    await found.stop()


@dataclass
class Signing:
    """A server that demands the provider's sign-in, and one browser."""

    provider: Provider
    url: str
    http: aiohttp.ClientSession

    async def sign_in(self, return_to: str = "/healthz") -> aiohttp.ClientResponse:
        return await self.http.get(f"{self.url}/login", params={"return_to": return_to})

    async def session(self) -> Any:
        async with self.http.get(f"{self.url}/api/session") as response:
            return await response.json()


@pytest.fixture
async def signing(provider: Provider, serve: Serve, http: aiohttp.ClientSession) -> Signing:
    port = _free_port()
    served = serve(
        {
            "Identity": {"Issuer": provider.issuer, "ClientId": CLIENT_ID, "ClientSecret": CLIENT_SECRET},
            "Web": {"PublicUrl": f"http://127.0.0.1:{port}", "Port": port},
        }
    )
    return Signing(provider, served.url, http)


@pytest.fixture
def embedded(serve: Serve) -> Served:
    return serve(
        {
            "Identity": TOKENS,
            "Web": {"EmbeddingSites": [SITE]},
        }
    )


async def test_people_sign_in_through_the_provider_and_are_who_it_says(signing: Signing) -> None:
    assert await signing.session() == {
        "error": {
            "code": "not_signed_in",
            "text": "You are not signed in, or your session has ended. Sign in again; nothing that you said is lost.",
            "retryable": False,
        },
        "login": "/login",
    }
    arrived = await signing.sign_in()
    assert (arrived.status, arrived.url.path) == (200, "/healthz")
    session = await signing.session()
    assert session["user"] == {"id": "u-1", "name": "Ana", "roles": ["requester"]}


async def test_roles_come_from_the_claim_and_by_the_names_that_the_settings_give(
    provider: Provider, serve: Serve, http: aiohttp.ClientSession
) -> None:
    port = _free_port()
    served = serve(
        {
            "Identity": {
                "Issuer": provider.issuer,
                "ClientId": CLIENT_ID,
                "ClientSecret": CLIENT_SECRET,
                "IdClaim": "oid",
                "RolesClaim": "access.groups",
                "RoleNames": {"platform-admins": "approver"},
            },
            "Web": {"PublicUrl": f"http://127.0.0.1:{port}", "Port": port},
        }
    )
    provider.claims = {"sub": "s", "oid": "o-1", "email": "ana@contoso.com", "access": {"groups": ["platform-admins"]}}
    signing = Signing(provider, served.url, http)
    await signing.sign_in()
    assert (await signing.session())["user"] == {"id": "o-1", "name": "ana@contoso.com", "roles": ["approver"]}


@pytest.mark.parametrize("roles", [[], None, "", {"a": 1}, [7], ["Global Reader", "approver2"]])
async def test_whoever_has_no_role_is_not_let_in(signing: Signing, roles: object) -> None:
    signing.provider.claims["roles"] = roles
    refused = await signing.sign_in()
    assert refused.status == 403
    assert "nobody has given you a role here" in await refused.text()
    assert "error" in await signing.session()


@pytest.mark.parametrize(
    "overrides",
    [
        {"iss": "https://another.example"},
        {"aud": "another-client"},
        {"aud": None},
        {"exp": None},
        {"exp": int(time.time()) - 3600},
        {"nonce": "of-another-sign-in"},
        {"nonce": None},
        {"sub": None},
        {"azp": "another-client"},
        {"sub": ["u-1"]},
    ],
)
async def test_a_token_that_does_not_hold_lets_nobody_in(signing: Signing, overrides: dict[str, Any]) -> None:
    signing.provider.overrides = overrides
    refused = await signing.sign_in()
    assert refused.status == 403
    assert "Signing in did not work." in await refused.text()
    assert "error" in await signing.session()


async def test_a_token_signed_by_somebody_else_or_with_a_shared_secret_lets_nobody_in(signing: Signing) -> None:
    signing.provider.signing_key = key("of somebody else")
    assert (await signing.sign_in()).status == 403
    signing.provider.algorithm = "HS256"
    signing.provider.signing_key = OctKey.import_key(CLIENT_SECRET * 2)
    assert (await signing.sign_in()).status == 403
    assert "error" in await signing.session()


async def test_a_new_key_of_the_provider_is_asked_for_once_a_minute_at_most(
    provider: Provider, http: aiohttp.ClientSession
) -> None:
    """Keys change without a word; tokens of unknown keys must not make us ask again and again."""
    now = [time.time()]
    identity = Settings.model_validate(
        {"Identity": {"Issuer": provider.issuer, "ClientId": CLIENT_ID, "ClientSecret": CLIENT_SECRET}}
    ).identity
    openid = OpenId(identity, ("requester",), redirect_uri="http://127.0.0.1:1/login/callback", clock=lambda: now[0])

    async def sign_in() -> Person:
        address, kept = await openid.begin("/")
        async with http.get(address, allow_redirects=False) as response:
            return await openid.finish(URL(response.headers["Location"]).query, kept)

    assert (await sign_in()).name == "Ana"
    provider.rotate()
    for _ in range(3):
        with pytest.raises(Refused, match="sign_in_failed"):
            await sign_in()
    assert provider.fetched_keys == 1
    now[0] += 61
    assert (await sign_in()).name == "Ana"
    assert provider.fetched_keys == 2


@pytest.mark.parametrize(
    "malformed",
    [
        7,
        None,
        "text",
        [],
        {},
        {"kty": "RSA"},
        {"kty": "a new one", "kid": "k0"},
        {"kty": {}},
        {"kty": "RSA", "n": "@@@", "e": "AQAB", "kid": "k0"},
        {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"},
        {"kty": "RSA", "n": 5, "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
    ],
)
async def test_one_malformed_key_of_the_provider_loses_no_other(signing: Signing, malformed: object) -> None:
    signing.provider.other_keys = [malformed]
    await signing.sign_in()
    assert (await signing.session())["user"]["name"] == "Ana"


async def test_a_provider_that_is_down_is_one_clear_sentence(signing: Signing) -> None:
    signing.provider.down = True
    refused = await signing.sign_in()
    text = await refused.text()
    assert refused.status == 503
    assert "The sign-in service does not answer as it should." in text
    assert "secret inside" not in text


async def test_a_sign_in_must_be_begun_in_the_same_browser(signing: Signing) -> None:
    """A link to somebody else's half-done sign-in would put a person into a stranger's session."""
    async with signing.http.get(f"{signing.url}/login/callback?code=code-0&state=x") as refused:
        assert refused.status == 403
        assert "not begun in this browser" in await refused.text()
    async with signing.http.get(f"{signing.url}/login", allow_redirects=False):
        pass
    async with signing.http.get(f"{signing.url}/login/callback?code=code-0&state=x") as refused:
        assert refused.status == 403
        assert "error" in await signing.session()


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "\t//evil", "x", ""])
def test_a_sign_in_never_leads_to_another_site(wanted: str) -> None:
    assert local_path(wanted) == "/"


def test_a_sign_in_leads_back_to_where_it_began() -> None:
    assert local_path("/deployments/dep_1?x=1") == "/deployments/dep_1?x=1"


async def test_signing_out_ends_the_session_even_for_a_copied_cookie(signing: Signing) -> None:
    await signing.sign_in()
    csrf = (await signing.session())["csrf"]
    copied = {cookie.key: cookie.value for cookie in signing.http.cookie_jar}
    async with signing.http.post(f"{signing.url}/logout", headers={"X-Brickie-CSRF": csrf}) as done:
        assert await done.json() == {"login": "/login"}
    async with signing.http.get(f"{signing.url}/api/session", cookies=copied) as response:
        assert response.status == 401


async def test_the_session_cookie_is_for_no_script_and_no_foreign_page(served: Served) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{served.url}/") as response:
        cookie = response.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Secure" not in cookie


async def test_a_post_without_our_pages_mark_does_nothing(visitor: Visitor) -> None:
    """Another site can make a browser send its cookie; it cannot read the mark."""
    address = f"/api/conversations/{visitor.conversation}/messages"
    body = {"text": "help", "client_id": uuid.uuid4().hex}
    mark = visitor.csrf
    for wrong in ("", mark[:-1], "x" * 43):
        visitor.csrf = wrong
        assert (await visitor.post(address, body, 403))["error"]["code"] == "forged"
    visitor.csrf = mark
    await visitor.post(address, body, 403, Origin="https://evil.example")
    await visitor.post(address, body, 202, Origin=visitor.url)


def cookie_in(http: aiohttp.ClientSession) -> str:
    return next(cookie.value for cookie in http.cookie_jar if cookie.key == "brickie_session")


async def status_with(served: Served, cookie: str) -> int:
    async with (
        aiohttp.ClientSession(cookies={"brickie_session": cookie}) as http,
        http.get(f"{served.url}/api/session") as response,
    ):
        return response.status


async def test_a_changed_cookie_is_no_session(served: Served, visitor: Visitor) -> None:
    cookie = cookie_in(visitor.http)
    assert await status_with(served, cookie) == 200
    old = Seal(SECRET.encode()).seal("session", {"id": "x", "person": LOCAL.model_dump(mode="json")}, seconds=60)
    for forged in (f"{cookie}x", cookie[:-1], cookie.upper(), "", "é", old):
        assert await status_with(served, forged) == 401, forged


async def test_a_cookie_says_nothing_of_whom_it_stands_for(served: Served, visitor: Visitor) -> None:
    """Nor do the records hold it: who reads them cannot come in with what they read."""
    cookie, user = cookie_in(visitor.http), (await visitor.get("/api/session"))["user"]
    padded = cookie + "=" * (-len(cookie) % 4)
    assert user["id"].encode() not in base64.urlsafe_b64decode(padded)
    assert len(base64.urlsafe_b64decode(padded)) == 32
    for path in served.home.glob("*.db*"):
        assert cookie.encode() not in path.read_bytes()


async def test_whoever_comes_without_a_cookie_is_the_same_person_again(served: Served) -> None:
    """On this machine: a hundred visits of a program that keeps no cookies are one session, not a hundred."""
    cookies: set[str] = set()
    for _ in range(5):
        async with aiohttp.ClientSession() as http, http.get(served.url + "/") as response:
            assert response.status == 200
            cookies.add(response.cookies["brickie_session"].value)
    assert len(cookies) == 1


async def test_a_session_that_ends_in_the_middle_of_a_plan_loses_nothing(
    serve: Serve, http: aiohttp.ClientSession
) -> None:
    served = serve({"Web": {"SessionSecret": SECRET}})
    visitor = await Visitor(http, served.url).arrive()
    plan = plan_in(await visitor.say("Databricks for the ML team in dev", until="plan"))
    _, ended = served.session_of(LOCAL, seconds=9, behind=10)
    click = {"action": "confirm", "plan_id": plan["plan_id"], "digest": plan["digest"], "client_id": uuid.uuid4().hex}
    address = f"/api/conversations/{visitor.conversation}/actions"
    async with (
        aiohttp.ClientSession(cookies={"brickie_session": ended}) as late,
        late.post(served.url + address, json=click, headers=visitor.headers) as response,
    ):
        assert response.status == 401
        assert (await response.json())["login"] == "/login"
    assert served.terraform.applied == []
    async with http.get(f"{served.url}/login?return_to=/healthz") as back:
        assert back.url.path == "/healthz"
    visitor.csrf = (await visitor.get("/api/session"))["csrf"]
    await visitor.post(address, click)
    assert (await visitor.until("result"))[-1]["status"] == "succeeded"


async def test_a_stream_ends_with_its_session(serve: Serve, http: aiohttp.ClientSession) -> None:
    served = serve({"Web": {"SessionSecret": SECRET}})
    visitor = await Visitor(http, served.url).arrive()
    person = installation_of(served.settings, served.home).local
    session, cookie = served.session_of(person, seconds=0.4)
    address = f"{served.url}/api/conversations/{visitor.conversation}/events"
    async with aiohttp.ClientSession(cookies={"brickie_session": cookie}) as soon, soon.get(address) as response:
        assert b'{"type": "ready"' in await response.read()
    assert time.time() >= session.expires_at


async def test_the_local_server_answers_under_its_own_names_only(served: Served) -> None:
    """A foreign site's name that was turned to 127.0.0.1 would else make its scripts our own."""
    async with aiohttp.ClientSession() as http:
        for headers in ({"Host": "evil.example"}, {"X-Forwarded-For": "1.2.3.4"}, {"Forwarded": "for=1.2.3.4"}):
            async with http.get(f"{served.url}/api/session", headers=headers) as response:
                assert response.status == 403
                assert (await response.json())["error"]["code"] == "local_only"


async def test_an_embedding_site_says_who_its_user_is(embedded: Served, http: aiohttp.ClientSession) -> None:
    visitor = await Visitor(http, embedded.url, token()).arrive()
    assert (await visitor.get("/api/session"))["user"] == {"id": "u-7", "name": "Bo", "roles": ["requester"]}
    plan = plan_in(await visitor.say("Databricks for the ML team in dev", until="plan"))
    assert (await visitor.confirm(plan))[-1]["status"] == "succeeded"
    assert embedded.terraform.applied == [(plan["plan_id"], "Bo")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "another"},
        {"aud": "another"},
        {"exp": int(time.time()) - 1},
        {"exp": None},
        {"iss": None},
    ],
)
async def test_an_embedding_token_that_does_not_hold_is_no_session(
    embedded: Served, http: aiohttp.ClientSession, wrong: dict[str, Any]
) -> None:
    assert (await Visitor(http, embedded.url, token(**wrong)).get("/api/session", 401))["login"] == "/login"


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        (b'{"alg": "HS256"}', b'{"exp": 1' + b"0" * 400 + b"}"),
        (b'{"alg": "HS256"}', b'{"exp": 1e999}'),
        (b'{"alg": "HS256"}', b'{"exp": NaN}'),
        (b'{"alg": "HS256"}', b'{"exp": ' + b"1" * 5000 + b"}"),
        (b'{"alg": "HS256"}', b'{"exp": 9999999999, "nbf": 1' + b"0" * 400 + b"}"),
        (b'{"alg": "HS256"}', b'{"exp": 9999999999, "x": ' + b"[" * 2500 + b"]" * 2500 + b"}"),
        (b'{"alg": "HS256", "x": ' + b"[" * 2500 + b"]" * 2500 + b"}", b"{}"),
        (b'{"alg": "HS256", "crit": 5}', b"{}"),
        (b'{"alg": {}}', b"{}"),
        (b"[]", b"[]"),
    ],
)
async def test_a_token_of_strange_shape_is_no_session(
    embedded: Served, http: aiohttp.ClientSession, header: bytes, claims: bytes
) -> None:
    """Signed with the right secret, all of them: it is their text that no token has."""
    owned = claims.replace(b"{", b'{"iss": "intranet", "aud": "brickie", "sub": "u-7", "roles": ["requester"], ', 1)
    await Visitor(http, embedded.url, signed(header, owned)).get("/api/session", 401)


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", "null"])
async def test_text_that_is_no_token_is_no_session(embedded: Served, http: aiohttp.ClientSession, forged: str) -> None:
    await Visitor(http, embedded.url, forged).get("/api/session", 401)
    unsigned = jwt.encode({"alg": "HS256"}, {"sub": "u"}, OctKey.import_key("another-secret-another-secret-0123"))
    await Visitor(http, embedded.url, unsigned).get("/api/session", 401)


async def test_pages_of_an_embedding_site_may_ask_and_no_others(embedded: Served, http: aiohttp.ClientSession) -> None:
    address = f"{embedded.url}/api/conversations"
    for origin, status in ((SITE, 204), ("https://evil.example", 403)):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        async with http.options(address, headers=asked) as response:
            assert response.status == status
            assert response.headers.get("Access-Control-Allow-Origin") == (SITE if status == 204 else None)
            assert "Access-Control-Allow-Credentials" not in response.headers
            assert f"frame-ancestors {SITE}" in response.headers["Content-Security-Policy"]


async def test_production_takes_two_in_the_browser_as_well(embedded: Served, http: aiohttp.ClientSession) -> None:
    """An approver decides another's plan without seeing the conversation that it comes from."""
    bo = await Visitor(http, embedded.url, token()).arrive()
    eve = await Visitor(http, embedded.url, token(sub="u-8", name="Eve", roles=["approver"])).arrive()
    text = "Databricks for the ML team in prod for etl, no private link"
    plan = plan_in(await bo.say(text, until="plan"))
    refused = await bo.confirm(plan, until="state")
    assert [event["status"] for event in refused if event["type"] == "approval"] == ["refused"]
    assert (await bo.get("/api/approvals"))["approvals"] == []
    waiting = (await eve.get("/api/approvals"))["approvals"]
    assert [(w["plan"]["plan_id"], w["requested_by"]["name"]) for w in waiting] == [(plan["plan_id"], "Bo")]
    await eve.get(f"/api/conversations/{bo.conversation}/events", 404)
    decision = {"action": "confirm", "digest": plan["digest"], "client_id": uuid.uuid4().hex}
    await bo.post(f"/api/approvals/{plan['plan_id']}", decision, 404)
    await eve.post(f"/api/approvals/{plan['plan_id']}", decision)
    assert types_of(await bo.until("result"))[0] == "said"
    assert embedded.terraform.applied == [(plan["plan_id"], "Eve")]
    assert (await eve.get("/api/approvals"))["approvals"] == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_these_names_are_this_machines(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.com", "localhost.evil.example", ""])
def test_these_names_are_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"Web": {"Host": "0.0.0.0"}}, "listening on 0.0.0.0 without signing in would let in everybody"),
        ({"Web": {"Host": "::"}}, "without signing in"),
        ({"Identity": {"Issuer": "https://id.contoso.com"}}, "half of the sign-in is configured"),
        ({"Identity": {"ClientId": "x"}}, "half of the sign-in is configured"),
        (
            {"Identity": {"Issuer": "https://id.contoso.com", "ClientId": "x"}},
            "signing in needs Web__PublicUrl with https",
        ),
        (
            {
                "Identity": {"Issuer": "http://id.contoso.com", "ClientId": "x"},
                "Web": {"PublicUrl": "https://brickie.contoso.com"},
            },
            "signing in needs Identity__Issuer with https",
        ),
        ({"Identity": {"EmbeddingSecret": "short", "EmbeddingIssuer": "x"}}, "a secret of 32 characters or more"),
        ({"Identity": {"EmbeddingIssuer": "x"}, "Web": {"Host": "0.0.0.0"}}, "a secret of 32 characters or more"),
        ({"Web": {"EmbeddingSites": ["*"]}}, "Web__EmbeddingSites names something that is no origin"),
        ({"Web": {"EmbeddingSites": ["https://a.example/path"]}}, "no origin"),
        ({"Web": {"EmbeddingSites": ["https://a.example; script-src *"]}}, "no origin"),
    ],
)
def test_the_server_refuses_to_start_where_anybody_could_come_in(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        sign_in_settings_of(Settings.model_validate(settings), LOCAL)
    assert sentence in str(refused.value)


def test_a_public_address_is_served_with_signing_in() -> None:
    settings = Settings.model_validate(
        {
            "Identity": {"Issuer": "https://id.contoso.com", "ClientId": "x"},
            "Web": {"Host": "0.0.0.0", "PublicUrl": "https://brickie.contoso.com"},
        }
    )
    sign_in = sign_in_settings_of(settings, LOCAL)
    assert (sign_in.local, sign_in.secure) == (None, True)


def test_the_secret_of_sessions_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    made = secret_of(None, tmp_path / "home")
    assert secret_of(None, tmp_path / "home") == made
    assert (tmp_path / "home" / "web.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["web.key"]
    with pytest.raises(ConfigurationError, match="shorter than 32 characters"):
        secret_of("short", tmp_path)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def test_an_approver_asks_for_a_change_in_the_browser_and_nothing_is_decided(
    embedded: Served, http: aiohttp.ClientSession
) -> None:
    bo = await Visitor(http, embedded.url, token()).arrive()
    eve = await Visitor(http, embedded.url, token(sub="u-8", name="Eve", roles=["approver"])).arrive()
    plan = plan_in(await bo.say("Databricks for the ML team in prod for etl", until="plan"))
    address = f"/api/approvals/{plan['plan_id']}"
    asked = {"action": "remark", "digest": plan["digest"], "client_id": uuid.uuid4().hex}
    await eve.post(address, asked, 400)
    await eve.post(address, {**asked, "comment": "private link, please"})
    told = await bo.until("state")
    assert [event["type"] for event in told] == ["said", "message", "state"]
    assert "private link, please" in told[1]["text"]
    assert told[2]["pending_plan"] == plan["plan_id"]
    assert [w["plan"]["plan_id"] for w in (await eve.get("/api/approvals"))["approvals"]] == [plan["plan_id"]]
    assert embedded.terraform.applied == []


@pytest.mark.parametrize("sent", ["m\u00e9", "m\udce9", "\ud800"])
def test_a_secret_in_whatever_characters_is_only_a_wrong_one(sent: str) -> None:
    """Bytes of a header that are no UTF-8, and half a character of a form, break no comparison."""
    seal = Seal(b"k" * 32)
    assert not is_same_secret(sent, "mark")
    assert [seal.opened("session", text) for text in (sent, f"{sent}.{sent}")] == [None, None]
