"""A plan that takes several people: it waits until all of them have said yes, and each is told what is missing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from two_people import MAX, RITA, SLACK, TOM, PlatformSettings, plan_in, plans_in, state_in, words_in

from agent.events import ApprovalNoted, Event, PlanProposed, Result
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

RULES = [
    {"team": "risk", "role": "risk-leads", "count": 2, "other_than_asker": True},
    {"above": 150, "role": "finance"},
]
LEA = Person(id="lea@contoso.com", name="Lea", roles=("risk-leads",))
LIN = Person(id="lin@contoso.com", name="Lin", roles=("risk-leads",))
FAY = Person(id="fay@contoso.com", name="Fay", roles=("finance",))
BOTH = Person(id="bea@contoso.com", name="Bea", roles=("risk-leads", "finance"))


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[PlatformSettings]:
    found = PlatformSettings(tmp_path, {"Approvals": {"Rules": RULES}})
    yield found
    await found.app.close()


def approvals_in(events: list[Event]) -> list[tuple[str, str | None]]:
    return [(event.status, event.by) for event in events if isinstance(event, ApprovalNoted)]


def waits_for(plan: PlanProposed) -> list[str]:
    return [each.text for each in plan.approvers]


async def asked(platform: PlatformSettings, person: Person = RITA) -> PlanProposed:
    return plan_in(await platform.say(person, "dev workspace for team risk, notebooks"))


async def shown(platform: PlatformSettings, person: Person, plan: PlanProposed) -> PlanProposed:
    return plan_in(await platform.say(person, f"show {plan.plan_id}"))


async def test_a_plan_says_whose_yes_it_takes(platform: PlatformSettings) -> None:
    plan = await asked(platform)
    assert waits_for(plan) == ["2 of risk-leads, other than Rita", "somebody with the role finance"]
    assert [(each.role, each.count, each.other_than) for each in plan.approvers] == [
        ("risk-leads", 2, ("Rita",)),
        ("finance", 1, ()),
    ]
    mine = plan_in(await platform.say(TOM, "dev workspace for team birch, etl, 1 worker, 5 hours a week"))
    assert [(each.role, each.names, each.text) for each in mine.approvers] == [
        ("approver", ("Tom",), "Tom or somebody with the role approver")
    ]


async def test_it_waits_until_all_have_said_yes_and_each_hears_what_is_missing(platform: PlatformSettings) -> None:
    plan = await asked(platform)
    await shown(platform, LEA, plan)
    first = await platform.say(LEA, "yes")
    assert "still needs one of risk-leads, other than Rita; somebody with the role finance" in words_in(first)
    assert (approvals_in(first), state_in(first).pending_plan) == ([], plan.plan_id)
    again = await shown(platform, LIN, plan)
    assert (again.digest, again.approved_by) == (plan.digest, ("Lea",))
    assert waits_for(again) == ["one of risk-leads, other than Rita", "somebody with the role finance"]
    assert "still needs somebody with the role finance;" in words_in(await platform.say(LIN, "yes"))
    await shown(platform, FAY, plan)
    last = await platform.say(FAY, "yes")
    assert ("approved", "Lea and Lin and Fay") in approvals_in(last)
    assert [event.status for event in last if isinstance(event, Result)][-1] == "succeeded"


async def test_the_asker_is_told_where_they_asked(platform: PlatformSettings) -> None:
    plan = await asked(platform)
    await shown(platform, LEA, plan)
    await platform.say(LEA, "yes")
    logged = await platform.app.read(lambda records: records.logged(RITA.key, after=0, source="work"))
    assert f"Lea agrees to plan {plan.plan_id}." in logged[-1].document


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (LEA, "You have agreed to this plan already."),
        (LEA.model_copy(update={"id": "LEA@contoso.com"}), "You have agreed to this plan already."),
        (
            Person(id="U7", name="Lea", roles=("risk-leads",), issuer=SLACK, email="lea@contoso.com"),
            "I cannot tell that you are not",
        ),
        (RITA, "it needs one of risk-leads, other than Rita; and somebody with the role finance"),
        (MAX, "it needs one of risk-leads, other than Rita; and somebody with the role finance"),
        (RITA.model_copy(update={"roles": ("risk-leads",)}), "somebody other than Rita, who asked for it, must"),
    ],
)
async def test_nobody_counts_twice_nor_for_a_role_they_lack(
    platform: PlatformSettings, person: Person, why: str
) -> None:
    plan = await asked(platform)
    await shown(platform, LEA, plan)
    await platform.say(LEA, "yes")
    told = await platform.say(person, "yes", where=plan.conversation if person.key != LEA.key else None)
    assert [status for status, _ in approvals_in(told)] == ["refused"]
    assert why in words_in(told)
    waits = await platform.app.read(lambda records: records.plan(plan.plan_id))
    assert waits is not None
    assert waits[1] == "pending"


async def test_one_person_with_two_roles_gives_both(platform: PlatformSettings) -> None:
    plan = await asked(platform)
    await shown(platform, BOTH, plan)
    assert "still needs one of risk-leads, other than Rita;" in words_in(await platform.say(BOTH, "yes"))
    await shown(platform, LEA, plan)
    assert ("approved", "Bea and Lea") in approvals_in(await platform.say(LEA, "yes"))


async def test_two_who_say_yes_at_once_are_both_counted(platform: PlatformSettings) -> None:
    plan = await asked(platform)
    for person in (LEA, LIN, FAY):
        await shown(platform, person, plan)
    await asyncio.gather(*(platform.say(person, "yes") for person in (LEA, LIN, FAY)))
    waits = await platform.app.read(lambda records: records.plan(plan.plan_id))
    assert waits is not None
    assert waits[1] == "approved"
    assert len(platform.terraform.applied) == 1


async def test_consents_are_for_one_plan_only(platform: PlatformSettings) -> None:
    """What is changed after the first yes is another plan, which nobody has agreed to."""
    plan = await asked(platform)
    await shown(platform, LEA, plan)
    await platform.say(LEA, "yes")
    changed = plan_in(await platform.say(RITA, "make it 2 workers"))
    assert (changed.approved_by, waits_for(changed)[0]) == ((), "2 of risk-leads, other than Rita")
    assert await platform.decides(LEA, plan) != "approved"


async def test_whom_it_needs_may_turn_it_down(platform: PlatformSettings) -> None:
    plan = await asked(platform)
    await shown(platform, FAY, plan)
    assert approvals_in(await platform.say(FAY, "no"))[0] == ("rejected", "Fay")


async def test_an_asker_who_leads_is_not_counted(platform: PlatformSettings) -> None:
    lead = LEA.model_copy(update={"roles": ("requester", "risk-leads", "finance")})
    plan = await asked(platform, lead)
    told = await platform.say(lead, "yes")
    assert "still needs 2 of risk-leads, other than Lea;" in words_in(told)
    assert plans_in(await platform.say(LEA, "what waits for me")) == []
    await shown(platform, LIN, plan)
    assert "still needs one of risk-leads" in words_in(await platform.say(LIN, "yes"))


async def test_what_a_channel_verified_links_identities_for_good(platform: PlatformSettings) -> None:
    """Slack's Rita told her address once; when she approves, her message brings none, and she is known all the same."""
    web = Person(id="7f3a", name="Rita", roles=("requester",), issuer="https://login", email="rita@contoso.com")
    slack = Person(id="U1", name="R.", roles=("risk-leads",), issuer=SLACK, email="Rita@Contoso.com")
    await platform.say(slack, "hello")
    plan, bare = await asked(platform, web), slack.model_copy(update={"email": None})
    told = await platform.say(bare, "yes", where=plan.conversation)
    assert [status for status, _ in approvals_in(told)] == ["refused"]
    assert "somebody other than Rita, who asked for it, must" in words_in(told)
    other = Person(id="U2", name="Lin", roles=("risk-leads",), issuer=SLACK, email="lin@contoso.com")
    assert "still needs one of risk-leads" in words_in(await platform.say(other, "yes", where=plan.conversation))
