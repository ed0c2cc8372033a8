"""`brickie deployments list` and `show`: read from the records; what has work done is in `orders`."""

import argparse
import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import JsonValue

from agent.cli.session import CommandSession, UnknownWorkspace, console, exact_name, fail, write_json
from agent.events import Message, Table
from agent.paths import place
from agent.store.deployments import GONE
from agent.store.records import Records
from agent.views.plan import row_of
from agent.views.portfolio import narrowed, stands, sums
from agent.views.sum_words import totals
from agent.views.workspace_status import WorkspaceStatus, history_rows, status_words, workspace_status_of
from agent.wording import Wording, money, phrase, state
from plugins.domain.deployment import Deployment
from plugins.domain.estimate import LineItem
from plugins.domain.portfolio import Selection

COLUMNS = ("Workspace", "Status", "Environment", "Team", "Owner", "Region", "A month", "Expires")


def listed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """One line, or one JSON object, a workspace."""
    return asyncio.run(_listed(options, environment))


def shown(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """One workspace with everything kept of it; 1 when it is unknown."""
    return asyncio.run(_shown(options, environment))


async def _listed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = CommandSession(options, environment)
    known = await session.read(session.viewer.deployments)
    await session.close()
    wanted = [deployment for deployment in known if _is_wanted(deployment, options)]
    rates = session.settings.platform.pricing.exchange_rates
    today = datetime.now(UTC).date()
    deployments = narrowed(wanted, _selection(options), today=today, rates=rates)
    if session.as_json:
        for deployment in deployments:
            write_json(row_of(deployment))
        return 0
    rows = tuple(_line(deployment) for deployment in deployments)
    count = phrase("cli.deployments.count_one" if len(rows) == 1 else "cli.deployments.count", count=len(rows))
    standing = [deployment for deployment in deployments if stands(deployment)]
    title = count + (phrase("cli.deployments.sum", amount=totals(sums(standing, None))) if standing else "")
    session.show([Table(conversation="", turn=0, title=title, columns=COLUMNS, rows=rows)])
    return 0


def _selection(options: argparse.Namespace) -> Selection:
    """The options as the conversation's own filters."""
    lists = {
        "teams": "team",
        "regions": "region",
        "networks": "network",
        "runtimes": "runtime",
        "cost_centers": "cost_center",
    }
    said = {name: (value,) for name, option in lists.items() if (value := getattr(options, option)) is not None}
    within = {} if options.within is None else {"expiry": "within", "expiry_days": options.within}
    return Selection.model_validate(
        {
            **said,
            **within,
            "over": options.over,
            "under": options.under,
            "sort": options.sort,
            "descending": options.descending,
        }
    )


def _is_wanted(deployment: Deployment, options: argparse.Namespace) -> bool:
    status, environment, owner = options.status, options.environment, options.owner
    # Without a status what is gone is left out; asked for by its status it is shown.
    if (deployment.status != status) if status else (deployment.status in GONE):
        return False
    if environment is not None and deployment.decision.environment != environment:
        return False
    return owner is None or owner.casefold() in str(row_of(deployment)["owner"]).casefold()


def _line(deployment: Deployment) -> tuple[JsonValue, ...]:
    row, cost = row_of(deployment), deployment.cost
    amount = money(cost.expected, cost.currency)
    return (
        row["workspace_name"],
        state(deployment.status),
        row["environment"],
        row["team"],
        row["owner"],
        row["region"],
        phrase("cli.deployments.at_least", amount=amount) if cost.is_lower_bound else amount,
        row["expires_on"] or phrase("cli.deployments.never"),
    )


async def _shown(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = CommandSession(options, environment)

    def newest(records: Records) -> WorkspaceStatus:
        namesakes = [d for d in session.viewer.deployments(records) if d.workspace_name == name]
        # A name may be used again after a destroy: the newest is meant.
        return workspace_status_of(records, namesakes[-1])

    try:
        name = await exact_name(session, options.workspace)
        workspace = await session.read(newest)
    except UnknownWorkspace as unknown:
        return fail(phrase("cli.deployments.showing", problem=unknown))
    finally:
        await session.close()
    if session.as_json:
        write_json(_document(workspace))
    else:
        _print(session, workspace)
    return 0


def _document(workspace: WorkspaceStatus) -> dict[str, JsonValue]:
    deployment, result = workspace.deployment, workspace.result
    return {
        **row_of(deployment),
        "request": deployment.request.model_dump(mode="json"),
        "decision": deployment.decision.model_dump(mode="json"),
        "cost": deployment.cost.model_dump(mode="json"),
        "outputs": deployment.outputs,
        "error": deployment.error.model_dump(mode="json") if deployment.error else None,
        "last_run": {"status": result.status, "ended_at": _iso(workspace.ran_at)} if result else None,
        "drift": workspace.drift,
        "drift_looked_at": _iso(workspace.looked_at),
        "state_lost": workspace.is_lost,
        "history": [
            {"at": entry.at.isoformat(), "who": entry.who.name, "what": entry.what, "detail": entry.detail}
            for entry in workspace.history
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _print(session: CommandSession, workspace: WorkspaceStatus) -> None:
    from agent.channels.cards.terminal_plan import facts  # rich, only where it prints

    deployment = workspace.deployment
    cost = deployment.cost
    bill = tuple((line.item, _amount(line, cost.currency)) for line in cost.lines)
    sentences = status_words(workspace, Wording(place("templates") / "replies"), pending=False)
    session.show([Message(conversation="", turn=0, text=sentences)])
    console().print(facts(deployment.decision))
    session.show([_table(phrase("cli.deployments.bill"), ("Item", "A month"), bill)])
    history = history_rows(workspace)
    session.show([_table(phrase("cli.deployments.history"), ("When", "Who", "What", "Detail"), history)])


def _table(title: str, columns: tuple[str, ...], rows: tuple[tuple[JsonValue, ...], ...]) -> Table:
    return Table(conversation="", turn=0, title=title, columns=columns, rows=rows)


def _amount(line: LineItem, currency: str) -> str:
    return phrase("cli.deployments.unknown") if line.monthly is None else money(line.monthly, currency)
