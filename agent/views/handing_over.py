"""Handing a plan over to another person who may decide it. Nobody loses a right by it, and nobody gains one: whether
their yes would count is looked at when they are offered, when they are named, and when they are asked.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from agent.approvals import ApprovalRules, may_decide
from agent.store.approval_rounds import PassedRemark
from agent.store.audit import Entry, who_of
from agent.store.records import Records
from agent.wording import phrase
from plugins.domain.plan import Person, Plan

_MOST_OFFERED = 30


def is_entitled(records: Records, plan: Plan, person: Person, rules: ApprovalRules) -> bool:
    """Whether this person's yes would count for the plan, after the consents that there are."""
    return may_decide(plan, person, rules, records.consents(plan, person))


def candidates(
    records: Records, plan: Plan, by: Person, rules: ApprovalRules, *, chats: Collection[str], now: datetime
) -> tuple[Person, ...]:
    """Whom `by` may hand it over to: who is signed in to the page, or has written on one of those chat platforms, and
    may decide it; each human being once, by the identity that is seen first, and never `by`.
    """
    seen, found = set(records.keys_of(by)), list[Person]()
    for person in _known(records, plan, rules, chats, now):
        if len(found) < _MOST_OFFERED and person.key not in seen and is_entitled(records, plan, person, rules):
            seen |= records.keys_of(person)
            found.append(person)
    return tuple(found)


def note_handed_over(
    records: Records, plan_id: str, by: Person, to: Person, *, asks: str | None, now: datetime
) -> None:
    """Kept for whoever looks at the plan, and in the audit. `asks` is their name among those who are asked on chat
    platforms, for the room to ask.
    """
    text = phrase("messaging.told.handed_over", by=by.name, name=to.name)
    records.note(Entry(now, who_of(by), text, plan_id=plan_id))
    kept = records.round(plan_id)
    handed = tuple(dict.fromkeys((*kept.handed, asks))) if asks is not None else kept.handed
    records.keep_round(kept.with_(remarks=(*kept.remarks, PassedRemark(by=by.name, text=text)), handed=handed))


def _known(
    records: Records, plan: Plan, rules: ApprovalRules, chats: Collection[str], now: datetime
) -> Iterator[Person]:
    yield from records.signed_in(now)
    roles = frozenset(rules.roles) | {need.role for need in rules.needs(plan.items)}
    for platform in sorted(chats):
        yield from records.people_on(platform, roles)
