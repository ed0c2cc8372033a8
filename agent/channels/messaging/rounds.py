"""Putting plans before whoever may decide them, and seeing each through to its end.

A plan that takes somebody else than its asker is put before the named approvers and the approvers' place of the asker's
platform; where none of these takes it, before the other platform's; else the asker is told that it waits on the page.
"It waits for its approval" is said of nobody whom the platform has not shown the card.

Works from the records alone: whatever was lost with a process is found by the next look.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.approvals import PlanStatus, may_decide
from agent.channels.messaging.board import ASKED, PlanBoard, PlanPicture
from agent.channels.messaging.port import Address, Seat, Undeliverable
from agent.channels.messaging.running import RoomApp
from agent.channels.messaging.unhurried import Unhurried
from agent.store.approval_rounds import ApprovalRound, AskedApprover
from agent.store.outgoing import OutgoingMessage
from agent.store.records import Records
from agent.wording import phrase
from plugins.domain.plan import Person

REMINDERS = "reminders"
"""What somebody may switch off: being asked again."""


@dataclass(frozen=True)
class Addressee:
    """Somebody, or a place, to put a plan before; `address` is None where it cannot be reached, `is_away` where that
    passes by itself.
    """

    name: str
    label: str
    address: Address | None
    person: Person | None = None
    is_away: bool = False


class Rounds:
    """`named` are the settings' named approvers, each as "platform:id"."""

    def __init__(self, app: RoomApp, board: PlanBoard, named: Sequence[str]) -> None:
        self._app = app
        self._board = board
        self._named = named
        self._sweeping = Unhurried("approvals")

    async def sweep(
        self, plans: Sequence[str], rounds: Sequence[tuple[ApprovalRound, PlanStatus]], now: datetime
    ) -> None:
        """Whatever is due: plans without a round, those that were decided, locks that lapsed, approvers to be asked or
        reminded; see `Unhurried`.
        """
        if plans or rounds or self._sweeping.is_under_way:
            await self._sweeping.run(lambda: self._sweep(plans, rounds, now))

    async def stop(self) -> None:
        """Whom a platform has yet to tell of is asked by the next start."""
        await self._sweeping.stop()

    async def _sweep(
        self, plans: Sequence[str], rounds: Sequence[tuple[ApprovalRound, PlanStatus]], now: datetime
    ) -> None:
        for plan_id in plans:
            await self._open(plan_id, now)
        for kept, status in rounds:
            if status != "pending":
                await self._change(kept.plan_id, now, settled=status, deciding=None)
            else:
                await self._go_on(kept, now)

    async def put_before(self, plan_id: str, targets: Sequence[Addressee], now: datetime) -> None:
        """Asks these: a card for each that can be reached, kept as asked from when the platform took it."""

        def asked(records: Records) -> None:
            before = records.round(plan_id)
            picture = self._board.picture(records, plan_id, now=now)
            # It may have been decided while a platform was asked who they are.
            if picture is None or picture.status != "pending":
                return
            others = [each for each in before.asked if each.target not in {target.name for target in targets}]
            kept = before.with_(asked=(*others, *map(_asked, targets)), is_unreached=False)
            records.keep_round(kept)
            for target in targets:
                if target.address is not None:
                    shown = replace(picture, round=kept)
                    records.want(self._board.asking(records, shown, target.address, target=target.name), now=now)
            self._board.refresh(records, plan_id, now=now)

        await self._app.kept(asked)

    async def person_target(self, seat: Seat, person_id: str) -> Addressee | None:
        """That person in their own chat, with the roles that they have now; None for somebody who is unknown."""
        platform, name = seat.platform, f"{seat.platform.name}:{person_id}"
        try:
            person = await platform.person(person_id, seat.tenant)
            if person is None:
                return None
            label = phrase("messaging.reached.person", name=person.name)
            address = await platform.personal_address(person_id, seat.tenant)
        except Undeliverable as refusal:
            unnamed = phrase("messaging.reached.person", name=person_id)
            return Addressee(name, unnamed, None, is_away=not refusal.permanent)
        return Addressee(name, label, address, person)

    def ended(self, records: Records, message: OutgoingMessage, failure: str | None, now: datetime) -> None:
        """A card for approvers was taken by its platform, or cannot be delivered: the asker's card says so."""
        key, plan_id = message.wanted.key, message.wanted.plan_id
        if plan_id is None or not key.startswith(ASKED) or (failure is None and message.message_id is not None):
            return
        target = key.removeprefix(f"{ASKED}{plan_id}:").rsplit(":", 1)[0]
        before = records.round(plan_id)
        state = "sent" if failure is None else "failed"
        asked = tuple(
            each.model_copy(update={"state": state}) if each.target == target else each for each in before.asked
        )
        if asked != before.asked:
            records.keep_round(before.with_(asked=asked))
            self._board.refresh(records, plan_id, now=now)

    async def _open(self, plan_id: str, now: datetime) -> None:
        def opened(records: Records) -> PlanPicture | None:
            picture = self._board.picture(records, plan_id, now=now)
            if picture is not None:
                records.keep_round(picture.round.with_(is_for_others=self._board.needs_others(picture)))
            return picture

        picture = await self._app.kept(opened)
        if picture is not None and self._board.needs_others(picture):
            await self._ask_next(picture, now)

    async def _go_on(self, kept: ApprovalRound, now: datetime) -> None:
        if kept.deciding is not None and now >= kept.deciding.until:
            await self._change(kept.plan_id, now, deciding=None)
        await self._ask_handed(kept, now)
        is_asked = kept.is_unreached or any(each.state != "failed" for each in kept.asked)
        if not kept.is_for_others or (is_asked and kept.lapse == kept.lapse_told):
            return
        picture = await self._app.read(lambda records: self._board.picture(records, kept.plan_id, now=now))
        if picture is not None and is_asked:
            await self._remind(picture, now)
        elif picture is not None:
            await self._ask_next(picture, now)

    async def _ask_handed(self, kept: ApprovalRound, now: datetime) -> None:
        """Those whom it was handed over to on the web page; with the roles that they have now. Whose platform is away
        is asked by a later look.
        """
        for name in [name for name in kept.handed if name not in {each.target for each in kept.asked}]:
            platform, _, person_id = name.partition(":")
            seat = self._board.seats.get(platform)
            target = await self.person_target(seat, person_id) if seat is not None else None
            if target is not None and target.is_away:
                continue
            picture = await self._app.read(lambda records: self._board.picture(records, kept.plan_id, now=now))
            person = target.person if target is not None else None
            may = picture is not None and person is not None and await self._is_entitled(picture, person)
            closed = Addressee(name, phrase("messaging.reached.person", name=person_id), None)
            await self.put_before(kept.plan_id, [target if may and target is not None else closed], now)

    async def _ask_next(self, picture: PlanPicture, now: datetime) -> None:
        """Asks the first of those who were not tried yet; where none is left, says so."""
        tried, plan_id = {each.target for each in picture.round.asked}, picture.plan.plan_id
        for stage in (await self._first(picture), self._others(picture)):
            fresh = [target for target in stage if target.name not in tried]
            if any(target.address for target in fresh):
                await self.put_before(plan_id, fresh, now)
                return
        await self._change(plan_id, now, is_unreached=True)

    async def _first(self, picture: PlanPicture) -> list[Addressee]:
        """The named approvers, and the approvers' place on the asker's platform: on all for one who is on none."""
        home = await self._app.read(lambda records: records.chat(picture.plan.conversation))
        here = [seat for name, seat in self._board.seats.items() if home is None or name == home.platform]
        return [*await self._named_targets(picture), *_places(here)]

    def _others(self, picture: PlanPicture) -> list[Addressee]:
        del picture
        return _places(list(self._board.seats.values()))

    async def _named_targets(self, picture: PlanPicture) -> list[Addressee]:
        targets: list[Addressee] = []
        for named in self._named:
            platform, _, person_id = named.partition(":")
            seat = self._board.seats.get(platform)
            target = await self.person_target(seat, person_id) if seat is not None else None
            if target is not None and await self._is_entitled(picture, target.person):
                targets.append(target)
        return targets

    async def _is_entitled(self, picture: PlanPicture, person: Person | None) -> bool:
        """Whether their yes would count; of somebody whom nothing is known of, that they are named stands for it."""
        if person is None:
            return True
        consents = await self._app.read(lambda records: records.consents(picture.plan, person))
        return may_decide(picture.plan, person, self._board.rules, consents)

    async def _remind(self, picture: PlanPicture, now: datetime) -> None:
        """Asks those again who were asked, as a new message; at the escalation everybody else who may decide, too."""
        plan_id, kept = picture.plan.plan_id, picture.round
        targets = await self._first(picture) + self._others(picture)
        again = {each.target for each in kept.asked if each.state == "sent"}
        if kept.lapse == "escalation":
            targets += await self._everybody(picture)
            again |= {target.name for target in targets}
        chosen = {target.name: target for target in targets if target.name in again}
        silenced = await self._app.read(lambda records: _silenced(records, list(chosen.values())))
        await self._change(plan_id, now, lapse_told=kept.lapse)
        asked = [target for target in chosen.values() if target.name not in silenced]
        await self.put_before(plan_id, asked, now)

    async def _everybody(self, picture: PlanPicture) -> list[Addressee]:
        """Whoever is known on a platform and may decide it, in their own chat."""
        roles = frozenset(self._board.rules.roles) | {n.role for n in self._board.rules.needs(picture.plan.items)}
        targets: list[Addressee] = []
        for name, seat in self._board.seats.items():
            for known in await self._app.read(lambda records, n=name: records.people_on(n, roles)):
                target = await self.person_target(seat, known.id)
                if target is not None and target.person is not None and await self._is_entitled(picture, target.person):
                    targets.append(target)
        return targets

    async def _change(self, plan_id: str, now: datetime, **changes: object) -> None:
        def change(records: Records) -> None:
            records.keep_round(records.round(plan_id).with_(**changes))
            self._board.refresh(records, plan_id, now=now)

        await self._app.kept(change)


def _places(seats: Sequence[Seat]) -> list[Addressee]:
    """The approvers' places of these platforms."""
    return [
        Addressee(
            f"{seat.platform.name}:place",
            seat.approvals_label or phrase("messaging.reached.place", platform=_name_of(seat)),
            seat.approvals,
        )
        for seat in seats
        if seat.approvals is not None
    ]


def _name_of(seat: Seat) -> str:
    return phrase(f"messaging.where.{seat.platform.name}")


def _asked(target: Addressee) -> AskedApprover:
    return AskedApprover(
        target=target.name, label=target.label, state="waiting" if target.address is not None else "failed"
    )


def _silenced(records: Records, targets: Sequence[Addressee]) -> set[str]:
    """Those of these who have switched reminders off."""
    return {
        target.name
        for target in targets
        if target.person is not None and records.choices_of(target.person.key).get(REMINDERS) == "off"
    }
