"""A plan for 400 workspaces: how long the turn takes that starts it, and what its events weigh.

    python tests/bench/batch.py [WORKSPACES]

Over the in-memory Terraform, so that only our own work is measured.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from agent.app import App, AppEnvironment
from agent.events import Event, Incoming, PlanProposed, State
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))


def listed(count: int) -> str:
    rows = [f"team-{number},{'dev' if number % 2 else 'staging'},etl" for number in range(count)]
    return "\n".join(["team,environment,workload", *rows])


async def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings()
        in_memory = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        app = App(AppEnvironment(settings, {}, Path(folder)), terraform=in_memory, inline=True)
        heard: list[Event] = []
        app.listen(heard.append)
        await app.start()
        begun = time.perf_counter()
        await app.reply_to(Incoming(conversation="cnv", person=ANA, text=listed(count)), until_settled=False)
        print(f"turn that starts {count}: {time.perf_counter() - begun:.2f} s")
        state = next(event for event in heard if isinstance(event, State))
        print(f"its state: {len(str(state.as_json())):,} characters")
        await app.settled()
        print(f"plan shown after {time.perf_counter() - begun:.1f} s")
        plan = next((event for event in heard if isinstance(event, PlanProposed)), None)
        if plan is None:
            sys.exit(str(heard[-3:])[:1500])
        begun = time.perf_counter()
        print(f"its event: {len(str(plan.as_json())):,} characters, {time.perf_counter() - begun:.2f} s")
        begun = time.perf_counter()
        await app.reply_to(Incoming(conversation="cnv", person=ANA, text="yes"), until_settled=False)
        print(f"turn that starts the apply: {time.perf_counter() - begun:.2f} s")
        await app.settled()
        print(f"applied after {time.perf_counter() - begun:.1f} s")
        begun = time.perf_counter()
        await app.reply_to(Incoming(conversation="cnv", person=ANA, text="list my workspaces"), until_settled=False)
        print(f"list of them: {time.perf_counter() - begun:.2f} s")
        await app.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 400))
