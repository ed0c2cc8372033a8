"""The redundancy of the workspace's own storage: the house's for the environment, where the region has it.

Asked for where it does not exist, Azure answers `RedundancyConfigurationNotAvailableInRegion`
(Esri/arcgis-gitops issue 160, read 2026-11-29).
"""

from plugins.catalogue.regions import Region
from plugins.decide.choice import HOUSE, Choice, reason
from plugins.domain.request import Environment


def storage_sku(wanted: str, environment: Environment, region: Region) -> Choice[str]:
    """`wanted`, or what comes nearest to it in the region, with the reason said.

    Without zones, what is copied to the paired region stays so (GZRS becomes GRS), and what stays in its region stays
    there (ZRS becomes LRS).
    """
    tier, _, redundancy = wanted.partition("_")
    has = _has(redundancy, region)
    if has:
        return Choice(wanted, (reason("storage_sku", wanted, f"Redundancy for {environment}.", HOUSE),))
    taken = f"{tier}_{_instead(redundancy, region)}"
    why = (
        f"{wanted} for {environment} does not exist in {region.name}; this comes nearest to it."
        if has is False
        else f"It is not known whether {region.name} has {wanted} for {environment}; this exists in every region."
    )
    source = f"{region.source.text}, read {region.source.as_of}"
    return Choice(taken, (reason("storage_sku", taken, why, source),))


def _has(redundancy: str, region: Region) -> bool | None:
    """Whether the region has it; None when that is not known."""
    if not redundancy.endswith("ZRS"):
        return True
    return region.has_zrs if redundancy == "ZRS" else region.has_gzrs


def _instead(redundancy: str, region: Region) -> str:
    if region.has_zrs is None or redundancy == "ZRS":
        return "LRS"
    return "ZRS" if region.has_zrs else redundancy.replace("GZRS", "GRS")
