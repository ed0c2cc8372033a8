"""Values that stand side by side, as a list does: "dev, staging and prod", "dev/staging/prod"."""

import re
from collections.abc import Sequence

from plugins.parse.cuts import Cuts
from plugins.parse.page import Mention
from plugins.parse.said_of_one import JOINED

_LONGEST_JOINT = 60
_LISTED = re.compile(
    r"""^[\s"'(]*(?:
        ,|&|\+|/|\s|["')]
        |\b(?:and|plus|as\ well\ as|also|then|finally|und|y|et)\b
        |\b(?:an?|one|1x?|another|for|in|the|to|eine?n?)\b|(?<!\S)-(?=\s)|^-(?=\s)
        |\b(?:team|workspaces?|ws|env(?:ironment)?s?|databricks|dbx)\b
    )+$""",
    re.IGNORECASE | re.VERBOSE,
)
"""All that may stand between the values of a list."""
_ONE_EACH = re.compile(r"\b(?:one|1x?|another)\b", re.IGNORECASE)
"""What counts each value of a list that has no commas: "one dev one prod"."""
_GOES_ON = re.compile(
    r"\s(?:can|may|should|must|needs?|gets?|has|is|uses?|runs?|with|without|stays?|expires?|will|takes?|never|reicht|bekommt"
    r"|braucht|mit|ohne)\b",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"^\s?/\s?$")
_THREE_SLASHED = re.compile(r"\w\s?/\s?(?:staging|test|testing|uat|qa|stage|preprod)\s?/\s?\w", re.IGNORECASE)
_LATER = re.compile(r"\b(?:later|eventually|someday|some day|at some point|maybe|next)\b", re.IGNORECASE)


def runs_of(cuts: Cuts, mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Mentions grouped where nothing but commas and "and" stands between them."""
    runs: list[list[Mention]] = []
    for mention in mentions:
        if runs and runs[-1][-1].value != mention.value and _are_listed(cuts, runs[-1][-1], mention):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    return runs


def _are_listed(cuts: Cuts, one: Mention, other: Mention) -> bool:
    if other.start - one.end >= _LONGEST_JOINT:
        return False
    between = cuts.text[one.end : other.start]
    if not between.strip():  # "three workspaces: dev staging and prod"
        return cuts.is_plural
    if between.strip() == "," and cuts.is_upon(one.start) and _GOES_ON.match(cuts.text, other.end):
        return False  # "private link in prod, dev can be public"
    if _LISTED.match(between) and (JOINED.search(between) or _ONE_EACH.search(between)):
        return True
    if _SLASHED.match(between) is None:
        return False
    start = cuts.clause_start(one.start)
    is_three = _THREE_SLASHED.search(cuts.text) is not None and _LATER.search(cuts.text, start, one.start) is None
    return cuts.is_plural or is_three
