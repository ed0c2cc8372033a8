"""The agent's pane: suggested prompts, the title of a session, and whether we are at it or wait for the person.

Niceties: none of it matters to what is said or decided, and a workspace that knows none of it is not asked again.
`agents.sessions.setStatus` and `.rename` came with slack-sdk 3.47.0 (2026-08-27).
"""

from collections.abc import Mapping
from typing import Any, Protocol

from agent.channels.messaging.port import Address
from agent.channels.slack.deliveries import Fields
from agent.channels.slack.manifest import PROMPTS
from agent.channels.slack.web_api import SlackRefused
from agent.wording import phrase, said

_MOST_OPEN = 2000
_UNKNOWN = frozenset({"unknown_method", "feature_not_enabled", "not_allowed", "missing_scope", "no_permission"})


class SessionCalls(Protocol):
    """Slack's Web API, as far as this needs it."""

    async def call(self, method: str, arguments: Mapping[str, Any]) -> Fields: ...


class AgentSessions:
    """Sessions are threads of direct messages: their root direct messages have none."""

    def __init__(self, api: SessionCalls) -> None:
        self._api = api
        self._titled: dict[tuple[str, str], None] = {}
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

    async def begun(self, address: Address, text: str) -> None:
        """Something was said that is being answered: a new session is named after it."""
        place = address.place
        if place.kind != "personal" or place.thread is None:
            return
        session = (place.id, place.thread)
        where = {"channel_id": place.id, "thread_ts": place.thread}
        await self._called("agents.sessions.setStatus", {**where, "status": "processing"})
        if session not in self._titled:
            if len(self._titled) >= _MOST_OPEN:
                self._titled.clear()
            self._titled[session] = None
            await self._called("agents.sessions.rename", {**where, "title": said(text)})

    async def rests(self, address: Address) -> None:
        """It was answered, and the person is next."""
        place = address.place
        if (place.id, place.thread) in self._titled:
            where = {"channel_id": place.id, "thread_ts": place.thread}
            await self._called("agents.sessions.setStatus", {**where, "status": "suspended"})

    async def _called(self, method: str, arguments: Mapping[str, Any]) -> None:
        if method in self._absent:
            return
        try:
            await self._api.call(method, arguments)
        except SlackRefused as refused:
            if refused.error not in _UNKNOWN:
                raise
            self._absent.add(method)
