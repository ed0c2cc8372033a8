"""What Semantic Kernel and our own checks cost over the raw openai client, on the same local server, interleaved.

    .venv/bin/python tests/bench/model_overhead.py [ROUNDS]

Also: 50 conversations at once without a mix-up, what 1,000 idle conversations hold, and how soon the prompt stands.
"""

import asyncio
import gc
import json
import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import psutil

from agent.brain.client import connect
from agent.brain.endpoint import Endpoint
from agent.brain.factory import BrainDependencies, brain_for, parts_of, warm_up
from agent.brain.model import ModelBrain
from agent.brain.model_output import ModelReading
from agent.brain.protocol import PhrasingRequest
from agent.settings import Settings
from plugins.domain.understanding import Context

TODAY = date(2026, 11, 24)
TEXT = "Databricks for the ML team in dev"
SERVER = """
import json, sys, time
from agent.brain.double.answers import Answer, Call
from agent.brain.double.scripts import faithful
from agent.brain.double.server import Double, serving
kept = {}
def script(body):
    key = str(body["messages"][-1]["content"])[:200]
    if "look it up" in str(body["messages"][-1].get("content")) or (
        len(body["messages"]) > 2 and body["messages"][-1]["role"] == "user" and "look" in key
    ):
        return Answer(calls=(Call("brickie-list", "{}"),))
    if body["messages"][-1]["role"] == "tool":
        return kept.setdefault("tool", Answer(calls=(Call("brickie-understood", json.dumps({"act": "list"})),)))
    if key not in kept:
        kept[key] = faithful(body)
    return kept[key]
with serving(Double(script)) as address:
    print(address, flush=True)
    while True:
        time.sleep(60)
"""


async def nothing(_: Context, __: str, ___: Any) -> dict[str, Any]:
    return {"workspaces": []}


class Bench:
    """Both ways of doing the same turn: through the brain, and by hand with what was put on the wire."""

    def __init__(self, address: str) -> None:
        limits = {
            "CallsPerConversationPerHour": 10**7,
            "CallsPerPersonPerHour": 10**7,
            "VolumePerConversationPerDay": 10**12,
            "VolumePerPersonPerDay": 10**12,
        }
        settings = Settings.model_validate({"Model": {"BaseUrl": address, "Name": "double", "Limits": limits}})
        self.needs = BrainDependencies(settings, lambda: TODAY, nothing)
        self.brain = brain_for(self.needs, {"MODEL_API_KEY": "double"})
        self.raw: Any = connect(Endpoint("compatible", address, "double", "double"), 30)
        self.sent: dict[str, Any] = {}

    async def prepared(self) -> None:
        """The voice, and the body of its requests, caught once so that the raw client sends the very same."""
        from agent.brain.semantic_kernel import SemanticKernelClient, service_of

        client = connect(Endpoint("compatible", str(self.raw.base_url), "double", "double"), 30)
        caught: list[dict[str, Any]] = []
        create: Any = client.chat.completions.create

        async def catching(**body: Any) -> Any:
            caught.append(body)
            return await create(**body)

        client.chat.completions.create = catching  # type: ignore[method-assign,assignment]
        catcher = SemanticKernelClient(service_of(client, "double"), parts_of(self.needs))
        await catcher.reading(TEXT, self.context("x"), lambda _: None)
        await catcher.reading("look it up", self.context("x"), lambda _: None)
        self.sent = {"plain": caught[0], "look": caught[1], "after": caught[2]}
        await client.close()
        other = connect(Endpoint("compatible", str(self.raw.base_url), "double", "double"), 30)
        self.voice = SemanticKernelClient(service_of(other, "double"), parts_of(self.needs))
        self.question = PhrasingRequest("why?", "It has 8 GiB a core. " * 20)

    @staticmethod
    def context(name: str) -> Context:
        return Context(today=TODAY, person=name, conversation=name)

    async def raw_one(self) -> None:
        response: Any = await self.raw.chat.completions.create(**self.sent["plain"])
        ModelReading.model_validate_json(response.choices[0].message.tool_calls[0].function.arguments)

    async def voice_one(self) -> None:
        await self.voice.reading(TEXT, self.context("v"), lambda _: None)

    async def brain_one(self) -> None:
        await self.brain.understand(TEXT, self.context("b"))

    async def raw_tool(self) -> None:
        response: Any = await self.raw.chat.completions.create(**self.sent["look"])
        json.loads(response.choices[0].message.tool_calls[0].function.arguments)
        response = await self.raw.chat.completions.create(**self.sent["after"])
        ModelReading.model_validate_json(response.choices[0].message.tool_calls[0].function.arguments)

    async def voice_tool(self) -> None:
        await self.voice.reading("look it up", self.context("v"), lambda _: None)

    async def raw_stream(self) -> None:
        prompt = parts_of(self.needs).prompts.phrase
        stream = await self.raw.chat.completions.create(
            model="double",
            stream=True,
            stream_options={"include_usage": True},
            temperature=0,
            messages=[
                {"role": "system", "content": prompt},
                {"role": "user", "content": f"<facts>\n{self.question.facts}\n</facts>"},
                {"role": "user", "content": self.question.text},
            ],
        )
        async for _ in stream:
            pass

    async def voice_stream(self) -> None:
        async for _ in self.voice.phrase(self.question, self.context("v"), lambda _: None):
            pass


async def interleaved(works: Mapping[str, Callable[[], Awaitable[None]]], rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        for _ in range(10):
            await work()
    for _ in range(rounds):
        for name, work in works.items():
            begun = time.perf_counter()
            await work()
            times[name].append((time.perf_counter() - begun) * 1000)
    return times


def print_times(times: dict[str, list[float]], ground: str) -> None:
    base = statistics.median(times[ground])
    for name, found in times.items():
        ordered = sorted(found)
        print(
            f"{name:<44} median {statistics.median(ordered):7.2f} ms   p95 {ordered[int(len(ordered) * 0.95)]:7.2f} ms"
            f"   n {len(ordered)}   ratio {statistics.median(ordered) / base:.2f}"
        )


async def fifty_at_once(bench: Bench) -> None:
    """50 conversations, each about a team of its own, all at once, twenty times."""
    mixed = 0
    begun = time.perf_counter()
    for _ in range(20):
        names = [f"team{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(50)]
        found = await asyncio.gather(
            *(bench.brain.understand(f"etl workspace for the {n} team in dev", bench.context(n)) for n in names)
        )
        mixed += sum(f.requests[0].team != n or bool(f.notice) for f, n in zip(found, names, strict=True))
    print(f"50 conversations at once, 20 times: {mixed} mix-ups, {time.perf_counter() - begun:.1f} s")


async def thousand_idle(bench: Bench) -> None:
    """What the brain keeps of 1,000 conversations after each had a turn."""
    gc.collect()
    before = psutil.Process().memory_info().rss
    for number in range(1000):
        await bench.brain.understand(TEXT, bench.context(f"idle-{number}"))
    gc.collect()
    grown = (psutil.Process().memory_info().rss - before) / 1024**2
    print(f"1,000 idle conversations hold {grown:.1f} MB")


def prompt_stands() -> None:
    """Seconds from the start of `brickie chat`, with a model configured, to its prompt."""
    times: list[float] = []
    for _ in range(7):
        with tempfile.TemporaryDirectory() as home:
            main, other = pty.openpty()
            environment = {
                **os.environ,
                "BRICKIE_HOME": home,
                "Model__BaseUrl": "http://127.0.0.1:9/v1",
                "Model__Name": "x",
                "TERM": "xterm",
            }
            begun = time.perf_counter()
            started = subprocess.Popen(
                [str(Path(sys.executable).with_name("brickie")), "chat"],
                stdin=other,
                stdout=other,
                stderr=other,
                env=environment,
                close_fds=True,
            )
            seen = b""
            while b"0m>" not in seen and time.perf_counter() - begun < 20:
                if select.select([main], [], [], 0.05)[0]:
                    seen += os.read(main, 65536)
            times.append(time.perf_counter() - begun)
            started.kill()
            started.wait()
            os.close(main)
            os.close(other)
    ordered = sorted(times)
    print(
        f"prompt after: best {ordered[0]:.2f} s, median {statistics.median(ordered):.2f} s, worst {ordered[-1]:.2f} s"
    )


async def main(address: str, rounds: int) -> None:
    warm_up()
    bench = Bench(address)
    await bench.prepared()
    assert isinstance(bench.brain, ModelBrain)
    one = {
        "raw client, one call": bench.raw_one,
        "kernel voice, one call": bench.voice_one,
        "whole brain, one call (rules, checks)": bench.brain_one,
    }
    print_times(await interleaved(one, rounds), "raw client, one call")
    tool = {"raw client, a look-up and a reading": bench.raw_tool, "kernel voice, the same": bench.voice_tool}
    print_times(await interleaved(tool, rounds), "raw client, a look-up and a reading")
    stream = {"raw client, streamed answer": bench.raw_stream, "kernel voice, streamed answer": bench.voice_stream}
    print_times(await interleaved(stream, rounds), "raw client, streamed answer")
    await fifty_at_once(bench)
    await thousand_idle(bench)
    await bench.brain.close()
    await bench.voice.close()
    await bench.raw.close()


def measured(rounds: int) -> None:
    """Everything over a double in a process of its own, so that it shares no interpreter with what is measured."""
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        try:
            asyncio.run(main(server.stdout.readline().strip() if server.stdout else "", rounds))
        finally:
            server.kill()


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "prompt":
        prompt_stands()
    else:
        measured(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
        prompt_stands()
