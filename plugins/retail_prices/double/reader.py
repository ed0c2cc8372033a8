"""The double's sheet read without a wire: what a price list comes to, for whoever needs no server."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from plugins.domain.live_prices import PriceList
from plugins.retail_prices.double.sheet import PriceSheet
from plugins.retail_prices.failed import PriceListFailed
from plugins.retail_prices.meters import Figures
from plugins.retail_prices.sentences import SAYS


@dataclass
class SheetReader:
    """Reads as the client does. With `is_away` there is nobody to ask; `asked` are region and currency of each."""

    sheet: PriceSheet = field(default_factory=PriceSheet)
    is_away: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    async def read(
        self, region: str, currency: str, sizes: Sequence[str], *, now: datetime, seconds: float
    ) -> PriceList:
        """Raises PriceListFailed where nobody is there."""
        del seconds
        self.asked.append((region, currency))
        if self.is_away:
            problem = SAYS("problem.unreachable")
            raise SAYS.error(PriceListFailed, "failed", region=region, currency=currency, problem=problem)
        figures = Figures(region, now, frozenset(sizes))
        figures.add(self.sheet.rows(region, currency))
        return PriceList(
            region=region,
            currency=currency,
            read_at=now,
            tried_at=now,
            figures=figures.amounts,
            doubtful=frozenset(figures.doubtful),
        )
