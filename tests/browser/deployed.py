"""Deployments as the API tells them, made of recorded plans."""

from typing import Any

from double import recorded

from agent.store.deployments import GONE
from agent.wording import state
from plugins.domain.deployment import DeploymentStatus

STATES: tuple[DeploymentStatus, ...] = ("succeeded", "succeeded", "applying", "failed", "succeeded", "destroyed")


def rows() -> list[dict[str, Any]]:
    """One row for each workspace of the recorded batch, in several states."""
    plan = next(event for event in recorded("batch") if event["type"] == "plan")
    return [
        {
            "deployment_id": item["deployment_id"],
            "workspace_name": item["decision"]["workspace_name"],
            "status": STATES[number % len(STATES)],
            "state": state(STATES[number % len(STATES)]),
            "live": STATES[number % len(STATES)] not in GONE,
            "environment": item["decision"]["environment"],
            "team": item["decision"]["team"],
            "owner": ("ana@contoso.com", "rita@contoso.com", "Ines Roth")[number % 3],
            "region": item["decision"]["region"],
            "monthly": item["cost"]["expected"],
            "currency": "USD",
            "expires_on": None if number % 4 else "2026-12-24",
            "created_at": "2026-11-20T08:00:00+00:00",
            "updated_at": f"2026-11-{1 + number:02d}T09:30:00+00:00",
            "url": "https://adb-1092088789858301.1.azuredatabricks.net",
            "requested_by": "Ana Ruiz",
        }
        for number, item in enumerate(plan["items"])
    ]


def one() -> dict[str, Any]:
    """A workspace that was created and changed, whole."""
    events = recorded("life")
    plan = next(event for event in events if event["type"] == "plan" and event["action"] == "change")
    table = next(event for event in events if event["type"] == "table" and event["title"].startswith("History"))
    timeline = [
        {"at": f"2026-11-25T05:46:{number:02d}+00:00", "who": who, "what": what, "detail": detail}
        for number, (_, who, what, detail) in enumerate(table["rows"])
    ]
    row = rows()[0] | {
        "deployment_id": "dep_1",
        "workspace_name": "dbw-ml-dev",
        "team": "ml",
        "monthly": plan["cost"]["expected"],
    }
    costs = [
        {"at": "2026-11-20T08:00:00+00:00", "amount": 232.2},
        {"at": "2026-11-25T05:46:00+00:00", "amount": 345.09},
    ]
    told = {key: plan[key] for key in ("request", "decision", "cost", "diagram")}
    return {**row, **told, "timeline": timeline, "plan": plan, "conversation": "cnv_1", "error": None, "costs": costs}
