"""What the other workspaces of a subscription hold, so that it is known before the plan what Azure would refuse."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from plugins.domain.decision import InfrastructureDecision

DNS_ZONE = "privatelink.azuredatabricks.net"


class Neighbours:
    """Decisions that stand, or are planned beside this one, by what each of them holds.

    Grows by `add` while the workspaces of one plan are decided one after the other. A workspace is no neighbour of
    itself: `holder` leaves out the one of the identity given, and `standing` gives that one.
    """

    def __init__(self, decisions: Iterable[InfrastructureDecision] = ()) -> None:
        self._decisions: dict[str, InfrastructureDecision] = {}
        self._holders: defaultdict[str, set[str]] = defaultdict(set)
        for decision in decisions:
            self.add(decision)

    def add(self, decision: InfrastructureDecision) -> None:
        before = self._decisions.get(decision.identity)
        for key in _held(before) if before is not None else ():
            self._holders[key].discard(decision.identity)
        self._decisions[decision.identity] = decision
        for key in _held(decision):
            self._holders[key].add(decision.identity)

    def standing(self, identity: str) -> InfrastructureDecision | None:
        """The decision that stands for this identity already; None for a new workspace."""
        return self._decisions.get(identity)

    def holders(self, key: str, *, but: str) -> tuple[InfrastructureDecision, ...]:
        """The others that hold this, by name; `but` is the identity of whoever asks."""
        others = (self._decisions[identity] for identity in self._holders.get(key, ()) if identity != but)
        return tuple(sorted(others, key=lambda decision: decision.workspace_name))


def subnets(decision: InfrastructureDecision) -> tuple[str, ...]:
    """Keys of the existing subnets that its nodes are in: no two workspaces may share one."""
    details = decision.network_details
    if details is None or details.existing_virtual_network_id is None:
        return ()
    names = (details.existing_host_subnet_name, details.existing_container_subnet_name)
    return tuple(f"{details.existing_virtual_network_id}/subnets/{name}".casefold() for name in names if name)


def group(name: str) -> str:
    """Key of a resource group, managed or not."""
    return f"group {name.casefold()}"


def managed_group(name: str) -> str:
    return f"managed group {name.casefold()}"


def sign_in(decision: InfrastructureDecision) -> str:
    """Key of the one sign-in endpoint (`browser_authentication`) of a region and DNS zone."""
    return f"sign-in {decision.region} {zone_of(decision)}"


def signs_in(decision: InfrastructureDecision) -> str:
    """Key of signing in through another workspace's endpoint of that region and zone."""
    return f"signs in {decision.region} {zone_of(decision)}"


def own_zones(decision: InfrastructureDecision) -> tuple[str, ...]:
    """Keys of what takes one DNS zone of that name only: the resource group that it is made in, and the existing VNet
    that it is linked to. None for a workspace that makes no zone.
    """
    details = decision.network_details
    if decision.network != "private_link" or details is None or details.existing_private_dns_zone_id:
        return ()
    keys = [f"zone in {decision.resource_group_name.casefold()}"]
    if details.existing_virtual_network_id:
        keys.append(f"zone of {details.existing_virtual_network_id.casefold()}")
    return tuple(keys)


def zone_of(decision: InfrastructureDecision) -> str:
    """The zone's id below its subscription, lower case: the one that exists, or the one that is made."""
    details = decision.network_details
    existing = details.existing_private_dns_zone_id if details else None
    if existing:
        return existing.casefold().partition("/resourcegroups/")[2]
    made = f"{decision.resource_group_name}/providers/Microsoft.Network/privateDnsZones/{DNS_ZONE}"
    return made.casefold()


def _held(decision: InfrastructureDecision) -> Iterator[str]:
    yield from subnets(decision)
    yield group(decision.resource_group_name)
    if decision.managed_resource_group_name:
        yield managed_group(decision.managed_resource_group_name)
    if decision.network == "private_link" and decision.network_details is not None:
        yield sign_in(decision) if decision.network_details.browser_authentication else signs_in(decision)
    yield from own_zones(decision)
