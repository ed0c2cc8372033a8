"""What a model may look up of workspaces, as Semantic Kernel functions: it reads and proposes, it changes nothing.

Whose workspaces they are is no parameter, which a model could set: the caller's `look` knows who speaks.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import BaseModel
from semantic_kernel.functions import KernelFunction

from plugins.databricks.lookups import INPUTS, Lookup
from plugins.kernel_face import face

Look = Callable[[Lookup, Mapping[str, Any]], Awaitable[dict[str, Any]]]


def lookup_functions(words: Mapping[str, str], look: Look) -> list[KernelFunction]:
    """One function for each thing that can be looked up."""
    return [_function(verb, model, words, look) for verb, model in INPUTS.items()]


def _function(verb: Lookup, model: type[BaseModel], words: Mapping[str, str], look: Look) -> KernelFunction:
    async def looked_up(asked: BaseModel) -> dict[str, Any]:
        return await look(verb, asked.model_dump(mode="json", exclude_none=True))

    return face(verb, words[verb], model, looked_up)
