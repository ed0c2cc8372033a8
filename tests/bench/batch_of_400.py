"""Many workspaces in one batch against the sandbox, beside what Terraform alone needs for as many.

    python tests/bench/batch_of_400.py [--workspaces 400] [--slots 4] [--without-alone]

Through the agent: one message, one plan, one confirmation, the durable engine, SQLite, speed 0. Alone: the very same
files, with `init`, `plan`, `show` and `apply` in every folder, so many folders at a time, each provider a process of
its own as real ones are; its plans must have the digests of ours. Told are the seconds of both, of the turns that start
them, and the most memory that the agent's process took (Terraform's own processes not counted).
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from agent.app import App, AppEnvironment
from agent.events import Event, Incoming, PlanProposed, Result
from agent.factories import generated
from agent.settings import Settings
from plugins.deploy.digest import semantic_digest
from plugins.deploy.sandbox import install as sandbox
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.server import COLD
from plugins.deploy.terraform.backend import LocalState, with_backend
from plugins.deploy.terraform.find import find_terraform
from plugins.domain.deployment import Failure
from plugins.domain.plan import Person, PlanItem

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
LIMIT_RSS_MB, LIMIT_TURN_SECONDS, LIMIT_TIMES = 200, 2.0, 0.60


def settings_of(slots: int) -> Settings:
    at_once = {"Plans": slots, "PlansOverall": slots, "Applies": slots, "AppliesOverall": slots}
    return Settings.model_validate({"Cloud": {"Sandbox": {"Speed": 0}}, "Engine": at_once})


def asked(workspaces: int) -> str:
    teams = ", ".join(f"a{number}" for number in range(1, workspaces))
    return f"dev for teams {teams} and a{workspaces}, etl"


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(frozen=True)
class Batch:
    """Seconds of the turn that asks, until all is planned, of the turn that confirms, until all is applied."""

    asking: float
    planned: float
    confirming: float
    applied: float
    peak_mb: float


async def by_the_agent(home: Path, told: argparse.Namespace) -> tuple[Batch, tuple[PlanItem, ...]]:
    """The batch, with the most memory that this process took for it, and what was planned."""
    app = App(AppEnvironment(settings_of(told.slots), os.environ, home))
    plans: list[tuple[str, int]] = []
    ends: Counter[str] = Counter()
    errors: list[Failure] = []

    def heard(event: Event) -> None:
        """Keeps nothing of an event: the plan of 400 would count as memory of ours."""
        if isinstance(event, PlanProposed):
            plans.append((event.plan_id, len(event.items) or 1))
        if isinstance(event, Result):
            ends[event.status] += 1
            errors.extend([event.error] if event.error is not None else [])

    app.listen(heard)

    async def turn(text: str) -> float:
        began = time.perf_counter()
        await app.reply_to(Incoming(conversation="c", person=ANA, text=text), until_settled=False)
        return time.perf_counter() - began

    await app.start()
    began = time.perf_counter()
    first = await turn(asked(told.workspaces))
    await app.settled()
    planned = time.perf_counter() - began
    ((plan_id, count),) = plans
    assert count == told.workspaces, count
    began = time.perf_counter()
    second = await turn("yes")
    await app.settled()
    applied = time.perf_counter() - began
    assert ends == {"succeeded": told.workspaces}, errors
    made = SandboxCloud(sandbox.cloud_path(home)).resources("azurerm_databricks_workspace")
    assert len(made) == told.workspaces, len(made)
    held = await app.read(lambda records: [d.status for d in records.deployments()])
    assert held == ["succeeded"] * told.workspaces
    peak = peak_mb()
    items = await app.read(lambda records: records.items(plan_id))
    await app.close()
    return Batch(first, planned, second, applied, peak), items


async def alone(home: Path, items: tuple[PlanItem, ...], told: argparse.Namespace) -> tuple[float, float]:
    """Seconds that Terraform takes to plan and to apply the same workspaces, so many at a time."""
    settings = settings_of(told.slots)
    slots = asyncio.Semaphore(told.slots)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {**kept, "CHECKPOINT_DISABLE": "1", **sandbox.environment(home, speed=0), COLD: "1"}
    terraform = find_terraform(os.environ).command

    async def run(folder: Path, *arguments: str) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *terraform, *arguments, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, (folder, arguments)
        return output

    async def planned(item: PlanItem) -> Path:
        folder = home / "alone" / item.deployment_id
        folder.mkdir(parents=True)
        for name, text in with_backend(generated(item.decision, settings.platform), LocalState()).files.items():
            (folder / name).write_text(text, "utf-8")
        async with slots:
            await run(folder, "init", "-input=false", f"-backend-config=path={folder / 'state.tfstate'}")
            await run(folder, "plan", "-input=false", "-json", "-out=plan.tfplan")
            shown = await run(folder, "show", "-json", "plan.tfplan")
        assert semantic_digest(json.loads(shown)) == item.plan_file.semantic_digest
        return folder

    async def applied(folder: Path) -> None:
        async with slots:
            await run(folder, "apply", "-input=false", "-json", "plan.tfplan")

    began = time.perf_counter()
    folders = await asyncio.gather(*(planned(item) for item in items))
    plan_seconds = time.perf_counter() - began
    began = time.perf_counter()
    await asyncio.gather(*(applied(folder) for folder in folders))
    return plan_seconds, time.perf_counter() - began


async def main(told: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        batch, items = await by_the_agent(Path(folder) / "agent", told)
        print(
            f"{told.workspaces} workspaces, {told.slots} slots: all done; turns {batch.asking:.2f} s and "
            f"{batch.confirming:.2f} s; planned in {batch.planned:.1f} s, applied in {batch.applied:.1f} s; "
            f"peak {batch.peak_mb:.0f} MB",
            flush=True,
        )
        held = batch.peak_mb <= LIMIT_RSS_MB and max(batch.asking, batch.confirming) <= LIMIT_TURN_SECONDS
        if told.without_alone:
            return 0 if held else 1
        plan_seconds, apply_seconds = await alone(Path(folder) / "alone", items, told)
    times = (batch.planned + batch.applied) / (plan_seconds + apply_seconds)
    print(f"Terraform alone: planned in {plan_seconds:.1f} s, applied in {apply_seconds:.1f} s; ours {times:.2f} times")
    return 0 if held and times <= LIMIT_TIMES else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--workspaces", type=int, default=400)
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--without-alone", action="store_true")
    sys.exit(asyncio.run(main(parser.parse_args())))
