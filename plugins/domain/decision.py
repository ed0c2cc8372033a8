"""The configuration that would be built."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from plugins.domain.money import Money
from plugins.domain.request import Assumption, Environment, Network, WorkloadType


class Reason(BaseModel):
    """One choice, why it was made, and where the rule or fact comes from (URL or document, with its date).

    `about` is the slot or decision field that it settles ("region", "node_type", "photon"…), by which "why …?"
    finds it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    choice: str
    because: str
    source: str
    about: str = ""


class NetworkDecision(BaseModel):
    """Addresses and existing parts of a VNet-injected workspace; None beside `network="public"`.

    The subnets are given by name when they exist already (`existing_virtual_network_id` is then set), else by the
    address ranges (CIDR) to create. One node takes one address in each of the two subnets; Azure keeps five per subnet
    (learn.microsoft.com/azure/virtual-network, read 2026-11-22). `browser_authentication` is
    whether the sign-in endpoint, of which a region and DNS zone have one, belongs to this workspace.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    address_space: str | None = None
    host_subnet_prefix: str | None = None
    container_subnet_prefix: str | None = None
    endpoint_subnet_prefix: str | None = None
    existing_virtual_network_id: str | None = None
    existing_host_subnet_name: str | None = None
    existing_container_subnet_name: str | None = None
    existing_endpoint_subnet_id: str | None = None
    existing_private_dns_zone_id: str | None = None
    nat_gateway: bool = True
    browser_authentication: bool = True


class InfrastructureDecision(BaseModel):
    """One workspace, decided. Names are final; `identity` is the deployment id that made the suffixes unique.

    `min_workers == max_workers == 0` is a single-node cluster; equal and above zero is a fixed size.
    `managed_resource_group_name` is empty for a workspace that was taken over: it keeps the one that it came with.
    `monthly_limit` is the budget that the resource groups get, in `currency`; None means no limit is known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    capability: str
    identity: str
    team: str
    environment: Environment
    workload_type: WorkloadType
    workspace_name: str
    resource_group_name: str
    existing_resource_group: bool = False
    managed_resource_group_name: str
    region: str
    databricks_sku: Literal["premium", "trial"]
    driver_instance_type: str
    worker_instance_type: str
    min_workers: int = Field(ge=0)
    max_workers: int = Field(ge=0)
    spark_version: str
    autotermination_minutes: int
    enable_gpu: bool
    spot: bool
    photon: bool
    network: Network
    network_details: NetworkDecision | None = None
    hours_per_week: float
    access_mode: Literal["standard", "dedicated"]
    single_user: str | None = None
    storage_sku: str
    storage_firewall: bool
    diagnostics: bool
    cluster_name: str
    cluster_policy_name: str
    force_delete: bool
    monthly_limit: Money | None
    currency: str
    budget_start: date
    budget_contacts: tuple[str, ...] = ()
    expires_on: date | None = None
    tags: dict[str, str] = Field(default_factory=dict)
    justification: tuple[Reason, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    additional_requirements: str | None = None

    @property
    def is_taken_over(self) -> bool:
        """It stood before: its network, storage, region and tier stay as they were found."""
        return not self.managed_resource_group_name

    @property
    def single_node(self) -> bool:
        return self.max_workers == 0

    @property
    def autoscale(self) -> bool:
        return self.max_workers > self.min_workers
