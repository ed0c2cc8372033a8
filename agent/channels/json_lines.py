"""The conversation as JSON lines, for scripts and checks.

Each input line is `{"text": …}` or `{"action": "confirm" | "reject" | "choose", …}` and may name the `conversation`
and, where the caller is believed, the `user` who speaks. Each turn's events follow, one a line, ending in `state`.
"""

import asyncio
import json
import sys
import uuid
from collections.abc import Callable
from typing import Any, Protocol, TextIO

from pydantic import BaseModel, ConfigDict

from agent.events import Button, Error, Event, Incoming
from agent.output import put_json
from agent.wording import phrase
from plugins.domain.plan import Person


class JsonLinesApp(Protocol):
    """What this channel needs of the app."""

    def listen(self, listener: Callable[[Event], None]) -> None: ...
    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None: ...
    async def close(self) -> None: ...


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str | None = None
    action: str | None = None
    plan_id: str | None = None
    digest: str | None = None
    slot: str | None = None
    value: Any = None
    user: Person | None = None
    conversation: str | None = None


class JsonLines:
    """Reads input lines and writes events, one JSON object a line. `believed` says whether `user` counts."""

    def __init__(self, app: JsonLinesApp, person: Person, *, believed: bool, until_settled: bool, out: TextIO) -> None:
        self._app = app
        self._person = person
        self._believed = believed
        self._until_settled = until_settled
        self._out = out
        self._here = f"cnv_{uuid.uuid4().hex[:12]}"
        app.listen(self._write)

    async def converse(self, source: TextIO) -> int:
        """Answers every line until the input ends, then waits for what is under way."""
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, source.readline):
            if line.strip():
                await self._answer(line)
        await self._app.close()
        return 0

    async def _answer(self, line: str) -> None:
        try:
            incoming = self._incoming(_Line.model_validate(json.loads(line)))
        except (ValueError, RecursionError):  # ValidationError is a ValueError; deep nesting exhausts the stack
            text = phrase("channels.json_lines.bad_line")
            self._write(Error(conversation=self._here, turn=0, code="bad_line", text=text, retryable=False))
            return
        await self._app.reply_to(incoming, until_settled=self._until_settled)

    def _incoming(self, line: _Line) -> Incoming:
        button = None
        if line.action is not None:
            value = None if line.value is None else str(line.value)
            clicked = {"action": line.action, "plan_id": line.plan_id, "digest": line.digest, "slot": line.slot}
            button = Button.model_validate({**clicked, "value": value})
        # Not believed, the name is passed over in silence, as every name that a client makes up.
        person = line.user if line.user is not None and self._believed else self._person
        return Incoming(conversation=line.conversation or self._here, person=person, text=line.text, button=button)

    def _write(self, event: Event) -> None:
        put_json(event.as_json(), self._out)


def converse(app: JsonLinesApp, person: Person, *, believed: bool, until_settled: bool) -> int:
    """Standard input to standard output, until the input ends."""
    lines = JsonLines(app, person, believed=believed, until_settled=until_settled, out=sys.stdout)
    return asyncio.run(lines.converse(sys.stdin))
