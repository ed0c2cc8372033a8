"""Reading people's texts off the event loop: short ones in a thread, long ones in a process that can be killed.

A pattern that is matched holds the interpreter, so that a thread would keep everybody waiting and could not be
stopped; two thousand characters are over in milliseconds where every pattern is linear. What reads longer texts is
started for the first of them, ends when nobody needed it for a minute, and is killed when a text takes longer than
`seconds`. One person occupies one of these processes at most, so that whoever sends what is hard to read waits for it
alone.

Costs: about a second to start such a process, most of it the making of patterns (2026-12-01, on a slow machine),
44 MB while it lives, 0.03 ms for a short text (2026-11-29).
"""

import asyncio
import contextlib
import contextvars
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import import_module
from multiprocessing.connection import Connection, Pipe
from typing import TypeVar

from agent.locks import Locks
from agent.wording import error_of, phrase
from plugins.domain.errors import InvalidRequest
from plugins.domain.understanding import Context

T = TypeVar("T")

DEADLINE_SECONDS = 2.0
MOST_IN_THREAD = 2_000
"""Characters; a longer text is read in a process of its own."""

_AT_ONCE = 2
_THREADS = 4
_IDLE_SECONDS = 60.0
_START_SECONDS = 30.0
"""For a machine that is busy with everything else; the text's own time begins afterwards."""

_ORPHANED_SECONDS = 1.0
"""So long after its deadline a reading ends itself: whoever would have killed it was killed."""

_READ_WITH = ("agent.dialogue.literal", "agent.brain.grounding.understanding")


class ReadingFailed(InvalidRequest):
    """The text could not be read within its time, or broke what read it; nothing was made of it."""

    def __init__(self) -> None:
        row = error_of(InvalidRequest, "brain.unread")
        super().__init__(row.activity, row.problem, row.remedy)


class Reader:
    """Runs pure functions on texts; made anywhere, used inside one event loop. `seconds` is a long text's deadline,
    `idle_seconds` how long a process waits for the next.
    """

    def __init__(self, *, seconds: float = DEADLINE_SECONDS, idle_seconds: float = _IDLE_SECONDS) -> None:
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._short = ThreadPoolExecutor(_THREADS, "reading")
        self._long = ThreadPoolExecutor(_AT_ONCE, "reading-long")
        self._persons = Locks()
        self._idle: list[_Process] = []
        self._ending: asyncio.TimerHandle | None = None
        self._is_closed = False

    async def read(self, work: Callable[[], T], *, length: int, person: str) -> T:
        """What `work` makes of a text of that length, sent by that person. Raises ReadingFailed for a long text
        that takes too long; for one, `work` must be a function of a module with its arguments, in a `partial`.
        """
        loop = asyncio.get_running_loop()
        if length <= MOST_IN_THREAD:
            return await loop.run_in_executor(self._short, contextvars.copy_context().run, work)
        async with self._persons.of(person):
            try:
                return await loop.run_in_executor(self._long, self._read, work)
            finally:
                self._end_when_idle(loop)

    async def close(self) -> None:
        """Ends every process; a reading that is under way is waited for, until its deadline."""
        self._is_closed = True
        if self._ending is not None:
            self._ending.cancel()
        await asyncio.to_thread(self._shut)

    @property
    def idle(self) -> int:
        """Processes that wait for a text now."""
        return len(self._idle)

    def _read(self, work: Callable[[], T]) -> T:
        process = self._waiting() or _Process(self._seconds + _ORPHANED_SECONDS)
        try:
            result = process.read(work, self._seconds)
        except BaseException:
            process.kill()
            raise
        self._idle.append(process)
        return result

    def _end_when_idle(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._ending is not None:
            self._ending.cancel()
        if not self._is_closed:
            self._ending = loop.call_later(self._idle_seconds, self._long.submit, self._end_idle)

    def _waiting(self) -> "_Process | None":
        """One that waits for a text; of two threads that ask for the last one, one gets it."""
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _end_idle(self) -> None:
        while process := self._waiting():
            process.end()

    def _shut(self) -> None:
        self._short.shutdown(wait=True)
        self._long.shutdown(wait=True)
        self._end_idle()


class _Process:
    """One process that reads, one text after another; used by one thread at a time."""

    def __init__(self, most_seconds: float) -> None:
        self._texts, theirs = Pipe()
        # Not by multiprocessing, which would have it run the main module of whoever asks, and leave a process beside it
        # that tracks resources of which there are none.
        there = theirs.fileno()
        found = f"import sys\nsys.path[:] = {sys.path!a}"
        code = f"{found}\nimport {__name__}\n{__name__}.serve({there}, {most_seconds})"
        self._process = subprocess.Popen(  # noqa: S603 - this Python, with code of ours
            [sys.executable, "-I", "-c", code], stdin=subprocess.DEVNULL, pass_fds=(there,)
        )
        theirs.close()
        try:
            self._await_start()
        except BaseException:
            self.kill()
            raise

    def read(self, work: Callable[[], T], seconds: float) -> T:
        """Raises ReadingFailed, after which this process is of no more use."""
        try:
            self._texts.send(work)
            if not self._texts.poll(seconds):
                raise ReadingFailed
            result, failure = self._texts.recv()
        except (EOFError, ConnectionError) as error:
            raise ReadingFailed from error
        if failure is not None:
            raise RuntimeError(f"reading a long text failed in its process:\n{failure}")
        return result

    def kill(self) -> None:
        self._process.kill()
        self.end()

    def end(self) -> None:
        """Without anything more to read it ends by itself."""
        self._texts.close()
        self._process.wait()

    def _await_start(self) -> None:
        """Raises ReadingFailed where the machine is too busy for it: the text is at fault as little as the install."""
        try:
            if not self._texts.poll(_START_SECONDS):
                raise ReadingFailed
            self._texts.recv()
        except (EOFError, ConnectionError) as error:
            raise RuntimeError("the process that reads long texts did not start") from error


def serve(texts_at: int, most_seconds: float) -> None:
    """The whole of such a process: reads what comes by that file descriptor until nobody sends any more. A signal that
    no code of ours catches ends what takes too long: the interpreter itself would not hear of it during a match.
    """
    texts: Connection[object, Callable[[], object]] = Connection(texts_at)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for name in _READ_WITH:
        import_module(name)
    _warm_up()
    with contextlib.suppress(EOFError, ConnectionError):
        texts.send(None)
        while True:
            work = texts.recv()
            signal.setitimer(signal.ITIMER_REAL, most_seconds)
            answer = _made(work)
            signal.setitimer(signal.ITIMER_REAL, 0)
            texts.send(answer)


def _warm_up() -> None:
    """The first reading of a process loads the vocabulary."""
    from plugins.parse import understand  # here, and not in the process that starts this one

    understand(phrase("brain.first_text"), Context(today=date.min))


def _made(work: Callable[[], object]) -> tuple[object, str | None]:
    try:
        return work(), None
    except Exception:  # noqa: BLE001 - told to whoever asked
        return None, traceback.format_exc()
