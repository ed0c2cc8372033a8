"""One writer a conversation at a time, inside one process."""

import asyncio
from collections import defaultdict


class Locks:
    """The lock of each conversation, made when first asked for."""

    def __init__(self) -> None:
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def of(self, conversation: str) -> asyncio.Lock:
        return self._locks[conversation]
