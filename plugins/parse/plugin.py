"""`parse` as a Semantic Kernel function: text in, requests out."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from semantic_kernel.functions import KernelFunction

from plugins.domain.understanding import MOST_CHARACTERS, Context, Understanding
from plugins.kernel_face import face


class ParseInput(BaseModel):
    """What the person wrote."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="The person's own words, unchanged.", max_length=MOST_CHARACTERS)


Understand = Callable[[str, Context], Awaitable[Understanding]]


def parse_function(words: Mapping[str, str], today: date, understand: Understand) -> KernelFunction:
    """Reads a message with `understand`, the rules wherever the caller has them read; changes nothing."""

    async def parse(asked: ParseInput) -> dict[str, Any]:
        understood = await understand(asked.text, Context(today=today))
        return {
            "act": understood.act,
            "requests": [request.model_dump(mode="json", exclude_none=True) for request in understood.requests],
            "in_doubt": [doubt.slot for doubt in understood.doubts],
        }

    return face("parse", words["parse"], ParseInput, parse)
