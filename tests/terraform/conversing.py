"""A conversation with the real app, for the tests of this folder."""

import os
from pathlib import Path

from agent.app import App, AppEnvironment
from agent.events import Button, Event, Incoming, PlanProposed, Result, State
from agent.settings import Settings
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.install import cloud_path
from plugins.domain.plan import Person

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))


class Talk:
    """A conversation with the real app: `say` gives the events of that turn, once everything has settled."""

    def __init__(self, home: Path, settings: Settings) -> None:
        self.home = home
        self.app = App(AppEnvironment(settings, os.environ, home), inline=True)
        self.cloud = SandboxCloud(cloud_path(home))
        self._heard: list[Event] = []
        self.app.listen(self._heard.append)

    async def say(self, text: str, by: Person = ANA) -> list[Event]:
        """Each person but Ana speaks in a conversation of their own."""
        return await self._turn(Incoming(conversation=_where(by), person=by, text=text))

    async def confirm(self, plan: PlanProposed, by: Person = ANA) -> list[Event]:
        button = Button(action="confirm", plan_id=plan.plan_id, digest=plan.digest)
        return await self._turn(Incoming(conversation=_where(by), person=by, button=button))

    async def _turn(self, incoming: Incoming) -> list[Event]:
        self._heard.clear()
        await self.app.reply_to(incoming, until_settled=True)
        return list(self._heard)


def _where(by: Person) -> str:
    return "cnv" if by == ANA else f"cnv_{by.id}"


def plan_in(events: list[Event]) -> PlanProposed:
    return next(event for event in events if isinstance(event, PlanProposed))


def result_in(events: list[Event]) -> Result:
    return next(event for event in events if isinstance(event, Result))


def state_in(events: list[Event]) -> State:
    return next(event for event in events if isinstance(event, State))
