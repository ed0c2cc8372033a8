"""Group commit of one kind of work: what comes while something is being kept is kept in one piece with it, next."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, Protocol, TypeVar

from agent.store.database import RecordsUnavailable
from agent.store.records import Records

T = TypeVar("T")
Item = TypeVar("Item")
Kept = TypeVar("Kept")
_TOGETHER = 100
"""Most items of one piece."""


class Transacting(Protocol):
    """The records, or the app in front of them."""

    async def __call__(self, work: Callable[[Records], T], /) -> T: ...


class GroupCommit(Generic[Item, Kept]):
    """`work` keeps several items, in their order, and gives one value for each."""

    def __init__(self, transact: Transacting, work: Callable[[Records, Sequence[Item]], Sequence[Kept]]) -> None:
        self._transact = transact
        self._work = work
        self._waiting: list[tuple[Item, asyncio.Future[Kept]]] = []
        self._keeping: asyncio.Task[None] | None = None

    def keep(self, item: Item) -> Awaitable[Kept]:
        """What `work` gave for it, once it is kept; raises what it raised, or RecordsUnavailable."""
        waits: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, waits))
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_all(), name="group commit")
        return waits

    async def _keep_all(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
            if not await self._kept(together, is_last_try=len(together) == 1):
                # One of them is at fault, or none: alone each is told its own.
                for one in together:
                    await self._kept([one], is_last_try=True)

    async def _kept(self, together: Sequence[tuple[Item, "asyncio.Future[Kept]"]], *, is_last_try: bool) -> bool:
        items = [item for item, _ in together]
        try:
            values = await self._transact(lambda records: self._work(records, items))
        except Exception as error:  # noqa: BLE001 - told to whoever waits for it
            # None of them is at fault that the database is away: alone each would wait for it once more.
            if is_last_try := is_last_try or isinstance(error, RecordsUnavailable):
                for _, waits in together:
                    if not waits.done():
                        waits.set_exception(error)
            return is_last_try
        for (_, waits), value in zip(together, values, strict=True):
            if not waits.done():
                waits.set_result(value)
        return True
