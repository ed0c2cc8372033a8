"""What every plan stands on: today's price tables, and the house's policy and rates."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from plugins import catalogue
from plugins.domain.estimate import Estimate
from plugins.domain.plan import PlanItem
from plugins.domain.platform_settings import PlatformSettings
from plugins.estimate import estimate


def pricing_policy_digest_of(platform: PlatformSettings) -> str:
    """64 hex digits over them: a plan that was made on others is void."""
    hashed = hashlib.sha256()
    for table in sorted(Path(catalogue.__file__).parent.glob("*.csv")):
        hashed.update(table.read_bytes())
    for section in (platform.policy, platform.pricing):
        hashed.update(section.model_dump_json().encode())
    return hashed.hexdigest()


@dataclass(frozen=True)
class FigureChange:
    """A price that is another now than on the plan: of what, from what to what; None for a price that is not known."""

    item: str
    unit: str
    before: Decimal | None
    now: Decimal | None
    currency: str


def changed_figure(items: Iterable[PlanItem], platform: PlatformSettings) -> FigureChange | None:
    """The first figure of these that the live prices have otherwise by now; None where all hold. A destroy costs
    nothing, and a spot price, which is shown and not counted, may move.
    """
    if not platform.live.wanted:
        return None
    changes = (
        change
        for item in items
        if item.action != "destroy"
        for change in _changes(item.cost, estimate(item.decision, platform))
    )
    return next(changes, None)


def _changes(shown: Estimate, today: Estimate) -> Iterator[FigureChange]:
    if shown.currency != today.currency:
        yield FigureChange(shown.lines[0].item, shown.lines[0].unit, None, None, today.currency)
    for before, now in zip(shown.lines, today.lines, strict=False):
        if _number(before.unit_price) != _number(now.unit_price):
            yield FigureChange(now.item, now.unit, before.unit_price, now.unit_price, today.currency)


def _number(price: Decimal | None) -> float | None:
    """As the records keep it: a converted price has more digits than a JSON number, and is the same all the same."""
    return None if price is None else float(price)
