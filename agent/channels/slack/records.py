"""What Slack's own pages show, from the records, for whoever looks."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from agent.approvals import ApprovalRules
from agent.channels.messaging.binding import address_of, conversation_of
from agent.channels.messaging.port import Address, ChatPlace
from agent.store.chats import Chat
from agent.store.records import Records
from agent.views.visibility import Viewer
from plugins.domain.deployment import Deployment
from plugins.domain.person import Person, are_one
from plugins.domain.plan import Plan, PlanItem

T = TypeVar("T")
_OVER = frozenset({"destroyed", "rolled_back"})


class Reading(Protocol):
    """The app, as far as this needs it."""

    async def read(self, work: Callable[[Records], T]) -> T: ...


class RecordedSlack:
    """`SlackRecords` on the records."""

    def __init__(self, app: Reading, rules: ApprovalRules) -> None:
        self._app = app
        self._rules = rules

    async def takes_part(self, place: ChatPlace, person: Person) -> bool:
        conversation = conversation_of(place, person)
        return await self._app.read(lambda records: _chat(records, conversation) is not None)

    async def unanswered(self) -> tuple[tuple[str, Address], ...]:
        def left(records: Records) -> tuple[tuple[str, Address], ...]:
            places = dict.fromkeys(incoming.conversation for incoming, _ in records.unanswered(of_chats=True))
            chats = (_chat(records, conversation) for conversation in places)
            return tuple((chat.conversation, address_of(chat)) for chat in chats if chat and chat.platform == "slack")

        return await self._app.read(left)

    async def deployments_of(self, person: Person) -> tuple[Deployment, ...]:
        """Theirs alone, on whichever channel they asked for them, the latest first."""

        def own(records: Records) -> tuple[Deployment, ...]:
            seen = [one for one in Viewer(person, self._rules).deployments(records) if one.status not in _OVER]
            known = records.known((person, *{one.requested_by.key: one.requested_by for one in seen}.values()))
            mine = [one for one in seen if are_one(one.requested_by, person, known)]
            return tuple(sorted(mine, key=lambda one: one.updated_at, reverse=True))

        return await self._app.read(own)

    async def waiting_for(self, person: Person) -> tuple[Plan, ...]:
        viewer = Viewer(person, self._rules)

        def waiting(records: Records) -> tuple[Plan, ...]:
            return tuple(plan for plan, consents in viewer.waiting(records) if viewer.may_decide(plan, consents))

        return await self._app.read(waiting)

    async def workspaces_of(self, plan_id: str, person: Person) -> tuple[PlanItem, ...]:
        viewer = Viewer(person, self._rules)

        def items(records: Records) -> tuple[PlanItem, ...]:
            pair = records.plan(plan_id)
            return pair[0].items if pair is not None and viewer.may_see(pair[0], records) else ()

        return await self._app.read(items)


def _chat(records: Records, conversation: str) -> Chat | None:
    """Also one that begins with a turn that has not begun."""
    return records.chat(conversation) or records.chat_waiting(conversation)
