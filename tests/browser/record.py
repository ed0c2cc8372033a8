"""Records tests/browser/fixtures: real conversations over the sandbox cloud, as the web stream tells them.

Run by hand when an event gains a field: `.venv/bin/python tests/browser/record.py`, then review the diff. Each
file holds one conversation, one event a line, with what the person said before each turn's events.
"""

import asyncio
import itertools
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agent import app as composition
from agent.app import App, AppEnvironment
from agent.events import Button, Event, Incoming, PlanProposed
from agent.settings import Settings
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.install import cloud_path
from plugins.domain.plan import Person

FIXTURES = Path(__file__).parent / "fixtures"
ANA = Person(id="ana@contoso.com", name="Ana Ruiz", roles=("requester", "approver"))
RITA = Person(id="rita@contoso.com", name="Rita Berg", roles=("requester",))
INES = Person(id="ines@contoso.com", name="Ines Roth", roles=("approver",))

Line = str | tuple[Person, str]
CLICK = "(click)"
TALKS: Mapping[str, Sequence[Line]] = {
    "deploy": ("hello", "I need a workspace", "Databricks for the ML team in dev", CLICK),
    "life": (
        "Databricks for the ML team in dev, owner is ana@contoso.com",
        CLICK,
        "change dbw-ml-dev to 1 to 3 workers",
        CLICK,
        "history of dbw-ml-dev",
        "export dbw-ml-dev",
        "list my workspaces",
        "destroy dbw-ml-dev",
        "yes",
    ),
    "money": (
        "etl workspace for team data-platform in staging with 4 to 12 workers",
        "compare with spot",
        "how much would it cost with 2 workers?",
        "what alternatives are there?",
    ),
    "production": (
        (RITA, "production workspace for the ledger team, etl, west europe, private link, 2 to 4"),
        (RITA, "yes"),
        (INES, "yes"),
        (RITA, "destroy dbw-ledger-prod"),
        (INES, "yes"),
        (INES, "dbw-ledger-prod"),
    ),
    "several": ("Databricks for the ML team in dev and staging, training", "no"),
    "batch": (
        "\n".join(
            f"{number}. {what} workspace for team {team} in {environment}"
            for number, (team, what, environment) in enumerate(
                itertools.product(
                    ("atlas", "borea", "ceres", "draco", "eridu", "fides"), ("etl", "bi"), ("dev", "staging")
                ),
                1,
            )
        ),
    ),
    "failed": ("gpu workspace for the vision team in dev", "Databricks for the ML team in dev", CLICK),
}
FAULTS = {"failed": "half_way"}


async def recorded(name: str, lines: Sequence[Line], home: Path) -> list[Mapping[str, Any]]:
    """Everything that the stream would tell of this conversation, oldest first."""
    app = App(AppEnvironment(Settings(), os.environ, home))
    told: list[Mapping[str, Any]] = []
    plans: list[PlanProposed] = []

    def hear(event: Event) -> None:
        told.append(event.as_json())
        if isinstance(event, PlanProposed):
            plans.append(event)

    app.listen(hear)
    cloud = SandboxCloud(cloud_path(home))
    if name in FAULTS:
        cloud.add_fault(FAULTS[name])
    for turn, line in enumerate(lines, 1):
        person, text = (ANA, line) if isinstance(line, str) else line
        button = None
        if text == CLICK:
            button = Button(action="confirm", plan_id=plans[-1].plan_id, digest=plans[-1].digest)
        told.append(_said(person, text, button, turn))
        incoming = Incoming(
            conversation="cnv_1", person=person, text=None if button is not None else text, button=button
        )
        await app.reply_to(incoming, until_settled=True)
    await app.close()
    return told


def _said(person: Person, text: str, button: Button | None, turn: int) -> Mapping[str, Any]:
    what = {"text": text} if button is None else {"button": button.model_dump(mode="json", exclude_none=True)}
    by = {"id": person.id, "name": person.name}
    return {"type": "said", **what, "by": by, "client_id": f"c{turn}", "turn": turn, "conversation": "cnv_1"}


async def record() -> None:
    for name, lines in TALKS.items():
        numbers = itertools.count(1)
        composition.new_id = lambda prefix, numbers=numbers: f"{prefix}_{next(numbers)}"  # type: ignore[assignment]
        with tempfile.TemporaryDirectory() as home:
            told = await recorded(name, lines, Path(home))
        path = FIXTURES / f"{name}.jsonl"
        path.write_text("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in told), "utf-8")


if __name__ == "__main__":
    asyncio.run(record())
