"""What a brain is."""

from typing import Protocol

from plugins.domain.understanding import Context, Understanding


class Brain(Protocol):
    async def understand(self, text: str, context: Context) -> Understanding: ...
