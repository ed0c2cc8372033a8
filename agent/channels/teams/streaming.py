"""An answer that a model is still writing, shown as it grows: in personal chats only, where Teams can.

Each piece repeats all that came before it, about one in 1.5 s, for at most two minutes; the whole then ends the stream
as the message that stays (learn.microsoft.com/microsoftteams/platform/bots/streaming-ux, read 2026-11-22). An answer
that is whole before the first piece would go out is a plain message. Whatever Teams refuses here is not missed: the
whole is sent by the room all the same.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import JsonValue

from agent.channels.messaging.binding import conversation_of
from agent.channels.messaging.port import Address, Card, Json, Undeliverable
from agent.events import Event, Message
from plugins.domain.plan import Person

PIECE_SECONDS = 1.5
_MOST_SECONDS = 110.0
_MOST_PLACES = 10_000
_MOST_TEXT = 20_000


class StreamSender(Protocol):
    async def send(self, reference: Json, activity: Json) -> str: ...


@dataclass
class _Stream:
    """`id` is the channel's name for it, once the first piece was taken."""

    address: Address
    began: float
    text: str = ""
    shown: str = ""
    id: str = ""
    pieces: int = 0
    is_whole: bool = False
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None


class AnswerStreams:
    """The streams that are open, one a personal chat. `heard` may be called from any thread."""

    def __init__(
        self,
        sender: StreamSender,
        clock: Callable[[], float] = time.monotonic,
        piece_seconds: float = PIECE_SECONDS,
    ) -> None:
        self._sender = sender
        self._clock = clock
        self._piece_seconds = piece_seconds
        self._places: dict[str, Address] = {}
        self._open: dict[str, _Stream] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def seen(self, address: Address, person: Person) -> None:
        """Somebody wrote there: what answers them may be shown as it grows."""
        self._loop = asyncio.get_running_loop()
        if address.place.kind == "personal":
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
        stream = self._open.pop(address.place.id, None)
        if stream is None:
            return None
        if stream.task is not None:
            stream.task.cancel()
        async with stream.sending:
            if not stream.id:
                return None
            is_text = card.get("type") == "message"
            info: dict[str, JsonValue] = {"type": "streaminfo", "streamType": "final", "streamId": stream.id}
            text: JsonValue = card.get("text") if is_text else stream.text
            try:
                activity = {
                    "type": "message",
                    "text": text,
                    "textFormat": "markdown",
                    "entities": list[JsonValue]([info]),
                }
                sent = await self._sender.send(stream.address.reference, activity)
            except Undeliverable:
                return None
            return (sent or stream.id) if is_text else None

    def _take(self, event: Message) -> None:
        address = self._places[event.conversation]
        stream = self._open.get(address.place.id)
        if not event.delta:
            if stream is not None:
                stream.is_whole = True
            return
        if stream is None or stream.is_whole:
            stream = self._open[address.place.id] = _Stream(address, self._clock())
            stream.task = asyncio.create_task(self._show(stream))
        stream.text = (stream.text + event.text)[:_MOST_TEXT]

    async def _show(self, stream: _Stream) -> None:
        """A piece at a time, while there is more to show and Teams takes it."""
        while True:
            await asyncio.sleep(self._piece_seconds)
            if stream.is_whole or self._clock() - stream.began > _MOST_SECONDS:
                return
            if stream.text != stream.shown and not await self._send_piece(stream):
                self._open.pop(stream.address.place.id, None)
                return

    async def _send_piece(self, stream: _Stream) -> bool:
        async with stream.sending:
            stream.pieces += 1
            stream.shown = stream.text
            info: dict[str, JsonValue] = {
                "type": "streaminfo",
                "streamType": "streaming",
                "streamSequence": stream.pieces,
                **({"streamId": stream.id} if stream.id else {}),
            }
            activity = {"type": "typing", "text": stream.text, "entities": list[JsonValue]([info])}
            try:
                sent = await asyncio.shield(self._sender.send(stream.address.reference, activity))
            except Undeliverable:
                return False
            stream.id = stream.id or sent
            return True
