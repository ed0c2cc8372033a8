"""Whose words these are. What is quoted, forwarded, pasted from a chat or a ticket, or given as an example is no order
of the person who sends it: "> extend it by a week", "bob: delete dbw-x", "INC-12 extend it - resolved".

A request that is pasted as a mail or a ticket is read like any other: nothing is made of it before somebody approves.
"""

import re
from collections.abc import Iterator
from functools import cache

from plugins.parse.layout.sheet import Sheet, lines_of
from plugins.parse.page import Page
from plugins.parse.vocabulary import table

_LONGEST_LEAD = 100
"""Characters before a colon that can say whose words follow; a longer sentence is no address."""


def addresses_another(message: str) -> bool:
    """True where the message, as it was written, turns to another by a mention: "@bob please extend it"."""
    return _TO_ANOTHER.match(message) is not None


def spans_of_others(text: str) -> tuple[tuple[int, int], ...]:
    """Where words stand in this readable text that are not the person's own."""
    if _closed().search(text):
        return ((0, len(text)),)
    return (*_lines_of_others(text), *_quoted(text))


def says_by_itself(page: Page, text: str) -> str:
    """The text of the page with the words of others blanked."""
    sheet = Sheet(text)
    for start, end in spans_of_others(page.spelled.text):
        sheet.blank(start, end)
    return sheet.text


def states_for_another(page: Page) -> bool:
    """True where a value stands among the words of others: '"4 workers"'."""
    spans = spans_of_others(page.spelled.text)
    return any(start <= mention.start < end for mention in page.mentions for start, end in spans)


def _lines_of_others(text: str) -> Iterator[tuple[int, int]]:
    for at, line in lines_of(text):
        if _OTHERS_FROM_HERE.match(line):
            yield at, len(text)
            return
        if _said_by().search(line) and not _QUOTES_NEXT.match(text, at + len(line)):
            yield at + len(line), len(text)
            return
        if _OTHERS_LINE.match(line):
            yield at, at + len(line)
        elif (lead := _lead_of_others(line)) is not None:
            # What a line of its own leads to stands below it.
            goes_on = not line[lead:].strip() and not _QUOTES_NEXT.match(text, at + len(line))
            yield at + lead, len(text) if goes_on else at + len(line)
            if goes_on:
                return


_TO_ANOTHER = re.compile(
    r"\W{0,4}(?:(?:hi|hey|hello|dear|ok|okay|please)\W{1,3})?(?<![\w.])@(?!brickie)(?!U[A-Z0-9]{6,})[A-Za-z]",
    re.IGNORECASE,
)
_OTHERS_FROM_HERE = re.compile(
    r"[ \t]*(?:from|von|de|fwd?|wg|tr|rv)[ \t]*:|-{2,}[ \t]*(?:forwarded|original|weitergeleitete|urspr\w{1,20})\b"
    r"|[ \t]*\[?\(?\d{1,2}:\d{2}(?::\d{2})?[ ]?(?:[ap]\.?m\.?)?\]?\)?[ \t]+(?:\w{1,30}[ \t]*){1,3}$"
    r"|[ \t]*(?:[\w.]{1,30},?[ \t]+){1,3}(?:[|-][ \t]*)?[\[(]?\d{1,2}:\d{2}(?::\d{2})?[ ]?"
    r"(?:[ap]\.?m\.?)?[\])]?[ \t]*$",
    re.IGNORECASE,
)
_OTHERS_LINE = re.compile(
    r"[ \t]*(?:>|(?i:subject|betreff|objet|asunto|re|aw)[ \t]*:|\[?[A-Z]{2,10}-\d{1,7}\b|#\d{2,8}\s)"
)
_QUOTES_NEXT = re.compile(r"\s{0,9}>")
"""Quote marks tell themselves where another's words end."""
_COLON = re.compile(r"(?<!\d):(?![/\\()])|(?<=\d):(?=\s)")
_NAME_AND_DASH = re.compile(r"[ \t]{0,9}(?P<name>[A-Za-z]{2,30}) (?:-{1,2}|\|) ")
_BREAKS = re.compile(r"[.!?;:](?=\s)")
_EXAMPLE = re.compile(r"\b(?:e\.g\.|eg|for (?:example|instance))(?!\w)", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"\n]{2,600}\"|(?<!\w)'[^'\n]{2,600}'(?!\w)|`[^`\n]{2,600}`")
_WORD = re.compile(r"[\w'@.-]*\w")


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    """Quotations of more than a word, which may be a name, and examples to the end of their line."""
    for match in _QUOTED.finditer(text):
        if " " in match[0][1:-1].strip():
            yield match.span()
    for match in _EXAMPLE.finditer(text):
        end = text.find("\n", match.end())
        yield match.start(), len(text) if end < 0 else end
        if end < 0:
            return


def _lead_of_others(line: str) -> int | None:
    """Where what another said begins in this line: behind the first colon that no words of the person's own lead to."""
    dash = _NAME_AND_DASH.match(line)
    if dash and not _is_own(dash["name"]):
        return dash.end()
    for colon in _COLON.finditer(line):
        before = line[max(0, colon.start() - _LONGEST_LEAD) : colon.start()]
        *_, lead = _BREAKS.split(before)
        if len(lead) >= _LONGEST_LEAD or not _is_own(lead):
            return colon.end()
    return None


def _is_own(lead: str) -> bool:
    words = [match[0].lower() for match in _WORD.finditer(lead)]
    if not words or words[-1] in _WORKSPACES or " ".join(words) in _keys():
        return True
    if (words[0] in ("for", "of") and words[1:2] == ["team"]) or _states_why(lead):
        return True
    return all(word in _own() or "-" in word or word[-1].isdigit() for word in words)


def _states_why(lead: str) -> bool:
    """True where it tells a reason of the person's own: "the project is over: delete it", "dbw-x failed: …"."""
    return _REASON.search(lead) is not None and _telling().search(lead) is None


_REASON = re.compile(
    r"\b(?:is|are|was|were|has|have|had|isn't|aren't|costs?|needs)\s\S|\w\s(?:failed|ended|died|broke)\W{0,3}$",
    re.IGNORECASE,
)


@cache
def _telling() -> re.Pattern[str]:
    """Words of what was said or written, by whomever."""
    words = "|".join(table("whose")["telling"])
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_WORKSPACES = frozenset({"workspace", "workspaces", "ws"})


@cache
def _own() -> frozenset[str]:
    return frozenset(table("whose")["own"].split())


@cache
def _keys() -> frozenset[str]:
    """What a form calls what can be changed of a workspace; "usage" and "who" lead to other things as well."""
    rows = table("keys")["fields"]
    return frozenset(key for field, keys in rows.items() if field not in ("team", "workload_type") for key in keys)


@cache
def _closed() -> re.Pattern[str]:
    states = "|".join(table("whose")["closed"])
    return re.compile(rf"\b(?:status|state|resolution)[ \t]*[:=][ \t]*(?:{states})\b", re.IGNORECASE)


@cache
def _said_by() -> re.Pattern[str]:
    verbs = "|".join(table("whose")["said"])
    return re.compile(rf"\b(?:{verbs})[ \t]?:?[ \t]*$", re.IGNORECASE)
