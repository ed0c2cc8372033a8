"""What the actions of one turn work from, `TurnContext`, and what each of them comes to, `Outcome`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from pydantic import JsonValue

from agent.approvals import ApprovalBasis, ApprovalRules, PlanStatus
from agent.dialogue.advance import WorkspaceIndex
from agent.dialogue.state import Conversation, PendingPlan
from agent.events import ApprovalNoted, Event, Incoming, Message, Question, SlotQuestion, Table
from agent.orders import Order
from agent.store.audit import AuditChange, Entry, changed, who_of
from agent.store.records import Records
from agent.views.plan import plan_event
from agent.views.visibility import Viewer
from agent.wording import Wording
from plugins.databricks.pricing_policy import changed_figure
from plugins.domain.azure_facts import AzureFacts
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Plan, Target
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest


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


@dataclass(frozen=True)
class Outcome:
    """What an action comes to: the conversation as it leaves it, what is said, what is ordered, and the workspace of
    which the cloud is to be asked before it is said.
    """

    conversation: Conversation
    events: tuple[Event, ...] = ()
    orders: tuple[Order, ...] = ()
    look: Deployment | None = None

    def then(self, following: "Outcome") -> "Outcome":
        """Both, where the second was made from the conversation that this one leaves."""
        events, orders = self.events + following.events, self.orders + following.orders
        return Outcome(following.conversation, events, orders, following.look or self.look)


@dataclass(frozen=True)
class TurnContext:
    """What an action may know: who says what, the conversation so far, the records inside the turn's transaction, and
    the time. Nothing is collected here: whatever an action says or orders is its `Outcome`.
    """

    settings: TurnSettings
    incoming: Incoming
    conversation: Conversation
    records: Records
    now: datetime
    known: WorkspaceIndex | None = None
    facts: AzureFacts = field(default_factory=AzureFacts)
    """What Azure says of the subscription, as far as it was asked for this turn."""

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def is_sandbox(self) -> bool:
        return self.settings.target.mode == "sandbox"

    @property
    def is_pending(self) -> bool:
        return self.conversation.pending is not None

    @property
    def text(self) -> str:
        """What the person wrote; nothing where that only stands for a command."""
        return "" if self.incoming.command is not None else self.incoming.text or ""

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.incoming.person, self.settings.rules, self.conversation.id)

    def after(self, outcome: Outcome) -> "TurnContext":
        """The same turn as it goes on from there."""
        return replace(self, conversation=outcome.conversation)

    def in_turn(self, *actions: "Callable[[TurnContext], Outcome]") -> Outcome:
        """One action after another, each from what the one before left."""
        outcome = self.unchanged()
        for action in actions:
            outcome = outcome.then(action(self.after(outcome)))
        return outcome

    def unchanged(self) -> Outcome:
        return Outcome(self.conversation)

    def with_conversation(self, **changes: object) -> Outcome:
        """Nothing said, and the conversation with these fields changed."""
        return Outcome(self.conversation.with_(**changes))

    def tell(self, *events: Event) -> Outcome:
        return Outcome(self.conversation, events)

    def order(self, *orders: Order) -> Outcome:
        return Outcome(self.conversation, orders=orders)

    def message(self, text: str) -> Outcome:
        return (
            self.tell(Message(conversation=self.conversation.id, turn=self.conversation.turn, text=text))
            if (text.strip())
            else self.unchanged()
        )

    def say(self, reply: str, **values: object) -> Outcome:
        """One message from the template of that name."""
        return self.message(self.settings.wording.say(reply, **values))

    def ask(self, *questions: SlotQuestion) -> Outcome:
        return self.tell(Question(conversation=self.conversation.id, turn=self.conversation.turn, questions=questions))

    def table(self, title: str, columns: tuple[str, ...], rows: tuple[tuple[JsonValue, ...], ...]) -> Outcome:
        where = {"conversation": self.conversation.id, "turn": self.conversation.turn}
        return self.tell(Table.model_validate({**where, "title": title, "columns": columns, "rows": rows}))

    def show_plan(self, plan: Plan, *, detailed: bool = False) -> Outcome:
        """The plan once more, here: same id, same digest. A bare yes counts for it again. `detailed` shows all of it
        where a channel shows only its head.
        """
        pending = self.conversation.pending
        is_in_hand = pending is not None and pending.plan_id == plan.plan_id
        shown = plan_event(
            plan, self.settings.rules, self.records.consents(plan), turn=self.conversation.turn
        ).model_copy(update={"conversation": self.conversation.id, "detailed": detailed})
        return Outcome(self.conversation.shown_again() if is_in_hand else self.conversation, (shown,))

    def note_approval(self, plan_id: str, status: str, *, by: str | None = None, reason: str | None = None) -> Outcome:
        where = {"conversation": self.conversation.id, "turn": self.conversation.turn}
        return self.tell(
            ApprovalNoted.model_validate({**where, "plan_id": plan_id, "status": status, "by": by, "reason": reason})
        )

    def note(
        self,
        what: str,
        detail: str = "",
        *,
        deployment_id: str | None = None,
        plan_id: str | None = None,
        change: AuditChange | None = None,
    ) -> None:
        """One line of the audit, in the turn's transaction: this person did that, now, here."""
        by, here = who_of(self.incoming.person), self.conversation.id
        self.records.note(
            Entry(
                self.now,
                by,
                what,
                detail,
                deployment_id=deployment_id,
                plan_id=plan_id,
                conversation=here,
                change=change,
            )
        )

    def note_end(self, what: str, plan_id: str, status: PlanStatus) -> None:
        """One line of the audit: this person's doing ended the pending plan in that way."""
        self.note(what, plan_id=plan_id, change=changed({"plan": "pending"}, {"plan": status}))

    def ground(self, plan: Plan) -> ApprovalBasis:
        """What the plan is held against when this person says yes to it."""
        consents = self.records.consents(plan, self.incoming.person)
        # A figure that is another today makes the basis another one, as a table or a rate that was changed does.
        holds = changed_figure(plan.items, self.settings.platform) is None
        digest = self.settings.pricing_policy_digest if holds else ""
        return ApprovalBasis(digest, self.records.shown_in(plan.plan_id), consents)

    def taken_names(self) -> frozenset[str]:
        """The names of everything that stands for something in the cloud, whoever owns it."""
        return self.records.names(live=True)

    def pending_plan(self) -> Plan | None:
        """The plan that waits here for a decision, where this person may see it."""
        return self._pending_plan

    @cached_property
    def _pending_plan(self) -> Plan | None:
        """Read once: a plan for hundreds takes a while to read, and never changes."""
        pending = self.conversation.pending
        kept = self.records.plan(pending.plan_id) if pending else None
        return kept[0] if kept is not None and self.viewer.may_see(kept[0], self.records) else None

    def index(self) -> WorkspaceIndex:
        """As the turn was loaded with it: what is named is looked up again by whoever acts on it."""
        return self.known or WorkspaceIndex(
            deployed=frozenset(self.viewer.deployed_names(self.records)),
            default_region=self.settings.platform.defaults.region,
            pending=self._pending_names(),
            shown=self._shown_requests(),
        )

    def _pending_names(self) -> tuple[str, ...]:
        pending = self.conversation.pending
        return self.records.called(pending.plan_id)[1] if pending is not None and self._sees(pending) else ()

    def _shown_requests(self) -> tuple[InfrastructureRequest, ...]:
        """The requests of a plan that is pending here without drafts of ours: another conversation's."""
        pending = self.conversation.pending
        if pending is None or self.conversation.drafts or not self._sees(pending):
            return ()
        return tuple(item.request for item in self.records.items(pending.plan_id))

    def _sees(self, pending: PendingPlan) -> bool:
        """As `may_see`, without reading the plan where it was asked for here by people who may ask."""
        is_from_here = not pending.is_shown and self.settings.rules.requester in self.incoming.person.roles
        return is_from_here or self.pending_plan() is not None
