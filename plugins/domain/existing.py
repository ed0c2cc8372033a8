"""A workspace that exists and that nobody here has built."""

from pydantic import BaseModel, ConfigDict, Field

from plugins.domain.request import Network


class ExistingWorkspace(BaseModel):
    """What the cloud reports of a workspace that is to be taken over; all of it is taken as it is.

    `virtual_network_id` and the names of its two subnets are None in a network that Databricks manages, and
    `storage_sku` where the cloud does not tell it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    resource_group_name: str
    region: str
    sku: str
    network: Network
    virtual_network_id: str | None = None
    host_subnet_name: str | None = None
    container_subnet_name: str | None = None
    storage_sku: str | None = None
    storage_firewall: bool = False
    tags: dict[str, str] = Field(default_factory=dict)
