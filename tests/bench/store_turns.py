"""What the records cost a turn, on SQLite and PostgreSQL, with nothing stored and with many conversations.

    python tests/bench/store_turns.py [--turns 150] [--stored 10000] [--deployments 1]

Two apps answer the same turns by turns, one over empty records and one over full ones, so that whatever else the
machine does hits both alike. The cost of the records is the time inside the database calls of a turn, commits with
them, without the turn's own code that runs in the transaction; "with it" counts that, too. Ana, an approver, may speak
of every deployment, so that more of them cost her turns more.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from postgresql import Server
from sqlalchemy import event, insert, select

from agent.app import App, AppEnvironment
from agent.events import Incoming
from agent.paths import place
from agent.settings import Settings
from agent.store.connection import stamp
from agent.store.database import Database
from agent.store.records import Records
from agent.store.tables import conversations, deployments, said
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

T = TypeVar("T")
ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
TURNS = ("dev workspace for team oak", "how much would it cost with 3 workers?", "what can you do?", "start over")
"""A question asked, a price, a text, a draft dropped: what a day is made of, each a turn that is kept."""

LIMITS_MS = {"sqlite": 10.0, "postgresql": 15.0}


class Timed(Database):
    """Counts the time that is spent in it, and of that what the turn's own plain code took between statements."""

    spent = 0.0
    plain = 0.0
    statements = 0.0
    _since = 0.0

    def watch(self) -> None:
        """Statements count from here on."""
        event.listen(self._plain, "before_cursor_execute", self._began)
        event.listen(self._plain, "after_cursor_execute", self._ended)

    def _began(self, *_: Any) -> None:
        self._since = time.perf_counter()

    def _ended(self, *_: Any) -> None:
        self.statements += time.perf_counter() - self._since

    async def _run(self, work: Callable[[Records], T], options: dict[str, Any]) -> T:
        def timed(records: Records) -> T:
            began, statements = time.perf_counter(), self.statements
            try:
                return work(records)
            finally:
                self.plain += time.perf_counter() - began - (self.statements - statements)

        began = time.perf_counter()
        try:
            return await super()._run(timed, options)
        finally:
            self.spent += time.perf_counter() - began


class Talker:
    """One app over one database."""

    def __init__(self, home: Path, url: str) -> None:
        settings = Settings.model_validate({"Database": {"Url": url}})
        terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        self.app = App(AppEnvironment(settings, {}, home), terraform=terraform, inline=True)
        self.app.database.__class__ = Timed
        self.database: Any = self.app.database
        self.database.watch()

    async def say(self, conversation: str, text: str) -> tuple[float, float]:
        """Milliseconds that the database took, without and with the turn's own code."""
        spent, plain = self.database.spent, self.database.plain
        await self.app.reply_to(Incoming(conversation=conversation, person=ANA, text=text), until_settled=False)
        whole = (self.database.spent - spent) * 1000
        return whole - (self.database.plain - plain) * 1000, whole

    async def make_one(self) -> None:
        """A workspace, whose records are then copied."""
        for text in ("dev etl workspace for team fern", "yes"):
            await self.app.reply_to(Incoming(conversation="cnv_0", person=ANA, text=text), until_settled=True)


def fill(records: Records, *, stored: int, deployed: int) -> None:
    """Copies of the one conversation, a day apart, each with all that was said; and of the one deployment."""
    db = records.connection
    talk = dict(db.execute(select(conversations).where(conversations.c.id == "cnv_0")).mappings().one())
    events = [dict(row) for row in db.execute(select(said).where(said.c.conversation == "cnv_0")).mappings()]
    whole = dict(db.execute(select(deployments)).mappings().one())
    del whole["number"]
    now = datetime.now(UTC)
    for number in range(1, stored + 1):
        name, at = f"cnv_{number}", stamp(now - timedelta(days=1, minutes=number))
        document = talk["document"].replace('"cnv_0"', f'"{name}"')
        owner = f"person{number % 500}@contoso.com"
        db.execute(insert(conversations), {**talk, "id": name, "document": document, "updated_at": at, "owner": owner})
        db.execute(insert(said), [{**told, "conversation": name} for told in events])
        if number <= deployed:
            row = {**whole, "deployment_id": f"dep_{number}", "workspace_name": f"dbw-{number}", "conversation": name}
            db.execute(insert(deployments), {**row, "person": owner})


async def measure(kind: str, new_url: Callable[[], str], told: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        empty, full = Talker(Path(folder) / "empty", new_url()), Talker(Path(folder) / "full", new_url())
        for talker in (empty, full):
            await talker.make_one()
        stored, deployed = int(told.stored), int(told.deployments)

        def filled(records: Records) -> None:
            fill(records, stored=stored, deployed=deployed)

        await full.database.transact(filled)
        spent: dict[str, list[tuple[float, float]]] = {"empty": [], "full": []}
        for number in range(-4, told.turns):
            text = TURNS[number % len(TURNS)]
            for name, talker in (
                (("empty", empty), ("full", full)) if number % 2 else (("full", full), ("empty", empty))
            ):
                took = await talker.say(f"cnv_new_{number // len(TURNS)}", text)
                if number >= 0:
                    spent[name].append(took)
        for talker in (empty, full):
            await talker.app.close()
    few, many = (statistics.median(own for own, _ in spent[name]) for name in ("empty", "full"))
    slower = (many / few - 1) * 100
    whole = statistics.median(whole for _, whole in spent["full"])
    tail = sorted(own for own, _ in spent["full"])[int(0.95 * told.turns)]
    print(
        f"{kind:10}  empty {few:6.2f} ms   {told.stored:,} stored {many:6.2f} ms ({slower:+.1f} %)   p95 {tail:6.2f} ms"
        f"   with it {whole:6.2f} ms   limit {LIMITS_MS[kind]:.0f} ms, +10 %"
    )
    return many <= LIMITS_MS[kind] and slower <= 10


async def main(told: argparse.Namespace) -> int:
    folder = tempfile.mkdtemp()
    numbers = iter(range(9))
    held = await measure("sqlite", lambda: f"sqlite:///{folder}/{next(numbers)}/brickie.db", told)
    server = Server()
    held = await measure("postgresql", server.database, told) and held
    server.stop()
    return 0 if held else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=150)
    parser.add_argument("--stored", type=int, default=10_000)
    parser.add_argument("--deployments", type=int, default=1)
    sys.exit(asyncio.run(main(parser.parse_args())))
