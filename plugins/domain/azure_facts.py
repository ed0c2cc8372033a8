"""What Azure says of a subscription, as far as it was asked and answered: values that a plan is checked against.

A fact that was not read is None, and why stands among `unanswered`: nothing is ever taken for free, offered or allowed
because nobody answered.
"""

from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LookUp = Literal["sizes", "quota", "workspaces", "groups", "provider", "policies", "network", "deleted_logs"]

REGIONAL, SPOT = "cores", "lowprioritycores"
"""Rows of the quotas beside the families': all vCPUs of a region, and those of spot machines
(learn.microsoft.com/azure/virtual-machines/quotas, read 2026-11-22).
"""

_KEPT_BY_AZURE = 5
"""Addresses of every subnet (learn.microsoft.com/azure/virtual-network, read 2026-11-22)."""


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SizeOffer(_Fact):
    """A VM size as a region has it. `reason` is Azure's own code where the subscription may not use it at all
    ("NotAvailableForSubscription"); `closed_zones` where it may not in some zones only.
    """

    name: str
    family: str
    vcpu: int | None = None
    zones: tuple[str, ...] = ()
    closed_zones: tuple[str, ...] = ()
    reason: str = ""

    @property
    def is_closed(self) -> bool:
        return bool(self.reason) and (not self.closed_zones or set(self.zones) <= set(self.closed_zones))


class Quota(_Fact):
    """One row: `used` of `limit` vCPUs; a limit below zero is none."""

    name: str
    used: int
    limit: int

    @property
    def left(self) -> int | None:
        """None where there is no limit."""
        return None if self.limit < 0 else max(self.limit - self.used, 0)


class RegionFacts(_Fact):
    """`sizes` and `quotas` by their names in lower case; None where that was not answered."""

    region: str
    sizes: dict[str, SizeOffer] | None = None
    quotas: dict[str, Quota] | None = None

    def size(self, name: str) -> SizeOffer | None:
        return (self.sizes or {}).get(name.casefold())

    def quota(self, name: str) -> Quota | None:
        return (self.quotas or {}).get(name.casefold())


class StandingWorkspace(_Fact):
    """`network` is the VNet's id, `subnets` the names of the two that its nodes are in; empty in a managed one. Ids and
    names are in lower case.
    """

    id: str
    network: str = ""
    subnets: tuple[str, ...] = ()


class Subnet(_Fact):
    """`prefix` is its range (CIDR), `taken` how many addresses of it are."""

    name: str
    prefix: str
    delegations: tuple[str, ...] = ()
    taken: int = 0

    @property
    def left(self) -> int:
        return max(ip_network(self.prefix, strict=False).num_addresses - _KEPT_BY_AZURE - self.taken, 0)


class VirtualNetwork(_Fact):
    """`exists` is False where Azure knows none of that id; `subnets` by name in lower case."""

    id: str
    exists: bool = True
    region: str = ""
    subnets: dict[str, Subnet] = Field(default_factory=dict[str, Subnet])


class Assignment(_Fact):
    """One policy assignment of which the effect is known: what it allows, or the tag that it demands."""

    name: str
    kind: Literal["regions", "group_regions", "sizes", "tag", "group_tag"]
    values: tuple[str, ...]


class Unanswered(_Fact):
    """A look-up without an answer; `why` is a clause for people. `region` is empty for what is the subscription's."""

    look_up: LookUp
    why: str
    region: str = ""


class FactsWanted(_Fact):
    """What a plan needs to know: of which regions, and of which existing VNets (their ids). Of those `near` only the
    quotas are: a region's sizes are some megabytes.
    """

    regions: tuple[str, ...]
    near: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


class AzureFacts(_Fact):
    """`is_wanted` is False where nothing is asked, as in a sandbox as shipped; no rule then speaks of it;
    `is_all` where nothing more will be asked, whatever is missing.

    `groups` are the names of all resource groups in lower case, `deleted_logs` those of log workspaces that were
    deleted and can still be recovered. `ours` are the names of the workspaces that our records hold, `named` those that
    whoever asks may be told of (None for all of the subscription), `reserved` the vCPUs by (region, row) that others of
    the same plan will take.
    """

    is_wanted: bool = False
    regions: dict[str, RegionFacts] = Field(default_factory=dict[str, RegionFacts])
    workspaces: tuple[StandingWorkspace, ...] | None = None
    groups: frozenset[str] | None = None
    is_registered: bool | None = None
    policies: tuple[Assignment, ...] | None = None
    unread_policies: tuple[str, ...] = ()
    networks: dict[str, VirtualNetwork] = Field(default_factory=dict[str, VirtualNetwork])
    deleted_logs: frozenset[str] | None = None
    unanswered: tuple[Unanswered, ...] = ()
    is_all: bool = False
    ours: frozenset[str] = frozenset()
    named: frozenset[str] | None = frozenset()
    reserved: dict[tuple[str, str], int] = Field(default_factory=dict[tuple[str, str], int])

    def region(self, name: str) -> RegionFacts:
        """What is known of that region: nothing, where it was not asked about."""
        return self.regions.get(name) or RegionFacts(region=name)

    def offer(self, size: str, region: str) -> SizeOffer | None:
        """The size as that region has it; of another region where its own sizes are not known: what a size is called,
        counts and belongs to is the same everywhere.
        """
        own = self.region(region)
        if own.sizes is not None:
            return own.size(size)
        return next((offer for other in self.regions.values() if (offer := other.size(size)) is not None), None)

    def reserving(self, needs: Mapping[tuple[str, str], int]) -> "AzureFacts":
        """The same facts after a workspace that is part of the plan takes that much."""
        added = {key: self.reserved.get(key, 0) + vcpus for key, vcpus in needs.items()}
        return self.model_copy(update={"reserved": {**self.reserved, **added}})

    def may_name(self, workspace: str) -> bool:
        """Whether whoever asks may be told what and where it is: Azure shows us more than they may see."""
        return self.named is None or workspace.casefold() in self.named

    def why_not(self, look_up: LookUp, region: str = "") -> str:
        """Why that is not known; empty where nothing was said of it."""
        return next((one.why for one in self.unanswered if (one.look_up, one.region) == (look_up, region)), "")

    def with_unanswered(self, more: Iterable[Unanswered]) -> "AzureFacts":
        return self.model_copy(update={"unanswered": (*self.unanswered, *more)})
