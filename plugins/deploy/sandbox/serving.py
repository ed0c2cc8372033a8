"""Serving a provider to Terraform: go-plugin's handshake, then gRPC with bytes in and bytes out."""

import os
import signal
import sqlite3
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.messages import RPCS
from plugins.deploy.sandbox.provider import Provider
from plugins.deploy.sandbox.wire import Message, decode, encode

_SERVICE = "tfplugin6.Provider"
_LOOK_SECONDS = 0.5


class ProviderServer:
    """A provider on a socket, from its making until `stop`. `ended` is set when Terraform wants it to end."""

    def __init__(self, provider: Provider, socket: Path) -> None:
        grpc: Any = import_module("grpc")  # untyped, and 0.1 s that nobody but a serving process should pay
        self.provider = provider
        self.ended = threading.Event()
        self._server = grpc.server(ThreadPoolExecutor(16))
        self._server.add_generic_rpc_handlers(
            (
                grpc.method_handlers_generic_handler(_SERVICE, _methods(grpc, provider)),
                grpc.method_handlers_generic_handler(
                    "plugin.GRPCController", {"Shutdown": grpc.unary_unary_rpc_method_handler(self._shut_down)}
                ),
                grpc.method_handlers_generic_handler(
                    "plugin.GRPCStdio", {"StreamStdio": grpc.unary_stream_rpc_method_handler(_nothing)}
                ),
            )
        )
        self._server.add_insecure_port(f"unix:{socket}")
        self._server.start()

    def stop(self) -> None:
        self.provider.stop()
        self._server.stop(0)

    def _shut_down(self, _raw: bytes, _context: Any) -> bytes:
        self.ended.set()
        return b""


def serve(name: str, *, owner: int, is_orphaned: Callable[[], bool]) -> None:
    """Serves one provider until Terraform ends it, or the process that Terraform started is found gone. `owner` is that
    process's id.
    """
    cloud = SandboxCloud(Path(os.environ["BRICKIE_SANDBOX_CLOUD"]))
    provider = Provider(name, cloud, speed=float(os.environ.get("BRICKIE_SANDBOX_SPEED") or 0))
    folder = Path(os.environ.get("PLUGIN_UNIX_SOCKET_DIR") or os.environ.get("TMPDIR") or "/tmp")  # noqa: S108 - go-plugin's own
    socket = folder / f"brickie-{owner}" / "s"
    # There is no TLS on the socket: the folder is what keeps others from it.
    socket.parent.mkdir(mode=0o700)
    try:
        server = ProviderServer(provider, socket)
        signal.signal(signal.SIGTERM, lambda _number, _frame: server.ended.set())
        sys.stdout.write(f"1|6|unix|{socket}|grpc|\n")
        sys.stdout.flush()
        # Nobody tells a provider that Terraform was killed.
        while not server.ended.wait(_LOOK_SECONDS) and not is_orphaned():
            pass
        server.stop()
    finally:
        socket.unlink(missing_ok=True)
        socket.parent.rmdir()


def failure_text(error: Exception) -> str:
    """What Terraform is told when a provider breaks; a full disk is called what everything else calls it."""
    if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
        return "the sandbox cloud cannot be written: no space left on device"
    return "the sandbox provider failed; see its standard error"


def _methods(grpc: Any, provider: Provider) -> dict[str, Any]:
    return {
        name: grpc.unary_unary_rpc_method_handler(_method(grpc, answer, *RPCS[name]))
        for name, answer in provider.answers().items()
    }


def _method(
    grpc: Any, answer: Callable[[dict[str, Any]], dict[str, Any]], request: Message, response: Message
) -> Callable[[bytes, Any], bytes]:
    def call(raw: bytes, context: Any) -> bytes:
        try:
            return encode(response, answer(decode(request, raw)))
        except Exception as error:
            traceback.print_exc()
            context.abort(grpc.StatusCode.INTERNAL, failure_text(error))
            raise

    return call


def _nothing(_raw: bytes, _context: Any) -> Any:
    return iter(())
