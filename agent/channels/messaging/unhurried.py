"""Work that waits for what a platform says, and holds up no reply however long that takes."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

ROUND_SECONDS = 1.0
"""How long a round of the outbox, and with it every reply, waits for such work."""


class Unhurried:
    """One piece of work at a time; `name` is that of its task."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._task: asyncio.Task[None] | None = None

    @property
    def is_under_way(self) -> bool:
        return self._task is not None

    async def run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begins this, unless an earlier one is under way, and waits ROUND_SECONDS for its end; what takes longer goes
        on by itself, and no further call waits for it. Raises what it raised, or what an earlier one did that has ended
        since: then this one is not begun.
        """
        if self._task is not None and not self._task.done():
            return
        self._collect()
        task = self._task = asyncio.create_task(work(), name=self._name)
        await asyncio.wait({task}, timeout=ROUND_SECONDS)
        if task.done():
            self._collect()

    def _collect(self) -> None:
        """Raises what the one that has ended raised."""
        ended, self._task = self._task, None
        if ended is not None:
            ended.result()

    async def stop(self) -> None:
        """What is under way is left as it stands: whoever looks next finds what is still to be done."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
