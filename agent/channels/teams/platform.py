"""The shared room's port, over the seam: cards become activities, people become accounts of Teams.

What the room calls a person is the directory's object id; Teams refreshes cards and addresses private messages by
accounts of its own ("29:…"), which are learnt from what comes in and from who is in a conversation. Pace: 7 a second
and 60 in 30 s for a conversation, 50 a second for an app in a tenant (learn.microsoft.com/microsoftteams/platform/bots/
how-to/rate-limit, read 2026-11-22), posts and edits together.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from pydantic import JsonValue

from agent.channels.messaging.answer_streams import AnswerStreams
from agent.channels.messaging.port import Address, Card, ChatPlace, Json, Pace, PlatformName, Undeliverable
from agent.channels.teams.access import CHANNEL, TeamsAccess
from agent.channels.teams.speakers import TeamsSpeakers
from agent.channels.teams.streaming import MOST_SECONDS, TeamsStreamWriter
from agent.wording import phrase
from plugins.domain.plan import Person

ATTACHMENT = "application/vnd.microsoft.card.adaptive"
PACE = Pace(place_posts=(4, 4.0), all_posts=(25, 1.0), place_edits=(3, 3.0), all_edits=(25, 1.0))
_ROSTER_SECONDS = 600.0
_MOST_ROSTERS = 1000
_MOST_PEOPLE = 20_000
_MOST_REFRESHED = 60
"""Users that a card may name to refresh for (learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/
universal-actions-for-adaptive-cards/work-with-universal-actions-for-adaptive-cards, read 2026-11-22)."""


class BotService(Protocol):
    """The seam: `agent.channels.teams.botframework.BotFramework`, or what takes its place."""

    async def send(self, reference: Json, activity: Json) -> str: ...
    async def update(self, reference: Json, message_id: str, activity: Json) -> None: ...
    async def delete(self, reference: Json, message_id: str) -> None: ...
    async def send_targeted(self, reference: Json, person: Json, activity: Json) -> str: ...
    async def open_personal(self, reference: Json, person: Json) -> Json: ...
    async def members(self, reference: Json) -> tuple[Json, ...]: ...
    async def close(self) -> None: ...


@dataclass(frozen=True)
class _Roster:
    """Who is in a conversation: object id → account."""

    until: float
    accounts: Mapping[str, Json]


class TeamsPlatform:
    """`Platform` of Teams. What it has learnt of people is lost with the process, and learnt again."""

    def __init__(
        self,
        access: TeamsAccess,
        service: BotService,
        speakers: TeamsSpeakers,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._access = access
        self._speakers = speakers
        self._service = service
        self._clock = clock
        self._accounts: dict[str, Json] = {}
        self._rosters: dict[str, _Roster] = {}
        self._references: dict[str, Json] = {}
        self.streams = AnswerStreams(TeamsStreamWriter(service), most_seconds=MOST_SECONDS, clock=clock)

    @property
    def name(self) -> PlatformName:
        return "teams"

    @property
    def pace(self) -> Pace:
        return PACE

    def seen(self, address: Address, person: Person) -> None:
        """Remembers whose account that is, and how their tenant is reached now."""
        if len(self._accounts) >= _MOST_PEOPLE:
            self._accounts.clear()
        account = address.reference.get("user")
        if isinstance(account, dict):
            self._accounts[person.id.casefold()] = account
        self._references[address.place.tenant.casefold()] = address.reference
        self.streams.seen(address, person)

    def place_of(self, conversation_id: str) -> Address:
        """A conversation that the settings name: a new message there begins a thread of its own."""
        base, _, thread = conversation_id.partition(";messageid=")
        tenant = self._access.tenant
        place = ChatPlace(platform="teams", tenant=tenant, id=base, thread=thread or None, kind="group")
        conversation: dict[str, JsonValue] = {"id": conversation_id, "isGroup": True, "tenantId": tenant}
        return Address(place=place, reference={"conversation": conversation, "tenantId": tenant})

    def _current(self, address: Address) -> Json:
        """The reference with how its tenant is reached now, where it was made before anything had come from there."""
        return {**self._reference(address.place.tenant), **address.reference}

    async def post(self, address: Address, card: Card, *, once: str) -> str:  # noqa: ARG002 - Teams knows no repeat
        ended = await self.streams.end(address, card)
        if ended is not None:
            return ended
        return await self._service.send(self._current(address), await self._activity(address, card))

    async def edit(self, address: Address, message_id: str, card: Card) -> None:
        await self._service.update(self._current(address), message_id, await self._activity(address, card))

    async def post_private(self, address: Address, person_id: str, card: Card) -> str:
        """In a group for their eyes only; where that cannot be, in their personal chat."""
        if address.place.kind == "personal":
            return await self.post(address, card, once="")
        account = self._accounts.get(person_id.casefold()) or (await self._roster(address)).get(person_id.casefold())
        try:
            if account is not None:
                return await self._service.send_targeted(self._current(address), account, activity_of(card))
        except Undeliverable as refused:
            if not refused.permanent:
                raise
        personal = await self.personal_address(person_id, address.place.tenant)
        return await self.post(personal, card, once="")

    async def personal_address(self, person_id: str, tenant: str) -> Address:
        # The directory's id opens a personal chat as well as the account does, where none is known.
        account = self._accounts.get(person_id.casefold()) or {"id": person_id, "aadObjectId": person_id}
        reference = await self._service.open_personal(self._reference(tenant), account)
        place_id = str(cast("Json", reference["conversation"])["id"])
        place = ChatPlace(platform="teams", tenant=tenant, id=place_id, kind="personal")
        return Address(place=place, reference=dict(reference))

    async def person(self, person_id: str, tenant: str) -> Person | None:
        if not self._access.lets_in(tenant):
            return None
        name = await self._name_of(person_id, tenant)
        return await self._speakers.known(person_id, name, tenant)

    async def _name_of(self, person_id: str, tenant: str) -> str:
        """As Teams calls them; their id while it cannot be asked."""
        if person_id.casefold() not in self._accounts:
            try:
                personal = await self.personal_address(person_id, tenant)
                self._accounts.update(await self._roster(personal))
            except Undeliverable:
                return person_id
        return str(self._accounts.get(person_id.casefold(), {}).get("name") or person_id)

    def dressed(self, address: Address, card: Card) -> Card:
        """The card as it is sent, with the accounts that are known already: nothing is asked for."""
        known = self._rosters.get(address.place.id)
        return with_accounts(card, {**self._accounts, **(known.accounts if known else {})})

    async def close(self) -> None:
        await self._service.close()

    async def _activity(self, address: Address, card: Card) -> Json:
        return activity_of(with_accounts(card, await self._roster(address)) if _names_people(card) else card)

    def _reference(self, tenant: str) -> dict[str, JsonValue]:
        known = self._references.get(tenant.casefold())
        if known is not None:
            return dict(known)
        bot: dict[str, JsonValue] = {"id": f"28:{self._access.app_id}"}
        service = first_service(self._access.settings.service_urls)
        return {"serviceUrl": service, "channelId": CHANNEL, "bot": bot, "tenantId": tenant}

    async def _roster(self, address: Address) -> Mapping[str, Json]:
        """Who is there, kept for ten minutes; what was learnt so far where it cannot be asked."""
        known = self._rosters.get(address.place.id)
        if known is not None and self._clock() < known.until:
            return known.accounts
        try:
            members = await self._service.members(self._current(address))
        except Undeliverable:
            return self._accounts
        accounts = {str(one["aadObjectId"]).casefold(): one for one in members if one.get("aadObjectId")}
        if len(self._rosters) >= _MOST_ROSTERS:
            self._rosters.clear()
        self._rosters[address.place.id] = _Roster(self._clock() + _ROSTER_SECONDS, accounts)
        return accounts


def first_service(allowed: Sequence[str]) -> str:
    """Where proactive messages go before anything came in: an address that the settings name, or the first host's
    (https://smba.trafficmanager.net/teams/: learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/
    send-proactive-messages, read 2026-11-29).
    """
    named = [entry for entry in allowed if not entry.startswith("*.")]
    first = named[0] if named else "smba.trafficmanager.net"
    return first if "://" in first else f"https://{first}/teams/"


def activity_of(card: Card) -> Json:
    """A card as the message that carries it; words alone are a message already."""
    if card.get("type") != "AdaptiveCard":
        return card
    attachment: dict[str, JsonValue] = {"contentType": ATTACHMENT, "content": dict(card)}
    summary = card.get("fallbackText")
    return {"type": "message", "attachments": [attachment], **({"summary": summary} if summary else {})}


def with_accounts(card: Card, accounts: Mapping[str, Json]) -> Card:
    """The card with accounts in place of object ids: whom it refreshes for, and by what name somebody is mentioned.

    Whoever is not there is left out: the card then is for them what it is for everybody.
    """
    if not _names_people(card):
        return card
    whole = dict(card)
    refresh = card.get("refresh")
    if isinstance(refresh, dict) and isinstance(refresh.get("userIds"), list):
        ids = [str(one).casefold() for one in cast("list[JsonValue]", refresh["userIds"])]
        there: list[JsonValue] = [accounts[one]["id"] for one in ids if one in accounts]
        whole["refresh"] = {**refresh, "userIds": there[:_MOST_REFRESHED]}
        if not there:  # with none it would refresh for everybody
            del whole["refresh"]
    mention = mention_of(card)
    name = accounts.get(mention.casefold(), {}).get("name") if mention else None
    return _named(whole, str(name)) if name else whole


def mention_of(card: Card) -> str | None:
    """The object id of whoever the card mentions."""
    msteams = card.get("msteams")
    entities = msteams.get("entities") if isinstance(msteams, dict) else None
    first = entities[0] if isinstance(entities, list) and entities else None
    mentioned = first.get("mentioned") if isinstance(first, dict) else None
    return str(mentioned.get("id")) if isinstance(mentioned, dict) else None


def _names_people(card: Card) -> bool:
    return "refresh" in card or mention_of(card) is not None


def _named(card: dict[str, JsonValue], name: str) -> Card:
    """The mention under that name, in the entity and in the text that stands for it."""
    plain = name.replace("<", "").replace(">", "")
    before, after = f"<at>{phrase('teams.requester')}</at>", f"<at>{plain}</at>"
    mention: dict[str, JsonValue] = {
        "type": "mention",
        "text": after,
        "mentioned": {"id": mention_of(card), "name": plain},
    }
    msteams = card.get("msteams")
    shown = {**msteams, "entities": [mention]} if isinstance(msteams, dict) else {"entities": [mention]}
    return {**card, "msteams": cast("JsonValue", shown), "body": _renamed(card.get("body"), before, after)}


def _renamed(part: JsonValue, before: str, after: str) -> JsonValue:
    """Wherever in the card's own blocks the mention stands."""
    match part:
        case dict():
            return {key: _renamed(value, before, after) for key, value in part.items()}
        case list():
            return [_renamed(value, before, after) for value in part]
        case _:
            return after if part == before else part
