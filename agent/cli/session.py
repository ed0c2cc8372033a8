"""One command's part in the app: who speaks, what the records say, and a short conversation of its own."""

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from rapidfuzz import process

from agent.app import App, AppEnvironment, believes, local_person
from agent.events import Command, Error, Event, ImportCommand, Incoming, Message, Progress, Question, State, Table
from agent.output import put_json, tell, tell_moving
from agent.paths import home_of
from agent.settings import Settings, read_settings
from agent.store.records import Records
from agent.views.first_reading import warn_of_credentials
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person

if TYPE_CHECKING:
    from agent.channels.cards.console import Screen

T = TypeVar("T")
_NEAR = 60
"""How alike (of 100) a name must be to be offered for one that is unknown."""


class UnknownWorkspace(Exception):
    """There is no such workspace for this person; the text says which name is nearest."""


def speaker(options: argparse.Namespace, settings: Settings) -> Person:
    """Who speaks. Raises ConfigurationError when somebody is named and that is not believed here."""
    local = local_person(settings)
    if options.name is None and not options.role:
        return local
    if not believes(settings):
        raise ConfigurationError(
            "reading --as and --role",
            "they are believed in the sandbox, or from callers that the settings trust.",
            "Leave them out, or set Identity__TrustedCallers.",
        )
    name = options.name or local.name
    return Person(
        id=name, name=name, roles=tuple(options.role or local.roles), email=settings.identity.local_emails.get(name)
    )


class CommandSession:
    """What one command says and reads. Progress goes to standard error, data to standard output."""

    def __init__(self, options: argparse.Namespace, environment: Mapping[str, str]) -> None:
        self.settings = read_settings(environment)
        self.person = speaker(options, self.settings) if hasattr(options, "role") else local_person(self.settings)
        self.as_json = bool(getattr(options, "json", False))
        world = AppEnvironment(settings=self.settings, environment=environment, home=home_of(environment))
        self.app = App(world)
        self.conversation = f"cli-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        self._heard: list[Event] = []
        self.app.listen(self._hear)

    @property
    def scope(self) -> tuple[str, str] | None:
        """What this person may see: everything as an approver, else their own."""
        approver = self.settings.approvals.approver_role in self.person.roles
        return None if approver else (self.conversation, self.person.key)

    async def read(self, work: Callable[[Records], T]) -> T:
        """What the records say; no work is started."""
        await self.app.database.open()
        return await self.app.database.read(work)

    async def say(self, text: str) -> list[Event]:
        """One turn with what a person wrote, to its end; gives what was said, without progress."""
        return await self._turn(Incoming(conversation=self.conversation, person=self.person, text=text), text)

    async def order(self, command: Command | ImportCommand) -> list[Event]:
        """The same with what the command line means."""
        incoming = Incoming(conversation=self.conversation, person=self.person, command=command)
        return await self._turn(incoming, command.words)

    async def _turn(self, incoming: Incoming, written: str) -> list[Event]:
        self._heard.clear()
        if self.as_json:
            warn_of_credentials(written)
        await self.app.reply_to(incoming, until_settled=True)
        return [event for event in self._heard if not isinstance(event, Progress)]

    @property
    def has_planned(self) -> bool:
        """Whether the last turn came as far as planning."""
        return any(isinstance(event, Progress) and event.step == "plan" for event in self._heard)

    async def close(self) -> None:
        await self.app.close()
        await self.app.database.close()

    def show(self, events: list[Event]) -> None:
        """The events as data: JSON lines, or as a terminal shows them."""
        tell_moving()
        if self.as_json:
            for event in events:
                if not isinstance(event, State):
                    write_json(event.as_json())
            return
        from agent.channels.cards.terminal import render  # rich, only where it prints

        for event in events:
            shown = render(event)
            if shown is not None:
                console().print(shown, highlight=False)

    def _hear(self, event: Event) -> None:
        self._heard.append(event)
        if isinstance(event, Progress) and sys.stderr.isatty():
            from agent.channels.cards.terminal import progress_line

            tell_moving(progress_line(event))


async def exact_name(session: CommandSession, wanted: str) -> str:
    """The workspace's own spelling. Raises Unknown, with the nearest name, when this person knows none of it."""

    def names(records: Records) -> tuple[str, ...]:
        return tuple(brief.workspace_name for brief in records.briefs(of=session.scope))

    known = await session.read(names)
    found = next((name for name in reversed(known) if name.casefold() == wanted.casefold()), None)
    if found is not None:
        return found
    near = process.extractOne(wanted, known, score_cutoff=_NEAR) if known else None
    hint = f"Did you mean {near[0]}?" if near else "`brickie deployments list` shows those that stand."
    raise UnknownWorkspace(f"there is no workspace called {wanted[:64]}. {hint}")


def why_not(events: list[Event]) -> str:
    """What was said in place of what was asked for, on one line."""
    said = [event.text for event in events if isinstance(event, Message | Error)]
    said += [question.text for event in events if isinstance(event, Question) for question in event.questions]
    said += [_rows(event) for event in events if isinstance(event, Table)]
    return " ".join(" ".join(said).split()) or "nothing came of it."


def _rows(table: Table) -> str:
    """The table's rows as clauses: "line 3: …; line 7: …"."""
    first = table.columns[0].casefold()
    return "; ".join(f"{first} {row[0]}: {', '.join(map(str, row[1:]))}" for row in table.rows)


def fail(text: str) -> int:
    tell(f"brickie: {text}")
    return 1


def write_json(value: Mapping[str, object]) -> None:
    put_json(value)


def console() -> "Screen":
    from agent.channels.cards.console import Screen

    return Screen(width=None if sys.stdout.isatty() else 120)
