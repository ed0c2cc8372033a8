"""A process that has loaded what a provider needs, and makes one by forking for each launcher that asks.

A provider so made is a process like any other: with the outputs and the environment of the launcher that Terraform
started, configured by nobody else, and gone when the launcher is. The server itself never serves, holds no cloud open
and has no second thread, so that what it forks is whole. It ends when nobody has asked for a while, and when its own
sources have changed.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from plugins.deploy.sandbox.install import PROVIDERS
from plugins.deploy.sandbox.schema import schemas
from plugins.deploy.sandbox.server import ACCEPTED, LENGTH, address
from plugins.deploy.sandbox.serving import serve

_IDLE_SECONDS = 20.0
_WAITING = 128


def main() -> None:
    """Serves the launchers of the sandbox in the folder that the first argument names. The second is the number of the
    open file that holds the lock.
    """
    folder, lock = os.open(sys.argv[1], os.O_RDONLY), int(sys.argv[2])
    import_module("grpc")
    for name in PROVIDERS:
        schemas(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no child is waited for, and none is left as a zombie
    os.umask(0o077)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        Path(address(folder)).unlink(missing_ok=True)
        listener.bind(address(folder))
        listener.listen(_WAITING)
        try:
            _serve(listener, lock)
        finally:
            with contextlib.suppress(FileNotFoundError):  # a reset takes the folder away
                Path(address(folder)).unlink()


def _serve(listener: socket.socket, lock: int) -> None:
    sources = _sources()
    while select.select([listener], [], [], _IDLE_SECONDS)[0]:
        connection, _ = listener.accept()
        with connection:
            # A launcher that gets no answer becomes a provider itself, of the new sources.
            if _sources() != sources:
                return
            if os.fork() == 0:
                listener.close()
                os.close(lock)
                _become_provider(connection)


def _sources() -> Mapping[str, int]:
    """When each file that a provider is made of was last changed, in nanoseconds."""
    folder = Path(__file__).parent
    return {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(folder) if entry.is_file()}


def _become_provider(connection: socket.socket) -> None:
    """Never returns."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        name, launcher = _asked(connection)
        connection.sendall(ACCEPTED)
        serve(name, owner=launcher, is_orphaned=lambda: _is_closed(connection))
        connection.sendall(ACCEPTED)
        code = 0
    except BaseException:  # noqa: BLE001 - the top of a process that must not go on as the server
        traceback.print_exc()
    finally:
        os._exit(code)


def _asked(connection: socket.socket) -> tuple[str, int]:
    """The provider's name and the launcher's process id; from here on its outputs and environment are ours."""
    head, outputs, _, _ = socket.recv_fds(connection, LENGTH, 3)
    for number, output in enumerate(outputs):
        os.dup2(output, number)
        os.close(output)
    asked = b""
    while len(asked) < int(head, 16):
        some = connection.recv(1 << 16)
        if not some:
            raise ConnectionError("the launcher has gone")
        asked += some
    name, launcher, *variables = asked.split(b"\0")
    os.environb.clear()
    for variable in variables:
        key, _, value = variable.partition(b"=")
        os.environb[key] = value
    return name.decode(), int(launcher)


def _is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
