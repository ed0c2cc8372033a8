"""What a page sends, held against the shape that it must have."""

from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ValidationError

from agent.channels.http.refusals import Refused

Body = TypeVar("Body", bound=BaseModel)


def _without_nul(text: str) -> str:
    """PostgreSQL keeps every character but this one, and nobody means it."""
    return text.replace("\0", "")


Words = Annotated[str, AfterValidator(_without_nul)]


async def body_of(request: web.Request, shape: type[Body]) -> Body:
    """The body of this request in that shape. Raises Refused, naming the first field that is wrong."""
    try:
        return shape.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        # Pydantic's message is passed on, what was sent is not: it may hold a secret.
        if first["type"] == "json_invalid" or not (first["loc"] or first["type"] == "value_error"):
            raise Refused("bad_json", 400) from error
        field = ".".join(str(part) for part in first["loc"])[:60] or "action"
        problem = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise Refused("bad_field", 400, field=field, problem=problem[:1].lower() + problem[1:]) from error
