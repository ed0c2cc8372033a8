"""The conversation as JSON lines, for scripts and checks: contract, section 5."""

import asyncio
import json
import sys
import uuid
from collections.abc import Callable
from typing import Any, Protocol, TextIO

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.events import Button, Error, Event, Incoming
from agent.output import put_json
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
            said = _Line.model_validate(json.loads(line))
            incoming = self._incoming(said)
        except (ValueError, RecursionError, ValidationError):
            text = (
                'That line is no message: send {"text": "…"} or {"action": "confirm", "plan_id": "…", "digest": "…"}.'
            )
            self._write(Error(conversation=self._here, turn=0, code="bad_line", text=text, retryable=False))
            return
        await self._app.reply_to(incoming, until_settled=self._until_settled)

    def _incoming(self, said: _Line) -> Incoming:
        button = None
        if said.action is not None:
            value = None if said.value is None else str(said.value)
            button = Button.model_validate(
                {
                    "action": said.action,
                    "plan_id": said.plan_id,
                    "digest": said.digest,
                    "slot": said.slot,
                    "value": value,
                }
            )
        person = said.user if said.user is not None and self._believed else self._person
        return Incoming(conversation=said.conversation or self._here, person=person, text=said.text, button=button)

    def _write(self, event: Event) -> None:
        put_json(event.as_json(), self._out)


def converse(app: JsonLinesApp, person: Person, *, believed: bool, until_settled: bool) -> int:
    """Standard input to standard output, until the input ends."""
    lines = JsonLines(app, person, believed=believed, until_settled=until_settled, out=sys.stdout)
    return asyncio.run(lines.converse(sys.stdin))
