"""Other requests that would do: what to offer when a limit is hit, or when somebody asks what else there is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from plugins.decide.nodes import smallest
from plugins.decide.sentences import SAYS
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

_PART_TIME = 20.0
"""Hours a week of a cluster that runs half of the working time."""

_FEW = 2
"""Workers of a small cluster."""

_PAIR = 2
"""Changes that are offered two together; all of them together are another offer only where there are more."""


@dataclass(frozen=True)
class Variant:
    """`changes` holds the fields that differ from the request; stating them gives this configuration."""

    label: str
    changes: InfrastructureRequest


def variants(request: InfrastructureRequest, decision: InfrastructureDecision) -> tuple[Variant, ...]:
    """Smaller configurations, the least change first: each change alone, two together, all of them.

    They do touch what was stated: they are offers, for a person to pick.
    """
    single = tuple(_single_changes(request, decision))
    several = [pair for pair in combinations(single, 2) if not _same_fields(*pair)]
    return (*single, *(_together(pair) for pair in several), *([_together(single)] if len(single) > _PAIR else []))


def cheaper_variants(
    request: InfrastructureRequest, decision: InfrastructureDecision, *, hours: bool = True
) -> tuple[tuple[Variant, ...], Variant | None]:
    """Each change that makes it smaller by itself, that of its `hours` only with them, and all of them as one; None
    where there is at most one.
    """
    single = tuple(one for one in _single_changes(request, decision) if hours or one.changes.hours_per_week is None)
    return single, _together(single) if len(single) > 1 else None


def _same_fields(one: Variant, other: Variant) -> bool:
    return bool(one.changes.stated().keys() & other.changes.stated().keys())


def _together(parts: Sequence[Variant]) -> Variant:
    """The changes as one; where two change the same, the later and smaller one counts."""
    changes = InfrastructureRequest()
    labels: dict[frozenset[str], str] = {}
    for part in parts:
        stated = part.changes.stated()
        changes = changes.model_copy(update=stated)
        labels[frozenset(stated)] = part.label
    return Variant(", ".join(labels.values()), changes)


def cheapest(request: InfrastructureRequest, platform: PlatformSettings) -> InfrastructureRequest:
    """The least costly allowed request that keeps everything that was stated; what was not stated is at its least."""
    environment = request.environment or "dev"
    least = 2 if environment == "prod" and not request.enable_gpu else 0
    low = request.min_workers if request.min_workers is not None else min(least, _ceiling(request.max_workers, least))
    high = request.max_workers if request.max_workers is not None else low
    allowed = platform.policy.environments[environment].networks
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
    if decision.max_workers > max(_FEW, decision.min_workers) or decision.min_workers > _FEW:
        low = min(decision.min_workers, _FEW)
        label = f"{_FEW} workers" if low == _FEW else SAYS("variants.few_workers", low=low, few=_FEW)
        yield Variant(label, InfrastructureRequest(min_workers=low, max_workers=_FEW))
    if decision.max_workers and decision.environment != "prod":
        yield Variant(SAYS("variants.single_node"), InfrastructureRequest(min_workers=0, max_workers=0))
    least = smallest(request.model_copy(update={"node_type": None, "additional_requirements": None}))
    if least != decision.worker_instance_type:
        yield Variant(
            SAYS("variants.smaller", least=least.removeprefix("Standard_")), InfrastructureRequest(node_type=least)
        )
    if decision.hours_per_week > _PART_TIME:
        yield Variant(SAYS("variants.part_time", hours=_PART_TIME), InfrastructureRequest(hours_per_week=_PART_TIME))
