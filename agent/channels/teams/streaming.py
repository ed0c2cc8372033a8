"""An answer that a model is still writing, in Teams: in personal chats only, where Teams can.

Each piece repeats all that came before it, about one in 1.5 s, for at most two minutes; the whole then ends the stream
as the message that stays (learn.microsoft.com/microsoftteams/platform/bots/streaming-ux, read 2026-11-22).
"""

from typing import Protocol

from pydantic import JsonValue

from agent.channels.messaging.answer_streams import OpenStream
from agent.channels.messaging.port import Card, ChatPlace, Json, Undeliverable

MOST_SECONDS = 110.0


class StreamSender(Protocol):
    async def send(self, reference: Json, activity: Json) -> str: ...


class TeamsStreamWriter:
    """`StreamWriter` of Teams."""

    def __init__(self, sender: StreamSender) -> None:
        self._sender = sender

    def takes(self, place: ChatPlace) -> bool:
        return place.kind == "personal"

    async def piece(self, stream: OpenStream) -> None:
        stream.shown = stream.text
        info: dict[str, JsonValue] = {
            "type": "streaminfo",
            "streamType": "streaming",
            "streamSequence": stream.pieces,
            **({"streamId": stream.id} if stream.id else {}),
        }
        activity = {"type": "typing", "text": stream.text, "entities": list[JsonValue]([info])}
        sent = await self._sender.send(stream.address.reference, activity)
        stream.id = stream.id or sent

    async def end(self, stream: OpenStream, card: Card) -> str | None:
        is_text = card.get("type") == "message"
        info: dict[str, JsonValue] = {"type": "streaminfo", "streamType": "final", "streamId": stream.id}
        text: JsonValue = card.get("text") if is_text else stream.text
        activity = {
            "type": "message",
            "text": text,
            "textFormat": "markdown",
            "entities": list[JsonValue]([info]),
        }
        try:
            sent = await self._sender.send(stream.address.reference, activity)
        except Undeliverable:
            return None
        return (sent or stream.id) if is_text else None
