"""What every test stands on: no network but this machine, a clean environment, a home of its own, golden files.

A test is pure unless it is marked otherwise, and a pure one is held to it. `--fast` takes the pure ones alone and tries
less often what is tried thousands of times; `-m pure` and `-m "not pure"` are the whole.
"""

import multiprocessing.util
import os
import re
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from postgresql import Server

sys.path.insert(0, str(Path(__file__).parent))

from compiled_once import compile_once
from unflushed import flush_nothing

_ELSEWHERE = ("integration", "browser", "terraform", "durable", "packaging", "live")
_WHOLLY_ELSEWHERE = re.compile(rf"^pytestmark = \[?pytest\.mark\.(?:{'|'.join(_ELSEWHERE)})\b", re.MULTILINE)
_FAST_SHARE = 20
_IMPURE = ("sqlite3.connect", "subprocess.Popen", "os.fork", "os.posix_spawn", "os.system", "socket.bind")

_FOREIGN = ("ARM_", "AZURE_", "DATABRICKS_", "TF_", "OPENAI_", "BRICKIE_SANDBOX")
_LOCAL = ("127.0.0.1", "::1", "localhost")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="the pure tests alone, with a sample of long repetitions")


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile("sample", max_examples=10)
    if config.getoption("--fast"):
        settings.load_profile("sample")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What is not run is not imported either: that would take longer than all that is."""
    if not config.getoption("--fast") or collection_path.suffix != ".py":
        return None
    return True if _WHOLLY_ELSEWHERE.search(collection_path.read_text("utf-8")) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if not any(item.get_closest_marker(name) for name in _ELSEWHERE):
            item.add_marker(pytest.mark.pure)
    if config.getoption("--fast"):
        config.hook.pytest_deselected(items=[item for item in items if not item.get_closest_marker("pure")])
        items[:] = [item for item in items if item.get_closest_marker("pure")]


class _Watch:
    """Fails the pure test that is under way when it opens a database, listens or starts a process."""

    def __init__(self) -> None:
        self.holds = False
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.holds and event in _IMPURE and arguments[:1] != (":memory:",):
            self.refused(event)

    def refused(self, *what: object) -> int:
        pytest.fail(f"{what[0]} in a test that is not marked: it is no pure one")


_watch = _Watch()


@pytest.fixture(autouse=True)
def held_pure(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test without a mark is held to need nothing."""
    _watch.holds = request.node.get_closest_marker("pure") is not None
    if _watch.holds:  # it starts processes without an audit event
        monkeypatch.setattr(multiprocessing.util, "spawnv_passfds", _watch.refused)
    yield
    _watch.holds = False


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Callable[[int], int]:
    """How much of something large to try: all of it, or a twentieth with --fast."""
    return lambda whole: whole // _FAST_SHARE if request.config.getoption("--fast") else whole


@pytest.fixture(autouse=True)
def clean_environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, held_pure: None) -> None:  # noqa: ARG001 - it comes first
    """No credentials and no Terraform settings of the machine reach a test; its home is a folder of its own."""
    for name in os.environ:
        if name.startswith(_FOREIGN) or "__" in name.strip("_"):
            monkeypatch.delenv(name)
    if _watch.holds:  # a folder for each of thousands of tests that write nothing takes longer than they do
        factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        home = factory.getbasetemp() / "homes" / str(abs(hash(request.node.nodeid)))
    else:
        home = Path(request.getfixturevalue("tmp_path")) / "home"
        flush_nothing()
        compile_once()
    monkeypatch.setenv("BRICKIE_HOME", str(home))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that dials out fails, whatever it dials."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address).strip("('").startswith(_LOCAL):
            pytest.fail(f"a test dialled out to {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[Server]":
    """A PostgreSQL server for all the tests of this process: to make one takes seconds, a database of its own none."""
    from postgresql import Server  # SQLAlchemy with it, which most tests do without

    server = Server()
    yield server
    server.stop()


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a whole text with tests/golden/NAME; BRICKIE_UPDATE_GOLDEN=1 rewrites it, for review as a diff."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if os.environ.get("BRICKIE_UPDATE_GOLDEN"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        assert path.exists(), f"{name} is missing: run with BRICKIE_UPDATE_GOLDEN=1 and review it"
        assert text == path.read_text("utf-8")

    return compare
