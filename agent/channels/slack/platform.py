"""Slack as a platform of the shared room: one try a call, and a plain reason for what was not taken.

How often Slack lets us write: a message a second in a channel and several hundred a minute in a workspace;
`chat.update` about 50 times a minute in a workspace (tier 3).
https://docs.slack.dev/apis/web-api/rate-limits (read 2026-11-29).
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Protocol, cast

from agent.channels.messaging.answer_streams import AnswerStreams
from agent.channels.messaging.port import (
    Address,
    Card,
    ChatPlace,
    Pace,
    PlatformName,
    Undeliverable,
    UndeliverableReason,
)
from agent.channels.slack.deliveries import Fields, part_of, text_in
from agent.channels.slack.people import CannotTell, People
from agent.channels.slack.streaming import MOST_SECONDS, SlackStreamWriter
from agent.channels.slack.web_api import SlackRefused
from plugins.domain.person import Person

PACE = Pace(
    place_posts=(1, 1.0),
    all_posts=(300, 60.0),
    place_edits=(1, 1.0),
    all_edits=(48, 60.0),
    is_by_channel=True,
)
"""Two edits a minute fewer than Slack lets through: a private word and a form count as well."""

_WAIT_SECONDS = 30.0
"""Where Slack names no time."""

_NAMESPACE = uuid.UUID("6f9d6b1c-0c3a-5d0e-9d5a-3f7d1f7f2b11")
_QUIET: Mapping[str, Any] = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}
_REASONS: Mapping[str, UndeliverableReason] = {
    "channel_not_found": "not_found",
    "not_in_channel": "not_found",
    "user_not_in_channel": "not_found",
    "message_not_found": "not_found",
    "thread_not_found": "not_found",
    "user_not_found": "not_found",
    "cant_update_message": "not_found",
    "edit_window_closed": "not_found",
    "users_not_found": "not_installed",
    "user_disabled": "not_installed",
    "user_not_visible": "not_installed",
    "cannot_dm_bot": "not_installed",
    "is_archived": "archived",
    "msg_too_long": "too_large",
    "msg_blocks_too_long": "too_large",
    "invalid_blocks": "too_large",
}


class SlackCalls(Protocol):
    """Slack's Web API, as far as this needs it."""

    async def call(self, method: str, arguments: Mapping[str, Any]) -> Fields: ...


class SlackPlatform:
    """`Platform` for Slack. What a workspace does not know yet is remembered, and not offered again."""

    def __init__(self, api: SlackCalls, people: People) -> None:
        self._api = api
        self.streams = AnswerStreams(SlackStreamWriter(api), most_seconds=MOST_SECONDS)
        self._people = people
        self._unknown: defaultdict[str, set[str]] = defaultdict(set)
        self.pace = PACE

    @property
    def name(self) -> PlatformName:
        return "slack"

    async def post(self, address: Address, card: Card, *, once: str) -> str:
        ended = await self.streams.end(address, card)
        if ended is not None:
            return ended
        # A post whose answer was lost is known by this name, and not posted twice.
        repeat = str(uuid.uuid5(_NAMESPACE, once))
        where = {**_where(address), "client_msg_id": repeat, **_QUIET}
        return text_in(await self._shown("chat.postMessage", where, card, address.place.tenant), "ts")

    async def edit(self, address: Address, message_id: str, card: Card) -> None:
        where = {"channel": _channel(address), "ts": message_id, "parse": "none", "link_names": False}
        await self._shown("chat.update", where, card, address.place.tenant)

    async def post_private(self, address: Address, person_id: str, card: Card) -> str:
        if address.place.kind == "personal":
            return await self.post(address, card, once=uuid.uuid4().hex)
        where = {**_where(address), "user": person_id, "parse": "none", "link_names": False}
        try:
            answered = await self._shown("chat.postEphemeral", where, card, address.place.tenant)
        except Undeliverable as undeliverable:
            if not undeliverable.permanent:
                raise
            # We are not there, or they are not: then in their own chat with us.
            personal = await self.personal_address(person_id, address.place.tenant)
            return await self.post(personal, card, once=uuid.uuid4().hex)
        return text_in(answered, "message_ts")

    async def personal_address(self, person_id: str, tenant: str) -> Address:
        answered = await self._called("conversations.open", {"users": person_id})
        channel = text_in(part_of(answered, "channel"), "id")
        if not channel:
            raise Undeliverable("not_installed")
        place = ChatPlace(platform="slack", tenant=tenant, id=channel, kind="personal")
        return Address(place=place, reference={"channel": channel, "team": tenant, "user": person_id})

    async def person(self, person_id: str, tenant: str) -> Person | None:
        try:
            who = await self._people.who(tenant, person_id)
        except CannotTell as error:
            raise Undeliverable("unavailable") from error
        return who if isinstance(who, Person) else None

    async def _shown(self, method: str, where: Mapping[str, Any], card: Card, team: str) -> Fields:
        """With the newest blocks that this workspace takes: what it refused once is not offered it again."""
        simpler = card.get("simpler")
        newer = _kinds(card.get("blocks")) - _kinds(simpler)
        newest = card.get("blocks") if simpler is None or not newer & self._unknown[team] else simpler
        try:
            return await self._called(method, {**where, "text": card["text"], "blocks": newest})
        except _BlocksRefused:
            if simpler is None or newest is simpler:
                raise Undeliverable("too_large") from None
        answered = await self._called(method, {**where, "text": card["text"], "blocks": simpler})
        self._unknown[team] |= newer
        return answered

    async def _called(self, method: str, arguments: Mapping[str, Any]) -> Fields:
        try:
            return await self._api.call(method, arguments)
        except SlackRefused as refused:
            if refused.error in ("invalid_blocks", "invalid_blocks_format"):
                raise _BlocksRefused("too_large") from refused
            raise undeliverable_of(refused) from refused


class _BlocksRefused(Undeliverable):
    """Slack does not know a block, or not there."""


def undeliverable_of(refused: SlackRefused) -> Undeliverable:
    """Why, in the room's words."""
    wait = refused.retry_after_seconds
    if refused.status == 429 or refused.error in ("ratelimited", "rate_limited"):  # noqa: PLR2004 - too many requests
        # Posts are counted in each channel, everything else (tiers 3 and 4) in the workspace.
        everywhere = refused.method != "chat.postMessage"
        return Undeliverable(
            "throttled", retry_after_seconds=wait if wait is not None else _WAIT_SECONDS, everywhere=everywhere
        )
    if refused.passes:
        return Undeliverable("unavailable", retry_after_seconds=wait)
    return Undeliverable(_REASONS.get(refused.error, "forbidden"))


def _kinds(blocks: object) -> set[str]:
    """The kinds of block that a message is made of."""
    listed = cast("list[object]", blocks) if isinstance(blocks, list) else []
    return {text_in(cast("Fields", block), "type") for block in listed if isinstance(block, dict)}


def _channel(address: Address) -> str:
    return str(address.reference.get("channel") or address.place.id)


def _where(address: Address) -> dict[str, Any]:
    return {"channel": _channel(address), "thread_ts": address.place.thread or None}
