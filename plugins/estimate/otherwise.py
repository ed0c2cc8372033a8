"""What the same work would cost otherwise: with its workers at the spot price, or on another compute.

Which compute a workload would run on: learn.microsoft.com/azure/databricks/compute (read 2026-11-22). A serverless SQL
warehouse of the least size uses 4 DBU an hour, its machines included (azure.microsoft.com/pricing/details/databricks,
as parsed by github.com/microsoft/LakeBench, 2026-08-21).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import ComputeOption, SpotRange
from plugins.domain.money import rounded
from plugins.domain.request import WorkloadType
from plugins.estimate.book import PriceBook, Quote, compute_name
from plugins.estimate.cluster import PHOTON, Node
from plugins.estimate.sentences import SAYS

_LEAST_WAREHOUSE_DBU = Decimal(4)

_FITTING: Mapping[WorkloadType, tuple[str, ...]] = {
    "data_engineering": ("jobs", "dlt-core"),
    "streaming": ("jobs", "dlt-core"),
    "analytics": ("sql-serverless", "jobs"),
    "machine_learning": ("jobs",),
    "data_science": ("jobs",),
}


@dataclass(frozen=True)
class SpotMonth:
    """The month of the workers' machines at the spot price, and at the on-demand price."""

    quote: Quote
    cheap: Decimal
    full: Decimal


def spot_month(
    decision: InfrastructureDecision, machine: Node, book: PriceBook, *, worker_hours: Decimal
) -> SpotMonth | None:
    """None without spot workers, or where no spot price below the on-demand one is known."""
    quote = book.spot(machine.size) if decision.spot and worker_hours else None
    if quote is None or machine.vm is None or quote.amount > machine.vm.amount:
        return None
    return SpotMonth(quote, rounded(quote.amount * worker_hours), rounded(machine.vm.amount * worker_hours))


def spot_note(spot: SpotMonth | None, currency: str) -> str:
    """What to say beside spot workers, which are counted at the on-demand price."""
    if spot is None:
        return SAYS("note.spot", last_price="")
    last_price = SAYS(
        "note.last_spot_price",
        amount=spot.quote.amount,
        currency=currency,
        day=spot.quote.as_of.isoformat(),
        low=spot.cheap,
        high=spot.full,
    )
    return SAYS("note.spot", last_price=last_price)


def spot_range(spot: SpotMonth | None, expected: Decimal) -> SpotRange | None:
    """The expected month as a range."""
    if spot is None:
        return None
    low = expected - spot.full + spot.cheap
    return SpotRange(low=low, high=expected, as_of=spot.quote.as_of, source=spot.quote.source)


def spot_notes(spread: SpotRange | None, book: PriceBook) -> tuple[str, ...]:
    if spread is None:
        return ()
    day = spread.as_of.isoformat()
    return (SAYS("note.spot_range", low=spread.low, high=spread.high, day=day, currency=book.currency),)


def compute_options(
    decision: InfrastructureDecision, machine: Node, book: PriceBook, *, hours: Decimal, around: Decimal
) -> Iterator[ComputeOption]:
    """The expected month on each other compute that this workload might run on, where all of its prices are known."""
    if decision.databricks_sku == "trial":
        return
    for compute in _FITTING[decision.workload_type]:
        quote = book.dbu(f"{compute}-photon" if compute == "jobs" and decision.photon else compute)
        month = _month(decision, machine, compute, quote, hours)
        if quote is not None and month is not None:
            yield ComputeOption(compute=compute, unit_price=quote.amount, expected=month + around, as_of=quote.as_of)


def _month(
    decision: InfrastructureDecision, machine: Node, compute: str, quote: Quote | None, hours: Decimal
) -> Decimal | None:
    if quote is None:
        return None
    if compute == "sql-serverless":
        return rounded(_LEAST_WAREHOUSE_DBU * quote.amount * hours)
    # What Photon does to the DBUs of a declarative pipeline no source says.
    if machine.vm is None or machine.dbu is None or (decision.photon and compute != "jobs"):
        return None
    mean = Decimal(decision.min_workers + decision.max_workers) / 2
    dbu = machine.dbu / PHOTON["all-purpose"] * PHOTON["jobs"] if decision.photon else machine.dbu
    machines = rounded(hours * machine.vm.amount) + rounded(hours * mean * machine.vm.amount)
    return machines + rounded((mean + 1) * hours * dbu * quote.amount)


def computes_note(options: Sequence[ComputeOption], book: PriceBook) -> tuple[str, ...]:
    """Which compute is counted, and the others beside it."""
    if not options:
        return ()
    told = [
        SAYS(
            "note.compute",
            name=compute_name(option.compute),
            least=SAYS("note.least_warehouse") if option.compute == "sql-serverless" else "",
            expected=option.expected,
            currency=book.currency,
            unit_price=option.unit_price.normalize(),
        )
        for option in options
    ]
    return (SAYS("note.computes", counted=compute_name("all-purpose"), options="; as ".join(told)),)
