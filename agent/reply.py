"""The reply of one turn while it is being made: what it knows, and what it has collected so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import JsonValue

from agent.approvals import ApprovalRules
from agent.conversation import Conversation, World
from agent.events import ApprovalNoted, Event, Incoming, Message, Question, SlotQuestion, Table
from agent.orders import Order
from agent.showing import plan_event
from agent.store.records import Records
from agent.wording import Wording
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Deployment, DeploymentStatus
from plugins.domain.house import House
from plugins.domain.plan import Plan, Target, TerraformFiles

GONE: frozenset[DeploymentStatus] = frozenset({"planning", "planned", "destroyed", "rolled_back"})
"""Statuses of deployments that stand for nothing in the cloud."""

BUSY: frozenset[DeploymentStatus] = frozenset({"queued", "applying", "destroying", "rolling_back"})


@dataclass(frozen=True)
class Desk:
    """What every turn works with; made once by the app."""

    house: House
    rules: ApprovalRules
    wording: Wording
    target: Target
    new_id: Callable[[str], str]
    generate: Callable[[InfrastructureDecision], TerraformFiles]
    lone: bool
    """True when the person at this channel may speak as anybody (the sandbox's terminal)."""


@dataclass
class Reply:
    """Collects events and orders; `talk` is the conversation as this turn leaves it."""

    desk: Desk
    incoming: Incoming
    talk: Conversation
    records: Records
    now: datetime
    events: list[Event] = field(default_factory=list[Event])
    orders: list[Order] = field(default_factory=list[Order])

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def sandbox(self) -> bool:
        return self.desk.target.mode == "sandbox"

    @property
    def where(self) -> dict[str, str | int]:
        return {"conversation": self.talk.id, "turn": self.talk.turn}

    @property
    def pending(self) -> bool:
        return self.talk.pending is not None

    def message(self, text: str) -> None:
        if text.strip():
            self.events.append(Message(conversation=self.talk.id, turn=self.talk.turn, text=text))

    def say(self, reply: str, **values: object) -> None:
        """One message from the template of that name."""
        self.message(self.desk.wording.say(reply, **values))

    def ask(self, questions: tuple[SlotQuestion, ...]) -> None:
        self.events.append(Question(conversation=self.talk.id, turn=self.talk.turn, questions=questions))

    def table(self, title: str, columns: tuple[str, ...], rows: tuple[tuple[JsonValue, ...], ...]) -> None:
        self.events.append(
            Table(conversation=self.talk.id, turn=self.talk.turn, title=title, columns=columns, rows=rows)
        )

    def show_plan(self, plan: Plan) -> None:
        """The plan once more: same id, same digest."""
        self.events.append(plan_event(plan, turn=self.talk.turn))

    def note_approval(self, plan_id: str, status: str, *, by: str | None = None, reason: str | None = None) -> None:
        self.events.append(
            ApprovalNoted.model_validate(
                {**self.where, "plan_id": plan_id, "status": status, "by": by, "reason": reason}
            )
        )

    def live(self) -> tuple[Deployment, ...]:
        """Every deployment that stands for something in the cloud, whoever owns it."""
        return tuple(d for d in self.records.deployments() if d.status not in GONE)

    def visible(self) -> tuple[Deployment, ...]:
        """The live deployments that this person may speak of: their own, this conversation's, all for an approver."""
        person = self.incoming.person
        everything = self.desk.rules.approver in person.roles
        return tuple(
            d for d in self.live()
            if everything or d.requested_by.id == person.id or d.conversation == self.talk.id
        )  # fmt: skip

    def named(self, workspace: str) -> Deployment | None:
        """The visible deployment of that name, the newest when several had it."""
        matching = [d for d in self.visible() if d.workspace_name.casefold() == workspace.casefold()]
        return matching[-1] if matching else None

    def world(self) -> World:
        return World(
            deployed=frozenset(d.workspace_name for d in self.visible()),
            default_region=self.desk.house.defaults.region,
        )
