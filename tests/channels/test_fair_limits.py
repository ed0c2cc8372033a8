"""What one person, or one address, may ask for in a minute; and whose address counts."""

from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from embedding_tokens import TOKENS, token
from web_server import Serve, Visitor

from agent.channels.http.addresses import Proxies
from agent.channels.server import Server
from agent.cli.serve import installation_of
from agent.settings import Settings
from plugins.domain.errors import ConfigurationError

pytestmark = pytest.mark.integration

SIGN_INS = 60


def client(remote: str, forwarded: str | None, *proxies: str) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = make_mocked_request("GET", "/login", headers=headers).clone(remote=remote)
    return Proxies(proxies).client_of(request)


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "counts"),
    [
        ("203.0.113.7", None, (), "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", (), "203.0.113.7"),
        ("10.0.0.5", "198.51.100.1", ("10.0.0.6",), "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1", ("10.0.0.5",), "198.51.100.1"),
        ("10.0.0.5", "1.2.3.4, 198.51.100.1", ("10.0.0.0/24",), "198.51.100.1"),
        ("10.0.0.5", "1.2.3.4, 198.51.100.1, 10.0.0.9", ("10.0.0.0/24",), "198.51.100.1"),
        ("10.0.0.5", "198.51.100.1:4711", ("10.0.0.5",), "198.51.100.1"),
        ("10.0.0.5", "not an address", ("10.0.0.5",), "10.0.0.5"),
        ("10.0.0.5", "", ("10.0.0.5",), "10.0.0.5"),
        ("10.0.0.5", "[2001:db8:1:2:3::4]:4711", ("10.0.0.5",), "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", None, (), "2001:db8:1:2::/64"),
    ],
)
def test_a_forwarded_address_counts_only_where_a_trusted_proxy_names_it(
    remote: str, forwarded: str | None, proxies: tuple[str, ...], counts: str
) -> None:
    assert client(remote, forwarded, *proxies) == counts


async def _sign_ins(serve: Serve, http: aiohttp.ClientSession, **web: Any) -> list[int]:
    """What a server says to one sign-in more than a minute allows, and then to one that comes from elsewhere."""
    served = serve({"Identity": TOKENS, "Web": web})
    said: list[int] = []
    for number in range(SIGN_INS + 2):
        forwarded = {"X-Forwarded-For": "198.51.100.2" if number > SIGN_INS else "198.51.100.1"}
        async with http.get(f"{served.url}/login", headers=forwarded) as response:
            said.append(response.status)
            assert ("Retry-After" in response.headers) == (response.status == 429)
    return said[SIGN_INS - 1 :]


async def test_sign_ins_are_counted_for_each_address(serve: Serve, http: aiohttp.ClientSession) -> None:
    assert await _sign_ins(serve, http) == [404, 429, 429]


async def test_sign_ins_behind_a_trusted_proxy_are_counted_for_each_client(
    serve: Serve, http: aiohttp.ClientSession
) -> None:
    assert await _sign_ins(serve, http, TrustedProxies=["127.0.0.1"]) == [404, 429, 404]


@pytest.mark.parametrize("path", ["/api/deployments", "/api/approvals", "/api/session"])
async def test_one_person_looks_up_so_much_and_others_are_none_the_worse(
    serve: Serve, http: aiohttp.ClientSession, path: str
) -> None:
    served = serve({"Identity": TOKENS, "Web": {"ReadsPerMinute": 30}})
    ana, bo = (Visitor(http, served.url, token(sub=who)) for who in ("ana", "bo"))
    for _ in range(10):
        await ana.get(path)
    refused = await ana.get(path, 429)
    assert refused["error"]["text"] == "You look things up faster than this server allows. Wait 2 s, then try again."
    await bo.get(path)


def test_a_proxy_that_is_no_address_is_named(tmp_path: Any) -> None:
    settings = Settings.model_validate({"Web": {"TrustedProxies": ["proxy_contoso"]}})
    with pytest.raises(ConfigurationError, match="names proxy_contoso, which is no address and no network"):
        Server(object(), installation_of(settings, tmp_path))  # pyright: ignore[reportArgumentType] - never used
