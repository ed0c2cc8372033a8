"""How long a turn takes that is held against Azure: a double that answers each call after 200 ms, and one of which a
part never answers.

    python tests/bench/preflight.py [--turns 10] [--delay 0.2]

Each turn is a plan of its own in a conversation of its own, over the real client, sign-in and wire; the same turns
without Azure stand beside them. The first signs in and imports what asks, and is told apart.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from agent.app import App, AppEnvironment
from agent.events import Event, Incoming, PlanProposed
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.person import Person
from plugins.resource_manager.double.server import Fault, ResourceManagerDouble
from plugins.resource_manager.double.subscription import Subscription

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
REGIONS = ("eastus", "westeurope", "uksouth", "australiaeast", "centralindia", "japaneast", "canadacentral")
"""One after the other: what was asked about one is not asked again within some seconds."""


async def turns(home: Path, double: ResourceManagerDouble, count: int, *, asks: bool) -> list[float]:
    assert double.certificate is not None
    environment = {**double.environment(), "REQUESTS_CA_BUNDLE": str(double.certificate.certificate)}
    settings = Settings.model_validate(
        {
            "Cloud": {"Mode": "azure"},
            "Pricing": {"Source": "bundled"},
            "Azure": {"ManagementUrl": double.url, "Preflight": asks, "Bills": False},
        }
    )
    terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
    app = App(AppEnvironment(settings, environment, home), terraform=terraform, inline=True)
    heard: list[Event] = []
    app.listen(heard.append)
    seconds: list[float] = []
    for number in range(count):
        text = f"Databricks for team t{number} in dev, etl, 2 workers, no spot, {REGIONS[number % len(REGIONS)]}"
        began = time.perf_counter()
        await app.reply_to(Incoming(conversation=f"cnv_{number}", person=ANA, text=text), until_settled=False)
        seconds.append(time.perf_counter() - began)
        await app.settled()
    await app.close()
    plans = [event for event in heard if isinstance(event, PlanProposed)]
    rules = sorted({finding.rule for plan in plans for finding in plan.policy if finding.rule.startswith("azure-")})
    print(f"  {len(plans)} plans of {count}; said of Azure: {', '.join(rules) or 'nothing'}")
    return seconds


def told(name: str, seconds: Sequence[float]) -> None:
    first, rest = seconds[0], sorted(seconds[1:])
    print(f"{name}: first {first:.2f} s, then median {statistics.median(rest):.2f} s, slowest {rest[-1]:.2f} s")


async def run(count: int, delay: float) -> None:
    faults: tuple[tuple[str, dict[str, Fault]], ...] = (
        (f"every call after {delay * 1000:.0f} ms", {}),
        ("one look-up never answers", {"/usages": "silent"}),
        ("nothing ever answers", {"/subscriptions": "silent"}),
    )
    with tempfile.TemporaryDirectory() as folder:
        double = ResourceManagerDouble(Subscription, delay_seconds=delay)
        async with double.serving(Path(folder) / "double"):
            told("without Azure", await turns(Path(folder) / "none", double, count, asks=False))
            for number, (name, struck) in enumerate(faults):
                double.faults = struck
                told(name, await turns(Path(folder) / str(number), double, count, asks=True))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--delay", type=float, default=0.2)
    options = parser.parse_args()
    asyncio.run(run(options.turns, options.delay))
