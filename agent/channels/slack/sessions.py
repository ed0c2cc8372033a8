"""The agent's pane: suggested prompts, the title of a session, and whether we are at it or wait for the person.

Niceties: none of it matters to what is said or decided, and a workspace that knows none of it is not asked again.
`agents.sessions.setStatus` and `.rename` came with slack-sdk 3.47.0 (2026-08-27).
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from agent.channels.messaging.port import Address
from agent.channels.slack.deliveries import Fields
from agent.channels.slack.manifest import PROMPTS
from agent.channels.slack.web_api import SlackRefused
from agent.events import ApprovalNoted, Error, Event, Message, PlanProposed, Progress, Result, State
from agent.wording import phrase, said

_MOST_OPEN = 2000
_UNKNOWN = frozenset({"unknown_method", "feature_not_enabled", "not_allowed", "missing_scope", "no_permission"})
_PLANNING = ""
"""Among what is under way: the plan that is being made, whatever it is about."""

SessionStatus = Literal["processing", "suspended"]


class SessionCalls(Protocol):
    """Slack's Web API, as far as this needs it."""

    async def call(self, method: str, arguments: Mapping[str, Any]) -> Fields: ...


@dataclass
class _PaneSession:
    """A thread of a direct message. `under_way` are the deployments, and `_PLANNING`, that are worked on behind it."""

    where: Mapping[str, str]
    wanted: SessionStatus = "processing"
    shown: SessionStatus | None = None
    is_titled: bool = False
    turn: int = 0
    """The last one that is over."""
    under_way: set[str] = field(default_factory=set[str])
    telling: asyncio.Lock = field(default_factory=asyncio.Lock)


class AgentSessions:
    """Sessions are threads of direct messages: their root direct messages have none."""

    def __init__(self, api: SessionCalls) -> None:
        self._api = api
        self._open: OrderedDict[str, _PaneSession] = OrderedDict()
        self._absent: set[str] = set()

    async def suggest(self, address: Address) -> None:
        prompts = [
            {"title": phrase(f"slack.room.prompt_{name}"), "message": phrase(f"slack.room.prompt_{name}_text")}
            for name in PROMPTS
        ]
        arguments = {"channel_id": address.place.id, "thread_ts": address.place.thread, "prompts": prompts}
        await self._called(
            "assistant.threads.setSuggestedPrompts", {**arguments, "title": phrase("slack.room.prompts")}
        )

    def knows(self, conversation: str) -> bool:
        return conversation in self._open

    def takes(self, conversation: str, address: Address) -> bool:
        """Something was said there that will be answered; False where that is in no session. Before its turn ends."""
        place = address.place
        if place.kind != "personal" or place.thread is None:
            return False
        session = self._open.setdefault(conversation, _PaneSession({"channel_id": place.id, "thread_ts": place.thread}))
        self._open.move_to_end(conversation)
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)
        session.wanted = "processing"
        return True

    async def begun(self, conversation: str, text: str) -> None:
        """Shows that it is being answered; a new session is named after what was said."""
        session = self._open.get(conversation)
        if session is None:
            return
        await self.tell(conversation)
        if not session.is_titled:
            session.is_titled = True
            await self._called("agents.sessions.rename", {**session.where, "title": said(text)})

    def heard(self, event: Event) -> bool:
        """What was said on a conversation; True where its session's status is another by it, which `tell` shows."""
        session = self._open.get(event.conversation)
        if session is None:
            return False
        _note(session, event)
        # In a turn it is at it until the turn is over; behind one as long as something is under way.
        if event.turn <= session.turn:
            session.wanted = "processing" if session.under_way else "suspended"
        return session.wanted != session.shown

    async def tell(self, conversation: str) -> None:
        """Shows the status that holds now: of several that came at once the last."""
        session = self._open.get(conversation)
        if session is None:
            return
        async with session.telling:
            wanted = session.wanted
            if wanted != session.shown:
                await self._called("agents.sessions.setStatus", {**session.where, "status": wanted})
                session.shown = wanted

    async def _called(self, method: str, arguments: Mapping[str, Any]) -> None:
        if method in self._absent:
            return
        try:
            await self._api.call(method, arguments)
        except SlackRefused as refused:
            if refused.error not in _UNKNOWN:
                raise
            self._absent.add(method)


def _note(session: _PaneSession, event: Event) -> None:
    """What is worked on behind the conversation, after that event."""
    match event:
        case Progress(step="plan"):
            session.under_way.add(_PLANNING)
        case Progress(deployment_id=deployment_id) if deployment_id:
            session.under_way.add(deployment_id)
        case PlanProposed():
            session.under_way.discard(_PLANNING)
        case Result(deployment_id=deployment_id):
            session.under_way -= {_PLANNING, deployment_id}
        case Error() | ApprovalNoted(status="superseded"):
            session.under_way.discard(_PLANNING)
        case Message(turn=turn) if turn <= session.turn:  # said behind a turn: nothing was left to plan
            session.under_way.discard(_PLANNING)
        case State(turn=turn):
            session.turn = turn
        case _:
            return
