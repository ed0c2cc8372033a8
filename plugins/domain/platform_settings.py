"""The house rules: what a platform team sets once for everybody. Filled from appsettings.json.

These are the sections that the verbs read; `agent.settings` loads and checks them. Field names are the keys of
appsettings.json in snake case (`hours_per_week` is `HoursPerWeek`).
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from plugins.domain.azure_facts import AzureFacts
from plugins.domain.finding import Severity
from plugins.domain.live_prices import LivePrices
from plugins.domain.request import Environment, Network


class Section(BaseModel):
    """A frozen part of the settings; keys in PascalCase, an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_pascal, populate_by_name=True)


class Defaults(Section):
    """What holds when nobody says otherwise. `region` empty means that a region must be asked."""

    region: str = "eastus"
    hours_per_week: float = Field(default=40, ge=0, le=168)
    currency: str = "USD"


class Naming(Section):
    """Patterns of `str.format` over team, environment, region, workload and suffix.

    `suffix` is empty until a name is taken, then "-2", "-3"…; `unique` (only in the managed group's pattern) is
    six hex digits that no other deployment has.
    """

    workspace: str = "dbw-{team}-{environment}{suffix}"
    resource_group: str = "rg-{workspace}"
    managed_resource_group: str = "rg-{workspace}-managed-{unique}"
    cluster: str = "{team}-{environment}-{workload}"
    cluster_policy: str = "{team}-{environment}-policy"


class EnvironmentRules(Section):
    """What holds for one environment. `cost_limit` is per month in the house's currency.

    `networks` lists what is allowed there, first the default; `maximum_expiry_days` None means no end is
    demanded and any is allowed.
    """

    cost_limit: Decimal = Field(ge=0)
    networks: tuple[Network, ...]
    maximum_workers: int = Field(ge=0)
    autotermination_minutes: int = Field(ge=10, le=10000)
    storage_sku: str
    maximum_expiry_days: int | None = None


def _environments() -> dict[Environment, EnvironmentRules]:
    rows: tuple[tuple[Environment, int, tuple[Network, ...], int, int, str], ...] = (
        ("dev", 500, ("public", "vnet", "private_link"), 10, 20, "Standard_LRS"),
        ("staging", 1000, ("vnet", "private_link", "public"), 20, 30, "Standard_ZRS"),
        ("prod", 3000, ("vnet", "private_link", "public"), 100, 60, "Standard_GZRS"),
    )
    return {
        name: EnvironmentRules(
            cost_limit=Decimal(limit),
            networks=networks,
            maximum_workers=workers,
            autotermination_minutes=minutes,
            storage_sku=storage,
        )
        for name, limit, networks, workers, minutes, storage in rows
    }


class Policy(Section):
    """What may be built. Empty lists of regions and sizes allow all that the tables offer.

    `regions_not_offered` is what becomes of a region where Azure Databricks is not offered by the table of regions;
    `regions_offered` corrects that table ("polandcentral": true). `destroy_running` is what becomes of the
    destroy of a production workspace while somebody's clusters or jobs run in it. `severities` overrides a rule's
    severity by its id ("owner-missing": "deny"); "off" silences it.
    """

    environments: dict[Environment, EnvironmentRules] = Field(default_factory=_environments)
    allowed_regions: tuple[str, ...] = ()
    regions_not_offered: Severity = "deny"
    destroy_running: Severity = "deny"
    regions_offered: dict[str, bool] = Field(default_factory=dict[str, bool])
    allowed_sizes: tuple[str, ...] = ()
    required_tags: tuple[str, ...] = ()
    workspace_name_pattern: str | None = None
    severities: dict[str, Severity | Literal["off"]] = Field(default_factory=dict[str, Severity | Literal["off"]])


class BringYourOwn(Section):
    """Existing parts to build into. A VNet needs both subnets, delegated to Microsoft.Databricks/workspaces.

    `private_dns_zone_id` is the zone privatelink.azuredatabricks.net that the VNet is linked to already: Azure links
    a VNet to one zone of a name, so a second workspace in it needs the first one's.
    """

    resource_group: str | None = None
    virtual_network_id: str | None = None
    host_subnet: str | None = None
    container_subnet: str | None = None
    endpoint_subnet_id: str | None = None
    private_dns_zone_id: str | None = None
    log_analytics_workspace_id: str | None = None
    address_space: str = "10.20.0.0/16"
    template_folder: str | None = None
    tags: dict[str, str] = Field(default_factory=dict)


class Pricing(Section):
    """`exchange_rates`: units of a currency for one USD ("EUR": 0.92); a currency without one is not compared.

    `source`: `live` asks Azure's public price list, `bundled` reckons with the tables alone, `auto` is live in azure
    mode or where `api_url` is set. In the sandbox nothing is asked unless `api_url` (the list's base) is set, whatever
    the source. A list older than `maximum_age_days` is said to be stale. Without `storage_gb_per_month` the workspace's
    own storage is a line without an amount.
    """

    source: Literal["auto", "live", "bundled"] = "auto"
    api_url: str | None = None
    maximum_age_days: int = Field(default=7, ge=0, le=365)
    exchange_rates: dict[str, Decimal] = Field(default_factory=dict[str, Decimal])
    exchange_rates_as_of: date | None = None
    log_ingestion_gb_per_month: Decimal = Decimal(10)
    nat_data_gb_per_month: Decimal = Decimal(50)
    storage_gb_per_month: Decimal | None = Field(default=None, ge=0)


class PlatformSettings(Section):
    """All that the verbs read of the settings; and what was read of the world, which is no setting: `live`, the price
    lists, and `azure`, what the subscription itself says.
    """

    defaults: Defaults = Defaults()
    naming: Naming = Naming()
    policy: Policy = Policy()
    bring_your_own: BringYourOwn = BringYourOwn()
    pricing: Pricing = Pricing()
    live: LivePrices = LivePrices()
    azure: AzureFacts = AzureFacts()
