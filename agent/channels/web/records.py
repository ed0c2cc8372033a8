"""The web channel's needs, over the app and its records: what is said outlives the process."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from agent.approvals import ApprovalRules, missing_consents
from agent.channels.web.port import (
    PAGE,
    ApprovalRequest,
    Candidate,
    ConversationEvent,
    ConversationTitle,
    Json,
    SeenPlan,
)
from agent.events import Event, Incoming
from agent.store.arrivals import ArrivedMessage
from agent.store.audit import Entry
from agent.store.conversations import ConversationChanged, ConversationSummary
from agent.store.group_commit import GroupCommit
from agent.store.news import News
from agent.store.records import Records
from agent.store.web_sessions import KeptSession, Verdict
from agent.views.handing_over import candidates, is_entitled, note_handed_over
from agent.views.news import CHATS, channel_of, news_of, other_channels, switch_news, wants_news, where_of
from agent.views.plan import plan_event
from agent.views.visibility import Viewer
from agent.wording import phrase
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Person, Plan

T = TypeVar("T")
_MOST_NAMED = 5
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
    async def reminder(self, person: Person, conversation: str, *, is_logged: bool) -> str: ...
    async def delete_conversation(self, conversation: str) -> None: ...
    async def close(self, *, waiting: bool = True) -> None: ...
    def begin_upkeep(self) -> None: ...


class RecordedChat:
    """`WebChat` on the records. `files` gives a deployment's Terraform; on `chats`, platforms, people can be asked."""

    def __init__(
        self,
        app: RunningApp,
        rules: ApprovalRules,
        files: Callable[[Deployment], Mapping[str, str]],
        *,
        chats: frozenset[str] = frozenset(),
    ) -> None:
        self._app = app
        self._chats = chats
        self._rules = rules
        self._files = files
        self._owners: dict[str, str] = {}
        self._noting = GroupCommit(app.kept, _noted)

    def listen(self, listener: Callable[[Event], None]) -> None:
        self._app.listen(listener)

    def watch(self, watcher: Callable[[str, int], None]) -> None:
        self._app.watch(watcher)

    async def begin(self) -> None:
        await self._app.start()
        # Expiries and look-ups are for a process that stays; a command that ends soon leaves them alone.
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
        except ConversationChanged:  # somebody has it already, and an owner never changes
            return
        self._remember(conversation, person.key)
        await self._remind(conversation, person)

    async def _remind(self, conversation: str, person: Person) -> None:
        """What is open for them elsewhere stands first in a conversation that they begin."""
        await self._app.reminder(person, conversation, is_logged=True)

    async def owner_of(self, conversation: str) -> str | None:
        """Every message asks, and an owner never changes: one that was read is not looked up again."""
        owner = self._owners.get(conversation)
        if owner is None:
            owner = await self._app.read(lambda records: records.owner_of(conversation))
            self._remember(conversation, owner)
        return owner

    def _remember(self, conversation: str, owner: str | None) -> None:
        # All at once: they are read anew when they are needed, and no order need be kept.
        if len(self._owners) >= _MOST_OWNERS:
            self._owners.clear()
        if owner:
            self._owners[conversation] = owner

    async def conversations_of(self, person: str) -> tuple[ConversationTitle, ...]:
        return _titled(await self._app.read(lambda records: records.conversations_of(person)))

    async def conversations_with(self, person: str, text: str) -> tuple[ConversationTitle, ...]:
        return _titled(await self._app.read(lambda records: records.conversations_with(person, text)))

    async def rename(self, conversation: str, title: str) -> None:
        await self._app.kept(lambda records: records.rename_conversation(conversation, title))

    async def delete(self, conversation: str) -> None:
        await self._app.delete_conversation(conversation)
        self._owners.pop(conversation, None)

    async def rate(self, conversation: str, turn: int, person: str, verdict: Verdict | None) -> None:
        await self._app.kept(lambda records: records.rate(conversation, turn, person, verdict, now=datetime.now(UTC)))

    async def verdicts(self, conversation: str, person: str) -> Mapping[int, str]:
        return await self._app.read(lambda records: records.verdicts(conversation, person))

    async def keep_session(self, session: KeptSession) -> None:
        await self._app.kept(lambda records: records.keep_session(session))

    async def session(self, mark: str) -> KeptSession | None:
        return await self._app.read(lambda records: records.session(mark))

    async def end_session(self, mark: str) -> None:
        await self._app.kept(lambda records: records.end_session(mark))

    async def note_said(self, accepted: ArrivedMessage) -> bool:
        return await self._noting.keep(accepted)

    async def unanswered(self) -> tuple[ArrivedMessage, ...]:
        pairs = await self._app.read(lambda records: records.unanswered())
        return tuple(ArrivedMessage(incoming, datetime.fromisoformat(at)) for incoming, at in pairs)

    async def logged(self, conversation: str, *, after: int) -> tuple[ConversationEvent, ...]:
        page = await self._app.read(lambda records: records.logged(conversation, after=after, most=PAGE))
        return tuple(ConversationEvent(logged.seq, json.loads(logged.document)) for logged in page)

    async def deployments_seen_by(self, person: Person) -> tuple[Deployment, ...]:
        return await self._app.read(Viewer(person, self._rules).deployments)

    async def timeline(self, deployment_id: str) -> tuple[Entry, ...]:
        return await self._app.read(lambda records: records.history(deployment_id))

    async def last_plan(self, deployment_id: str) -> Json | None:
        def newest(records: Records) -> Json | None:
            plan = records.newest_plan(deployment_id)
            if plan is None:
                return None
            return plan_event(plan, self._rules, records.consents(plan), turn=0).as_json()

        return await self._app.read(newest)

    async def costs(self, deployment_id: str) -> tuple[tuple[datetime, float], ...]:
        steps = await self._app.read(lambda records: records.carried_out(deployment_id))
        return tuple((at, 0.0 if item.action == "destroy" else float(item.cost.expected)) for at, item in steps)

    async def plan_seen_by(self, plan_id: str, person: Person) -> SeenPlan | None:
        viewer = Viewer(person, self._rules)

        def seen(records: Records) -> SeenPlan | None:
            record = records.plan(plan_id)
            if record is None:
                return None
            plan, status = record
            consents = records.consents(plan, person)
            # Looked at by whoever asked for it, on whichever channel; a right to it is the identity's that asked.
            is_own = plan.requested_by.key in records.keys_of(person)
            decides = viewer.may_decide(plan, consents)
            if not (is_own or decides or viewer.may_see(plan, records)):
                return None
            shown = plan_event(plan, self._rules, consents, turn=0).as_json()
            wanted = [lack.need.role for lack in missing_consents(plan, self._rules, consents)] or [
                self._rules.approver
            ]
            could = [name for role in wanted for name in records.signed_in_with(role, datetime.now(UTC))]
            others = tuple(dict.fromkeys(name for name in could if name != plan.requested_by.name))
            waits = status == "pending"
            return SeenPlan(
                plan,
                shown,
                status,
                may_answer=waits and decides,
                could_decide=others[:_MOST_NAMED],
                may_continue=waits and is_own and plan.requested_by.key != person.key,
                candidates=self._candidates(records, plan, person) if waits and decides and not is_own else (),
                remarks=_remarks(records, plan_id),
            )

        return await self._app.read(seen)

    async def plans_waiting_for(self, person: Person) -> tuple[ApprovalRequest, ...]:
        viewer = Viewer(person, self._rules)

        def requests(records: Records) -> tuple[ApprovalRequest, ...]:
            return tuple(
                ApprovalRequest(
                    plan, plan_event(plan, self._rules, consents, turn=0).as_json(), _remarks(records, plan.plan_id)
                )
                for plan, consents in viewer.waiting(records)
                if plan.requested_by.key != person.key and viewer.may_decide(plan, consents)
            )

        return await self._app.read(requests)

    async def hand_over(self, plan_id: str, person: Person, mark: str) -> Candidate | None:
        now = datetime.now(UTC)

        def handed(records: Records) -> Candidate | None:
            record = records.plan(plan_id)
            if record is None or record[1] != "pending" or record[0].requested_by.key in records.keys_of(person):
                return None
            if not is_entitled(records, record[0], person, self._rules):
                return None
            # Looked at again in this transaction: who is offered may have lost the right since.
            people = candidates(records, record[0], person, self._rules, chats=self._chats, now=now)
            to = next((one for one in people if _mark(one) == mark), None)
            if to is None:
                return None
            platform = channel_of(to.issuer)
            asks = f"{platform}:{to.id}" if platform in CHATS else None
            note_handed_over(records, plan_id, person, to, asks=asks, now=now)
            return _candidate(to)

        return await self._app.kept(handed)

    def _candidates(self, records: Records, plan: Plan, person: Person) -> tuple[Candidate, ...]:
        now = datetime.now(UTC)
        return tuple(map(_candidate, candidates(records, plan, person, self._rules, chats=self._chats, now=now)))

    async def news_of(self, person: Person) -> tuple[tuple[News, ...], bool, tuple[str, ...]]:
        def unread(records: Records) -> tuple[tuple[News, ...], bool, tuple[str, ...]]:
            wishes = wants_news(records, records.keys_of(person))
            return news_of(records, person, self._rules), wishes, tuple(other_channels(records, person))

        return await self._app.read(unread)

    async def told_news(self, numbers: Sequence[int], person: Person) -> None:
        def told(records: Records) -> None:
            for news in news_of(records, person, self._rules):
                if news.number in numbers:
                    records.told_news(news.number, person.key)

        await self._app.kept(told)

    async def switch_news(self, person: Person, value: str) -> str:
        return await self._app.kept(lambda records: switch_news(records, person, value, now=datetime.now(UTC)))

    def terraform_files(self, deployment: Deployment) -> Mapping[str, str]:
        return self._files(deployment)


def _mark(person: Person) -> str:
    """Stands for that identity on a page, which need not know its key."""
    return hashlib.sha256(person.key.encode()).hexdigest()[:24]


def _candidate(person: Person) -> Candidate:
    is_on_chat = channel_of(person.issuer) in CHATS
    where = where_of(person.issuer) if is_on_chat else phrase("messaging.where.web")
    return Candidate(_mark(person), person.name, where)


def _remarks(records: Records, plan_id: str) -> tuple[str, ...]:
    return tuple(remark.text for remark in records.round(plan_id).remarks)


def _titled(conversations: Iterable[ConversationSummary]) -> tuple[ConversationTitle, ...]:
    """Those in which something was said."""
    return tuple(
        ConversationTitle(one.id, one.title, datetime.fromisoformat(one.updated_at), one.workspace, one.status)
        for one in conversations
        if one.title
    )


def _noted(records: Records, these: Sequence[ArrivedMessage]) -> tuple[bool, ...]:
    return records.receive_all(these, known={one.incoming.conversation for one in these})
