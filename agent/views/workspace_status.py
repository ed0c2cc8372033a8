"""How a workspace stands: what the records, Terraform's last run and the last look at the cloud say of it."""

from dataclasses import dataclass
from datetime import datetime

from agent.store.audit import Entry
from agent.store.records import Records
from agent.views.plan import owner_of
from agent.wording import Wording, money, state
from plugins.domain.deployment import Deployment, DeploymentResult

LOOKED, DRIFTED, LOST = "looked", "drifted", "state lost"
"""Kinds of notices: when the cloud was last held against the Terraform, what then differed, and that the state was seen
to be lost.
"""


@dataclass(frozen=True)
class WorkspaceStatus:
    """`result` and `ran_at` are of Terraform's last apply, `drift` what the last look (at `looked_at`) found
    changed from outside; None where there was none. `is_lost` when the state has been missing since.
    """

    deployment: Deployment
    result: DeploymentResult | None
    ran_at: datetime | None
    drift: str | None
    looked_at: datetime | None
    is_lost: bool
    history: tuple[Entry, ...]


def workspace_status_of(records: Records, deployment: Deployment) -> WorkspaceStatus:
    run = records.newest_run(deployment.deployment_id)
    drifted = records.noticed(deployment.deployment_id, DRIFTED)
    looked = records.noticed(deployment.deployment_id, LOOKED)
    return WorkspaceStatus(
        deployment=deployment,
        result=DeploymentResult.model_validate_json(run[0].outcome or "{}") if run else None,
        ran_at=datetime.fromisoformat(run[1]) if run else None,
        drift=drifted[0] if drifted and (run is None or drifted[1] > run[1]) else None,
        looked_at=datetime.fromisoformat(looked[1]) if looked else None,
        is_lost=is_lost(records, deployment.deployment_id),
        history=records.history(deployment.deployment_id),
    )


def is_lost(records: Records, deployment_id: str) -> bool:
    """Whether the state was seen to be lost, and no apply has ended since."""
    lost, run = records.noticed(deployment_id, LOST), records.newest_run(deployment_id)
    return lost is not None and (run is None or lost[1] > run[1])


def note_lost(records: Records, deployment_id: str, *, now: datetime) -> bool:
    """Keeps that the state was seen to be lost; False when that was known."""
    if is_lost(records, deployment_id):
        return False
    records.forget_notices(deployment_id, LOST)
    return records.notice(deployment_id, LOST, "", now=now)


def status_words(standing: WorkspaceStatus, wording: Wording, *, pending: bool) -> str:
    """The status in words: what is deployed, what Terraform's last run did, what the cloud showed when looked at."""
    deployment = standing.deployment
    error = deployment.error
    return wording.say(
        "status",
        name=deployment.workspace_name,
        state=state(deployment.status),
        url=deployment.outputs.get("workspace_url", ""),
        expected=money(deployment.cost.expected, deployment.cost.currency),
        owner=owner_of(deployment),
        expires=deployment.expires_on.isoformat() if deployment.expires_on else "",
        error=f"{error.text} {error.remedy}" if error else "",
        ran=_ran(standing),
        ran_at=_moment(standing.ran_at),
        drift=standing.drift or "",
        lost=standing.is_lost,
        looked_at=_moment(standing.looked_at),
        pending=pending,
    )


def history_rows(standing: WorkspaceStatus) -> tuple[tuple[str, str, str, str], ...]:
    """When, who, what and the detail of each thing that befell it; digests are for machines and left out."""
    return tuple(
        (_moment(entry.at), entry.who.name, entry.what, "" if entry.detail.startswith("digest ") else entry.detail)
        for entry in standing.history
    )


def _ran(standing: WorkspaceStatus) -> str:
    return state(standing.result.status) if standing.result else ""


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""
