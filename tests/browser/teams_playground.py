"""The Microsoft 365 Agents Playground (npm, 0.2.28) before a Brickie of this process: a client nobody here wrote."""

import asyncio
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as WaitedInVain
from teams_served import TeamsServed
from teams_service import TeamsService

T = TypeVar("T")
CLI = Path(__file__).parents[2] / "agent/channels/web_client/node_modules/@microsoft/m365agentsplayground/cli.js"
LOOPBACK = Path(__file__).parent / "loopback.cjs"
_NOTHING_OF_MICROSOFT: dict[str, Any] = {"Playground": True, "AppId": None, "TenantId": [], "Roles": {}}
_SECONDS = 120
_SHOWN_CHARACTERS = 1_000


def missing() -> str | None:
    """Why the Playground cannot run here."""
    if shutil.which("node") is None or not CLI.exists():
        return "needs npm (npm ci in agent/channels/web_client)"
    return None


class Playground:
    """Both of them: `served` is Brickie, `url` the Playground's page. Blocks; ends both with `stop`."""

    def __init__(self, home: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        service = TeamsService()
        service.url = "https://smba.trafficmanager.net"
        self.served = self.run(TeamsServed(home, service, _NOTHING_OF_MICROSOFT).start())
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process = subprocess.Popen(
            ["node", str(CLI), "start", "-e", f"{self.served.url}/api/messages", "-c", "msteams",
             "-p", str(self.port), "--disable-telemetry"],
            env={**os.environ, "HOME": str(home.parent), "BROWSER": "none", "NODE_OPTIONS": f"--require={LOOPBACK}"},
            # It keeps a folder devTools wherever it is started.
            cwd=home.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        _wait_until_it_answers(self.url)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)

    def post(self, activity: dict[str, Any]) -> Any:
        """An activity of somebody whom the Playground does not have."""
        return self.run(self.served.post(activity))

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self.run(self.served.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


class PlaygroundPage:
    """What somebody does at the Playground's page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        # Its pictures come from elsewhere, where nothing of ours goes.
        page.route(lambda address: "127.0.0.1" not in address and "localhost" not in address, lambda r: r.abort())
        # It connects, then installs the bot; what is said before is drawn over.
        with page.expect_response(lambda response: response.url.endswith("/installation")):
            page.goto(url, wait_until="domcontentloaded")
        self.composer.wait_for()

    @property
    def composer(self) -> Locator:
        return self.page.locator("[contenteditable=true][role=textbox]").first

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self._send()

    def goes_to(self, chat: str) -> None:
        """Another of the Playground's chats."""
        self.page.get_by_role("treeitem", name=chat).click()
        self.composer.wait_for()

    def mentions(self, bot: str, text: str) -> None:
        self.composer.click()
        self.page.keyboard.type(f"@{bot.split(maxsplit=1)[0]}")
        self.page.get_by_text(bot, exact=True).last.click()
        self.page.keyboard.type(f" {text}")
        self._send()

    def sees(self, text: str, *, seconds: float = 120) -> Locator:
        found = self.page.get_by_text(text).last
        try:
            found.wait_for(timeout=seconds * 1000)
        except WaitedInVain as error:
            shown = self.page.locator("body").inner_text()
            raise AssertionError(f"no {text!r} on the page, which ends with:\n{shown[-_SHOWN_CHARACTERS:]}") from error
        return found

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).last.click()

    def _send(self) -> None:
        with self.page.expect_response(lambda response: response.url.endswith("/messages")):
            self.page.get_by_role("button", name="Send Message").click()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_answers(url: str) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - this machine's own
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the Playground did not start")
