"""Teams that stand under a key of their own, and lists of teams."""

import re
from collections.abc import Iterator
from functools import cache

from plugins.parse.fields.team.slug import slugged
from plugins.parse.fields.team.vocabulary import listed_words
from plugins.parse.fields.team.words import TeamWords
from plugins.parse.layout import Pair
from plugins.parse.page import MASK, Mention, Page
from plugins.parse.words import plain_words

_KEYED_WEIGHT = 5
_REQUESTER_WEIGHT = 1.5
"""Weight of what stands under "requested for": a person as often as a team."""

_LONGEST_VALUE = 6
"""Words under a loose key beyond which the value is a sentence."""

_LOOSE_KEYS = ("for", "who", "what", "customer", "group", "team", "consumer")
_SENTENCE_OPENS = ("we", "i", "is", "need", "needs", "are", "they")
_END = re.compile(
    r"""
    \s\( | \s[-\u2013]\s | \s{3,} | \t | \n | \? | ; | \|   # marks that set a remark apart
    | (?<=[\w)])\.\s | \.$ | ,(?=\s)                   # the sentence ends, or another clause begins
    | \band\ (?:we|it|they|i)\b
    """,
    re.VERBOSE,
)
_OPEN = re.compile(
    r"^(?:n/?a|none|tbd|tba|-+|_+|\?+|todo|not (?:yet|sure|decided)\b.*|unknown|open|pending|see below)\W*$",
    re.IGNORECASE,
)
_OR = re.compile(r"\s+or(?: maybe| perhaps)?\s+|\s+oder\s+|\s/\s", re.IGNORECASE)
_REQUESTER = re.compile(r"requested for|requester", re.IGNORECASE)
_TEAM = re.compile(r"\bteam\b", re.IGNORECASE)
_WORD = re.compile(r"\w")


def keyed(page: Page) -> None:
    """Adds the teams that stand under a key; what their words are elsewhere is masked with them."""
    page.add(mention for pair in page.pairs("team") if (mention := _under_key(page, pair)) is not None)


def _under_key(page: Page, pair: Pair) -> Mention | None:
    value = _value(page, pair)
    if not value:
        return None
    start = pair.start + page.text[pair.start : pair.end].find(value)
    end = start + len(value)
    parts = _OR.split(value)
    choices = tuple(slugged(part) for part in parts)
    if len(parts) > 1 and all(choices):
        return Mention("team", None, start, end, _KEYED_WEIGHT, choices)
    if _REQUESTER.search(pair.key) and not _TEAM.search(value):
        return Mention("team", slugged(value), start, end, _REQUESTER_WEIGHT)
    slug = slugged(page.quote(start, end))
    return Mention("team", slug, start, end, _KEYED_WEIGHT, key_start=pair.key_start) if slug else None


def _value(page: Page, pair: Pair) -> str:
    """What under the key may be a name; "" for a sentence and for a field that is left open."""
    whole = page.text[pair.start : pair.end]
    if pair.key.strip().lower() in _LOOSE_KEYS and len(whole.split()) > _LONGEST_VALUE:
        return ""
    value = _END.split(whole, maxsplit=1)[0].strip(" \"'*`.:")
    if not value or _OPEN.match(value) or MASK in value or not _WORD.search(value):
        return ""
    return "" if value.split()[0].lower() in _SENTENCE_OPENS else value


_NAME = r"[^\W_][\w&'/-]{0,30}"
_COMMA = r"\s?,\s?(?!and\b|&)"
_ALL_LISTED = r"\s?,?\s?(?:\band\b|&|\bund\b|\by\b|\bet\b)\s?"
_SEPARATOR = re.compile(r"\s?(?:,|\band\b|&|\bund\b|\by\b|\bet\b)\s?", re.IGNORECASE)


_CAPITAL = r"[A-Z][\w&'/-]{1,30}(?:\ [A-Z][\w&'/-]{1,30}){0,3}"
_CAPITALS = rf"""
    (?P<names>{_CAPITAL}(?:\s?,\s?(?!and\b){_CAPITAL}){{0,40}}(?:\s?,?\s?(?:and|&|und)\s|\s?,\s?){_CAPITAL})
    (?=\s?(?:[.,;:!?)\n]|$|\s(?:please|pls|all|each|in|with|for|on)\b))"""
_UNDER_TEAMS = re.compile(
    rf"""\b(?:(?:[Tt]eams|squads|crews|groups|departments)|(?:per|each|every)\ team)\b[^:.;\n]{{0,30}}
    (?::|\s[-\u2013])\s{{1,3}}{_CAPITALS}""",
    re.VERBOSE,
)
_FOR_EACH = re.compile(
    rf"\b(?:[Ww]orkspaces|[Ww]orkspace\ each|one\ each|ones|[Jj]e\ einen?\b[^:.;\n]{{0,30}}\ [Ww]orkspace)\b"
    rf"[^:.;\n]{{0,20}}\ (?:for|für)\ {_CAPITALS}",
    re.VERBOSE,
)
"""Lists that only their capitals tell: "workspaces for Tax, Audit and Legal"."""


@cache
def _lists() -> tuple[re.Pattern[str], ...]:
    """Lists of names: behind "teams", before it, and before "each need"."""
    more = r"(?:\ [\w&'/-]{1,30})"
    short = r"(?:\ [\w&'/-]{1,20})?"
    behind = rf"""
        \b(?:for\ |the\ )*teams[ :]{{1,2}}
        (?P<names>
            {_NAME}{more}{{0,2}}
            (?:{_COMMA}{_NAME}{more}{{0,2}}){{0,400}}
            {_ALL_LISTED}{_NAME}
            (?:\ (?!each|both|need|want|in|for|with|on|all)[\w&'/-]{{1,30}})?
        )"""
    before = rf"""
        \b(?:for\ |the\ )+
        (?P<names>
            {_NAME}{more}?
            (?:\s?,\s?(?!and\b){_NAME}{more}?){{0,40}}
            \s?,?\s?(?:\band\b|&)\s?(?:the\ )?{_NAME}{more}?
        )\ teams\b"""
    each = rf"""
        (?:^|[\n.:;]|\bfor\b)\s{{0,2}}
        (?P<names>
            {_NAME}{short}
            (?:\s?,\s?{_NAME}{short}){{1,40}}
            \s?,?\s?(?:\band\b|&)\s?{_NAME}{short}
        )\s(?:each|all)\ (?:need|want|get|require|gets|needs|have)"""
    return tuple(re.compile(pattern, re.IGNORECASE | re.VERBOSE) for pattern in (behind, before, each))


@cache
def _marked_each() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Lists whose every name is marked as a team, which several workspaces are asked for; and those whose every name
    has its article: "for the claims, the risk and the pricing team".
    """
    no_name = r"(?!(?:for|and|in|with|to|on)\b)"  # "dev for team x" is no team of that name
    name, joint = (
        rf"(?:{no_name}{_NAME}(?:\ {no_name}[\w&'/-]{{1,30}}){{0,2}})",
        r"\s?(?:,\s?(?:and\ |&\ )?|\band\b\s|&\s)(?:also\s)?",
    )
    for_, the = r"(?:for\ )?", r"(?:the|our|my)\ "
    behind = rf"(?:{the})?{name}\ team"
    before = rf"(?:{the})?team\ {_NAME}"
    one, lone = rf"(?:{behind}|{before})", rf"{the}{_NAME}"
    marked = rf"(?:\bfor|\bper\ team\b[^:;\n]{{0,40}}:|\bteams?:)\ (?P<names>{one}(?:{joint}{for_}{one}){{1,40}})\b"
    with_article = (
        rf"\bfor\ (?P<names>{lone}(?:\s?,\s?(?!and\b){for_}{lone}){{0,40}}\s?,?\s?(?:and|&)\s{for_}{lone})\ team\b"
    )
    return re.compile(marked, re.IGNORECASE), re.compile(with_article, re.IGNORECASE)


_SEVERAL = re.compile(r"\b(?:per team|workspaces|each|both|ones|two|three|four|five|environments)\b", re.IGNORECASE)


def names_listed(words: TeamWords) -> Iterator[Mention]:
    """The first list of several teams, each of which is to get a workspace."""
    page = words.page
    low = page.text.lower()
    has_teams, has_each = "teams" in low, "each" in low or "all" in low
    has_team = "team" in low and ("for " in low or "per team" in low)
    behind, before, each = _lists()
    matches = [*behind.finditer(page.text), *before.finditer(page.text)] if has_teams else []
    marked, with_article = _marked_each()
    matches += with_article.finditer(page.text) if has_team else []
    matches += marked.finditer(page.text) if has_team and _SEVERAL.search(page.text) else []
    matches.sort(key=lambda match: match.start())
    if has_each:
        matches += each.finditer(page.text)
    if words.has_case:
        matches += [*_UNDER_TEAMS.finditer(page.text), *_plain_lists(words)]
    for match in matches:
        names = [_named(part) for part in _SEPARATOR.split(page.quote(*match.span("names")))]
        names = [name for name in names if name is not None]
        if len(names) > 1 and all(names):
            yield Mention("teams", list(dict.fromkeys(names)), *match.span("names"), _KEYED_WEIGHT)
            return


def _plain_lists(words: TeamWords) -> Iterator[re.Match[str]]:
    """Lists behind a "for" none of whose words another field knows: "for Staging and Prod" names no team."""
    for match in _FOR_EACH.finditer(words.page.text):
        numbers = words.page.numbers(*match.span("names"))
        if not any(words.is_soft(at) or words.low(at) in plain_words() - {"and"} for at in numbers):
            yield match


def _named(part: str) -> str | None:
    """One name of the list up to the first word that no name holds; None where none is left."""
    name: list[str] = []
    for word in part.split():
        if word.lower() in ("the", "team", "for") or (not name and word.lower() in ("please", "pls", "-")):
            continue
        if word.lower() in listed_words("stops"):
            break
        name.append(word)
    return slugged(" ".join(name)) if name else None
