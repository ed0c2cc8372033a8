"""The workspaces of the records as neighbours of those that are being asked for."""

from agent.store.deployments import GONE
from agent.store.records import Records
from plugins.domain.deployment import Deployment
from plugins.domain.neighbours import Neighbours
from plugins.domain.platform_settings import PlatformSettings

_OVER = GONE - {"planning", "planned"}
"""What is planned, and waits for its decision, holds its subnets already."""


def neighbours_of(records: Records, platform: PlatformSettings, deployed: Deployment | None = None) -> Neighbours:
    """Everything that two workspaces could want at once, and `deployed` itself.

    Whoever builds each workspace into a network of its own need not be held against all the others: their names are
    unique, and the documents of a thousand are not read for it.
    """
    own = [deployed.decision] if deployed is not None else []
    if not _shares(platform):
        return Neighbours(own)
    others = (d for d in records.deployments() if d.status not in _OVER)
    return Neighbours([*(d.decision for d in others), *own])


def _shares(platform: PlatformSettings) -> bool:
    own = platform.bring_your_own
    unique = "{unique}" in platform.naming.managed_resource_group
    return bool(own.virtual_network_id or own.resource_group or own.private_dns_zone_id) or not unique
