"""A house with several people in it, over the in-memory Terraform: who asks, who says yes, and what then stands."""

from collections.abc import Mapping
from pathlib import Path

from agent.app import App, AppEnvironment
from agent.events import ApprovalNoted, Event, Incoming, Message, PlanProposed, State
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Person

SLACK = "slack:T024BE7LD"
RITA = Person(id="rita@contoso.com", name="Rita", roles=("requester",))
MAX = Person(id="max@contoso.com", name="Max", roles=("requester", "approver"))
INES = Person(id="ines@contoso.com", name="Ines", roles=("approver",))
TOM = Person(id="tom@contoso.com", name="Tom", roles=("requester",))


def in_other_case(person: Person) -> Person:
    """The same human being, who signed in as MAX@Contoso.com; made an approver, which is the worst of it."""
    return person.model_copy(update={"id": person.id.title(), "name": person.name.upper(), "roles": ("approver",)})


def on_another_channel(person: Person) -> Person:
    return Person(id="U02", name=person.name, roles=("approver",), issuer=SLACK, email=person.id)


class PlatformSettings:
    """Everybody speaks in a conversation of their own, unless told where."""

    def __init__(self, home: Path, settings: Mapping[str, object] | None = None) -> None:
        self.settings = Settings.model_validate({"Engine": {"RetrySeconds": 0, "Retries": 0}, **(settings or {})})
        self.terraform = InMemoryTerraform(self.settings.platform, place("templates") / "terraform")
        self.app = App(AppEnvironment(self.settings, {}, home), terraform=self.terraform, inline=True)
        self.heard: list[Event] = []
        self.app.listen(self.heard.append)

    async def say(self, person: Person, text: str, *, where: str | None = None) -> list[Event]:
        self.heard.clear()
        incoming = Incoming(conversation=where or person.key, person=person, text=text)
        await self.app.reply_to(incoming, until_settled=True)
        return list(self.heard)

    async def decides(self, person: Person, plan: PlanProposed, *, where: str | None = None) -> str:
        """What comes of this person's yes to that plan, said where it was asked for and again where they speak: the
        last approval's status, or "nothing" when they do not even get to see it.
        """
        words = plan.confirm.phrase or "yes"
        in_place = await self.say(person, words, where=where or plan.conversation)
        told = [event.status for event in in_place if isinstance(event, ApprovalNoted)]
        if "approved" in told:
            return "approved"
        shown = await self.say(person, f"show {plan.plan_id}", where=f"own-{person.key}")
        if not any(isinstance(event, PlanProposed) for event in shown):
            return told[-1] if told else "nothing"
        here = await self.say(person, words, where=f"own-{person.key}")
        told += [event.status for event in here if isinstance(event, ApprovalNoted)]
        return told[-1] if told else "nothing"

    async def standing(self) -> list[Deployment]:
        return list(await self.app.read(lambda records: records.deployments(live=True)))


def plan_in(events: list[Event]) -> PlanProposed:
    return next(event for event in events if isinstance(event, PlanProposed))


def plans_in(events: list[Event]) -> list[PlanProposed]:
    return [event for event in events if isinstance(event, PlanProposed)]


def words_in(events: list[Event]) -> str:
    return " ".join(event.text for event in events if isinstance(event, Message))


def state_in(events: list[Event]) -> State:
    return [event for event in events if isinstance(event, State)][-1]
