"""What a model may look up of workspaces, as Semantic Kernel functions: it reads and proposes, it changes nothing.

Whose workspaces they are is no parameter, which a model could set: the caller's `look` knows who speaks.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from semantic_kernel.functions import KernelFunction

from plugins.domain.request import Environment
from plugins.kernel_face import face

Lookup = Literal["status", "list", "explain", "compare", "export", "extend", "destroy"]
Look = Callable[[Lookup, Mapping[str, Any]], Awaitable[dict[str, Any]]]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NameInput(_Asked):
    """One workspace by name."""

    workspace_name: str = Field(max_length=64)


class ListInput(_Asked):
    """All workspaces, or those of one environment."""

    environment: Environment | None = None


class TopicInput(_Asked):
    """What is asked about: names of fields or options; none for everything."""

    topic: list[str] = Field(default_factory=list, max_length=8)


class PlanOrNameInput(_Asked):
    """One workspace by name; none for the pending plan."""

    workspace_name: str | None = Field(default=None, max_length=64)


class ExtendInput(_Asked):
    """One workspace by name, and by how many days."""

    workspace_name: str = Field(max_length=64)
    days: int = Field(ge=1, le=3650)


INPUTS: Mapping[Lookup, type[BaseModel]] = {
    "status": NameInput,
    "list": ListInput,
    "explain": TopicInput,
    "compare": TopicInput,
    "export": PlanOrNameInput,
    "extend": ExtendInput,
    "destroy": NameInput,
}


def lookup_functions(words: Mapping[str, str], look: Look) -> list[KernelFunction]:
    """One function for each thing that can be looked up."""
    return [_function(verb, model, words, look) for verb, model in INPUTS.items()]


def _function(verb: Lookup, model: type[BaseModel], words: Mapping[str, str], look: Look) -> KernelFunction:
    async def looked_up(asked: BaseModel) -> dict[str, Any]:
        return await look(verb, asked.model_dump(mode="json", exclude_none=True))

    return face(verb, words[verb], model, looked_up)
