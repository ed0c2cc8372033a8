"""Messages that end the server in the middle of their turn, and messages that nobody could read."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from hard_to_read import DEADLY, SLOW
from web_server import Visitor, types_of

pytestmark = pytest.mark.durable

ROOT = Path(__file__).parents[2]
Process = asyncio.subprocess.Process


async def launched(home: Path, port: int) -> Process:
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
        "BRICKIE_HOME": str(home),
        "Web__Port": str(port),
    }
    script = str(Path(__file__).with_name("serving.py"))
    return await asyncio.create_subprocess_exec(sys.executable, script, env=environment, stderr=asyncio.subprocess.PIPE)


async def ready(server: Process) -> str:
    """Its address, once it listens."""
    assert server.stderr is not None
    async with asyncio.timeout(60):
        while line := (await server.stderr.readline()).decode():
            if line.startswith("Brickie is at "):
                return line.removeprefix("Brickie is at ").strip()
    raise AssertionError("it ended before it listened")


async def killed(server: Process) -> None:
    if server.returncode is None:
        server.send_signal(signal.SIGKILL)
    async with asyncio.timeout(60):
        await server.communicate()
    assert server.returncode == -signal.SIGKILL


@asynccontextmanager
async def browser() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield http


async def post(visitor: Visitor, text: str, client_id: str) -> None:
    address = f"/api/conversations/{visitor.conversation}/messages"
    await visitor.post(address, {"text": text, "client_id": client_id})


async def test_a_message_that_ends_the_server_twice_is_not_tried_a_third_time(tmp_path: Path, free_port: int) -> None:
    async with browser() as http:
        first = await launched(tmp_path, free_port)
        visitor = await Visitor(http, await ready(first)).arrive()
        with suppress(aiohttp.ClientError):  # it is kept, and kills the server, perhaps before that is told
            await post(visitor, DEADLY, "message-1")
        await first.communicate()
        assert first.returncode == -signal.SIGKILL

        second = await launched(tmp_path, free_port)
        await second.communicate()
        assert second.returncode == -signal.SIGKILL

        for _ in range(2):
            server = await launched(tmp_path, free_port)
            await ready(server)
            visitor.seq = 0
            events = await visitor.until("state")
            assert types_of(events) == ["said", "error", "state"]
            assert events[1]["text"].startswith("I am sorry: that message stopped me twice")
            assert types_of(await visitor.history()) == ["said", "error", "state"]
            await killed(server)


@pytest.mark.alone
async def test_a_long_message_that_nobody_can_read_ends_in_a_sentence_and_the_server_answers_meanwhile(
    tmp_path: Path, free_port: int
) -> None:
    async with browser() as http:
        server = await launched(tmp_path, free_port)
        visitor = await Visitor(http, await ready(server)).arrive()
        await post(visitor, SLOW * 2000, "message-1")
        answer = asyncio.ensure_future(visitor.until("state"))
        slowest = 0.0
        while not answer.done():
            begun = time.monotonic()
            await visitor.get("/readyz")
            slowest = max(slowest, time.monotonic() - begun)
            await asyncio.sleep(0.02)
        events = await answer
        assert types_of(events) == ["said", "message", "state"]
        assert events[1]["text"].startswith("I could not read that message of 56,000 characters in time")
        assert slowest < 1
        await killed(server)
