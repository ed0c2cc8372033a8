"""Decision in, bill out: the one estimator.

Pure arithmetic over the price tables. A missing price stays missing: its line says so and every total becomes a
lower bound. Amounts are before tax and discounts.
"""

from plugins.estimate.bill import estimate, total
from plugins.estimate.limit import Excess, limit_excess

__all__ = ["Excess", "estimate", "limit_excess", "total"]
