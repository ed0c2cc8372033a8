"""Who is shown a plan: nobody whose business it is not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.app import App, AppEnvironment
from agent.events import Event, File, Incoming, PlanProposed, Table
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

RITA = Person(id="rita", name="Rita", roles=("requester",))
TOM = Person(id="tom", name="Tom", roles=("requester",))
INES = Person(id="ines", name="Ines", roles=("approver",))
GUEST = Person(id="guest", name="Guest")


class Room:
    """`say` gives what one person is told in one conversation."""

    def __init__(self, home: Path) -> None:
        settings = Settings()
        terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        self.app = App(AppEnvironment(settings, {}, home), terraform=terraform, inline=True)
        self._heard: list[Event] = []
        self.app.listen(self._heard.append)

    async def say(self, who: Person, text: str, *, where: str) -> list[Event]:
        self._heard.clear()
        await self.app.reply_to(Incoming(conversation=where, person=who, text=text), until_settled=True)
        return list(self._heard)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    found = Room(tmp_path)
    await found.say(RITA, "sandbox dbw-mint-dev for the mint team, notebooks", where="hers")
    await found.say(RITA, "yes", where="hers")
    yield found
    await found.app.close()


def plans_in(events: list[Event]) -> list[str]:
    return [event.plan_id for event in events if isinstance(event, PlanProposed)]


@pytest.mark.parametrize(
    ("who", "where", "is_shown"),
    [
        (RITA, "hers", True),
        (RITA, "another", True),
        (INES, "another", True),
        (TOM, "hers", True),
        (TOM, "another", False),
        (GUEST, "another", False),
        (GUEST, "hers", False),
    ],
)
async def test_a_plan_is_shown_to_those_whose_business_it_is(
    room: Room, who: Person, where: str, *, is_shown: bool
) -> None:
    (plan_id,) = plans_in(await room.say(RITA, "change dbw-mint-dev to max 2 workers", where="hers"))
    assert plans_in(await room.say(who, f"show plan {plan_id}", where=where)) == ([plan_id] if is_shown else [])


async def test_a_plan_upon_somebody_elses_workspace_stays_where_it_was_asked_for(room: Room) -> None:
    """Who asked for it as an approver, and is none any more, may not speak of her workspace elsewhere."""
    approving = TOM.model_copy(update={"roles": ("requester", "approver")})
    (plan_id,) = plans_in(await room.say(approving, "change dbw-mint-dev to max 2 workers", where="hers"))
    assert plans_in(await room.say(TOM, f"show plan {plan_id}", where="his")) == []


@pytest.mark.parametrize("text", ["show me the plan again", "export it", "list the workspaces"])
async def test_who_has_no_role_is_told_nothing_of_a_plan_that_waits(room: Room, text: str) -> None:
    await room.say(RITA, "dbw-mint-dev with 2 workers of Standard_D8s_v5, change it", where="hers")
    events = await room.say(GUEST, text, where="hers")
    assert not [event for event in events if isinstance(event, PlanProposed | File | Table)]
