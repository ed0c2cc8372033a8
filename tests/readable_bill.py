"""An estimate as a finance person reads it, for golden files."""

from plugins.domain.estimate import Estimate


def bill(cost: Estimate) -> str:
    """A bill as plain text: item, quantity, unit price, month; then the spread, and where the prices come from."""
    lines = [
        f"{line.item:<42}{line.quantity:>10,.2f} {line.unit:<6}"
        f"{'unknown' if line.unit_price is None else f'{line.unit_price:f}':>10}"
        f"{'unknown' if line.monthly is None else f'{line.monthly:,.2f}':>12}"
        for line in cost.lines
    ]
    least = "at least " if cost.is_lower_bound else ""
    lines.append(f"{'a month, expected':<68}{least}{cost.expected:>12,.2f} {cost.currency}")
    lines.append(f"from {cost.low:,.2f} with the fewest workers to {cost.high:,.2f} with the most")
    lines.append(f"an hour: {cost.hourly_low:f} to {cost.hourly_high:f}")
    lines += [f"not priced: {item}" for item in cost.unpriced]
    lines += [f"{line.item}: {line.note}" for line in cost.lines if line.note]
    lines += sorted({f"{line.source} ({line.as_of})" for line in cost.lines})
    return "\n".join([*lines, *cost.notes]) + "\n"
