"""Who people are known to be and what they agreed to, on both databases."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from two_people import RITA, PlatformSettings, plan_in

from agent.store.database import Database
from plugins.domain.person import could_be_one
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 29, tzinfo=UTC)
WEB = Person(id="7f3a", name="Ana", issuer="https://login", email="ana@contoso.com", object_id="t1/o1")
SLACK = Person(id="U1", name="Ana", issuer="slack:T1", email="Ana@contoso.com")
TEAMS = Person(id="29:x", name="Ana", issuer="teams", object_id="t1/o1")
OTHER = Person(id="U2", name="Bo", issuer="slack:T1", email="bo@contoso.com")


async def test_identities_are_linked_through_a_third(database: Database) -> None:
    """Slack knows her address and Teams her directory's object; who has signed in with both makes them one."""
    for person in (WEB, SLACK, TEAMS, OTHER, WEB):
        await database.transact(lambda records, person=person: records.recognise(person, now=NOW))
    bare = [person.model_copy(update={"email": None, "object_id": None}) for person in (SLACK, TEAMS, OTHER)]
    known = await database.read(lambda records: records.known(bare))
    assert known[SLACK.key] == known[TEAMS.key] == {"email:ana@contoso.com", "directory:t1/o1"}
    assert known[OTHER.key] == {"email:bo@contoso.com"}
    slack, teams, other = bare
    assert could_be_one(slack, teams, known)
    assert not could_be_one(slack, other, known)
    assert could_be_one(slack, teams)  # nobody can tell


async def test_what_is_theirs_is_not_shared_by_who_only_reads_alike(database: Database) -> None:
    """A "+tag" is folded where two must be two; two people's conversations stay two people's."""
    alice = Person(id="U3", name="Al", issuer="slack:T1", email="team+alice@contoso.com")
    bob = Person(id="b0b", name="Bo", issuer="https://login", email="team+bob@contoso.com")
    for person in (WEB, SLACK, TEAMS, alice, bob):
        await database.transact(lambda records, person=person: records.recognise(person, now=NOW))
    assert await database.read(lambda records: records.keys_of(SLACK)) == {WEB.key, SLACK.key, TEAMS.key}
    assert await database.read(lambda records: records.keys_of(alice)) == {alice.key}
    assert could_be_one(alice, bob, await database.read(lambda records: records.known((alice, bob))))


async def test_all_who_agree_at_once_are_counted_and_it_is_applied_once(tmp_path: Path, url: str) -> None:
    rules = [{"team": "risk", "role": "leads", "count": 4}]
    platform = PlatformSettings(tmp_path, {"Database": {"Url": url}, "Approvals": {"Rules": rules}})
    leads = [Person(id=f"lead-{letter}", name=letter, roles=("leads",)) for letter in "abcd"]
    plan = plan_in(await platform.say(RITA, "dev workspace for team risk, notebooks"))
    for lead in leads:
        await platform.say(lead, f"show {plan.plan_id}")
    await asyncio.gather(*(platform.say(lead, "yes") for lead in leads))
    assert await platform.app.read(lambda records: records.plan_status(plan.plan_id)) == "approved"
    assert len(platform.terraform.applied) == 1
    await platform.app.close()
