"""Messages that were taken in: answered in the order of their acceptance, each conversation by itself."""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

from agent.events import Incoming

CROWD = 4
"""So many messages that are being taken in at once go before the next turn."""

RUSH_MESSAGES, RUSH_SECONDS = 25, 0.1
"""So many messages taken in within so many seconds are a rush: more than one process answers in that time."""

MANY_UNANSWERED = 32
"""Conversations that wait for an answer; where fewer do, no rush puts theirs off."""

PAUSE_SECONDS = 0.1
"""Longest that one turn stands back for those who are being taken in."""

_log = logging.getLogger(__name__)


class TurnInbox:
    """Runs turns as tasks, so that whoever sent a message need not wait for its answer.

    Turns begin one after another, with a look at the network between them: a turn without a model computes for
    milliseconds without a pause, and hundreds that began together would keep new messages waiting. Taking in goes
    first: what was taken in is kept, and in a rush is answered afterwards, and meanwhile at a slow but steady rate.
    """

    def __init__(self, answer: Callable[[Incoming], Awaitable[None]]) -> None:
        self._answer = answer
        self._waiting: dict[str, deque[Incoming]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._to_begin: deque[str] = deque()
        self._beginning: asyncio.Task[None] | None = None
        self._being_taken_in = 0
        self._calm = asyncio.Event()
        self._taken_in: deque[float] = deque(maxlen=RUSH_MESSAGES)

    def waiting(self, conversation: str) -> int:
        """Messages of this conversation that have not begun to be answered."""
        return len(self._waiting.get(conversation, ()))

    @contextlib.contextmanager
    def taking_in(self) -> Generator[None, None, None]:
        """While a message is being kept."""
        self._being_taken_in += 1
        try:
            yield
        finally:
            self._being_taken_in -= 1
            # Those who stood back for a crowd need not wait for the last of it.
            if self._being_taken_in < CROWD:
                self._calm.set()

    def put(self, incoming: Incoming) -> None:
        self._taken_in.append(time.monotonic())
        queue = self._waiting.get(incoming.conversation)
        if queue is not None:
            queue.append(incoming)
            return
        self._waiting[incoming.conversation] = deque([incoming])
        self._begin(incoming.conversation)

    async def finished(self, seconds: float) -> bool:
        """Waits that long for what is waiting; True when nothing is left, else the rest is given up."""
        until = time.monotonic() + seconds
        while self._tasks and (left := until - time.monotonic()) > 0:
            await asyncio.wait(self._tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        # Given up here, not lost: it is kept as unanswered, and the next process takes it up.
        late = bool(self._tasks)
        for task in self._tasks:
            task.cancel()
        return not late

    def _begin(self, conversation: str) -> None:
        """The next turn of that conversation begins after those that are to begin already."""
        self._to_begin.append(conversation)
        if self._beginning is None or self._beginning.done():
            self._beginning = self._task(self._begin_all(), "beginning turns")

    async def _begin_all(self) -> None:
        # Only the beginning is one after another: turns that wait for a model or for Terraform run side by side.
        while self._to_begin:
            await self._stand_back()
            conversation = self._to_begin.popleft()
            self._task(self._turn(conversation), f"a turn of {conversation}")

    async def _turn(self, conversation: str) -> None:
        """One turn. What a turn itself gets wrong it tells the person; what is left is ours, and logged."""
        queue = self._waiting[conversation]
        try:
            await self._answer(queue.popleft())
        except Exception:  # noqa: BLE001 - the next message of this conversation is answered all the same
            _log.exception("a turn of %s broke off", conversation)
        # One at a time of a conversation: its turns run in order, and none overtakes the one before it.
        if queue:
            self._begin(conversation)
        else:
            del self._waiting[conversation]

    def _task(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _stand_back(self) -> None:
        await asyncio.sleep(PAUSE_SECONDS if self._is_rush else 0)
        if self._being_taken_in < CROWD:
            return
        self._calm.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PAUSE_SECONDS):
                await self._calm.wait()

    @property
    def _is_rush(self) -> bool:
        if len(self._waiting) < MANY_UNANSWERED or len(self._taken_in) < RUSH_MESSAGES:
            return False
        return time.monotonic() - self._taken_in[0] < RUSH_SECONDS
