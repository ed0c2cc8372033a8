"""Who stops a planning that has just ended has stopped it: nothing is asked of them."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from agent.app import App, AppEnvironment
from agent.events import Event, Incoming, PlanProposed, State
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

ANA = Person(id="ana", name="Ana", roles=("requester", "approver"))


class Late(InMemoryTerraform):
    """Ends each planning as if it had not heard of what happens just before."""

    just_before: Callable[[], Awaitable[bool]]

    async def plan(self, *given: Any, **named: Any) -> Any:
        planned = await super().plan(*given, **named)
        assert await self.just_before()
        return planned


@pytest.mark.parametrize("text", ["dev etl workspace for team birch", "dev and staging for team birch, etl"])
async def test_a_stop_that_comes_as_planning_ends_is_heard(tmp_path: Path, text: str) -> None:
    settings = Settings()
    terraform = Late(settings.platform, place("templates") / "terraform")
    app = App(AppEnvironment(settings, os.environ, tmp_path), terraform=terraform, inline=True)
    terraform.just_before = app.cancel
    heard: list[Event] = []
    app.listen(heard.append)
    await app.reply_to(Incoming(conversation="c", person=ANA, text=text), until_settled=True)
    assert not [event for event in heard if isinstance(event, PlanProposed)]
    state = [event for event in heard if isinstance(event, State)][-1]
    assert (state.pending_plan, state.deployments) == (None, ())
    assert terraform.kept == set()
    await app.close()
