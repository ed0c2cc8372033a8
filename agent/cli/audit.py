"""`brickie audit`: the newest rows, and whether the whole chain is as it was written."""

import argparse
import asyncio
from collections.abc import Mapping

from agent.cli.session import Session, fail, write_json
from agent.events import Table
from agent.output import put
from agent.store.audit import first_break, length
from plugins.domain.errors import ConfigurationError

COLUMNS = ("Row", "When (UTC)", "Who", "What", "Detail", "Plan", "Deployment")


def listed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """The newest rows, the oldest of them first."""
    if options.most < 1:
        raise ConfigurationError("reading the audit", f"--most {options.most} gives nothing.", "Give 1 or more.")
    return asyncio.run(_listed(options, environment))


def verified(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """0 when every row is as it was written; 1, with the first that is not, otherwise."""
    return asyncio.run(_verified(options, environment))


async def _listed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = Session(options, environment)
    rows = await session.read(lambda records: records.audited(most=options.most))
    await session.close()
    if session.as_json:
        for seq, entry in rows:
            write_json(
                {
                    "seq": seq, "at": entry.at.isoformat(), "who": entry.who, "what": entry.what,
                    "detail": entry.detail, "deployment_id": entry.deployment_id, "plan_id": entry.plan_id,
                    "conversation": entry.conversation,
                }
            )  # fmt: skip
        return 0
    cells = tuple(
        (seq, f"{e.at:%Y-%m-%d %H:%M:%S}", e.who, e.what, e.detail, e.plan_id or "", e.deployment_id or "")
        for seq, e in rows
    )
    session.show([Table(conversation="", turn=0, title="Audit", columns=COLUMNS, rows=cells)])
    return 0


async def _verified(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = Session(options, environment)
    broken, rows = await session.read(lambda records: (first_break(records.connection), length(records.connection)))
    await session.close()
    if session.as_json:
        first = {"seq": broken.seq, "what": broken.what} if broken else None
        write_json({"whole": broken is None, "rows": rows, "first_break": first})
    elif broken is None:
        session.show([])
        put(f"The audit is whole: {rows} {'row' if rows == 1 else 'rows'}, each as it was written.\n")
    if broken is not None:
        return fail(f"verifying the audit: row {broken.seq} {broken.what}. Compare it with a backup of the records.")
    return 0
