"""A plan that is decided in another conversation than the one it came from."""

import os
import re
from pathlib import Path

import pytest

from agent.app import App, AppEnvironment
from agent.events import ApprovalNoted, Event, Incoming, Message, PlanProposed, Result
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

RITA = Person(id="rita", name="Rita", roles=("requester",))
INES = Person(id="ines", name="Ines", roles=("approver",))
TOM = Person(id="tom", name="Tom", roles=("requester",))


class ConversationQueries:
    """Several people in conversations of their own, with one app."""

    def __init__(self, home: Path) -> None:
        settings = Settings()
        in_memory = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        self.app = App(AppEnvironment(settings, os.environ, home), terraform=in_memory, inline=True)
        self.heard: list[Event] = []
        self.app.listen(self.heard.append)

    async def say(self, person: Person, text: str) -> list[Event]:
        self.heard.clear()
        await self.app.reply_to(Incoming(conversation=person.id, person=person, text=text), until_settled=True)
        return list(self.heard)


async def test_an_approver_decides_in_a_conversation_of_their_own_and_both_hear_the_end(tmp_path: Path) -> None:
    talks = ConversationQueries(tmp_path)
    planned = await talks.say(RITA, "prod workspace for team atlas, etl")
    plan = next(event for event in planned if isinstance(event, PlanProposed))
    shown = await talks.say(INES, f"show {plan.plan_id}")
    again = next(event for event in shown if isinstance(event, PlanProposed))
    assert (again.plan_id, again.digest, again.conversation) == (plan.plan_id, plan.digest, "ines")
    events = await talks.say(INES, "yes")
    heard = {event.conversation for event in events if isinstance(event, Result) and event.status == "succeeded"}
    assert heard == {"ines", "rita"}
    approved = {event.conversation for event in events if isinstance(event, ApprovalNoted)}
    assert approved == {"ines", "rita"}
    await talks.app.close()


async def test_a_plan_is_shown_only_to_who_may_decide_it(tmp_path: Path) -> None:
    talks = ConversationQueries(tmp_path)
    planned = await talks.say(RITA, "prod workspace for team atlas, etl")
    plan = next(event for event in planned if isinstance(event, PlanProposed))
    refused = await talks.say(TOM, f"show {plan.plan_id}")
    assert not any(isinstance(event, PlanProposed) for event in refused)
    (said,) = [event.text for event in refused if isinstance(event, Message)]
    assert re.search("no plan .* that waits for a decision of yours", said)
    await talks.app.close()


async def test_something_else_said_by_the_approver_leaves_the_requesters_plan_waiting(tmp_path: Path) -> None:
    talks = ConversationQueries(tmp_path)
    planned = await talks.say(RITA, "prod workspace for team atlas, etl")
    plan = next(event for event in planned if isinstance(event, PlanProposed))
    await talks.say(INES, f"show {plan.plan_id}")
    await talks.say(INES, "dev workspace for team birch, etl")
    again = await talks.say(RITA, "show me the plan again")
    assert [event.plan_id for event in again if isinstance(event, PlanProposed)] == [plan.plan_id]
    await talks.app.close()
