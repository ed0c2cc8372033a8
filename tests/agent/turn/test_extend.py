"""Setting, moving and removing the end of a workspace: one act, no plan; nothing gets an end unasked."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.app import App, AppEnvironment
from agent.events import Button, Event, Incoming, Message, PlanProposed, Question, State
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person
from plugins.domain.understanding import Context
from plugins.parse import understand

pytestmark = pytest.mark.integration

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
LIMITED: dict[str, Any] = {
    "Policy": {
        "Environments": {
            name: {
                "CostLimit": 9000,
                "Networks": ["public"],
                "MaximumWorkers": 9,
                "AutoterminationMinutes": 20,
                "StorageSku": "Standard_LRS",
                "MaximumExpiryDays": 60,
            }
            for name in ("dev", "staging", "prod")
        }
    }
}


@dataclass
class Desk:
    """A running app at a fixed time, with one workspace: dbw-mint-dev."""

    app: App
    heard: list[Event]

    async def say(self, text: str) -> list[Event]:
        return await self._turn(Incoming(conversation="cnv", person=ANA, text=text))

    async def choose(self, value: str) -> list[Event]:
        button = Button(action="choose", slot="expires_in_days", value=value)
        return await self._turn(Incoming(conversation="cnv", person=ANA, button=button))

    async def _turn(self, incoming: Incoming) -> list[Event]:
        self.heard.clear()
        await self.app.reply_to(incoming, until_settled=True)
        assert not [e for e in self.heard if isinstance(e, PlanProposed) and e.action == "destroy"]
        return list(self.heard)

    async def end(self) -> date | None:
        (found,) = await self.app.read(lambda records: records.deployments(live=True))
        return found.expires_on

    async def history(self) -> list[str]:
        (found,) = await self.app.read(lambda records: records.deployments(live=True))
        entries = await self.app.read(lambda records: records.history(found.deployment_id))
        return [f"{entry.what} {entry.detail}".strip() for entry in entries]


async def _deployed(home: Path, days: int | None, settings: dict[str, Any] | None = None) -> Desk:
    told = Settings.model_validate(settings or {})
    world = AppEnvironment(told, {}, home, clock=lambda: MORNING)
    app = App(world, terraform=InMemoryTerraform(told.platform, place("templates") / "terraform"), inline=True)
    heard: list[Event] = []
    app.listen(heard.append)
    desk = Desk(app, heard)
    await desk.say(f"sandbox dbw-mint-dev for the mint team, notebooks{f' for {days} days' if days else ''}")
    await desk.say("yes")
    return desk


@pytest.fixture
async def endless(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = await _deployed(tmp_path, None)
    yield desk
    await desk.app.close()


@pytest.fixture
async def ending(tmp_path: Path) -> AsyncIterator[Desk]:
    """It ends on 2026-12-04."""
    desk = await _deployed(tmp_path, 10)
    yield desk
    await desk.app.close()


def question(events: list[Event]) -> tuple[str, list[str]]:
    (asked,) = [event for event in events if isinstance(event, Question)]
    (slot,) = asked.questions
    assert slot.slot == "expires_in_days"
    return slot.text, [choice.value for choice in slot.choices]


def told(events: list[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Message))


def act(events: list[Event]) -> str:
    return next(event.act for event in events if isinstance(event, State))


@pytest.mark.parametrize("text", ["extend dbw-mint-dev by 7 days", "keep it 7 more days", "extend it until 2026-12-01"])
async def test_what_has_no_end_is_asked_whether_it_shall_end_then(endless: Desk, text: str) -> None:
    said = await endless.say(text)
    words, values = question(said)
    assert words == "dbw-mint-dev has no end, so there is nothing to extend. Shall it end on 2026-12-01?"
    assert values == ["7", "14", "30", "never"]
    assert act(said) == "extend"
    assert await endless.end() is None


@pytest.mark.parametrize("answer", ["yes", "7 days", "a week"])
async def test_a_yes_or_days_give_it_that_end(endless: Desk, answer: str) -> None:
    await endless.say("extend dbw-mint-dev by 7 days")
    said = await endless.say(answer)
    assert told(said) == "dbw-mint-dev now expires on 2026-12-01 (Tuesday). Its resources are unchanged."
    assert act(said) == "extend"
    assert await endless.end() == date(2026, 12, 1)
    assert (await endless.history())[-1] == "set the end until 2026-12-01"


@pytest.mark.parametrize("answer", ["no", "never", "it keeps no end", "no, keep it"])
async def test_a_no_leaves_it_without_an_end(endless: Desk, answer: str) -> None:
    await endless.say("extend dbw-mint-dev by 7 days")
    said = await endless.say(answer)
    assert told(said) == "dbw-mint-dev has no end, and keeps none. Nothing was changed."
    assert await endless.end() is None


async def test_buttons_answer_it_too(endless: Desk) -> None:
    await endless.say("extend dbw-mint-dev by 5 days")
    await endless.choose("never")
    assert await endless.end() is None
    await endless.say("extend dbw-mint-dev by 5 days")
    await endless.choose("5")
    assert await endless.end() == date(2026, 11, 29)


async def test_backward_days_are_refused_where_it_is_asked_whether_it_ends(endless: Desk) -> None:
    await endless.say("extend dbw-mint-dev by 7 days")
    for text in ("extend dbw-mint-dev by -5 days", "-5 days", "minus 5"):
        words, _ = question(await endless.say(text))
        assert "leads to no day on which it could end" in words
    assert await endless.end() is None


async def test_saying_the_same_again_is_no_answer(endless: Desk) -> None:
    await endless.say("extend dbw-mint-dev by 7 days")
    question(await endless.say("extend dbw-mint-dev by 7 days"))
    assert await endless.end() is None


async def test_without_days_it_is_asked_when(endless: Desk) -> None:
    words, values = question(await endless.say("extend dbw-mint-dev"))
    assert words == "dbw-mint-dev has no end, so there is nothing to extend. Shall it end, and in how many days?"
    assert values == ["7", "14", "30", "never"]
    question(await endless.say("extend dbw-mint-dev"))
    await endless.say("30")
    assert await endless.end() == date(2026, 12, 24)


async def test_a_yes_while_a_plan_waits_is_no_consent_and_no_answer(endless: Desk) -> None:
    await endless.say("change dbw-mint-dev to 2 workers")
    await endless.say("extend dbw-mint-dev by 7 days")
    said = await endless.say("yes")
    state = next(event for event in said if isinstance(event, State))
    assert (state.act, state.pending_plan is not None) == ("unclear", True)
    assert await endless.end() is None
    await endless.say("7 days")
    assert await endless.end() == date(2026, 12, 1)


@pytest.mark.parametrize(
    "text",
    [
        "let dbw-mint-dev expire in 30 days",
        "set the expiry of dbw-mint-dev to 30 days",
        "dbw-mint-dev should end on 2026-12-24",
        "set the end of dbw-mint-dev to 2026-12-24",
        "dbw-mint-dev expires in 30 days",
    ],
)
async def test_an_end_that_is_said_outright_is_set(endless: Desk, text: str) -> None:
    said = await endless.say(text)
    assert told(said) == "dbw-mint-dev now expires on 2026-12-24 (Thursday). Its resources are unchanged."
    assert act(said) == "extend"
    assert await endless.end() == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("extend dbw-mint-dev by 7 days", date(2026, 12, 11)),
        ("extend dbw-mint-dev until 2026-12-20", date(2026, 12, 20)),
        ("let dbw-mint-dev expire in 30 days", date(2026, 12, 24)),
        ("set the expiry of dbw-mint-dev to 2026-11-30", date(2026, 11, 30)),
    ],
)
async def test_an_end_that_there_is_moves_to_the_day_that_was_said(ending: Desk, text: str, end: date) -> None:
    await ending.say(text)
    assert await ending.end() == end


@pytest.mark.parametrize(
    "text",
    [
        "remove the expiry of dbw-mint-dev",
        "remove dbw-mint-dev's end date",
        "drop the expiry of dbw-mint-dev",
        "dbw-mint-dev should never expire",
        "no end for dbw-mint-dev please",
        "keep dbw-mint-dev forever",
    ],
)
async def test_removing_the_end_removes_nothing_else(ending: Desk, text: str) -> None:
    said = await ending.say(text)
    assert told(said) == "dbw-mint-dev has no end any more. Its resources are unchanged."
    assert act(said) == "extend"
    assert await ending.end() is None
    assert (await ending.history())[-1] == "removed the end it was 2026-12-04"


@pytest.mark.parametrize("answer", ["no", "never", "yes"])
async def test_no_answer_to_how_many_more_days_removes_or_moves_the_end(ending: Desk, answer: str) -> None:
    question(await ending.say("extend dbw-mint-dev"))
    await ending.say(answer)
    await ending.choose("never")
    assert await ending.end() == date(2026, 12, 4)


async def test_removing_an_end_that_there_is_not_changes_nothing(endless: Desk) -> None:
    assert "keeps none. Nothing was changed" in told(await endless.say("remove the expiry of dbw-mint-dev"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("extend dbw-mint-dev by -5 days", "“-5 days”"),
        ("extend dbw-mint-dev by minus 5 days", "“minus 5 days”"),
        ("extend dbw-mint-dev by 0 days", "“0 days”"),
        ("extend dbw-mint-dev until 2020-01-01", "“2020-01-01”"),
        ("extend dbw-mint-dev by 9000 years", "“9000 years”"),
    ],
)
async def test_days_that_lead_to_no_later_day_are_refused(ending: Desk, text: str, words: str) -> None:
    said = await ending.say(text)
    asked, _ = question(said)
    assert asked == f"{words} leads to no day on which it could end. In how many days, counted forward?"
    assert await ending.end() == date(2026, 12, 4)
    again, _ = question(await ending.say(text))
    assert again == asked
    again, _ = question(await ending.say("-5"))
    assert again.startswith("“-5” leads to no day")
    assert await ending.end() == date(2026, 12, 4)
    await ending.say("5")
    assert await ending.end() == date(2026, 12, 9)


async def test_a_house_that_demands_an_end_keeps_it(tmp_path: Path) -> None:
    desk = await _deployed(tmp_path, 10, LIMITED)
    said = told(await desk.say("remove the expiry of dbw-mint-dev"))
    assert said == "dbw-mint-dev must have an end: the house rules allow dev workspaces at most 60 days from today."
    assert await desk.end() == date(2026, 12, 4)
    assert "cannot be extended" in told(await desk.say("let dbw-mint-dev expire in 61 days"))
    assert await desk.end() == date(2026, 12, 4)
    await desk.app.close()


@pytest.mark.parametrize(
    "text",
    [
        "delete dbw-x-dev",
        "remove dbw-x-dev, its expiry is over",
        "drop dbw-x-dev",
    ],
)
def test_removing_the_workspace_is_still_a_destroy(text: str) -> None:
    assert understand(text, Context(today=date(2026, 11, 24), workspaces=("dbw-x-dev",))).act == "destroy"


def test_removing_it_on_a_day_to_come_is_an_end_and_no_destroy_now() -> None:
    context = Context(today=date(2026, 11, 24), workspaces=("dbw-x-dev",))
    understood = understand("remove dbw-x-dev at the end of the month", context)
    assert (understood.act, understood.ending, understood.requests[0].expires_in_days) == ("extend", "at", 6)
