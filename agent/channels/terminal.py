"""A conversation in a terminal: prompt and history where a person types, plain lines where a pipe does."""

import asyncio
import os
import shutil
import signal
import sys
import textwrap
import time
import uuid
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from agent.output import put
from agent.wording import phrase
from plugins.credentials import without_credentials

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from rich.console import Console
    from rich.live import Live

    from agent.events import Event, Incoming, Message, Progress, Result
    from plugins.domain.plan import Person

MOST_LINES = 8
"""Workspaces whose progress moves at once; of a batch the rest is counted."""

_AFTER_PROMPT_SECONDS = 0.1
"""So long the loading stays away from the prompt: the first keys are echoed while nothing holds the interpreter."""
_LEAVING = frozenset({"exit", "quit", ":q", "/exit", "/quit"})


class TerminalApp(Protocol):
    """What this channel needs of the app."""

    def listen(self, listener: "Callable[[Event], None]") -> None: ...
    async def reply_to(self, incoming: "Incoming", *, until_settled: bool) -> None: ...
    async def settled(self) -> None: ...
    async def reminder(self, person: "Person", conversation: str) -> str: ...
    async def cancel(self) -> bool: ...
    async def close(self) -> None: ...


Start: TypeAlias = "Callable[[], tuple[TerminalApp, Person]]"


def converse(
    start: Start, *, first: str | None, home: Path, sandbox: bool, returns: bool = False, behind: tuple[str, ...] = ()
) -> int:
    """Holds the conversation until it is left; 1 when the last deployment failed.

    `returns` where somebody may have been here before: what is open from then is told first. `start` gives the app and
    who speaks; it is called behind the first prompt, where the modules named by `behind`
    are loaded as well.
    """
    greeting = [phrase("channels.terminal.greeting"), *([phrase("channels.terminal.sandbox")] if sandbox else [])]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    put("".join(f"{in_lines(line, width)}\n" for line in greeting))
    return asyncio.run(_Session(start, home=home, sandbox=sandbox, returns=returns, behind=behind).run(first))


def in_lines(text: str, width: int | None) -> str:
    """The text in lines of at most so many characters, no word of it broken; as it is where no width is known."""
    return text if width is None else "\n".join(textwrap.wrap(text, max(width, _NARROWEST)))


_NARROWEST = 20


class _Session:
    def __init__(self, start: Start, *, home: Path, sandbox: bool, returns: bool, behind: tuple[str, ...]) -> None:
        self._behind = behind
        self._returns = returns
        self._start = start
        self._started: tuple[TerminalApp, Person] | None = None
        self._speaker: Person | None = None
        self._home = home
        self._sandbox = sandbox
        self._here = f"cnv_{uuid.uuid4().hex[:12]}"
        self._screen = _Screen()

    async def run(self, first: str | None) -> int:
        typed = sys.stdin.isatty() and sys.stdout.isatty()
        if first or not typed:
            await self._remind()
        if first:
            await self._say(first)
        await (self._typed() if typed else self._piped())
        if self._started is not None:
            await self._app.close()
        return 1 if self._screen.failed else 0

    @property
    def _app(self) -> TerminalApp:
        if self._started is None:
            self._started = self._start()
            self._started[0].listen(self._screen.show)
        return self._started[0]

    @property
    def _person(self) -> "Person":
        if self._speaker is None:
            self._speaker = self._started[1] if self._started else self._start()[1]
        return self._speaker

    async def _typed(self) -> None:
        prompt, drawn = self._prompt(), asyncio.Event()

        def note_drawn(_: object) -> None:
            drawn.set()

        prompt.app.after_render += note_drawn
        loading: asyncio.Future[None] | None = None
        while True:
            try:
                if loading is None:
                    loading = asyncio.ensure_future(self._made_ready(drawn))
                text = await prompt.prompt_async("> ")
            # At the prompt Ctrl-C drops the line; only Ctrl-D and the words for it leave.
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
            if text.strip().casefold() in _LEAVING:
                return
            if text.strip():
                # Two imports of the same modules at once, here and in the loader's thread, may wait for each other.
                await loading
                await self._say(text)

    async def _made_ready(self, drawn: asyncio.Event) -> None:
        """Loads what the first message needs, and tells above the prompt what is open from before."""
        from prompt_toolkit.application import run_in_terminal

        await _loaded(self._behind, drawn)
        text = await self._reminder()
        if text:
            await run_in_terminal(lambda: self._screen.tell(text))

    async def _remind(self) -> None:
        text = await self._reminder()
        if text:
            self._screen.tell(text)

    async def _reminder(self) -> str:
        """What is open for whoever speaks; where nobody has spoken here yet there is nothing, and nothing is opened."""
        if not self._returns:
            return ""
        return await self._app.reminder(self._person, self._here)

    async def _piped(self) -> None:
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            text = line.rstrip("\n")
            if text.strip():
                # A pipe shows what it was fed, for whoever reads the output; never a secret of it.
                self._screen.echo(without_credentials(text))
                await self._say(text)

    async def _say(self, text: str) -> None:
        """One turn, to its end. Ctrl-C stops what is under way cleanly; the conversation goes on."""
        # In the sandbox alone: elsewhere who speaks is who the system says.
        if text.startswith("/as ") and self._sandbox:
            self._become(text)
            return
        from agent.events import Incoming  # behind the prompt

        app = self._app
        self._screen.speaker = self._person
        incoming = Incoming(conversation=self._here, person=self._person, text=text)
        turn = asyncio.create_task(app.reply_to(incoming, until_settled=True))
        loop = asyncio.get_running_loop()
        stops: list[asyncio.Task[bool]] = []

        def stop() -> None:
            self._screen.note(phrase("channels.terminal.stopping"))
            stops.append(asyncio.create_task(app.cancel()))

        # Ctrl-C must not break Terraform off: killed in an apply, it leaves what nobody has written down.
        loop.add_signal_handler(signal.SIGINT, stop)
        try:
            await turn
            for stopping in stops:
                await stopping
        finally:
            loop.remove_signal_handler(signal.SIGINT)
            self._screen.settle()

    def _become(self, text: str) -> None:
        """Speaks as somebody else from here on: the sandbox lets one person show what four eyes mean."""
        from plugins.domain.plan import Person  # behind the prompt

        name, *roles = text.replace(",", " ").split()[1:]
        _ = self._app
        self._speaker = Person(id=name, name=name, roles=tuple(roles) or self._person.roles)
        self._screen.note(phrase("channels.terminal.speaker", name=name, roles=", ".join(self._person.roles)))

    def _prompt(self) -> "PromptSession[str]":
        from prompt_toolkit import PromptSession  # 0.1 s behind the greeting
        from prompt_toolkit.history import FileHistory

        from plugins.private import private_file, private_folder

        class CleanHistory(FileHistory):
            """What is typed, with credentials cut out: it lies on disk, and comes back with an arrow key."""

            def append_string(self, string: str) -> None:
                super().append_string(without_credentials(string))

        path = private_file(private_folder(self._home) / "history")
        return PromptSession(history=CleanHistory(str(path)), complete_while_typing=False)


class _Screen:
    """Prints events. Progress moves on one line where a person watches, and is left out of pipes."""

    def __init__(self) -> None:
        self.failed = False
        self.speaker: Person | None = None
        self._streamed = ""
        self._console: Console | None = None
        self._live: Live | None = None
        self._running: dict[str, tuple[Progress, float]] = {}
        self._names: dict[str, str] = {}
        self._ended = 0
        self._batch: frozenset[str] = frozenset()

    def echo(self, text: str) -> None:
        self._out.print(f"\n> {text}", markup=False, highlight=False)

    def note(self, text: str) -> None:
        self._out.print(text, style="dim", markup=False, highlight=False)

    def tell(self, text: str) -> None:
        """A text of ours that no turn said."""
        from rich.markdown import Markdown

        from agent.output import plain

        self._out.print(Markdown(plain(text)), highlight=False)

    def show(self, event: "Event") -> None:
        from agent.channels.cards.terminal import render
        from agent.events import (
            ApprovalNoted,
            Message,
            PlanProposed,
            Progress,
            Question,
            Result,
            State,
        )

        if isinstance(event, Progress):
            self._progress(event)
            return
        if isinstance(event, Message) and self._streams(event):
            return
        if isinstance(event, PlanProposed):
            self._batch = frozenset(item.deployment_id for item in event.items) if len(event.items) > 1 else frozenset()
            self._names |= {item.deployment_id: item.decision.workspace_name for item in event.items}
        if isinstance(event, ApprovalNoted) and event.status == "approved":
            # A new run counts for itself: the exit code tells how the last one ended.
            self._ended, self.failed = 0, False
        if isinstance(event, Result) and self._is_of_batch(event):
            return
        if not isinstance(event, State):
            self.settle()
            rendered = render(event, person=self.speaker)
            if rendered is not None:
                self._out.print(rendered, soft_wrap=False, highlight=False)
        if isinstance(event, Question):
            self.failed = False

    def _streams(self, message: "Message") -> bool:
        """Shows a piece of a streamed text as it comes; True when nothing is left to show of this message."""
        if message.delta:
            self._streamed += message.text
            self._out.print(message.text, end="", markup=False, highlight=False, soft_wrap=True)
            return True
        streamed, self._streamed = self._streamed, ""
        if streamed:
            self._out.print()
        return bool(streamed) and streamed.strip() == message.text.strip()

    def _is_of_batch(self, event: "Result") -> bool:
        """Counts the ending; True where one table tells of all of them at the end, and this one is not shown alone."""
        self._running.pop(event.deployment_id, None)
        if event.deployment_id not in self._batch:
            self.failed = event.error is not None
            return False
        self._ended += 1
        self.failed = self.failed or event.error is not None
        return True

    def settle(self) -> None:
        """Ends the moving line."""
        if self._live is not None:
            self._live.stop()
            self._live = None
        self._running.clear()

    def _progress(self, event: "Progress") -> None:
        from agent.channels.cards.terminal import progress_line

        if not self._out.is_terminal:
            # A pipe keeps every line for ever: only what began and what is done.
            if event.step == "plan" or event.done == event.total:
                line = progress_line(event, of=self._name_of(event))
                self._out.print(line, markup=False, highlight=False)
            return
        from rich.live import Live

        begun = time.monotonic() - event.elapsed_s
        if event.step == "plan" and event.total > 1 and event.done:
            self._running = {"plan": (event, begun)}
        else:
            self._running[event.deployment_id] = (event, begun)
        if self._live is None:
            # Asked anew at each drawing: the time runs on while nothing is told.
            self._live = Live(get_renderable=self._moving, console=self._out, transient=True, refresh_per_second=8)
            self._live.start()

    def _moving(self) -> str:
        """What is under way now, a line a workspace."""
        from agent.channels.cards.terminal import progress_line

        now, running = time.monotonic(), list(self._running.values())
        lines = [
            moving_line(event, progress_line(event, of=self._name_of(event), seconds=now - begun), self._out.width)
            for event, begun in running
        ]
        ended = [phrase("channels.terminal.ended", ended=self._ended, running=len(lines))] if self._ended else []
        unseen = len(lines) - MOST_LINES
        more = [phrase("channels.terminal.more", count=unseen)] if unseen > 0 else []
        return "\n".join([*ended, *lines[-MOST_LINES:], *more])

    def _name_of(self, event: "Progress") -> str:
        """The workspace, where several are under way."""
        return self._names.get(event.deployment_id, "") if event.deployment_id in self._batch else ""

    @property
    def _out(self) -> "Console":
        if self._console is None:
            from agent.channels.cards.console import Screen  # behind the greeting

            width = None if sys.stdout.isatty() else int(os.environ.get("COLUMNS") or 100)
            self._console = Screen(width=width, soft_wrap=False)
        return self._console


async def _loaded(behind: tuple[str, ...], drawn: asyncio.Event) -> None:
    """Imports what the first message needs while the person types it, once the prompt stands."""
    await drawn.wait()
    await asyncio.sleep(_AFTER_PROMPT_SECONDS)
    await asyncio.get_running_loop().run_in_executor(None, _load, behind)


def _load(behind: tuple[str, ...]) -> None:
    for name in ("agent.app", "agent.channels.cards.terminal", "plugins.parse", *behind):
        import_module(name)


def moving_line(event: "Progress", line: str, width: int) -> str:
    """One line of the terminal, as Rich's markup: a bar and what is done. What is too long loses its middle, and keeps
    its time: a line that wraps would be drawn twice.
    """
    from rich.markup import escape

    filled = _BAR * event.done // event.total if event.total else 0
    bar = "━" * filled + "╌" * (_BAR - filled)
    room = width - _BAR - 2
    if len(line) > room:
        text, mark, lasted = line.rpartition(" (")
        end = f"{mark}{lasted}" if mark and event.step != "plan" else ""
        line = f"{(text if end else line)[: max(room - len(end) - 1, 0)]}…{end}"
    return f"[cyan]{bar}[/] {escape(line)}"


_BAR = 20
"""Characters of a bar of progress."""
