"""Teams that something is drafted for, where several are: their names stand for what is in hand."""

import re
from collections.abc import Collection, Iterator

from plugins.parse.fields.kind import workload_words
from plugins.parse.fields.team.words import PLAINLY
from plugins.parse.page import Mention, Page
from plugins.parse.sparing import spared
from plugins.parse.words import plain_words

DRAFTED = "drafted"
"""Kind of such a mention."""

_MOST = 40
_GROUP = r"(?:\s(?:team|squad|one|workspace))?"


def drafted(page: Page, names: Collection[str]) -> None:
    """Adds these names where they stand, as they are spelled or with blanks; what is said to stay is masked."""
    found = list(_drafted(page, names))
    page.add(mention for mention in found if spared(page.layout.text, mention.start, mention.end) != "kept")
    page.mask((mention.start, mention.end) for mention in found)


def _drafted(page: Page, names: Collection[str]) -> Iterator[Mention]:
    works = {page.tokens[hit.first].start for hit in page.hits(workload_words())}
    for name in sorted(names, key=len, reverse=True)[:_MOST]:
        if name in plain_words():
            continue
        spelled = re.escape(name).replace(r"\-", "[ _-]")
        for match in re.finditer(rf"(?<![\w@.-])(?P<name>{spelled})(?![\w@-]|\.\w){_GROUP}", page.text, re.IGNORECASE):
            if match.start() not in works and page.is_free(*match.span("name")):
                yield Mention("team", name, *match.span("name"), PLAINLY, kind=DRAFTED)
