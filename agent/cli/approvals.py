"""`brickie approvals`: which plans wait for whose decision."""

import argparse
import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from agent.cli.session import CommandSession, write_json
from agent.events import Table
from agent.factories import rules_of
from agent.views.plan import awaited
from agent.wording import money, phrase, several
from plugins.domain.money import rounded
from plugins.domain.plan import Plan

COLUMNS = ("Plan", "To", "Workspaces", "A month", "Asked by", "Waits for", "Until", "You")


def waiting(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Every plan that waits and that this person may decide, asked for, or may see as an approver."""
    return asyncio.run(_waiting(options, environment))


@dataclass(frozen=True)
class _WaitingPlan:
    """A plan that waits, for whom (in words), and whether this person may decide it."""

    plan: Plan
    waits_for: str
    may_decide: bool


async def _waiting(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = CommandSession(options, environment)
    viewer, rules = session.viewer, rules_of(session.settings)
    pending = await session.read(viewer.waiting)
    await session.close()
    plans = [
        _WaitingPlan(plan, awaited(plan, rules, consents), viewer.may_decide(plan, consents))
        for plan, consents in pending
    ]
    if session.as_json:
        for waiting_plan in plans:
            write_json(_document(waiting_plan))
        return 0
    title = phrase("cli.approvals.count_one" if len(plans) == 1 else "cli.approvals.count", count=len(plans))
    rows = tuple(_row(waiting_plan) for waiting_plan in plans)
    session.show([Table(conversation="", turn=0, title=title, columns=COLUMNS, rows=rows)])
    return 0


def _document(waiting: _WaitingPlan) -> dict[str, JsonValue]:
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


def _row(waiting: _WaitingPlan) -> tuple[JsonValue, ...]:
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
        phrase("cli.approvals.may_decide") if waiting.may_decide else "",
    )
