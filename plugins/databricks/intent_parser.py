"""A sentence as a request, for scripts: by the rules, or by whatever else reads messages."""

import asyncio
import warnings
from datetime import UTC, datetime

from plugins.credentials import demand_none
from plugins.databricks.sentences import SAYS
from plugins.domain.errors import InvalidRequest
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import MOST_CHARACTERS, Context, MessageReader, Understanding

_ASKING = ("provision", "cost", "amend")


class IntentParser:
    """Text → request, by the rules or by a reader, such as `agent.brain.model_reader()` gives for the configured model.

    >>> import asyncio
    >>> request = asyncio.run(IntentParser().parse_request("Databricks for the ML team in dev"))
    >>> (request.team, request.environment, request.workload_type)
    ('ml', 'dev', 'machine_learning')
    """

    def __init__(self, reader: MessageReader | None = None) -> None:
        self._reader = reader or _RulesReader()

    async def parse_request(self, text: str) -> InfrastructureRequest:
        """The first workspace that the text asks for; see `parse_requests`."""
        return (await self.parse_requests(text))[0]

    async def parse_requests(self, text: str) -> tuple[InfrastructureRequest, ...]:
        """Every workspace that the text asks for, in its order. Warns where the rules had to read it for a model.

        Raises InvalidRequest (a ValueError) when it is no text, asks for no workspace, or holds a credential.
        """
        activity = SAYS("script.reading_request")
        if not isinstance(text, str) or not text.strip():  # pyright: ignore[reportUnnecessaryIsInstance] - of a script
            raise SAYS.error(InvalidRequest, "script.no_text")
        if len(text) > MOST_CHARACTERS:
            raise SAYS.error(InvalidRequest, "script.long_text", most=MOST_CHARACTERS)
        demand_none(activity, [text])
        understood = await self._reader.understand(text, Context(today=datetime.now(UTC).date()))
        if understood.notice:
            warnings.warn(understood.notice, RuntimeWarning, stacklevel=2)
        if understood.act not in _ASKING or not understood.requests:
            raise SAYS.error(InvalidRequest, "script.no_workspace")
        return understood.requests


class _RulesReader:
    """The rules, off the event loop."""

    async def understand(self, text: str, context: Context) -> Understanding:
        from plugins.parse import understand  # a tenth of a second that a script without a text need not wait for

        return await asyncio.to_thread(understand, text, context)
