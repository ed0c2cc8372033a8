"""The reply of one turn while it is being made: what it knows, and what it has collected so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import JsonValue

from agent.approvals import ApprovalRules, Ground, PlanStatus, may_reject
from agent.dialogue.advance import Conversation, PendingPlan, WorkspaceIndex
from agent.events import ApprovalNoted, Event, Incoming, Message, Question, SlotQuestion, Table
from agent.orders import Order
from agent.store.audit import AuditChange, Entry, changed, who_of
from agent.store.deployments import BUSY, GONE
from agent.store.records import Records
from agent.views.plan import plan_event
from agent.wording import Wording
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Person, Plan, Target
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

__all__ = ["BUSY", "GONE", "TurnSettings", "Reply"]


@dataclass(frozen=True)
class TurnSettings:
    """What every turn works with; made once by the app."""

    platform: PlatformSettings
    rules: ApprovalRules
    wording: Wording
    target: Target
    new_id: Callable[[str], str]
    export: Callable[[Deployment], Mapping[str, str]]
    lone: bool
    """True when the person at this channel may speak as anybody (the sandbox's terminal)."""

    pricing_policy_digest: str
    """Today's price tables and policy, as a digest."""

    reads_only: bool = False
    """True where everything is answered and nothing is ordered."""


@dataclass
class Reply:
    """Collects events and orders; `talk` is the conversation as this turn leaves it."""

    settings: TurnSettings
    incoming: Incoming
    talk: Conversation
    records: Records
    now: datetime
    events: list[Event] = field(default_factory=list[Event])
    orders: list[Order] = field(default_factory=list[Order])
    known: WorkspaceIndex | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def sandbox(self) -> bool:
        return self.settings.target.mode == "sandbox"

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
        self.message(self.settings.wording.say(reply, **values))

    def ask(self, questions: tuple[SlotQuestion, ...]) -> None:
        self.events.append(Question(conversation=self.talk.id, turn=self.talk.turn, questions=questions))

    def table(self, title: str, columns: tuple[str, ...], rows: tuple[tuple[JsonValue, ...], ...]) -> None:
        self.events.append(
            Table(conversation=self.talk.id, turn=self.talk.turn, title=title, columns=columns, rows=rows)
        )

    def show_plan(self, plan: Plan) -> None:
        """The plan once more, here: same id, same digest. A bare yes counts for it again."""
        if self.talk.pending is not None and self.talk.pending.plan_id == plan.plan_id:
            self.talk = self.talk.shown_again()
        consents = self.records.consents(plan)
        shown = plan_event(plan, self.settings.rules, consents, turn=self.talk.turn)
        self.events.append(shown.model_copy(update={"conversation": self.talk.id}))

    def note_approval(self, plan_id: str, status: str, *, by: str | None = None, reason: str | None = None) -> None:
        self.events.append(
            ApprovalNoted.model_validate(
                {**self.where, "plan_id": plan_id, "status": status, "by": by, "reason": reason}
            )
        )

    def note(
        self, what: str, detail: str = "", *, deployment_id: str | None = None, plan_id: str | None = None,
        change: AuditChange | None = None,
    ) -> None:  # fmt: skip
        """One line of the audit: this person did that, now, here."""
        self.records.note(
            Entry(
                self.now, who_of(self.incoming.person), what, detail, deployment_id=deployment_id, plan_id=plan_id,
                conversation=self.talk.id, change=change,
            )
        )  # fmt: skip

    def note_end(self, what: str, plan_id: str, status: PlanStatus) -> None:
        """One line of the audit: this person's doing ended the pending plan in that way."""
        self.note(what, plan_id=plan_id, change=changed({"plan": "pending"}, {"plan": status}))

    def ground(self, plan: Plan) -> Ground:
        """What the plan is held against when this person says yes to it."""
        consents = self.records.consents(plan, self.incoming.person)
        return Ground(self.settings.pricing_policy_digest, self.records.shown_in(plan.plan_id), consents)

    def taken_names(self) -> frozenset[str]:
        """The names of everything that stands for something in the cloud, whoever owns it."""
        return self.records.names(live=True)

    @property
    def scope(self) -> tuple[str, str] | None:
        """What this person may speak of: their own and this conversation's; None for all, which an approver may. Who
        has no role here may speak of their own alone.
        """
        person, rules = self.incoming.person, self.settings.rules
        if rules.approver in person.roles:
            return None
        return (self.talk.id if rules.requester in person.roles else "", person.key)

    def may_touch(self, owner: Person) -> bool:
        """Whether this person may act upon what is that person's: the very same, or an approver."""
        person = self.incoming.person
        return person.key == owner.key or self.settings.rules.approver in person.roles

    def may_see(self, plan: Plan) -> bool:
        """Whether the plan may be shown here: to whoever may decide for somebody else, and to whoever asked for it or
        speaks where it was asked for, as far as they may speak of all that it is about.
        """
        person, rules = self.incoming.person, self.settings.rules
        is_own = plan.requested_by.key == person.key
        if self.scope is None or (may_reject(plan, person, rules) and not is_own):
            return True
        if rules.requester not in person.roles:
            return False
        if plan.conversation == self.talk.id:
            return True
        about = (self.records.deployment(item.deployment_id) for item in plan.items)
        return is_own and all(deployment is None or deployment.requested_by.key == person.key for deployment in about)

    def pending_plan(self) -> Plan | None:
        """The plan that waits here for a decision, where this person may see it."""
        found = self.records.plan(self.talk.pending.plan_id) if self.talk.pending else None
        return found[0] if found is not None and self.may_see(found[0]) else None

    def visible(self) -> tuple[Deployment, ...]:
        """The live deployments that this person may speak of."""
        return self.records.deployments(of=self.scope, live=True)

    def visible_names(self) -> tuple[str, ...]:
        return tuple(sorted(self.records.names(of=self.scope, live=True)))

    def named(self, workspace: str) -> Deployment | None:
        """The visible deployment of that name, the newest when several had it."""
        return self.records.named(workspace, of=self.scope)

    def world(self) -> WorkspaceIndex:
        """As the turn was loaded with it: what is named is looked up again by whoever acts on it."""
        return self.known or WorkspaceIndex(
            deployed=frozenset(self.visible_names()),
            default_region=self.settings.platform.defaults.region,
            pending=self._pending(),
            shown=self._shown(),
        )

    def _pending(self) -> tuple[str, ...]:
        pending = self.talk.pending
        return self.records.called(pending.plan_id)[1] if pending is not None and self._sees(pending) else ()

    def _shown(self) -> tuple[InfrastructureRequest, ...]:
        """The requests of a plan that is pending here without drafts of ours: another conversation's."""
        pending = self.talk.pending
        if pending is None or self.talk.drafts or not self._sees(pending):
            return ()
        return tuple(item.request for item in self.records.items(pending.plan_id))

    def _sees(self, pending: PendingPlan) -> bool:
        """As `may_see`, without reading the plan where it was asked for here by people who may ask."""
        here = not pending.is_shown and self.settings.rules.requester in self.incoming.person.roles
        return here or self.pending_plan() is not None
