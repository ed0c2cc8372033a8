"""What the web channel needs of the app, and the values that pass between them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from agent.events import Event, Incoming
from agent.store.arrivals import ArrivedMessage
from agent.store.audit import Entry
from agent.store.news import News
from agent.store.web_sessions import KeptSession, Verdict
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Person, Plan

Json = Mapping[str, JsonValue]


@dataclass(frozen=True)
class ConversationEvent:
    """One event of a conversation: `seq` grows by one event after another, and never changes."""

    seq: int
    event: Json


@dataclass(frozen=True)
class ApprovalRequest:
    """A plan that waits, and its event as whoever may decide it sees it."""

    plan: Plan
    shown: Json
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a plan may be handed over to; `mark` stands for them, `where` is in words where they are asked."""

    mark: str
    name: str
    where: str


@dataclass(frozen=True)
class SeenPlan:
    """A plan as somebody who may see it sees it. `may_answer`: their yes or no would be looked at. `could_decide` names
    people who have been here lately and could. `may_continue`: they asked for it on another channel, and it waits.
    `candidates` are whom it may be handed over to by whoever may answer, and `remarks` what was said of it.
    """

    plan: Plan
    shown: Json
    status: str
    may_answer: bool
    could_decide: tuple[str, ...]
    may_continue: bool
    candidates: tuple[Candidate, ...] = ()
    remarks: tuple[str, ...] = ()


PAGE = 500
"""Events that a stream reads at once."""


@dataclass(frozen=True)
class ConversationTitle:
    """A conversation as a list shows it; `title` is how it began, or what its owner calls it. `workspace` is the one
    that it was about last, and `state` what became of that.
    """

    conversation: str
    title: str
    updated_at: datetime
    workspace: str | None = None
    state: str | None = None


class WebChat(Protocol):
    """The app, as far as this channel knows it.

    A listener is told of an event after `logged` gives it, except of pieces of a streamed text (`delta`): those
    are never kept. It may be told from any thread.
    """

    def listen(self, listener: Callable[[Event], None]) -> None: ...

    def watch(self, watcher: Callable[[str, int], None]) -> None:
        """Is told of every conversation in which something was kept, by whichever process, and of the number of its
        last event.
        """
        ...

    async def begin(self) -> None: ...
    async def close(self) -> None: ...
    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None: ...

    async def open_conversation(self, conversation: str, person: Person) -> None:
        """Keeps that this conversation is this person's."""
        ...

    async def owner_of(self, conversation: str) -> str | None:
        """The key of the person whose conversation it is; None when there is no such conversation."""
        ...

    async def conversations_of(self, person: str) -> tuple[ConversationTitle, ...]:
        """The conversations of a person (a key) in which something was said, the latest first."""
        ...

    async def conversations_with(self, person: str, text: str) -> tuple[ConversationTitle, ...]:
        """Those of them in whose title, or in which, that text occurs."""
        ...

    async def rename(self, conversation: str, title: str) -> None: ...

    async def delete(self, conversation: str) -> None:
        """The conversation and what was said there, archived or not; plans, deployments and the audit stay."""
        ...

    async def rate(self, conversation: str, turn: int, person: str, verdict: Verdict | None) -> None:
        """Keeps what that person (a key) thinks of a turn's answer; None takes it back."""
        ...

    async def verdicts(self, conversation: str, person: str) -> Mapping[int, str]: ...
    async def keep_session(self, session: KeptSession) -> None: ...
    async def session(self, mark: str) -> KeptSession | None: ...
    async def end_session(self, mark: str) -> None: ...

    async def note_said(self, accepted: ArrivedMessage) -> bool:
        """Keeps what was said and logs it; False, and nothing kept, when this `client_id` was kept there before."""
        ...

    async def unanswered(self) -> tuple[ArrivedMessage, ...]:
        """What was kept and not answered because the process that took it in has ended, oldest first; each of it is
        given to one process only.
        """
        ...

    async def logged(self, conversation: str, *, after: int) -> tuple[ConversationEvent, ...]:
        """The next events of a conversation above that number, in order, at most `PAGE`."""
        ...

    async def deployments_seen_by(self, person: Person) -> tuple[Deployment, ...]:
        """Every deployment that this person may know of, in any state: their own, all of them for an approver."""
        ...

    async def timeline(self, deployment_id: str) -> tuple[Entry, ...]: ...

    async def last_plan(self, deployment_id: str) -> Json | None:
        """The latest plan event that touches this deployment."""
        ...

    async def costs(self, deployment_id: str) -> tuple[tuple[datetime, float], ...]:
        """What each plan that was carried out there made of its expected month, oldest first."""
        ...

    async def plan_seen_by(self, plan_id: str, person: Person) -> SeenPlan | None:
        """That plan, where this person may see it, whether it waits or not."""
        ...

    async def plans_waiting_for(self, person: Person) -> tuple[ApprovalRequest, ...]:
        """Pending plans of others that this person may decide, oldest first."""
        ...

    async def hand_over(self, plan_id: str, person: Person, mark: str) -> Candidate | None:
        """Hands that plan over to the candidate of that mark; None, and nothing done, where this person may not."""
        ...

    async def news_of(self, person: Person) -> tuple[tuple[News, ...], bool, tuple[str, ...]]:
        """What this person was not told of yet, whether they wish to be, and where else they are known."""
        ...

    async def told_news(self, numbers: Sequence[int], person: Person) -> None: ...
    async def switch_news(self, person: Person, value: str) -> str:
        """What holds then, in words."""
        ...

    def terraform_files(self, deployment: Deployment) -> Mapping[str, str]:
        """File name → text, as a person keeps them."""
        ...
