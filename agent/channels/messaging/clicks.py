"""What somebody pressed: each click comes to a turn, to something of the room's own, or to a word for them alone.

What stands in a click is looked up again: a card may be old, or its fields altered. A decision is made by the turn that
follows; here it is told apart what would come to nothing: whoever pressed hears it at once, and nobody else does.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from agent.approvals import ApprovalBasis, ConfirmationAct, may_decide, may_reject, refusal_of
from agent.channels.messaging.binding import chat_of, place_text
from agent.channels.messaging.board import PlanBoard, PlanPicture
from agent.channels.messaging.port import Arrival, Click, Notice, Showing, ShownPlan, Verb
from agent.events import AskAgainCommand, Button, Command, Incoming, RemarkCommand, StopCommand
from agent.store.approval_rounds import DECIDING, Deciding, PassedRemark
from agent.store.outgoing import IN_TURN, WantedMessage
from agent.store.records import Records
from agent.store.web_sessions import Verdict
from agent.views.refusals import RefusalWords
from agent.wording import Wording, phrase, said, words
from plugins.domain.plan import Plan

MOST_COMMENT = 300
_MOST_REMARKS = 10
_TURN = re.compile(r"[0-9]{1,9}")
_VERDICTS: Mapping[str, Verdict] = {"good": "good", "bad": "bad"}


@dataclass(frozen=True)
class ClickOutcome:
    """`incoming` is for a turn to answer; `own` takes the place of the clicked card; `private` is for them alone."""

    incoming: Incoming | None = None
    own: Showing | None = None
    private: Showing | None = None


@dataclass(frozen=True)
class ClickRules:
    """What clicks are held against. `lone` where one person may speak as several (the sandbox)."""

    board: PlanBoard
    wording: Wording
    pricing_policy_digest: str
    lone: bool


@dataclass
class Clicked:
    """One click, inside one transaction."""

    records: Records
    arrival: Arrival
    click: Click
    rules: ClickRules
    now: datetime
    touched: set[str] = field(default_factory=set[str])
    """Plans whose cards change by this."""

    def outcome(self) -> ClickOutcome:
        acts: Mapping[Verb, Callable[[], ClickOutcome]] = {
            "confirm": self._decide,
            "reject": self._decide,
            "decide": self._decide,
            "change": self._change,
            "ask_again": self._ask_again,
            "choose": self._answer,
            "answers": self._answer,
            "stop": self._stop,
            "show": self._show,
            "share": self._share,
            "rate": self._rate,
        }
        act = acts.get(self.click.verb)
        outcome = act() if act is not None else _refused("stale")
        for plan_id in self.touched:
            self.rules.board.refresh(self.records, plan_id, now=self.now)
        return outcome

    def _decide(self) -> ClickOutcome:
        """Locks the plan for whoever may decide it, and has it decided by a turn where the plan came from."""
        picture = self._picture()
        if picture is None:
            return _refused("unknown")
        person, plan = self.arrival.person, picture.plan
        if (word := self._why_not(picture)) is not None:
            return ClickOutcome(own=self._own(picture), private=_refusal(word))
        other = picture.decider
        if other is not None and other.key != person.key and picture.round.deciding is not None:
            until = f"{picture.round.deciding.until:%H:%M:%S}"
            return ClickOutcome(own=self._own(picture), private=_notice("deciding", name=other.name, until=until))
        locked = picture.round.with_(deciding=Deciding(person=person, until=self.now + DECIDING))
        self.records.keep_round(locked)
        self.touched.add(plan.plan_id)
        own = self._own(replace(picture, round=locked))
        if self.click.verb == "decide":
            return ClickOutcome(own=own)
        button = Button.model_validate(
            {
                "action": self.click.verb,
                "plan_id": plan.plan_id,
                "digest": self.click.digest,
                "value": self.click.value,
                "comment": (self.click.comment or "")[:MOST_COMMENT] or None,
            }
        )
        return ClickOutcome(incoming=self._incoming(plan.conversation, button=button), own=own)

    def _why_not(self, picture: PlanPicture) -> str | None:
        """Why this decision would come to nothing, in words; None where it would count."""
        plan, person, click = picture.plan, self.arrival.person, self.click
        if picture.decided is not None:
            by = picture.decided.by or phrase("messaging.where.brickie")
            return phrase(f"messaging.click.{picture.decided.status}", by=by)
        consents = self.records.consents(plan, person)
        says = RefusalWords(self.rules.wording, self.rules.board.rules, self.rules.lone, pending=True)
        if click.verb == "reject":
            if click.digest != plan.digest:
                return says.say("wrong_digest", plan, consents, was=picture.status)
            if may_reject(plan, person, self.rules.board.rules):
                return None
            return phrase("messaging.click.may_not_reject", asker=plan.requested_by.name)
        # Somebody who opens the dialog has not typed the name yet: what they typed is looked at when they confirm.
        typed = click.value if click.verb == "confirm" else plan.confirm.phrase
        act = ConfirmationAct(person, plan.conversation, plan.plan_id, click.digest or "", typed)
        ground = ApprovalBasis(self.rules.pricing_policy_digest, frozenset(), consents)
        refusal = refusal_of(plan, picture.status, act, self.rules.board.rules, ground, now=self.now)
        return says.say(refusal.code, plan, consents, was=picture.status) if refusal is not None else None

    def _change(self) -> ClickOutcome:
        """Passes what should be changed on to the asker, and keeps it on every card of the plan."""
        picture = self._picture()
        if picture is None or picture.decided is not None:
            return _refused("unknown") if picture is None else ClickOutcome(private=_refusal(self._over(picture)))
        plan, person = picture.plan, self.arrival.person
        if person.key == plan.requested_by.key or not self._may_remark(plan):
            return ClickOutcome(private=_notice("may_not_remark", asker=plan.requested_by.name))
        text = (self.click.comment or self.click.value or "").strip()[:MOST_COMMENT]
        if not text:
            return _refused("no_comment")
        command = RemarkCommand(plan_id=plan.plan_id, text=text)
        remark = PassedRemark(by=person.name, text=said(command.text, most=MOST_COMMENT))
        self.records.keep_round(picture.round.with_(remarks=(*picture.round.remarks, remark)[-_MOST_REMARKS:]))
        self.touched.add(plan.plan_id)
        return ClickOutcome(incoming=self._incoming(plan.conversation, command=command), own=self._own(picture))

    def _may_remark(self, plan: Plan) -> bool:
        rules, person = self.rules.board.rules, self.arrival.person
        return rules.approver in person.roles or may_decide(plan, person, rules, self.records.consents(plan, person))

    def _ask_again(self) -> ClickOutcome:
        picture = self._picture()
        if picture is None:
            return _refused("unknown")
        if picture.status != "expired":
            return ClickOutcome(private=_refusal(self._over(picture)))
        if not self._may_touch(picture.plan.requested_by.key):
            return ClickOutcome(private=_notice("may_not_ask_again", asker=picture.plan.requested_by.name))
        command = AskAgainCommand(plan_id=picture.plan.plan_id)
        return ClickOutcome(incoming=self._incoming(picture.plan.conversation, command=command))

    def _over(self, picture: PlanPicture) -> str:
        if picture.decided is None:
            return phrase("messaging.click.stale")
        by = picture.decided.by or phrase("messaging.where.brickie")
        return phrase(f"messaging.click.{picture.decided.status}", by=by)

    def _answer(self) -> ClickOutcome:
        """An answer to a question: only of whoever was asked it."""
        conversation = self.click.conversation or ""
        owner = self.records.owner_of(conversation)
        if owner is None:
            return _refused("stale")
        if owner != self.arrival.person.key:
            chat = self.records.chat(conversation)
            key = "not_theirs" if chat is not None else "not_theirs_anonymous"
            return ClickOutcome(private=_notice(key, owner=chat.who.name if chat is not None else ""))
        if self.click.verb == "choose":
            button = Button(action="choose", slot=self.click.slot, value=self.click.value)
            return ClickOutcome(incoming=self._incoming(conversation, button=button))
        text = "\n".join(f"{words(slot)}: {value}" for slot, value in self.click.answers.items() if value.strip())
        return ClickOutcome(incoming=self._incoming(conversation, text=text)) if text else _refused("no_answers")

    def _stop(self) -> ClickOutcome:
        conversation = self.click.conversation or ""
        owner = self.records.owner_of(conversation)
        if owner is None:
            return _refused("stale")
        if not self._may_touch(owner):
            return _refused("may_not_stop")
        command = StopCommand(workspace_name=self.click.value)
        return ClickOutcome(incoming=self._incoming(conversation, command=command))

    def _show(self) -> ClickOutcome:
        picture = self._picture()
        if picture is None:
            return _refused("unknown")
        return ClickOutcome(private=self._own(picture))

    def _share(self) -> ClickOutcome:
        """Shows everybody here what was shown to this person alone."""
        message = self.records.outgoing(self.click.value or "")
        chat = self.records.chat(message.wanted.conversation or "") if message is not None else None
        shows = message.wanted.shows if message is not None else None
        if message is None or chat is None or shows is None or chat.who.key != self.arrival.person.key:
            return _refused("not_yours_to_share")
        card = json.loads(shows).get("public")
        if card is None:
            return _refused("not_yours_to_share")
        shared = WantedMessage(
            key=f"share:{message.wanted.key}",
            platform=chat.platform,
            place=chat.place,
            address=chat.address,
            card=card,
            priority=IN_TURN,
            conversation=chat.conversation,
        )
        self.records.want(shared, now=self.now)
        return ClickOutcome(private=Notice(phrase("messaging.click.shared")))

    def _rate(self) -> ClickOutcome:
        """Keeps what somebody thinks of an answer that they could read here; a second thought replaces the first."""
        chat, turn = self.records.chat(self.click.conversation or ""), self.click.slot or ""
        here = self.arrival.address.place
        is_read = chat is not None and (chat.platform, chat.place) == (here.platform, place_text(here))
        verdict = _VERDICTS.get(self.click.value or "")
        if chat is None or not is_read or verdict is None or not _TURN.fullmatch(turn):
            return _refused("stale")
        if int(turn) > self.records.conversation(chat.conversation).turn:
            return _refused("stale")
        self.records.rate(chat.conversation, int(turn), self.arrival.person.key, verdict, now=self.now)
        return ClickOutcome(private=Notice(phrase(f"messaging.click.rated_{verdict}")))

    def _picture(self) -> PlanPicture | None:
        return self.rules.board.picture(self.records, self.click.plan_id or "", now=self.now)

    def _own(self, picture: PlanPicture) -> ShownPlan:
        return own_view(self.records, self.rules.board, picture, self.arrival)

    def _may_touch(self, owner: str) -> bool:
        """Whether they may act upon what is that person's (a key): the very same, or an approver."""
        person = self.arrival.person
        return person.key == owner or self.rules.board.rules.approver in person.roles

    def _incoming(
        self,
        conversation: str,
        *,
        text: str | None = None,
        button: Button | None = None,
        command: Command | None = None,
    ) -> Incoming:
        person = self.arrival.person
        return Incoming(conversation=conversation, person=person, text=text, button=button, command=command)


def own_view(records: Records, board: PlanBoard, picture: PlanPicture, arrival: Arrival) -> ShownPlan:
    """The plan as this person sees it where they pressed: in the place that it was asked for in, or as an approver."""
    chat, person = chat_of(arrival.address, arrival.person), arrival.person
    home = records.chat(picture.plan.conversation)
    is_home = home is not None and (home.platform, home.place) == (chat.platform, chat.place)
    if is_home and home is not None:
        return board.in_conversation(records, picture, home, viewer=person)
    return board.for_approvers(records, picture, chat.platform, viewer=person)


def _refusal(text: str) -> Notice:
    return Notice(text, "refusal")


def _notice(key: str, **values: object) -> Notice:
    return _refusal(phrase(f"messaging.click.{key}", **values))


def _refused(key: str) -> ClickOutcome:
    return ClickOutcome(private=_notice(key))
