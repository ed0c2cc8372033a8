"""Who is signed in to the web page, and what people thought of the answers there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, insert, select

from agent.store.connection import QueryGroup, stamp
from agent.store.tables import feedback, sessions
from plugins.domain.plan import Person

Verdict = Literal["good", "bad"]


@dataclass(frozen=True)
class Rating:
    """What somebody thought of one turn's answer."""

    conversation: str
    turn: int
    verdict: Verdict


@dataclass(frozen=True)
class KeptSession:
    """A session as it is kept: `mark` stands for a cookie that is not; `expires_at` is UTC."""

    mark: str
    person: Person
    expires_at: datetime


class WebSessionQueries(QueryGroup):
    def keep_session(self, session: KeptSession) -> None:
        row = {
            "mark": session.mark,
            "person": session.person.key,
            "expires_at": stamp(session.expires_at),
            "document": session.person.model_dump_json(),
        }
        self._db.execute(insert(sessions), row)

    def session(self, mark: str) -> KeptSession | None:
        """The session of that mark, however old."""
        row = self._db.execute(select(sessions).where(sessions.c.mark == mark)).one_or_none()
        if row is None:
            return None
        return KeptSession(mark, Person.model_validate_json(row.document), datetime.fromisoformat(row.expires_at))

    def end_session(self, mark: str) -> None:
        self._db.execute(delete(sessions).where(sessions.c.mark == mark))

    def forget_sessions(self, now: datetime) -> None:
        """Drops those whose time is over."""
        self._db.execute(delete(sessions).where(sessions.c.expires_at <= stamp(now)))

    def signed_in_with(self, role: str, now: datetime) -> tuple[str, ...]:
        """The names of people with that role who have a session now."""
        return tuple(sorted({person.name for person in self.signed_in(now) if role in person.roles}))

    def signed_in(self, now: datetime) -> tuple[Person, ...]:
        """Who has a session now, each identity once, by name."""
        rows = self._db.execute(select(sessions.c.document).where(sessions.c.expires_at > stamp(now))).scalars()
        people = {person.key: person for person in map(Person.model_validate_json, rows)}
        return tuple(sorted(people.values(), key=lambda person: (person.name, person.key)))

    def rate(self, conversation: str, turn: int, person: str, verdict: Verdict | None, *, now: datetime) -> None:
        """Keeps what that person (a key) thinks of that turn's answer; with None they take it back."""
        mine = (feedback.c.conversation == conversation, feedback.c.turn == turn, feedback.c.person == person)
        self._db.execute(delete(feedback).where(*mine))
        if verdict is not None:
            row = {"conversation": conversation, "turn": turn, "person": person, "verdict": verdict, "at": stamp(now)}
            self._db.execute(insert(feedback), row)

    def ratings(self, person: str | None) -> tuple[Rating, ...]:
        """All that this person rated, everybody with None; the oldest first."""
        query = select(feedback.c.conversation, feedback.c.turn, feedback.c.verdict).order_by(feedback.c.at)
        rows = self._db.execute(query if person is None else query.where(feedback.c.person == person))
        return tuple(Rating(row.conversation, row.turn, row.verdict) for row in rows)

    def verdicts(self, conversation: str, person: str) -> Mapping[int, str]:
        """Turn → what that person thought of its answer."""
        mine = (feedback.c.conversation == conversation) & (feedback.c.person == person)
        rows = self._db.execute(select(feedback.c.turn, feedback.c.verdict).where(mine))
        return {row.turn: row.verdict for row in rows}
