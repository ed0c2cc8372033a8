"""Many people at two processes over one PostgreSQL: is every turn kept, how late is the slowest, how do tables grow?

    python tests/bench/many_people.py [--conversations 5000] [--turns 50000] [--rate 100] [--sqlite]

Two processes answer turns that come at a fixed rate, whether or not the earlier ones are answered, each in a
conversation that either of them may have had before. A turn's time counts from when it was due. At the end every turn
must stand in its conversation, and the tables' size is told by turn.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from postgresql import Server
from sqlalchemy import func, select, text

from agent.app import App, AppEnvironment
from agent.events import Error, Event, Incoming
from agent.paths import place
from agent.settings import Settings
from agent.store.records import Records
from agent.store.tables import conversations, said
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

PROCESSES = 2
LIMIT_P99_MS = 400.0
TURNS = ("dev workspace for team oak", "how much would it cost with 3 workers?", "what can you do?", "start over")


async def answering(url: str, home: Path, told: argparse.Namespace, number: int) -> dict[str, Any]:
    """What one process answered: milliseconds of each turn, and what went wrong."""
    settings = Settings.model_validate({"Database": {"Url": url}})
    terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
    app = App(AppEnvironment(settings, {}, home), terraform=terraform)
    errors: list[str] = []

    def hear(event: Event) -> None:
        if isinstance(event, Error):
            errors.append(event.code)

    app.listen(hear)
    await app.start()
    chosen = random.Random(number)  # noqa: S311 - which conversation goes on is no secret
    took: list[float] = []

    async def turn(due: float, one: int) -> None:
        of = chosen.randrange(told.conversations)
        person = Person(id=f"p{of}@contoso.com", name=f"P{of}", roles=("requester",))
        await app.reply_to(
            Incoming(conversation=f"cnv_{of}", person=person, text=TURNS[one % len(TURNS)]), until_settled=False
        )
        took.append((time.perf_counter() - due) * 1000)

    rate, share = told.rate / PROCESSES, told.turns // PROCESSES
    async with asyncio.TaskGroup() as turns:
        began = time.perf_counter()
        for one in range(share):
            due = began + one / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            turns.create_task(turn(due, one))
    elapsed = time.perf_counter() - began
    await app.close()
    return {"took": took, "errors": errors, "seconds": elapsed}


def counted(records: Records) -> tuple[int, int, int]:
    """Turns and events that stand in the tables, and the bytes of all of these."""
    documents = records.connection.execute(select(conversations.c.document)).scalars()
    turns = sum(json.loads(document)["turn"] for document in documents)
    events = records.connection.execute(select(func.count()).select_from(said)).scalar_one()
    size = (
        "select page_count * page_size from pragma_page_count(), pragma_page_size()"
        if records.connection.dialect.name == "sqlite"
        else "select pg_database_size(current_database())"
    )
    return turns, int(events), int(records.connection.execute(text(size)).scalar_one())


async def counts(url: str, home: Path) -> tuple[int, int, int]:
    settings = Settings.model_validate({"Database": {"Url": url}, "Mode": {"ReadOnly": True}})
    app = App(AppEnvironment(settings, {}, home))
    found = await app.read(counted)
    await app.close()
    return found


async def measured(url: str, home: Path, told: argparse.Namespace) -> int:
    before = (await counts(url, home))[2]
    own = [*sys.argv[1:], "--url", url, "--home", str(home)]
    children = [
        await asyncio.create_subprocess_exec(
            sys.executable, __file__, *own, "--child", str(number), stdout=asyncio.subprocess.PIPE, env=os.environ
        )
        for number in range(PROCESSES)
    ]
    outputs = await asyncio.gather(*(child.communicate() for child in children))
    answers = [json.loads(output.decode().splitlines()[-1]) for output, _ in outputs]
    took = sorted(each for answer in answers for each in answer["took"])
    errors = [code for answer in answers for code in answer["errors"]]
    turns, events, size = await counts(url, home)
    p99 = took[int(0.99 * (len(took) - 1))]
    rate = len(took) / max(answer["seconds"] for answer in answers)
    print(
        f"{len(took):,} turns in {told.conversations:,} conversations at {rate:.0f}/s (asked {told.rate}/s): median "
        f"{statistics.median(took):.0f} ms, p99 {p99:.0f} ms; kept {turns:,}, lost {len(took) - turns}, errors "
        f"{len(errors)}; {(size - before) / len(took) / 1000:.1f} kB and {events / len(took):.1f} events a turn"
    )
    return 0 if turns == len(took) and not errors and p99 <= LIMIT_P99_MS else 1


def main(told: argparse.Namespace) -> int:
    if told.child is not None:
        print(json.dumps(asyncio.run(answering(told.url, Path(told.home), told, told.child))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        if told.sqlite:
            return asyncio.run(measured(f"sqlite:///{folder}/brickie.db", Path(folder), told))
        server = Server()
        try:
            return asyncio.run(measured(server.database(), Path(folder), told))
        finally:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--conversations", type=int, default=5000)
    parser.add_argument("--turns", type=int, default=50_000)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--sqlite", action="store_true")
    for hidden in ("--url", "--home"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    sys.exit(main(parser.parse_args()))
