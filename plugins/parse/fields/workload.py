"""The work that is done: words that stand for it, weighed by the words around."""

import re
from collections.abc import Iterator
from functools import cache

from plugins.parse.fields.kind import is_compound, workload_words
from plugins.parse.page import Mention, Page
from plugins.parse.vocabulary import table
from plugins.parse.words import Phrases

_KEYED = {"strong": 5.0, "weak": 3.4}
_WEIGHTS = {"strong": 2.0, "weak": 1.0}
_TOPIC = 0.9
"""What is taken from a word that says what the work is about or comes from: "reports on streaming"."""

_FED = 0.6
"""What is taken from "streaming" where it describes data: "streaming sources"."""

_SIDELINE = 0.5
"""What is taken from work that is done besides: "maybe some ml"."""

_MAIN = 1.5
"""What is added to work that is called the main one."""

_BEFORE, _BEHIND = 40, 16
_TOPIC_BEFORE = re.compile(
    r"""\b(?:about|on|of|over|regarding|behind|from|into|via|onto|off|against|using|top\ of)\s{1,2}
    (?:the\ |our\ |top\ of\ |all\ |these\ |raw\ |some\ |their\ )?(?:\w{1,16}\ )?$""",
    re.IGNORECASE | re.VERBOSE,
)
_MAINLY_BEFORE = re.compile(
    r"""\b(?:mainly|mostly|primarily|main|chiefly|hauptsächlich|principally|really|actually|essentially)\b
    [^.;,\n]{0,20}$""",
    re.IGNORECASE | re.VERBOSE,
)
_SIDE_BEFORE = re.compile(
    r"""\b(?:maybe|perhaps|later|also|occasionally|sometimes|plus|possibly|a\ bit\ of|some|little|side|eventually)
    \s{1,2}(?:\w{1,12}\s)?$""",
    re.IGNORECASE | re.VERBOSE,
)
_FEEDS_AFTER = re.compile(
    r"^\s{0,2}(?:data|sources?|topics?|feeds?|files?|tables?|output|results?|team)\b", re.IGNORECASE
)


def workloads(page: Page) -> None:
    """Adds mentions of `workload_type`, strong and weak."""
    page.mask((page.tokens[hit.first].start, page.tokens[hit.after - 1].end) for hit in page.hits(_about()))
    page.add(_workloads(page))


def _workloads(page: Page) -> Iterator[Mention]:
    for hit in page.hits(workload_words()):
        start, end = page.tokens[hit.first].start, page.tokens[hit.after - 1].end
        if not page.is_free(start, end):
            continue
        kind, strength = hit.value
        if page.is_under("workload_type", start):
            yield Mention("workload_type", kind, start, end, _KEYED[strength])
        elif not is_compound(page, hit):
            weight = _WEIGHTS[strength] + _weight_around(page, kind, start, end)
            yield Mention("workload_type", kind, start, end, weight)


def _weight_around(page: Page, kind: str, start: int, end: int) -> float:
    """What the words around add or take."""
    before = page.before(start, _BEFORE)
    weight = -_TOPIC if _TOPIC_BEFORE.search(before) else 0.0
    if kind == "streaming" and _FEEDS_AFTER.match(page.after(end, _BEHIND)):
        weight -= _FED
    if _MAINLY_BEFORE.search(before):
        weight += _MAIN
    if _SIDE_BEFORE.search(before):
        weight -= _SIDELINE
    return weight


@cache
def _about() -> Phrases:
    """Phrases that hold a workload's word and speak of no work."""
    return Phrases((phrase, (phrase,)) for phrase in table("workloads")["about"]["phrases"])
