"""Slack's channel beside a bolt echo app, and what it promises under load; prints figures and ratios.

    .venv/bin/python tests/bench/slack.py [--seconds 5] [--only accept,repeats,builds,mutated]

Needs wrk (Debian's) for `accept`. Accept: signed events kept (SQLite, group commit) at 16 connections, each a mention
in a thread of its own, against slack-bolt's echo, which posts its answer to the same played workspace. Turns: how late
an acknowledgement is while 50 orders are answered. Repeats: 1,000 events delivered up to 4 times. Builds: ten at once,
a line of progress a second each. Mutated: payloads with something changed in them.
"""

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from aiohttp import ClientSession, TCPConnector, web

sys.path.insert(0, str(Path(__file__).parents[1] / "channels" / "slack"))

from slack_journey import SlackJourney, slack_journey
from slack_mutations import mutated
from slack_rooms import ENVIRONMENT, SECRET, refusing, slack_settings

from agent.app import App, AppEnvironment
from agent.channels.http.served import ServerDoors
from agent.channels.slack.double.sending import (
    Sent,
    Signer,
    commanded,
    message_event,
    pressed,
    submitted,
)
from agent.channels.slack.double.server import SlackDouble
from agent.channels.slack.double.workspace import BOT, ApiCall, SlackWorkspace
from agent.channels.slack.made import slack_channel
from agent.channels.slack.platform import SlackPlatform
from agent.channels.slack.records import RecordedSlack
from agent.channels.slack.seat import seat_of
from agent.cli.chat_platforms import room_of
from agent.events import Progress, Result
from agent.factories import rules_of
from agent.heap import collect_seldom
from agent.paths import place
from agent.store.records import Records
from plugins.deploy.in_memory_terraform import InMemoryTerraform

CONNECTIONS = 16
PEOPLE = ("U0ANA", "U0BEN", "U0INES")
UNPACED = 100_000


# --- the server that is measured, a process of its own -------------------------------------------------------------


async def serve_ours(port: int, api_url: str, home: Path) -> None:
    settings = slack_settings(api_url)
    world = AppEnvironment(settings, ENVIRONMENT, home)
    app = App(world, terraform=InMemoryTerraform(settings.platform, place("templates") / "terraform"), inline=True)
    room = room_of(world, app)

    def room_for(platform: SlackPlatform) -> Any:
        room.take_seat(seat_of(platform, settings.slack))
        return room

    channel = slack_channel(settings, ENVIRONMENT, RecordedSlack(app, rules_of(settings)), room_for)
    await app.start()
    doors = ServerDoors(cast("Any", None), "http://127.0.0.1")
    await channel.begin(doors)
    await room.open()
    room.outbox.wake()
    application = web.Application(middlewares=[refusing])
    application.add_routes(channel.routes())
    collect_seldom(looked_through=True)
    await listening(application, port)


async def serve_echo(port: int, api_url: str) -> None:
    """What bolt's own documentation begins with."""
    from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
    from slack_bolt.app.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    client = AsyncWebClient(token="xoxb-1", base_url=api_url, session=ClientSession())  # noqa: S106 - of the double
    app = AsyncApp(client=client, signing_secret=SECRET)

    @app.event("app_mention")  # pyright: ignore[reportUnknownMemberType] - bolt's own annotation is open
    async def _(event: dict[str, Any], say: Any) -> None:
        await say(text=event["text"], thread_ts=event["ts"])

    async def answer(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    application = web.Application()
    application.add_routes([web.post("/slack/events", answer)])
    await listening(application, port)


async def listening(application: web.Application, port: int) -> None:
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


# --- accept --------------------------------------------------------------------------------------------------------


def mentions(workspace: SlackWorkspace, count: int, text: str) -> list[Sent]:
    made: list[Sent] = []
    for number in range(count):
        message = {
            "channel": "C0PLATFORM",
            "thread_ts": None,
            "text": f"<@{BOT}> {text}",
            "user": PEOPLE[number % len(PEOPLE)],
            "ts": workspace.ts(),
        }
        made.append(message_event(message, mentions=True))
    return made


def wrk_script(sents: list[Sent], folder: Path) -> Path:
    """Each request once, then from the beginning again; signed within the five minutes."""
    signer = Signer(SECRET)
    lines = ["wrk.method = 'POST'", "local requests = {}", "local at = 0"]
    for sent in sents:
        headers = signer.headers(sent)
        fields = ", ".join(f"['{name}'] = '{value}'" for name, value in headers.items())
        lines.append(f"requests[#requests + 1] = {{ [=[{sent.body}]=], {{ {fields} }} }}")
    lines.append("request = function() at = at % #requests + 1; local one = requests[at]")
    lines.append("return wrk.format(nil, '/slack/events', one[2], one[1]) end")
    path = folder / "events.lua"
    path.write_text("\n".join(lines))
    return path


async def measured(kind: str, double: SlackDouble, port: int, seconds: int, folder: Path) -> dict[str, str]:
    """What wrk says of that server: requests a second, latencies, and what was refused."""
    home = folder / kind
    home.mkdir()
    command = [sys.executable, __file__, "--serve", kind, str(port), double.api_url, str(home)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        await process.stdout.readline()
        script = wrk_script(mentions(double.workspace, 2500 * seconds, "help"), folder)
        await warm(port, mentions(double.workspace, 12, "help"))
        before = computed_by(process.pid)
        said = await wrk(port, script, seconds)
        said["each"] = f"{(computed_by(process.pid) - before) * 1000 / (float(said['rate']) * seconds):.2f}"
    finally:
        process.kill()
        await process.wait()
    return said


def computed_by(pid: int) -> float:
    """Seconds of a processor that the process has used (Linux): they tell more where others use the machine."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def warm(port: int, sents: list[Sent]) -> None:
    """The first few look their sender up and load what a turn needs."""
    signer = Signer(SECRET)
    async with ClientSession() as http:
        for sent in sents:
            url = f"http://127.0.0.1:{port}/slack/events"
            async with http.post(url, data=sent.body.encode(), headers=signer.headers(sent)) as answer:
                assert answer.status == 200, answer.status
    await asyncio.sleep(3)


async def wrk(port: int, script: Path, seconds: int) -> dict[str, str]:
    arguments = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script)]
    process = await asyncio.create_subprocess_exec(
        "wrk", *arguments, f"http://127.0.0.1:{port}", stdout=subprocess.PIPE
    )
    out = (await process.communicate())[0].decode()
    fields = {line.split()[0]: line.split()[-1] for line in out.splitlines() if line.strip()}
    return {"rate": fields["Requests/sec:"], "p99": fields["99%"], "refused": fields.get("Non-2xx", "0")}


async def accept(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        double = SlackDouble(SlackWorkspace(), secret=SECRET)
        await double.start()
        rates: dict[str, list[float]] = defaultdict(list)
        for turn in range(2):
            for kind in ("echo", "ours"):
                home = Path(folder) / str(turn)
                home.mkdir(exist_ok=True)
                double.workspace.messages.clear()
                double.workspace.calls.clear()
                said = await measured(kind, double, 8940 + turn * 2 + (kind == "ours"), seconds, home)
                rates[kind].append(float(said["rate"]))
                print(
                    f"accept  {kind:<5} {said['rate']:>8}/s  p99 {said['p99']:>9}  refused {said['refused']}"
                    f"  {said['each']} ms of a processor each"
                )
        ours, echo = max(rates["ours"]), max(rates["echo"])
        print(f"accept  ours kept {ours:.0f}/s, echo {echo:.0f}/s: {ours / echo:.2f} times (wanted ≥ 1)")
        await double.stop()


# --- the rest, in one process --------------------------------------------------------------------------------------


class Poster:
    """Posts signed deliveries, and remembers how long each acknowledgement took."""

    def __init__(self, slack: SlackJourney) -> None:
        self._slack = slack
        self._signer = Signer(SECRET)
        self._http = ClientSession(connector=TCPConnector(limit=64))
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()

    async def post(self, sent: Sent, **headers: str) -> int:
        begun = time.perf_counter()
        signed = {**self._signer.headers(sent), **headers}
        async with self._http.post(self._slack.double.events, data=sent.body.encode(), headers=signed) as answer:
            await answer.read()
        self.seconds.append(time.perf_counter() - begun)
        self.statuses[answer.status] += 1
        return answer.status

    async def close(self) -> None:
        await self._http.close()


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98] if len(values) > 1 else values[0]


async def turns() -> None:
    """Acknowledgements while fifty orders are being answered."""
    with tempfile.TemporaryDirectory() as folder:
        async with slack_journey(Path(folder)) as slack:
            poster = Poster(slack)
            for sent in mentions(slack.workspace, 50, "databricks for the ml team in dev, training"):
                await poster.post(sent)
            begun = len(poster.seconds)
            for sent in mentions(slack.workspace, 200, "help"):
                await poster.post(sent)
                await asyncio.sleep(0.01)
            late = poster.seconds[begun:]
            print(f"turns   p99 of {len(late)} acknowledgements beside 50 turns: {p99(late) * 1000:.0f} ms (≤ 250)")
            await poster.close()


async def sending(slack: SlackJourney) -> None:
    """The outbox, as the server runs it."""
    await slack.room.outbox.run()


async def repeats(count: int) -> None:
    """Each event up to four times, out of order; every one is answered once."""
    with tempfile.TemporaryDirectory() as folder:
        async with slack_journey(Path(folder)) as slack:
            channels = [f"C{number:05d}" for number in range(50)]
            slack.workspace.channels |= {name: name.lower() for name in channels}
            platform = slack.room._seats["slack"].platform  # pyright: ignore[reportPrivateUsage] - a bench lifts the pace
            platform.pace = replace(platform.pace, all_posts=(UNPACED, 60.0))  # type: ignore[misc]
            await slack.room.open()
            events: list[Sent] = []
            for number in range(count):
                message = {
                    "channel": channels[number % len(channels)],
                    "thread_ts": None,
                    "text": f"<@{BOT}> what waits for me?",
                    "user": PEOPLE[number % len(PEOPLE)],
                    "ts": slack.workspace.ts(),
                }
                events.append(message_event(message, mentions=True))
            deliveries = [one for one in events for _ in range(random.randint(1, 4))]  # noqa: S311
            random.shuffle(deliveries)
            poster = Poster(slack)
            task = asyncio.create_task(sending(slack))
            limit = asyncio.Semaphore(CONNECTIONS)

            async def deliver(sent: Sent) -> None:
                async with limit:
                    await poster.post(sent)

            await asyncio.gather(*map(deliver, deliveries))
            until = time.monotonic() + 300
            while len(answers(slack)) < count and time.monotonic() < until:
                await asyncio.sleep(0.5)
            await asyncio.sleep(2)
            task.cancel()
            report_repeats(slack, poster, count)
            await poster.close()


def answers(slack: SlackJourney) -> list[ApiCall]:
    """What was said to somebody: a list is for whoever asked alone."""
    return [call for call in slack.workspace.calls if call.method in ("chat.postMessage", "chat.postEphemeral")]


def report_repeats(slack: SlackJourney, poster: Poster, count: int) -> None:
    posts = answers(slack)
    threads = Counter(str(call.arguments.get("thread_ts")) for call in posts)
    by_channel: dict[str, list[float]] = defaultdict(list)
    for call in posts:
        by_channel[str(call.arguments["channel"])].append(call.at)
    gaps = [b - a for times in by_channel.values() for a, b in pairwise(times)]
    more = sum(number > 1 for number in threads.values())
    late = sum(seconds > 3 for seconds in poster.seconds)
    print(f"repeats {len(poster.seconds)} deliveries of {count}: answered {len(threads)}, more than once {more}")
    unheard = sum(number for status, number in poster.statuses.items() if status != 200)
    print(f"repeats not acknowledged {unheard}, later than 3 s {late}, p99 {p99(poster.seconds) * 1000:.0f} ms")
    print(
        f"repeats least time between two posts in a channel {min(gaps, default=0):.2f} s (≥ 1, less the clock's grain)"
    )


async def builds(seconds: int) -> None:
    """Ten builds that say something every second, in ten threads."""
    with tempfile.TemporaryDirectory() as folder:
        async with slack_journey(Path(folder)) as slack:
            slack.workspace.rates = True
            conversations: list[str] = []
            for number in range(10):
                slack.workspace.channels[f"C{number}"] = f"c{number}"
                await slack.say("U0ANA", "@brickie help", channel=f"C{number}")
            conversations = [
                chat.conversation for chat in await slack.app.read(lambda r: r.chats_of("slack:T0SANDBOX|U0ANA"))
            ]
            slack.workspace.calls.clear()
            task = asyncio.create_task(sending(slack))
            ends: dict[str, float] = {}
            for second in range(seconds + 1):
                for at, conversation in enumerate(conversations):
                    if second < seconds - at:
                        await say(slack, progress(conversation, second, seconds))
                    elif conversation not in ends:
                        ends[conversation] = time.time()
                        await say(slack, ended(conversation))
                await asyncio.sleep(1)
            await asyncio.sleep(8)
            task.cancel()
            report_builds(slack, ends)


def progress(conversation: str, second: int, of: int) -> Progress:
    text = f"making resource {second}"
    fields: dict[str, Any] = {"deployment_id": f"dep_{conversation}", "step": "apply", "done": second, "total": of}
    return Progress(conversation=conversation, turn=1, text=text, elapsed_s=float(second), **fields)


def ended(conversation: str) -> Result:
    return Result(
        conversation=conversation,
        turn=1,
        deployment_id=f"dep_{conversation}",
        status="succeeded",
        outputs={},
        error=None,
    )


async def say(slack: SlackJourney, event: Progress | Result) -> None:
    def kept(records: Records) -> None:
        records.log(event.conversation, [event], source="work", now=datetime.now(UTC))

    await slack.app.kept(kept)
    slack.app.pulse()
    slack.room.outbox.wake()


def report_builds(slack: SlackJourney, ends: dict[str, float]) -> None:
    edits = [call.at for call in slack.workspace.called("chat.update")]
    most = max((sum(at <= other < at + 60 for other in edits) for at in edits), default=0)
    posts = [call for call in slack.workspace.called("chat.postMessage") if "is ready" in str(call.arguments["text"])]
    waits = [call.at - end for call, end in zip(sorted(posts, key=lambda c: c.at), sorted(ends.values()), strict=False)]
    print(f"builds  edits {len(edits)}, most in 60 s {most} (≤ 50)")
    print(
        f"builds  endings shown {len(posts)} of {len(ends)}, latest {max(waits, default=0):.1f} s after its end (≤ 5)"
    )


# --- mutated -------------------------------------------------------------------------------------------------------


async def mutate(count: int) -> None:
    """Nothing of what is not as Slack made it is a 500, confirms, rejects or applies anything."""
    with tempfile.TemporaryDirectory() as folder:
        async with slack_journey(Path(folder)) as slack:
            await slack.say("U0ANA", "@brickie databricks for the ml team in dev, training")
            plan = slack.newest("C0PLATFORM", "New workspace")
            edit = pressed("U0ANA", plan, slack.button(plan, "Edit…"))
            await slack.send(edit)
            view = list(slack.workspace.views.values())[-1]
            good = (
                pressed("U0BEN", plan, slack.button(plan, "Approve")),
                submitted("U0BEN", view, {"region": "westeurope"}),
                commanded("U0BEN", "C0PLATFORM", "what waits for me?"),
                mentions(slack.workspace, 1, "what waits for me?")[0],
            )
            before = await slack.app.read(written)
            poster, chance = Poster(slack), random.Random(15)  # noqa: S311
            for number in range(count):
                sent = mutated(good[number % len(good)], chance)
                headers = (
                    {} if chance.random() < 0.9 else {"X-Slack-Signature": chance.choice(("", "v0=", "v0=" + "0" * 64))}
                )
                await poster.post(sent, **headers)
            await slack.settled()
            after = await slack.app.read(written)
            bad = sum(n for status, n in poster.statuses.items() if status >= 500)
            print(f"mutated {count}: {dict(sorted(poster.statuses.items()))}, 5xx {bad} (0)")
            applied = len(slack.terraform.applied)
            applied = len(slack.terraform.applied)
            print(f"mutated plans and deployments written {after != before} (False), applied {applied} (0)")
            await poster.close()


def written(records: Records) -> tuple[Any, ...]:
    """All that a decision would change."""
    waiting = tuple((one.plan_id) for one in records.waiting())
    return waiting, tuple((one.deployment_id, one.status) for one in records.deployments(of=None))


async def main(options: argparse.Namespace) -> None:
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    wanted = options.only.split(",")
    if "accept" in wanted:
        await accept(options.seconds)
    if "turns" in wanted:
        await turns()
    if "repeats" in wanted:
        await repeats(options.events)
    if "builds" in wanted:
        await builds(options.builds)
    if "mutated" in wanted:
        await mutate(options.mutated)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--builds", type=int, default=90)
    parser.add_argument("--mutated", type=int, default=10_000)
    parser.add_argument("--only", default="accept,turns,repeats,builds,mutated")
    parser.add_argument("--serve", nargs=4, metavar=("KIND", "PORT", "API", "HOME"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        kind, port, api, home = given.serve
        asyncio.run(serve_ours(int(port), api, Path(home)) if kind == "ours" else serve_echo(int(port), api))
    else:
        asyncio.run(main(given))
