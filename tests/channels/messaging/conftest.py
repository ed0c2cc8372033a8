"""A PostgreSQL for what must also hold there."""

from collections.abc import Iterator

import pytest
from postgresql import Server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()
