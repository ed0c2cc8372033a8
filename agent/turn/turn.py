"""One turn, message to events: the file to open first.

1 load        the conversation, one turn at a time for each
2 understand  a button by its id; a pending plan: consent first; else the brain, one call
3 choose      `advance`, pure: the step that the message comes to
4 act         a decision: `decide`, which alone orders an apply; else `act_upon`: decide, estimate, check, order a plan
5 keep        conversation, records, ordered work and what is said, in one transaction
6 say         the events, `state` last

A turn is made from the conversation as it was read; when another process, or work that ended, changed it meanwhile,
nothing is kept and the turn is made again. A plan that only then came to be cannot be confirmed by it.
"""

import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from agent.brain.protocol import Phrasing
from agent.brain.reader import ReadingFailed
from agent.dialogue.advance import WorkspaceIndex
from agent.dialogue.commands import Adoption, azure_id_in, import_understanding
from agent.dialogue.literal import DecidablePlan
from agent.dialogue.memory import context_of, remembered
from agent.dialogue.offers import chosen
from agent.dialogue.state import Conversation
from agent.events import Button, Command, DeploymentState, Error, Event, ImportCommand, Incoming, State
from agent.metrics import count
from agent.orders import EngineAsleep, Job, Order
from agent.store.conversations import AlreadyAnswered, ConversationChanged
from agent.store.database import RecordsUnavailable
from agent.store.group_commit import GroupCommit
from agent.store.records import Records
from agent.telemetry import logged_fault, span
from agent.turn.actions.adopt import AdoptionRequest
from agent.turn.actions.approve import decide
from agent.turn.actions.command import command_words
from agent.turn.actions.pending_plan import decidable, expire
from agent.turn.context import TurnContext, TurnSettings
from agent.turn.counting import count_kept
from agent.turn.dependencies import TurnDependencies
from agent.turn.dispatch import Meant, TooLong, TooSlow, act_upon
from agent.turn.facts import FactsMissing
from agent.turn.health import with_health
from agent.turn.lists_wanted import lists_wanted
from agent.turn.phrasing import PHRASED, told
from agent.turn.several_orders import OrdersRead, read_of, read_orders
from agent.turn.text_reading import Reading, clicked_reading, is_short_text, typed_reading
from agent.wording import phrase
from plugins.credentials import unmarked
from plugins.domain.azure_facts import AzureFacts
from plugins.domain.deployment import Deployment
from plugins.domain.errors import InfraError
from plugins.domain.understanding import MOST_CHARACTERS, Act, Context
from plugins.parse.orders import Orders

MOST_TRIES = 8
MOST_LOOKS = 2
"""How often Azure is asked for one turn: about all regions of its drafts, and once more where they moved meanwhile."""

MOST_BEGINNINGS = 2
"""How often the turn of one message is begun: whatever ends the process in the middle of it does so twice at most."""

MOST_TOLD = 50
"""Drafts that the state of a turn repeats; a plan for hundreds lists them all by itself."""

_NOTHING_DONE: tuple[Act, bool] = ("unclear", False)
_MAY_PLAN = frozenset({"provision", "amend", "answer"})
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _LoadedTurn:
    """What a turn starts from. `waiting` are the plans that may be decided by this message, the one in hand first;
    `read` is what a short text was read as in the same go, since a change of threads costs more than that.
    """

    conversation: Conversation
    now: datetime
    index: WorkspaceIndex
    context: Context
    waiting: tuple[DecidablePlan, ...]
    read: Reading | None = None


@dataclass(frozen=True)
class _KeptTurn:
    """A turn as it was kept. `seq` is the number of the last event before its own, `last` that of its own last;
    `is_phrased` when the model may put the events' words its own way before they are kept, `look` the workspace of
    which the cloud is asked before that.
    """

    act: Act
    events: tuple[Event, ...]
    orders: tuple[Order, ...]
    jobs: tuple[Job, ...]
    seq: int
    last: int
    is_phrased: bool
    look: Deployment | None

    @property
    def is_said_later(self) -> bool:
        """Whether what is said is made after the turn was kept."""
        return self.is_phrased or self.look is not None


class Turns:
    """Answers messages, one turn at a time for each conversation."""

    def __init__(self, settings: TurnSettings, dependencies: TurnDependencies) -> None:
        self._settings = settings
        self._deps = dependencies
        self._beginning = GroupCommit(dependencies.database.transact, Records.begin_all)

    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None:
        """One turn. With `until_settled` its `state` comes after everything that it started has ended."""
        async with self._deps.locks.of(incoming.conversation):
            with span("turn", **{"brickie.conversation": incoming.conversation}) as noted:
                act, has_ordered = await self._answered(incoming, with_state=not until_settled)
                noted("brickie.act", act)
                count("brickie.turns", act=act)
        if until_settled:
            await self._settled(incoming, act, has_ordered=has_ordered)

    async def _settled(self, incoming: Incoming, act: Act, *, has_ordered: bool) -> None:
        try:
            await self._deps.work.settled(incoming.conversation, has_ordered=has_ordered)
            state = await self._deps.database.transact(lambda records: self._kept_state(records, incoming, act))
            self._deps.emit(state)
        except RecordsUnavailable as error:
            self._deps.emit(_error(incoming, 0, error.code, f"{error.problem} {error.remedy}"))

    async def _answered(self, incoming: Incoming, *, with_state: bool) -> tuple[Act, bool]:
        """The turn's act, and whether it ordered any work."""
        turn = 0
        try:
            if incoming.client_id is not None and await self._beginning.keep(incoming) > MOST_BEGINNINGS:
                return await self._failed(incoming, turn, "given_up", phrase("turn.given_up"), state=with_state)
            first = await self._loaded(incoming)
            turn = first.conversation.turn
            kept = await self._made(incoming, first, with_state=with_state)
            if kept.is_said_later:
                kept = await self._said_later(incoming, first, kept)
        except AlreadyAnswered:
            return _NOTHING_DONE
        except InfraError as error:
            return await self._failed(incoming, turn, error.code, f"{error.problem} {error.remedy}", state=with_state)
        except Exception:  # noqa: BLE001 - the top of a turn: logged with an id, told to the person by that id
            fault = logged_fault(_log, "turn failed")
            text = phrase("turn.fault", fault=fault)
            return await self._failed(incoming, turn, "internal", text, state=with_state)
        self._deps.following.follow(incoming.conversation, after=kept.seq)
        self._deps.work.committed(kept.orders, kept.jobs)
        for event in kept.events:
            self._deps.emit(event)
        self._deps.following.told(incoming.conversation, kept.last, since=kept.last - len(kept.events))
        return kept.act, bool(kept.jobs)

    async def _made(self, incoming: Incoming, first: _LoadedTurn, *, with_state: bool) -> _KeptTurn:
        """The turn understood, carried out and kept; made again when the conversation moved meanwhile."""
        loaded = first
        for _ in range(MOST_TRIES):
            meant = await self._understood(incoming, loaded)
            if any(understood.act in _MAY_PLAN for understood in read_of(meant)):
                self._deps.work.expects_a_plan()
                await self._deps.work.awake()
            if self._deps.prices is not None:
                wanted = lists_wanted(meant, loaded.conversation, self._settings.platform.defaults)
                await self._deps.prices.ready(wanted)
            try:
                kept = await self._with_facts(partial(self._kept, incoming, loaded, meant, with_state=with_state))
            except ConversationChanged:
                loaded = await self._loaded(incoming)
                if loaded.waiting != first.waiting:
                    loaded = replace(loaded, waiting=(), read=None)
            else:
                count_kept(meant, kept.events)
                return kept
        raise RuntimeError("the conversation kept moving under its turn")

    async def _with_facts(self, keeping: Callable[[AzureFacts, Records], _KeptTurn]) -> _KeptTurn:
        """The turn kept; begun again when it lacked what Azure says of a plan, which is then asked first."""
        azure, facts = self._deps.azure, None

        def kept(records: Records) -> _KeptTurn:
            # Looked up here, where a file may be read: a thread for that alone costs more than the look.
            return keeping(facts or AzureFacts(is_wanted=azure is not None and azure.is_asked), records)

        for _ in range(MOST_LOOKS):
            try:
                return await self._awake(kept)
            except FactsMissing as missing:
                if azure is not None:
                    facts = await azure.facts(missing.wanted)
        whole = (facts or AzureFacts()).model_copy(update={"is_all": True})
        return await self._awake(partial(keeping, whole))

    async def _awake(self, keeping: Callable[[Records], _KeptTurn]) -> _KeptTurn:
        """The turn kept; what carries out its orders is awoken for it, and for no turn that orders nothing."""
        try:
            return await self._deps.database.transact(keeping)
        except EngineAsleep:
            await self._deps.work.awake()
            return await self._deps.database.transact(keeping)

    async def _failed(self, incoming: Incoming, turn: int, code: str, text: str, *, state: bool) -> tuple[Act, bool]:
        """Tells what went wrong; the turn counts, where that can be kept at all."""
        count("brickie.failures", where="turn", kind=code)
        error = _error(incoming, turn, code, text)
        self._deps.emit(error)
        if not state:
            return _NOTHING_DONE
        try:
            ended = await self._deps.database.transact(
                lambda records: self._kept_state(records, incoming, "unclear", error)
            )
        except (RecordsUnavailable, ConversationChanged):
            return _NOTHING_DONE
        self._deps.emit(ended)
        return _NOTHING_DONE

    async def _loaded(self, incoming: Incoming) -> _LoadedTurn:
        """The conversation with its turn counted, and what the brain may know; a plan whose time passed is none."""
        now, is_read = self._deps.clock(), self._deps.database.reads_in_threads and is_short_text(incoming)

        def load(records: Records) -> _LoadedTurn:
            conversation = records.conversation(incoming.conversation)
            conversation = conversation.with_(turn=conversation.turn + 1)
            waiting = tuple(filter(None, (decidable(records, each, now) for each in conversation.awaiting_decision)))
            is_valid = any(each.pending == conversation.pending for each in waiting)
            seen = conversation if is_valid else conversation.with_(pending=None)
            index = TurnContext(self._settings, incoming, seen, records, now).index()
            context = context_of(seen, index, Context(today=now.date(), person=incoming.person.key))
            read: Reading | None = None
            if is_read:
                with contextlib.suppress(Exception):  # a fault of ours is met again where the turn can tell it
                    read = typed_reading(incoming.text or "", conversation, waiting, context, self._deps.brain)()
            return _LoadedTurn(conversation, now, index, context, waiting, read)

        return await self._deps.database.read(load)

    async def _understood(self, incoming: Incoming, loaded: _LoadedTurn) -> Button | Meant:
        button, conversation = incoming.button, loaded.conversation
        if incoming.command is not None:
            return await self._commanded(incoming.command, loaded)
        if incoming.understood is not None:
            return incoming.understood
        if button is not None and button.action != "choose":
            return button
        text = incoming.text or ""
        if button is not None:
            choice = chosen(button, conversation)
            if choice is not None:
                return choice
            text = button.value or ""
        if incoming.removed:
            text = unmarked(text)
        if len(text) > MOST_CHARACTERS:
            return TooLong(len(text))
        try:
            return await self._read(text, loaded, is_typed=button is None, is_whole=not incoming.removed)
        except ReadingFailed:
            return TooSlow(len(text))

    async def _commanded(self, command: Command | ImportCommand, loaded: _LoadedTurn) -> Meant:
        """The command itself; of an import what its words say is read first."""
        if not isinstance(command, ImportCommand):
            return command
        length, person = len(command.words), loaded.context.person
        reading = partial(import_understanding, command, loaded.now.date())
        try:
            understood = await self._deps.reader.read(reading, length=length, person=person)
        except ReadingFailed:
            return TooSlow(length)
        return AdoptionRequest(azure_id_in(command.azure_id) or command.azure_id, understood)

    async def _read(self, text: str, loaded: _LoadedTurn, *, is_typed: bool, is_whole: bool) -> Button | Meant:
        """What the text means, by its letter or to the brain. Raises ReadingFailed when that takes too long."""
        conversation, person, brain = loaded.conversation, loaded.context.person, self._deps.brain
        meant = loaded.read
        if meant is None:
            reading = (
                typed_reading(text, conversation, loaded.waiting, loaded.context, brain, is_whole=is_whole)
                if is_typed
                else clicked_reading(text, conversation, loaded.context, brain)
            )
            meant = await self._deps.reader.read(reading, length=len(text), person=person)
        match meant:
            case Orders():
                return await read_orders(meant, loaded.context, self._deps.brain)
            case Adoption():
                context = Context(today=loaded.now.date(), person=person)
                return AdoptionRequest(meant.azure_id, await self._deps.brain.understand(meant.rest, context))
            case _:
                return meant

    def _kept(
        self,
        incoming: Incoming,
        loaded: _LoadedTurn,
        meant: Button | Meant,
        facts: AzureFacts,
        records: Records,
        *,
        with_state: bool,
    ) -> _KeptTurn:
        """The turn carried out, and all of it kept."""
        if records.is_answered(incoming):
            raise AlreadyAnswered
        settings = self._settings
        if self._deps.prices is not None:
            settings = replace(settings, platform=self._deps.prices.priced(records))
        context = TurnContext(
            settings, incoming, loaded.conversation, records, loaded.now, known=loaded.index, facts=facts
        )
        outcome = expire(context)
        records.recognise(incoming.person, now=loaded.now)
        for notice in dict.fromkeys(understood.notice for understood in read_of(meant) if understood.notice):
            outcome = outcome.then(context.after(outcome).message(notice))
        begun = context.after(outcome)
        acted, act = decide(begun, meant) if isinstance(meant, Button) else act_upon(begun, meant)
        words = command_words(incoming)
        outcome = outcome.then(acted)
        said = remembered(loaded.conversation.said, words, outcome.events)
        conversation = outcome.conversation.with_(said=said)
        jobs = self._deps.work.order(records, outcome.orders)
        state = (self._state(records, conversation, incoming, act),) if with_state else ()
        events = (*outcome.events, *state)
        is_phrased = (
            not isinstance(meant, OrdersRead)
            and act in PHRASED
            and isinstance(self._deps.brain, Phrasing)
            and not incoming.removed
        )
        look = outcome.look if self._deps.health is not None else None
        is_later = is_phrased or look is not None
        saying = () if is_later else events
        last = records.keep_conversation(
            conversation,
            now=self._deps.clock(),
            owner=incoming.person.key,
            title=words,
            saying=saying,
        )
        if not is_later:
            records.answered(incoming)
        return _KeptTurn(act, events, outcome.orders, jobs, last - len(saying), last, is_phrased, look)

    def _say(self, records: Records, incoming: Incoming, events: Sequence[Event]) -> int:
        """Keeps what is said, and that the message has its answer; gives the number of the last event."""
        records.answered(incoming)
        return records.log(incoming.conversation, events, source="turn", now=self._deps.clock())

    async def _said_later(self, incoming: Incoming, first: _LoadedTurn, kept: _KeptTurn) -> _KeptTurn:
        """The reply with what the cloud says, or in the model's words, kept only then; it changes nothing, and may be
        given again after a crash.
        """
        events = list(kept.events)
        if kept.look is not None and self._deps.health is not None:
            events = await with_health(self._deps.health, kept.look, events, self._settings.wording)
        if kept.is_phrased:
            question = (incoming.text or "", kept.act)
            events = await told(self._deps.brain, question, first.context, events, self._deps.emit)
        last = await self._deps.database.transact(lambda records: self._say(records, incoming, events))
        return replace(kept, events=tuple(events), last=last)

    def _kept_state(self, records: Records, incoming: Incoming, act: Act, error: Error | None = None) -> State:
        """The state that ends this turn, kept after what went wrong in it."""
        if error is not None and incoming.client_id is not None:
            records.begin_all((incoming,))  # where not even that was kept: else nobody finds what is told here
        conversation = records.conversation(incoming.conversation)
        if conversation.version == 0:
            conversation = conversation.with_(turn=conversation.turn + 1)
            records.keep_conversation(conversation, now=self._deps.clock(), owner=incoming.person.key)
        records.answered(incoming)
        state = self._state(records, conversation, incoming, act)
        events = [state] if error is None else [error, state]
        records.log(conversation.id, events, source="turn", now=self._deps.clock())
        return state

    def _state(self, records: Records, conversation: Conversation, incoming: Incoming, act: Act) -> State:
        return State(
            conversation=conversation.id,
            turn=conversation.turn,
            act=act,
            requests=tuple(draft.request for draft in conversation.drafts[:MOST_TOLD]),
            open_questions=conversation.asked,
            pending_plan=conversation.pending.plan_id if conversation.pending else None,
            deployments=tuple(
                DeploymentState(deployment_id=b.deployment_id, workspace_name=b.workspace_name, status=b.status)
                for b in records.briefs(of=(conversation.id, incoming.person.key))
            ),
        )


def _error(incoming: Incoming, turn: int, code: str, text: str) -> Error:
    return Error(conversation=incoming.conversation, turn=turn, code=code, text=text, retryable=code != "configuration")
