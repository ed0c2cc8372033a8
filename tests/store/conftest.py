"""The records on both databases."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from postgresql import Server

from agent.store.database import Database


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'brickie.db'}"
    server: Server = request.getfixturevalue("server")
    return server.database()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    found = Database(url)
    await found.open()
    yield found
    await found.close()
