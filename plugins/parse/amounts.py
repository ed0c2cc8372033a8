"""What mentions of numbers come to: workers, a cost limit, hours and days."""

import re
from collections.abc import Sequence
from decimal import Decimal

from plugins.parse.counting import KEYED, counted_of, is_set_by_nobody, not_replaced
from plugins.parse.notes import RequestNotes
from plugins.parse.page import Mention, Page

_LIMITING = 3
"""Weight from which on a count of workers limits; a plainer one yields to limits."""

_COUNTED = 2
"""Weight from which on workers beside a single node contradict it."""

_ONE_PHRASE = 60
"""Characters within which several mentions are quoted as one phrase."""

_SINGLE_NODE = [0, 0]
_NO_LIMIT = re.compile(
    r"""\b(?:no|without\ (?:a\ |any\ )?|there\ is\ no|there's\ no)
    \ (?:cost\ |budget\ |spending\ |monthly\ )?(?:cap|limit|budget|ceiling)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_END = re.compile(
    r"""\bno\ (?:expiry|end\ date|expiration|end)\b
    |\b(?:keep|make)\ it\ (?:forever|permanent\w*|for\ good|indefinitely)\b
    |\bpermanently?\b(?!\ on)""",
    re.IGNORECASE | re.VERBOSE,
)


def note_workers(page: Page, notes: RequestNotes, _name: str, mentions: Sequence[Mention]) -> None:
    """The fewest and the most workers; what crosses or contradicts is a doubt."""
    counted = _kept_workers(page, mentions)
    if not counted:
        return
    low, high = _limits_of(counted)
    single = next((m for m in counted if m.value == _SINGLE_NODE), None)
    several = next((m for m in counted if m.value != _SINGLE_NODE and m.weight >= _COUNTED), None)
    if single and several:
        quote = f"{page.quote(single.start, single.end)}, {page.quote(several.start, several.end)}"
        notes.doubt("min_workers", "contradiction", quote)
        return
    if low is not None and high is not None and low > high:
        notes.doubt("min_workers", "crossing", f"at least {low}, at most {high}")
        return
    end = counted[-1].end if counted[-1].end - counted[0].start < _ONE_PHRASE else counted[0].end
    for name, value in (("min_workers", low), ("max_workers", high)):
        if value is not None:
            notes.say(name, value, page.quote(counted[0].start, end))


def _kept_workers(page: Page, mentions: Sequence[Mention]) -> list[Mention]:
    present = [m for m in mentions if m.weight >= KEYED or not page.clauses.is_elsewhere(m.start)]
    present = [m for m in present if not is_set_by_nobody(page, m)]
    present = not_replaced(page, present)
    newest = {side: min((page.depth(m.start) for m in present if side <= _sides(m)), default=0) for side in _SIDES}
    counted = [m for m in present if page.depth(m.start) <= newest[_sides(m)]]
    # In the order in which it was said, whatever message it stands in: a correction takes back what came before it.
    counted.sort(key=lambda m: (-page.depth(m.start), m.start))
    for at in range(len(counted) - 1, 0, -1):
        shared = _sides(counted[at]) & _sides(counted[at - 1])
        if shared and page.clauses.are_corrected(counted[at - 1].end, counted[at].start):
            return [m for m in counted[:at] if not _sides(m) & _sides(counted[at])] + counted[at:]
    return counted


def _limits_of(counted: Sequence[Mention]) -> tuple[int | None, int | None]:
    """The limits said last; a plain count where no limit is said."""
    low: int | None = None
    high: int | None = None
    exact: list[int | None] = []
    for mention in counted:
        first, second = _bounds(mention)
        if first is not None and first == second and mention.weight < _LIMITING:
            exact.append(first)
            continue
        low = first if first is not None else low
        high = second if second is not None else high
    if low is None and high is None and exact:
        return exact[0], exact[0]
    return low, high


def _bounds(mention: Mention) -> tuple[int | None, int | None]:
    low, high = _pair(mention)
    return (low if isinstance(low, int) else None), (high if isinstance(high, int) else None)


def _pair(mention: Mention) -> tuple[object, object]:
    match mention.value:
        case [first, second]:
            return first, second
        case _:
            raise TypeError(f"a mention of {mention.field} holds two values, not {mention.value!r}")


def _sides(mention: Mention) -> frozenset[str]:
    low, high = _bounds(mention)
    return frozenset(name for name, value in (("low", low), ("high", high)) if value is not None)


_SIDES = (frozenset[str](), frozenset({"low"}), frozenset({"high"}), frozenset({"low", "high"}))


def note_limit(page: Page, notes: RequestNotes, name: str, mentions: Sequence[Mention]) -> None:
    """The cost limit and its currency; several amounts or currencies are a doubt."""
    counted = _not_lifted(page, counted_of(page, mentions), _NO_LIMIT)
    if not counted:
        return
    limits = list(dict.fromkeys((str(value), str(currency or "")) for value, currency in map(_pair, counted)))
    currencies = [currency for _, currency in limits if currency]
    quote = f"{page.quote(counted[0].start, counted[0].end)}, {page.quote(counted[-1].start, counted[-1].end)}"
    if len(limits) > 1 and len(set(currencies)) > 1:
        notes.doubt(name, "contradiction", quote)
    elif len({Decimal(value) for value, _ in limits}) > 1:
        notes.doubt(name, "several", quote, (value for value, _ in limits))
    else:
        source = page.quote(counted[0].start, counted[0].end)
        notes.say(name, Decimal(limits[0][0]), source)
        if currencies:
            notes.say("currency", currencies[0], source)


def note_number(page: Page, notes: RequestNotes, name: str, mentions: Sequence[Mention]) -> None:
    """Hours a week or days until the end; of several ends the plainest stands, several hours are a doubt."""
    counted = counted_of(page, mentions)
    if name == "expires_in_days":
        counted = _not_lifted(page, counted, _NO_END)
    counted = [m for m in counted if m.weight >= KEYED] or counted
    if wrong := next((m for m in counted if m.kind == "invalid"), None):
        notes.doubt(name, "invalid", page.quote(wrong.start, wrong.end))
        return
    values = list(dict.fromkeys(m.value for m in counted if isinstance(m.value, int | float)))
    if len(values) == 1:
        notes.say(name, values[0], page.quote(counted[0].start, counted[0].end))
    elif len(values) > 1 and name == "hours_per_week":
        notes.doubt(name, "contradiction", " and ".join(page.quote(m.start, m.end) for m in counted))
    elif values:
        best = max(counted, key=lambda m: (m.weight, m.start))
        notes.say(name, best.value, page.quote(best.start, best.end))


def _not_lifted(page: Page, mentions: Sequence[Mention], lifting: re.Pattern[str]) -> Sequence[Mention]:
    """The mentions behind which nothing says that there is no limit or no end; keyed ones alone where there are any."""
    if not mentions:
        return mentions
    last = max((match.start() for match in lifting.finditer(page.layout.text)), default=-1)
    standing = [m for m in mentions if last < m.end]
    return [m for m in standing if m.weight >= KEYED] or standing
