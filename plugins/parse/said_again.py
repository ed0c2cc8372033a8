"""Teams that are listed first and spoken of one by one later: "for Trains and Buses … Trains 6 workers, Buses 3"."""

import re
from collections.abc import Iterable, Sequence

from plugins.parse.cuts import Cuts
from plugins.parse.numbers import in_figures
from plugins.parse.pieces import Piece, Span
from plugins.parse.said_of_one import MOST_OTHERS, OTHERS
from plugins.parse.spans import Spans

_MOST = 40
"""Times that names are looked at again, so that repeating them stays linear."""

_OPENS = re.compile(
    r"(?:^|[,;:.\n(•-]\s{0,3}|\b(?:and|but|while|whereas|for|plus|then|except|only)\s(?:team\s|the\s)?)$", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"(?:\s(?:team|squad))?(?:'s)?(?:,\s(?:they|it|who|which)\s(?:get|need|want|has|have)|\s?[:=(]|\s(?:-\s?)?(?:\d|(?:"
    r"needs?|gets?|wants?|with|without|has|have|should|must|can|is|up to|max\w*|min\w*|at|from|uses?|takes?|runs?|will"
    r"|would|no|only|just|in|as|on)\b))",
    re.IGNORECASE,
)
_UPON = re.compile(r"\b(?:for|on|of)\s(?:team\s|the\s)?$", re.IGNORECASE)
_CLOSES = re.compile(
    r"(?:\s(?:team|squad))?(?:\sonly)?(?:\W{0,3}$|\s?[,;.)\n]|\s(?:and|but|plus|please)\b)", re.IGNORECASE
)
_OPENS_REACH = 14


def each_again(cuts: Cuts, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, where what is said behind a team's name that stands again is of that team alone."""
    names = tuple(dict.fromkeys(str(piece.settled["team"]) for piece in pieces if "team" in piece.settled))
    if len(names) <= 1:  # of one team everything is
        return list(pieces)
    scopes = _scopes(cuts, names)
    each: list[Piece] = []
    for piece in pieces:
        own = [span for name, span in scopes if name == piece.settled.get("team")]
        spans = without(piece.spans, [span for _, span in scopes])
        each.append(Piece(piece.settled, [*spans, *own]) if scopes else piece)
    return each


def _scopes(cuts: Cuts, names: Sequence[str]) -> list[tuple[str, Span]]:
    """Where a name stands again and something is said of it, up to the next name or the sentence's end."""
    written = {in_figures(name.replace("-", " ")): name for name in names}
    any_name = "|".join(re.escape(name).replace(r"\ ", "[ _-]") for name in sorted(written, key=len, reverse=True))
    told = Spans(_told(cuts))
    found: list[tuple[str, int]] = []
    scopes: list[tuple[str, Span]] = []
    last = 0
    matches = re.finditer(rf"(?<![\w-])(?:{any_name})(?![\w-])", cuts.text, re.IGNORECASE)
    for match, _ in zip(matches, range(_MOST), strict=False):
        name, before = written[re.sub(r"[_-]", " ", match[0].lower())], max(0, match.start() - _OPENS_REACH)
        lead, start = cuts.text[before : match.start()], max(last, cuts.clause_start(match.start()))
        if match.start() in told:
            last = match.end()
        elif (
            _UPON.search(lead)
            and _CLOSES.match(cuts.text, match.end())
            and cuts.says_more("team", start, match.start())
        ):
            scopes.append((name, (start, match.end())))  # "2 workers for oak and 6 for elm"
            last = match.end()
        elif _OPENS.search(lead) and _GOES_ON.match(cuts.text, match.end()):
            found.append((name, match.end()))
    for number, (name, start) in enumerate(found):
        end = cuts.sentence_end(start)
        following = found[number + 1][1] if number + 1 < len(found) else len(cuts.text)
        stop = min(following, len(cuts.text) if end is None else end)
        if cuts.says_more("team", start, stop):
            scopes.append((name, (start, stop)))
    return _with_others(cuts, scopes, names)


def _with_others(cuts: Cuts, scopes: list[tuple[str, Span]], names: Sequence[str]) -> list[tuple[str, Span]]:
    """What is said of "the other two" is of all but the one that was named last before."""
    for match, _ in zip(OTHERS.finditer(cuts.text), range(MOST_OTHERS), strict=False):
        begun = [(start, name) for name, (start, _) in scopes if start < match.start()]
        if not begun:
            continue
        _, last = max(begun)
        ends = cuts.sentence_end(match.end())
        behind = (match.start(), len(cuts.text) if ends is None else ends)
        at = match.start()
        scopes = [(name, (start, min(end, at) if start < at else end)) for name, (start, end) in scopes]
        scopes += [(name, behind) for name in names if name != last]
    return scopes


def _told(cuts: Cuts) -> list[Span]:
    """Where the teams are told that get a workspace each: in their list, or one by one where there is none."""
    listed = [(mention.start, mention.end) for mention in cuts.page.mentions if mention.field == "teams"]
    return listed or [(mention.start, mention.end) for mention in cuts.page.mentions if mention.field == "team"]


def without(spans: Iterable[Span], cut: Sequence[Span]) -> list[Span]:
    """These spans without what is cut out of them."""
    left = list(spans)
    for start, end in cut:
        parted = [((a, min(b, start)), (max(a, end), b)) for a, b in left]
        left = [span for pair in parted for span in pair if span[0] < span[1]]
    return left
