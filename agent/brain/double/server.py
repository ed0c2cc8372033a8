"""The double as an HTTP endpoint: `/v1/chat/completions` and Azure's path of deployments, whole or streamed."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from agent.brain.double.answers import Answer, Script
from agent.brain.double.faults import at_once, changed, spoil_stream
from plugins.listening import end_listening

_PIECE = 12
"""Characters of one streamed piece."""


class Double:
    """`requests` are the bodies received, newest last; `left` counts the callers that hung up while it was thinking.

    `key` is the only one that is let in, None for any; `deployment` likewise.
    """

    def __init__(self, script: Script, *, key: str | None = None, deployment: str | None = None) -> None:
        self.script = script
        self.requests: list[Mapping[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.left = 0
        self._key = key
        self._deployment = deployment

    def application(self) -> web.Application:
        application = web.Application(client_max_size=16 * 1024**2)
        application.router.add_post("/v1/chat/completions", self._completions)
        application.router.add_post("/openai/deployments/{deployment}/chat/completions", self._completions)
        application.router.add_get("/v1/models", self._models)
        return application

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": "double", "object": "model"}]})

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        refused = self._refusal(request)
        if refused is not None:
            return refused
        answer = self.script(body)
        fault = at_once(answer.fault, body)
        if fault is not None:
            return fault
        try:
            await self._think(answer)
            return await self._answered(request, body, changed(answer))
        except (asyncio.CancelledError, ConnectionResetError):
            self.left += 1
            raise

    @staticmethod
    async def _think(answer: Answer) -> None:
        if answer.fault == "hangs":
            await asyncio.sleep(3600)
        if answer.seconds:
            await asyncio.sleep(answer.seconds)

    async def _answered(self, request: web.Request, body: Mapping[str, Any], answer: Answer) -> web.StreamResponse:
        if answer.fault == "drops":
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        if not body.get("stream"):
            return web.json_response(whole(answer, body))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        async for chunk in spoil_stream(answer.fault, _chunks(answer, body)):
            await response.write(chunk.encode())
        if answer.fault in ("cut_stream", "drops"):
            if request.transport is not None:
                request.transport.close()
            return response
        await response.write_eof()
        return response

    def _refusal(self, request: web.Request) -> web.Response | None:
        sent = request.headers.get("api-key") or request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._key is not None and sent != self._key:
            return at_once("wrong_key", {})
        named = request.match_info.get("deployment")
        if self._deployment is not None and named is not None and named != self._deployment:
            return at_once("wrong_deployment", {})
        return None


def whole(answer: Answer, body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as one completion."""
    message: dict[str, Any] = {"role": "assistant", "content": answer.text or None}
    if answer.fault == "refusal":
        message |= {"content": None, "refusal": "I cannot help with that."}
    if answer.calls:
        message["tool_calls"] = [
            {"id": f"call_{number}", "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for number, call in enumerate(answer.calls)
        ]
    choices = [{"index": 0, "message": message, "finish_reason": _finish(answer)}]
    return {
        **_head(body, "chat.completion"),
        "choices": [] if answer.fault == "no_choices" else choices,
        "usage": _usage(answer, body),
    }


async def _chunks(answer: Answer, body: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
    head = _head(body, "chat.completion.chunk")
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": answer.text[at : at + _PIECE]} for at in range(0, len(answer.text), _PIECE)]
    for number, call in enumerate(answer.calls):
        function = {"name": call.name, "arguments": call.arguments}
        deltas.append(
            {"tool_calls": [{"index": number, "id": f"call_{number}", "type": "function", "function": function}]}
        )
    for delta in deltas:
        yield {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": _finish(answer)}]}
    options: Mapping[str, Any] = body.get("stream_options") or {}
    if options.get("include_usage"):
        yield {**head, "choices": [], "usage": _usage(answer, body)}


def _head(body: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-double", "object": kind, "created": 1_790_000_000, "model": body.get("model", "double")}


def _finish(answer: Answer) -> str:
    named = {"answer_filtered": "content_filter", "cut_short": "length"}.get(answer.fault or "")
    return named or ("tool_calls" if answer.calls else "stop")


def _usage(answer: Answer, body: Mapping[str, Any]) -> dict[str, int]:
    """Four characters a token: enough for limits and tables."""
    sent = len(json.dumps([body.get("messages"), body.get("tools")])) // 4
    answered = (len(answer.text) + sum(len(call.arguments) for call in answer.calls)) // 4
    return {"prompt_tokens": sent, "completion_tokens": answered, "total_tokens": sent + answered}


@contextmanager
def serving(double: Double) -> Generator[str]:
    """The base URL of the double, served from a thread of its own until the block ends."""
    loop = asyncio.new_event_loop()
    address: list[str] = []
    ready = threading.Event()

    async def start() -> web.AppRunner:
        runner = web.AppRunner(double.application(), shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address.append(f"http://127.0.0.1:{runner.addresses[0][1]}/v1")
        ready.set()
        return runner

    def run() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(start())
        loop.run_forever()
        loop.run_until_complete(end_listening(runner))
        loop.close()

    thread = threading.Thread(target=run, name="model double", daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not ready.wait(0.1) and time.monotonic() < deadline:
        pass
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
