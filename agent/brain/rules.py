"""The brain without a model: tables and rules, a millisecond a message."""

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand


class RulesBrain:
    async def understand(self, text: str, context: Context) -> Understanding:
        return understand(text, context)
