#!/usr/bin/env bash
# botframework-connector 4.17.1 (with msrest 0.7.1 and aiohttp 3.14.5): its asynchronous client takes a `sender`, and
# msrest ships one for aiohttp, `msrest.pipeline.aiohttp.AioHTTPSender`.
#
# Expected: the same request as by the default sender (requests, each in a thread): the bearer token and the activity.
#
# Seen: the sender hands its driver the request and nothing else, and the driver passes only method and URL on. The POST
# arrives with neither Authorization nor Content-Type nor a body, and raises nothing where the service answers 200.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q botframework-connector==4.17.1 msrest==0.7.1 aiohttp==3.14.5
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio

from aiohttp import web
from botbuilder.schema import Activity
from botframework.connector.aio import ConnectorClient
from botframework.connector.aiohttp_bf_pipeline import AsyncBfPipeline
from msrest.pipeline import SansIOHTTPPolicy
from msrest.pipeline.aiohttp import AioHTTPSender

seen = []


class Bearer(SansIOHTTPPolicy):
    def on_request(self, request, **_):
        request.http_request.headers["Authorization"] = "Bearer t"


async def take(request):
    body = await request.text()
    seen.append((request.headers.get("Authorization"), request.headers.get("Content-Type"), "hello" in body))
    return web.json_response({"id": "1"})


async def main():
    app = web.Application()
    app.add_routes([web.post("/v3/conversations/{place}/activities", take)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = "http://127.0.0.1:%d" % runner.addresses[0][1]
    for sender in (None, AioHTTPSender()):
        client = ConnectorClient(Bearer(), base_url=url, pipeline_type=AsyncBfPipeline, sender=sender)
        sent = await client.conversations.send_to_conversation("a", Activity(type="message", text="hello"))
        print("default sender:" if sender is None else "aiohttp sender:", seen[-1], "answered with id", sent.id)
        if sender is not None:
            await sender.driver._session.close()
    await runner.cleanup()


asyncio.run(main())
assert seen == [("Bearer t", "application/json; charset=utf-8", True), (None, "application/octet-stream", False)], seen
PYTHON
