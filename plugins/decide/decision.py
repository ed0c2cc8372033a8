"""Putting the choices together."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from plugins.catalogue.regions import regions
from plugins.decide import cluster, surroundings
from plugins.decide.addresses import addresses, with_sign_in
from plugins.decide.choice import DecidedValue
from plugins.decide.names import Names, names
from plugins.decide.nodes import node
from plugins.decide.sentences import SAYS
from plugins.decide.storage import storage_sku
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import InvalidRequest
from plugins.domain.neighbours import Neighbours
from plugins.domain.platform_settings import EnvironmentRules, PlatformSettings
from plugins.domain.request import Environment, InfrastructureRequest, WorkloadType
from plugins.tracing import traced


@dataclass(frozen=True)
class _NeededFields:
    """What must be known before anything can be decided."""

    environment: Environment
    workload: WorkloadType


Lean = Literal[0, 1, 2]
"""How sparing to be with what nobody stated: 1 leaves Photon out, 2 takes the least costly machines as well."""


@traced("decide")
def decide(
    request: InfrastructureRequest,
    platform: PlatformSettings,
    *,
    identity: str,
    today: date,
    taken: frozenset[str] = frozenset(),
    among: Neighbours | None = None,
    lean: Lean = 0,
) -> InfrastructureDecision:
    """The configuration for this request, each choice with its reason.

    `identity` makes the suffix of the managed group's name; `taken` holds workspace names in use, which a derived
    name avoids; `among` is what else stands, and what of this very workspace does. Raises InvalidRequest where the
    request lacks or contradicts something, in words for the person, and ConfigurationError where the settings do.

    The order counts where one choice hangs on another: the machine before Photon and the runtime, the workers before
    spot and the subnets, the network before its addresses.
    """
    ground = _ground(request)
    region = surroundings.region(request, platform)
    machine = node(request, ground.environment, ground.workload, lean=lean > 1)
    workers = cluster.workers(request, ground.environment, ground.workload)
    network = surroundings.network(request, ground.environment, platform)
    parts: dict[str, DecidedValue[Any]] = {
        "spot": cluster.spot(request, ground.environment, ground.workload, workers.value),
        "photon": cluster.photon(request, ground.environment, ground.workload, machine.value, lean=lean > 0),
        "spark_version": cluster.runtime(request, ground.workload, machine.value, today),
        "access_mode": cluster.access(request, ground.workload, machine.value),
        "autotermination_minutes": cluster.autotermination(request, ground.environment, platform),
        "hours_per_week": cluster.hours(request, platform),
    }
    own = platform.bring_your_own
    rules = platform.policy.environments[ground.environment]
    storage = storage_sku(rules.storage_sku, ground.environment, regions()[region.value])
    expires_on = surroundings.expires_on(request, today)
    choices: list[DecidedValue[Any]] = [region, machine, workers, network, *parts.values()]
    named = names(request, platform.naming, region=region.value, identity=identity, taken=taken)
    around = among or Neighbours()
    standing = around.standing(identity)
    decision = InfrastructureDecision(
        **_named(request, named, platform),
        **_around(request, ground.environment, rules),
        **{name: choice.value for name, choice in parts.items()},
        identity=identity,
        storage_sku=storage.value,
        workload_type=ground.workload,
        region=region.value,
        databricks_sku="premium",
        driver_instance_type=machine.value.name,
        worker_instance_type=machine.value.name,
        min_workers=workers.value[0],
        max_workers=workers.value[1],
        enable_gpu=bool(machine.value.gpus),
        network=network.value,
        network_details=addresses(network.value, workers.value[1], own, standing.network_details if standing else None),
        single_user=request.owner if parts["access_mode"].value == "dedicated" else None,
        currency=request.currency or platform.defaults.currency,
        budget_start=today.replace(day=1),  # Azure takes the first day of a month only
        expires_on=expires_on,
        tags=surroundings.tags(request, platform, expires_on=expires_on),
        justification=(
            *surroundings.guards(ground.environment, storage),
            *(reason for choice in choices for reason in choice.reasons),
            *named.reasons,
        ),
        assumptions=(*request.assumptions, *(a for choice in choices for a in choice.assumptions)),
    )
    return with_sign_in(decision, around)


def _named(request: InfrastructureRequest, named: Names, platform: PlatformSettings) -> dict[str, Any]:
    own = platform.bring_your_own.resource_group
    return {
        "capability": request.capability or "databricks",
        "team": request.team or "",
        "workspace_name": named.workspace,
        "resource_group_name": own or named.resource_group,
        "existing_resource_group": own is not None,
        "managed_resource_group_name": named.managed_resource_group,
        "cluster_name": named.cluster,
        "cluster_policy_name": named.cluster_policy,
        "additional_requirements": cluster.unmet(request.additional_requirements),
    }


def _around(request: InfrastructureRequest, environment: Environment, rules: EnvironmentRules) -> dict[str, Any]:
    """What the environment alone settles."""
    return {
        "environment": environment,
        "storage_firewall": environment == "prod",
        "diagnostics": environment != "dev",
        # Where Unity Catalog wrote data, Azure keeps the managed group and what is in it; in dev that may go.
        "force_delete": environment == "dev",
        "monthly_limit": _limit(request, rules.cost_limit),
        "budget_contacts": (request.owner,) if request.owner else (),
    }


def _ground(request: InfrastructureRequest) -> _NeededFields:
    if request.team is None or request.environment is None or request.workload_type is None:
        missing = next(f for f in ("team", "environment", "workload_type") if getattr(request, f) is None)
        spoken = missing.replace("_type", "")
        raise SAYS.error(InvalidRequest, "decision.missing", spoken=spoken)
    return _NeededFields(request.environment, request.workload_type)


def _limit(request: InfrastructureRequest, environments: Decimal) -> Decimal:
    return environments if request.cost_limit is None else request.cost_limit
