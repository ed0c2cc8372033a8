"""One turn, message to events: the file to open first.

1 load        the conversation, one turn at a time for each
2 understand  a button by its id; a pending plan: consent first; else the brain, one call
3 choose      `conversation.advance`, pure
4 act         decide, estimate, check; order the plan or the apply; nothing waits for Terraform
5 keep        conversation, records, ordered work and what is said, in one transaction
6 say         the events, `state` last

A turn is made from the conversation as it was read; when another process, or work that ended, changed it meanwhile,
nothing is kept and the turn is made again. A plan that only then came to be cannot be confirmed by it.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from agent.brain.protocol import Brain, Phrasing
from agent.brain.reader import Reader, Unread
from agent.dialogue.advance import WorkspaceIndex
from agent.dialogue.commands import Adoption, import_request
from agent.dialogue.consent import AwaitedPlan
from agent.dialogue.literal import clicked_meaning, typed_meaning
from agent.dialogue.memory import context_of, remembered
from agent.dialogue.offers import chosen
from agent.dialogue.plan_replies import DecidablePlan
from agent.dialogue.state import Conversation, PendingPlan
from agent.events import Command, DeploymentState, Error, Event, ImportCommand, Incoming, State
from agent.locks import Locks
from agent.orders import Job, Order
from agent.store.conversations import Answered, Moved
from agent.store.database import Database, NotKept
from agent.store.event_feed import EventFeed
from agent.store.records import Records
from agent.telemetry import span
from agent.turn.actions.adopt import AdoptionRequest
from agent.turn.actions.command import command_words
from agent.turn.actions.pending_plan import expire
from agent.turn.context import Reply, TurnSettings
from agent.turn.dispatch import MOST_CHARACTERS, Meant, TooLong, TooSlow, act_upon
from agent.turn.phrasing import PHRASED, told
from plugins.credentials import unmarked
from plugins.domain.errors import InfraError
from plugins.domain.understanding import Act, Context, Statement, Understanding

_GIVEN_UP = (
    "I am sorry: that message stopped me twice while I was answering it, so I do not try again. It changed nothing."
    " Say it in other words, and tell whoever runs Brickie if that stops me, too."
)
MOST_TRIES = 8
MOST_BEGINNINGS = 2
"""How often the turn of one message is begun: whatever ends the process in the middle of it does so twice at most."""

MOST_TOLD = 50
"""Drafts that the state of a turn repeats; a plan for hundreds lists them all by itself."""

_log = logging.getLogger(__name__)


class Work(Protocol):
    """Carries out what turns order, once the turn is kept."""

    def order(self, records: Records, orders: Sequence[Order]) -> tuple[Job, ...]:
        """Keeps the orders in the turn's transaction."""
        ...

    def committed(self, orders: Sequence[Order], jobs: Sequence[Job]) -> None: ...

    async def settled(self, conversation: str) -> None:
        """Returns when nothing that this conversation ordered is under way any more, and all of it was told."""
        ...


@dataclass(frozen=True)
class _LoadedTurn:
    """What a turn starts from. `waiting` are the plans that may be decided by this message, the one in hand first."""

    talk: Conversation
    now: datetime
    world: WorkspaceIndex
    context: Context
    waiting: tuple[DecidablePlan, ...]


@dataclass(frozen=True)
class _KeptTurn:
    """A turn as it was kept. `seq` is the number of the last event before its own, `last` that of its own last;
    `is_phrased` when the model may put the events' words its own way before they are kept.
    """

    act: Act
    events: tuple[Event, ...]
    orders: tuple[Order, ...]
    jobs: tuple[Job, ...]
    seq: int
    last: int
    is_phrased: bool


@dataclass(frozen=True)
class TurnDependencies:
    """What turns touch of the world: records, who reads texts, a brain, the engine, who follows the work, a listener
    for every event, a clock (UTC).
    """

    database: Database
    locks: Locks
    reader: Reader
    brain: Brain
    work: Work
    following: EventFeed
    emit: Callable[[Event], None]
    clock: Callable[[], datetime]


class Turns:
    """Answers messages, one turn at a time for each conversation."""

    def __init__(self, settings: TurnSettings, around: TurnDependencies) -> None:
        self._settings = settings
        self._around = around

    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None:
        """One turn. With `until_settled` its `state` comes after everything that it started has ended."""
        async with self._around.locks.of(incoming.conversation):
            with span("turn", **{"brickie.conversation": incoming.conversation}) as noted:
                act = await self._answered(incoming, with_state=not until_settled)
                noted("brickie.act", act)
        if until_settled:
            await self._settled(incoming, act)

    async def _settled(self, incoming: Incoming, act: Act) -> None:
        try:
            await self._around.work.settled(incoming.conversation)
            state = await self._around.database.transact(lambda records: self._kept_state(records, incoming, act))
        except NotKept as error:
            self._around.emit(_error(incoming, 0, error.code, f"{error.problem} {error.remedy}"))
            return
        self._around.emit(state)

    async def _answered(self, incoming: Incoming, *, with_state: bool) -> Act:
        turn = 0
        try:
            if await self._has_broken(incoming):
                return await self._failed(incoming, turn, "given_up", _GIVEN_UP, state=with_state)
            first = await self._loaded(incoming)
            turn = first.talk.turn
            kept = await self._made(incoming, first, with_state=with_state)
            if kept.is_phrased:
                kept = await self._phrased(incoming, first, kept)
        except Answered:
            return "unclear"
        except InfraError as error:
            return await self._failed(incoming, turn, error.code, f"{error.problem} {error.remedy}", state=with_state)
        except Exception:  # noqa: BLE001 - the top of a turn: logged with an id, told to the person by that id
            fault = uuid.uuid4().hex[:8]
            _log.exception("turn failed, fault %s", fault)
            text = (
                f"Answering this message went wrong on our side (fault {fault}). Nothing was changed;"
                " say it again, and give that number to whoever runs Brickie if it happens twice."
            )
            return await self._failed(incoming, turn, "internal", text, state=with_state)
        self._around.following.follow(incoming.conversation, after=kept.seq)
        self._around.work.committed(kept.orders, kept.jobs)
        for event in kept.events:
            self._around.emit(event)
        self._around.following.told(incoming.conversation, kept.last)
        return kept.act

    async def _made(self, incoming: Incoming, first: _LoadedTurn, *, with_state: bool) -> _KeptTurn:
        """The turn understood, carried out and kept; made again when the conversation moved meanwhile."""
        loaded = first
        for _ in range(MOST_TRIES):
            meant = await self._understood(incoming, loaded)
            try:
                return await self._around.database.transact(
                    partial(self._kept, incoming, loaded, meant, with_state=with_state)
                )
            except Moved:
                loaded = await self._loaded(incoming)
                if loaded.waiting != first.waiting:
                    loaded = replace(loaded, waiting=())
        raise RuntimeError("the conversation kept moving under its turn")

    async def _has_broken(self, incoming: Incoming) -> bool:
        """Whether the turn of a message that was taken in has been begun often enough without an end; else it is
        counted as begun, and that outlives the process.
        """
        if incoming.client_id is None:
            return False
        begun = await self._around.database.transact(lambda records: records.begun(incoming))
        return begun > MOST_BEGINNINGS

    async def _failed(self, incoming: Incoming, turn: int, code: str, text: str, *, state: bool) -> Act:
        """Tells what went wrong; the turn counts, where that can be kept at all."""
        error = _error(incoming, turn, code, text)
        self._around.emit(error)
        if not state:
            return "unclear"
        try:
            told = await self._around.database.transact(
                lambda records: self._kept_state(records, incoming, "unclear", error)
            )
        except (NotKept, Moved):
            return "unclear"
        self._around.emit(told)
        return "unclear"

    async def _loaded(self, incoming: Incoming) -> _LoadedTurn:
        """The conversation with its turn counted, and what the brain may know; a plan whose time passed is none."""
        now = self._around.clock()

        def load(records: Records) -> _LoadedTurn:
            talk = records.conversation(incoming.conversation)
            talk = talk.with_(turn=talk.turn + 1)
            waiting = tuple(filter(None, (_waiting(records, each, now) for each in talk.awaiting_decision)))
            is_valid = any(each.pending == talk.pending for each in waiting)
            seen = talk if is_valid else talk.with_(pending=None)
            world = Reply(self._settings, incoming, seen, records, now).world()
            context = context_of(seen, world, Context(today=now.date(), person=incoming.person.key))
            return _LoadedTurn(talk, now, world, context, waiting)

        return await self._around.database.read(load)

    async def _understood(self, incoming: Incoming, loaded: _LoadedTurn) -> Meant:
        button, talk = incoming.button, loaded.talk
        if incoming.command is not None:
            return await self._commanded(incoming.command, loaded)
        if incoming.understood is not None:
            return incoming.understood
        if button is not None and button.action != "choose":
            return button
        text = incoming.text or ""
        if button is not None:
            choice = chosen(button, talk)
            if choice is not None:
                return choice
            text = button.value or ""
        if incoming.removed:
            text = unmarked(text)
        if len(text) > MOST_CHARACTERS:
            return TooLong(len(text))
        try:
            return await self._read(text, loaded, is_typed=button is None, is_whole=not incoming.removed)
        except Unread:
            return TooSlow(len(text))

    async def _commanded(self, command: Command | ImportCommand, loaded: _LoadedTurn) -> Meant:
        """The command itself; of an import what its words say is read first."""
        if not isinstance(command, ImportCommand):
            return command
        length, person = len(command.words), loaded.context.person
        try:
            request = await self._around.reader.read(partial(import_request, command), length=length, person=person)
        except Unread:
            return TooSlow(length)
        return AdoptionRequest(command.azure_id, Understanding("provision", (Statement(request),)))

    async def _read(self, text: str, loaded: _LoadedTurn, *, is_typed: bool, is_whole: bool) -> Meant:
        """What the text means, by its letter or to the brain. Raises Unread when that takes too long."""
        talk, person = loaded.talk, loaded.context.person
        literal = (
            partial(typed_meaning, text, talk, loaded.waiting, is_whole=is_whole)
            if is_typed
            else partial(clicked_meaning, text, talk)
        )
        meant = await self._around.reader.read(literal, length=len(text), person=person)
        match meant:
            case None:
                return await self._around.brain.understand(text, loaded.context)
            case Adoption():
                context = Context(today=loaded.now.date(), person=person)
                return AdoptionRequest(meant.azure_id, await self._around.brain.understand(meant.rest, context))
            case _:
                return meant

    def _kept(
        self, incoming: Incoming, loaded: _LoadedTurn, meant: Meant, records: Records, *, with_state: bool
    ) -> _KeptTurn:
        """The turn carried out, and all of it kept."""
        if records.is_answered(incoming):
            raise Answered
        reply = Reply(self._settings, incoming, loaded.talk, records, loaded.now, known=loaded.world)
        reply.take(expire(reply.context()))
        records.recognise(incoming.person, now=loaded.now)
        if isinstance(meant, Understanding) and meant.notice:
            reply.message(meant.notice)
        act, words = act_upon(reply, meant), command_words(incoming)
        reply.talk = reply.talk.with_(said=remembered(loaded.talk.said, words, reply.events))
        jobs = self._around.work.order(records, reply.orders)
        events = list(reply.events)
        if with_state:
            events.append(self._state(records, reply.talk, incoming, act))
        is_phrased = act in PHRASED and isinstance(self._around.brain, Phrasing) and not incoming.removed
        saying = [] if is_phrased else [dict(event.as_json()) for event in events]
        last = records.keep_conversation(
            reply.talk, now=self._around.clock(), owner=incoming.person.key, title=words, saying=saying
        )
        if not is_phrased:
            records.answered(incoming)
        return _KeptTurn(act, tuple(events), tuple(reply.orders), jobs, last - len(saying), last, is_phrased)

    def _say(self, records: Records, incoming: Incoming, events: Sequence[Event]) -> int:
        """Keeps what is said, and that the message has its answer; gives the number of the last event."""
        records.answered(incoming)
        documents = [dict(event.as_json()) for event in events]
        return records.log(incoming.conversation, documents, source="turn", now=self._around.clock())

    async def _phrased(self, incoming: Incoming, first: _LoadedTurn, kept: _KeptTurn) -> _KeptTurn:
        """The reply in the model's words, kept only then; it changes nothing, and may be given again after a crash."""
        question = (incoming.text or "", kept.act)
        events = await told(self._around.brain, question, first.context, list(kept.events), self._around.emit)
        last = await self._around.database.transact(lambda records: self._say(records, incoming, events))
        return replace(kept, events=tuple(events), last=last)

    def _kept_state(self, records: Records, incoming: Incoming, act: Act, error: Error | None = None) -> State:
        """The state that ends this turn, kept after what went wrong in it."""
        talk = records.conversation(incoming.conversation)
        if talk.version == 0:
            talk = talk.with_(turn=talk.turn + 1)
            records.keep_conversation(talk, now=self._around.clock(), owner=incoming.person.key)
        records.answered(incoming)
        state = self._state(records, talk, incoming, act)
        events = [state] if error is None else [error, state]
        records.log(talk.id, [dict(event.as_json()) for event in events], source="turn", now=self._around.clock())
        return state

    def _state(self, records: Records, talk: Conversation, incoming: Incoming, act: Act) -> State:
        return State(
            conversation=talk.id,
            turn=talk.turn,
            act=act,
            requests=tuple(draft.request for draft in talk.drafts[:MOST_TOLD]),
            open_questions=talk.asked,
            pending_plan=talk.pending.plan_id if talk.pending else None,
            deployments=tuple(
                DeploymentState(deployment_id=b.deployment_id, workspace_name=b.workspace_name, status=b.status)
                for b in records.briefs(of=(talk.id, incoming.person.key))
            ),
        )


def _waiting(records: Records, pending: PendingPlan, now: datetime) -> DecidablePlan | None:
    """The plan as a message is read against it; None when its time has passed."""
    head = records.plan_head(pending.plan_id)
    if head is None or now >= head.expires_at:
        return None
    action, workspaces = records.called(pending.plan_id)
    return DecidablePlan(pending, AwaitedPlan(head.confirm, action, pending.plan_id, workspaces))


def _error(incoming: Incoming, turn: int, code: str, text: str) -> Error:
    return Error(conversation=incoming.conversation, turn=turn, code=code, text=text, retryable=code != "configuration")
