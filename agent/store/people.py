"""What tells people apart on every channel, and who has said yes to a plan that takes several."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, insert, or_, select

from agent.approvals import Consents
from agent.store.connection import QueryGroup, stamp, text_given
from agent.store.tables import approvals, consents, identities, plans
from plugins.domain.person import IdentityMarks, exact_marks_of, marks_of
from plugins.domain.plan import Person, Plan

_EXACT = ("link:", "directory:", "mailbox:")
"""Marks that only one human being has."""


_CONSENTS = (
    select(consents.c.document)
    .where(consents.c.plan_id == text_given("of"), consents.c.digest == text_given("for"))
    .order_by(consents.c.at)
)


class PeopleQueries(QueryGroup):
    def recognise(self, person: Person, *, now: datetime) -> None:
        """Keeps what the channel has verified of this person: another channel that verifies the same is one with it."""
        marks, at = sorted(marks_of(person) | exact_marks_of(person)), stamp(now)
        self._insert_missing(identities, [{"person": person.key, "mark": mark, "at": at} for mark in marks])

    def link_people(self, *people: Person, mark: str, now: datetime) -> None:
        """Keeps that these identities are one human being's: all of them have that mark from now on."""
        at = stamp(now)
        self._insert_missing(identities, [{"person": person.key, "mark": mark, "at": at} for person in people])

    def known(self, people: Iterable[Person]) -> IdentityMarks:
        """Each one's key → all that tells them apart: their own marks, and those of every identity linked with them.

        Two identities are linked where they share a mark, or are linked with a third.
        """
        return {person.key: self._closure(person) for person in people}

    def keys_of(self, person: Person) -> frozenset[str]:
        """The keys of every identity that is verified to be this very human being's, this one's among them: by a link
        of theirs, by the directory, or by the very address that both issuers have verified.

        What is theirs hangs on it, so it errs towards "another", where `known` errs towards "the same".
        """
        return self._linked(person, exact_marks_of(person), is_exact=True)[1]

    def consents(self, plan: Plan, *others: Person) -> Consents:
        """Who has said yes to this very plan, and what is known of them, of the asker and of these others."""
        rows = self._run(_CONSENTS, {"of": plan.plan_id, "for": plan.digest}).scalars()
        people = tuple(Person.model_validate_json(row) for row in rows)
        return Consents(people, self.known((plan.requested_by, *people, *others)))

    def people_with(self, role: str) -> frozenset[str]:
        """The names of those who have asked or approved here and held that role then; nobody keeps a list of all."""
        asked = self._db.execute(select(plans.c.requested_by).distinct()).scalars()
        approved = self._db.execute(select(approvals.c.document).distinct()).scalars()
        known = (Person.model_validate_json(document) for document in {*asked, *approved})
        return frozenset(person.name for person in known if role in person.roles)

    def keep_consent(self, plan: Plan, person: Person, *, now: datetime) -> None:
        """Keeps one person's yes to a plan that takes more than theirs."""
        row = {
            "plan_id": plan.plan_id,
            "person": person.key,
            "digest": plan.digest,
            "at": stamp(now),
            "document": person.model_dump_json(),
        }
        self._db.execute(insert(consents), row)

    def _closure(self, person: Person) -> frozenset[str]:
        marks, _ = self._linked(person, marks_of(person), is_exact=False)
        return frozenset(mark for mark in marks if not mark.startswith("mailbox:"))

    def _linked(
        self, person: Person, marks: frozenset[str], *, is_exact: bool
    ) -> tuple[frozenset[str], frozenset[str]]:
        """All marks, and all identities, that lead to one another from this person's, by all marks or exact ones."""
        keys = frozenset({person.key})
        while True:
            values = {**_named("one_key", keys), **_named("one_mark", marks)}
            rows = self._run(_linked_by(len(keys), len(marks), is_exact=is_exact), values).all()
            wider = marks | {row.mark for row in rows}, keys | {row.person for row in rows}
            if wider == (marks, keys):
                return wider
            marks, keys = wider


def _named(kind: str, values: Iterable[str]) -> dict[str, str]:
    return {f"{kind}_{number}": value for number, value in enumerate(values)}


@lru_cache(maxsize=50)
def _linked_by(keys: int, marks: int, *, is_exact: bool) -> Select[str, str]:
    theirs = [identities.c.person == text_given(f"one_key_{number}") for number in range(keys)]
    theirs += [identities.c.mark == text_given(f"one_mark_{number}") for number in range(marks)]
    query = select(identities.c.person, identities.c.mark).where(or_(*theirs))
    return query.where(or_(*(identities.c.mark.startswith(kind) for kind in _EXACT))) if is_exact else query
