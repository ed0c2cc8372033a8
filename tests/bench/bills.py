"""How long 90 days of bills of 400 workspaces take: read over the wire, kept, and read, summed and shown.

    python tests/bench/bills.py [--workspaces 400] [--days 90]

The wire is the double's: a row a resource group and day, 1,000 on a page as Azure cuts them.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from arm_double import client_of
from one_turn import MINT, one_turn

from agent.store.bills import WorkspaceDay
from agent.store.database import Database
from agent.turn.actions.billed import row_of
from agent.views.bills import BillPeriod, billed_months, grouped
from plugins.resource_manager.bills import BillReader
from plugins.resource_manager.double.server import ResourceManagerDouble
from plugins.resource_manager.double.subscription import Subscription, steady_bill


async def run(workspaces: int, days: int) -> None:
    today = datetime.now(UTC).date()
    since = today - timedelta(days=days - 1)
    daily = {f"rg-{n}{suffix}": Decimal("3.21") for n in range(workspaces) for suffix in ("", "-managed")}
    with tempfile.TemporaryDirectory() as folder, one_turn() as turn:
        subscription = Subscription(bill=steady_bill(daily))
        async with ResourceManagerDouble(lambda: subscription).serving(Path(folder) / "double") as double:
            reader = BillReader(client_of(double), subscription.id)
            began = time.perf_counter()
            read = await reader.read(tuple(daily), since, today, now=datetime.now(UTC), seconds=600)
            print(f"over the wire: {len(read.days):,} rows in {time.perf_counter() - began:.2f} s")
            await reader.close()
        teams = [
            MINT.model_copy(update={"workspace_name": f"dbw-{n}", "team": f"t{n % 40}"}) for n in range(workspaces)
        ]
        deployments = [turn.deployed(request, f"dep_{n}") for n, request in enumerate(teams)]
        rows = [
            WorkspaceDay(f"dep_{one.group.removeprefix('rg-').split('-')[0]}", one.day, one.currency, one.amount)
            for one in read.days
        ]
        database = Database(f"sqlite:///{folder}/brickie.db")
        await database.open()
        began = time.perf_counter()
        await database.transact(lambda records: records.keep_bill(rows, since, today))
        print(f"kept: {workspaces * days:,} days in {time.perf_counter() - began:.2f} s")
        began = time.perf_counter()
        kept = await database.read(lambda records: records.billed(since, today))
        months = billed_months(deployments, kept, BillPeriod.of(today, today), {})
        shown = [row_of(one, one.group) for one in (*grouped(months, "team"), *grouped(months, None))]
        print(f"read, summed and shown: {len(kept):,} days, {len(shown)} rows in {time.perf_counter() - began:.2f} s")
        print(f"the last row: {' | '.join(shown[-1])}")
        await database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--workspaces", type=int, default=400)
    parser.add_argument("--days", type=int, default=90)
    options = parser.parse_args()
    asyncio.run(run(options.workspaces, options.days))
