"""What the launcher runs: a provider made by the fork server in 0.02 s, or, where none serves, this process as one.

Terraform starts a provider up to six times a command, and each start of Python with all that a provider needs takes
0.11 s of computing (measured 2026-11-30). So only built-in modules are imported here until it is known who serves.
"""

import os
import sys

# `signal` itself imports `enum`: a third of this process's whole start. It has no stub.
from _signal import SIG_IGN, SIGINT, signal  # pyright: ignore[reportMissingImports, reportUnknownVariableType]
from _socket import AF_UNIX, SCM_RIGHTS, SOCK_STREAM, SOL_SOCKET, socket

_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
"""Terraform's TF_PLUGIN_MAGIC_COOKIE (hashicorp/terraform internal/plugin/serve.go): it says who started us."""

SOCKET, LOCK = "forks", "forks.lock"
"""Where a fork server listens, below the sandbox's folder, and what it holds as long as it lives."""

COLD = "BRICKIE_SANDBOX_COLD"
"""Set, each provider is a process of its own from its first instruction, as real ones are."""

ACCEPTED, LENGTH = b"+", 8
_ANSWER_SECONDS, _LOOK_SECONDS = 5.0, 0.5


def main(name: str) -> None:
    """Serves one provider until Terraform ends it or dies. Started by the launcher that Terraform finds."""
    if os.environ.get("TF_PLUGIN_MAGIC_COOKIE") != _COOKIE:
        sys.exit("This is a Terraform provider of Brickie's sandbox cloud; Terraform starts it.")
    if os.environ.get("PLUGIN_CLIENT_CERT"):
        sys.exit("The sandbox provider speaks without TLS over a private socket: set TF_DISABLE_PLUGIN_TLS=1.")
    # An interrupt in a terminal reaches us too; Terraform says by StopProvider what is to be done about it.
    signal(SIGINT, SIG_IGN)
    parent = os.getppid()
    folder = os.path.dirname(os.environ["BRICKIE_SANDBOX_CLOUD"])  # noqa: PTH120 - pathlib costs as much as all the rest
    may_fork = sys.platform == "linux" and COLD not in os.environ
    if may_fork:
        code = _served_by_fork(name, folder, parent)
        if code is not None:
            os._exit(code)
        _start_fork_server(folder)
    from plugins.deploy.sandbox.serving import serve

    serve(name, owner=os.getpid(), is_orphaned=lambda: os.getppid() != parent)
    os._exit(0)


def address(directory: int, name: str = SOCKET) -> str:
    """A path to that name in an open directory, short enough for a socket wherever the directory lies."""
    return f"/proc/self/fd/{directory}/{name}"


def _served_by_fork(name: str, folder: str, parent: int) -> int | None:
    """The exit code of the provider that a fork server made for us, when that has ended, or Terraform has; None where
    no fork server answers.
    """
    connection = socket(AF_UNIX, SOCK_STREAM)
    connection.settimeout(_ANSWER_SECONDS)
    try:
        directory = os.open(folder, os.O_RDONLY)
        try:
            connection.connect(address(directory))
        finally:
            os.close(directory)
        _ask(connection, name)
        if connection.recv(1) != ACCEPTED:
            return None
    except OSError:
        return None
    return _end_of(connection, parent)


def _ask(connection: socket, name: str) -> None:
    """Sends our outputs, and who we are in which environment: the provider is to be as if it were this process."""
    variables = [key + b"=" + value for key, value in os.environb.items()]
    asked = b"\0".join([name.encode(), b"%d" % os.getpid(), *variables])
    outputs = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    connection.sendmsg([b"%0*x" % (LENGTH, len(asked))], [(SOL_SOCKET, SCM_RIGHTS, outputs)])
    connection.sendall(asked)


def _end_of(connection: socket, parent: int) -> int:
    connection.settimeout(_LOOK_SECONDS)
    while True:
        try:
            return 0 if connection.recv(1) else 1
        except TimeoutError:
            # The provider ends when this process has gone.
            if os.getppid() != parent:
                return 0
        except OSError:
            return 1


def _start_fork_server(folder: str) -> None:
    """Starts one for those that come after us, unless one lives; it ends itself when nobody needs it."""
    import fcntl

    try:
        lock = os.open(os.path.join(folder, LOCK), os.O_RDWR | os.O_CREAT, 0o600)  # noqa: PTH118 - as above
    except OSError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        code = (
            f"import sys; sys.path[:0] = {sys.path[:1]!r}; from plugins.deploy.sandbox.fork_server import main; main()"
        )
        nothing = ((os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2))
        # In a session of its own: it is no part of the Terraform that happens to have started it.
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-c", code, folder, str(lock)],
            {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "TMPDIR")},
            # The lock lives as long as the server: an open file is what holds it.
            file_actions=[*nothing, (os.POSIX_SPAWN_DUP2, lock, lock)],
            setsid=True,
            setsigdef=[int(SIGINT)],  # pyright: ignore[reportUnknownArgumentType],
        )
    except OSError:
        pass
    finally:
        os.close(lock)
