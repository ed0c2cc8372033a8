"""The brain without a model: tables and rules, a millisecond a message."""

from plugins.domain.understanding import Context, Understanding


class RulesBrain:
    async def understand(self, text: str, context: Context) -> Understanding:
        from plugins.parse import understand  # noqa: PLC0415 - a tenth of a second behind the prompt

        return understand(text, context)

    async def close(self) -> None:
        """Nothing is held."""
