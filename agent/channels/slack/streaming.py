"""An answer that a model is still writing, in Slack: in the agent's pane, whose threads are one person's.

A stream takes what is new, a piece at a time. Slack lets it expire after some five minutes, or sooner
(`message_not_in_streaming_state`: public bug reports, 2026-09): then it goes on by edits, and where its message is gone
the whole is a new one. https://docs.slack.dev/reference/methods/chat.startStream (read 2026-11-30): 12,000 characters a
call, a thread, and who it is for.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from agent.channels.cards.slack import SAID, SlackCards
from agent.channels.cards.slack_text import escaped
from agent.channels.messaging.answer_streams import OpenStream
from agent.channels.messaging.port import Card, ChatPlace, Said, Undeliverable
from agent.channels.slack.deliveries import Fields, text_in
from agent.channels.slack.web_api import SlackRefused

MOST_SECONDS = 900.0
_MOST_PIECE = 2_000
"""Characters, of which each may become five: what Slack would read as a mark is written out."""

_EDIT_EVERY = 3
"""Edits are fewer than pieces may be: all edits of a workspace have one budget."""

_EXPIRED = frozenset({"message_not_in_streaming_state", "streaming_state_conflict"})


class StreamCalls(Protocol):
    """Slack's Web API, as far as this needs it."""

    async def call(self, method: str, arguments: Mapping[str, Any]) -> Fields: ...


class SlackStreamWriter:
    """`StreamWriter` of Slack."""

    def __init__(self, api: StreamCalls) -> None:
        self._api = api

    def takes(self, place: ChatPlace) -> bool:
        return place.kind == "personal" and place.thread is not None

    async def piece(self, stream: OpenStream) -> None:
        if stream.is_edited and stream.pieces % _EDIT_EVERY:
            return
        try:
            await (self._edited(stream) if stream.is_edited else self._streamed(stream))
        except SlackRefused as refused:
            if refused.error in _EXPIRED:
                stream.is_edited = True
            elif not refused.passes:  # what was put off is in the next piece
                raise Undeliverable("forbidden") from refused

    async def end(self, stream: OpenStream, card: Card) -> str | None:
        """What was streamed becomes the message that stays, with all that belongs below it."""
        if card.get("kind") != SAID:
            return None
        where = _where(stream)
        try:
            if not stream.is_edited:
                await self._stopped(where)
                stream.is_edited = True
            await self._become(where, card)
        except SlackRefused as refused:
            if refused.passes:
                raise Undeliverable("throttled", retry_after_seconds=refused.retry_after_seconds) from refused
            return None
        return stream.id

    async def _become(self, where: Mapping[str, Any], card: Card) -> None:
        look = {**where, **_QUIET, "text": card["text"]}
        try:
            await self._api.call("chat.update", {**look, "blocks": card["blocks"]})
        except SlackRefused as refused:
            if refused.error != "invalid_blocks" or "simpler" not in card:
                raise
            await self._api.call("chat.update", {**look, "blocks": card["simpler"]})

    async def _streamed(self, stream: OpenStream) -> None:
        new = stream.text[len(stream.shown) :][:_MOST_PIECE]
        chunks = [{"type": "markdown_text", "text": escaped(new)}]
        if stream.id:
            await self._api.call("chat.appendStream", {**_where(stream), "chunks": chunks})
        else:
            reference, place = stream.address.reference, stream.address.place
            begun = await self._api.call(
                "chat.startStream",
                {
                    "channel": place.id,
                    "thread_ts": place.thread,
                    "recipient_user_id": reference.get("user"),
                    "recipient_team_id": place.tenant,
                    "chunks": chunks,
                },
            )
            stream.id = text_in(begun, "ts")
        stream.shown += new

    async def _edited(self, stream: OpenStream) -> None:
        shown, text = SlackCards().card(Said(stream.text)), stream.text
        await self._api.call(
            "chat.update", {**_where(stream), **_QUIET, "text": shown["text"], "blocks": shown["blocks"]}
        )
        stream.shown = text

    async def _stopped(self, where: Mapping[str, Any]) -> None:
        try:
            await self._api.call("chat.stopStream", where)
        except SlackRefused as refused:
            if refused.error not in _EXPIRED:
                raise


_QUIET: Mapping[str, Any] = {"parse": "none", "link_names": False}


def _where(stream: OpenStream) -> dict[str, Any]:
    return {"channel": stream.address.place.id, "ts": stream.id}
