"""Two ways of doing something, side by side: in words, and priced where the difference has a price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from plugins.catalogue.regions import regions
from plugins.catalogue.sizes import size
from plugins.databricks.proposal import Proposal, propose
from plugins.databricks.sentences import SAYS
from plugins.domain.errors import InvalidRequest
from plugins.domain.estimate import Estimate
from plugins.domain.money import rounded, signed
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

_OPTIONS = (
    "spot",
    "on_demand",
    "public",
    "vnet",
    "private_link",
    "photon",
    "no_photon",
    "single_node",
    "cluster",
    "gpu",
    "cpu",
    "premium",
    "standard",
    "trial",
    "dev",
    "staging",
    "prod",
    "jobs",
    "all_purpose",
)
"""Whatever can be compared; what is said of each stands under its name in sentences.toml."""

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
    "spot": "on_demand",
    "on_demand": "spot",
    "photon": "no_photon",
    "gpu": "cpu",
    "vnet": "private_link",
    "private_link": "vnet",
    "single_node": "cluster",
    "premium": "standard",
    "jobs": "all_purpose",
}
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
    words = [SAYS(f"option.{option}") for option in options if option in _OPTIONS]
    priced = [(option, change) for option in options if (change := _change(option)) is not None]
    rows = _rows([made for option, change in priced if (made := _made(option, ground, change, platform, today))])
    if not words and not rows:
        words = [SAYS("comparison.can")]
    return Comparison(
        words="\n\n".join(words),
        title=SAYS("comparison.title"),
        columns=tuple(SAYS("comparison.columns").split(" | ")),
        rows=rows if len(rows) > 1 else (),
    )


def regions_compared(
    ground: InfrastructureRequest, platform: PlatformSettings, *, today: date
) -> tuple[tuple[str, Estimate], ...]:
    """The month of what this request (complete) comes to, in every region where Azure Databricks is offered and its
    prices are known, the cheapest first. What a rule denies is left out.
    """
    months: list[tuple[str, Estimate]] = []
    ground = _as_decided(ground, platform, today)
    for name, region in regions().items():
        if not region.is_offered:
            continue
        try:
            proposal = propose(ground.model_copy(update={"region": name}), platform, identity="example", today=today)
        except InvalidRequest:
            continue
        if not proposal.denials and not proposal.cost.is_lower_bound:
            months.append((name, proposal.cost))
    return tuple(sorted(months, key=lambda pair: (pair[1].expected, pair[0])))


def _as_decided(ground: InfrastructureRequest, platform: PlatformSettings, today: date) -> InfrastructureRequest:
    """The request with all of its configuration stated: what is compared is the same everywhere."""
    decision = propose(ground, platform, identity="example", today=today).decision
    fields = ("min_workers", "max_workers", "spot", "photon", "network", "hours_per_week", "enable_gpu")
    stated = {field: getattr(decision, field) for field in fields}
    return ground.model_copy(update={**stated, "node_type": decision.worker_instance_type})


def _change(option: str) -> InfrastructureRequest | None:
    if option in _CHANGES:
        return _CHANGES[option]
    if option in regions():
        return InfrastructureRequest(region=option)
    vm_size = size(option)
    return InfrastructureRequest(node_type=vm_size.name) if vm_size else None


def _made(
    option: str, ground: InfrastructureRequest, change: InfrastructureRequest, platform: PlatformSettings, today: date
) -> tuple[str, Proposal] | None:
    changes = {field: value for field, value in change.stated().items() if not _is_kept(field, ground)}
    try:
        proposal = propose(ground.model_copy(update=changes), platform, identity="example", today=today)
    except InvalidRequest:
        return None
    return option, proposal


def _rows(made: Sequence[tuple[str, Proposal]]) -> tuple[tuple[JsonValue, ...], ...]:
    """A row each, with by how much it is more or less than the first."""
    return tuple(
        _row(option, proposal, made[0][1].cost if number else None) for number, (option, proposal) in enumerate(made)
    )


def _row(option: str, proposal: Proposal, first: Estimate | None) -> tuple[JsonValue, ...]:
    decision, cost = proposal.decision, proposal.cost
    counts = dict.fromkeys((decision.min_workers, decision.max_workers))
    workers = "single node" if decision.single_node else " to ".join(map(str, counts))
    amounts = (f"{rounded(amount):,.2f} {cost.currency}" for amount in (cost.expected, cost.high))
    is_told = first is not None and first.currency == cost.currency and first.unpriced == cost.unpriced
    by = f"{signed(cost.expected - first.expected)} {cost.currency}" if first is not None and is_told else ""
    return (option.replace("_", " "), decision.worker_instance_type, workers, *amounts, by)


def _is_kept(field: str, ground: InfrastructureRequest) -> bool:
    """Workers come along with an option only to make it visible; a request's own are kept."""
    return field in ("min_workers", "max_workers") and getattr(ground, field) not in (None, 0)
