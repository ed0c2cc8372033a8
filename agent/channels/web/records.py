"""The web channel's needs, over the app and its records: what is said outlives the process."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from agent.approvals import ApprovalRules, may_decide
from agent.channels.web.port import PAGE, Accepted, ApprovalRequest, ConversationEvent, Json, Line
from agent.events import Event, Incoming
from agent.store.audit import Entry
from agent.store.conversations import ConversationChanged
from agent.store.records import Records
from agent.views.plan import plan_event
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Person

T = TypeVar("T")
_MOST_OWNERS = 10_000
"""Conversations whose owner is kept in memory; some 2 MB."""


class RunningApp(Protocol):
    """The app, as far as this needs it."""

    def listen(self, listener: Callable[[Event], None]) -> None: ...
    def watch(self, watcher: Callable[[str, int], None]) -> None: ...
    async def start(self) -> None: ...
    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None: ...
    async def read(self, work: Callable[[Records], T]) -> T: ...
    async def kept(self, work: Callable[[Records], T]) -> T: ...
    async def close(self, *, waiting: bool = True) -> None: ...
    def begin_upkeep(self) -> None: ...


class RecordedChat:
    """`WebChat` on the records. `files` gives a deployment's Terraform."""

    def __init__(self, app: RunningApp, rules: ApprovalRules, files: Callable[[Deployment], Mapping[str, str]]) -> None:
        self._app = app
        self._rules = rules
        self._files = files
        self._owners: dict[str, str] = {}

    def listen(self, listener: Callable[[Event], None]) -> None:
        self._app.listen(listener)

    def watch(self, watcher: Callable[[str, int], None]) -> None:
        self._app.watch(watcher)

    async def begin(self) -> None:
        await self._app.start()
        self._app.begin_upkeep()

    async def close(self) -> None:
        """What is under way goes on, and is found by the next process."""
        await self._app.close(waiting=False)

    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None:
        await self._app.reply_to(incoming, until_settled=until_settled)

    async def open_conversation(self, conversation: str, person: Person) -> None:
        def opened(records: Records) -> None:
            records.open_conversation(conversation, person.key, now=datetime.now(UTC))

        try:
            await self._app.kept(opened)
        except ConversationChanged:
            return
        self._remember(conversation, person.key)

    async def owner_of(self, conversation: str) -> str | None:
        """Every message asks, and an owner never changes: what was found is not looked up again."""
        owner = self._owners.get(conversation)
        if owner is None:
            owner = await self._app.read(lambda records: records.owner_of(conversation))
            self._remember(conversation, owner)
        return owner

    def _remember(self, conversation: str, owner: str | None) -> None:
        if len(self._owners) >= _MOST_OWNERS:
            self._owners.clear()
        if owner:
            self._owners[conversation] = owner

    async def conversations_of(self, person: str) -> tuple[Line, ...]:
        found = await self._app.read(lambda records: records.conversations_of(person))
        return tuple(Line(line.id, line.title, datetime.fromisoformat(line.updated_at)) for line in found if line.title)

    async def note_said(self, accepted: Accepted) -> bool:
        incoming = accepted.incoming

        def noted(records: Records) -> bool:
            return records.receive(incoming, accepted.as_json(), now=accepted.at)

        return await self._app.kept(noted)

    async def unanswered(self) -> tuple[Accepted, ...]:
        found = await self._app.read(lambda records: records.unanswered())
        return tuple(Accepted(incoming, incoming.client_id or "", datetime.fromisoformat(at)) for incoming, at in found)

    async def logged(self, conversation: str, *, after: int) -> tuple[ConversationEvent, ...]:
        found = await self._app.read(lambda records: records.logged(conversation, after=after, most=PAGE))
        return tuple(ConversationEvent(logged.seq, json.loads(logged.document)) for logged in found)

    async def deployments_seen_by(self, person: Person) -> tuple[Deployment, ...]:
        scope = None if self._rules.approver in person.roles else ("", person.key)
        return await self._app.read(lambda records: records.deployments(of=scope))

    async def timeline(self, deployment_id: str) -> tuple[Entry, ...]:
        return await self._app.read(lambda records: records.history(deployment_id))

    async def last_plan(self, deployment_id: str) -> Json | None:
        def found(records: Records) -> Json | None:
            plan = records.newest_plan(deployment_id)
            if plan is None:
                return None
            return plan_event(plan, self._rules, records.consents(plan), turn=0).as_json()

        return await self._app.read(found)

    async def plans_waiting_for(self, person: Person) -> tuple[ApprovalRequest, ...]:
        def found(records: Records) -> tuple[ApprovalRequest, ...]:
            pairs = [records.plan(waiting.plan_id) for waiting in records.waiting()]
            others = [pair[0] for pair in pairs if pair is not None and pair[0].requested_by.key != person.key]
            return tuple(
                ApprovalRequest(plan, plan_event(plan, self._rules, consents, turn=0).as_json())
                for plan in others
                if may_decide(plan, person, self._rules, consents := records.consents(plan, person))
            )

        return await self._app.read(found)

    def terraform_files(self, deployment: Deployment) -> Mapping[str, str]:
        return self._files(deployment)
