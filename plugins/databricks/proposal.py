"""A request decided, priced and checked in one go; and what else would do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from plugins.check import check
from plugins.check.subject import Subject
from plugins.databricks.sentences import SAYS
from plugins.decide import Lean, Variant, cheaper_variants, cheapest, decide, variants
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import InvalidRequest
from plugins.domain.estimate import Estimate
from plugins.domain.finding import Finding
from plugins.domain.neighbours import Neighbours
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import Assumption, InfrastructureRequest
from plugins.estimate import Excess, estimate, limit_excess, total
from plugins.estimate.limit import house_limit, limit_of

MOST_OPTIONS = 3

_EXAMPLE: dict[str, str] = {"team": "example", "environment": "dev", "workload_type": "data_engineering"}


@dataclass(frozen=True)
class Proposal:
    """`excess` is how far the expected month is above the limit that counts; None when it is not. `instead_of` is
    what the usual configuration would have cost, when a leaner one was taken to stay within the limit.
    """

    request: InfrastructureRequest
    decision: InfrastructureDecision
    cost: Estimate
    findings: tuple[Finding, ...]
    excess: Excess | None
    instead_of: Estimate | None = None

    @property
    def denials(self) -> tuple[Finding, ...]:
        """The findings that stand against planning it at all."""
        return tuple(finding for finding in self.findings if finding.severity == "deny")


@dataclass(frozen=True)
class Option:
    """Another configuration, priced; stating `changes` gives it."""

    label: str
    changes: InfrastructureRequest
    decision: InfrastructureDecision
    cost: Estimate


def propose(
    request: InfrastructureRequest,
    platform: PlatformSettings,
    *,
    identity: str,
    today: date,
    taken: frozenset[str] = frozenset(),
    among: Neighbours | None = None,
) -> Proposal:
    """The usual configuration; where it exceeds the limit and what nobody stated can be leaner within it, that one.

    `among` is what else stands in the subscription, and what of this very workspace does. Raises InvalidRequest or
    ConfigurationError as `decide` and `check` do.
    """

    def at(lean: Lean) -> Proposal:
        decision = decide(request, platform, identity=identity, today=today, taken=taken, among=among, lean=lean)
        return checked(request, decision, platform=platform, today=today, among=among)

    # Leaner only where the usual one is too dear: who stated no limit gets what is right for the work.
    usual = at(0)
    if usual.excess is None:
        return usual
    leaner = next((proposal for lean in _LEANER if (proposal := at(lean)).excess is None), None)
    return usual if leaner is None else replace(leaner, instead_of=usual.cost)


_LEANER: tuple[Lean, ...] = (1, 2)


def checked(
    request: InfrastructureRequest,
    decision: InfrastructureDecision,
    *,
    platform: PlatformSettings,
    today: date,
    among: Neighbours | None = None,
) -> Proposal:
    """A decision that was made already, priced and checked."""
    cost = estimate(decision, platform)
    subject = Subject(
        request=request,
        decision=decision,
        cost=cost,
        platform=platform,
        today=today,
        among=among or Neighbours(),
        high_above_limit=limit_excess(request, cost, platform, high=True) is not None,
        limit_compared=limit_of(request, cost, platform) is not None,
        house_limit=house_limit(decision.environment, cost, platform),
    )
    return Proposal(request, decision, cost, check(subject), limit_excess(request, cost, platform))


def cheapest_option(
    request: InfrastructureRequest, platform: PlatformSettings, *, identity: str, today: date
) -> Option:
    """The least costly allowed configuration that keeps to everything that was stated."""
    least = cheapest(request, platform)
    proposal = propose(least, platform, identity=identity, today=today)
    return Option(SAYS("proposal.cheapest"), least, proposal.decision, proposal.cost)


def alternatives_of(
    request: InfrastructureRequest,
    platform: PlatformSettings,
    *,
    identity: str,
    today: date,
    decision: InfrastructureDecision | None = None,
    stands: bool = False,
) -> tuple[Option, ...]:
    """Up to three other configurations than the decision (the usual one without it), the dearest first; none that the
    house denies. With `stands` none of fewer hours, as in `savings_of`.
    """
    ground = decision or propose(request, platform, identity=identity, today=today).decision
    options = [
        option
        for variant in variants(request, ground)
        if not (stands and variant.changes.hours_per_week is not None)
        and (option := _option(request, variant, platform, identity=identity, today=today)) is not None
    ]
    return _spread(options)


def savings_of(
    request: InfrastructureRequest,
    decision: InfrastructureDecision,
    cost: Estimate,
    platform: PlatformSettings,
    *,
    today: date,
    stands: bool = False,
) -> tuple[Option, ...]:
    """What would cost less than this decision at its cost, the greatest saving first: each change by itself, last
    all of them together. None that the house denies, and none that saves nothing. With `stands` none of fewer hours:
    how long people use what stands is theirs, and no change of it.
    """
    single, together = cheaper_variants(request, decision, hours=not stands)
    options = [_option(request, variant, platform, identity="example", today=today) for variant in single]
    saving = [option for option in options if option is not None and option.cost.expected < cost.expected]
    ranked = sorted(saving, key=lambda option: option.cost.expected)
    whole = (
        _option(request, together, platform, identity="example", today=today) if together and len(ranked) > 1 else None
    )
    return (*ranked, *([whole] if whole is not None and whole.cost.expected < ranked[0].cost.expected else []))


def while_idle(decision: InfrastructureDecision, platform: PlatformSettings) -> Estimate:
    """A month in which the cluster never runs: what bills all the same."""
    idle = estimate(decision.model_copy(update={"hours_per_week": 0.0, "min_workers": 0, "max_workers": 0}), platform)
    return idle.model_copy(update={"lines": tuple(line for line in idle.lines if line.quantity)})


def fitting_options(
    request: InfrastructureRequest, platform: PlatformSettings, *, identity: str, today: date
) -> tuple[Option, ...]:
    """Up to three configurations within the limit that counts, the most capable first."""
    ground = decide(request, platform, identity=identity, today=today)
    options: list[Option] = []
    for variant in variants(request, ground):
        option = _option(request, variant, platform, identity=identity, today=today)
        if option is not None and limit_excess(_changed(request, variant.changes), option.cost, platform) is None:
            options.append(option)
    return _spread(options)


def example_of(request: InfrastructureRequest) -> tuple[InfrastructureRequest, tuple[Assumption, ...]]:
    """The request completed for a price or a comparison alone, and what was filled in."""
    missing = {field: value for field, value in _EXAMPLE.items() if getattr(request, field) is None}
    if request.enable_gpu and "workload_type" in missing:
        missing["workload_type"] = "machine_learning"
    filled = tuple(
        Assumption(field=field, value=value, because=SAYS("proposal.for_the_price"))
        for field, value in missing.items()
        if field != "team"
    )
    return InfrastructureRequest.model_validate({**request.model_dump(), **missing}), filled


def total_cost(costs: Sequence[Estimate], names: Sequence[str]) -> Estimate:
    """One bill as it is; several as one."""
    return costs[0] if len(costs) == 1 else total(costs, names)


def meets_its_limit(request: InfrastructureRequest, platform: PlatformSettings, *, today: date) -> bool:
    """False when even the cheapest allowed configuration exceeds the limit that the person stated."""
    if request.cost_limit is None:
        return True
    # Nothing costs nothing: no configuration need be tried.
    if request.cost_limit == 0:
        return False
    complete, _ = example_of(request)
    try:
        option = cheapest_option(complete, platform, identity="example", today=today)
    except InvalidRequest:
        return True
    return limit_excess(complete, option.cost, platform) is None


def fitting_option(
    request: InfrastructureRequest,
    variant: Variant,
    platform: PlatformSettings,
    *,
    identity: str,
    today: date,
    among: Neighbours,
) -> Option | None:
    """That variant, priced; None where the house or Azure denies it, or its month is above the limit that counts."""
    option = _option(request, variant, platform, identity=identity, today=today, among=among)
    if option is None or limit_excess(_changed(request, variant.changes), option.cost, platform) is not None:
        return None
    return option


def _option(
    request: InfrastructureRequest,
    variant: Variant,
    platform: PlatformSettings,
    *,
    identity: str,
    today: date,
    among: Neighbours | None = None,
) -> Option | None:
    try:
        proposal = propose(_changed(request, variant.changes), platform, identity=identity, today=today, among=among)
    except InvalidRequest:
        return None
    # An offer that the policy refuses would be taken and then denied.
    if proposal.denials:
        return None
    return Option(variant.label, variant.changes, proposal.decision, proposal.cost)


def _changed(request: InfrastructureRequest, changes: InfrastructureRequest) -> InfrastructureRequest:
    return request.model_copy(update=changes.stated())


def _spread(options: list[Option]) -> tuple[Option, ...]:
    """The dearest, the cheapest and one between, without two of one price."""
    by_price = {option.cost.expected: option for option in options}
    ordered = [by_price[price] for price in sorted(by_price, reverse=True)]
    if len(ordered) <= MOST_OPTIONS:
        return tuple(ordered)
    return ordered[0], ordered[len(ordered) // 2], ordered[-1]
