"""The one way in which a verb becomes a Semantic Kernel function: schema from pydantic, values checked by it, JSON out.

The decorator of Semantic Kernel 1.45.0 loses literals, bounds and defaults and coerces "false" to True (tried
2026-11-22; github.com/microsoft/semantic-kernel issue 14443), so the schema is given by hand. Only proposing
and reading verbs get a face; `apply` has none.
"""

import json
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError
from semantic_kernel.functions import KernelFunction, KernelFunctionFromMethod, kernel_function
from semantic_kernel.functions.kernel_parameter_metadata import KernelParameterMetadata

from plugins.domain.errors import InfraError

Input = TypeVar("Input", bound=BaseModel)

RESERVED = frozenset({"kernel", "service", "arguments", "execution_settings", "settings", "server", "self"})
"""Parameter names that Semantic Kernel takes for itself."""


def face(
    name: str, description: str, model: type[Input], verb: Callable[[Input], Awaitable[dict[str, Any]]]
) -> KernelFunction:
    """A kernel function of that name, with one parameter for each field of the model. Its result is always JSON.

    What cannot be used comes back as {"error": …} in words that are safe to show; a foreign exception's text never
    leaves.
    """

    @kernel_function(name=name, description=description)
    async def call(**given: Any) -> str:
        try:
            asked = model.model_validate({key: value for key, value in given.items() if value is not None})
        except ValidationError as error:
            # The input may hold a person's words or a credential; it never goes back to a model or into a log.
            problems = error.errors(include_url=False, include_input=False)
            return json.dumps({"error": [f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems]})
        try:
            return json.dumps(await verb(asked), ensure_ascii=False)
        except InfraError as error:
            return json.dumps({"error": f"{error.problem} {error.remedy}"}, ensure_ascii=False)

    return KernelFunctionFromMethod(method=call, plugin_name="brickie", parameters=list(_parameters(model)))


@cache
def _parameters(model: type[BaseModel]) -> tuple[KernelParameterMetadata, ...]:
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    reserved = RESERVED & set(schema["properties"])
    if reserved:
        raise TypeError(f"{model.__name__} uses names that the kernel takes for itself: {sorted(reserved)}")
    return tuple(
        KernelParameterMetadata.model_validate(
            {
                "name": name,
                "description": part.get("description", ""),
                "is_required": name in schema.get("required", ()),
                "schema_data": _inlined(part, definitions),
                "type": "object",
            }
        )
        for name, part in schema["properties"].items()
    )


def _inlined(part: Any, definitions: dict[str, Any]) -> Any:
    """The schema with its references put in: each parameter's schema stands alone."""
    match part:
        case {"$ref": str(name)}:
            return _inlined(definitions[name.rsplit("/", 1)[1]], definitions)
        case dict():
            return {key: _inlined(value, definitions) for key, value in cast("dict[str, Any]", part).items()}
        case list():
            return [_inlined(item, definitions) for item in cast("list[Any]", part)]
        case _:
            return part
