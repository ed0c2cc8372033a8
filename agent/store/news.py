"""What became of people's requests, kept for their other channels; who of their identities was told of it."""

from collections.abc import Collection
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, select, update

from agent.store.connection import QueryGroup, stamp
from agent.store.tables import news, news_told
from plugins.domain.plan import Person

RESULTS = "results"
"""What somebody may switch on: being told on their other channels, too, what became of what they asked for."""

_MOST_CARRIED = 200
_MOST = 20
"""Of somebody's news so many are told at once, the newest; what is older was seen where it was asked for."""


class News(BaseModel):
    """`who` asked, in that conversation; `channel` is the one that it is on. `about` are the workspaces, by id: who may
    not know of all of them is not told. `plan_id` is None for news of no plan.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    who: Person
    channel: str
    conversation: str
    about: tuple[str, ...]
    text: str
    at: datetime
    plan_id: str | None = None
    number: int = 0


class NewsQueries(QueryGroup):
    def keep_news(self, kept: News) -> bool:
        """False where that was kept before, by its key."""
        row = {
            "key": kept.key,
            "person": kept.who.key,
            "at": stamp(kept.at),
            "is_carried": 0,
            "document": kept.model_dump_json(exclude={"number"}),
        }
        return self._insert_once(news, row)

    def news_to_carry(self) -> tuple[News, ...]:
        """What no chat holds yet, oldest first."""
        rows = self._db.execute(
            select(news.c.number, news.c.document)
            .where(news.c.is_carried == 0)
            .order_by(news.c.number)
            .limit(_MOST_CARRIED)
        )
        return tuple(_news(row.number, row.document) for row in rows)

    def carried_news(self, number: int) -> bool:
        """True for the first who notes that it needs no more carrying."""
        here = (news.c.number == number) & (news.c.is_carried == 0)
        return self._db.execute(update(news).where(here).values(is_carried=1)).rowcount == 1

    def news_for(self, person: str, others: Collection[str]) -> tuple[News, ...]:
        """News of those other identities (keys) that this one was not told of, oldest first."""
        if not others:
            return ()
        told = select(news_told.c.number).where(news_told.c.person == person)
        mine = news.c.person.in_(others) & news.c.number.not_in(told)
        newest = select(news.c.number, news.c.document).where(mine).order_by(news.c.number.desc()).limit(_MOST)
        return tuple(_news(row.number, row.document) for row in reversed(self._db.execute(newest).all()))

    def told_news(self, number: int, person: str) -> bool:
        """Notes that this identity was told of it; False where it was before."""
        return self._insert_once(news_told, {"number": number, "person": person})

    def forget_news(self, before: datetime) -> None:
        old = select(news.c.number).where(news.c.at < stamp(before))
        self._db.execute(delete(news_told).where(news_told.c.number.in_(old)))
        self._db.execute(delete(news).where(news.c.at < stamp(before)))


def _news(number: int, document: str) -> News:
    return News.model_validate_json(document).model_copy(update={"number": number})
