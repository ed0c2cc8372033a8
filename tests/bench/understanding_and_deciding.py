"""How long a message takes to be understood, and a request to be decided, priced, checked and written as Terraform.

    .venv/bin/python tests/bench/understanding_and_deciding.py LINES.jsonl [PROJECT]

LINES.jsonl holds labelled requests (`text`). PROJECT is a checkout of kevinjcwu/agent-infra-spike: its decide and
generate are then timed in the same run, interleaved with ours.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from agent.places import place
from plugins.databricks.proposal import propose
from plugins.deploy.generate import generate
from plugins.domain.house import House
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


def main(lines: Path) -> None:
    texts = [json.loads(line)["text"] for line in lines.read_text("utf-8").splitlines()]
    context = Context(today=TODAY)
    for text in texts:
        understand(text, context)
    print(
        spread(
            "understand one message",
            [milliseconds(lambda t=t: understand(t, context)) for t in texts for _ in range(5)],
        )
    )
    house, templates = House(), place("templates") / "terraform"
    request = InfrastructureRequest(team="ml", environment="prod", workload_type="data_engineering")

    def whole() -> None:
        generate(propose(request, house, identity="dep_1", today=TODAY).decision, house, templates)

    decision = propose(request, house, identity="dep_1", today=TODAY).decision
    whole()
    print(
        spread(
            "decide + estimate + check",
            [milliseconds(lambda: propose(request, house, identity="d", today=TODAY)) for _ in range(ROUNDS)],
        )
    )
    print(spread("generate", [milliseconds(lambda: generate(decision, house, templates)) for _ in range(ROUNDS)]))
    print(spread("decide + estimate + check + generate", [milliseconds(whole) for _ in range(ROUNDS)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
