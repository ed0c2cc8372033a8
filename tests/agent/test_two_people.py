"""Every act on production, and who may cause it: one table, and not one wrong yes.

The asker of each act is tried as a requester and as an approver; a row names who may say yes to it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from two_people import (
    INES,
    MAX,
    RITA,
    TOM,
    PlatformSettings,
    in_other_case,
    on_another_channel,
    plan_in,
    plans_in,
    state_in,
    words_in,
)

from agent.approvals import ApprovalBasis, ConfirmationAct, Refusal, approve
from agent.events import PlanProposed, Result
from agent.factories import rules_of
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

STOOD = "dbw-risk-prod"
ALIKE = Person(id=RITA.id.upper(), name="Somebody", roles=("requester",))


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[PlatformSettings]:
    found = PlatformSettings(tmp_path)
    yield found
    await found.app.close()


async def standing(platform: PlatformSettings, asker: Person) -> None:
    """A prod workspace of the asker's that a second person approved."""
    planned = await platform.say(asker, f"prod workspace {STOOD} for team risk, etl")
    assert await platform.decides(INES, plan_in(planned)) == "approved"


async def create(platform: PlatformSettings, asker: Person) -> PlanProposed:
    return plan_in(await platform.say(asker, "prod workspace for team ledger, etl"))


async def change(platform: PlatformSettings, asker: Person) -> PlanProposed:
    await standing(platform, asker)
    return plan_in(await platform.say(asker, f"change {STOOD} to 3 workers"))


async def destroy(platform: PlatformSettings, asker: Person) -> PlanProposed:
    await standing(platform, asker)
    return plan_in(await platform.say(asker, f"destroy {STOOD}"))


async def batch(platform: PlatformSettings, asker: Person) -> PlanProposed:
    """One of several in prod is enough."""
    return plan_in(await platform.say(asker, "dev and prod workspaces for team ledger, etl"))


async def taken_over(platform: PlatformSettings, asker: Person) -> PlanProposed:
    group = "/subscriptions/0a1b2c3d-0000-4000-8000-000000000000/resourceGroups/rg-old/providers"
    azure_id = f"{group}/Microsoft.Databricks/workspaces/dbw-old"
    return plan_in(await platform.say(asker, f"import {azure_id} for team risk, prod, etl"))


@dataclass(frozen=True)
class Speaker:
    """Who says yes: made from whoever asked."""

    name: str
    of: Callable[[Person], Person]


ASKER = Speaker("the asker", lambda asker: asker)
OTHER = Speaker("another approver", lambda _: INES)
CASED = Speaker("the asker in other case", in_other_case)
CHANNEL = Speaker("the asker on another channel", on_another_channel)
STRANGER = Speaker("a stranger", lambda _: TOM)
SPEAKERS = (ASKER, OTHER, CASED, CHANNEL, STRANGER)

ACTS: dict[str, Callable[[PlatformSettings, Person], Awaitable[PlanProposed]]] = {
    "create": create,
    "change": change,
    "destroy": destroy,
    "several": batch,
    "import": taken_over,
}
ALLOWED = {act: {OTHER.name} for act in ACTS}
"""Whoever else is tried must be refused."""


@pytest.mark.parametrize("speaker", SPEAKERS, ids=lambda speaker: speaker.name)
@pytest.mark.parametrize("asker", [RITA, MAX], ids=["asked by a requester", "asked by an approver"])
@pytest.mark.parametrize("act", ACTS)
async def test_only_another_approver_decides_what_touches_production(
    platform: PlatformSettings, act: str, asker: Person, speaker: Speaker
) -> None:
    plan = await ACTS[act](platform, asker)
    told = await platform.decides(speaker.of(asker), plan)
    assert (told == "approved") == (speaker.name in ALLOWED[act]), told


@pytest.mark.parametrize("speaker", SPEAKERS, ids=lambda speaker: speaker.name)
@pytest.mark.parametrize("asker", [RITA, MAX], ids=["asked by a requester", "asked by an approver"])
async def test_the_script_door_decides_alike(platform: PlatformSettings, asker: Person, speaker: Speaker) -> None:
    """A script gives its named person's act to the same policy."""
    shown = await create(platform, asker)
    found = await platform.app.read(lambda records: records.plan(shown.plan_id))
    assert found is not None
    plan, status = found
    act = ConfirmationAct(speaker.of(asker), plan.conversation, plan.plan_id, plan.digest)
    told = approve(
        plan,
        status,
        act,
        rules_of(platform.settings),
        ApprovalBasis(plan.pricing_policy_digest),
        approval_id="apr_1",
        now=datetime.now(UTC),
    )
    assert isinstance(told, Refusal) == (speaker is not OTHER)


@pytest.mark.parametrize("words", ["change {} to dev", "move {} to staging", "change {} to dev with 3 workers"])
@pytest.mark.parametrize("asker", [RITA, MAX, INES], ids=["a requester", "an approver", "another approver"])
async def test_nobody_relabels_what_stands(platform: PlatformSettings, asker: Person, words: str) -> None:
    await standing(platform, MAX if asker is INES else asker)
    told = await platform.say(asker, words.format(STOOD))
    assert plans_in(told) == []
    assert "make it new" in words_in(told)
    assert [d.decision.environment for d in await platform.standing()] == ["prod"]


async def test_a_label_is_not_changed_behind_a_change_either(platform: PlatformSettings) -> None:
    """The change was proposed, and its draft is then told to be dev."""
    plan = await change(platform, RITA)
    told = await platform.say(RITA, "make it dev")
    assert plans_in(told) == []
    assert "make it new" in words_in(told)
    assert state_in(told).pending_plan == plan.plan_id


@pytest.mark.parametrize(
    ("speaker", "words", "why"),
    [(RITA, "call it dbw-risk-two", "keeps its name"), (TOM, "make it 4 workers", "only Rita or an approver")],
    ids=["renamed", "by somebody else"],
)
async def test_nothing_else_is_slipped_into_a_change(
    platform: PlatformSettings, speaker: Person, words: str, why: str
) -> None:
    """Another name would be another workspace in place of this one; another person has no right to it."""
    plan = await change(platform, RITA)
    told = await platform.say(speaker, words, where=RITA.key)
    assert (plans_in(told), state_in(told).pending_plan) == ([], plan.plan_id)
    assert why in words_in(told)


@pytest.mark.parametrize(
    ("speaker", "may"), [(RITA, True), (INES, True), (MAX, True), (TOM, False)], ids=lambda value: str(value)[:20]
)
@pytest.mark.parametrize("where", ["their own", "the asker's"])
async def test_the_asker_and_approvers_extend(
    platform: PlatformSettings,
    speaker: Person,
    may: bool,  # noqa: FBT001 - a column of the table
    where: str,
) -> None:
    await standing(platform, RITA)
    here = RITA.key if where == "the asker's" else None
    await platform.say(speaker, f"set the expiry of {STOOD} to 10 days", where=here)
    (stands,) = await platform.standing()
    assert (stands.expires_on is not None) == may


@pytest.mark.parametrize(
    ("speaker", "may"), [(RITA, True), (INES, True), (TOM, False)], ids=["asker", "approver", "stranger"]
)
async def test_the_asker_and_approvers_try_again(platform: PlatformSettings, speaker: Person, may: bool) -> None:  # noqa: FBT001
    """A failed run is undone by itself, nobody decides that; the next try takes a new yes."""
    plan = await create(platform, RITA)
    platform.terraform.fail_at(2)
    approved = await platform.say(INES, f"show {plan.plan_id}")
    approved = await platform.say(INES, "yes")
    assert [event.status for event in approved if isinstance(event, Result)][-1] == "rolled_back"
    assert await platform.standing() == []
    again = plans_in(await platform.say(speaker, "retry", where=RITA.key))
    assert bool(again) == may
    if again:
        assert await platform.decides(RITA, again[0]) == "refused"


@pytest.mark.parametrize("who", [TOM, ALIKE], ids=["a stranger", "other case"])
@pytest.mark.parametrize(
    "words",
    [
        f"status of {STOOD}",
        f"history of {STOOD}",
        f"export {STOOD}",
        f"destroy {STOOD}",
        f"change {STOOD} to 3 workers",
        "list my workspaces",
        "what waits for me",
        f"stop {STOOD}",
    ],
)
async def test_a_stranger_sees_nothing(platform: PlatformSettings, who: Person, words: str) -> None:
    """Of what stands, of whose it is and of what waits; not even what it is called, beyond what they said."""
    await standing(platform, RITA)
    await platform.say(RITA, f"destroy {STOOD}")
    told = await platform.say(who, words)
    assert plans_in(told) == []
    assert state_in(told).deployments == ()
    assert not any(mark in str(event.as_json()) for event in told for mark in ("Rita", RITA.id))


@pytest.mark.parametrize("words", [f"destroy {STOOD}", f"change {STOOD} to 3 workers", f"fix the drift of {STOOD}"])
async def test_what_somebody_else_owns_is_not_changed_in_a_shared_conversation_either(
    platform: PlatformSettings, words: str
) -> None:
    """Who is in the room sees what is said there; what stands is still its owner's, and the approvers'."""
    await standing(platform, RITA)
    told = await platform.say(TOM, words, where=RITA.key)
    assert plans_in(told) == []
    assert "Rita" in words_in(told)
