"""Hearing of a run's end from the system, whoever started it; looking for it now and then where that cannot be."""

import asyncio
import contextlib
import os
from typing import Self

from plugins.deploy.terraform.spawn import DetachedProcess

_POLL_SECONDS, _LONGEST_SECONDS = 0.05, 1.0


class ExitWatch:
    """Waits for the end of a run's shell, which puts the exit code in place just before it ends.

    The system tells (pidfd_open(2), Linux 5.3), whether or not the shell is a child of ours. It is looked for as well:
    often where the system does not tell, or where the shell was killed and what it started goes on, and once a second
    in case the process that was found under the shell's number was another one.
    """

    def __init__(self, run: DetachedProcess) -> None:
        self._run = run
        self._gone = asyncio.Event()
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        leader = self._run.leader
        if leader is None or not hasattr(os, "pidfd_open"):
            return self
        with contextlib.suppress(OSError):
            self._descriptor = os.pidfd_open(leader.pid)
            asyncio.get_running_loop().add_reader(self._descriptor, self._has_gone)
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            os.close(self._descriptor)

    async def wait(self, seconds: float) -> None:
        """Returns when it may have ended, after so many seconds at the latest."""
        if self._descriptor is None or self._gone.is_set():
            await asyncio.sleep(min(seconds, _POLL_SECONDS))
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, _LONGEST_SECONDS)):
                await self._gone.wait()

    def _has_gone(self) -> None:
        # It stays readable: the loop would call this without end.
        if self._descriptor is not None:
            asyncio.get_running_loop().remove_reader(self._descriptor)
        self._gone.set()
