"""Every way in which an endpoint or a model goes wrong, as the double does it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from agent.brain.double.answers import Answer, Call, Fault

SECRET = "sk-double-secret-0123456789"  # noqa: S105 - what an error's text must never carry on to anybody
_READER = "brickie-understood"
_TRICKLE_SECONDS = 0.2

_ERRORS: Mapping[str, tuple[int, str | None, str, Mapping[str, str]]] = {
    "wrong_key": (401, "invalid_api_key", f"Incorrect API key provided: {SECRET}.", {}),
    "wrong_deployment": (404, "DeploymentNotFound", "The API deployment for this resource does not exist.", {}),
    "busy": (429, "rate_limit_exceeded", "Rate limit reached.", {"retry-after": "45"}),
    "busy_short": (429, "rate_limit_exceeded", "Rate limit reached.", {"retry-after-ms": "20"}),
    "quota": (429, "insufficient_quota", "You exceeded your current quota.", {"retry-after": "7200"}),
    "server_error": (500, None, f"Internal error, dump: {SECRET}", {}),
    "overloaded": (503, None, "The engine is overloaded.", {"retry-after-ms": "20"}),
    "prompt_filtered": (400, "content_filter", "The prompt triggered the content management policy.", {}),
    "bad_request": (400, "invalid_value", "Something in the request is wrong.", {}),
    "no_tools": (400, "invalid_request_error", "This model does not support tools.", {}),
}


def at_once(fault: Fault | None, body: Mapping[str, Any]) -> web.Response | None:
    """The response of a fault that comes instead of any answer; None when the double goes on."""
    if fault == "no_tools" and not body.get("tools"):
        return None
    if fault is not None and fault in _ERRORS:
        status, code, message, headers = _ERRORS[fault]
        param = "tools" if fault == "no_tools" else None
        error = {"error": {"message": message, "type": "error", "code": code, "param": param}}
        return web.json_response(error, status=status, headers=dict(headers))
    if fault == "html":
        return web.Response(text="<html><body>Sign in to the proxy</body></html>", content_type="text/html")
    if fault == "html_error":
        return web.Response(status=502, text="<html>Bad gateway</html>", content_type="text/html")
    return None


def changed(answer: Answer) -> Answer:
    """The answer with what the fault makes of its content."""
    arguments = {
        "bad_json": '{"act": "provision", "workspaces": [',
        "list_arguments": '[{"act": "status"}]',
        "missing_arguments": "{}",
        "extra_arguments": '{"act": "help", "approved_by": "boss"}',
        "reserved_arguments": '{"act": "help", "settings": "junk"}',
        "single_quotes": "{'act': 'help'}",
    }.get(answer.fault or "")
    if arguments is not None:
        return replace(answer, calls=(Call(_READER, arguments),))
    match answer.fault:
        case "unknown_function":
            return replace(answer, calls=(Call("brickie-launch", "{}"),))
        case "apply_called":
            return replace(answer, calls=(Call("brickie-apply", '{"plan_id": "plan_1"}'), Call("apply", "{}")))
        case "text_only" | "no_tools":
            return replace(answer, text="Sure, I can help you with that. Which team is it for?")
        case "cut_short":
            return replace(answer, text="I would say that")
        case "trickles" | "cut_stream" | "error_in_stream":
            return replace(answer, text="A sentence that comes. Another one that does not come whole")
        case _:
            return answer


async def spoil_stream(fault: Fault | None, chunks: AsyncIterator[dict[str, Any]]) -> AsyncIterator[str]:
    """The chunks as server-sent events, as far as the fault lets them come."""
    if fault in ("empty_stream", "no_choices"):
        yield "data: [DONE]\n\n"
        return
    sent = 0
    async for chunk in chunks:
        if fault == "trickles":
            await asyncio.sleep(_TRICKLE_SECONDS)
        if fault in ("cut_stream", "error_in_stream") and sent == 3:  # noqa: PLR2004 - in the midst of it
            if fault == "error_in_stream":
                yield 'data: {"error": {"message": "The server had an error", "code": "server_error"}}\n\n'
            return
        yield f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"
        sent += 1
    yield "data: [DONE]\n\n"
