"""The brain without a model: tables and rules, a millisecond a message."""

from collections.abc import Callable
from functools import partial

from agent.brain.reader import Reader
from plugins.domain.understanding import Context, Understanding

Understand = Callable[[str, Context], Understanding]


def by_rules(text: str, context: Context) -> Understanding:
    from plugins.parse import understand  # a tenth of a second behind the prompt

    return understand(text, context)


class RulesBrain:
    """Reads with `understand`, a function of a module, wherever `reader` has it read."""

    def __init__(self, reader: Reader, understand: Understand = by_rules) -> None:
        self._reader = reader
        self._understand = understand

    async def understand(self, text: str, context: Context) -> Understanding:
        """Raises Unread for a long text that cannot be read in time."""
        work = partial(self._understand, text, context)
        return await self._reader.read(work, length=len(text), person=context.person)

    async def close(self) -> None:
        """The reader is whoever's who made it."""
