"""What somebody is told once a day: what waits for them, what of theirs waits, expires or was changed by others."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.channels.messaging.board import PlanBoard
from agent.channels.messaging.port import CardButton, Click, Digest, DigestLine
from agent.store.chats import DIGEST_TOLD, Chat
from agent.store.outgoing import IN_TURN, WantedMessage
from agent.store.records import Records
from agent.views.visibility import Viewer
from agent.views.workspace_status import DRIFTED
from agent.wording import estimated, phrase, several
from plugins.domain.plan import Plan

DIGEST = "digest"
_AHEAD = timedelta(days=7)
_MOST_LINES = 10


@dataclass(frozen=True)
class DailyDigest:
    """`hour` (UTC) is from when on it is sent; `is_on` for whoever chose nothing."""

    board: PlanBoard
    hour: int
    is_on: bool

    def tell(self, records: Records, chat: Chat, *, now: datetime) -> bool:
        """Keeps today's digest of that person's for their own chat; False where it was told, or there is nothing."""
        choices, day = records.choices_of(chat.who.key), now.date().isoformat()
        wanted = choices.get(DIGEST, "on" if self.is_on else "off") == "on"
        if not wanted or now.hour < self.hour or choices.get(DIGEST_TOLD) == day:
            return False
        records.choose(chat.who.key, DIGEST_TOLD, day)
        sections = self._sections(records, chat, now)
        seat = self.board.seats.get(chat.platform)
        if not sections or seat is None:
            return False
        message = WantedMessage(
            key=f"digest:{chat.conversation}:{day}",
            platform=chat.platform,
            place=chat.place,
            address=chat.address,
            card=seat.cards.card(Digest(phrase("messaging.digest.title"), sections)),
            priority=IN_TURN,
            conversation=chat.conversation,
        )
        return records.want(message, now=now)

    def _sections(self, records: Records, chat: Chat, now: datetime) -> tuple[tuple[str, tuple[DigestLine, ...]], ...]:
        viewer = Viewer(chat.who, self.board.rules)
        pairs = viewer.waiting(records)
        mine = [plan for plan, _ in pairs if plan.requested_by.key == chat.who.key]
        others = [
            plan
            for plan, consents in pairs
            if plan.requested_by.key != chat.who.key and viewer.may_decide(plan, consents)
        ]
        sections = (
            ("waits", tuple(map(_waiting, others))),
            ("yours", tuple(map(_waiting, mine))),
            ("expires", self._expiring(records, chat, now)),
            ("drifted", self._drifted(records, chat)),
        )
        return tuple((phrase(f"messaging.digest.{name}"), lines[:_MOST_LINES]) for name, lines in sections if lines)

    def _expiring(self, records: Records, chat: Chat, now: datetime) -> tuple[DigestLine, ...]:
        soon = records.expiring((now + _AHEAD).date())
        return tuple(
            DigestLine(phrase("messaging.digest.expiring", name=each.workspace_name, day=each.expires_on))
            for each in soon
            if each.requested_by.key == chat.who.key
        )

    def _drifted(self, records: Records, chat: Chat) -> tuple[DigestLine, ...]:
        own = records.briefs(of=("", chat.who.key), live=True)
        found = [(each, records.noticed(each.deployment_id, DRIFTED)) for each in own]
        return tuple(
            DigestLine(phrase("messaging.digest.drift", name=each.workspace_name, what=drift[0]))
            for each, drift in found
            if drift is not None
        )


def _waiting(plan: Plan) -> DigestLine:
    text = phrase(
        "messaging.digest.waiting",
        asker=plan.requested_by.name,
        action=plan.action,
        names=several([item.decision.workspace_name for item in plan.items]),
        cost=estimated(plan.cost),
        until=f"{plan.expires_at:%Y-%m-%d %H:%M}",
    )
    show = Click(verb="show", conversation=plan.conversation, plan_id=plan.plan_id)
    return DigestLine(text, CardButton(phrase("messaging.buttons.show"), show))
