"""Other requests that would do: what to offer when a limit is hit, or when somebody asks what else there is."""

from collections.abc import Iterator
from dataclasses import dataclass

from plugins.decide.nodes import smallest
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.house import House
from plugins.domain.request import InfrastructureRequest

_PART_TIME = 20.0


@dataclass(frozen=True)
class Variant:
    """`changes` holds the fields that differ from the request; stating them gives this configuration."""

    label: str
    changes: InfrastructureRequest


def variants(request: InfrastructureRequest, decision: InfrastructureDecision) -> tuple[Variant, ...]:
    """Sensible smaller configurations, the least change first. They do touch what was stated: they are offers."""
    single = list(_single_changes(request, decision))
    together = InfrastructureRequest()
    for variant in single:
        if variant.changes.hours_per_week is None:
            together = together.model_copy(update=variant.changes.stated())
    whole = Variant("all of these together", together)
    reduced = [whole] if sum(v.changes.hours_per_week is None for v in single) > 1 else []
    part_time = together.model_copy(update={"hours_per_week": _PART_TIME})
    if decision.hours_per_week > _PART_TIME:
        reduced.append(Variant(f"all of these, {_PART_TIME:g} hours a week", part_time))
    return (*single, *reduced)


def cheapest(request: InfrastructureRequest, house: House) -> InfrastructureRequest:
    """The least costly allowed request that keeps everything that was stated; what was not stated is at its least."""
    environment = request.environment or "dev"
    least = 2 if environment == "prod" and not request.enable_gpu else 0
    low = request.min_workers if request.min_workers is not None else min(least, _ceiling(request.max_workers, least))
    high = request.max_workers if request.max_workers is not None else low
    allowed = house.policy.environments[environment].networks
    changes = {
        "node_type": smallest(request),
        "min_workers": low,
        "max_workers": max(high, low) if request.max_workers is None else high,
        "photon": bool(request.photon),
        "network": request.network or ("public" if "public" in allowed else allowed[0]),
    }
    if request.max_workers is not None and request.min_workers is None:
        changes["min_workers"] = min(low, request.max_workers)
    return request.model_copy(update=changes)


def _ceiling(high: int | None, otherwise: int) -> int:
    return otherwise if high is None else high


def _single_changes(request: InfrastructureRequest, decision: InfrastructureDecision) -> Iterator[Variant]:
    if decision.photon:
        yield Variant("without Photon", InfrastructureRequest(photon=False))
    if decision.max_workers > max(2, decision.min_workers) or decision.min_workers > 2:  # noqa: PLR2004 - two is few
        low = min(decision.min_workers, 2)
        label = "2 workers" if low == 2 else f"{low} to 2 workers"  # noqa: PLR2004
        yield Variant(label, InfrastructureRequest(min_workers=low, max_workers=2))
    if decision.max_workers and decision.environment != "prod":
        yield Variant("a single node", InfrastructureRequest(min_workers=0, max_workers=0))
    least = smallest(request.model_copy(update={"node_type": None, "additional_requirements": None}))
    if least != decision.worker_instance_type:
        yield Variant(f"smaller machines ({least.removeprefix('Standard_')})", InfrastructureRequest(node_type=least))
    if decision.hours_per_week > _PART_TIME:
        yield Variant(f"{_PART_TIME:g} hours a week", InfrastructureRequest(hours_per_week=_PART_TIME))
