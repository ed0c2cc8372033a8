"""Deployments: every workspace for its whole life."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Column, CursorResult, Select, delete, insert, select, update

from agent.store.connection import QueryGroup, number_given, stamp, text_given
from agent.store.tables import deployments, notices
from plugins.domain.deployment import Deployment, DeploymentStatus

GONE: frozenset[DeploymentStatus] = frozenset({"planning", "planned", "destroyed", "failed", "rolled_back"})
"""Statuses of deployments that stand for no workspace in the cloud: they are on no list and in no sum."""

RESOURCE_ID = "workspace_resource_id"
"""The output that holds a deployed workspace's own Azure id."""

BUSY: frozenset[DeploymentStatus] = frozenset({"queued", "applying", "destroying", "rolling_back"})


@dataclass(frozen=True)
class DeploymentSummary:
    """A deployment without its document."""

    deployment_id: str
    workspace_name: str
    status: DeploymentStatus
    environment: str
    conversation: str
    person: str


Shape = Literal["documents", "briefs", "names"]
_COLUMNS: Mapping[Shape, "tuple[Column[Any], ...]"] = {
    "documents": (deployments.c.document,),
    "briefs": (
        deployments.c.deployment_id,
        deployments.c.workspace_name,
        deployments.c.status,
        deployments.c.environment,
        deployments.c.conversation,
        deployments.c.person,
    ),
    "names": (deployments.c.workspace_name,),
}
_THIS = deployments.c.deployment_id == text_given("of")
_ONE = select(deployments.c.document).where(_THIS)
_KEPT = ("workspace_name", "status", "conversation", "person", "environment", "expires_on", "document")
_CHANGE = update(deployments).where(_THIS).values({name: text_given(f"new_{name}") for name in _KEPT})
_KEEP = insert(deployments)
_QUEUED = (
    update(deployments)
    .where(deployments.c.number == number_given("at"))
    .values(status="queued", document=text_given("text"))
)


class DeploymentQueries(QueryGroup):
    def deployment(self, deployment_id: str) -> Deployment | None:
        document = self._run(_ONE, {"of": deployment_id}).scalar_one_or_none()
        return Deployment.model_validate_json(document) if document is not None else None

    def workspace_name(self, deployment_id: str) -> str | None:
        """The name alone: progress asks for it with every line."""
        named = select(deployments.c.workspace_name).where(deployments.c.deployment_id == deployment_id)
        return self._db.execute(named).scalar_one_or_none()

    def deployments(self, *, of: tuple[str, str] | None = None, live: bool = False) -> tuple[Deployment, ...]:
        """Every deployment, oldest first: all, or those of a conversation and a person; with `live`, what stands."""
        return _read(self._chosen("documents", of, live=live).scalars())

    def briefs(self, *, of: tuple[str, str] | None = None, live: bool = False) -> tuple[DeploymentSummary, ...]:
        """As `deployments`, in what a list needs."""
        return tuple(DeploymentSummary(*row) for row in self._chosen("briefs", of, live=live))

    def names(self, *, of: tuple[str, str] | None = None, live: bool = False) -> frozenset[str]:
        """As `deployments`, the workspaces' names: every turn asks for them, so nothing else is read."""
        return frozenset(self._chosen("names", of, live=live).scalars())

    def named(self, workspace: str, *, of: tuple[str, str] | None) -> Deployment | None:
        """The live deployment of that name, in any case, the newest when several had it."""
        namesakes = [b for b in self.briefs(of=of, live=True) if b.workspace_name.casefold() == workspace.casefold()]
        return self.deployment(namesakes[-1].deployment_id) if namesakes else None

    def holding(self, azure_id: str, *, but: str | None = None) -> Deployment | None:
        """Whose workspace that is, whoever asks: the live deployment (other than `but`) of that Azure id in any case.

        One that has no outputs yet, since it is under way or failed, is known by its names.
        """
        wanted = azure_id.casefold()
        return next((d for d in self.deployments(live=True) if d.deployment_id != but and _is_at(d, wanted)), None)

    def keep_deployment(self, deployment: Deployment) -> None:
        row = {
            "workspace_name": deployment.workspace_name,
            "status": deployment.status,
            "conversation": deployment.conversation,
            "person": deployment.requested_by.key,
            "environment": deployment.decision.environment,
            "expires_on": deployment.expires_on.isoformat() if deployment.expires_on else None,
            "document": deployment.model_dump_json(),
        }
        changes = {"of": deployment.deployment_id, **{f"new_{name}": row[name] for name in _KEPT}}
        if self._run(_CHANGE, changes).rowcount == 0:
            self._run(_KEEP, {"deployment_id": deployment.deployment_id, **row})

    def queue_deployments(self, deployment_ids: Iterable[str], *, now: datetime) -> None:
        """Marks all of these as about to be worked on, in two statements however many they are."""
        chosen = deployments.c.deployment_id.in_(tuple(deployment_ids))
        rows = self._db.execute(select(deployments.c.number, deployments.c.document).where(chosen)).all()
        fresh: list[dict[str, object]] = []
        for row in rows:
            document = {**json.loads(row.document), "status": "queued", "updated_at": now.isoformat()}
            fresh.append({"at": row.number, "text": json.dumps(document, ensure_ascii=False)})
        self._run_all(_QUEUED, fresh)

    def forget_planned(self, deployment_ids: Iterable[str]) -> None:
        """Drops those of these that never came to be: their plan was not applied."""
        self._db.execute(
            delete(deployments).where(
                deployments.c.deployment_id.in_(tuple(deployment_ids)), deployments.c.status == "planned"
            )
        )

    def expiring(self, until: date) -> tuple[Deployment, ...]:
        """What stands and expires by then, the next first."""
        stands = deployments.c.status.in_(("succeeded", "attention"))
        wanted = select(deployments.c.document).where(deployments.c.expires_on <= until.isoformat(), stands)
        return _read(self._db.execute(wanted.order_by(deployments.c.number)).scalars())

    def notice(self, deployment_id: str, kind: str, about: str, *, now: datetime) -> bool:
        """True the first time that this is to be told, False afterwards."""
        row = {"deployment_id": deployment_id, "kind": kind, "about": about}
        known = select(notices.c.at).filter_by(**row)
        if self._db.execute(known).one_or_none() is not None:
            return False
        self._db.execute(insert(notices), {**row, "at": stamp(now)})
        return True

    def noticed(self, deployment_id: str, kind: str) -> tuple[str, str] | None:
        """What was told last of that kind, and when (UTC, ISO); None when nothing was, or it was forgotten."""
        row = self._db.execute(
            select(notices.c.about, notices.c.at)
            .where(notices.c.deployment_id == deployment_id, notices.c.kind == kind)
            .order_by(notices.c.at.desc())
            .limit(1)
        ).one_or_none()
        return (row.about, row.at) if row is not None else None

    def forget_notices(self, deployment_id: str, *kinds: str) -> None:
        """What was told of these kinds may be told again."""
        self._db.execute(delete(notices).where(notices.c.deployment_id == deployment_id, notices.c.kind.in_(kinds)))

    def _chosen(self, what: Shape, of: tuple[str, str] | None, *, live: bool) -> "CursorResult[Any]":
        values = {"conversation": of[0], "person": of[1]} if of is not None else {}
        return self._run(_chosen(what, is_scoped=of is not None, live=live), values)


def _is_at(deployment: Deployment, folded_id: str) -> bool:
    known = deployment.outputs.get(RESOURCE_ID)
    if known is not None:
        return str(known).casefold() == folded_id
    decision = deployment.decision
    names = (decision.resource_group_name, "providers", "microsoft.databricks", "workspaces", decision.workspace_name)
    return folded_id.endswith("/" + "/".join(names).casefold())


def _read(documents: Iterable[str]) -> tuple[Deployment, ...]:
    return tuple(Deployment.model_validate_json(document) for document in documents)


@cache
def _chosen(what: Shape, *, is_scoped: bool, live: bool) -> "Select[Any]":
    """Built once each: every turn asks."""
    wanted = select(*_COLUMNS[what])
    if what != "names":  # in any order: an index alone tells them
        wanted = wanted.order_by(deployments.c.number)
    if is_scoped:
        mine = deployments.c.conversation == text_given("conversation")
        wanted = wanted.where(mine | (deployments.c.person == text_given("person")))
    if live:
        wanted = wanted.where(*(deployments.c.status != status for status in sorted(GONE)))
    return wanted
