"""Real databases and real processes."""

import socket
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "channels"))
sys.path.insert(0, str(Path(__file__).parent))

from crashing import Ground
from postgresql import Server


@pytest.fixture
def free_port() -> int:
    """Free now, and the same one for a server that is started again."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Ground:
    """A fresh home on SQLite, or on PostgreSQL where the test's `database` says so."""
    server: Server | None = None
    if request.node.callspec.params["database"] == "postgresql":
        server = request.getfixturevalue("postgresql")
    return Ground(tmp_path / "home", server.database() if server else None)
