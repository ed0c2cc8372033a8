"""One turn, message to events: the file to open first.

1 load        the conversation, one turn at a time for each
2 understand  a button by its id; a pending plan: consent first; else the brain, one call
3 choose      `conversation.advance`, pure
4 act         decide, estimate, check; order the plan or the apply; nothing waits for Terraform
5 keep        conversation and records in one transaction
6 say         the events, `state` last
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agent import answering, proposing
from agent.brain.protocol import Brain
from agent.consent import consent
from agent.conversation import (
    About,
    Ask,
    ChangeDeployed,
    Compare,
    Conversation,
    Explain,
    ListDeployed,
    Offer,
    Pending,
    Price,
    Propose,
    Reject,
    Say,
    Step,
    advance,
    context_of,
)  # fmt: skip
from agent.events import Button, DeploymentState, Error, Event, Incoming, State
from agent.orders import Order
from agent.picking import chosen, picked
from agent.reply import Desk, Reply
from agent.store.locks import Locks
from agent.store.records import Store
from agent.telemetry import span
from agent.telling import remembered, told
from agent.wording import words
from plugins.domain.errors import InfraError
from plugins.domain.plan import ConfirmBy
from plugins.domain.understanding import Act, Context, Understanding

MOST_CHARACTERS = 60_000
"""Longest message that is read: a list of 400 workspaces fits twice."""

_log = logging.getLogger(__name__)


class Work(Protocol):
    """Carries out what turns order, after the turn is kept."""

    def start(self, order: Order) -> None: ...

    async def settled(self, conversation: str) -> None:
        """Returns when nothing that this conversation ordered is under way any more."""
        ...


@dataclass(frozen=True)
class _TooLong:
    length: int


@dataclass(frozen=True)
class _Loaded:
    """What a turn starts from."""

    reply: Reply
    context: Context
    confirm: ConfirmBy | None


_Meant = Button | Offer | Understanding | _TooLong


@dataclass(frozen=True)
class Surroundings:
    """What turns touch of the world: records, a brain, the engine, a listener for every event, a clock (UTC)."""

    store: Store
    locks: Locks
    brain: Brain
    work: Work
    emit: Callable[[Event], None]
    clock: Callable[[], datetime]


class Turns:
    """Answers messages, one turn at a time for each conversation."""

    def __init__(self, desk: Desk, around: Surroundings) -> None:
        self._desk = desk
        self._around = around

    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None:
        """One turn. With `until_settled` its `state` comes after everything that it started has ended."""
        async with self._around.locks.of(incoming.conversation):
            with span("turn", **{"brickie.conversation": incoming.conversation}) as noted:
                act = await self._answered(incoming)
                noted("brickie.act", act)
            if not until_settled:
                self._around.emit(self._state(incoming, act))
        if until_settled:
            await self._around.work.settled(incoming.conversation)
            self._around.emit(self._state(incoming, act))

    async def _answered(self, incoming: Incoming) -> Act:
        loaded = self._loaded(incoming)
        try:
            meant = await self._understood(incoming, loaded)
            act, reply = self._kept(loaded, meant)
        except InfraError as error:
            self._around.emit(_error(loaded.reply, error.code, f"{error.problem} {error.remedy}"))
            return "unclear"
        except Exception:  # noqa: BLE001 - the top of a turn: logged with an id, told to the person by that id
            fault = uuid.uuid4().hex[:8]
            _log.exception("turn failed, fault %s", fault)
            text = (
                f"Answering this message went wrong on our side (fault {fault}). Nothing was changed;"
                " say it again, and give that number to whoever runs Brickie if it happens twice."
            )
            self._around.emit(_error(loaded.reply, "internal", text))
            return "unclear"
        said = (incoming.text or "", act)
        for event in await told(self._around.brain, said, loaded.context, reply.events, self._around.emit):
            self._around.emit(event)
        for order in reply.orders:
            self._around.work.start(order)
        return act

    def _loaded(self, incoming: Incoming) -> _Loaded:
        """The conversation with its turn counted, an expired plan ended, and what the brain may know."""
        with self._around.store.transaction() as records:
            talk = records.conversation(incoming.conversation)
            talk = talk.with_(turn=talk.turn + 1)
            reply = Reply(self._desk, incoming, talk, records, self._around.clock())
            proposing.expire(reply)
            found = records.plan(reply.talk.pending.plan_id) if reply.talk.pending else None
            context = context_of(reply.talk, reply.world(), Context(today=reply.today, person=incoming.person.id))
            records.keep_conversation(reply.talk)
        return _Loaded(reply, context, found[0].confirm if found else None)

    async def _understood(self, incoming: Incoming, loaded: _Loaded) -> _Meant:
        button, talk = incoming.button, loaded.reply.talk
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
        if len(text) > MOST_CHARACTERS:
            return _TooLong(len(text))
        decided = _decided(text, talk, loaded.confirm) if button is None else None
        return decided or picked(text, talk) or await self._around.brain.understand(text, loaded.context)

    def _kept(self, loaded: _Loaded, meant: _Meant) -> tuple[Act, Reply]:
        """The turn carried out and kept, in one transaction."""
        start = loaded.reply
        with self._around.store.transaction() as records:
            reply = Reply(self._desk, start.incoming, start.talk, records, start.now, start.events, start.orders)
            if isinstance(meant, Understanding) and meant.notice:
                reply.message(meant.notice)
            act = _act_upon(reply, meant)
            text = start.incoming.text
            reply.talk = reply.talk.with_(said=remembered(start.talk.said, text, reply.events))
            records.keep_conversation(reply.talk)
        return act, reply

    def _state(self, incoming: Incoming, act: Act) -> State:
        with self._around.store.transaction() as records:
            talk = records.conversation(incoming.conversation)
            mine = [
                d for d in records.deployments()
                if d.conversation == talk.id or d.requested_by.id == incoming.person.id
            ]  # fmt: skip
        return State(
            conversation=talk.id,
            turn=talk.turn,
            act=act,
            requests=tuple(draft.request for draft in talk.drafts),
            open_questions=talk.asked,
            pending_plan=talk.pending.plan_id if talk.pending else None,
            deployments=tuple(
                DeploymentState(deployment_id=d.deployment_id, workspace_name=d.workspace_name, status=d.status)
                for d in mine
            ),
        )


def _decided(text: str, talk: Conversation, confirm: ConfirmBy | None) -> Button | None:
    """The button that a clear yes or no stands for while a plan is pending; no model is asked."""
    if confirm is None or talk.pending is None:
        return None
    plan = {"plan_id": talk.pending.plan_id, "digest": talk.pending.digest}
    match consent(text, confirm):
        case "yes":
            return Button(action="confirm", value=text.strip(), **plan)
        case "no":
            return Button(action="reject", **plan)
        case "neither":
            return None


def _act_upon(reply: Reply, meant: _Meant) -> Act:
    match meant:
        case Button(action="confirm"):
            proposing.confirm(reply, meant.plan_id or "", meant.digest or "", meant.value)
            return "confirm"
        case Button():
            proposing.reject(reply, Pending(plan_id=meant.plan_id or "", digest=meant.digest or ""))
            return "reject"
        case Offer():
            proposing.take_offer(reply, meant)
            return "answer"
        case _TooLong():
            reply.say("too_long", length=f"{meant.length:,}", most=f"{MOST_CHARACTERS:,}")
            return "unclear"
        case Understanding():
            reply.talk, step = advance(reply.talk, meant, reply.world())
            _take(reply, step, empty=not (reply.incoming.text or "").strip())
            return _shown_act(meant, step)


def _shown_act(meant: Understanding, step: Step) -> Act:
    """The act as reported: what was answered to a question of an act counts as that act."""
    if isinstance(step, About) and meant.act in ("answer", "provision", "amend", "unclear"):
        return step.act
    return "unclear" if isinstance(step, Say) and step.reply == "unclear" else meant.act


def _take(reply: Reply, step: Step, *, empty: bool) -> None:
    match step:
        case Ask():
            if step.purpose == "provision":
                proposing.supersede(reply)
            proposing.ask_open(reply, step.slots)
        case Propose():
            proposing.propose_drafts(reply)
        case ChangeDeployed():
            proposing.change_deployed(reply, step)
        case Reject():
            proposing.reject(reply, reply.talk.pending or Pending(plan_id="", digest=""))
        case Say():
            _say(reply, step, empty=empty)
        case _:
            _inform(reply, step)


def _inform(reply: Reply, step: About | Price | Compare | Explain | ListDeployed) -> None:
    match step:
        case About():
            answering.about(reply, step)
        case Price():
            answering.price(reply, step)
        case Compare():
            answering.compare(reply, step)
        case Explain():
            answering.explain(reply, step)
        case ListDeployed():
            answering.list_deployed(reply, step)


def _say(reply: Reply, step: Say, *, empty: bool) -> None:
    if step.reply == "reset":
        proposing.supersede(reply)
    found = reply.records.plan(reply.talk.pending.plan_id) if reply.talk.pending else None
    typed = found[0].confirm.phrase if found else None
    reply.say(
        step.reply,
        name="",
        sandbox=reply.sandbox,
        pending=reply.pending,
        typed=typed,
        planning=reply.talk.planning is not None,
        open=", ".join(dict.fromkeys(words(slot) for slot in reply.talk.asked)),
        empty=empty,
    )


def _error(reply: Reply, code: str, text: str) -> Error:
    return Error(
        conversation=reply.talk.id, turn=reply.talk.turn, code=code, text=text, retryable=code == "internal"
    )  # fmt: skip
