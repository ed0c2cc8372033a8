"""`brickie approvals`: which plans wait for whose decision."""

import argparse
import asyncio
from collections.abc import Mapping

from pydantic import JsonValue

from agent.approvals import awaited, may_decide
from agent.cli.session import Session, write_json
from agent.events import Table
from agent.parts import rules_of
from agent.store.records import Records
from agent.wording import money, several
from plugins.domain.money import rounded
from plugins.domain.plan import Plan

COLUMNS = ("Plan", "To", "Workspaces", "A month", "Asked by", "Waits for", "Until", "You")


def waiting(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Every plan that waits which this person may decide, asked for, or may see as an approver."""
    return asyncio.run(_waiting(options, environment))


async def _waiting(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = Session(options, environment)
    plans = await session.read(lambda records: _seen(records, session))
    await session.close()
    if session.as_json:
        for plan in plans:
            write_json(_document(plan, session))
        return 0
    title = f"{len(plans)} {'plan waits' if len(plans) == 1 else 'plans wait'}"
    rows = tuple(_row(plan, session) for plan in plans)
    session.show([Table(conversation="", turn=0, title=title, columns=COLUMNS, rows=rows)])
    return 0


def _seen(records: Records, session: Session) -> list[Plan]:
    found = [records.plan(waits.plan_id) for waits in records.waiting()]
    return [pair[0] for pair in found if pair is not None and (session.scope is None or _concerns(pair[0], session))]


def _concerns(plan: Plan, session: Session) -> bool:
    return plan.requested_by.id == session.person.id or may_decide(plan, session.person, rules_of(session.settings))


def _document(plan: Plan, session: Session) -> dict[str, JsonValue]:
    rules = rules_of(session.settings)
    return {
        "plan_id": plan.plan_id,
        "action": plan.action,
        "workspaces": [item.decision.workspace_name for item in plan.items],
        "environments": [*sorted({item.decision.environment for item in plan.items})],
        "monthly": float(rounded(plan.cost.expected)),
        "currency": plan.cost.currency,
        "requested_by": plan.requested_by.name,
        "waits_for": awaited(plan, rules),
        "may_decide": may_decide(plan, session.person, rules),
        "expires_at": plan.expires_at.isoformat(),
    }


def _row(plan: Plan, session: Session) -> tuple[JsonValue, ...]:
    rules = rules_of(session.settings)
    names = tuple(item.decision.workspace_name for item in plan.items)
    return (
        plan.plan_id, plan.action, several(names), money(plan.cost.expected, plan.cost.currency),
        plan.requested_by.name, awaited(plan, rules), f"{plan.expires_at:%Y-%m-%d %H:%M} UTC",
        "may decide" if may_decide(plan, session.person, rules) else "",
    )  # fmt: skip
