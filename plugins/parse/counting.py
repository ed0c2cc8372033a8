"""Which mentions of a field stand: not what is denied, of another time, of others, only asked, or taken back."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from plugins.parse.fields.team.words import PLAINLY
from plugins.parse.page import Mention, Page
from plugins.parse.vocabulary import either

KEYED = 5
"""Weight of what stands under a key: it is meant, whatever the clause around it does."""

_PASSED_ON = re.compile(r"^\W{0,3}fwd?:|\b(?:see|as|details|request|mail|message) below\b|\bforwarded\b", re.IGNORECASE)
_NUMBERS = frozenset({"cost_limit", "hours_per_week", "expires_in_days"})
_NAMED = frozenset({"team", "environment", "region", "workload_type", "node_type", "workspace_name"})
_LONGEST_QUESTION = 60
"""Characters of a question that only leaves a choice open; a longer one asks for something."""

_UNDECIDED = re.compile(
    r"""\b(?:
        (?:don't|can't|cannot|didn't|do\ not|couldn't)\ (?:yet\ )?(?:agree|decide)
        |disagree\w*|undecided
        |still\ (?:discussing|arguing|fighting|debating)
        |not\ (?:yet\ )?decided|haven't\ decided|nobody\ knows
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_WAS = re.compile(r"\b(?:was|were|used to be|had been)\s$", re.IGNORECASE)
_WAS_REACH = 14
_SUPPOSES = re.compile(r"\b(?:if|suppose|imagine|say)\b", re.IGNORECASE)
_REPLACED = re.compile(
    r"\b(?:instead of|rather than|in place of|as opposed to|not|anstatt|statt|en lugar de|au lieu de)\s(?:the )?$",
    re.IGNORECASE,
)
_REPLACED_REACH = 20
_GIVEN_UP_REACH = 80
_GIVES_UP = re.compile(
    r"""(?:\b(?:change|changing|switch|move|moving|go|going|update|raise|increase|lower|reduce|relocate|shift|set|put|ändere?|setze?)
    \b[^.;!?\n]{0,60}\b(?:from|von)|\b(?:replace|swap|exchange|ersetze?|statt))\s(?:the\s)?$""",
    re.IGNORECASE | re.VERBOSE,
)
_FOR_IT = re.compile(r"\s(?:up |down |over )?(?:to|with|by|for|into|auf|nach|durch)\s(?:the )?(?:a )?", re.IGNORECASE)
_TALKED_WITH = re.compile(
    rf"""\b(?:
        (?:{either("clauses", "talks")})\s(?:with|from|by|at|of)
        |(?:{either("clauses", "talked")})\s(?:it\s|this\s)?(?:with|to|by)
        |{either("clauses", "spoken_of")}
    )\s(?:all\s)?(?:the\s|our\s|your\s)?(?:team\s)?$""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words before a team that is only spoken of: whom something was talked over with."""
_TALKED_REACH = 48
_WANTS = re.compile(
    r"(?:\steam)?,?\s(?:(?:also|now|really|still)\s)?(?:wants?|needs?|requires?|would like|asks for)\b", re.IGNORECASE
)
_WONDERS = re.compile(
    rf"\W*(?:(?:{either('clauses', 'asides')})\W{{1,3}}){{0,2}}(?:{either('clauses', 'wonders')})\b", re.IGNORECASE
)
_PERSONAL = frozenset({"team", "owner"})
"""Who is named is meant, also in words of what others have: "the prod one belongs to jane@contoso.com"."""
FLAGS = frozenset({"enable_gpu", "spot", "photon"})
_MAIN = ("team", "environment", "workload_type")


def counted_of(page: Page, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """The mentions that stand, in order; empty where all are denied or taken back."""
    if not mentions:
        return mentions
    # The order binds: what an older message says and what is replaced or denied is out before it is asked what is left,
    # else a denied value would pass for the only one.
    wanted = [mention for mention in not_replaced(page, latest(page, mentions)) if not _is_denied(page, mention)]
    wanted = [mention for mention in wanted if not _is_talked_with(page, mention)] or wanted
    current = [mention for mention in wanted if not _is_elsewhere(page, mention)]
    present = current or [mention for mention in wanted if mention.weight >= KEYED or mention.field in _PERSONAL]
    # A value inside an open question counts only where nothing else is said of the field.
    answered = [mention for mention in present if not _is_asked(page, mention)]
    standing = answered or present
    if len(standing) == 1 or _UNDECIDED.search(page.layout.text):
        return standing
    return since_correction(page, standing, _takes_back)


def not_replaced(page: Page, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Without what another value replaces, "4 instead of 2", "4-8, not 4-6", "from 300 to 500", where another one
    stands.
    """
    text = page.layout.text
    left = [m for m in mentions if not _REPLACED.search(text, max(0, m.start - _REPLACED_REACH), m.start)]
    given_up = [one for one, other in pairwise(left) if _is_given_up(text, one, other)]
    return [m for m in left if m not in given_up] or left or mentions


def _is_given_up(text: str, one: Mention, other: Mention) -> bool:
    """True for the first of "from East US to West Europe", "replace dev with staging"."""
    before = max(0, one.start - _GIVEN_UP_REACH)
    return (
        _FOR_IT.fullmatch(text, one.end, other.start) is not None
        and _GIVES_UP.search(text, before, one.start) is not None
    )


def latest(page: Page, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """The mentions of the latest message that speaks of the field; older ones are overridden."""
    if mentions and mentions[0].field == "team" and _PASSED_ON.search(page.layout.text):
        # "Fwd: can you do this one for Petra?": the team is the one that the message below names plainly.
        mentions = [mention for mention in mentions if mention.weight >= PLAINLY] or mentions
    depths = [page.depth(mention.start) for mention in mentions if mention.value is not None or mention.candidates]
    newest = min(depths, default=0)
    return [mention for mention in mentions if page.depth(mention.start) <= newest]


def since_correction(
    page: Page, mentions: Sequence[Mention], takes_back: Callable[[Page, Mention, Mention], bool]
) -> Sequence[Mention]:
    """The mentions from the last one on that takes back the one before it."""
    for at in range(len(mentions) - 1, 0, -1):
        if takes_back(page, mentions[at - 1], mentions[at]):
            return mentions[at:]
    return mentions


def is_corrected(page: Page, earlier: Mention, later: Mention) -> bool:
    """True where the later mention says another value and words between take back the earlier one."""
    return earlier.value != later.value and page.clauses.are_corrected(earlier.end, later.start)


def _takes_back(page: Page, earlier: Mention, later: Mention) -> bool:
    return is_corrected(page, earlier, later) and not page.clauses.are_alternatives(earlier.end, later.start)


def _is_denied(page: Page, mention: Mention) -> bool:
    if mention.field in _NAMED and page.clauses.is_denied_after(mention.end):
        return True
    # A denial in the clause is mostly of something else than its numbers: only the very word before denies one.
    if mention.field in _NUMBERS:
        return page.clauses.is_denied_itself(mention.start) or is_set_by_nobody(page, mention)
    return page.clauses.is_denied(mention.start)


def is_set_by_nobody(page: Page, mention: Mention) -> bool:
    """True for "don't set the budget to 500"; "don't go over 500" limits."""
    start = max(0, mention.start - _REFUSED_REACH)
    refused = [*_REFUSES_TO_SET.finditer(page.layout.text, start, mention.start)]
    return bool(refused) and _TO_WHAT.fullmatch(page.layout.text, refused[-1].end(), mention.start) is not None


def refuses_to_set(text: str) -> bool:
    """True where a value is named that is not to be set."""
    return _REFUSES_TO_SET.search(text) is not None


_REFUSED_REACH = 60
_REFUSES_TO_SET = re.compile(
    r"""(?:\bdo\snot|\bdon'?t|\bnever|\bnot\sto|\bno\sneed\sto)\s(?:please\s)?
    (?:set|change|put|raise|increase|lower|reduce|bump|cut|update|move|switch)\b[^,.:;!?\n]{0,40}?\s(?:to|at)\s""",
    re.IGNORECASE | re.VERBOSE,
)
_TO_WHAT = re.compile(r"(?:a\s|the\s|[$€£])?", re.IGNORECASE)


def is_wondered(page: Page, mention: Mention) -> bool:
    """True in a sentence that only asks, beside others that say what is wanted: "And does Photon come by default?"."""
    start, end = page.clauses.sentence(mention.start)
    if not page.layout.text[start:end].rstrip().endswith("?") or not _WONDERS.match(page.layout.text, start, end):
        return False
    return sum(page.is_said_outside(name, start, end) for name in _MAIN) > 1


def _is_talked_with(page: Page, mention: Mention) -> bool:
    """True for a team that is only spoken of: "following the call with the Security team". Whoever wants is none."""
    if _WANTS.match(page.layout.text, mention.end):
        return False
    start = max(0, mention.start - _TALKED_REACH)
    return mention.field == "team" and _TALKED_WITH.search(page.layout.text, start, mention.start) is not None


def _is_elsewhere(page: Page, mention: Mention) -> bool:
    if page.clauses.is_elsewhere(mention.start):
        return True
    if _WAS.search(page.layout.text, max(0, mention.start - _WAS_REACH), mention.start) is None:
        return False
    # "What if it was prod?" speaks of no past.
    start, _ = page.clauses.sentence(mention.start)
    return _SUPPOSES.search(page.layout.text, start, mention.start) is None


def _is_asked(page: Page, mention: Mention) -> bool:
    """True in a sentence that leaves a choice open and ends in a question mark: "dev or prod?"."""
    start, end = page.clauses.sentence(mention.start)
    if end - start >= _LONGEST_QUESTION:
        return False
    text = page.layout.text[start:end]
    return text.rstrip().endswith("?") and " or " in text
