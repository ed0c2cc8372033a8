"""The records on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from postgresql import Server

from agent.store.database import Database


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'brickie.db'}"
    server: Server = request.getfixturevalue("postgresql")
    return server.database()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    found = Database(url)
    await found.open()
    yield found
    await found.close()
