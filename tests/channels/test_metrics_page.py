"""The counts for Prometheus: what they say, who may see them, and that the dashboard asks for what is there."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from opentelemetry.metrics import get_meter

from agent.app import App, AppEnvironment
from agent.brain.double.scripts import faithful
from agent.brain.double.server import Double, serving
from agent.channels.server import Server
from agent.cli.chat_platforms import chat_platforms
from agent.cli.serve import chat_of, installation_of
from agent.events import Incoming
from agent.metrics import COUNTERS, LEVELS, exported_name
from agent.paths import place
from agent.settings import Settings
from agent.store.backlog import Queue
from agent.store.runs import Run
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

ANA = Person(id="ana", name="Ana", roles=("requester", "approver"))
SAMPLE = re.compile(r"^(brickie_[a-z_]+)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'([a-z]+)="((?:[^"\\]|\\.)*)"')

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@dataclass
class Watched:
    """A server that shows its counts. They are the process's: `grown` is what this test added."""

    app: App
    terraform: InMemoryTerraform
    url: str
    http: aiohttp.ClientSession
    before: Samples

    async def say(self, *texts: str) -> None:
        for text in texts:
            await self.app.reply_to(Incoming(conversation="cnv", person=ANA, text=text), until_settled=True)

    async def scraped(self) -> Samples:
        async with self.http.get(f"{self.url}/metrics") as response:
            assert response.status == 200
            assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
            return samples_in(await response.text())

    async def grown(self) -> Samples:
        now = await self.scraped()
        grown = {sample: round(value - self.before.get(sample, 0), 6) for sample, value in now.items()}
        return {sample: value for sample, value in grown.items() if value}


def samples_in(text: str) -> Samples:
    """Every line that is no comment; fails for one that Prometheus could not read."""
    found: Samples = {}
    for line in text.splitlines():
        if line.startswith("# "):
            continue
        match = SAMPLE.match(line)
        assert match is not None, line
        name, labels, value = match.groups()
        found[name, tuple(sorted(LABEL.findall(labels or "")))] = float(value)
    return found


@asynccontextmanager
async def watched(home: Path, **settings: Any) -> AsyncGenerator[Watched]:
    merged = {"Web": {"Port": 0}, "Telemetry": {"Metrics": True}, **settings}
    world = AppEnvironment(Settings.model_validate(merged), {}, home)
    terraform = InMemoryTerraform(world.settings.platform, place("templates") / "terraform")
    app = App(world, terraform=terraform, inline=True)
    server = Server(chat_of(world, app), installation_of(world.settings, home), chat_platforms(world, app))
    url = await server.start()
    async with aiohttp.ClientSession() as http:
        before = samples_in(await app.scraped())
        try:
            yield Watched(app, terraform, url, http, before)
        finally:
            await server.stop()


async def status_of(url: str, path: str, header: str, value: str) -> int:
    """What a request with that header is answered; surrogates in it are sent as the bytes that they stand for."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{header}: {value}\r\n\r\n"
    writer.write(lines.encode("utf-8", "surrogateescape"))
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


def total(name: str, **labels: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return f"brickie_{name}_total", tuple(sorted(labels.items()))


async def test_turns_plans_applies_decisions_and_failures_are_counted(tmp_path: Path) -> None:
    async with watched(tmp_path) as at:
        at.terraform.fail_at(2)
        await at.say("dev etl workspace for team fern with 128gb ram nodes", "yes", "what did dbw-fern-dev cost?")
        grown = await at.grown()
    assert {sample: value for sample, value in grown.items() if sample[0].endswith("_total")} == {
        total("turns", act="provision"): 1,
        total("turns", act="confirm"): 1,
        total("turns", act="cost"): 1,
        total("words_unread"): 3,
        total("plans", action="create", how="planned"): 1,
        total("approvals", status="approved"): 1,
        total("applies", action="create", status="rolled_back"): 1,
        total("failures", where="apply", kind="quota"): 1,
    }


async def test_what_waits_is_a_level_of_the_moment(tmp_path: Path) -> None:
    async with watched(tmp_path) as at:
        await at.say("dev etl workspace for team fern")
        waiting = ("brickie_approvals_waiting", ())
        assert (await at.scraped())[waiting] == 1
        await at.say("no")
        assert (await at.scraped())[waiting] == 0


async def test_the_queue_is_as_old_as_what_has_waited_longest(tmp_path: Path) -> None:
    """An apply waits since its approval, a plan since its order; what runs does not wait."""
    async with watched(tmp_path) as at:
        await at.say("dev etl workspace for team fern", "yes")
        now = datetime.now(UTC)
        plan_id = await at.app.read(lambda records: records.newest_applied("cnv"))
        assert plan_id is not None
        again = [Run(f"apply:again:{n}", "apply", plan_id, n, f"dep_{n}", "cnv", 2) for n in range(3)]
        await at.app.kept(lambda records: records.keep_runs(again))
        await at.app.kept(lambda records: records.begin_run("apply:again:0", "here-0", now=now))
        backlog = await at.app.read(lambda records: records.backlog(now + timedelta(hours=1)))
    assert backlog.queues["plan"] == Queue()
    apply = backlog.queues["apply"]
    assert (apply.waiting, apply.running) == (2, 1)
    assert 3600 <= apply.oldest_seconds < 3660


async def test_what_the_model_is_asked_and_costs_is_counted(tmp_path: Path) -> None:
    with serving(Double(faithful)) as address:
        model = {"BaseUrl": address, "Name": "double", "InputPricePerMillion": 1, "OutputPricePerMillion": 2}
        async with watched(tmp_path, Model=model) as at:
            await at.say("Databricks for the fern team in dev, etl")
            grown = await at.grown()
    assert grown[total("model_calls")] >= 1
    tokens = {way: grown[total("model_tokens", direction=way)] for way in ("input", "output")}
    assert grown[total("model_money")] == pytest.approx((tokens["input"] + 2 * tokens["output"]) / 1e6, abs=1e-6)


async def test_without_a_token_only_this_machine_sees_them(tmp_path: Path) -> None:
    """Not a page under another name that was made to lead here, nor anybody behind a proxy."""
    async with watched(tmp_path) as at:
        for header in ({"Host": "brickie.example"}, {"X-Forwarded-For": "203.0.113.7"}):
            async with at.http.get(f"{at.url}/metrics", headers=header) as response:
                assert response.status == 403


async def test_with_a_token_whoever_has_it_sees_them(tmp_path: Path) -> None:
    async with watched(tmp_path, Telemetry={"Metrics": True, "MetricsToken": "t0k"}) as at:
        for sent, status in (({}, 401), ({"Authorization": "Bearer t0"}, 401), ({"Authorization": "Bearer t0k"}, 200)):
            headers = {"Host": "brickie.example", **sent}
            async with at.http.get(f"{at.url}/metrics", headers=headers) as response:
                assert response.status == status


async def test_with_a_public_address_and_no_token_nobody_sees_them(tmp_path: Path) -> None:
    """A proxy that adds no header and asks by the address of this machine looks like a program of this machine."""
    public = {"Port": 0, "PublicUrl": "https://brickie.example"}
    async with watched(tmp_path, Web=public) as at, at.http.get(f"{at.url}/metrics") as response:
        assert response.status == 403
        assert "Telemetry__MetricsToken" in await response.text()


@pytest.mark.parametrize("sent", ["Bearer t0k\u00e9", "Bearer t0\udce9"])
async def test_a_token_in_whatever_bytes_is_only_a_wrong_one(sent: str, tmp_path: Path) -> None:
    async with watched(tmp_path, Telemetry={"Metrics": True, "MetricsToken": "t0k"}) as at:
        assert await status_of(at.url, "/metrics", "Authorization", sent) == 401


async def test_there_is_no_such_page_unless_it_is_wanted(tmp_path: Path) -> None:
    async with watched(tmp_path, Telemetry={}) as at, at.http.get(f"{at.url}/metrics") as response:
        assert response.status == 404


async def test_the_dashboard_asks_for_what_a_scrape_holds(tmp_path: Path) -> None:
    """Every metric has its panel, and every panel a metric with the labels by which it is split."""
    for name in COUNTERS:
        if name.startswith("brickie.model"):
            get_meter("brickie").create_counter(name).add(0, {"direction": "input"} if "tokens" in name else {})
    async with watched(tmp_path) as at:
        at.terraform.fail_at(2)
        await at.say("dev etl workspace for team fern", "yes")
        scraped = await at.scraped()
    labels: dict[str, set[str]] = {}
    for name, found in scraped:
        labels.setdefault(name, set()).update(key for key, _ in found)
    dashboard = json.loads((place("templates") / "grafana" / "brickie.json").read_text("utf-8"))
    asked: set[str] = set()
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            names = set(re.findall(r"brickie_[a-z_]+", target["expr"]))
            by = set(re.findall(r"\w+", "".join(re.findall(r"by \(([^)]*)\)", target["expr"]))))
            assert names, panel["title"]
            assert names <= labels.keys(), panel["title"]
            assert all(by <= labels[name] for name in names), panel["title"]
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) == by, panel["title"]
            asked |= names
    assert asked == {exported_name(name) for name in (*COUNTERS, *LEVELS)}
