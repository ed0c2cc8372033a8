"""How long a message takes to be understood, and a request to be decided, priced, checked and written as Terraform.

    .venv/bin/python tests/bench/understanding_and_deciding.py LINES.jsonl [PROJECT]

LINES.jsonl holds labelled requests (`text`). PROJECT is a checkout of kevinjcwu/agent-infra-spike: its decide and
generate are then timed in the same run, interleaved with ours.
"""

import json
import logging
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType

from agent.paths import place
from plugins.databricks.proposal import propose
from plugins.decide import decide
from plugins.deploy.generate import generate
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

TODAY = date(2026, 11, 24)
ROUNDS = 400


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def spread(name: str, times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"{name:<44} median {statistics.median(ordered):7.3f} ms   p95 {p95:7.3f} ms   n {len(ordered)}"


def theirs(project: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    """Their decide and their generate, from a checkout; its packages' own imports (a model client) are bypassed."""
    for name in (
        "capabilities",
        "capabilities.databricks",
        "capabilities.databricks.core",
        "capabilities.databricks.provisioning",
        "capabilities.databricks.provisioning.terraform",
    ):
        package = ModuleType(name)
        package.__path__ = [str(project / name.replace(".", "/"))]
        sys.modules[name] = package
    logging.disable(logging.INFO)
    maker = import_module("capabilities.databricks.core.decision_maker").DecisionMaker()
    generator = import_module("capabilities.databricks.provisioning.terraform.generator").TerraformGenerator()
    request = import_module("capabilities.databricks.models.schemas").InfrastructureRequest(
        workspace_name="ml-prod", team="ml", environment="prod", region="eastus", workload_type="data_engineering"
    )
    decision = maker.make_decision(request)
    return lambda: maker.make_decision(request), lambda: generator.generate(decision)


def main(lines: Path, project: Path | None) -> None:
    texts = [json.loads(line)["text"] for line in lines.read_text("utf-8").splitlines()]
    context = Context(today=TODAY)
    for text in texts:
        understand(text, context)
    print(
        spread(
            "understand one message", [milliseconds(partial(understand, t, context)) for t in texts for _ in range(5)]
        )
    )
    platform, templates = PlatformSettings(), place("templates") / "terraform"
    request = InfrastructureRequest(team="ml", environment="prod", workload_type="data_engineering")
    decision = propose(request, platform, identity="dep_1", today=TODAY).decision

    def whole() -> None:
        generate(propose(request, platform, identity="dep_1", today=TODAY).decision, platform, templates)

    works: dict[str, Callable[[], object]] = {
        "decide": lambda: decide(request, platform, identity="d", today=TODAY),
        "decide + estimate + check": lambda: propose(request, platform, identity="d", today=TODAY),
        "generate": lambda: generate(decision, platform, templates),
        "decide + estimate + check + generate": whole,
    }
    if project is not None:
        works["their decide"], works["their generate"] = theirs(project)
    times: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(ROUNDS):
        for name, work in works.items():
            times[name].append(milliseconds(work))
    for name, found in times.items():
        print(spread(name, found))
    if project is not None:
        for ours, other in (("decide", "their decide"), ("generate", "their generate")):
            print(f"{ours} / {other}: {statistics.median(times[ours]) / statistics.median(times[other]):.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
