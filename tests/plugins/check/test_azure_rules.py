"""What the subscription itself says of a plan: each finding with its figures, and nothing where nothing is asked."""

from datetime import date
from typing import Any

import pytest

from plugins.check.azure_quota import needs
from plugins.databricks.proposal import Proposal, propose
from plugins.domain.azure_facts import (
    Assignment,
    AzureFacts,
    Quota,
    RegionFacts,
    SizeOffer,
    StandingWorkspace,
    Subnet,
    Unanswered,
    VirtualNetwork,
)
from plugins.domain.finding import Finding
from plugins.domain.neighbours import Neighbours
from plugins.domain.platform_settings import BringYourOwn, PlatformSettings
from plugins.domain.request import InfrastructureRequest

TODAY = date(2026, 11, 30)
D4, D4_FAMILY = "Standard_D4ds_v5", "standardDDSv5Family"
MINT = InfrastructureRequest(
    capability="databricks",
    team="mint",
    environment="dev",
    workload_type="data_engineering",
    workspace_name="dbw-mint-dev",
    node_type=D4,
    min_workers=2,
    max_workers=2,
    spot=False,
)
NET = (
    "/subscriptions/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v"
)
OWN_NET = BringYourOwn(virtual_network_id=NET, host_subnet="host", container_subnet="container")


def region(
    name: str = "eastus", *, limit: int = 100, used: int = 0, cores: int = 1000, spot: int = 1000
) -> RegionFacts:
    rows = (Quota(name=D4_FAMILY, used=used, limit=limit), Quota(name="cores", used=0, limit=cores))
    rows = (*rows, Quota(name="lowPriorityCores", used=0, limit=spot))
    offer = SizeOffer(name=D4, family=D4_FAMILY, vcpu=4, zones=("1", "2", "3"))
    return RegionFacts(region=name, sizes={D4.casefold(): offer}, quotas={row.name.casefold(): row for row in rows})


def facts(*regions: RegionFacts, **fields: Any) -> AzureFacts:
    """A subscription in which nothing stands against anything but what is given."""
    known = {one.region: one for one in regions or (region(),)}
    nothing: dict[str, Any] = {"workspaces": (), "groups": frozenset[str](), "is_registered": True, "policies": ()}
    rest: dict[str, Any] = {**nothing, "deleted_logs": frozenset[str](), **fields}
    return AzureFacts(is_wanted=True, regions=known, **rest)


def proposed(azure: AzureFacts, request: InfrastructureRequest = MINT, **more: Any) -> Proposal:
    own, among = more.get("own", BringYourOwn()), more.get("among")
    platform = PlatformSettings(azure=azure, bring_your_own=own)
    return propose(request, platform, identity="dep_1", today=TODAY, among=among)


def said(azure: AzureFacts, request: InfrastructureRequest = MINT, **more: Any) -> list[Finding]:
    return [one for one in proposed(azure, request, **more).findings if one.rule.startswith("azure-")]


def test_nothing_is_said_where_nothing_is_asked() -> None:
    assert said(AzureFacts()) == []


def test_nothing_is_said_where_nothing_stands_against_it() -> None:
    assert said(facts()) == []


def test_too_small_a_quota_stops_it_with_the_figures_and_where_there_is_room() -> None:
    [finding] = said(facts(region(limit=20, used=16), region("westus3", limit=40), region("centralus", limit=12)))
    assert (finding.rule, finding.severity) == ("azure-quota", "deny")
    assert finding.message == ("4 of 20 vCPUs are left in standardDDSv5Family in eastus; this needs 12 at its maximum.")
    assert finding.remedy.startswith("In westus3 40 are left. Take another size or region")


def test_the_region_s_own_row_must_have_room_as_well() -> None:
    [finding] = said(facts(region(cores=10)))
    assert finding.message == (
        "10 of 10 vCPUs are left in the region's total (cores) in eastus; this needs 12 at its maximum."
    )


def test_spot_workers_count_by_the_spot_row_and_the_driver_by_its_family() -> None:
    request = MINT.model_copy(update={"spot": True})
    azure = facts(region(spot=7))
    assert needs(proposed(azure, request).decision, azure) == {
        ("eastus", D4_FAMILY.casefold()): 4,
        ("eastus", "cores"): 4,
        ("eastus", "lowprioritycores"): 8,
    }
    [finding] = said(azure, request)
    assert finding.message.startswith(
        "7 of 7 vCPUs are left in spot machines (lowPriorityCores) in eastus; this needs 8"
    )


def test_a_limit_below_zero_is_none() -> None:
    assert said(facts(region(limit=-1, used=500))) == []


@pytest.mark.parametrize(
    ("left", "rules"), [(11, ["azure-quota"]), (12, ["azure-headroom"]), (15, ["azure-headroom"]), (16, [])]
)
def test_room_for_one_more_worker_is_wanted(left: int, rules: list[str]) -> None:
    assert [finding.rule for finding in said(facts(region(limit=left)))] == rules


def test_workspaces_of_one_plan_are_counted_together() -> None:
    azure = facts(region(limit=20))
    first = proposed(azure)
    [finding] = said(azure.reserving(needs(first.decision, azure)), MINT.model_copy(update={"team": "fern"}))
    assert finding.message == (
        "8 of 20 vCPUs are left in standardDDSv5Family in eastus beside the 12 of the others in this plan; this needs"
        " 12 at its maximum."
    )


def test_a_change_needs_only_what_it_adds() -> None:
    azure = facts(region(limit=20, used=16), ours=frozenset({"dbw-mint-dev"}))
    among = Neighbours([proposed(facts()).decision])
    assert [one.rule for one in said(azure, MINT, among=among)] == []
    larger = MINT.model_copy(update={"max_workers": 4})
    assert "this needs 8 at its maximum" in said(azure, larger, among=among)[0].message


def test_a_size_that_is_closed_or_not_offered_stops_it() -> None:
    closed = SizeOffer(name=D4, family=D4_FAMILY, vcpu=4, zones=("1", "2"), reason="NotAvailableForSubscription")
    [finding] = said(facts(region().model_copy(update={"sizes": {D4.casefold(): closed}})))
    assert (finding.rule, finding.message) == (
        "azure-size",
        "Standard_D4ds_v5 may not be used in eastus by this subscription (NotAvailableForSubscription).",
    )
    other = SizeOffer(name="Standard_D8ds_v5", family=D4_FAMILY)
    [finding] = said(facts(region().model_copy(update={"sizes": {"standard_d8ds_v5": other}})))
    assert finding.message == "Standard_D4ds_v5 is not offered in eastus."


def test_a_zone_that_is_closed_is_told() -> None:
    offer = SizeOffer(
        name=D4, family=D4_FAMILY, vcpu=4, zones=("1", "2", "3"), closed_zones=("1", "3"), reason="QuotaId"
    )
    [finding] = said(facts(region().model_copy(update={"sizes": {D4.casefold(): offer}})))
    assert (finding.rule, finding.severity) == ("azure-zones", "warn")
    assert "zone 1, 3 of eastus by this subscription (QuotaId); zone 2 is open" in finding.message


def test_a_taken_name_stops_it() -> None:
    own = "/subscriptions/s/resourcegroups/rg-dbw-mint-dev/providers/microsoft.databricks/workspaces/dbw-mint-dev"
    [finding] = said(facts(workspaces=(StandingWorkspace(id=own),)))[:1]
    assert (finding.rule, finding.severity) == ("azure-name", "deny")
    [finding] = said(facts(groups=frozenset({"rg-dbw-mint-dev"})))
    assert finding.message == "A resource group rg-dbw-mint-dev exists already."
    elsewhere = own.replace("rg-dbw-mint-dev/", "rg-of-others/")
    [finding] = said(facts(workspaces=(StandingWorkspace(id=elsewhere),)))
    assert (finding.rule, finding.severity) == ("azure-name-elsewhere", "warn")
    assert finding.message == "Another workspace called dbw-mint-dev stands in this subscription, too."
    [finding] = said(facts(workspaces=(StandingWorkspace(id=elsewhere),), named=None))
    assert finding.message == "A workspace called dbw-mint-dev stands in rg-of-others of this subscription, too."


def test_what_is_ours_holds_its_own_names() -> None:
    assert said(facts(groups=frozenset({"rg-dbw-mint-dev"}), ours=frozenset({"dbw-mint-dev"}))) == []


def test_a_subscription_full_of_groups_stops_it() -> None:
    [finding] = said(facts(groups=frozenset(f"rg-{number}" for number in range(979))))
    assert finding.message == "The subscription has 979 resource groups of at most 980, and this needs 2 more."


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("regions", ("West Europe",), "denies eastus: it allows West Europe"),
        ("sizes", ("standard_d8ds_v5",), "denies Standard_D4ds_v5: it allows standard_d8ds_v5"),
        ("tag", ("project",), "demands the tag project"),
    ],
)
def test_a_policy_that_would_deny_stops_it(kind: Any, values: tuple[str, ...], told: str) -> None:
    [finding] = said(facts(policies=(Assignment(name="House", kind=kind, values=values),)))
    assert (finding.rule, finding.severity) == ("azure-policy", "deny")
    assert told in finding.message


def test_a_policy_that_is_met_says_nothing() -> None:
    met = (
        Assignment(name="Where", kind="regions", values=("East US",)),
        Assignment(name="Tag", kind="tag", values=("project",)),
    )
    assert said(facts(policies=met), MINT.model_copy(update={"tags": {"Project": "apollo"}})) == []


def subnet(name: str, prefix: str = "10.0.0.0/26", **fields: Any) -> Subnet:
    rest: dict[str, Any] = {"delegations": ("Microsoft.Databricks/workspaces",), **fields}
    return Subnet(name=name, prefix=prefix, **rest)


def network(*subnets: Subnet, **fields: Any) -> dict[str, VirtualNetwork]:
    known = {one.name: one for one in subnets}
    rest: dict[str, Any] = {"region": "eastus", **fields}
    made = VirtualNetwork(id=NET.casefold(), subnets=known, **rest)
    return {NET.casefold(): made}


@pytest.mark.parametrize(
    ("networks", "told"),
    [
        (network(exists=False), "does not exist"),
        (network(region="westus"), "is in westus, and the workspace is to be in eastus"),
        (network(subnet("host")), "has no subnet container"),
        (network(subnet("host", delegations=()), subnet("container")), "host of v is not delegated"),
        (
            network(subnet("host"), subnet("container", "10.0.1.0/26", taken=58)),
            "has 1 addresses left, and the cluster takes 3",
        ),
    ],
)
def test_a_vnet_that_would_not_do_stops_it(networks: dict[str, VirtualNetwork], told: str) -> None:
    request = MINT.model_copy(update={"network": "vnet"})
    [finding] = said(facts(networks=networks), request, own=OWN_NET)
    assert (finding.rule, finding.severity) == ("azure-network", "deny")
    assert told in finding.message


def test_a_subnet_that_another_workspace_uses_stops_it() -> None:
    other = "/subscriptions/s/resourcegroups/r/providers/microsoft.databricks/workspaces/dbw-other"
    used = StandingWorkspace(id=other, network=NET.casefold(), subnets=("host", "container"))
    known = network(subnet("host"), subnet("container"))
    request = MINT.model_copy(update={"network": "vnet"})
    for named in (None, frozenset({"dbw-other"})):
        [finding] = said(facts(networks=known, workspaces=(used,), named=named), request, own=OWN_NET)
        assert finding.message == "The subnet host of v is used by the workspace dbw-other: no two may share one."
    [finding] = said(facts(networks=known, workspaces=(used,)), request, own=OWN_NET)
    assert finding.message == "The subnet host of v is used by another workspace: no two may share one."


def test_what_was_not_answered_is_not_checked_and_says_why() -> None:
    """Nothing is free, offered or allowed because nobody answered."""
    azure = facts(RegionFacts(region="eastus"), groups=None, policies=None).with_unanswered(
        (
            Unanswered(look_up="quota", region="eastus", why="no answer within 3 s"),
            Unanswered(look_up="policies", why="the sign-in may not read it (HTTP 403)"),
        )
    )
    [finding] = said(azure)
    assert (finding.rule, finding.severity) == ("azure-not-checked", "warn")
    assert finding.message == (
        "Not checked in Azure: which sizes eastus offers (not asked in this turn); the vCPU quota of eastus (no answer"
        " within 3 s); Azure policies (the sign-in may not read it (HTTP 403)); whether the resource groups are free"
        " (not asked in this turn)."
    )


def test_a_house_may_make_a_finding_a_warning() -> None:
    platform = PlatformSettings(azure=facts(region(limit=4)))
    relaxed = platform.policy.model_copy(update={"severities": {"azure-quota": "warn"}})
    proposal = propose(MINT, platform.model_copy(update={"policy": relaxed}), identity="dep_1", today=TODAY)
    assert proposal.denials == ()
