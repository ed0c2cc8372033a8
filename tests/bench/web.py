"""The web channel beside a bare aiohttp handler, in one run on this machine: prints figures and ratios.

    .venv/bin/python tests/bench/web.py [--seconds 5] [--idle 1000] [--replay 20000]

Needs wrk (Debian's). POST: messages accepted and kept, against a bare handler that parses and answers JSON. Turns: 16
people who each say something and wait for the turn's end on their stream. Idle: memory of streams that wait.
Replay: growth of memory over so many turns, after a tenth of them as warm-up.
"""

import argparse
import asyncio
import json
import math
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import aiohttp
import psutil
from aiohttp import web

sys.path.insert(0, str(Path(__file__).parents[1] / "channels"))

from web_server import Served, Visitor

CONNECTIONS = 16
CONVERSATIONS = 4000
SAID = "Databricks for the ML team"

POST = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Cookie"] = "<cookie>"
wrk.headers["X-Brickie-CSRF"] = "<csrf>"
local conversations = {<conversations>}
local sent = 0
math.randomseed(os.time())
local run = tostring(math.random(1, 1000000000))
request = function()
  sent = sent + 1
  local conversation = conversations[sent % #conversations + 1]
  local path = "/"
  if #conversations > 1 then path = "/api/conversations/" .. conversation .. "/messages" end
  return wrk.format(nil, path, nil, '{"text": "help", "client_id": "' .. run .. '-' .. sent .. '"}')
end
"""


async def bare(port: int) -> None:
    """A handler that parses JSON and answers JSON, as small as aiohttp allows."""

    async def echo(request: web.Request) -> web.Response:
        return web.json_response({"accepted": True, "text": (await request.json())["text"]}, status=202)

    app = web.Application()
    app.router.add_post("/", echo)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


def serve() -> None:
    """The real server over SQLite and the in-memory Terraform, without limits on one person."""
    with tempfile.TemporaryDirectory() as home:
        limits = {"MessagesPerMinute": 10**9, "ReadsPerMinute": 10**9, "Streams": 10**6, "StopSeconds": 0}
        served = Served(Path(home), {"Web": limits})
        print(served.url, flush=True)
        sys.stdin.read()


def started(part: str) -> tuple["subprocess.Popen[str]", str]:
    running = subprocess.Popen(
        [sys.executable, __file__, "--part", part], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    return running, running.stdout.readline().strip()


def wrk(url: str, script: str, seconds: int) -> tuple[float, float, int]:
    """Requests a second, the 99th percentile in ms, and answers that were not 2xx."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:
        lua.write(script)
        lua.flush()
        told = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", lua.name, url],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]
    late, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", told).groups()  # type: ignore[union-attr]
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    return rate, float(late) * {"us": 0.001, "ms": 1, "s": 1000}[unit], int(bad[1]) if bad else 0


async def conversations(url: str) -> tuple[Visitor, list[str]]:
    """Somebody with many conversations."""
    http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
    visitor = await Visitor(http, url).arrive()
    found = [visitor.conversation]
    while len(found) < CONVERSATIONS:
        found.append((await visitor.post("/api/conversations", None, 201))["conversation"])
    return visitor, found


async def turns(url: str, *, seconds: float = math.inf, count: float = math.inf) -> list[float]:
    """How long each turn took, in ms, from the message to its `state`, with 16 people at it, until either is over."""
    took: list[float] = []
    end = time.monotonic() + seconds
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        first = await Visitor(http, url).arrive()

        async def person() -> None:
            me = await Visitor(http, url, csrf=first.csrf).arrive()
            stream = me.stream(after=0)
            await anext(stream)
            while time.monotonic() < end and len(took) < count:
                begun = time.monotonic()
                body = {"text": SAID, "client_id": uuid.uuid4().hex}
                await me.post(f"/api/conversations/{me.conversation}/messages", body)
                while (await anext(stream))[1]["type"] != "state":
                    pass
                took.append((time.monotonic() - begun) * 1000)
            await stream.aclose()

        await asyncio.gather(*(person() for _ in range(CONNECTIONS)))
    return took


async def idle(url: str, process: psutil.Process, count: int) -> float:
    """MB of memory that so many waiting streams take."""
    http = aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=None),
    )
    async with http:
        visitor = await Visitor(http, url).arrive()
        before = process.memory_info().rss
        streams = [visitor.stream(after=0) for _ in range(count)]
        for stream in streams:
            await anext(stream)
        taken = process.memory_info().rss - before
        for stream in streams:
            await stream.aclose()
    return taken / 1e6


async def replayed(count: int) -> None:
    real, url = started("serve")
    process = psutil.Process(real.pid)
    try:
        await turns(url, count=count / 10)
        before = process.memory_info().rss
        begun = time.monotonic()
        await turns(url, count=count)
        grown = (process.memory_info().rss - before) / 1e6
    finally:
        real.kill()
    print(f"{count} turns in {time.monotonic() - begun:.0f} s: memory grew by {grown:.1f} MB")


async def measured(seconds: int, count: int) -> None:
    plain, plain_url = started("bare")
    real, url = started("serve")
    try:
        megabytes = await idle(url, psutil.Process(real.pid), count)
        took = sorted(await turns(url, seconds=seconds))
        visitor, many = await conversations(url)
        cookie = "; ".join(f"{c.key}={c.value}" for c in visitor.http.cookie_jar)
        named = json.dumps(many).strip("[]")
        post = POST.replace("<cookie>", cookie).replace("<csrf>", visitor.csrf).replace("<conversations>", named)
        simple = POST.replace("<conversations>", '"x"')
        base, base_late, _ = await asyncio.to_thread(wrk, plain_url, simple, seconds)
        rate, late, bad = await asyncio.to_thread(wrk, url, post, seconds)
        await visitor.http.close()
    finally:
        plain.kill()
        real.kill()
    print(f"bare JSON POST   {base:8.0f}/s  p99 {base_late:6.1f} ms")
    print(f"message POST     {rate:8.0f}/s  p99 {late:6.1f} ms  {rate / base:.1%} of bare  ({bad} refused)")
    p99 = took[int(len(took) * 0.99)]
    print(f"rules turn       {len(took) / seconds:8.0f}/s  p50 {statistics.median(took):.1f} ms  p99 {p99:6.1f} ms")
    print(f"{count} idle streams  {megabytes:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("bare", "serve"))
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--idle", type=int, default=1000)
    parser.add_argument("--replay", type=int)
    options = parser.parse_args()
    if options.part == "bare":
        asyncio.run(bare(0))
    elif options.part == "serve":
        serve()
    elif options.replay:
        asyncio.run(replayed(options.replay))
    else:
        asyncio.run(measured(options.seconds, options.idle))


if __name__ == "__main__":
    main()
