"""One sign-in for all that is asked side by side, made again before it ends."""

import asyncio
from collections.abc import Callable
from time import time

from plugins.resource_manager.failed import without_sign_in

_EARLIER = 300.0
"""Seconds before its end that a token is asked for anew."""

_NOT_AGAIN = 60.0
"""Seconds in which a sign-in that was refused is not tried again: it may take some itself."""


class SharedSignIn:
    """Tokens of `acquire`, which gives one with its end (seconds since the epoch), or None where there is no sign-in;
    it may take its time, and is called outside the loop.
    """

    def __init__(self, acquire: Callable[[], tuple[str, float] | None], *, clock: Callable[[], float] = time) -> None:
        self._acquire = acquire
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token, self._until = "", 0.0

    async def token(self) -> str:
        """Raises NotAnswered where there is none."""
        async with self._lock:
            if self._clock() >= self._until:
                acquired = await asyncio.to_thread(self._acquire)
                token, end = acquired or ("", self._clock() + _EARLIER + _NOT_AGAIN)
                self._token, self._until = token, end - _EARLIER
            if not self._token:
                raise without_sign_in()
            return self._token
