"""Whether a region has the machines of a decision, and the subscription the vCPUs for them at its largest.

Both the family's row and the region's own must have room; workers on spot machines count by a row of their own
(learn.microsoft.com/azure/virtual-machines/quotas, read 2026-11-22). A family's name is taken from Azure's list of
sizes, never made up: they follow no rule. Room for one more worker is wanted beside that, since a node that is replaced
overlaps with the one that follows it.
"""

from collections.abc import Iterator, Mapping

from plugins.catalogue.sizes import size
from plugins.check.sentences import SAYS
from plugins.check.subject import Rule, Subject, Verdict
from plugins.domain.azure_facts import REGIONAL, SPOT, AzureFacts, RegionFacts
from plugins.domain.decision import InfrastructureDecision

Needs = Mapping[tuple[str, str], int]
"""(region, row in lower case) → vCPUs."""


def needs(decision: InfrastructureDecision, facts: AzureFacts) -> dict[tuple[str, str], int]:
    """What it takes at its maximum, driver included, of every row whose name is known; nothing where nobody asks."""
    if not facts.is_wanted:
        return {}
    total: dict[tuple[str, str], int] = {}
    for name, count, is_spot in _machines(decision):
        offer = facts.offer(name, decision.region)
        known = size(name)
        vcpus = (offer.vcpu if offer is not None else None) or (known.vcpu if known is not None else 0)
        families = (offer.family.casefold(),) if offer is not None else ()
        for row in (SPOT,) if is_spot else (*families, REGIONAL):
            key = (decision.region, row)
            total[key] = total.get(key, 0) + count * vcpus
    return {key: vcpus for key, vcpus in total.items() if vcpus}


def _machines(decision: InfrastructureDecision) -> Iterator[tuple[str, int, bool]]:
    yield decision.driver_instance_type, 1, False
    if decision.max_workers:
        yield decision.worker_instance_type, decision.max_workers, decision.spot


def _size_offered(s: Subject) -> Verdict:
    region = s.platform.azure.region(s.decision.region)
    if region.sizes is None:
        return None
    for name in _names(s.decision):
        offer = region.size(name)
        if offer is None:
            return SAYS.pair("azure-size.missing", size=name, region=region.region)
        if offer.is_closed:
            return SAYS.pair("azure-size.closed", size=name, region=region.region, reason=offer.reason)
    return None


def _zones(s: Subject) -> Verdict:
    region = s.platform.azure.region(s.decision.region)
    offers = [offer for name in _names(s.decision) if (offer := region.size(name)) is not None]
    closed = next((offer for offer in offers if offer.closed_zones and not offer.is_closed), None)
    if closed is None:
        return None
    open_ = [zone for zone in closed.zones if zone not in closed.closed_zones]
    return SAYS.pair(
        "azure-zones",
        size=closed.name,
        region=region.region,
        closed=", ".join(closed.closed_zones),
        reason=closed.reason,
        open=", ".join(open_),
    )


def _names(decision: InfrastructureDecision) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _, _ in _machines(decision)))


def _quota(s: Subject) -> Verdict:
    short = [(row, need, left) for row, need, left in _rows(s) if need > left]
    if not short:
        return None
    facts, region = s.platform.azure, s.platform.azure.region(s.decision.region)
    told = [_told(region, row, need, left, facts.reserved.get((region.region, row), 0)) for row, need, left in short]
    elsewhere = _elsewhere(s, short[0][0])
    return SAYS.pair("azure-quota", elsewhere=elsewhere, told=" ".join(told))


def _told(region: RegionFacts, row: str, need: int, left: int, reserved: int) -> str:
    quota = region.quota(row)
    named, limit = (quota.name, quota.limit) if quota is not None else (row, 0)
    what = SAYS(f"azure-quota.rows.{row}") if row in (REGIONAL, SPOT) else named
    if not reserved:
        return SAYS("azure-quota.short", left=left, limit=limit, row=what, region=region.region, need=need)
    return SAYS(
        "azure-quota.short_beside",
        left=left,
        limit=limit,
        row=what,
        region=region.region,
        need=need,
        reserved=reserved,
    )


def _elsewhere(s: Subject, row: str) -> str:
    """Another region in which the same machines have room, the one with the most first."""
    rooms: list[tuple[int, str]] = []
    for name in s.platform.azure.regions:
        moved = s.decision.model_copy(update={"region": name})
        facts = s.platform.azure.region(name)
        fits = all(_left(s.platform.azure, name, r) >= need for (_, r), need in needs(moved, s.platform.azure).items())
        quota = facts.quota(row)
        if (
            name != s.decision.region
            and fits
            and quota is not None
            and quota.left is not None
            and _is_open(moved, facts)
        ):
            rooms.append((_left(s.platform.azure, name, row), name))
    if not rooms:
        return ""
    left, name = max(rooms)
    return SAYS("azure-quota.elsewhere", region=name, left=left)


def _is_open(decision: InfrastructureDecision, region: RegionFacts) -> bool:
    if region.sizes is None:
        return True
    offers = [region.size(name) for name in _names(decision)]
    return all(offer is not None and not offer.is_closed for offer in offers)


def _headroom(s: Subject) -> Verdict:
    worker = size(s.decision.worker_instance_type)
    if worker is None:
        return None
    tight = [(row, need, left) for row, need, left in _rows(s) if need and need <= left < need + worker.vcpu]
    if not tight:
        return None
    row, need, left = tight[0]
    region = s.platform.azure.region(s.decision.region)
    quota = region.quota(row)
    return SAYS.pair(
        "azure-headroom", left=left, need=need, row=quota.name if quota else row, region=region.region, more=worker.vcpu
    )


def _rows(s: Subject) -> Iterator[tuple[str, int, int]]:
    """Row, what is needed beyond what the workspace has already, and what is left, of every row with a limit."""
    facts = s.platform.azure
    standing = s.among.standing(s.decision.identity)
    # What of a workspace of ours runs just now is not known here: an offer for one is not held against its own use.
    if standing is None and s.decision.workspace_name.casefold() in facts.ours:
        return
    has = needs(standing, facts) if standing is not None else {}
    for (region, row), need in needs(s.decision, facts).items():
        quota = facts.region(region).quota(row)
        if quota is not None and quota.left is not None:
            yield row, max(need - has.get((region, row), 0), 0), _left(facts, region, row)


def _left(facts: AzureFacts, region: str, row: str) -> int:
    """What is left beside what the others of the plan take; 0 where it is not known."""
    quota = facts.region(region).quota(row)
    if quota is None:
        return 0
    if quota.left is None:
        return _NO_LIMIT
    return max(quota.left - facts.reserved.get((region, row), 0), 0)


_NO_LIMIT = 10**9

RULES: tuple[Rule, ...] = (
    Rule("azure-size", "deny", _size_offered),
    Rule("azure-quota", "deny", _quota),
    Rule("azure-zones", "warn", _zones),
    Rule("azure-headroom", "warn", _headroom),
)
