"""Every kill point on both databases, as a table: nothing lost, nothing twice, how soon back at work.

python tests/bench/kill_matrix.py [WORD …]      only the rows whose name holds each word
"""

import asyncio
import statistics
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "durable"))

from crashing import Ground
from kill_points import EVERY, Case, run
from postgresql import Server

BACK_SECONDS = {"agent": 3.0, "leaver": 3.0, "worker": 5.0}


async def main(words: list[str]) -> int:
    server = Server()
    rows = [
        (database, case)
        for database in ("sqlite", "postgresql")
        for case in EVERY
        if (case.victim != "postgres" or database == "postgresql")
        and all(word in f"{database} {case.name}" for word in words)
    ]
    backs: dict[str, list[float]] = {victim: [] for victim in BACK_SECONDS}
    failed = 0
    started = time.monotonic()
    for number, (database, case) in enumerate(rows, 1):
        told, back = await _row(database, case, server)
        failed += told is not None
        if back is not None:
            backs[case.victim].append(back)
        shown = f"{back:5.2f} s" if back is not None else "     - "
        print(
            f"{number:3} {database:10} {case.name:75} {shown} {'ok' if told is None else 'FAILED: ' + told}", flush=True
        )
    server.stop()
    print(f"{len(rows)} cases, {failed} failed, {time.monotonic() - started:.0f} s")
    for victim, seconds in backs.items():
        if seconds:
            within = sum(each <= BACK_SECONDS[victim] for each in seconds)
            print(
                f"{victim}: back at work after {statistics.median(seconds):.2f} s (median),"
                f" {max(seconds):.2f} s (worst);"
                f" {within} of {len(seconds)} within {BACK_SECONDS[victim]:.0f} s"
            )
    return 1 if failed else 0


async def _row(database: str, case: Case, server: Server) -> tuple[str | None, float | None]:
    with tempfile.TemporaryDirectory(prefix="brickie-kill-") as home:
        speed = 0.05 if case.real else 0
        ground = Ground(Path(home), server.database() if database == "postgresql" else None, speed, forks=False)
        try:
            outcome = await run(case, ground, server)
        except Exception as error:  # noqa: BLE001 - a row of the table
            traceback.print_exc(limit=-3)
            return f"{type(error).__name__}: {error}"[:300], None
        return None, outcome.back_seconds


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
