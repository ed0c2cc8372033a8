"""Accepted messages, answered in the order of their acceptance, each conversation by itself."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from agent.events import Incoming

_log = logging.getLogger(__name__)


class Answering:
    """Runs turns as tasks, so that whoever sent a message need not wait for its answer.

    Turns begin one after another, with a look at the network between them: a turn without a model computes for
    milliseconds without a pause, and hundreds that began together would keep new messages waiting.
    """

    def __init__(self, answer: Callable[[Incoming], Awaitable[None]]) -> None:
        self._answer = answer
        self._waiting: dict[str, deque[Incoming]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._beginning = asyncio.Lock()

    def waiting(self, conversation: str) -> int:
        """Messages of this conversation that have not begun to be answered."""
        return len(self._waiting.get(conversation, ()))

    def put(self, incoming: Incoming) -> None:
        queue = self._waiting.get(incoming.conversation)
        if queue is not None:
            queue.append(incoming)
            return
        self._waiting[incoming.conversation] = deque([incoming])
        task = asyncio.create_task(self._drain(incoming.conversation), name=f"turns of {incoming.conversation}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finished(self, seconds: float) -> bool:
        """Waits that long for what is waiting; True when nothing is left, else the rest is given up."""
        if not self._tasks:
            return True
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        return not late

    async def _drain(self, conversation: str) -> None:
        queue = self._waiting[conversation]
        try:
            while queue:
                await self._turn(queue.popleft())
        finally:
            del self._waiting[conversation]

    async def _turn(self, incoming: Incoming) -> None:
        """One turn. What a turn itself gets wrong it tells the person; what is left is ours, and logged."""
        async with self._beginning:
            await asyncio.sleep(0)
        try:
            await self._answer(incoming)
        except Exception:  # noqa: BLE001 - the next message of this conversation is answered all the same
            _log.exception("a turn of %s broke off", incoming.conversation)
