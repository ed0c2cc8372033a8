"""One writer a conversation at a time, inside one process."""

import asyncio
from weakref import WeakValueDictionary


class Locks:
    """The lock of each conversation, made when first asked for, and gone when nobody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, conversation: str) -> asyncio.Lock:
        return self._locks.setdefault(conversation, asyncio.Lock())
