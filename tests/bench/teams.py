"""How soon Teams is answered: `.venv/bin/python tests/bench/teams.py [SECONDS]`.

Sixteen connections to `brickie serve` with the playground on (no token is asked for, as none is of the stock bot), and
to the echo bot of botbuilder 4.17.1 as its samples write it; both answer to a connector on loopback, and the
sender shares the machine. Whole turns are told twice: within the pace that is shipped (posts have half of the 50
requests a second that Teams allows an app), and with that lifted: what the machine can do. Of each server the first
hundred requests are not counted: what they load is loaded once in a process. Then 10,000 mutated activities, and 1,000
good ones twice and out of order.
"""

import asyncio
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "channels")]

import aiohttp  # noqa: E402 - found by the line above
from teams_served import brickie_with_teams  # noqa: E402 - found by the line above
from teams_service import TENANT, Sender, TeamsService  # noqa: E402 - found by the line above
from test_teams_mutated import try_mutated  # noqa: E402 - found by the line above

CONNECTIONS = 16
WARMING = 100
PACED_TURNS, UNPACED_TURNS = 200, 3000
UNPACED = 1_000_000
Make = Callable[[int], dict[str, Any]]


def stock(port: int) -> None:
    """The echo bot of the SDK's samples (02.echo-bot), without a token: what the CloudAdapter of its aiohttp side
    does with a POST, by the class of botbuilder-core that it is made of.
    """
    from aiohttp import web
    from botbuilder.core import CloudAdapterBase  # pyright: ignore[reportMissingTypeStubs]
    from botbuilder.schema import Activity  # pyright: ignore[reportMissingTypeStubs]
    from botframework.connector.auth import (  # pyright: ignore[reportMissingTypeStubs]
        AuthenticationConfiguration,
        BotFrameworkAuthenticationFactory,
        PasswordServiceClientCredentialFactory,
    )

    made: Any = BotFrameworkAuthenticationFactory
    authentication = made.create(
        validate_authority=True,
        credential_factory=PasswordServiceClientCredentialFactory("", ""),
        auth_configuration=AuthenticationConfiguration(),
    )
    cloud: Any = CloudAdapterBase
    adapter: Any = cloud(authentication)
    model: Any = Activity()

    async def echo(context: Any) -> None:
        if context.activity.type == "message":
            await context.send_activity(f"Echo: {context.activity.text}")

    async def messages(request: web.Request) -> web.Response:
        activity = model.deserialize(await request.json())
        await adapter.process_activity(request.headers.get("Authorization", ""), activity, echo)
        return web.Response(status=201)

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=port, print=lambda *_: None)


@asynccontextmanager
async def process(*command: str, port: int, home: Path) -> AsyncGenerator[tuple[str, int]]:
    """That server, from when it has answered something: its address and its number; ended afterwards."""
    environment = {
        **os.environ,
        "BRICKIE_HOME": str(home),
        "Teams__Playground": "true",
        "Cloud__Sandbox__Speed": "0",
        "Web__MessagesPerMinute": "100000",
        "Web__StopSeconds": "1",  # what was accepted and not answered is not waited for
    }
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: ASYNC220
    url = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as http:
            for _ in range(600):
                try:
                    async with http.get(f"{url}/healthz"):
                        break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)
        yield url, running.pid
    finally:
        running.terminate()
        running.wait(30)


async def flood(url: str, make: Make, *, seconds: float = 1e9, most: int = 10**9) -> tuple[float, list[float]]:
    """Requests a second, and how long each took, over sixteen connections."""
    numbers = iter(range(most))
    took: list[float] = []
    begun = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as http:

        async def one() -> None:
            for number in numbers:
                at = time.perf_counter()
                if at - begun > seconds:
                    return
                async with http.post(f"{url}/api/messages", json=make(number)) as answer:
                    assert answer.status in (201, 202), await answer.text()
                took.append(time.perf_counter() - at)

        await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return len(took) / (time.perf_counter() - begun), took


def maker(service: TeamsService, people: int, *, first: int = 0) -> Make:
    """Messages of so many people, numbered from `first`, each in their own chat."""
    sender, ids = Sender(service.url), itertools.count(first)

    def make(_: int) -> dict[str, Any]:
        who = first + next(ids) % people
        by = {"id": f"29:{who}", "name": f"P{who}", "aadObjectId": f"object-{who}"}
        there = {"id": f"a:{who}", "conversationType": "personal", "tenantId": TENANT}
        return sender.text("help", by=by, conversation=there)

    return make


def told(name: str, rate: float, took: list[float], computed: float) -> None:
    """`computed` are the seconds that the server computed meanwhile: they tell more where others use the machine."""
    p99 = statistics.quantiles(took, n=100)[98] * 1000 if len(took) > 1 else 0
    each = computed * 1000 / len(took)
    print(f"{name}: {rate:.0f}/s, p50 {statistics.median(took) * 1000:.1f} ms, p99 {p99:.1f} ms, {len(took)} requests,")
    print(f"    {each:.2f} ms of a processor each")


def computed_by(pid: int) -> float:
    """Seconds of a processor that the process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def turns(url: str, service: TeamsService, count: int, *, first: int = 0) -> float:
    """Whole turns a second, of so many people: from the first message to the last reply at the connector."""
    service.calls.clear()
    begun = time.perf_counter()
    await flood(url, maker(service, count, first=first), most=count)
    await service.wait_for(count, seconds=300)
    return count / (time.perf_counter() - begun)


def serve_unpaced(port: str) -> None:
    """Brickie as `serve` runs it, posting as fast as it can."""
    from agent.__main__ import main as brickie
    from agent.channels.teams import platform

    platform.PACE = replace(platform.PACE, all_posts=(UNPACED, 1.0))
    sys.argv = ["brickie", "serve", "--port", port]
    raise SystemExit(brickie())


async def whole_turns(service: TeamsService, home: Path, echo: float, *, paced: bool) -> None:
    port, count = free_port(), PACED_TURNS if paced else UNPACED_TURNS
    serve = ("-m", "agent", "serve", "--port") if paced else (__file__, "unpaced")
    async with process(sys.executable, *serve, str(port), port=port, home=home) as (url, pid):
        await turns(url, service, WARMING, first=count)
        before = computed_by(pid)
        whole = await turns(url, service, count)
        each = (computed_by(pid) - before) * 1000 / count
    name = "within the pace" if paced else "pace lifted"
    print(f"whole turns with their reply, {name}: {whole:.0f}/s, {whole / echo:.1f} times the echo,")
    print(f"    {each:.2f} ms of a processor each, {len(service.calls)} posts for {count}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def speed(seconds: float) -> None:
    service = await TeamsService().start()
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        async with process(sys.executable, __file__, "stock", str(port), port=port, home=Path(folder)) as (url, pid):
            await flood(url, maker(service, WARMING), most=WARMING)
            before = computed_by(pid)
            rate, took = await flood(url, maker(service, 2000), seconds=seconds)
            told("stock echo bot", rate, took, computed_by(pid) - before)
            echo = rate
        await whole_turns(service, Path(folder) / "paced", echo, paced=True)
        await whole_turns(service, Path(folder) / "unpaced", echo, paced=False)
        port = free_port()
        serve = (sys.executable, "-m", "agent", "serve", "--port", str(port))
        async with process(*serve, port=port, home=Path(folder) / "accept") as (url, pid):
            before = computed_by(pid)
            rate, took = await flood(url, maker(service, 2000), seconds=seconds)
            told("accepted and kept", rate, took, computed_by(pid) - before)
            print(f"{rate / echo:.1f} times the echo")
    await service.stop()


async def once_each(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with brickie_with_teams(Path(folder) / "home") as brickie:
            make = maker(brickie.service, count)
            activities = [{**make(number), "serviceUrl": brickie.service.url} for number in range(count)] * 2
            random.Random(14).shuffle(activities)  # noqa: S311
            gate = asyncio.Semaphore(CONNECTIONS)

            async def send(activity: dict[str, Any]) -> None:
                async with gate:
                    await brickie.post(activity)

            await asyncio.gather(*map(send, activities))
            await brickie.service.wait_for(count, seconds=600)
            await asyncio.sleep(3)
            places = [call.place for call in brickie.service.calls]
            print(f"{count} activities twice and out of order: {len(places)} answers, {len(set(places))} places")


async def mutations(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with brickie_with_teams(Path(folder) / "home") as brickie:
            statuses = await try_mutated(brickie, count, random.Random(2026))  # noqa: S311
            print(f"{count} mutated: {json.dumps(statuses)}, applied {len(brickie.terraform.applied)}")


def main() -> None:
    if sys.argv[1:2] == ["stock"]:
        stock(int(sys.argv[2]))
        return
    if sys.argv[1:2] == ["unpaced"]:
        serve_unpaced(sys.argv[2])
    print(f"load before: {os.getloadavg()[0]:.1f}")
    asyncio.run(speed(float(sys.argv[1]) if len(sys.argv) > 1 else 10))
    asyncio.run(once_each(1000))
    asyncio.run(mutations(10_000))


if __name__ == "__main__":
    main()
