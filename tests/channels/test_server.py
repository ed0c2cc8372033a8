"""The server itself: health, headers, built files, the way it starts and stops."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import aiohttp
import pytest
from web_server import Serve, Served

from agent.cli.doctor import examine

pytestmark = pytest.mark.integration

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A built client, as small as one can be."""
    folder = tmp_path / "dist"
    (folder / "locale").mkdir(parents=True)
    (folder / "chat.html").write_text("<!doctype html><title>Chat</title>", "utf-8")
    (folder / "deployments.html").write_text("<!doctype html><title>Deployments</title>", "utf-8")
    (folder / "widget.js").write_text("export const x = 'é';", "utf-8")
    (folder / "locale" / "en.json").write_text("{}", "utf-8")
    return folder


async def test_health_and_readiness_need_no_session(served: Served, http: aiohttp.ClientSession) -> None:
    for path, status in (("/healthz", "ok"), ("/readyz", "ready")):
        async with http.get(served.url + path) as response:
            assert (response.status, await response.json()) == (200, {"status": status})


@pytest.mark.parametrize("path", ["/healthz", "/", "/api/session", "/nothing", "/widget.js"])
async def test_every_answer_carries_the_policy(served: Served, http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(served.url + path) as response:
        assert response.headers["Content-Security-Policy"] == POLICY
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "aiohttp" not in response.headers["Server"]
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_pages_are_served_and_let_this_machines_person_in(
    serve: Serve, client: Path, http: aiohttp.ClientSession
) -> None:
    served = serve(client=client)
    for path, title in (("/", "Chat"), ("/deployments", "Deployments"), ("/deployments/dep_1", "Deployments")):
        async with http.get(served.url + path) as response:
            assert f"<title>{title}</title>" in await response.text()
            assert response.headers["Content-Type"] == "text/html; charset=utf-8"
            assert response.headers["Cache-Control"] == "no-cache"
    assert [cookie.key for cookie in http.cookie_jar] == ["brickie_session"]


async def test_a_built_file_may_be_kept_for_good_under_its_own_tag_only(
    serve: Serve, client: Path, http: aiohttp.ClientSession
) -> None:
    served = serve(client=client)
    tag = hashlib.sha256((client / "widget.js").read_bytes()).hexdigest()[:16]
    for query, kept in ((f"?v={tag}", "public, max-age=31536000, immutable"), ("?v=0", "no-cache"), ("", "no-cache")):
        async with http.get(f"{served.url}/widget.js{query}") as response:
            assert await response.text() == "export const x = 'é';"
            assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
            assert response.headers["Cache-Control"] == kept
    async with http.get(f"{served.url}/assets/widget.js", headers={"If-None-Match": f'"{tag}"'}) as response:
        assert (response.status, await response.read()) == (304, b"")
    async with http.get(f"{served.url}/assets/locale/en.json") as response:
        assert await response.json() == {}


async def test_an_installation_without_the_built_pages_says_so(
    serve: Serve, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    served = serve(client=tmp_path / "nothing")
    async with http.get(served.url + "/") as response:
        assert response.status == 404
        assert "The page is not in this installation" in await response.text()


@pytest.mark.parametrize(
    ("environment", "state", "found"),
    [
        ({}, "ok", "`brickie serve` on 127.0.0.1, for this machine's own person only"),
        (
            {
                "Identity__Issuer": "https://id.contoso.com",
                "Identity__ClientId": "x",
                "Web__Host": "0.0.0.0",
                "Web__PublicUrl": "https://brickie.contoso.com",
            },
            "ok",
            "`brickie serve` on 0.0.0.0, sign-in at https://id.contoso.com",
        ),
        (
            {"Cloud__Mode": "azure", "Cloud__SubscriptionId": "x"},
            "ok",
            "`brickie serve` on 127.0.0.1, for whoever opens the address with the token that it prints",
        ),
        (
            {"Web__Host": "0.0.0.0"},
            "missing",
            "listening on 0.0.0.0 without signing in would let in everybody who reaches it.",
        ),
    ],
)
def test_the_doctor_says_who_could_come_in(tmp_path: Path, environment: dict[str, str], state: str, found: str) -> None:
    (check,) = [each for each in examine({"BRICKIE_HOME": str(tmp_path), **environment}) if each.what == "web"]
    assert (check.what, check.state, check.finding) == ("web", state, found)


def _serving(home: Path, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "agent", "serve", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "BRICKIE_HOME": str(home), **environment},
    )


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    running = _serving(tmp_path, "--port", "0")
    assert running.stderr is not None
    try:
        address = running.stderr.readline().removeprefix("Brickie is at ").strip()
        with urllib.request.urlopen(f"{address}/readyz", timeout=10) as response:  # noqa: S310 - loopback
            assert response.status == 200
        begun = time.monotonic()
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
        assert time.monotonic() - begun < 5
    finally:
        running.kill()
        running.stderr.close()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--host", "0.0.0.0"), "listening on 0.0.0.0 without signing in would let in everybody who reaches it."),
        (("--port", "TAKEN"), "Another program may: choose another with --port."),
        (("--port", "70000"), "70000 is no port"),
    ],
)
def test_the_command_refuses_in_one_line(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        running = _serving(tmp_path, *(taken if word == "TAKEN" else word for word in arguments))
        _, said = running.communicate(timeout=20)
    assert running.returncode == 2
    assert sentence in said
    assert said.count("\n") == 1
