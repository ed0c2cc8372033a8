"""What stands around the cluster: region, network, storage, guards, tags."""

from datetime import date, timedelta

from plugins.catalogue.regions import regions
from plugins.decide.choice import BILLING, HOUSE, PROVIDER, REFERENCE, SAID, DecidedValue, assumption, reason
from plugins.decide.sentences import SAYS
from plugins.domain.decision import Reason
from plugins.domain.errors import InvalidRequest
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import Environment, InfrastructureRequest, Network


def region(request: InfrastructureRequest, platform: PlatformSettings) -> DecidedValue[str]:
    """Raises InvalidRequest for a region that Azure does not have, or when none is said and none is set."""
    chosen = request.region or platform.defaults.region
    if chosen not in regions():
        raise SAYS.error(InvalidRequest, "region.unknown", chosen=chosen[:40])
    if request.region:
        return DecidedValue(chosen, (reason("region", chosen, SAYS("region.named"), SAID),))
    because = SAYS("region.default")
    return DecidedValue(chosen, (reason("region", chosen, because, HOUSE),), (assumption("region", chosen, because),))


def network(
    request: InfrastructureRequest, environment: Environment, platform: PlatformSettings
) -> DecidedValue[Network]:
    """How the workspace is reached; public IPs on nodes are off in every case."""
    if request.network is not None:
        return DecidedValue(
            request.network, (reason("network", SAYS(f"network.as_chosen.{request.network}"), SAYS("as_asked"), SAID),)
        )
    chosen = platform.policy.environments[environment].networks[0]
    because = SAYS(f"network.why.{chosen}")
    default = reason(
        "network",
        SAYS(f"network.as_chosen.{chosen}"),
        SAYS("network.default", because=because, environment=environment),
        HOUSE,
    )
    return DecidedValue(
        chosen, (default,), (assumption("network", chosen, SAYS("network.assumed", environment=environment)),)
    )


def guards(environment: Environment, storage: DecidedValue[str]) -> tuple[Reason, ...]:
    """The reasons for what every workspace gets, whatever was asked."""
    reasons = [
        reason(
            "databricks_sku",
            "premium",
            SAYS("guards.premium_because"),
            SAYS("guards.premium_source"),
        ),
        *storage.reasons,
        reason("no_public_ip", SAYS("guards.no_public_ip"), SAYS("guards.no_public_ip_because"), PROVIDER),
        reason(
            "budget",
            SAYS("guards.budgets"),
            SAYS("guards.budgets_because"),
            BILLING,
        ),
        reason("cluster_policy", SAYS("guards.cluster_policy"), SAYS("guards.cluster_policy_because"), REFERENCE),
    ]
    if environment != "dev":
        because = SAYS("guards.diagnostics_because")
        reasons.append(reason("diagnostics", SAYS("guards.diagnostics"), because, REFERENCE))
    if environment == "prod":
        because = SAYS("guards.storage_firewall_because")
        reasons.append(reason("storage_firewall", SAYS("guards.storage_firewall"), because, REFERENCE))
    return tuple(reasons)


def tags(request: InfrastructureRequest, platform: PlatformSettings, *, expires_on: date | None) -> dict[str, str]:
    """Tags of every resource: who, where, what for, until when; then the house's, then the person's own."""
    own = {
        "managed-by": "brickie",
        "environment": str(request.environment),
        "team": request.team or "",
        "workload": str(request.workload_type),
        "owner": request.owner or "",
        "cost-center": request.cost_center or "",
        "expires-on": expires_on.isoformat() if expires_on else "",
    }
    return {**{key: value for key, value in own.items() if value}, **platform.bring_your_own.tags, **request.tags}


def expires_on(request: InfrastructureRequest, today: date) -> date | None:
    """The day after which the workspace is not wanted; None when no end was said."""
    days = request.expires_in_days
    return None if days is None else today + timedelta(days=days)
