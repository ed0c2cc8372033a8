"""What one command does with the app: who speaks, what the records say, and a short conversation of its own."""

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from rapidfuzz import process

from agent.app import App, AppEnvironment, believes, local_person
from agent.events import Command, Error, Event, ImportCommand, Incoming, Message, Progress, Question, State, Table
from agent.factories import rules_of
from agent.output import put_json, tell, tell_moving
from agent.paths import home_of
from agent.settings import Settings, read_settings
from agent.store.records import Records
from agent.views.first_reading import warn_of_credentials
from agent.views.visibility import Viewer
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person

if TYPE_CHECKING:
    from agent.channels.cards.console import Screen

T = TypeVar("T")
_NEAR = 60
"""How alike (of 100, rapidfuzz's weighted ratio) a name must be to be offered for one that is unknown."""

_MOST_CHARACTERS = 64
"""Of a name that is said back: Azure's own limit for a workspace's."""


class UnknownWorkspace(Exception):
    """There is no such workspace for this person; the text says which name is nearest."""


def speaker(options: argparse.Namespace, settings: Settings) -> Person:
    """Who speaks. Raises ConfigurationError when somebody is named and that is not believed here."""
    local = local_person(settings)
    if options.name is None and not options.role:
        return local
    if not believes(settings):
        raise error_of(ConfigurationError, "cli.speaker.not_believed")
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
        self.app = App(AppEnvironment(settings=self.settings, environment=environment, home=home_of(environment)))
        # One for each run of a command: nobody else's words are its context.
        self.conversation = f"cli-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        self._heard: list[Event] = []
        self.app.listen(self._hear)

    @property
    def viewer(self) -> Viewer:
        """The person who runs this command, looking from its own conversation."""
        return Viewer(self.person, rules_of(self.settings), self.conversation)

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
        # Where events are data the warning goes beside them; otherwise the conversation itself says it.
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

    def show(self, events: list[Event], *, whole: bool = True) -> None:
        """The events as data: JSON lines, or as a terminal shows them; not `whole` where more can be asked for."""
        tell_moving()  # ends the moving line, or the first of these would be printed behind it
        if self.as_json:
            for event in events:
                if not isinstance(event, State):
                    write_json(event.as_json())
            return
        from agent.channels.cards.terminal import render  # rich, only where it prints

        for event in events:
            rendered = render(event, whole=whole, person=self.person)
            if rendered is not None:
                console().print(rendered, highlight=False)

    def _hear(self, event: Event) -> None:
        self._heard.append(event)
        # Standard output is for data: what moves goes to standard error.
        if isinstance(event, Progress) and sys.stderr.isatty():
            from agent.channels.cards.terminal import progress_line

            tell_moving(progress_line(event))


async def exact_name(session: CommandSession, typed: str) -> str:
    """The workspace's own spelling. Raises UnknownWorkspace, with the nearest, when this person knows no such name."""

    def names(records: Records) -> tuple[str, ...]:
        return tuple(brief.workspace_name for brief in records.briefs(of=session.viewer.scope))

    known = await session.read(names)
    # From the newest back: a name may have been used again, spelled otherwise, since its first workspace went.
    spelled = next((name for name in reversed(known) if name.casefold() == typed.casefold()), None)
    if spelled is not None:
        return spelled
    near = process.extractOne(typed, known, score_cutoff=_NEAR) if known else None
    hint = phrase("cli.session.near", name=near[0]) if near else phrase("cli.session.list")
    raise UnknownWorkspace(phrase("cli.session.unknown", name=typed[:_MOST_CHARACTERS], hint=hint))


def why_not(events: list[Event]) -> str:
    """What was said in place of what was asked for, on one line."""
    sentences = [event.text for event in events if isinstance(event, Message | Error)]
    sentences += [question.text for event in events if isinstance(event, Question) for question in event.questions]
    sentences += [_rows(event) for event in events if isinstance(event, Table)]
    return " ".join(" ".join(sentences).split()) or phrase("cli.session.nothing")


def _rows(table: Table) -> str:
    """The table's rows as clauses: "line 3: …; line 7: …"."""
    first = table.columns[0].casefold()
    return "; ".join(f"{first} {row[0]}: {', '.join(map(str, row[1:]))}" for row in table.rows)


def fail(text: str) -> int:
    """The exit code of a command that did not do what was asked for, after saying why."""
    tell(phrase("cli.failed", text=text))
    return 1


def write_json(value: Mapping[str, object]) -> None:
    put_json(value)


def console() -> "Screen":
    """Standard output: as wide as the terminal, and in a pipe wide enough for a list's longest lines."""
    from agent.channels.cards.console import Screen

    return Screen(width=None if sys.stdout.isatty() else 120)
