"""Serving a provider over gRPC: what Terraform hears when something breaks."""

import sqlite3
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.messages import RPCS
from plugins.deploy.sandbox.provider import Provider
from plugins.deploy.sandbox.serving import ProviderServer, failure_text
from plugins.deploy.sandbox.wire import decode, encode

pytestmark = pytest.mark.integration

grpc: Any = import_module("grpc")


@pytest.fixture
def server(tmp_path: Path) -> ProviderServer:
    return ProviderServer(Provider("azurerm", SandboxCloud(tmp_path / "cloud.db"), speed=0), tmp_path / "s")


def call(folder: Path, name: str, raw: bytes) -> bytes:
    with grpc.insecure_channel(f"unix:{folder}/s") as channel:
        return channel.unary_unary(name)(raw, timeout=5)


def test_a_call_is_answered_in_bytes(tmp_path: Path, server: ProviderServer) -> None:
    answered = call(tmp_path, "/tfplugin6.Provider/GetMetadata", b"")
    server.stop()
    assert decode(RPCS["GetMetadata"][1], answered) == {
        "server_capabilities": {"plan_destroy": True, "get_provider_schema_optional": True}
    }


def test_terraform_ends_a_provider_by_a_call(tmp_path: Path, server: ProviderServer) -> None:
    assert not server.ended.is_set()
    call(tmp_path, "/plugin.GRPCController/Shutdown", b"")
    server.stop()
    assert server.ended.is_set()


def test_a_call_that_breaks_says_so_and_the_next_one_works(
    tmp_path: Path, server: ProviderServer, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = encode(RPCS["PlanResourceChange"][0], {"type_name": "azurerm_nothing"})
    with pytest.raises(grpc.RpcError) as broken:
        call(tmp_path, "/tfplugin6.Provider/PlanResourceChange", asked)
    answered = call(tmp_path, "/tfplugin6.Provider/StopProvider", b"")
    server.stop()
    assert broken.value.details() == "the sandbox provider failed; see its standard error"
    assert "azurerm_nothing" in capsys.readouterr().err
    assert answered == b""


def test_a_full_disk_is_called_what_everything_else_calls_it() -> None:
    assert failure_text(sqlite3.OperationalError("database or disk is full")) == (
        "the sandbox cloud cannot be written: no space left on device"
    )
