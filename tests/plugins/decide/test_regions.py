"""What follows from the region: where Azure Databricks is offered, and what redundancy its storage can have."""

from datetime import date

import pytest

from plugins.catalogue.regions import regions
from plugins.databricks.proposal import Proposal, propose
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import ConfigurationError
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

TODAY = date(2026, 11, 24)


def proposed(region: str, environment: str = "dev", /, **policy: object) -> Proposal:
    request = InfrastructureRequest.model_validate(
        {"team": "ml", "environment": environment, "workload_type": "data_engineering", "region": region}
    )
    return propose(request, PlatformSettings.model_validate({"Policy": policy}), identity="x", today=TODAY)


def storage(decision: InfrastructureDecision) -> str:
    return next(reason.because for reason in decision.justification if reason.about == "storage_sku")


@pytest.mark.parametrize(
    ("region", "environment", "sku", "because"),
    [
        ("eastus", "dev", "Standard_LRS", "Redundancy for dev."),
        ("eastus", "staging", "Standard_ZRS", "Redundancy for staging."),
        ("eastus", "prod", "Standard_GZRS", "Redundancy for prod."),
        ("ukwest", "dev", "Standard_LRS", "Redundancy for dev."),
        ("ukwest", "staging", "Standard_LRS", "Standard_ZRS for staging does not exist in ukwest"),
        ("ukwest", "prod", "Standard_GRS", "Standard_GZRS for prod does not exist in ukwest"),
        ("qatarcentral", "staging", "Standard_ZRS", "Redundancy for staging."),
        ("qatarcentral", "prod", "Standard_ZRS", "Standard_GZRS for prod does not exist in qatarcentral"),
        ("polandcentral", "prod", "Standard_LRS", "not known whether polandcentral has Standard_GZRS"),
    ],
)
def test_the_redundancy_of_the_storage_is_one_that_the_region_has(
    region: str, environment: str, sku: str, because: str
) -> None:
    decision = proposed(region, environment, RegionsNotOffered="warn").decision
    assert decision.storage_sku == sku
    assert because in storage(decision)


def test_no_region_gets_zones_that_it_does_not_have() -> None:
    """14 of the 38 have no GZRS, 12 of these no ZRS (learn.microsoft.com, azure/storage redundancy-regions)."""
    offered = [region for region in regions().values() if region.is_offered]
    assert len(offered) == 38
    assert len([region for region in offered if not region.has_gzrs]) == 14
    assert len([region for region in offered if not region.has_zrs]) == 12
    for region in offered:
        for environment in ("staging", "prod"):
            sku = proposed(region.name, environment).decision.storage_sku
            assert "GZRS" not in sku or region.has_gzrs
            assert "ZRS" not in sku or region.has_zrs


def test_a_region_without_databricks_is_refused_with_the_nearest_that_has_it() -> None:
    (finding,) = [f for f in proposed("polandcentral").findings if f.rule == "region-offered"]
    assert finding.severity == "deny"
    assert finding.message == (
        "Azure Databricks is not offered in polandcentral (learn.microsoft.com/azure/databricks/resources/"
        "supported-regions, read 2026-11-29)."
    )
    assert finding.remedy == "Take the nearest where it is: germanywestcentral, or swedencentral."


def test_a_house_is_warned_only_or_knows_better() -> None:
    def severity(**policy: object) -> str | None:
        findings = proposed("polandcentral", **policy).findings
        return next((f.severity for f in findings if f.rule == "region-offered"), None)

    assert severity(RegionsNotOffered="warn") == "warn"
    assert severity(RegionsOffered={"polandcentral": True}) is None
    assert severity(RegionsNotOffered="warn", Severities={"region-offered": "deny"}) == "deny"
    gone = proposed("eastus", RegionsOffered={"eastus": False}).findings
    assert [f.severity for f in gone if f.rule == "region-offered"] == ["deny"]
    with pytest.raises(ConfigurationError, match="RegionsOffered names “polandcentrall”"):
        proposed("eastus", RegionsOffered={"polandcentrall": True})


def test_every_region_without_it_names_one_with_it() -> None:
    for region in regions().values():
        assert bool(region.nearest) == (not region.is_offered)
        assert all(regions()[name].is_offered for name in region.nearest)
        assert region.source.as_of == date(2026, 11, 29)
