"""Processes of Brickie that load no libraries: each is forked from one that has, and begins its work a second sooner.

They are processes like any other, with an environment, a folder and open files of their own, that flush nothing to the
disk (`unflushed`); they can be killed, and whoever asked for one hears how it ended. What they are forked from has no
second thread, opens nothing of Brickie's and ends with the tests.
"""

import asyncio
import atexit
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from unflushed import flush_nothing

ROOT = Path(__file__).parents[1]
Program = Literal["agent", "child"]
"""The command line, or what tests/durable/child.py is."""

_LOADED = ("agent.__main__", "agent.app", "agent.deployment.dbos_engine", "jinja2", "child")
_NUMBER = 4


class Forked:
    """One process; the three files are its standard ones, and stay the caller's to close."""

    def __init__(
        self,
        program: Program,
        arguments: tuple[str, ...],
        *,
        files: tuple[int, int, int],
        env: Mapping[str, str],
        folder: Path | None = None,
    ) -> None:
        where = str(folder or Path.cwd())
        wanted = {"program": program, "arguments": arguments, "folder": where, "environment": dict(env)}
        self._ends = socket.socket(socket.AF_UNIX)
        self._ends.connect(_server())
        text = json.dumps(wanted).encode()
        socket.send_fds(self._ends, [len(text).to_bytes(_NUMBER)], files)
        self._ends.sendall(text)
        self.pid = int.from_bytes(self._ends.recv(_NUMBER, socket.MSG_WAITALL))
        self._code: int | None = None

    @property
    def returncode(self) -> int | None:
        """As subprocess has it: None while it runs, the negative number of the signal that ended it."""
        if self._code is None and select.select([self._ends], [], [], 0)[0]:
            self._code = int.from_bytes(self._ends.recv(_NUMBER, socket.MSG_WAITALL), signed=True)
            self._ends.close()
        return self._code

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def ended(self, seconds: float) -> int:
        """How it ended. Raises TimeoutError, and ends it, when it does not for so long."""
        if self._code is None and not select.select([self._ends], [], [], seconds)[0]:
            self.send_signal(signal.SIGKILL)
            raise TimeoutError
        code = self.returncode
        assert code is not None
        return code


class Spoken:
    """A process that is spoken to by a running event loop: what of `asyncio.subprocess.Process` tests use."""

    def __init__(self, process: Forked, stdin: asyncio.StreamWriter, stdout: asyncio.StreamReader) -> None:
        self._process = process
        self.pid, self.stdin, self.stdout = process.pid, stdin, stdout
        self.send_signal = process.send_signal

    @classmethod
    async def begun(cls, program: Program, arguments: tuple[str, ...], *, env: Mapping[str, str]) -> "Spoken":
        """Its standard error is the tests' own."""
        (its_input, ours), (heard, its_output) = os.pipe(), os.pipe()
        try:
            process = Forked(program, arguments, files=(its_input, its_output, 2), env=env)
        finally:
            os.close(its_input)
            os.close(its_output)
        loop, reader = asyncio.get_running_loop(), asyncio.StreamReader(limit=1 << 24)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(heard, "rb", 0))
        said, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(ours, "wb", 0))
        return cls(process, asyncio.StreamWriter(said, protocol, None, loop), reader)

    @property
    def returncode(self) -> int | None:
        return self._process.returncode

    async def wait(self) -> int:
        while (code := self.returncode) is None:
            await asyncio.sleep(0.01)
        return code


def run(
    *arguments: str, env: Mapping[str, str], folder: Path | None = None, said: str = "", seconds: float = 60
) -> tuple[int, str, str]:
    """`brickie` with these arguments: exit code, standard output and standard error."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        given.write(said.encode())
        given.seek(0)
        files = (given.fileno(), out.fileno(), errors.fileno())
        code = Forked("agent", arguments, files=files, env=env, folder=folder).ended(seconds)
        out.seek(0)
        errors.seek(0)
        return code, out.read().decode(), errors.read().decode()


@cache
def _server() -> str:
    """The address of this process's own, started when first needed."""
    address = str(Path(tempfile.mkdtemp(prefix="brickie-forks-")) / "s")
    path = f"{ROOT}:{ROOT / 'tests'}:{ROOT / 'tests' / 'durable'}"
    process = subprocess.Popen(
        [sys.executable, __file__, address],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(_stopped, process, Path(address))
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return address


def _stopped(process: "subprocess.Popen[bytes]", address: Path) -> None:
    process.kill()
    process.communicate()
    address.unlink()
    address.parent.rmdir()


def _serve(address: str) -> None:
    """Forks for everybody who asks, until who started this has gone."""
    for name in _LOADED:
        import_module(name)
    flush_nothing()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            asking = listener.accept()[0]
            if os.fork() == 0:
                listener.close()
                _watched(asking)
            asking.close()


def _watched(asking: socket.socket) -> None:
    """A process that forks the wanted one and tells its number, and then how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    length, files, *_ = socket.recv_fds(asking, _NUMBER, 3)
    wanted: dict[str, Any] = json.loads(asking.recv(int.from_bytes(length), socket.MSG_WAITALL))
    pid = os.fork()
    if pid == 0:
        asking.close()
        _become(wanted, files)
    asking.sendall(pid.to_bytes(_NUMBER))
    for file in files:
        os.close(file)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    asking.sendall(code.to_bytes(_NUMBER, signed=True))
    os._exit(0)


def _become(wanted: dict[str, Any], files: list[int]) -> None:
    """The wanted program, which ends as one that Python has started does."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    sys.argv = [wanted["program"], *wanted["arguments"]]
    random.seed()
    program: Any = import_module("agent.__main__" if wanted["program"] == "agent" else wanted["program"])
    sys.exit(program.main() if wanted["program"] == "agent" else asyncio.run(program.main()))


if __name__ == "__main__":
    _serve(sys.argv[1])
