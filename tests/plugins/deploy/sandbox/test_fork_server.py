"""Providers that are forked: quicker to start, and otherwise as if each had been started by itself."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from plugins.deploy.sandbox.install import environment
from plugins.deploy.sandbox.server import COLD, SOCKET

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every provider starts by itself"),
]

COOKIE = {"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"}


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def provider(home: Path, name: str = "azurerm", **more: str) -> Generator[tuple["subprocess.Popen[str]", str]]:
    """The process that a launcher is, and the line by which its provider says where it serves."""
    home.mkdir(exist_ok=True)
    own = {**COOKIE, **environment(home, speed=0), "PLUGIN_UNIX_SOCKET_DIR": str(home), **more}
    launcher = next((home / "sandbox" / "mirror").rglob(f"terraform-provider-{name}_*"))
    with subprocess.Popen([launcher], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=own) as run:
        assert run.stdout is not None
        try:
            yield run, run.stdout.readline()
        finally:
            run.terminate()


def serving(home: Path) -> set[int]:
    """The processes that belong to this home, the fork server and what it forked, and no launcher."""
    found: set[int] = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if str(home / "sandbox") in words and "-c" in words:
            found.add(int(process.name))
    return found


def warm(home: Path) -> int:
    """Has a fork server serve this home; its process id."""
    with provider(home):
        until((home / "sandbox" / SOCKET).exists)
    (server,) = serving(home)
    return server


def test_the_first_provider_starts_by_itself_and_has_the_others_forked(tmp_path: Path) -> None:
    server = warm(tmp_path)
    with provider(tmp_path) as (run, line):
        assert line == f"1|6|unix|{tmp_path}/brickie-{run.pid}/s|grpc|\n"
        (forked,) = serving(tmp_path) - {server}
        assert os.getsid(forked) == server


def test_a_forked_provider_has_the_environment_of_its_launcher(tmp_path: Path) -> None:
    """Of two that are forked side by side each serves where it was told to."""
    warm(tmp_path)
    places = [tmp_path / f"place-{number}" for number in range(4)]
    with ExitStack() as stack:
        for place in places:
            place.mkdir()
            run, line = stack.enter_context(provider(tmp_path, PLUGIN_UNIX_SOCKET_DIR=str(place)))
            assert line.split("|")[3] == f"{place}/brickie-{run.pid}/s"
        assert len(serving(tmp_path)) == 1 + len(places)


def test_a_forked_provider_ends_with_its_launcher(tmp_path: Path) -> None:
    """Terraform kills what it started when it does not end by itself."""
    server = warm(tmp_path)
    with provider(tmp_path) as (run, _):
        assert len(serving(tmp_path)) == 2
        run.kill()
        until(lambda: serving(tmp_path) == {server})
        until(lambda: not (tmp_path / f"brickie-{run.pid}").exists())


def test_a_launcher_ends_with_the_provider_that_was_forked_for_it(tmp_path: Path) -> None:
    """With a code that says it did not end well, when it was killed."""
    server = warm(tmp_path)
    with provider(tmp_path) as (run, _):
        (forked,) = serving(tmp_path) - {server}
        os.kill(forked, 9)
        assert run.wait(20) == 1


def test_one_fork_server_serves_a_home(tmp_path: Path) -> None:
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(provider(tmp_path))
        until((tmp_path / "sandbox" / SOCKET).exists)
        assert len({os.getsid(process) for process in serving(tmp_path)}) == 1


def test_without_a_fork_server_a_provider_serves_by_itself(tmp_path: Path) -> None:
    """A server that was killed leaves its socket: nobody answers there."""
    os.kill(warm(tmp_path), 9)
    until(lambda: not serving(tmp_path))
    with provider(tmp_path) as (run, line):
        assert f"brickie-{run.pid}/s" in line


def test_a_cold_provider_asks_no_fork_server(tmp_path: Path) -> None:
    server = warm(tmp_path)
    with provider(tmp_path, **{COLD: "1"}) as (_, line):
        assert line.endswith("|grpc|\n")
        assert serving(tmp_path) == {server}
