"""Serving a provider to Terraform: go-plugin's handshake, then gRPC with bytes in and bytes out."""

# Terraform's values have no static type, and msgpack and grpc ship no types either.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false, reportMissingTypeStubs=false

import contextlib
import os
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from plugins.deploy.sandbox.messages import RPCS
from plugins.deploy.sandbox.provider import Provider, from_environment
from plugins.deploy.sandbox.wire import Message, decode, encode

_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
"""Terraform's TF_PLUGIN_MAGIC_COOKIE (hashicorp/terraform internal/plugin/serve.go): it says who started us."""

_SERVICE = "tfplugin6.Provider"
_WATCH_SECONDS = 0.5


def serve(provider: Provider, address: str) -> tuple[Any, threading.Event]:
    """A started gRPC server at that address, and the event that tells when Terraform wants it to end."""
    import grpc  # noqa: PLC0415 - 0.1 s that only a provider process should pay

    shut_down = threading.Event()

    def method(answer: Callable[[dict[str, Any]], dict[str, Any]], request: Message, response: Message) -> Any:
        def call(raw: bytes, context: Any) -> bytes:
            try:
                return encode(response, answer(decode(request, raw)))
            except Exception:
                traceback.print_exc()
                context.abort(grpc.StatusCode.INTERNAL, "the sandbox provider failed; see its standard error")
                raise

        return grpc.unary_unary_rpc_method_handler(call)

    def end(_raw: bytes, _context: Any) -> bytes:
        shut_down.set()
        return b""

    handlers = {name: method(getattr(provider, name), *messages) for name, messages in RPCS.items()}
    server = grpc.server(ThreadPoolExecutor(16))
    server.add_generic_rpc_handlers(
        (
            grpc.method_handlers_generic_handler(_SERVICE, handlers),
            grpc.method_handlers_generic_handler(
                "plugin.GRPCController", {"Shutdown": grpc.unary_unary_rpc_method_handler(end)}
            ),
            grpc.method_handlers_generic_handler(
                "plugin.GRPCStdio",
                {"StreamStdio": grpc.unary_stream_rpc_method_handler(lambda _raw, _context: iter(()))},
            ),
        )
    )
    server.add_insecure_port(address)
    server.start()
    return server, shut_down


def main(name: str) -> None:
    """Serves one provider until Terraform ends it or dies. Started by the launcher that Terraform finds."""
    if os.environ.get("TF_PLUGIN_MAGIC_COOKIE") != _COOKIE:
        sys.exit("This is a Terraform provider of Brickie's sandbox cloud; Terraform starts it.")
    if os.environ.get("PLUGIN_CLIENT_CERT"):
        sys.exit("The sandbox provider speaks without TLS over a private socket: set TF_DISABLE_PLUGIN_TLS=1.")
    provider = from_environment(name)
    with tempfile.TemporaryDirectory(prefix="brk", dir=os.environ.get("PLUGIN_UNIX_SOCKET_DIR") or None) as folder:
        server, shut_down = serve(provider, f"unix:{folder}/s")
        sys.stdout.write(f"1|6|unix|{folder}/s|grpc|\n")
        sys.stdout.flush()
        _until_ended(provider, shut_down)
        server.stop(0)
    os._exit(0)


def _until_ended(provider: Provider, shut_down: threading.Event) -> None:
    """Nobody tells a provider that Terraform was killed: the parent's id does."""
    parent = os.getppid()
    with contextlib.suppress(KeyboardInterrupt):
        while not shut_down.wait(_WATCH_SECONDS):
            if os.getppid() != parent:
                provider.stopped.set()
                return
