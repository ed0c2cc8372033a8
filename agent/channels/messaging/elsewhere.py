"""News of what somebody asked for on another channel, brought to their own chat on each platform that they are on.

A chat that is closed, or an identity that may not know of it any more, falls quiet: that is in the log, and the news
stay where they were asked for.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.channels.messaging.binding import address_of, place_text
from agent.channels.messaging.board import PlanBoard
from agent.channels.messaging.port import Address, Link, Notice, Undeliverable
from agent.channels.messaging.running import RoomApp
from agent.channels.messaging.unhurried import Unhurried
from agent.store.chats import Chat
from agent.store.database import RecordsUnavailable
from agent.store.news import News
from agent.store.outgoing import SOON, WantedMessage
from agent.store.records import Records
from agent.views.news import may_hear, news_words
from agent.wording import phrase
from plugins.domain.plan import Person

AGAIN = timedelta(seconds=30)
"""After a platform could not say who somebody is."""

OTHERS_FIRST = timedelta(seconds=1)
"""Whom a platform could not tell of is asked for so much after the others: it may not know that one alone."""

GIVEN_UP = timedelta(hours=24)
"""What is older is no news any more."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Reached:
    """Somebody's own chat, and who they are there now."""

    chat: Chat
    address: Address
    person: Person


class _AskLater(Exception):
    """Whether somebody can be reached is not known before then."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at


@dataclass
class NewsElsewhere:
    """`now` gives the time of day, UTC."""

    app: RoomApp
    board: PlanBoard
    now: Callable[[], datetime]
    _later: dict[int, datetime] = field(default_factory=dict[int, datetime], init=False)
    """News that wait for a platform which could not be asked, and until when."""
    _away: dict[str, datetime] = field(default_factory=dict[str, datetime], init=False)
    """Platforms that could not be asked, and until when nobody is asked for there."""
    _carrying: Unhurried = field(default_factory=lambda: Unhurried("news elsewhere"), init=False)

    async def carry(self, waiting: Sequence[News]) -> None:
        """Makes a message of each of these news for each chat that it is for; see `Unhurried`. Raises
        RecordsUnavailable.
        """
        if waiting or self._carrying.is_under_way:
            await self._carrying.run(lambda: self._carry_all(waiting))

    async def stop(self) -> None:
        """What was not carried yet is carried by the next start."""
        await self._carrying.stop()

    async def _carry_all(self, waiting: Sequence[News]) -> None:
        self._later = {each.number: self._later[each.number] for each in waiting if each.number in self._later}
        for news in waiting:
            now = self.now()
            if now - news.at > GIVEN_UP:
                await self.app.kept(lambda records, of=news.number: records.carried_news(of))
            elif now >= self._later.get(news.number, now):
                await self._tried(news)

    async def _tried(self, news: News) -> None:
        """What is wrong with one of the news keeps no other from being told."""
        try:
            await self._carry(news)
        except RecordsUnavailable:
            raise
        except Exception:  # noqa: BLE001 - our own fault: in the log, and tried again
            _log.exception("carrying news %d failed", news.number)
            self._later[news.number] = self.now() + AGAIN

    async def _carry(self, news: News) -> None:
        """One platform that is away keeps nobody from being told on another."""
        reached, is_all = list[_Reached](), True
        for chat in await self.app.read(lambda records: tuple(self._chats(records, news))):
            try:
                found = await self._asked(chat)
            except _AskLater as later:
                self._later[news.number], is_all = later.at, False
                continue
            if found is not None:
                reached.append(found)
        now = self.now()
        await self.app.kept(lambda records: self._told(records, news, reached, is_all=is_all, now=now))

    async def _asked(self, chat: Chat) -> _Reached | None:
        """See `_now`. Of a platform that is away one is asked for at a time. Raises _AskLater."""
        now = self.now()
        if now < (away := self._away.get(chat.platform, now)):
            raise _AskLater(away)
        try:
            return await self._now(chat)
        except Undeliverable as refusal:
            away = self._away[chat.platform] = self.now() + AGAIN
            raise _AskLater(away + OTHERS_FIRST) from refusal
        except RecordsUnavailable:
            raise
        except Exception as fault:
            _log.exception("asking %s for %s failed", chat.platform, chat.who.id)
            raise _AskLater(self.now() + AGAIN) from fault

    def _chats(self, records: Records, news: News) -> Iterator[Chat]:
        """Of each other identity of theirs the personal chat that was used last, else whatever they wrote in."""
        for key in sorted(records.keys_of(news.who) - {news.who.key}):
            chats = [chat for chat in records.chats_of(key) if chat.platform in self.board.seats]
            open_ones = [chat for chat in chats if chat.is_personal and not chat.is_gone]
            if chats and chats[0].platform != news.channel:
                yield (open_ones or chats)[0]

    async def _now(self, chat: Chat) -> _Reached | None:
        """With the roles that they have now; None for whoever cannot be reached there. Raises Undeliverable where that
        passes by itself.
        """
        platform, tenant = self.board.seats[chat.platform].platform, address_of(chat).place.tenant
        try:
            person = await platform.person(chat.who.id, tenant)
            if person is None:
                _log.info("news for %s: nobody of that id may speak on %s", chat.who.id, chat.platform)
                return None
            is_open = chat.is_personal and not chat.is_gone
            address = address_of(chat) if is_open else await platform.personal_address(chat.who.id, tenant)
        except Undeliverable as refusal:
            if not refusal.permanent:
                raise
            _log.info("news for %s: their chat on %s is closed: %s", chat.who.id, chat.platform, refusal.reason)
            return None
        return _Reached(chat, address, person)

    def _told(self, records: Records, news: News, reached: list[_Reached], *, is_all: bool, now: datetime) -> None:
        if is_all and not records.carried_news(news.number):
            return
        for each in reached:
            # The verified address of the kept identity counts: a platform's look-up need not tell it again.
            person = each.chat.who.model_copy(update={"roles": each.person.roles})
            if may_hear(records, news, person, self.board.rules) and records.told_news(news.number, person.key):
                records.want(self._message(news, each), now=now)

    def _message(self, news: News, reached: _Reached) -> WantedMessage:
        chat, page = reached.chat, self.board.page
        links = (Link(phrase("messaging.links.page"), f"{page}/plans/{news.plan_id}" if news.plan_id else page),)
        return WantedMessage(
            key=f"news:{news.number}:{chat.conversation}",
            platform=chat.platform,
            place=place_text(reached.address.place),
            address=reached.address.model_dump(mode="json"),
            card=self.board.seats[chat.platform].cards.card(Notice(news_words(news), links=links)),
            priority=SOON,
            conversation=chat.conversation if chat.is_personal else None,
        )
