"""Others' waiting while somebody sends what is hard to read, and a restart in the middle of it: prints figures.

    .venv/bin/python tests/bench/hostile_message.py [--seconds 10] [--persons 1000] [--rate 40]

The real server over SQLite, in a process of its own. Persons of their own tokens say something at that rate and wait
for the end of their turn; meanwhile one more person sends 60 kB again and again, as soon as the last is answered.
`slow` is a text that the server's reader is told to take for ever over (`hard_to_read`), so that the deadline is
measured whatever the patterns do; the others are read by the rules. Waits are of the others, in ms: until their message
is accepted, and until it is answered.
"""

import argparse
import asyncio
import itertools
import os
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "channels"))

from embedding_tokens import TOKENS, token
from hard_to_read import SLOW
from web_server import Visitor

TESTS = Path(__file__).parents[1]
LENGTH = 60_000
SAID = ("Databricks for the ML team", "help", "what would a dev workspace for etl cost?", "which regions are there?")
_LISTED = "".join(f"team-{number},dev,etl\n" for number in range(400))
HOSTILE = {
    "nobody hostile": "",
    "slow": (SLOW * LENGTH)[:LENGTH],
    "bullets": ("x" + "- " * LENGTH)[:LENGTH],
    "blanks": "x" + " " * (LENGTH - 2) + "x",
    "digits": ("1" * 190 + " ") * (LENGTH // 191),
    "quotes": ('"' * 190 + " ") * (LENGTH // 191),
    "list of 400": "team,environment,workload\n" + _LISTED,
}


@dataclass
class Waits:
    accepted: list[float] = field(default_factory=list[float])
    answered: list[float] = field(default_factory=list[float])
    ready: list[float] = field(default_factory=list[float])
    hostile: list[float] = field(default_factory=list[float])

    def line(self, name: str) -> str:
        shown = f"{name:<15} {len(self.answered):5} said"
        for what in ("accepted", "answered", "ready"):
            shown += f"   {what} p50 {_rank(getattr(self, what), 0.5):4.0f} p99 {_rank(getattr(self, what), 0.99):4.0f}"
        told = f"{len(self.hostile)} hostile, longest {max(self.hostile):.1f} s" if self.hostile else ""
        return f"{shown}   {told}"


def _rank(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


@dataclass
class Running:
    process: asyncio.subprocess.Process
    url: str
    ready_seconds: float
    cpu_seconds: float

    @property
    def started(self) -> str:
        return f"ready after {self.ready_seconds:.2f} s, {self.cpu_seconds:.2f} s of them computing"


async def launched(home: Path, port: int) -> Running:
    """A server, once it says that it is ready."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{TESTS.parent}:{TESTS}",
        "BRICKIE_HOME": str(home),
        "Web__Port": str(port),
        "Web__MessagesPerMinute": "1000000",
        "Web__ReadsPerMinute": "1000000",
        "Cloud__Sandbox__Speed": "0",
        **{f"Identity__{name}": value for name, value in TOKENS.items()},
    }
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(TESTS / "durable" / "serving.py"), env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as http:
        while True:
            with suppress(aiohttp.ClientError):
                async with http.get(f"{url}/readyz") as response:
                    if response.status == 200:
                        spent = psutil.Process(process.pid).cpu_times()
                        return Running(process, url, time.monotonic() - begun, spent.user + spent.system)
            await asyncio.sleep(0.02)


@asynccontextmanager
async def heard(visitor: Visitor) -> AsyncGenerator[Callable[[], "asyncio.Task[None]"]]:
    """The conversation's stream, open; what it gives is a task that ends with the next turn."""
    async with aclosing(visitor.stream(after=visitor.seq)) as stream:
        while (await anext(stream))[1]["type"] != "ready":
            pass

        async def turn() -> None:
            async for seq, event in stream:
                visitor.seq = seq or visitor.seq
                if event["type"] == "state":
                    return

        yield lambda: asyncio.create_task(turn())


async def say(visitor: Visitor, text: str) -> tuple[float, float]:
    """Seconds until the message was accepted, and until its turn had ended."""
    async with heard(visitor) as turn:
        answered, begun = turn(), time.monotonic()
        body = {"text": text, "client_id": uuid.uuid4().hex}
        await visitor.post(f"/api/conversations/{visitor.conversation}/messages", body)
        accepted = time.monotonic() - begun
        await answered
        return accepted, time.monotonic() - begun


async def talked(persons: list[Visitor], rate: float, seconds: float, waits: Waits) -> None:
    async def one(visitor: Visitor, text: str) -> None:
        accepted, answered = await say(visitor, text)
        waits.accepted.append(accepted)
        waits.answered.append(answered)

    begun, spoken = time.monotonic(), list[asyncio.Task[None]]()
    for number, (visitor, text) in enumerate(zip(itertools.cycle(persons), itertools.cycle(SAID), strict=False)):
        if number >= rate * seconds:
            break
        await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        spoken.append(asyncio.create_task(one(visitor, text)))
    await asyncio.gather(*spoken)


async def asked_ready(http: aiohttp.ClientSession, url: str, waits: Waits) -> None:
    while True:
        begun = time.monotonic()
        async with http.get(f"{url}/readyz") as response:
            await response.read()
        waits.ready.append(time.monotonic() - begun)
        await asyncio.sleep(0.05)


async def hostile(visitor: Visitor, text: str, waits: Waits) -> None:
    while text:
        waits.hostile.append((await say(visitor, text))[1])
    await asyncio.Event().wait()


async def measured(options: argparse.Namespace, url: str, http: aiohttp.ClientSession) -> Visitor:
    visitors = [Visitor(http, url, token(sub=f"person-{number}")) for number in range(options.persons + 1)]
    for visitor in visitors:
        await visitor.arrive()
    foe, *persons = visitors
    for name, text in HOSTILE.items():
        waits = Waits()
        beside = [asyncio.create_task(hostile(foe, text, waits)), asyncio.create_task(asked_ready(http, url, waits))]
        await talked(persons, options.rate, options.seconds, waits)
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        print(waits.line(name), flush=True)
    return foe


async def restarted(running: Running, foe: Visitor, home: Path, port: int) -> Running:
    """Killed while a hostile message is read and others wait, then started again until it is ready, three times."""
    for number in range(3):
        for _ in range(5):
            body = {"text": HOSTILE["slow"], "client_id": uuid.uuid4().hex}
            await foe.post(f"/api/conversations/{foe.conversation}/messages", body)
        await asyncio.sleep(0.5)
        running.process.send_signal(signal.SIGKILL)
        await running.process.wait()
        running = await launched(home, port)
        print(f"restart {number + 1}: {running.started}", flush=True)
    return running


def memory(process: psutil.Process) -> str:
    """Of the server and what it started: resident MB, its own and theirs."""
    beside = [child.memory_info().rss / 1e6 for child in process.children(recursive=True)]
    return f"{process.memory_info().rss / 1e6:.0f} MB, and {[round(each) for each in beside]} beside it"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--persons", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=40)
    parser.add_argument("--port", type=int, default=18765)
    options = parser.parse_args()
    endless = aiohttp.ClientTimeout(total=None)
    with tempfile.TemporaryDirectory() as folder:
        running = await launched(Path(folder), options.port)
        print(f"load {os.getloadavg()[0]:.1f}; first start: {running.started}", flush=True)
        try:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=endless) as http:
                print(f"idle, before any long message: {memory(psutil.Process(running.process.pid))}", flush=True)
                foe = await measured(options, running.url, http)
                print(f"afterwards: {memory(psutil.Process(running.process.pid))}; load {os.getloadavg()[0]:.1f}")
                running = await restarted(running, foe, Path(folder), options.port)
        finally:
            running.process.kill()
            await running.process.wait()


if __name__ == "__main__":
    asyncio.run(main())
