"""What stands around the cluster: region, network, storage, guards, tags."""

from datetime import date, timedelta

from plugins.catalogue.regions import regions
from plugins.decide.choice import BILLING, HOUSE, PROVIDER, REFERENCE, SAID, Choice, assumption, reason
from plugins.domain.decision import Reason
from plugins.domain.errors import InvalidRequest
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import Environment, InfrastructureRequest, Network


def region(request: InfrastructureRequest, platform: PlatformSettings) -> Choice[str]:
    """Raises InvalidRequest for a region that Azure does not have, or when none is said and none is set."""
    chosen = request.region or platform.defaults.region
    if chosen not in regions():
        raise InvalidRequest(
            "choosing the region",
            f"Azure has no public region “{chosen[:40]}” that I know.",
            "Name one, such as westeurope.",
        )
    if request.region:
        return Choice(chosen, (reason("region", chosen, "The region that you named.", SAID),))
    because = "Nobody named a region, so the house's default."
    return Choice(chosen, (reason("region", chosen, because, HOUSE),), (assumption("region", chosen, because),))


def network(request: InfrastructureRequest, environment: Environment, platform: PlatformSettings) -> Choice[Network]:
    """How the workspace is reached; public IPs on nodes are off in every case."""
    if request.network is not None:
        return Choice(request.network, (reason("network", _NETWORKS[request.network], "As you asked.", SAID),))
    chosen = platform.policy.environments[environment].networks[0]
    because = {
        "public": "Managed network: no node has a public IP, and the NAT gateway comes with the workspace.",
        "vnet": "Its own VNet with a NAT gateway: addresses and egress are yours to control.",
        "private_link": "No public access at all.",
    }[chosen]
    told = reason("network", _NETWORKS[chosen], f"{because} The default for {environment}.", HOUSE)
    return Choice(chosen, (told,), (assumption("network", chosen, f"The default for {environment}."),))


_NETWORKS: dict[Network, str] = {
    "public": "managed network, no public IPs on nodes",
    "vnet": "VNet injection with NAT gateway",
    "private_link": "private link, public access off",
}


def guards(environment: Environment, storage: Choice[str]) -> tuple[Reason, ...]:
    """The reasons for what every workspace gets, whatever was asked."""
    found = [
        reason(
            "databricks_sku", "premium",
            "Standard cannot be created since 2026-04-01; premium has the access control that policies need.",
            "Azure/EOL service_list.json, 2025-12-18; blog.bismart.com, 2026-09",
        ),
        *storage.reasons,
        reason("no_public_ip", "no public IPs on nodes", "Nodes are reached through the relay only.", PROVIDER),
        reason("budget", "budgets on both resource groups",
               "VMs bill to the managed group, DBUs to the workspace's; a budget on one alone misses half.", BILLING),
        reason("cluster_policy", "a cluster policy", "Caps size, workers and idle time of later clusters.", REFERENCE),
    ]  # fmt: skip
    if environment != "dev":
        told = "Audit and cluster logs are kept where they can be searched."
        found.append(reason("diagnostics", "diagnostic logs to Log Analytics", told, REFERENCE))
    if environment == "prod":
        because = "The workspace's storage takes traffic from the workspace only."
        found.append(reason("storage_firewall", "storage firewall with access connector", because, REFERENCE))
    return tuple(found)


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
