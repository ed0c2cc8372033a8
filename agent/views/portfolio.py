"""All that stands, chosen and summed: the one place where lists, sums and limits come from. Pure.

A sum counts what stands: what is only planned, never came to be or is gone costs nothing. Amounts of different
currencies are not added: every currency has a sum of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agent.store.deployments import GONE
from agent.views.plan import owner_of
from plugins.domain.deployment import Deployment, DeploymentStatus
from plugins.domain.money import converted
from plugins.domain.portfolio import GroupKey, Period, Selection, SortKey, Standing

_STATES: Mapping[Standing, frozenset[DeploymentStatus]] = {
    "failed": frozenset({"failed", "rolled_back"}),
    "attention": frozenset({"attention"}),
    "under_way": frozenset({"planning", "queued", "applying", "destroying", "rolling_back"}),
    "planned": frozenset({"planned"}),
    "gone": frozenset({"destroyed"}),
    "standing": frozenset({"succeeded"}),
}

MONTHS: Mapping[Period, Decimal] = {
    "day": Decimal(24) / Decimal(730),
    "week": Decimal(168) / Decimal(730),
    "month": Decimal(1),
    "quarter": Decimal(3),
    "year": Decimal(12),
}
"""A period in months of 730 hours, as the estimates count them (azure.microsoft.com/pricing, read 2026-06-18)."""


@dataclass(frozen=True)
class Chosen:
    """Those that a selection means, in its order; the selection as it was resolved here; `unknown` are words that name
    nothing of what there is.
    """

    deployments: tuple[Deployment, ...]
    selection: Selection
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupSum:
    """A month of one group in one currency. `limit` is the sum of the limits, None where one of them has none."""

    group: str
    count: int
    currency: str
    month: Decimal
    is_lower_bound: bool
    limit: Decimal | None

    @property
    def room(self) -> Decimal | None:
        """What is left below the limit; negative above it."""
        return None if self.limit is None else self.limit - self.month


def stands(deployment: Deployment) -> bool:
    """Whether something of it stands in the cloud: what is being built the first time does not yet."""
    if deployment.status in GONE:
        return False
    return deployment.status not in ("queued", "applying", "rolling_back") or bool(deployment.outputs)


def chosen(
    deployments: Sequence[Deployment],
    selection: Selection,
    *,
    today: date,
    person: str = "",
    rates: Mapping[str, Decimal],
) -> Chosen:
    """Those of these that the selection means. Words that it could not read are looked for among what there is; where
    none is asked for in another state, only what is not gone counts.
    """
    wanted = frozenset[DeploymentStatus]().union(*(_STATES[state] for state in selection.states))
    pool = [d for d in deployments if (d.status in wanted if wanted else d.status not in GONE)]
    resolved, unknown = _resolved(pool, selection)
    met = narrowed(pool, resolved, today=today, person=person, rates=rates)
    return Chosen(tuple(met), resolved, unknown)


def narrowed(
    deployments: Sequence[Deployment],
    selection: Selection,
    *,
    today: date,
    person: str = "",
    rates: Mapping[str, Decimal],
) -> list[Deployment]:
    """Those of these that it means whatever their state, in its order."""
    met = [d for d in deployments if _meets(d, selection, today=today, person=person, rates=rates)]
    ordered = in_order(met, selection.sort, descending=selection.descending)
    return ordered[: selection.most] if selection.most else ordered


def in_order(deployments: Sequence[Deployment], key: SortKey | None, *, descending: bool = False) -> list[Deployment]:
    """In that order; without one as they are. What has no end comes last, whichever way ends are put in order."""
    if key is None:
        return list(deployments)
    if key == "expiry":
        ending = [d for d in deployments if d.expires_on is not None]
        never = [d for d in deployments if d.expires_on is None]
        return sorted(ending, key=lambda d: d.expires_on or date.max, reverse=descending) + never
    return sorted(deployments, key=lambda d: _sort_value(d, key), reverse=descending)


def sums(deployments: Iterable[Deployment], by: GroupKey | None) -> tuple[GroupSum, ...]:
    """A sum for each group and currency, the dearest first; without `by` one for each currency."""
    groups: dict[tuple[str, str], list[Deployment]] = {}
    for deployment in deployments:
        groups.setdefault((group_of(deployment, by), deployment.cost.currency), []).append(deployment)
    summed = [_sum(group, currency, members) for (group, currency), members in groups.items()]
    return tuple(sorted(summed, key=lambda one: (-one.month, one.group)))


def group_of(deployment: Deployment, by: GroupKey | None) -> str:
    """The group that it belongs to; "" where it has none ("no cost centre")."""
    match by:
        case None:
            return ""
        case "owner":
            return owner_of(deployment)
        case "cost_center":
            return deployment.request.cost_center or ""
        case "workspace_name":
            return deployment.workspace_name
        case _:
            return str(getattr(deployment.decision, by))


def limit_of_month(deployment: Deployment) -> Decimal | None:
    """The limit that holds for it, in its estimate's currency; None where there is none in that currency."""
    decision = deployment.decision
    return decision.monthly_limit if decision.currency == deployment.cost.currency else None


def _sum(group: str, currency: str, members: Sequence[Deployment]) -> GroupSum:
    limits = [limit_of_month(member) for member in members]
    known = [limit for limit in limits if limit is not None]
    return GroupSum(
        group=group,
        count=len(members),
        currency=currency,
        month=sum((member.cost.expected for member in members), Decimal(0)),
        is_lower_bound=any(member.cost.is_lower_bound for member in members),
        limit=sum(known, Decimal(0)) if len(known) == len(limits) else None,
    )


def _sort_value(deployment: Deployment, key: SortKey) -> tuple[Decimal | str, str]:
    match key:
        case "cost":
            return deployment.cost.expected, deployment.workspace_name
        case "name" | "expiry":
            return deployment.workspace_name, ""
        case "age":
            return deployment.created_at.isoformat(), deployment.workspace_name
        case "status":
            return deployment.status, deployment.workspace_name
        case "team" | "environment" | "region" | "owner":
            return group_of(deployment, key), deployment.workspace_name


def _resolved(pool: Sequence[Deployment], selection: Selection) -> tuple[Selection, tuple[str, ...]]:
    """The selection with its unread words as what they name here; and those that name nothing."""
    teams = {d.decision.team for d in pool}
    resolved = selection.model_copy(update={"teams": tuple(_known_team(team, teams) for team in selection.teams)})
    unknown: list[str] = []
    for word in selection.unread:
        found = _named_by(word, pool)
        if found is None:
            unknown.append(word)
            continue
        field, value = found
        known: tuple[str, ...] = getattr(resolved, field)
        resolved = resolved.model_copy(update={field: (*known, value)})
    return resolved.model_copy(update={"unread": tuple(unknown)}), tuple(unknown)


def _known_team(team: str, teams: Iterable[str]) -> str:
    """The team of that name, or the one whose name the words begin with ("fraud cost us")."""
    ordered = sorted(teams, key=len, reverse=True)
    return next((known for known in ordered if team == known or team.startswith(f"{known}-")), team)


def _named_by(word: str, pool: Sequence[Deployment]) -> tuple[str, str] | None:
    """What stands here by that word: a team, an owner, a cost centre, or a part of a name."""
    folded = word.casefold()
    for deployment in pool:
        decision = deployment.decision
        if folded in (decision.team, decision.team.replace("-", "")):
            return "teams", decision.team
        owner = owner_of(deployment)
        if folded in {owner.casefold(), *owner.casefold().split("@")[0].replace(".", " ").split()}:
            return "owners", owner
        if folded == (deployment.request.cost_center or "").casefold():
            return "cost_centers", deployment.request.cost_center or ""
    if any(folded in d.workspace_name.casefold().split("-") for d in pool):
        return "name_parts", folded
    return None


def _meets(
    deployment: Deployment, wanted: Selection, *, today: date, person: str, rates: Mapping[str, Decimal]
) -> bool:
    decision, request = deployment.decision, deployment.request
    lists: tuple[tuple[tuple[str, ...], str], ...] = (
        (wanted.names, deployment.workspace_name),
        (wanted.environments, decision.environment),
        (wanted.teams, decision.team),
        (wanted.regions, decision.region),
        (wanted.networks, decision.network),
        (wanted.workloads, decision.workload_type),
        (wanted.owners, owner_of(deployment)),
        (wanted.cost_centers, request.cost_center or ""),
        (wanted.node_types, decision.worker_instance_type),
    )
    if any(values and value.casefold() not in {v.casefold() for v in values} for values, value in lists):
        return False
    if wanted.name_parts and not set(wanted.name_parts) & set(deployment.workspace_name.casefold().split("-")):
        return False
    if wanted.is_mine and deployment.requested_by.key != person:
        return False
    return (
        not _is_excluded(deployment, wanted)
        and _has_traits(deployment, wanted)
        and _is_within(deployment, wanted, rates)
        and _ends_as(deployment, wanted, today)
    )


def _is_excluded(deployment: Deployment, wanted: Selection) -> bool:
    for field, value in wanted.excluded:
        own = {
            "workspace_name": deployment.workspace_name,
            "owner": owner_of(deployment),
            "cost_center": deployment.request.cost_center or "",
            "node_type": deployment.decision.worker_instance_type,
        }.get(field) or str(getattr(deployment.decision, field, ""))
        if own.casefold() == value.casefold():
            return True
    return False


def _has_traits(deployment: Deployment, wanted: Selection) -> bool:
    decision, request = deployment.decision, deployment.request
    if any(getattr(decision, flag) != value for flag, value in wanted.flags):
        return False
    if wanted.runtimes and not any(decision.spark_version.startswith(run.removesuffix("x")) for run in wanted.runtimes):
        return False
    tags = {**decision.tags, **request.tags}
    if any(tags.get(key) != value for key, value in wanted.tags):
        return False
    lacking = {
        "owner": request.owner is None,
        "cost_center": request.cost_center is None,
        "expiry": deployment.expires_on is None,
        "cost_limit": decision.monthly_limit is None,
        "tags": not request.tags,
    }
    return all(lacking[field] for field in wanted.lacks)


def _is_within(deployment: Deployment, wanted: Selection, rates: Mapping[str, Decimal]) -> bool:
    if wanted.over is None and wanted.under is None:
        return True
    cost = deployment.cost
    month = converted(cost.expected, of=cost.currency, to=wanted.currency or cost.currency, rates=rates)
    # Without a rate nobody can tell; what cannot be compared is no answer to a bound.
    if month is None:
        return False
    return (wanted.over is None or month > wanted.over) and (wanted.under is None or month < wanted.under)


def _ends_as(deployment: Deployment, wanted: Selection, today: date) -> bool:
    ends = deployment.expires_on
    match wanted.expiry:
        case None:
            return True
        case "never":
            return ends is None
        case "ever":
            return ends is not None
        case "over":
            return ends is not None and ends <= today
        case "within":
            return ends is not None and ends <= today + timedelta(days=wanted.expiry_days or 0)
