"""Handing a plan over to another person who may decide it: they are asked in person, and nobody loses a right by it."""

from dataclasses import dataclass
from datetime import datetime

from agent.channels.messaging.board import PlanBoard
from agent.channels.messaging.port import Click, Seat
from agent.channels.messaging.rounds import Rounds
from agent.channels.messaging.running import RoomApp
from agent.views.handing_over import is_entitled, note_handed_over
from agent.wording import phrase, said
from plugins.domain.plan import Person, Plan


@dataclass(frozen=True)
class HandOver:
    app: RoomApp
    board: PlanBoard
    rounds: Rounds
    seat: Seat

    async def to(self, person: Person, click: Click, *, now: datetime) -> tuple[str, bool]:
        """What is to be said of it, and whether it was done."""
        plan_id = click.plan_id or ""
        picture = await self.app.read(lambda records: self.board.picture(records, plan_id, now=now))
        if picture is None or picture.decided is not None:
            return phrase("messaging.click.unknown" if picture is None else "messaging.click.stale"), False
        if not await self._may(picture.plan, person):
            return phrase("messaging.click.may_not_hand_over"), False
        if not click.value:
            return phrase("messaging.click.nobody_named"), False
        target = await self.rounds.person_target(self.seat, click.value)
        if target is None:
            return phrase("messaging.click.unknown_person"), False
        if target.person is None:
            why = phrase("messaging.why.not_installed")
            return phrase("messaging.click.not_reached", name=said(click.value), why=why), False
        # Four eyes are looked at again for exactly this person, with the roles that they have now.
        if not await self._may(picture.plan, target.person):
            return phrase("messaging.click.not_entitled", name=target.person.name), False
        to = target.person
        await self.app.kept(lambda records: note_handed_over(records, plan_id, person, to, asks=None, now=now))
        await self.rounds.put_before(plan_id, [target], now)
        return phrase("messaging.click.handed_over", name=to.name), True

    async def _may(self, plan: Plan, person: Person) -> bool:
        return await self.app.read(lambda records: is_entitled(records, plan, person, self.board.rules))
