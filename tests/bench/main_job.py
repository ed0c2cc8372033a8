"""From the first message to the workspace's URL in the sandbox, answers given at once, and our share of it.

    .venv/bin/python tests/bench/main_job.py [ROUNDS]

Terraform's own commands (`version` among them) are timed where the executor
runs them; the rest is ours. Uses the `terraform` on PATH, or with BRICKIE_TERRAFORM=extra the extra's.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from plugins.deploy.terraform.find import TerraformBinary


async def job(home: Path) -> tuple[float, float, str]:
    """Seconds in all, seconds within Terraform, and the URL."""
    from agent import factories as parts_module
    from agent.app import App, AppEnvironment  # the imports belong to the job
    from agent.events import Event, Incoming, Result
    from agent.settings import Settings
    from plugins.deploy.terraform import process, site
    from plugins.domain.plan import Person

    within: list[float] = []
    run = process.attach

    async def timed(*given: object, **named: object) -> object:
        begun = time.perf_counter()
        try:
            return await run(*given, **named)  # type: ignore[arg-type]
        finally:
            within.append(time.perf_counter() - begun)

    find = parts_module.find_terraform

    def found(environment: Mapping[str, str]) -> TerraformBinary:
        looked = time.perf_counter()
        try:
            return find(environment)
        finally:
            within.append(time.perf_counter() - looked)

    site.attach = timed  # type: ignore[assignment]
    parts_module.find_terraform = found
    begun = time.perf_counter()
    app = App(AppEnvironment(Settings.model_validate({"Cloud": {"Sandbox": {"Speed": 0}}}), os.environ, home))
    heard: list[Event] = []
    app.listen(heard.append)
    person = Person(id="ana", name="Ana", roles=("requester",))
    for text in ("I need Databricks for the ML team in dev", "yes"):
        await app.reply_to(Incoming(conversation="c", person=person, text=text), until_settled=True)
    url = next(str(event.outputs["workspace_url"]) for event in heard if isinstance(event, Result))
    elapsed = time.perf_counter() - begun
    await app.close()
    site.attach, parts_module.find_terraform = run, find
    return elapsed, sum(within), url


def main(rounds: int) -> None:
    imports = time.perf_counter()
    for name in ("agent.app", "plugins.parse"):
        import_module(name)
    print(f"imports {time.perf_counter() - imports:.2f} s")
    found: list[tuple[float, float, str]] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as home:
            found.append(asyncio.run(job(Path(home))))
    whole = statistics.median(total for total, _, _ in found)
    ours = statistics.median(total - within for total, within, _ in found)
    print(f"first message to URL: median {whole:.2f} s, slowest {max(t for t, _, _ in found):.2f} s, n {rounds}")
    print(f"outside Terraform's commands: median {ours:.3f} s, {ours / whole:.1%} of it")
    print(found[-1][2])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
