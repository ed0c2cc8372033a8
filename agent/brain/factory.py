"""Which brain answers: the model where one is configured, else the rules."""

import asyncio
import os
import tomllib
import warnings
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING

from agent.brain.endpoint import Endpoint, endpoint_of
from agent.brain.limits import Usage
from agent.brain.model import ModelBrain, ModelClient, ModelDependencies
from agent.brain.protocol import Brain
from agent.brain.reader import Reader
from agent.brain.rules import RulesBrain
from agent.paths import place
from agent.settings import Settings
from agent.telemetry import quiet_foreign_logs
from plugins.domain.understanding import Context

if TYPE_CHECKING:
    from agent.brain.double.answers import Script
    from agent.brain.semantic_kernel import KernelClientParts, LookFor


def _unheard(_: Usage) -> None:
    """Nobody counts."""


def _unseen(_: Context, __: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class BrainDependencies:
    """What a brain needs from outside: the settings, a date, how to look things up for somebody, who hears of
    every call's usage, who of every look-up that begins, and who reads texts.
    """

    settings: Settings
    today: Callable[[], date]
    look: "LookFor"
    spent: Callable[[Usage], None] = _unheard
    looking: Callable[[Context, str], None] = _unseen
    reader: Reader = field(default_factory=Reader)


def brain_for(needs: BrainDependencies, environment: Mapping[str, str]) -> Brain:
    """The brain that this environment configures. Nothing heavy is imported before the first message.

    Raises ConfigurationError for half a configuration.
    """
    endpoint = endpoint_of(needs.settings.model, environment)
    if endpoint is None:
        return RulesBrain(needs.reader)

    async def make_client() -> ModelClient:
        return await asyncio.to_thread(_kernel_client, endpoint, needs)

    return _model_brain(needs, make_client)


def _model_brain(needs: BrainDependencies, make_client: Callable[[], Awaitable[ModelClient]]) -> ModelBrain:
    """A model brain over this client, with the rules behind it."""
    words = tomllib.loads((place("templates") / "replies" / "model.toml").read_text("utf-8"))
    return ModelBrain(
        ModelDependencies(
            make_client=make_client,
            rules=RulesBrain(needs.reader),
            reader=needs.reader,
            settings=needs.settings.model,
            words=words,
            spent=needs.spent,
        )
    )


def warm_up(*, sensitive: bool = False) -> None:
    """Imports what a model's first message needs: two to three seconds, best spent while somebody types.

    With `sensitive`, Semantic Kernel is told to write prompts and answers into its spans; it asks once, at import.
    """
    if sensitive:
        os.environ["SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS_SENSITIVE"] = "true"
    quiet_foreign_logs()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import_module("agent.brain.semantic_kernel")


def parts_of(needs: BrainDependencies) -> "KernelClientParts":
    """What the client through the kernel is made of."""
    from agent.brain.semantic_kernel import KernelClientParts, Prompts
    from agent.brain.synonyms import with_synonyms

    folder = place("prompts")
    prompts = Prompts(
        understand=with_synonyms((folder / "understand.md").read_text("utf-8")),
        phrase=(folder / "phrase.md").read_text("utf-8"),
        repair=(folder / "repair.md").read_text("utf-8"),
        functions=tomllib.loads((folder / "functions.toml").read_text("utf-8")),
    )
    return KernelClientParts(
        settings=needs.settings.model,
        platform=needs.settings.platform,
        today=needs.today,
        templates=place("templates") / "terraform",
        look=needs.look,
        prompts=prompts,
        looking=needs.looking,
        rules=RulesBrain(needs.reader),
    )


def doubled_brain(needs: BrainDependencies, script: "Script") -> ModelBrain:
    """A model brain over the double that stands directly under the kernel: no HTTP."""

    async def make_client() -> ModelClient:
        warm_up()
        from agent.brain.double.connector import DoubledService
        from agent.brain.semantic_kernel import SemanticKernelClient

        return SemanticKernelClient(
            DoubledService(ai_model_id="double", service_id="model", script=script), parts_of(needs)
        )

    return _model_brain(needs, make_client)


def _kernel_client(endpoint: Endpoint, needs: BrainDependencies) -> ModelClient:
    warm_up(sensitive=needs.settings.telemetry.enabled and needs.settings.telemetry.sensitive)
    from agent.brain.client import connect
    from agent.brain.semantic_kernel import SemanticKernelClient, service_of

    client = connect(endpoint, needs.settings.model.timeout_seconds)
    return SemanticKernelClient(service_of(client, endpoint.model), parts_of(needs))
