"""The configured model for scripts: `IntentParser(reader=model_reader())`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agent.brain.endpoint import endpoint_of
from agent.brain.factory import BrainDependencies, brain_for
from agent.brain.reader import Reader
from agent.settings import Settings, read_settings
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError
from plugins.domain.understanding import Context, MessageReader, Understanding


def model_reader(environment: Mapping[str, str] | None = None) -> MessageReader:
    """Reads a message with the model that the environment configures (Azure OpenAI, or another that speaks its
    protocol), by function calling, held to the person's own words. Where the model does not answer the rules read it,
    and the understanding's `notice` says so.

    Raises ConfigurationError (a ValueError) where no model, or half of one, is configured.
    """
    given = dict(os.environ) if environment is None else dict(environment)
    settings = read_settings(given)
    if endpoint_of(settings.model, given) is None:
        raise error_of(ConfigurationError, "brain.no_model")
    return _ModelReader(settings, given)


@dataclass(frozen=True)
class _ModelReader:
    """Connects for each message: a script may read each of them in an event loop of its own."""

    settings: Settings
    environment: Mapping[str, str]

    async def understand(self, text: str, context: Context) -> Understanding:
        reader = Reader()
        needs = BrainDependencies(self.settings, lambda: datetime.now(UTC).date(), _nothing_deployed, reader=reader)
        brain = brain_for(needs, self.environment)
        try:
            return await brain.understand(text, context)
        finally:
            await brain.close()
            await reader.close()


async def _nothing_deployed(_: Context, __: str, ___: Mapping[str, Any]) -> dict[str, Any]:
    """A script has no conversation, and no records to look things up in."""
    return {"error": phrase("brain.to_model.nobody_speaks")}
