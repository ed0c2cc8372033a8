"""Slack as a served channel: takes in what is meant for Brickie, and lets the shared room answer it.

A delivery is looked at, its sender looked up, and all of it kept by the room; then it is acknowledged. What must follow
at once (a form, the App Home) runs behind that as a task of its own, and may fail without a harm: nothing is decided by
it. https://docs.slack.dev/apis/events-api#responding (read 2026-11-29): three seconds, then Slack repeats.
"""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from aiohttp import web

from agent.channels.cards.slack import SlackCards
from agent.channels.cards.slack_forms import form_for, gone, opening, order_form, workspaces_form
from agent.channels.cards.slack_home import SAY, HomeShown, home_view
from agent.channels.http.served import ServerDoors
from agent.channels.messaging.binding import conversation_of
from agent.channels.messaging.port import (
    Address,
    Arrival,
    Card,
    ChatPlace,
    ChatRoom,
    Link,
    Notice,
    Undeliverable,
)
from agent.channels.slack.deliveries import Answered, Delivery, Fields, part_of, text_in
from agent.channels.slack.files import text_of
from agent.channels.slack.forms import arrival_of
from agent.channels.slack.listening import (
    Bot,
    ChatClosed,
    ChatOpened,
    FormSent,
    Heard,
    HomeOpened,
    MessageChosen,
    Press,
    Unheard,
    Utterance,
    heard,
)
from agent.channels.slack.off import off
from agent.channels.slack.people import CannotTell, People, Turned
from agent.channels.slack.platform import SlackPlatform
from agent.channels.slack.sessions import AgentSessions
from agent.channels.slack.web_api import SlackRefused, WebApi
from agent.chat_settings import SlackSettings
from agent.events import Event
from agent.wording import phrase
from plugins.domain.deployment import Deployment
from plugins.domain.person import Person
from plugins.domain.plan import Plan, PlanItem

_log = logging.getLogger(__name__)


class SlackRecords(Protocol):
    """What Slack's own pages show of the records, for whoever looks."""

    async def takes_part(self, place: ChatPlace, person: Person) -> bool:
        """Whether this person has spoken with us there."""
        ...

    async def unanswered(self) -> tuple[tuple[str, Address], ...]:
        """Conversations in which an earlier process left something to be answered, and where they are."""
        ...

    async def deployments_of(self, person: Person) -> tuple[Deployment, ...]: ...

    async def waiting_for(self, person: Person) -> tuple[Plan, ...]: ...

    async def workspaces_of(self, plan_id: str, person: Person) -> tuple[PlanItem, ...]:
        """All workspaces of a plan; none where this person may not see it."""
        ...


class Door(Protocol):
    """Where deliveries come in; see `agent.channels.slack.bolt`."""

    async def answer(self, request: web.Request) -> web.StreamResponse: ...
    async def connect(self, app_token: str) -> None: ...
    async def close(self) -> None: ...


@dataclass(frozen=True)
class SlackParts:
    """What the channel is made of besides its settings. `sandbox` is told in the App Home."""

    api: WebApi
    platform: SlackPlatform
    people: People
    records: SlackRecords
    sandbox: bool
    app_token: str


class SlackChannel:
    """`ServedChannel` for Slack. `room` and `door` are given before it begins: both know it."""

    name = "slack"

    def __init__(self, settings: SlackSettings, parts: SlackParts, room: ChatRoom) -> None:
        self._settings = settings
        self._parts = parts
        self._room = room
        self._bot = Bot()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sessions = AgentSessions(parts.api)
        self._page: Link | None = None
        self._told: dict[tuple[str, str], float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self.door: Door | None = None

    @property
    def busy(self) -> bool:
        """Whether something is under way behind what was acknowledged."""
        return bool(self._tasks)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return [web.post("/slack/events", self._posted)]

    async def begin(self, doors: ServerDoors) -> None:
        self._loop = asyncio.get_running_loop()
        self._page = Link(phrase("slack.home.page"), doors.address)
        for conversation, address in await self._parts.records.unanswered():
            self._sessions.takes(conversation, address)
        self._behind(self._introduced(), "introduction")
        if self._settings.mode == "socket" and self.door is not None:
            self._behind(self.door.connect(self._parts.app_token), "the socket")

    async def stop(self, seconds: float) -> None:
        if self.door is not None:
            await self.door.close()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
        await self._parts.api.close()

    async def _posted(self, request: web.Request) -> web.StreamResponse:
        if self.door is None or self._settings.mode != "http":
            return await off(request)
        return await self.door.answer(request)

    def heard(self, event: Event) -> None:
        """What the app says, on whichever thread: the agent's pane shows how answers grow, and when it waits again."""
        self._parts.platform.streams.heard(event)
        if self._loop is not None and self._sessions.knows(event.conversation):
            with contextlib.suppress(RuntimeError):  # the loop has ended: so has the chat
                self._loop.call_soon_threadsafe(self._noted, event)

    def _noted(self, event: Event) -> None:
        if self._sessions.heard(event):
            self._behind(self._sessions.tell(event.conversation), "a session")

    async def receive(self, delivery: Delivery) -> Answered:
        """Takes in one delivery; raises where it could not be kept, and Slack is to send it again."""
        if not self._bot.user:
            with contextlib.suppress(SlackRefused):
                await self._introduced()
        meant = heard(delivery, self._bot)
        if isinstance(meant, ChatClosed):
            await self._room.gone(meant.place)
            return Answered()
        if isinstance(meant, Unheard):
            _log.debug("not for us: %s", meant.why)
            return Answered()
        who = await self._parts.people.who(delivery.team, delivery.user)
        if isinstance(who, Turned):
            return self._turned_away(delivery, meant, who)
        return await self._taken(meant, who)

    async def _taken(self, meant: Heard, person: Person) -> Answered:
        match meant:
            case Utterance():
                return await self._said(meant, person)
            case Press():
                return await self._pressed(meant, person)
            case FormSent():
                return await self._form(meant, person)
            case MessageChosen():
                self._behind(self._open(meant.trigger, order_form(meant.text, _kept(meant.address))), "a form")
            case HomeOpened():
                self._behind(self._home(person), "the home")
            case ChatOpened():
                await self._room.met(meant.address, person)
                if meant.prompts:
                    self._behind(self._sessions.suggest(meant.address), "suggestions")
            case _:
                pass
        return Answered()

    async def _said(self, said: Utterance, person: Person) -> Answered:
        if said.follows and not await self._follows(said.address.place, person):
            return Answered()
        text = await text_of(said, self._parts.api)
        if not isinstance(text, str):
            self._behind(self._word(said.address, person.id, text), "a word")
            return Answered()
        if not text:
            return self._empty(said, person)
        if not said.private:
            self._parts.platform.streams.seen(said.address, person)
        conversation = conversation_of(said.address.place, person)
        is_session = self._sessions.takes(conversation, said.address)
        receipt = await self._room.take_in(
            Arrival(said.client_id, said.address, person, text=text, private=said.private)
        )
        if receipt.private is not None:
            self._behind(self._word(said.address, person.id, receipt.private), "a word")
        if receipt.fresh and is_session:
            self._behind(self._sessions.begun(conversation, text), "a session")
        return Answered(_ephemeral(phrase("slack.room.taken"))) if said.private else Answered()

    async def _follows(self, place: ChatPlace, person: Person) -> bool:
        """A plain follow-up counts where its sender takes part in that thread, and mentions are not asked for."""
        return self._settings.threads == "follow" and await self._parts.records.takes_part(place, person)

    def _empty(self, said: Utterance, person: Person) -> Answered:
        if said.private:
            return Answered(_ephemeral(phrase("slack.room.empty", command=self._settings.command)))
        notice = SlackCards().card(Notice(phrase("slack.room.empty", command="@Brickie")))
        self._behind(self._word(said.address, person.id, notice), "a word")
        return Answered()

    async def _pressed(self, press: Press, person: Person) -> Answered:
        address = press.address
        if address is None:
            try:
                address = await self._parts.platform.personal_address(person.id, person.issuer.partition(":")[2])
            except Undeliverable as undeliverable:
                raise CannotTell from undeliverable
        press = replace(press, address=address)
        if press.ask == "pages":
            self._behind(self._paged(press, person), "a form")
            return Answered()
        form = form_for(press.ask, press.click, press.memo, _kept(address))
        if form is not None:
            self._behind(self._open(press.trigger, form), "a form")
            if press.ask != "decide":
                return Answered()
        await self._clicked(press, address, person, opens=form is not None)
        return Answered()

    async def _clicked(self, press: Press, address: Address, person: Person, *, opens: bool) -> None:
        """A message of Slack's is everybody's: what the room would show the clicker alone (`Receipt.card`) is not put
        there.
        """
        click = press.click
        text = click.value if click.slot == SAY else None
        if opens:  # whoever opens the form holds the plan for a minute, so that two do not decide over each other
            click = click.model_copy(update={"verb": "decide"})
        receipt = await self._room.take_in(
            Arrival(
                press.client_id,
                address,
                person,
                text=text,
                click=None if text else click,
                message_id=press.message_id,
            )
        )
        if receipt.private is not None:
            self._behind(self._word(address, person.id, receipt.private), "a word")

    async def _form(self, sent: FormSent, person: Person) -> Answered:
        arrival = arrival_of(sent, person)
        if arrival is None:
            return Answered()
        if not isinstance(arrival, Arrival):
            return Answered({"response_action": "errors", "errors": {**arrival}})
        receipt = await self._room.take_in(arrival)
        if receipt.private is not None:
            self._behind(self._word(arrival.address, person.id, receipt.private), "a word")
        return Answered()

    def _turned_away(self, delivery: Delivery, meant: Heard, who: Turned) -> Answered:
        """Says why, to them alone; of what they only said not more than once in a while."""
        if who.why is None or isinstance(meant, ChatOpened | HomeOpened):
            return Answered()
        text = phrase(f"slack.room.{who.why}", team=delivery.team)
        if delivery.kind == "command":
            return Answered(_ephemeral(text))
        address = meant.address if isinstance(meant, Utterance | Press | MessageChosen) else None
        is_asked = isinstance(meant, Press) or (isinstance(meant, Utterance) and not meant.follows)
        if address is not None and is_asked and self._may_tell(delivery, meant):
            self._behind(self._word(address, delivery.user, SlackCards().card(Notice(text, "refusal"))), "a refusal")
        return Answered()

    def _may_tell(self, delivery: Delivery, meant: Heard) -> bool:
        """Every click is answered; of what somebody says one in ten minutes is."""
        now, key = asyncio.get_running_loop().time(), (delivery.team, delivery.user)
        if isinstance(meant, Press):
            return True
        if now - self._told.get(key, -_TOLD_SECONDS) < _TOLD_SECONDS:
            return False
        if len(self._told) >= _MOST_TOLD:
            self._told.clear()
        self._told[key] = now
        return True

    async def _introduced(self) -> None:
        """Who we are here: needed to know our own mention, and our own messages."""
        answered = await self._parts.api.call("auth.test", {})
        self._bot = Bot(text_in(answered, "user_id"))

    async def _open(self, trigger: str, view: Mapping[str, Any]) -> str:
        answered = await self._parts.api.call("views.open", {"trigger_id": trigger, "view": view})
        return text_in(part_of(answered, "view"), "id")

    async def _paged(self, press: Press, person: Person) -> None:
        """A page of a plan for many, in a form of its own: opened first, since the records take their time."""
        page = press.memo.get("page")
        view_id = await self._open(press.trigger, opening())
        items = await self._parts.records.workspaces_of(press.click.plan_id or "", person)
        view = workspaces_form(items, press.click, page if isinstance(page, int) else 0) if items else gone()
        await self._parts.api.call("views.update", {"view_id": view_id, "view": view})

    async def _home(self, person: Person) -> None:
        shown = HomeShown(
            deployments=await self._parts.records.deployments_of(person),
            waiting=await self._parts.records.waiting_for(person),
            sandbox=self._parts.sandbox,
            page=self._page,
        )
        await self._parts.api.call("views.publish", {"user_id": person.id, "view": home_view(shown)})

    async def _word(self, address: Address, person_id: str, card: Card) -> None:
        await self._parts.platform.post_private(address, person_id, card)

    def _behind(self, work: Coroutine[Any, Any, object], what: str) -> None:
        task = asyncio.create_task(self._done(work, what))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _done(self, work: Coroutine[Any, Any, object], what: str) -> None:
        try:
            await work
        except (SlackRefused, Undeliverable) as refused:
            _log.warning("%s was not shown in Slack: %s", what, refused)
        except Exception:  # noqa: BLE001 - the top of a task; what was said is kept, and only a view is missing
            _log.exception("%s was not shown in Slack", what)


_TOLD_SECONDS = 600.0
_MOST_TOLD = 10_000


def _kept(address: Address) -> dict[str, Any]:
    return address.model_dump(mode="json")


def _ephemeral(text: str) -> Fields:
    return {"response_type": "ephemeral", "text": text}
