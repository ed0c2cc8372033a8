"""Random decisions planned in the sandbox, all validators on: none may be refused, and no cluster breaks its policy.

python tests/bench/random_decisions.py [COUNT] [SEED]
"""

import asyncio
import json
import os
import random
import string
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "terraform"))

from carrying import files_of, found

from plugins.databricks.proposal import propose
from plugins.deploy.sandbox import install as sandbox
from plugins.deploy.sandbox.cluster_policies import violations
from plugins.deploy.sandbox.reattach import Reattached
from plugins.deploy.terraform.executor import Executor
from plugins.deploy.terraform.process import environment
from plugins.deploy.terraform.site import PLAN_NAME, Site
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import InfraError
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

TODAY = date(2026, 11, 30)
WORKLOADS = ("data_engineering", "machine_learning", "analytics", "data_science", "streaming")


def decided(choose: random.Random, number: int) -> InfrastructureDecision | None:
    """What some request leads to; None for one that the rules refuse."""
    letters = string.ascii_letters + string.digits + "-_"
    smallest = choose.choice((0, 1, 2, 8))
    request: dict[str, Any] = {
        "team": choose.choice(("ml", "data-platform", "team-of-a-very-long-name-indeed")),
        "environment": choose.choice(("dev", "staging", "prod")),
        "workload_type": choose.choice(WORKLOADS),
        "region": choose.choice(("eastus", "westeurope", "uksouth")),
        "network": choose.choice((None, "public", "vnet", "private_link")),
        "workspace_name": choose.choice((None, "".join(choose.choices(letters, k=choose.randint(3, 64))))),
        "min_workers": smallest,
        "max_workers": smallest + choose.choice((0, 0, 1, 6)),
        "spot": choose.choice((None, True, False)),
        "photon": choose.choice((None, True, False)),
        "enable_gpu": choose.choice((None, None, True)),
    }
    try:
        checked = InfrastructureRequest.model_validate(request)
        return propose(checked, PlatformSettings(), identity=f"dep_{number}", today=TODAY).decision
    except (InfraError, ValueError):
        return None


async def planned(executor: Executor, site: Site, decision: InfrastructureDecision) -> list[str]:
    """What is wrong with it."""
    files = files_of(decision)
    try:
        plan = await executor.plan(files, deployment_id=decision.identity, plan_id=decision.identity, action="create")
        shown = await site.show(Path(plan.folder), PLAN_NAME)
    except InfraError as error:
        return [f"{error.problem} {getattr(error, 'diagnostics', '')}"[:400]]
    values = {each["type"]: each["change"]["after"] for each in shown["resource_changes"]}
    executor.discard(decision.identity)
    return list(violations(values["databricks_cluster_policy"]["definition"], values["databricks_cluster"]))


async def main(count: int, seed: int) -> int:
    choose, failed, number = random.Random(seed), 0, 0  # noqa: S311 - the same decisions each time
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="brickie-random-") as folder:
        home = Path(folder)
        with Reattached(sandbox.cloud_path(home), speed=0) as providers:
            own = {**sandbox.environment(home, speed=0), "TF_REATTACH_PROVIDERS": providers}
            cloud = sandbox.cloud_path(home)
            surroundings = environment(os.environ, own, azure=False)
            site = Site(terraform=found, home=home, environment=lambda: surroundings, cloud=cloud)
            executor = Executor(site, lambda: datetime.now(UTC))
            while number < count:
                decision = decided(choose, number)
                if decision is None:
                    continue
                number += 1
                wrong = await planned(executor, site, decision)
                failed += bool(wrong)
                if wrong:
                    print(json.dumps({"number": number, "name": decision.workspace_name, "wrong": wrong}), flush=True)
    print(f"{count} decisions, {failed} refused, {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*(int(word) for word in (*sys.argv[1:], "1000", "16")[:2]))))
