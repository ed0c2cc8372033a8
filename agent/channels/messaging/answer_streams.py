"""Answers that a model is still writing, shown as they grow where a platform can; what one looks like is its writer's.

The whole is posted by the room all the same: a stream that was refused, broke off or lasted too long is not missed. An
answer that is whole before its first piece would go out is a plain message.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from agent.channels.messaging.binding import conversation_of, place_text
from agent.channels.messaging.port import Address, Card, ChatPlace, Undeliverable
from agent.events import Event, Message
from plugins.domain.plan import Person

PIECE_SECONDS = 1.5
_MOST_PLACES = 10_000
_MOST_TEXT = 20_000


@dataclass
class OpenStream:
    """`text` is all that there is so far, `shown` what was shown of it, `id` the platform's name for what shows it."""

    address: Address
    began: float
    text: str = ""
    shown: str = ""
    id: str = ""
    pieces: int = 0
    is_edited: bool = False
    """The platform takes no more pieces: a writer that can goes on by edits."""
    is_whole: bool = False
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None


class StreamWriter(Protocol):
    """How one platform shows an answer that grows."""

    def takes(self, place: ChatPlace) -> bool:
        """Whether an answer may be shown growing there."""
        ...

    async def piece(self, stream: OpenStream) -> None:
        """Shows what is new; sets `id` by the first. Raises Undeliverable where no more is to be shown."""
        ...

    async def end(self, stream: OpenStream, card: Card) -> str | None:
        """Ends it by the message that stays; gives its id, None where the message is still to be sent. Raises
        Undeliverable for what passes.
        """
        ...


class AnswerStreams:
    """The streams that are open, one a place. `heard` may be called from any thread."""

    def __init__(
        self,
        writer: StreamWriter,
        *,
        most_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._writer = writer
        self._most_seconds = most_seconds
        self._clock = clock
        self.piece_seconds = PIECE_SECONDS
        self._places: dict[str, Address] = {}
        self._open: dict[str, OpenStream] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def seen(self, address: Address, person: Person) -> None:
        """Somebody wrote there: what answers them may be shown as it grows."""
        self._loop = asyncio.get_running_loop()
        if self._writer.takes(address.place):
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            self._places[conversation_of(address.place, person)] = address

    def heard(self, event: Event) -> None:
        if isinstance(event, Message) and event.conversation in self._places and self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended: so has the chat
                self._loop.call_soon_threadsafe(self._take, event)

    async def end(self, address: Address, card: Card) -> str | None:
        """Ends the stream of that place, if one is shown, by the message that is to be sent there: gives its id. None
        where the message is still to be sent.
        """
        place = place_text(address.place)
        stream = self._open.get(place)
        if stream is None:
            return None
        stream.is_whole = True
        # A piece that is on its way is waited for: only then is it known whether anything is shown.
        async with stream.sending:
            if stream.task is not None:
                stream.task.cancel()
            ended = await self._writer.end(stream, card) if stream.id else None
            # Only now: what could not be sent for the moment ends it at the next try.
            if self._open.get(place) is stream:
                del self._open[place]
            return ended

    def _take(self, event: Message) -> None:
        address = self._places[event.conversation]
        place = place_text(address.place)
        stream = self._open.get(place)
        if not event.delta:
            if stream is not None:
                stream.is_whole = True
            return
        if stream is None or stream.is_whole:
            stream = self._open[place] = OpenStream(address, self._clock())
            stream.task = asyncio.create_task(self._show(stream))
        stream.text = (stream.text + event.text)[:_MOST_TEXT]

    async def _show(self, stream: OpenStream) -> None:
        """A piece at a time, while there is more to show and the platform takes it."""
        while True:
            await asyncio.sleep(self.piece_seconds)
            if stream.is_whole or self._clock() - stream.began > self._most_seconds:
                return
            if stream.text != stream.shown and not await self._showed(stream):
                return

    async def _showed(self, stream: OpenStream) -> bool:
        async with stream.sending:
            stream.pieces += 1
            try:
                await self._writer.piece(stream)
            except Undeliverable:
                if not stream.id:
                    self._open.pop(place_text(stream.address.place), None)
                return False
            return True
