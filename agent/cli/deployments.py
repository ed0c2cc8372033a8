"""`brickie deployments list` and `show`: read from the records."""

import argparse
import asyncio
from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from agent.cli.session import CommandSession, UnknownWorkspace, console, exact_name, fail, write_json
from agent.events import Message, Table
from agent.paths import place
from agent.store.deployments import GONE
from agent.store.records import Records
from agent.views.plan import row_of
from agent.views.workspace_status import WorkspaceStatus, history_rows, status_words, workspace_status_of
from agent.wording import Wording, money, state
from plugins.domain.deployment import Deployment
from plugins.domain.estimate import LineItem

COLUMNS = ("Workspace", "Status", "Environment", "Team", "Owner", "Region", "A month", "Expires")


def listed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """One line, or one JSON object, a workspace."""
    return asyncio.run(_listed(options, environment))


def shown(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """One workspace with everything kept of it; 1 when it is unknown."""
    return asyncio.run(_shown(options, environment))


async def _listed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = CommandSession(options, environment)
    found = await session.read(lambda records: records.deployments(of=session.scope))
    await session.close()
    wanted = [deployment for deployment in found if _is_wanted(deployment, options)]
    if session.as_json:
        for deployment in wanted:
            write_json(row_of(deployment))
        return 0
    rows = tuple(_line(deployment) for deployment in wanted)
    title = f"{len(rows)} {'workspace' if len(rows) == 1 else 'workspaces'}{_sum(wanted)}"
    session.show([Table(conversation="", turn=0, title=title, columns=COLUMNS, rows=rows)])
    return 0


def _is_wanted(deployment: Deployment, options: argparse.Namespace) -> bool:
    status, environment, owner = options.status, options.environment, options.owner
    if (deployment.status != status) if status else (deployment.status in GONE):
        return False
    if environment is not None and deployment.decision.environment != environment:
        return False
    return owner is None or owner.casefold() in str(row_of(deployment)["owner"]).casefold()


def _line(deployment: Deployment) -> tuple[JsonValue, ...]:
    row, cost = row_of(deployment), deployment.cost
    return (
        row["workspace_name"],
        state(deployment.status),
        row["environment"],
        row["team"],
        row["owner"],
        row["region"],
        ("at least " if cost.is_lower_bound else "") + money(cost.expected, cost.currency),
        row["expires_on"] or "never",
    )


def _sum(deployments: list[Deployment]) -> str:
    """What they cost together, where that is one currency."""
    currencies = {deployment.cost.currency for deployment in deployments}
    if len(currencies) != 1:
        return ""
    costs = [deployment.cost.expected for deployment in deployments]
    return f", about {money(sum(costs[1:], costs[0]), currencies.pop())} a month"


async def _shown(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = CommandSession(options, environment)

    def newest(records: Records) -> WorkspaceStatus:
        same = [d for d in records.deployments(of=session.scope) if d.workspace_name == name]
        return workspace_status_of(records, same[-1])

    try:
        name = await exact_name(session, options.workspace)
        standing = await session.read(newest)
    except UnknownWorkspace as unknown:
        return fail(f"showing a workspace: {unknown}")
    finally:
        await session.close()
    if session.as_json:
        write_json(_document(standing))
    else:
        _print(session, standing)
    return 0


def _document(standing: WorkspaceStatus) -> dict[str, JsonValue]:
    deployment, result = standing.deployment, standing.result
    return {
        **row_of(deployment),
        "request": deployment.request.model_dump(mode="json"),
        "decision": deployment.decision.model_dump(mode="json"),
        "cost": deployment.cost.model_dump(mode="json"),
        "outputs": deployment.outputs,
        "error": deployment.error.model_dump(mode="json") if deployment.error else None,
        "last_run": {"status": result.status, "ended_at": _iso(standing.ran_at)} if result else None,
        "drift": standing.drift,
        "drift_looked_at": _iso(standing.looked_at),
        "state_lost": standing.is_lost,
        "history": [
            {"at": entry.at.isoformat(), "who": entry.who.name, "what": entry.what, "detail": entry.detail}
            for entry in standing.history
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _print(session: CommandSession, standing: WorkspaceStatus) -> None:
    from agent.channels.cards.terminal import facts  # rich, only where it prints

    deployment = standing.deployment
    cost = deployment.cost
    bill = tuple((line.item, _amount(line, cost.currency)) for line in cost.lines)
    words = status_words(standing, Wording(place("templates") / "replies"), pending=False)
    session.show([Message(conversation="", turn=0, text=words)])
    console().print(facts(deployment.decision))
    session.show([_table("Cost of a month", ("Item", "A month"), bill)])
    session.show([_table("History", ("When", "Who", "What", "Detail"), history_rows(standing))])


def _table(title: str, columns: tuple[str, ...], rows: tuple[tuple[JsonValue, ...], ...]) -> Table:
    return Table(conversation="", turn=0, title=title, columns=columns, rows=rows)


def _amount(line: LineItem, currency: str) -> str:
    return "unknown" if line.monthly is None else money(line.monthly, currency)
