"""Two ways of doing something, side by side: in words, and priced where the difference has a price."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from plugins.catalogue.regions import regions
from plugins.catalogue.sizes import size
from plugins.databricks.proposal import propose
from plugins.domain.errors import InvalidRequest
from plugins.domain.money import rounded
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

_WORDS: Mapping[str, str] = {
    "spot": "**Spot** machines cost a fraction, but Azure can take them away at any moment. Workers that are taken are"
    " replaced by on-demand ones; the driver is never a spot machine.",
    "on_demand": "**On-demand** machines stay until you stop them, at the full price.",
    "public": "**Public**: the workspace is reached over the internet with sign-in; nodes still have no public IP.",
    "vnet": "**VNet injection**: the nodes run in a network of yours, with your own address ranges and way out; the"
    " workspace's pages are still reached over the internet.",
    "private_link": "**Private link**: the workspace is reached through private endpoints only; nothing is open to the"
    " internet, and whoever works with it must be in the network.",
    "photon": "**Photon** runs SQL and DataFrame work several times faster for twice the DBUs; never on GPU machines.",
    "no_photon": "**Without Photon** the DBUs are halved; right for training, UDFs and small work.",
    "single_node": "**A single node** does everything on one machine: cheapest, and right for exploring.",
    "cluster": "**A cluster** spreads the work over workers and grows with the load.",
    "gpu": "**GPU** machines are for deep learning; they cost several times a CPU machine.",
    "cpu": "**CPU** machines do everything else.",
    "premium": "**Premium** has the access control that policies and Unity Catalog need.",
    "standard": "**Standard** cannot be created since 2026-04-01.",
    "trial": "**Trial** is premium with free DBUs for 14 days; machines are billed.",
    "dev": "**Development**: small, stops after 20 idle minutes, may use spot machines.",
    "staging": "**Staging**: its own network, diagnostics, zone-redundant storage.",
    "prod": "**Production**: at least two workers, no spot, storage firewall, a second person approves.",
    "jobs": "**Job clusters** bill 0.30 USD a DBU and end with the job.",
    "all_purpose": "**All-purpose clusters** bill 0.55 USD a DBU and are shared by people.",
}

_CHANGES: Mapping[str, InfrastructureRequest] = {
    "spot": InfrastructureRequest(spot=True, min_workers=1, max_workers=2),
    "on_demand": InfrastructureRequest(spot=False, min_workers=1, max_workers=2),
    "public": InfrastructureRequest(network="public"),
    "vnet": InfrastructureRequest(network="vnet"),
    "private_link": InfrastructureRequest(network="private_link"),
    "photon": InfrastructureRequest(photon=True),
    "no_photon": InfrastructureRequest(photon=False),
    "single_node": InfrastructureRequest(min_workers=0, max_workers=0),
    "cluster": InfrastructureRequest(min_workers=1, max_workers=2),
    "gpu": InfrastructureRequest(enable_gpu=True),
    "cpu": InfrastructureRequest(enable_gpu=False),
    "dev": InfrastructureRequest(environment="dev"),
    "staging": InfrastructureRequest(environment="staging"),
    "prod": InfrastructureRequest(environment="prod"),
}

_OTHER: Mapping[str, str] = {
    "spot": "on_demand", "on_demand": "spot", "photon": "no_photon", "gpu": "cpu", "vnet": "private_link",
    "private_link": "vnet", "single_node": "cluster", "premium": "standard", "jobs": "all_purpose",
}  # fmt: skip
"""What a single option is compared with."""


@dataclass(frozen=True)
class Comparison:
    """`rows` is empty where the options have no price of their own."""

    words: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[JsonValue, ...], ...]


def comparison(
    topic: tuple[str, ...], ground: InfrastructureRequest, platform: PlatformSettings, *, today: date
) -> Comparison:
    """The options of the topic compared on the ground of this request (complete); region and size names count too."""
    options = topic if len(topic) > 1 else tuple(filter(None, (*topic, _OTHER.get(topic[0]) if topic else None)))
    words = [_WORDS[option] for option in options if option in _WORDS]
    priced = [(option, change) for option in options if (change := _change(option)) is not None]
    rows = [row for option, change in priced if (row := _row(option, ground, change, platform, today)) is not None]
    if not words and not rows:
        words = ["I can compare spot and on-demand, networks, Photon, GPU and CPU, sizes, regions and environments."]
    return Comparison(
        words="\n\n".join(words),
        title="Side by side",
        columns=("Option", "Size", "Workers", "Expected a month", "At most a month"),
        rows=tuple(rows) if len(rows) > 1 else (),
    )


def _change(option: str) -> InfrastructureRequest | None:
    if option in _CHANGES:
        return _CHANGES[option]
    if option in regions():
        return InfrastructureRequest(region=option)
    found = size(option)
    return InfrastructureRequest(node_type=found.name) if found else None


def _row(
    option: str, ground: InfrastructureRequest, change: InfrastructureRequest, platform: PlatformSettings, today: date
) -> tuple[JsonValue, ...] | None:
    said = {field: value for field, value in change.stated().items() if not _kept(field, ground)}
    try:
        found = propose(ground.model_copy(update=said), platform, identity="example", today=today)
    except InvalidRequest:
        return None
    decision, cost = found.decision, found.cost
    counts = dict.fromkeys((decision.min_workers, decision.max_workers))
    workers = "single node" if decision.single_node else " to ".join(map(str, counts))
    amounts = (f"{rounded(amount):,.2f} {cost.currency}" for amount in (cost.expected, cost.high))
    return (option.replace("_", " "), decision.worker_instance_type, workers, *amounts)


def _kept(field: str, ground: InfrastructureRequest) -> bool:
    """Workers come along with an option only to make it visible; a request's own are kept."""
    return field in ("min_workers", "max_workers") and getattr(ground, field) not in (None, 0)
