"""What a brain is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from plugins.domain.understanding import Context, Understanding

Understand = Callable[[str, Context], Understanding]


class Brain(Protocol):
    async def understand(self, text: str, context: Context) -> Understanding: ...

    async def close(self) -> None:
        """Lets go of connections."""
        ...


@runtime_checkable
class Ruled(Protocol):
    """A brain that asks nobody: `rules`, a function of a module, is all of it."""

    rules: Understand


@dataclass(frozen=True)
class PhrasingRequest:
    """A free question, and the facts that its answer may use: what the reply would say without a model."""

    text: str
    facts: str


@runtime_checkable
class Phrasing(Protocol):
    """A brain that can also put an answer in words."""

    async def phrase(self, question: PhrasingRequest, context: Context, tell: Callable[[str], None]) -> str | None:
        """The whole answer, told piece by piece as it comes; None when the facts had better speak for themselves."""
        ...
