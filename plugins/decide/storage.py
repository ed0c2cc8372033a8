"""The redundancy of the workspace's own storage: the house's for the environment, where the region has it.

Asked for where it does not exist, Azure answers `RedundancyConfigurationNotAvailableInRegion`
(github.com/Esri/arcgis-gitops issue 160, read 2026-11-29).
"""

from plugins.catalogue.regions import Region
from plugins.decide.choice import HOUSE, DecidedValue, reason
from plugins.decide.sentences import SAYS
from plugins.domain.request import Environment


def storage_sku(wanted: str, environment: Environment, region: Region) -> DecidedValue[str]:
    """`wanted`, or what comes nearest to it in the region, with the reason said.

    Without zones, what is copied to the paired region stays so (GZRS becomes GRS), and what stays in its region stays
    there (ZRS becomes LRS).
    """
    tier, _, redundancy = wanted.partition("_")
    has = _has(redundancy, region)
    if has:
        return DecidedValue(
            wanted, (reason("storage_sku", wanted, SAYS("storage.house", environment=environment), HOUSE),)
        )
    chosen = f"{tier}_{_instead(redundancy, region)}"
    why = (
        SAYS("storage.not_there", wanted=wanted, environment=environment, name=region.name)
        if has is False
        else SAYS("storage.not_known", name=region.name, wanted=wanted, environment=environment)
    )
    source = SAYS("storage.source", text=region.source.text, as_of=region.source.as_of)
    return DecidedValue(chosen, (reason("storage_sku", chosen, why, source),))


def _has(redundancy: str, region: Region) -> bool | None:
    """Whether the region has it; None when that is not known."""
    if not redundancy.endswith("ZRS"):
        return True
    return region.has_zrs if redundancy == "ZRS" else region.has_gzrs


def _instead(redundancy: str, region: Region) -> str:
    if region.has_zrs is None or redundancy == "ZRS":
        return "LRS"
    return "ZRS" if region.has_zrs else redundancy.replace("GZRS", "GRS")
