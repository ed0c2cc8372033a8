"""`brickie deployments list` and `show`: read from the records."""

import argparse
import asyncio
from collections.abc import Mapping

from pydantic import JsonValue

from agent.cli.session import Session, Unknown, console, exact_name, fail, write_json
from agent.events import Message, Table
from agent.showing import row_of
from agent.store.deployed import GONE
from agent.store.records import Records
from agent.wording import money, spoken, state, words, worker_words
from plugins.domain.deployment import Deployment

COLUMNS = ("Workspace", "Status", "Environment", "Team", "Owner", "Region", "A month", "Expires")


def listed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """One line, or one JSON object, a workspace."""
    return asyncio.run(_listed(options, environment))


def shown(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """One workspace with everything kept of it; 1 when it is unknown."""
    return asyncio.run(_shown(options, environment))


async def _listed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = Session(options, environment)
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
        row["workspace_name"], state(deployment.status), row["environment"], row["team"], row["owner"], row["region"],
        ("at least " if cost.is_lower_bound else "") + money(cost.expected, cost.currency),
        row["expires_on"] or "never",
    )  # fmt: skip


def _sum(deployments: list[Deployment]) -> str:
    """What they cost together, where that is one currency."""
    currencies = {deployment.cost.currency for deployment in deployments}
    if len(currencies) != 1:
        return ""
    costs = [deployment.cost.expected for deployment in deployments]
    return f", about {money(sum(costs[1:], costs[0]), currencies.pop())} a month"


async def _shown(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = Session(options, environment)
    try:
        name = await exact_name(session, options.workspace)
        found = await session.read(lambda records: _kept(records, session, name))
    except Unknown as unknown:
        return fail(f"showing a workspace: {unknown}")
    finally:
        await session.close()
    if session.as_json:
        write_json(found)
    else:
        _print(session, found)
    return 0


def _kept(records: Records, session: Session, name: str) -> dict[str, JsonValue]:
    """Everything of the newest workspace of that name, as JSON."""
    same = [d for d in records.deployments(of=session.scope) if d.workspace_name == name]
    deployment = same[-1]
    looked = records.looked_at(deployment.deployment_id)
    return {
        **row_of(deployment),
        "request": deployment.request.model_dump(mode="json"),
        "decision": deployment.decision.model_dump(mode="json"),
        "cost": deployment.cost.model_dump(mode="json"),
        "outputs": deployment.outputs,
        "error": deployment.error.model_dump(mode="json") if deployment.error else None,
        "last_run": records.last_run(deployment.deployment_id),
        "drift": {"found": looked.drift, "looked_at": looked.at},
        "history": [
            {"at": entry.at.isoformat(), "who": entry.who, "what": entry.what, "detail": entry.detail}
            for entry in records.history(deployment.deployment_id)
        ],
    }


def _print(session: Session, kept: dict[str, JsonValue]) -> None:
    from agent.channels.cards.terminal import facts_of, render  # noqa: PLC0415 - rich, only where it prints
    from plugins.domain.decision import InfrastructureDecision  # noqa: PLC0415
    from plugins.domain.estimate import Estimate  # noqa: PLC0415

    decision = InfrastructureDecision.model_validate(kept["decision"])
    cost = Estimate.model_validate(kept["cost"])
    text = session.app.wording.say(
        "status", name=kept["workspace_name"], state=state(_status(kept)), url=kept["url"] or "",
        expected=money(cost.expected, cost.currency), expires=kept["expires_on"] or "", error=_error(kept),
        pending=False, last=_said_of_run(kept["last_run"]), looked=_part(kept, "looked_at"),
        drift=_part(kept, "found"),
    )  # fmt: skip
    out = console()
    out.print(render(Message(conversation="", turn=0, text=text)))
    out.print(facts_of(decision))
    bill = tuple((line.item, _amount(line.monthly, cost.currency)) for line in cost.lines)
    session.show([Table(conversation="", turn=0, title="Cost of a month", columns=("Item", "A month"), rows=bill)])
    history = kept["history"]
    rows = tuple(
        (str(entry["at"])[:16].replace("T", " "), entry["who"], entry["what"], entry["detail"])
        for entry in (history if isinstance(history, list) else [])
        if isinstance(entry, dict)
    )
    columns = ("When (UTC)", "Who", "What", "Detail")
    session.show([Table(conversation="", turn=0, title="History", columns=columns, rows=rows)])
