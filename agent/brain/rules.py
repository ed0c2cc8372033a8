"""The brain without a model: tables and rules, a millisecond a message."""

from dataclasses import replace
from functools import partial

from agent.brain.protocol import Understand
from agent.brain.reader import Reader
from agent.wording import phrase
from plugins.domain.understanding import Context, Understanding


def by_rules(text: str, context: Context) -> Understanding:
    from plugins.parse import understand  # a tenth of a second behind the prompt

    understood = understand(text, context)
    language = _foreign(text, context)
    return replace(understood, notice=phrase(f"languages.{language}")) if language else understood


def _foreign(text: str, context: Context) -> str:
    """The language of a message that is not English, where they have not been told of it before; "" otherwise."""
    from plugins.parse.languages import language_of

    language = language_of(text)
    if language == "en":
        return ""
    before = [said.text for said in context.said if said.who == "person"]
    return "" if any(language_of(earlier) == language for earlier in before) else language


class RulesBrain:
    """Reads with `understand`, a function of a module, wherever `reader` has it read."""

    def __init__(self, reader: Reader, understand: Understand = by_rules) -> None:
        self._reader = reader
        self.rules = understand

    async def understand(self, text: str, context: Context) -> Understanding:
        """Raises ReadingFailed for a long text that cannot be read in time."""
        work = partial(self.rules, text, context)
        return await self._reader.read(work, length=len(text), person=context.person)

    async def close(self) -> None:
        """The reader is whoever's who made it."""
