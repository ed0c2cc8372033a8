"""What every test stands on: no network but this machine, a clean environment, a home of its own, golden files."""

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

_FOREIGN = ("ARM_", "AZURE_", "DATABRICKS_", "TF_", "OPENAI_", "BRICKIE_SANDBOX")
_LOCAL = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials and no Terraform settings of the machine reach a test; its home is a folder of its own."""
    for name in os.environ:
        if name.startswith(_FOREIGN) or "__" in name.strip("_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BRICKIE_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that dials out fails, whatever it dials."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address).strip("('").startswith(_LOCAL):
            pytest.fail(f"a test dialled out to {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


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
