"""What is said of a workspace's health: by the apply that made it, and to whom asks; nothing where nobody can look."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import JsonValue

from agent.app import App, AppEnvironment
from agent.events import Event, Incoming, Message, Result
from agent.factories import LazyHealth, WorkspaceLook
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.health import HealthFinding, HealthLook, Verdict, WorkspaceHealth
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration
ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
ONE = "databricks for team mint in dev, etl"
TWO = "two databricks workspaces for team mint: dbw-a-dev and dbw-b-dev, dev, etl"


@dataclass
class Look:
    """Finds what the test says, and notes what it was asked of."""

    verdict: Verdict = "works"
    asked: list[Mapping[str, JsonValue]] = field(default_factory=list[Mapping[str, JsonValue]])

    async def look(self, outputs: Mapping[str, JsonValue]) -> WorkspaceHealth:
        self.asked.append(outputs)
        return WorkspaceHealth(findings=(HealthFinding(about="address", verdict=self.verdict, text="So it is."),))


class Desk:
    def __init__(self, home: Path, health: HealthLook | None) -> None:
        settings = Settings()
        terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        self.app = App(AppEnvironment(settings, {}, home), terraform=terraform, health=health, inline=True)
        self._heard: list[Event] = []
        self.app.listen(self._heard.append)

    async def say(self, text: str) -> list[Event]:
        self._heard.clear()
        await self.app.reply_to(Incoming(conversation="cnv", person=ANA, text=text), until_settled=True)
        return list(self._heard)


OpenDesk = Callable[[HealthLook | None], Desk]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[OpenDesk]:
    opened: list[Desk] = []

    def opening(health: HealthLook | None) -> Desk:
        opened.append(Desk(tmp_path, health))
        return opened[-1]

    yield opening
    for each in opened:
        await each.app.close()


def told(events: list[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Message))


@pytest.mark.parametrize(
    ("verdict", "after", "asked"),
    [
        ("works", "works. So it is.", "I have just asked the cloud: it works. So it is."),
        ("broken", "was applied, but it does not work: So it is.", "it does **not** work. So it is."),
        ("unchecked", "whether it works could not be seen in full. So it is.", "could not see everything. So it is."),
    ],
)
async def test_it_is_told_after_the_apply_and_when_asked(
    desk: OpenDesk, verdict: Verdict, after: str, asked: str
) -> None:
    look = Look(verdict)
    talk = desk(look)
    await talk.say(ONE)
    assert not look.asked
    applied = await talk.say("yes")
    assert [event.status for event in applied if isinstance(event, Result)] == ["succeeded"]
    assert after in told(applied)
    assert "workspace_url" in look.asked[0]
    assert asked in told(await talk.say("is it healthy?"))


async def test_of_several_only_what_does_not_work_is_told(desk: OpenDesk) -> None:
    look = Look()
    talk = desk(look)
    await talk.say(TWO)
    assert "So it is." not in told(await talk.say("yes"))
    assert len(look.asked) == 2


async def test_nothing_is_told_where_there_is_nobody_to_ask(desk: OpenDesk) -> None:
    talk = desk(None)
    await talk.say(ONE)
    assert "works" not in told(await talk.say("yes"))
    assert "asked the cloud" not in told(await talk.say("is it healthy?"))


async def test_a_fault_of_ours_costs_neither_the_deployment_nor_the_reply(desk: OpenDesk) -> None:
    def broken() -> WorkspaceLook:
        raise RuntimeError

    talk = desk(LazyHealth(broken))
    await talk.say(ONE)
    applied = await talk.say("yes")
    assert [event.status for event in applied if isinstance(event, Result)] == ["succeeded"]
    assert "by a fault of ours" in told(applied)
    assert "by a fault of ours" in told(await talk.say("is it healthy?"))
