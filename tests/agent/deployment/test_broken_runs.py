"""A fault of our own in the middle of a run: the run ends, and the person is told a number."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from agent.app import App, AppEnvironment
from agent.events import Error, Event, Incoming, Result, State
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

ANA = Person(id="ana", name="Ana", roles=("requester", "approver"))


class Broken(InMemoryTerraform):
    """Fails as nobody foresaw, once it is told to."""

    breaks = ""

    async def plan(self, *arguments: object, **named: object) -> NoReturn:  # type: ignore[override]
        if self.breaks == "plan":
            raise ZeroDivisionError("secret of ours")
        return await super().plan(*arguments, **named)  # type: ignore[arg-type,return-value]

    async def apply(self, *arguments: object, **named: object) -> NoReturn:  # type: ignore[override]
        if self.breaks == "apply":
            raise ZeroDivisionError("secret of ours")
        return await super().apply(*arguments, **named)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("breaks", ["plan", "apply"])
async def test_a_run_that_breaks_ends_and_says_its_number(tmp_path: Path, breaks: str) -> None:
    settings = Settings()
    terraform = Broken(settings.platform, place("templates") / "terraform")
    app = App(AppEnvironment(settings, os.environ, tmp_path), terraform=terraform, inline=True)
    heard: list[Event] = []
    app.listen(heard.append)
    terraform.breaks = breaks
    for text in ("dev etl workspace for team birch", "yes"):
        await app.reply_to(Incoming(conversation="c", person=ANA, text=text), until_settled=True)
    told = [event.text for event in heard if isinstance(event, Error)]
    told += [event.error.text for event in heard if isinstance(event, Result) and event.error]
    assert "went wrong on our side (fault " in told[0]
    assert "secret of ours" not in "".join(map(str, heard))
    state = [event for event in heard if isinstance(event, State)][-1]
    assert [deployment.status for deployment in state.deployments] == ([] if breaks == "plan" else ["attention"])
    await app.close()
