"""What was said on a conversation, as messages of the platform that it is on.

Reads the log of events after the number that the outbox holds already, and keeps the messages and the new number in one
transaction: nothing is left out and nothing twice, whenever the process ends.

A turn's words are one message. In a group what is for one person alone is private: lists, refusals, errors, questions.
What must be decided, and how work goes and ends, is for everybody there.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from pydantic import JsonValue, ValidationError

from agent.channels.messaging.board import SHOWN, PlanBoard, ask_again
from agent.channels.messaging.port import (
    Asked,
    CardButton,
    Click,
    Link,
    Notice,
    Said,
    Seat,
    Showing,
    ShownFile,
    ShownResult,
    ShownTable,
)
from agent.channels.messaging.progress import KeptProgress
from agent.events import (
    ApprovalNoted,
    Error,
    Event,
    File,
    Message,
    PlanProposed,
    Progress,
    Question,
    Result,
    State,
    Table,
)
from agent.store.chats import Chat
from agent.store.conversations import LoggedEvent
from agent.store.event_feed import event_of
from agent.store.outgoing import AT_LEISURE, FIRST, IN_TURN, SOON, WantedMessage
from agent.store.records import Records
from agent.wording import phrase
from plugins.domain.understanding import FOR_THE_ASKER

MOST_EVENTS = 500
"""Of one conversation that are carried at once."""


@dataclass(frozen=True)
class NumberedEvent:
    seq: int
    event: Event


@dataclass
class ChatTelling:
    """Carries one conversation's news to the outbox, inside one transaction."""

    records: Records
    chat: Chat
    seat: Seat
    board: PlanBoard
    now: datetime
    picked: dict[str, str] = field(default_factory=dict[str, str])
    """What was clicked of the questions since: slot → value."""
    shows_open: bool = field(init=False)
    """Whether something may be shown there that can still change: not before the first of its news."""

    def __post_init__(self) -> None:
        self.shows_open = self.chat.cursor > 0

    def carry(self) -> bool:
        """True when there may be more."""
        page = self.records.logged(self.chat.conversation, after=self.chat.cursor, most=MOST_EVENTS)
        if not page:
            return False
        if not self.records.carried(self.chat.conversation, page[-1].seq, was=self.chat.cursor):
            return False  # another process was first
        for (source, turn), logged in groupby(page, key=lambda event: (event.source, event.turn)):
            del turn
            if source == "person":
                self._note_picks(list(logged))
            else:
                events = [NumberedEvent(each.seq, event_of(each)) for each in logged]
                self._turn(events) if source == "turn" else self._work(events)
        if self.shows_open and any(logged.source != "person" for logged in page):
            self._close_plannings()
        return len(page) == MOST_EVENTS

    def _note_picks(self, said: Sequence[LoggedEvent]) -> None:
        for each in said:
            button = each.event.get("button")
            if isinstance(button, dict) and button.get("action") == "choose":
                self.picked[str(button.get("slot"))] = str(button.get("value"))

    def _turn(self, events: Sequence[NumberedEvent]) -> None:
        state = next((each.event for each in events if isinstance(each.event, State)), None)
        spoken = _without_others_refusals(events, self.chat.who.name)
        private = self._is_private(spoken, state)
        if state is not None and self.shows_open:
            self._close_questions(state)
        words = [each.event.text for each in spoken if isinstance(each.event, Message)]
        if words:
            rating = Click(verb="rate", conversation=self.chat.conversation, slot=str(spoken[0].event.turn))
            self._say(spoken[0].seq, Said("\n\n".join(words), rating=rating), private=private)
        for each in spoken:
            self._tell(each, private=private)

    def _work(self, events: Sequence[NumberedEvent]) -> None:
        for each in events:
            if isinstance(each.event, Message):
                self._say(each.seq, Said(each.event.text), private=False)
            else:
                self._tell(each, private=isinstance(each.event, Error) and not self.chat.is_personal)

    def _is_private(self, events: Sequence[NumberedEvent], state: State | None) -> bool:
        if self.chat.is_personal:
            return False
        kinds = {type(each.event) for each in events}
        decides = any(isinstance(each.event, ApprovalNoted) for each in events)
        refused = any(isinstance(e.event, ApprovalNoted) and e.event.status == "refused" for e in events)
        alone = self.chat.is_private or Error in kinds or Question in kinds or refused
        return alone or (state is not None and state.act in FOR_THE_ASKER and not decides)

    def _tell(self, each: NumberedEvent, *, private: bool) -> None:
        """Everything but words, which are said together."""
        match each.event:
            case Question():
                self._ask(each.seq, each.event)
            case PlanProposed():
                self._show_plan(each.event, each.seq)
            case ApprovalNoted():
                self._approval(each.seq, each.event)
            case Progress():
                self._progress(each.event)
            case Result():
                self._result(each.seq, each.event)
            case Table():
                self._say(each.seq, ShownTable(each.event), private=private)
            case File():
                self._say(each.seq, ShownFile(each.event, self._page()), private=private)
            case Error():
                self._say(each.seq, each.event, private=private)
            case Message() | State():
                return

    def _say(self, seq: int, showing: Showing, *, private: bool, priority: int = IN_TURN) -> None:
        key = f"said:{self.chat.conversation}:{seq}:{type(showing).__name__}"
        if not private:
            self._want(key, showing, priority=priority)
            return
        kept: dict[str, JsonValue] = {"public": dict(self.seat.cards.card(showing))}
        self._want(key, self._shareable(showing, key), private=True, priority=priority, shows=json.dumps(kept))

    def _shareable(self, showing: Showing, key: str) -> Showing:
        """With a button that shows the same to everybody here, where there is something to show."""
        click = Click(verb="share", conversation=self.chat.conversation, value=key)
        button = CardButton(phrase("messaging.buttons.share"), click)
        match showing:
            case Said() | ShownTable():
                return replace(showing, buttons=(*showing.buttons, button))
            case _:
                return showing

    def _ask(self, seq: int, question: Question) -> None:
        self.shows_open = True
        key = f"asked:{self.chat.conversation}:{seq}"
        shows = question.model_dump_json()
        self._want(key, Asked(question), private=not self.chat.is_personal, shows=shows)

    def _close_questions(self, state: State) -> None:
        """Questions that were asked before this turn show their answers, and no buttons any more."""
        for message in self.records.open_outgoing(self.chat.conversation, "asked:"):
            question = _question_of(message.wanted.shows)
            if question is None:
                continue
            closed = Asked(question, answered=_answers(question, self.picked, state), closed=True)
            card = self.seat.cards.card(closed)
            self.records.want(replace(message.wanted, card=card, priority=IN_TURN, is_final=True), now=self.now)

    def _show_plan(self, plan: PlanProposed, seq: int) -> None:
        """Where "Planning …" was shown, the plan takes its place: one message a request."""
        key = f"{SHOWN}{plan.plan_id}:{self.chat.conversation}:{seq}"
        wanted = self.board.shown_in(self.records, self.chat, plan.plan_id, key=key, now=self.now)
        if wanted is None:
            return
        planning, kept = self._kept_progress(plan.turn, planning=True)
        # A list takes minutes: who went away is told by a message of its own.
        if kept.total > 1 and kept.lines:
            self._want_progress(planning, kept.planned("planned"))
        elif self.records.turn_into(planning, wanted, now=self.now):
            wanted = None
        if wanted is not None:
            self.records.want(wanted, now=self.now)
        self.board.refresh(self.records, plan.plan_id, now=self.now)

    def _close_plannings(self) -> None:
        """What is not being planned any more is not said to be: its plan stands below, or it ended without one."""
        conversation = self.chat.conversation
        for message in self.records.open_outgoing(conversation, f"progress:{conversation}:"):
            turn, _, kind = message.wanted.key.rpartition(":")
            number = int(turn.rpartition(":")[2])
            if kind == "plan" and not self.records.is_planning(conversation, number):
                kept = KeptProgress.model_validate_json(message.wanted.shows or "{}")
                self._want_progress(message.wanted.key, kept.planned("unplanned"))

    def _approval(self, seq: int, noted: ApprovalNoted) -> None:
        """The card says it to whoever looks; an edit alerts nobody, so what somebody else decided is a message, too."""
        if noted.status == "expired":
            record = self.records.plan(noted.plan_id)
            button = (ask_again(record[0]),) if record is not None else ()
            self._say(seq, Notice(phrase("messaging.told.expired"), "warning", button), private=False, priority=SOON)
        elif noted.status in ("approved", "rejected") and noted.by not in (None, self.chat.who.name):
            text = phrase(f"messaging.told.{noted.status}", by=noted.by)
            if noted.reason:
                text += " " + phrase("messaging.told.commented", by=noted.by, comment=noted.reason)
            self._say(seq, Notice(text), private=False, priority=SOON)

    def _progress(self, progress: Progress) -> None:
        is_planning = progress.step == "plan"
        key, kept = self._kept_progress(progress.turn, planning=is_planning)
        name = self._planned_name(progress.turn) if is_planning else self._name_of(progress.deployment_id)
        self._want_progress(key, kept.after(progress, name))

    def _result(self, seq: int, result: Result) -> None:
        name = self._name_of(result.deployment_id)
        key, kept = self._kept_progress(result.turn, planning=False)
        if self.records.outgoing(key) is not None:
            self._want_progress(key, kept.ending(result, name))
        # One message a workspace would be four hundred: many are told by one table at the end.
        if kept.total == 1:
            shown = ShownResult(result, name, self.chat.who.id, self._links(result))
            self._say(seq, shown, private=False, priority=FIRST)

    def _kept_progress(self, turn: int, *, planning: bool) -> tuple[str, KeptProgress]:
        conversation = self.chat.conversation
        key = f"progress:{conversation}:{turn}:{'plan' if planning else 'apply'}"
        message = self.records.outgoing(key)
        if message is not None and message.wanted.shows is not None:
            return key, KeptProgress.model_validate_json(message.wanted.shows)
        total = 1 if planning else max(1, self.records.applies_of_turn(conversation, turn))
        return key, KeptProgress(conversation=conversation, planning=planning, total=total)

    def _want_progress(self, key: str, kept: KeptProgress) -> None:
        self.shows_open = True
        priority = FIRST if kept.is_over else AT_LEISURE
        shows = kept.model_dump_json()
        self._want(key, kept.shown(), priority=priority, shows=shows, is_final=kept.is_over)

    def _planned_name(self, turn: int) -> str:
        """What is planned has no deployment yet; of several the line says it."""
        return self.records.planned_name(self.chat.conversation, turn) or ""

    def _name_of(self, deployment_id: str) -> str:
        return self.records.workspace_name(deployment_id) or deployment_id

    def _links(self, result: Result) -> tuple[Link, ...]:
        page = Link(phrase("messaging.links.history"), f"{self.board.page}/deployments/{result.deployment_id}")
        url = result.outputs.get("workspace_url")
        is_whole = isinstance(url, str) and url.startswith("https://")
        own = (Link(phrase("messaging.links.workspace"), str(url)),) if is_whole else ()
        return (*own, page)

    def _page(self) -> Link:
        return Link(phrase("messaging.links.page"), self.board.page)

    def _want(
        self,
        key: str,
        showing: Showing,
        *,
        priority: int = IN_TURN,
        private: bool = False,
        shows: str | None = None,
        is_final: bool = False,
    ) -> None:
        wanted = WantedMessage(
            key=key,
            platform=self.chat.platform,
            place=self.chat.place,
            address=self.chat.address,
            card=self.seat.cards.card(showing),
            priority=priority,
            conversation=self.chat.conversation,
            person_id=self.chat.who.id if private else None,
            shows=shows,
            is_final=is_final,
        )
        self.records.want(wanted, now=self.now)


def _without_others_refusals(events: Sequence[NumberedEvent], who: str) -> list[NumberedEvent]:
    """Without what somebody else was refused here: they were told so themselves, where they pressed."""
    refusals = {
        each.event.reason
        for each in events
        if isinstance(each.event, ApprovalNoted) and each.event.status == "refused" and each.event.by != who
    }
    return [each for each in events if not _repeats(each.event, refusals)]


def _repeats(event: Event, refusals: set[str | None]) -> bool:
    match event:
        case ApprovalNoted(status="refused", reason=reason):
            return reason in refusals
        case Message(text=text):
            return text in refusals
        case _:
            return False


def _question_of(shows: str | None) -> Question | None:
    try:
        return Question.model_validate_json(shows) if shows else None
    except ValidationError:
        return None


def _answers(question: Question, picked: dict[str, str], state: State) -> dict[str, str]:
    """Slot → what was answered, as it was offered where it was; what is still open has none."""
    return dict(_answered(question, picked, state))


def _answered(question: Question, picked: dict[str, str], state: State) -> Iterator[tuple[str, str]]:
    stated = {name: value for request in state.requests for name, value in request.stated().items()}
    for asked in question.questions:
        value = picked.get(asked.slot) or stated.get(asked.slot)
        if value is not None and asked.slot not in state.open_questions:
            labels = {choice.value: choice.label for choice in asked.choices}
            yield asked.slot, labels.get(str(value), str(value))
