"""The web channel's needs over an app that keeps no log of events: the log lives in this process's memory.

For tests, and to serve a sandbox of one's own: what was deployed is in the records, but the conversations' texts
are forgotten when the process ends.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from agent.approvals import ApprovalRules, Consenting, Refusal, approve
from agent.channels.web_chat import Accepted, Json, Line, Logged
from agent.events import Event, Incoming, Message, PlanProposed
from agent.store.records import Happening, Store
from agent.wording import said
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Person, Plan

_AT_ONCE = 500


class Running(Protocol):
    """The app, as far as this needs it."""

    def listen(self, listener: Callable[[Event], None]) -> None: ...
    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None: ...
    async def close(self) -> None: ...


class RememberedChat:
    """`WebChat` in memory. `files` gives a deployment's Terraform."""

    def __init__(
        self, app: Running, store: Store, rules: ApprovalRules, files: Callable[[Deployment], Mapping[str, str]]
    ) -> None:
        self._app = app
        self._store = store
        self._rules = rules
        self._files = files
        self._numbers = itertools.count(1)
        self._log: defaultdict[str, list[Logged]] = defaultdict(list)
        self._owners: dict[str, str] = {}
        self._kept: set[tuple[str, str]] = set()
        self._titles: dict[str, tuple[str, datetime]] = {}
        self._plans: dict[str, Json] = {}
        self._pending: dict[str, None] = {}
        app.listen(self._keep)

    def listen(self, listener: Callable[[Event], None]) -> None:
        self._app.listen(listener)

    async def begin(self) -> None:
        """Nothing to take up: nothing outlives the process."""

    async def close(self) -> None:
        await self._app.close()
        self._store.close()

    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None:
        await self._app.reply_to(incoming, until_settled=until_settled)

    async def open_conversation(self, conversation: str, person: Person) -> None:
        self._owners[conversation] = person.id

    async def owner_of(self, conversation: str) -> str | None:
        return self._owners.get(conversation)

    async def conversations_of(self, person_id: str) -> tuple[Line, ...]:
        mine = [Line(key, *self._titles[key]) for key in self._titles if self._owners.get(key) == person_id]
        return tuple(sorted(mine, key=lambda line: line.updated_at, reverse=True))

    async def note_said(self, accepted: Accepted) -> bool:
        conversation = accepted.incoming.conversation
        if (conversation, accepted.client_id) in self._kept:
            return False
        self._kept.add((conversation, accepted.client_id))
        title = self._titles[conversation][0] if conversation in self._titles else said(accepted.incoming.text or "")
        self._titles[conversation] = (title, accepted.at)
        self._append(conversation, accepted.as_json())
        return True

    async def unanswered(self) -> tuple[Accepted, ...]:
        return ()

    async def logged(self, conversation: str, *, after: int) -> tuple[Logged, ...]:
        log = self._log.get(conversation, [])
        begin = next((at for at in range(len(log), 0, -1) if log[at - 1].seq <= after), 0)
        return tuple(log[begin : begin + _AT_ONCE])

    async def deployments_seen_by(self, person: Person) -> tuple[Deployment, ...]:
        everything = self._rules.approver in person.roles
        with self._store.transaction() as records:
            return tuple(d for d in records.deployments() if everything or d.requested_by.id == person.id)

    async def timeline(self, deployment_id: str) -> tuple[Happening, ...]:
        with self._store.transaction() as records:
            return records.history(deployment_id)

    async def last_plan(self, deployment_id: str) -> Json | None:
        return self._plans.get(deployment_id)

    async def plans_waiting_for(self, person: Person) -> tuple[Plan, ...]:
        with self._store.transaction() as records:
            found = [records.plan(plan_id) for plan_id in self._pending]
        pending = [pair[0] for pair in found if pair is not None and pair[1] == "pending"]
        return tuple(plan for plan in pending if self._may_decide(plan, person))

    def terraform_files(self, deployment: Deployment) -> Mapping[str, str]:
        return self._files(deployment)

    def _may_decide(self, plan: Plan, person: Person) -> bool:
        if plan.requested_by.id == person.id:
            return False
        phrase = plan.confirm.phrase
        act = Consenting(person, plan.conversation, plan.plan_id, plan.digest, phrase)
        found = approve(plan, "pending", act, self._rules, approval_id="", now=datetime.now(UTC))
        return not isinstance(found, Refusal)

    def _keep(self, event: Event) -> None:
        if isinstance(event, Message) and event.delta:
            return
        self._append(event.conversation, event.as_json())
        if isinstance(event, PlanProposed):
            self._pending[event.plan_id] = None
            for item in event.items:
                self._plans[item.deployment_id] = event.as_json()

    def _append(self, conversation: str, event: Json) -> None:
        self._log[conversation].append(Logged(next(self._numbers), event))
