"""Nobody signs in on one's own machine, and a machine has several users: sessions begin on a page only, and over a real
subscription, or wherever else it is wanted, only for who knows the token that was printed.
"""

from http.cookies import SimpleCookie

import aiohttp
import pytest
from web_server import Serve, Served, Visitor, plan_in
from yarl import URL

from plugins.domain.errors import ConfigurationError

pytestmark = pytest.mark.integration

SUBSCRIPTION = {"Mode": "azure", "SubscriptionId": "00000000-0000-0000-0000-000000000001"}
PAGE = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def azure(serve: Serve) -> Served:
    """A server over a real subscription (of which the in-memory Terraform knows nothing), without a sign-in. Nothing
    of Azure's is asked.
    """
    return serve({"Cloud": SUBSCRIPTION, "Azure": {"Preflight": False}, "Pricing": {"Source": "bundled"}})


def opened(address: str) -> tuple[str, str]:
    """The origin and the token of the address that was printed."""
    url = URL(address)
    return str(url.origin()), url.query["token"]


async def fetched(method: str, url: str, **headers: str) -> tuple[int, bool, str]:
    """Status, whether a session was begun, and where it leads, for somebody without any cookie."""
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, url, headers=headers, allow_redirects=False) as response,
    ):
        cookies = SimpleCookie(response.headers.get("Set-Cookie", ""))
        return response.status, "brickie_session" in cookies, response.headers.get("Location", "")


@pytest.mark.parametrize(
    ("request_line", "headers", "begun"),
    [
        ("GET /", PAGE, True),
        ("GET /", {}, True),  # older browsers and scripts do not say what a request is for
        ("GET /deployments", PAGE, True),
        ("GET /login", PAGE, True),
        ("GET /", {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"}, False),
        ("GET /", {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"}, False),
        ("GET /login", {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate"}, False),
        ("HEAD /", {}, False),
        ("GET /api/session", {}, False),
        ("GET /api/session", PAGE, False),
        ("GET /api/deployments", {}, False),
        ("GET /api/approvals", {}, False),
        ("GET /widget.js", {}, False),
        ("GET /healthz", {}, False),
        ("POST /api/conversations", {}, False),
        ("POST /logout", {}, False),
    ],
)
async def test_in_the_sandbox_a_session_begins_on_a_page_only(
    served: Served, request_line: str, headers: dict[str, str], *, begun: bool
) -> None:
    method, path = request_line.split()
    status, session, _ = await fetched(method, served.url + path, **headers)
    assert session is begun
    if path.startswith("/api/"):
        assert status == 401


@pytest.mark.parametrize("path", ["/", "/deployments", "/?token=", "/?token=wrong", "/login", "/login?token=wrong"])
async def test_over_a_subscription_nothing_begins_without_the_token(azure: Served, path: str) -> None:
    origin, _ = opened(azure.url)
    status, session, leads_to = await fetched("GET", origin + path)
    assert not session
    assert status == 403 or leads_to.startswith("/login")
    assert (await fetched("GET", origin + "/api/session"))[:2] == (401, False)


async def test_whoever_is_not_let_in_is_told_where_the_address_stands(azure: Served) -> None:
    origin, _ = opened(azure.url)
    async with aiohttp.ClientSession() as http, http.get(origin + "/", headers=PAGE) as page:
        assert (page.status, page.content_type) == (403, "text/html")
        assert "only by the address with a token that `brickie serve` printed" in await page.text()


async def test_the_token_opens_one_browser_once(azure: Served, capfd: pytest.CaptureFixture[str]) -> None:
    origin, token = opened(azure.url)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        async with http.get(f"{origin}/?token={token}", headers=PAGE) as page:
            assert (page.status, page.url.path, page.url.query_string) == (200, "/", "")
        async with http.get(f"{origin}/?token={token}", headers=PAGE) as again:
            assert again.status == 200  # that very browser is in already
        visitor = await Visitor(http, origin).arrive()
        assert (
            plan_in(await visitor.say("Databricks for the ML team in dev", until="plan"))["target"]["mode"] == "azure"
        )
    assert (await fetched("GET", f"{origin}/?token={token}", **PAGE))[:2] == (403, False)
    said = capfd.readouterr().err
    assert token not in said
    newer = said.rsplit("token=", 1)[1].strip()
    assert (await fetched("GET", f"{origin}/?token={newer}", **PAGE)) == (303, True, "/")


async def test_a_foreign_page_cannot_use_the_token_up(azure: Served) -> None:
    origin, token = opened(azure.url)
    image = {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"}
    assert (await fetched("GET", f"{origin}/?token={token}", **image))[:2] == (403, False)
    assert (await fetched("GET", f"{origin}/?token={token}", **PAGE))[:2] == (303, True)


async def test_the_token_asks_for_the_machine_itself_too(azure: Served) -> None:
    origin, token = opened(azure.url)
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-For": "10.0.0.1"}):
        assert (await fetched("GET", f"{origin}/?token={token}", **headers))[:2] == (403, False)


@pytest.fixture
def container(serve: Serve) -> Served:
    """A server as in a container: it listens on every address, over the sandbox, without a sign-in."""
    return serve({"Web": {"Host": "0.0.0.0", "ByInvitation": True}})


async def test_by_invitation_it_listens_on_every_address_and_opens_only_with_the_token(container: Served) -> None:
    origin, token = opened(container.url)
    assert origin.startswith("http://127.0.0.1:"), "the address that is printed is one that a browser can open"
    for path in ("/", "/deployments", "/login", "/?token=wrong", "/api/session"):
        assert (await fetched("GET", origin + path, **PAGE))[1] is False, path
    for headers in ({"Host": "brickie.example"}, {"Host": "10.0.0.7:8765"}, {"X-Forwarded-For": "10.0.0.1"}):
        assert (await fetched("GET", f"{origin}/?token={token}", **PAGE, **headers))[:2] == (403, False)
    assert (await fetched("GET", f"{origin}/?token={token}", **PAGE))[:2] == (303, True)
    for path in ("/healthz", "/readyz"):
        assert (await fetched("GET", origin + path))[0] == 200


def test_without_an_invitation_or_a_sign_in_it_listens_on_this_machine_only(serve: Serve) -> None:
    with pytest.raises(ConfigurationError, match=r"listening on 0\.0\.0\.0 without signing in would let in everybody"):
        serve({"Web": {"Host": "0.0.0.0"}})
