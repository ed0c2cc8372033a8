"""Plans as each place shows them: who may press what, who is deciding, who was asked, how it ended.

Every message that shows a plan is made from the records alone, so that all of them say the same, whatever was decided
on whichever channel, and after any restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from agent.approvals import ApprovalRules, Consents, PlanStatus, may_decide, may_reject
from agent.channels.messaging.binding import place_text
from agent.channels.messaging.port import (
    Address,
    CardButton,
    Click,
    Decided,
    Link,
    PlatformName,
    Remark,
    Seat,
    ShownPlan,
)
from agent.store.approval_rounds import ApprovalRound
from agent.store.audit import Entry
from agent.store.chats import Chat
from agent.store.outgoing import FIRST, SOON, OutgoingMessage, WantedMessage
from agent.store.records import Records
from agent.views.news import where_of
from agent.views.plan import plan_event
from agent.wording import difference_between, phrase
from plugins.domain.plan import Alternative, Person, Plan, PlanItem

SHOWN, ASKED = "plan:", "ask:"
"""How the keys of messages begin that show a plan: in a conversation, and to whoever may decide it."""

_OVER: dict[str, Literal["approved", "rejected", "expired", "superseded"]] = {
    "approved": "approved",
    "rejected": "rejected",
    "expired": "expired",
    "superseded": "superseded",
    "void": "superseded",
}


@dataclass(frozen=True)
class PlanPicture:
    """A plan with all that its cards need: the consents to it, its round, how it ended."""

    plan: Plan
    status: PlanStatus
    consents: Consents
    round: ApprovalRound
    decided: Decided | None
    now: datetime

    @property
    def decider(self) -> Person | None:
        return self.round.decider(self.now) if self.decided is None else None


@dataclass(frozen=True)
class PlanBoard:
    """`page` is the address of the web page, without a slash at its end."""

    seats: Mapping[str, Seat]
    rules: ApprovalRules
    page: str

    def picture(self, records: Records, plan_id: str, *, now: datetime) -> PlanPicture | None:
        """None for a plan that was never finished."""
        record = records.plan(plan_id)
        if record is None:
            return None
        plan, status = record
        decided = self._decided(records, plan, status, now) if status in _OVER else None
        return PlanPicture(plan, status, records.consents(plan), records.round(plan_id), decided, now)

    def needs_others(self, picture: PlanPicture) -> bool:
        """Whether the asker's own yes would not do."""
        return not may_decide(picture.plan, picture.plan.requested_by, self.rules, picture.consents)

    def in_conversation(
        self, records: Records, picture: PlanPicture, chat: Chat, *, viewer: Person | None = None
    ) -> ShownPlan:
        """As the conversation shows it that it was asked for in, or shown in. In a group others may press, too: what a
        button is worth is found when it is pressed.
        """
        person, plan = viewer or chat.who, picture.plan
        may = self._may(records, picture, person)
        is_home = plan.conversation == chat.conversation
        buttons = (
            *((_approve(picture),) if may or (not chat.is_personal and viewer is None) else ()),
            *((_reject(picture, own=is_home and not may),) if may_reject(plan, person, self.rules) else ()),
            *(_alternatives(picture) if is_home and plan.requested_by.key == person.key else ()),
        )
        return self._shown(records, picture, chat.platform, buttons, for_approvers=False, viewer=viewer)

    def for_approvers(
        self, records: Records, picture: PlanPicture, platform: str, *, viewer: Person | None = None
    ) -> ShownPlan:
        """As it is put before whoever may decide it."""
        plan_id = picture.plan.plan_id
        buttons = [
            _approve(picture),
            _reject(picture, own=False),
            CardButton(phrase("messaging.buttons.change"), Click(verb="change", plan_id=plan_id)),
            CardButton(phrase("messaging.buttons.hand_over"), Click(verb="hand_over", plan_id=plan_id)),
        ]
        if viewer is not None and not self._may(records, picture, viewer):
            rejects = may_reject(picture.plan, viewer, self.rules)
            own = viewer.key == picture.plan.requested_by.key
            buttons = [_reject(picture, own=own)] if rejects else []
        return self._shown(records, picture, platform, tuple(buttons), for_approvers=True, viewer=viewer)

    def shown_in(self, records: Records, chat: Chat, plan_id: str, *, key: str, now: datetime) -> WantedMessage | None:
        """The message that shows the plan in that conversation."""
        picture, seat = self.picture(records, plan_id, now=now), self.seats.get(chat.platform)
        if picture is None or seat is None:
            return None
        return WantedMessage(
            key=key,
            platform=chat.platform,
            place=chat.place,
            address=chat.address,
            card=seat.cards.card(self.in_conversation(records, picture, chat)),
            priority=SOON,
            plan_id=plan_id,
            conversation=chat.conversation,
            is_final=picture.decided is not None,
        )

    def asking(self, records: Records, picture: PlanPicture, address: Address, *, target: str) -> WantedMessage:
        """The message that puts the plan before whoever is there; `target` is its name among those asked."""
        platform: PlatformName = address.place.platform
        return WantedMessage(
            key=f"{ASKED}{picture.plan.plan_id}:{target}:{picture.round.lapse or ''}",
            platform=platform,
            place=place_text(address.place),
            address=address.model_dump(mode="json"),
            card=self.seats[platform].cards.card(self.for_approvers(records, picture, platform)),
            priority=SOON,
            plan_id=picture.plan.plan_id,
            is_final=picture.decided is not None,
        )

    def refresh(self, records: Records, plan_id: str, *, now: datetime) -> None:
        """Every message that shows the plan is to say what holds now; what ends it is the last that they say."""
        picture = self.picture(records, plan_id, now=now)
        if picture is None:
            return
        for message in records.outgoing_of_plan(plan_id):
            shown = self._as_now(records, picture, message)
            if shown is not None:
                card = self.seats[message.wanted.platform].cards.card(shown)
                final = picture.decided is not None
                records.want(replace(message.wanted, card=card, priority=FIRST, is_final=final), now=now)

    def _as_now(self, records: Records, picture: PlanPicture, message: OutgoingMessage) -> ShownPlan | None:
        wanted = message.wanted
        if wanted.platform not in self.seats:
            return None
        if wanted.key.startswith(ASKED):
            return self.for_approvers(records, picture, wanted.platform)
        chat = records.chat(wanted.conversation or "")
        return self.in_conversation(records, picture, chat) if chat is not None else None

    def _shown(
        self,
        records: Records,
        picture: PlanPicture,
        platform: str,
        buttons: tuple[CardButton, ...],
        *,
        for_approvers: bool,
        viewer: Person | None,
    ) -> ShownPlan:
        plan, decider = picture.plan, picture.decider
        is_free = picture.decided is None and decider is None
        able = self._able(records, picture, platform) if is_free else ()
        return ShownPlan(
            plan=plan_event(plan, self.rules, picture.consents, turn=0),
            asker=plan.requested_by.name,
            for_approvers=for_approvers,
            buttons=buttons if is_free else self._afterwards(picture, for_approvers=for_approvers),
            viewer=viewer.id if viewer is not None else None,
            may_decide=tuple(person.id for person in able),
            deciding=decider.name if decider is not None else None,
            decided=picture.decided,
            reached=None if for_approvers else self._reached(picture),
            lapse=picture.round.lapse if for_approvers else None,
            remarks=tuple(Remark(remark.by, remark.text) for remark in picture.round.remarks),
            candidates=tuple((person.id, person.name) for person in able) if for_approvers else (),
            page=Link(phrase("messaging.links.page"), f"{self.page}/plans/{plan.plan_id}"),
        )

    def _afterwards(self, picture: PlanPicture, *, for_approvers: bool) -> tuple[CardButton, ...]:
        """What can still be done with a plan that nobody answered: its asker asks again."""
        if for_approvers or picture.decided is None or picture.decided.status != "expired":
            return ()
        return (ask_again(picture.plan),)

    def _able(self, records: Records, picture: PlanPicture, platform: str) -> tuple[Person, ...]:
        """Who is known on that platform and may decide it."""
        roles = frozenset(self.rules.roles) | {need.role for need in self.rules.needs(picture.plan.items)}
        people = records.people_on(platform, roles)
        return tuple(person for person in people if self._may(records, picture, person))

    def _may(self, records: Records, picture: PlanPicture, person: Person) -> bool:
        return may_decide(picture.plan, person, self.rules, records.consents(picture.plan, person))

    def _reached(self, picture: PlanPicture) -> str | None:
        """Whom it was put before, claimed only of those whom the platform has shown it."""
        if picture.decided is not None or not self.needs_others(picture):
            return None
        labels = [asked.label for asked in picture.round.asked if asked.state == "sent"]
        if labels:
            return phrase("messaging.reached.asked", labels=", ".join(dict.fromkeys(labels)))
        key = "messaging.reached.unreached" if picture.round.is_unreached else "messaging.reached.asking"
        return phrase(key, url=self.page)

    def _decided(self, records: Records, plan: Plan, status: PlanStatus, now: datetime) -> Decided:
        """As the audit tells it, which knows whoever decided it, on whichever channel."""
        deciding = [entry for entry in records.audited_of_plan(plan.plan_id) if _ends(entry)]
        entry = deciding[-1] if deciding else None
        by_somebody = entry is not None and status in ("approved", "rejected")
        return Decided(
            status=_OVER[status],
            by=_names(records, plan, entry) if entry is not None and by_somebody else None,
            at=entry.at if entry is not None else now,
            where=where_of(entry.who.issuer) if entry is not None and by_somebody else None,
            comment=_comment(entry),
            audit=self.history(plan),
        )

    def history(self, plan: Plan) -> Link:
        """The page with the audit of what the plan is about."""
        deployment_id = plan.items[0].deployment_id
        return Link(phrase("messaging.links.history"), f"{self.page}/deployments/{deployment_id}")


def ask_again(plan: Plan) -> CardButton:
    click = Click(verb="ask_again", conversation=plan.conversation, plan_id=plan.plan_id)
    return CardButton(phrase("messaging.buttons.ask_again"), click, "primary")


def _names(records: Records, plan: Plan, entry: Entry) -> str:
    """Everybody who said yes, whoever was last at the end."""
    before = [person.name for person in records.consents(plan).given] if _after(entry) == "approved" else []
    return " and ".join(dict.fromkeys((*before, entry.who.name)))


def _after(entry: Entry) -> object:
    return entry.change.after.get("plan") if entry.change is not None else None


def _ends(entry: Entry) -> bool:
    return _after(entry) in _OVER


def _comment(entry: Entry | None) -> str | None:
    comment = entry.change.after.get("comment") if entry is not None and entry.change is not None else None
    return comment if isinstance(comment, str) else None


def _decision(picture: PlanPicture, verb: str) -> Click:
    plan = picture.plan
    fields = {"conversation": plan.conversation, "plan_id": plan.plan_id, "digest": plan.digest}
    return Click.model_validate({"verb": verb, **fields})


def _approve(picture: PlanPicture) -> CardButton:
    style = "danger" if picture.plan.action == "destroy" else "primary"
    return CardButton(phrase("messaging.buttons.approve"), _decision(picture, "confirm"), style)


def _reject(picture: PlanPicture, *, own: bool) -> CardButton:
    label = phrase("messaging.buttons.withdraw" if own else "messaging.buttons.reject")
    return CardButton(label, _decision(picture, "reject"))


def _alternatives(picture: PlanPicture) -> tuple[CardButton, ...]:
    items = picture.plan.items
    if len(items) != 1:
        return ()
    conversation = picture.plan.conversation
    return tuple(
        CardButton(
            _use(alternative, items[0]),
            Click(verb="choose", conversation=conversation, slot="alternative", value=alternative.label),
        )
        for alternative in items[0].alternatives
    )


def _use(alternative: Alternative, item: PlanItem) -> str:
    """First by how much its month is more or less than the plan's, since a long label is cut at its end."""
    by = difference_between(alternative.cost, item.cost)
    return phrase("messaging.buttons.use_by" if by else "messaging.buttons.use", label=alternative.label, by=by)
