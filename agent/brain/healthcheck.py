"""What `brickie doctor` asks of a configured model: one small call that a working model answers by a function."""

import asyncio
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.brain.client import connect
from agent.brain.endpoint import Endpoint, endpoint_of
from agent.brain.failures import ModelFailed, failure_of
from agent.paths import place
from agent.settings import ModelSettings
from agent.telemetry import quiet_foreign_logs
from agent.wording import phrase

_SECONDS = 10.0


@dataclass(frozen=True)
class ModelHealth:
    """`kind` names what is wrong as in `agent.brain.failures`, "" for nothing; the rest is for people."""

    where: str
    kind: str = ""
    problem: str = ""
    fix: str = ""


def examined(model: ModelSettings, environment: Mapping[str, str]) -> ModelHealth | None:
    """What a call of the configured model shows; None when none is configured.

    Raises ConfigurationError for half a configuration. Costs one call of a few dozen tokens.
    """
    endpoint = endpoint_of(model, environment)
    if endpoint is None:
        return None
    quiet_foreign_logs()
    where = f"{endpoint.model} at {endpoint.where}"
    try:
        asyncio.run(_called(endpoint, min(model.timeout_seconds, _SECONDS)))
    except Exception as error:  # noqa: BLE001 - the rim: every foreign error becomes one of our kinds
        kind = failure_of(error).kind
        words = tomllib.loads((place("templates") / "replies" / "model_doctor.toml").read_text("utf-8"))
        advice = words.get(kind, words["nonsense"])
        return ModelHealth(where, kind, advice["problem"], advice["fix"])
    return ModelHealth(where)


def _function() -> Any:
    """The function that a working model calls, as the chat completions protocol describes one."""
    return {
        "type": "function",
        "function": {
            "name": "ready",
            "description": phrase("brain.to_model.ready_description"),
            "parameters": {"type": "object", "properties": {}},
        },
    }


async def _called(endpoint: Endpoint, seconds: float) -> None:
    """Raises ModelFailed, or a foreign error, unless the model answers by calling the function."""
    client = connect(endpoint, seconds)
    try:
        async with asyncio.timeout(seconds):
            answer = await client.chat.completions.create(
                model=endpoint.model,
                messages=[{"role": "user", "content": phrase("brain.to_model.call_ready")}],
                tools=[_function()],
                tool_choice="required",
            )
    finally:
        await client.close()
    if not answer.choices:
        raise ModelFailed("not_a_model")
    if not answer.choices[0].message.tool_calls:
        raise ModelFailed("no_tools")
