"""What a model is sent for each message of a set, word for word: for somebody who answers in its place."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from agent.brain.double.answers import Answer, Call
from agent.brain.double.server import Double, serving
from agent.brain.double.stand_in import pointed_at
from agent.brain.factory import BrainDependencies, brain_for
from agent.evaluation.labels import GoldLine
from agent.settings import read_settings
from agent.wording import phrase
from plugins.domain.understanding import Context

_READER = "brickie-understood"


def asked(lines: list[GoldLine], environment: Mapping[str, str]) -> str:
    """The system prompt and the functions once, then every message with the state that goes with it.

    It is what a double received over the wire from the client that a real endpoint would hear. Labels are not shown.
    """
    sent = _sent(lines, environment)
    if not sent:
        return phrase("evaluation.for_the_reader")
    first = sent[0]
    reader = [tool["function"] for tool in first["tools"] if tool["function"]["name"] == _READER]
    others = [tool["function"] for tool in first["tools"] if tool["function"]["name"] != _READER]
    parts = [
        phrase("evaluation.for_the_reader"),
        f"== system\n{first['messages'][0]['content']}",
        *(f"== function\n{json.dumps(function, ensure_ascii=False, indent=1)}" for function in reader),
        "== other functions\n" + "\n".join(f"{other['name']}: {other['description']}" for other in others),
    ]
    for line, body in zip(lines, sent, strict=True):
        body_text = "\n".join(f"-- {message['role']}\n{message['content']}" for message in body["messages"][1:])
        parts.append(f"== message {line.id}\n{body_text}")
    return "\n\n".join(parts) + "\n"


def _sent(lines: list[GoldLine], environment: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The body of the request for each line."""
    double = Double(lambda _: Answer(calls=(Call(_READER, '{"act": "unclear"}'),)))

    async def nothing(_: Context, __: str, ___: Mapping[str, Any]) -> dict[str, Any]:
        return {"workspaces": []}

    def today() -> Any:
        return datetime.now(UTC).date()

    async def ask_all(address: str) -> None:
        pointed = pointed_at(environment, address)
        brain = brain_for(BrainDependencies(read_settings(pointed), today, nothing), pointed)
        for line in lines:
            own = f"asking-{line.id}"
            await brain.understand(line.text, Context(today=today(), person=own, conversation=own))
        await brain.close()

    with serving(double) as address:
        asyncio.run(ask_all(address))
    return double.requests
