"""Starting a command that outlives whoever starts it, and telling whether it still lives.

The command runs below a small shell in a session of its own. Whoever starts it claims the run for that shell by a hard
link (so of two starters one wins, whatever dies in between), and only then tells it to begin. The shell keeps the
command's two outputs in files, and at the end writes the exit code. Beside one another in the folder: NAME.pid (the
shell's /proc/PID/stat), NAME.out, NAME.err, NAME.rc. Nothing of the environment is ever written.
"""

import contextlib
import os
import shlex
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_FUNCTIONS = """
trap : HUP INT TERM
cd "$1" || exit 3
umask 077
read -r go && [ "$go" = go ] || exit 0
run() {
  name=$1
  shift
  [ -e "$name.stop" ] && set -- sh -c 'exit 130'
  "$@" >"$name.out" 2>"$name.err" </dev/null
}
"""
_GO = b"go\n"
"""A trap that does nothing keeps the shell alive through a signal to the session, and is not inherited. A shell that
hears no word to begin, for its starter lost the claim or died, runs nothing. What was asked to stop before it began
does not begin.
"""

_NOTHING_SHARED = (
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    (os.POSIX_SPAWN_DUP2, 1, 2),
)
"""Whoever reads the agent's output from a pipe would else wait for Terraform's end, too."""

_START_FIELD, _STATE_FIELD, _SESSION_FIELD = 19, 0, 3
"""Where these stand in /proc/PID/stat after the name: fields 22, 3 and 6 of proc(5)."""

_FIRST_SIGNAL_CODE = 128
_INTERRUPTED_CODE = _FIRST_SIGNAL_CODE + signal.SIGINT
"""A shell's exit code for a command that died of a signal begins here; of an interrupt it is this (POSIX.1-2017, Shell
Command Language, 2.8.2).
"""


@dataclass(frozen=True)
class Leader:
    """The shell of a run: its process id, and when it started (empty where there is no /proc)."""

    pid: int
    started: str


@dataclass(frozen=True)
class DetachedProcess:
    """The files of one command in its folder."""

    folder: Path
    name: str

    def path(self, kind: str) -> Path:
        return self.folder / f"{self.name}.{kind}"

    @property
    def is_started(self) -> bool:
        return self.path("pid").exists()

    @property
    def leader(self) -> Leader | None:
        """None when it was never started."""
        try:
            pid, rest = self.path("pid").read_text("utf-8").split(" ", 1)
        except (OSError, ValueError):
            return None
        fields = rest.rsplit(")", 1)[-1].split()
        return Leader(int(pid), fields[_START_FIELD] if fields[_START_FIELD:] else "")

    @property
    def code(self) -> int | None:
        """The exit code; None while it runs, and for ever when it died without one."""
        try:
            told = self.path("rc").read_text("utf-8")
            return int(told) if told.endswith("\n") else None
        except (OSError, ValueError):
            return None

    @property
    def is_killed(self) -> bool:
        """True when the command had begun, and ended by a signal that it did not catch."""
        # Terraform catches an interrupt as soon as it runs: what ends by ours had not begun.
        if self.code == _INTERRUPTED_CODE and self.path("stop").exists():
            return False
        return (self.code or 0) > _FIRST_SIGNAL_CODE

    @property
    def seconds(self) -> float:
        """How long it lasted, or has lasted by now."""
        end = self.path("rc").stat().st_mtime if self.path("rc").exists() else time.time()
        return max(0.0, end - self.path("pid").stat().st_mtime)

    def is_alive(self) -> bool:
        """Whether the shell, or anything in its session once the shell has gone, still runs."""
        leader = self.leader
        if leader is None:
            return False
        # A child that has ended stays in /proc as a zombie until it is waited for, and would pass for alive.
        _reap(leader.pid)
        fields = _stat(leader.pid)
        # The number of a process is used again; with its start it is not.
        if fields and (not leader.started or fields[_START_FIELD] == leader.started):
            return fields[_STATE_FIELD] not in "ZX" or _session_lives(leader.pid)
        return not fields and _session_lives(leader.pid)

    @property
    def has_ended(self) -> bool:
        """Whether the command has: its shell may live on for a moment. True also of what was never started."""
        # The order counts: a run that ends between the two looks has left its code.
        return self.code is not None or (not self.is_alive() and self.code is None)

    @property
    def may_live(self) -> bool:
        """Whether anything of the run may still be there: of a command that ended by itself nothing is, which is told
        without a look at every process of the machine.
        """
        return self.is_alive() if self.code is None or self.is_killed else False

    @property
    def has_command(self) -> bool:
        """Whether the command itself runs, so that a signal to the session reaches more than its shell."""
        leader = self.leader
        if leader is None:
            return False
        return _session_lives(leader.pid, besides=leader.pid) or not Path("/proc/self").exists()

    def signal(self, number: signal.Signals) -> None:
        """To everything in the run's session; nothing when it has gone."""
        leader = self.leader
        if leader is not None and self.is_alive():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(leader.pid, number)

    def forget(self) -> None:
        """Removes the files of a run that has ended."""
        for kind in ("pid", "rc", "out", "err", "stop", "unlocked"):
            self.path(kind).unlink(missing_ok=True)


def runs_in(folder: Path) -> list[DetachedProcess]:
    """Every run that was ever started there."""
    return [DetachedProcess(folder, path.stem) for path in sorted(folder.glob("*.pid"))]


def start(
    run: DetachedProcess,
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    then: tuple[str, Sequence[str]] | None = None,
) -> None:
    """Starts the command, unless somebody has; returns once it is known who did. Raises OSError.

    `then` is the name of another run in its folder, and its command: the same shell goes on with it when the first ends
    well, and ends with it.
    """
    defaults = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE)
    heard, told = os.pipe()
    lost: int | None = None
    try:
        lost = pid = os.posix_spawn(
            "/bin/sh",
            ["sh", "-c", _script(run.name, command, then), "sh", str(run.folder)],
            dict(environment),
            setsid=True,
            setsigdef=defaults,
            file_actions=((os.POSIX_SPAWN_DUP2, heard, 0), *_NOTHING_SHARED),
        )
        if _claimed(run, pid):
            lost = None
            os.write(told, _GO)
    finally:
        os.close(heard)
        os.close(told)
        if lost is not None:
            os.waitpid(lost, 0)  # it hears the end of what it reads, and goes


def _claimed(run: DetachedProcess, pid: int) -> bool:
    """Whether the run is that shell's now; else it is another's. Raises OSError."""
    note = run.path(f"pid.{pid}")
    note.touch(mode=0o600)
    try:
        note.write_text(_text_of_stat(pid), "utf-8")
        run.path("pid").hardlink_to(note)
    except FileExistsError:
        return False
    finally:
        note.unlink(missing_ok=True)
    return True


def _script(name: str, command: Sequence[str], then: tuple[str, Sequence[str]] | None) -> str:
    """No process but the command's: each takes a millisecond, before the command begins or its end is heard of. So the
    exit code has no rename: it is one write, and counts with its line's end alone. What follows is noted before the
    first has ended, so whoever stops all that runs in the folder finds it; of what was asked to stop nothing follows.
    """
    pid, stop, code = (shlex.quote(f"{name}.{kind}") for kind in ("pid", "stop", "rc"))
    first = f"{shlex.join(('run', name, *command))}\ncode=$?"
    if then is None:
        return f"{_FUNCTIONS}{first}\necho $code >{code}\n"
    next_name, next_command = then
    next_pid, next_code = (shlex.quote(f"{next_name}.{kind}") for kind in ("pid", "rc"))
    noted = f"read -r stat <{pid} && printf '%s\\n' \"$stat\" >{next_pid} && follows=1"
    follows = f"[ $code = 0 ] && [ ! -e {stop} ] && {noted}\necho $code >{code}"
    second = f"{shlex.join(('run', next_name, *next_command))}\necho $? >{next_code}"
    return f'{_FUNCTIONS}{first}\n{follows}\n[ "$follows" ] || exit 0\n{second}\n'


def _reap(pid: int) -> bool:
    """Takes a child's exit from the system, so that no zombie is left; True when it was ours and has ended."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return False


def _text_of_stat(pid: int) -> str:
    """What tells a process from a later one of its number: /proc/PID/stat; the number alone where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return f"{pid} -\n"


def _stat(pid: int) -> list[str]:
    """What stands after the name in /proc/PID/stat; empty when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return _without_proc(pid)


def _without_proc(pid: int) -> list[str]:
    if Path("/proc/self").exists():
        return []
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return []
    return ["?"] + [""] * _START_FIELD


def _session_lives(session: int, *, besides: int = 0) -> bool:
    """Whether a process of that session still runs: Terraform goes on when only its shell was killed."""
    for process in Path("/proc").glob("[0-9]*"):
        if process.name == str(besides):
            continue
        fields = _stat(int(process.name))
        if fields[_SESSION_FIELD:] and fields[_SESSION_FIELD] == str(session) and fields[_STATE_FIELD] not in "ZX":
            # A shell that has not become the command yet still ignores the interrupt that is meant for it.
            if besides and _program(int(process.name)) == _program(besides):
                continue
            return True
    return False


def _program(pid: int) -> str:
    """The file that this process runs; its own number where that cannot be told."""
    try:
        return str(Path(f"/proc/{pid}/exe").readlink())
    except OSError:
        return str(pid)
