"""What is said of one of several that are told apart: right before it, of it alone, or of all behind it."""

import re
from collections.abc import Sequence

from plugins.parse.cuts import Anchors, Cuts
from plugins.parse.fields.ellipsis import REFUSED
from plugins.parse.page import Mention, Page
from plugins.parse.pieces import Piece, Span

VALUES = frozenset(
    {"cost_limit", "workers", "hours_per_week", "node_type", "enable_gpu", "spot", "photon", "network", "owner"}
)
"""Fields whose values people say before what they are of: "4 workers in dev"."""

JOINED = re.compile(r",|\band\b|&|\+|\bplus\b|\bas well as\b|\bund\b|\by\b|\bet\b", re.IGNORECASE)


def refused_of(page: Page, mention: Mention) -> Mention | None:
    """What is refused of this one alone: the "not" of "photon in prod, not in dev"."""
    before = page.within(max(0, mention.start - _REFUSED_REACH), mention.start)
    return next((m for m in before if m.kind == REFUSED and mention.start <= m.end + _UPON_MOST), None)


_REFUSED_REACH = 40
_UPON_MOST = len(" for the ")


def environment_before(page: Page, team: Mention) -> Mention | None:
    led = _LED_BY.search(page.layout.text, max(0, team.start - _LED_REACH), team.start)
    if led is None:
        return None
    before = page.within(max(0, led.start() - _LED_REACH), led.start())
    return next((m for m in before if m.field == "environment" and m.end == led.start() and m.value), None)


_LED_REACH = 40
_LED_BY = re.compile(
    r"\s(?:one\s|workspace\s|databricks\s|env(?:ironment)?\s){0,2}for\s(?:the\s|our\s)?(?:team\s)?$", re.IGNORECASE
)


def settle_environments(page: Page, pieces: dict[str, Piece], teams: Sequence[Mention]) -> None:
    """To each team the environment right before it: "a poc for the oak team and a production workspace for elm"."""
    led = {str(team.value): stage.value for team in teams if (stage := environment_before(page, team)) is not None}
    if len(led) == len(pieces):
        for value, piece in pieces.items():
            piece.settled.setdefault("environment", led[value])


def led_to(cuts: Cuts, run: Sequence[Mention], anchors: Anchors, *, are_close: bool) -> Span | None:
    """Where what is said before the values of a run is of them: "5 workers in prod"; where amounts `are_close`, also
    "400 dev, 2500 prod".
    """
    first, last = run[0], run[-1]
    start = max(cuts.clause_start(first.start), anchors.end_before(first.start, 0))
    said = [mention.end for mention in cuts.page.within(start, first.start) if mention.field in VALUES]
    if not said or JOINED.search(cuts.text, max(said), first.start):
        return None
    is_close = are_close and first.start - max(said) <= _CLOSE
    return (start, last.end) if is_close or cuts.is_upon(first.start) else None


def are_close(cuts: Cuts, anchors: Anchors) -> bool:
    """True where an amount stands right before two values at least; one alone counts workspaces: "4 dev"."""
    return sum(_is_right_behind(cuts, anchor) for anchor in anchors.mentions) > 1


_CLOSE = 2
"""Characters between an amount, with its sign, and what it is of."""


def _is_right_behind(cuts: Cuts, anchor: Mention) -> bool:
    before = cuts.page.within(max(0, anchor.start - _AMOUNT_REACH), anchor.start)
    return any(m.field in VALUES and 0 <= anchor.start - m.end <= _CLOSE for m in before)


_AMOUNT_REACH = 24


def is_before_all(cuts: Cuts, mention: Mention, anchors: Anchors) -> bool:
    """True for the last of "one for oak and one for elm: dev, etl", behind which it is said what is so of all."""
    *others, last = anchors.mentions
    is_last = bool(others) and mention is last and _COLON.match(cuts.text, mention.end) is not None
    return is_last and not any(_COLON.match(cuts.text, other.end) for other in others)


_COLON = re.compile(r"(?:\s(?:team|workspace|one|squad))?\s?:")


def stand_behind(cuts: Cuts, anchors: Anchors) -> bool:
    """True where each value closes its piece: "$200 on a dev workspace and $1500 on a production one"."""
    mentions = anchors.mentions
    if len(mentions) <= 1 or not all(cuts.is_upon(mention.start) for mention in mentions):
        return False
    first, last = mentions[0], mentions[-1]
    end = cuts.sentence_end(last.end)
    if cuts.speaks(last.end, len(cuts.text) if end is None else end, VALUES):
        return False
    return cuts.speaks(cuts.clause_start(first.start), first.start, VALUES)


def share_with_others(cuts: Cuts, pieces: dict[str, Piece], anchors: Anchors) -> None:
    """What is said of "the others" belongs to all but the one that was named last."""
    matches = OTHERS.finditer(cuts.text)
    for match, _ in zip(matches, range(MOST_OTHERS), strict=False):
        named = anchors.last_before(match.start())
        if named is None:
            continue
        end = cuts.sentence_end(match.end())
        start, stop = match.start(), len(cuts.text) if end is None else end
        for value, piece in pieces.items():
            piece.spans = [(a, min(b, start) if a < start else b) for a, b in piece.spans]
            if value != str(named.value):
                piece.spans.append((start, stop))


OTHERS = re.compile(
    r"""\b(?:the\ others?|the\ other\ ones?|the\ other\ (?:two|[2-4])
    |the\ rest(?!\ (?:is|are|stays?)\ (?:identical|the\ same|alike|equal))|the\ remaining|elsewhere|others
    |(?:die|den|alle)\ (?:anderen?|übrigen)|der\ rest)\b""",
    re.IGNORECASE | re.VERBOSE,
)
MOST_OTHERS = 8
"""Times that "the others" is looked at, so that repeating it stays linear."""
