"""`brickie approvals`: which plans wait for whose decision."""

import argparse
import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from agent.approvals import Consents, may_decide
from agent.cli.session import CommandSession, write_json
from agent.events import Table
from agent.factories import rules_of
from agent.store.records import Records
from agent.views.plan import awaited
from agent.wording import money, several
from plugins.domain.money import rounded
from plugins.domain.plan import Plan

COLUMNS = ("Plan", "To", "Workspaces", "A month", "Asked by", "Waits for", "Until", "You")


def waiting(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Every plan that waits which this person may decide, asked for, or may see as an approver."""
    return asyncio.run(_waiting(options, environment))


@dataclass(frozen=True)
class _Waiting:
    """A plan that waits, for whom, and what it is to this person."""

    plan: Plan
    waits_for: str
    may_decide: bool


async def _waiting(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = CommandSession(options, environment)
    found = await session.read(lambda records: _seen(records, session))
    await session.close()
    if session.as_json:
        for each in found:
            write_json(_document(each))
        return 0
    title = f"{len(found)} {'plan waits' if len(found) == 1 else 'plans wait'}"
    rows = tuple(_row(each) for each in found)
    session.show([Table(conversation="", turn=0, title=title, columns=COLUMNS, rows=rows)])
    return 0


def _seen(records: Records, session: CommandSession) -> list[_Waiting]:
    pairs = [records.plan(waits.plan_id) for waits in records.waiting()]
    found = [_told(pair[0], records.consents(pair[0], session.person), session) for pair in pairs if pair is not None]
    return [each for each in found if session.scope is None or _concerns(each, session)]


def _told(plan: Plan, consents: Consents, session: CommandSession) -> _Waiting:
    rules = rules_of(session.settings)
    return _Waiting(plan, awaited(plan, rules, consents), may_decide(plan, session.person, rules, consents))


def _concerns(waiting: _Waiting, session: CommandSession) -> bool:
    return waiting.may_decide or waiting.plan.requested_by.key == session.person.key


def _document(waiting: _Waiting) -> dict[str, JsonValue]:
    plan = waiting.plan
    return {
        "plan_id": plan.plan_id,
        "action": plan.action,
        "workspaces": [item.decision.workspace_name for item in plan.items],
        "environments": [*sorted({item.decision.environment for item in plan.items})],
        "monthly": float(rounded(plan.cost.expected)),
        "currency": plan.cost.currency,
        "requested_by": plan.requested_by.name,
        "waits_for": waiting.waits_for,
        "may_decide": waiting.may_decide,
        "expires_at": plan.expires_at.isoformat(),
    }


def _row(waiting: _Waiting) -> tuple[JsonValue, ...]:
    plan = waiting.plan
    names = tuple(item.decision.workspace_name for item in plan.items)
    return (
        plan.plan_id,
        plan.action,
        several(names),
        money(plan.cost.expected, plan.cost.currency),
        plan.requested_by.name,
        waiting.waits_for,
        f"{plan.expires_at:%Y-%m-%d %H:%M} UTC",
        "may decide" if waiting.may_decide else "",
    )
