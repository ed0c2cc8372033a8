"""A chat platform in memory, and cards that are plain words: what the room does can be seen without Teams or Slack.

It is closed or full as it is told: `refusals` are raised by the next calls, `absent` people have not installed the app,
`closed` places take nothing, `people` are who is known. `told` is everything that it took, in order.
"""

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from agent.channels.messaging.port import (
    Address,
    Asked,
    Card,
    CardButton,
    ChatPlace,
    Digest,
    Notice,
    Pace,
    PlatformName,
    Said,
    Showing,
    ShownFile,
    ShownPlan,
    ShownProgress,
    ShownResult,
    ShownTable,
    Undeliverable,
    UndeliverableReason,
)
from agent.events import Error
from plugins.domain.plan import Person

FREE = Pace(place_posts=(10_000, 1), all_posts=(10_000, 1), place_edits=(10_000, 1), all_edits=(10_000, 1))
"""As good as no limit."""


@dataclass(frozen=True)
class SentCard:
    """One call that was taken: `person` for what only they see; `at` by the double's clock."""

    act: Literal["post", "edit", "private"]
    place: ChatPlace
    message_id: str
    card: Card
    person: str | None = None
    at: float = 0.0

    @property
    def text(self) -> str:
        return str(self.card["text"])

    def button(self, label: str) -> dict[str, JsonValue]:
        """The click behind the button of that label. Raises KeyError where there is none."""
        buttons = self.card["buttons"]
        if not isinstance(buttons, dict):
            raise KeyError(label)
        click = buttons[label]
        if not isinstance(click, dict):
            raise KeyError(label)
        return click


class InMemoryPlatform:
    """`Platform` in memory. A message's newest card is in `shown`, by its id."""

    def __init__(
        self, name: PlatformName = "teams", pace: Pace = FREE, clock: Callable[[], float] = lambda: 0.0
    ) -> None:
        self._name: PlatformName = name
        self._pace = pace
        self._clock = clock
        self._ids = itertools.count(1)
        self.refusals: deque[Undeliverable] = deque()
        self.absent: set[str] = set()
        self.people: dict[str, Person] = {}
        self.closed: dict[str, UndeliverableReason] = {}
        self.told: list[SentCard] = []
        self.shown: dict[str, SentCard] = {}
        self.repeats: dict[str, str] = {}

    @property
    def name(self) -> PlatformName:
        return self._name

    @property
    def pace(self) -> Pace:
        return self._pace

    async def post(self, address: Address, card: Card, *, once: str) -> str:
        self._admit(address.place)
        if once in self.repeats:  # as a platform does that knows a repeat
            return self.repeats[once]
        message_id = self.repeats[once] = f"m{next(self._ids)}"
        self._take(SentCard("post", address.place, message_id, card, at=self._clock()))
        return message_id

    async def edit(self, address: Address, message_id: str, card: Card) -> None:
        self._admit(address.place)
        if message_id not in self.shown:
            raise Undeliverable("not_found")
        self._take(SentCard("edit", address.place, message_id, card, at=self._clock()))

    async def post_private(self, address: Address, person_id: str, card: Card) -> str:
        self._admit(address.place)
        message_id = f"m{next(self._ids)}"
        self._take(SentCard("private", address.place, message_id, card, person_id, self._clock()))
        return message_id

    async def personal_address(self, person_id: str, tenant: str) -> Address:
        if person_id in self.absent:
            raise Undeliverable("not_installed")
        place = ChatPlace(platform=self._name, tenant=tenant, id=f"personal:{person_id}", kind="personal")
        return Address(place=place, reference={"of": person_id})

    async def person(self, person_id: str, tenant: str) -> Person | None:
        del tenant
        return self.people.get(person_id)

    def seen_in(self, place_id: str) -> list[SentCard]:
        """The messages of a place as they are shown now, in their order."""
        return [sent for sent in self.shown.values() if sent.place.id == place_id]

    def _admit(self, place: ChatPlace) -> None:
        if self.refusals:
            raise self.refusals.popleft()
        if place.id in self.closed:
            raise Undeliverable(self.closed[place.id])

    def _take(self, sent: SentCard) -> None:
        self.told.append(sent)
        self.shown[sent.message_id] = sent


class PlainCards:
    """`Cards` as words: `shows` names the value, `text` says it, `buttons` are label → click."""

    def card(self, showing: Showing) -> Card:
        buttons = {button.label: _click(button) for button in _buttons(showing)}
        text = "\n".join(line for line in _lines(showing) if line)
        return {"shows": type(showing).__name__, "text": text, "buttons": {**buttons}}


def _click(button: CardButton) -> dict[str, JsonValue]:
    return button.click.model_dump(mode="json", exclude_defaults=True)


def _buttons(showing: Showing) -> Iterator[CardButton]:
    match showing:
        case Said(buttons=buttons) | Notice(buttons=buttons) | ShownTable(buttons=buttons):
            yield from buttons
        case ShownPlan():
            yield from showing.buttons
        case Asked():
            yield from showing.buttons
        case ShownProgress(stop=stop) if stop is not None:
            yield stop
        case Digest(sections=sections):
            yield from (line.button for _, lines in sections for line in lines if line.button)
        case _:
            return


def _lines(showing: Showing) -> Iterator[str]:
    match showing:
        case Said(text=text) | Notice(text=text) | Error(text=text):
            yield text
        case Asked(question=question, answered=answered):
            yield from (f"{asked.text} {answered.get(asked.slot, '')}".rstrip() for asked in question.questions)
        case ShownPlan():
            yield from _plan_lines(showing)
        case ShownProgress(title=title, lines=lines):
            yield title
            yield from (f"{line.workspace_name}: {line.ended or line.text} {line.done}/{line.total}" for line in lines)
        case ShownResult(result=result, workspace_name=name):
            yield f"{name}: {result.status}"
            yield result.error.text if result.error else ""
        case ShownTable(table=table):
            yield table.title
            yield from (" | ".join(map(str, row)) for row in table.rows)
        case ShownFile(file=file):
            yield file.name
        case Digest(title=title, sections=sections):
            yield title
            for heading, lines in sections:
                yield heading
                yield from (line.text for line in lines)


def _plan_lines(shown: ShownPlan) -> Iterator[str]:
    plan, decided = shown.plan, shown.decided
    yield f"{shown.lapse or ''} {shown.asker}: {plan.action} {plan.plan_id}".strip()
    yield f"{plan.cost.currency} {plan.cost.expected}"
    yield shown.reached or ""
    yield f"deciding: {shown.deciding}" if shown.deciding else ""
    yield from (f"{remark.by}: {remark.text}" for remark in shown.remarks)
    if decided is not None:
        yield f"{decided.status} by {decided.by} where {decided.where} saying {decided.comment}"
        yield f"audit: {decided.audit.url}" if decided.audit else ""
