"""What Azure is asked before drafts are planned: about their regions, about others near by that could take their place,
and about the network that is brought along.
"""

from collections.abc import Iterable

from plugins.catalogue.regions import regions
from plugins.domain.azure_facts import AzureFacts, FactsWanted
from plugins.domain.platform_settings import PlatformSettings

MOST_NEAR = 5
"""Regions of the same geography whose quotas are looked at beside those of one that is wished for."""

MOST_REGIONS = 12


class FactsMissing(Exception):
    """The turn cannot go on without: it is begun again when this was asked."""

    def __init__(self, wanted: FactsWanted) -> None:
        super().__init__(str(wanted))
        self.wanted = wanted


def demand(facts: AzureFacts, names: Iterable[str], platform: PlatformSettings) -> None:
    """Raises FactsMissing where these regions are to be planned in and Azure was not asked about one of them."""
    wished = tuple(dict.fromkeys(name for name in names if name in regions()))[:MOST_REGIONS]
    if not facts.is_wanted or facts.is_all or all(name in facts.regions for name in wished):
        return
    near = dict.fromkeys(other for name in wished for other in _near(name, platform) if other not in wished)
    network = platform.bring_your_own.virtual_network_id
    networks = (network,) if network else ()
    raise FactsMissing(FactsWanted(regions=wished, near=tuple(near)[:MOST_REGIONS], networks=networks))


def _near(name: str, platform: PlatformSettings) -> tuple[str, ...]:
    """Regions of the same geography where a workspace may be, those with zones first."""
    home, policy = regions()[name], platform.policy
    may = [
        region
        for region in regions().values()
        if region.geography == home.geography
        and region.name != name
        and policy.regions_offered.get(region.name, region.is_offered)
        and (not policy.allowed_regions or region.name in policy.allowed_regions)
    ]
    return tuple(region.name for region in sorted(may, key=lambda region: not region.has_zrs)[:MOST_NEAR])
