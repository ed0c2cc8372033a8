"""Server-sent events: a conversation as it happens, resumed wherever a page left off.

The log is the truth: a stream is woken by an event and then reads the log after the last number that it sent, so
that nothing is lost or doubled whoever wrote the event and however slow the reader is. Pieces of a streamed text
are passed on as they come, without a number, and are covered by the whole text that follows.
"""

import asyncio
import json
import math
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from agent.channels.web.port import PAGE, Json, WebChat
from agent.events import Event, Message

PING_SECONDS = 15.0
"""Proxies end what is silent for a minute (nginx's proxy_read_timeout is 60 s by default; looked up 2026-11-29)."""

_MOST_PIECES = 256
"""Of a streamed text, for a reader that does not read: the whole text follows anyway."""
_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would else keep events back until its buffer is full
}


@dataclass(eq=False)
class _Reader:
    """One open stream. `seq` is the number of the last event that it sent."""

    seq: int
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    pieces: list[bytes] = field(default_factory=list[bytes])


class EventStreams:
    """Every open stream of this process; made inside its event loop."""

    def __init__(self, chat: WebChat) -> None:
        self._chat = chat
        self._readers: defaultdict[str, set[_Reader]] = defaultdict(set)
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._closing = False

    def tell(self, event: Event) -> None:
        """A listener of the app; called from any thread. Nobody listens any more once the streams are closed."""
        if self._closing:
            return
        if threading.get_ident() == self._thread:
            self._tell(event)
        else:
            # From the thread of a Terraform run: an asyncio.Event may be set in its own loop only.
            self._loop.call_soon_threadsafe(self._tell, event)

    def wake(self, conversation: str, last: float = math.inf) -> None:
        """Something new is in the log of this conversation, up to that number."""
        for reader in self._readers.get(conversation, ()):
            if last > reader.seq:
                reader.woken.set()

    def close(self) -> None:
        """Ends every stream; the pages come back by themselves, to whoever serves them then."""
        self._closing = True
        for conversation in self._readers:
            self.wake(conversation)

    async def serve(
        self, request: web.Request, conversation: str, *, after: int, until: float, verdicts: Mapping[int, str]
    ) -> web.StreamResponse:
        """The conversation's events above `after`, until the page leaves, the time `until` or the server's end.
        `verdicts` are the reader's own on the answers.
        """
        response = web.StreamResponse(headers=_HEADERS)
        await response.prepare(request)
        reader = _Reader(after)
        self._readers[conversation].add(reader)
        try:
            await response.write(b"retry: 1000\n\n")
            await self._pass_on(response, reader, conversation)
            # Only now: a page knows by it that what it shows is up to date.
            await response.write(
                _line({"type": "ready", "feedback": {str(turn): one for turn, one in verdicts.items()}})
            )
            while not self._closing and (left := until - time.time()) > 0:
                if await _woken(reader, min(PING_SECONDS, left)):
                    await _pass_pieces(response, reader)
                else:
                    await response.write(b": ping\n\n")
                await self._pass_on(response, reader, conversation)
        except ConnectionError:
            pass  # the page has gone; what it missed is in the log
        finally:
            self._readers[conversation].discard(reader)
            if not self._readers[conversation]:
                del self._readers[conversation]
        return response

    async def _pass_on(self, response: web.StreamResponse, reader: _Reader, conversation: str) -> None:
        """Sends what the log holds after the last number that was sent."""
        whole = True
        while whole:
            # Before the log is read: what is written meanwhile wakes the reader once more, and is not missed.
            reader.woken.clear()
            page = await self._chat.logged(conversation, after=reader.seq)
            if page:
                await response.write(b"".join(b"id: %d\n%s" % (logged.seq, _line(logged.event)) for logged in page))
                reader.seq = page[-1].seq
            whole = len(page) == PAGE

    def _tell(self, event: Event) -> None:
        piece = isinstance(event, Message) and event.delta
        for reader in self._readers.get(event.conversation, ()):
            if piece:
                # What is left out is no loss: the whole text follows.
                if len(reader.pieces) < _MOST_PIECES:
                    reader.pieces.append(_line(event.as_json()))
            # The whole text is in the log: pieces that are still unsent would show it twice.
            elif isinstance(event, Message):
                reader.pieces.clear()
            reader.woken.set()


def _line(event: Json) -> bytes:
    return b"data: " + json.dumps(event, ensure_ascii=False).encode() + b"\n\n"


async def _pass_pieces(response: web.StreamResponse, reader: _Reader) -> None:
    pieces, reader.pieces = reader.pieces, []
    for piece in pieces:
        await response.write(piece)


async def _woken(reader: _Reader, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await reader.woken.wait()
    except TimeoutError:
        return False
    return True
