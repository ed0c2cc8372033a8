"""The region: names, abbreviations, cities; and the places that could be several, or none."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice

from rapidfuzz import fuzz, process

from plugins.catalogue.places import place_of
from plugins.catalogue.places import places as no_regions
from plugins.catalogue.regions import Region, regions
from plugins.parse.page import Mention, Page
from plugins.parse.spans import Taken
from plugins.parse.vocabulary import either, table
from plugins.parse.words import Hit, Phrases, tokens_of

_OTHER_CLOUD = re.compile(
    rf"""
    (?<![\w-])
    (?:
        (?:us|eu|ap|ca|sa|me|af|cn|il)-(?:gov-)?(?:{either("places", "directions")})-\d
        |(?:us|europe|asia|australia|northamerica|southamerica|me|africa)-
        (?:north|south|east|west|central|northeast|southeast|southwest)\d{{1,2}}(?:-[a-f])?
        |(?:us|ca|mx|eu|uk|me|af|il|ap|sa)-[a-z]{{4,12}}-\d|cn-[a-z]{{4,12}}(?:-\d)?
    )(?![\w-])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MADE_UP = re.compile(
    r"(?<![\w-])(?:east|west|central|north|south)(?:us|europe|asia|india|uk)\d{1,2}(?![\w-])", re.IGNORECASE
)
_PLACED = re.compile(
    rf"""
    \b(?:{either("places", "placed")})\b
    (?:[ ](?:is|should[ ]be|must[ ]be|would[ ]be|will[ ]be|has[ ]to[ ]be))?\s{{0,2}}[:=|]?
    \s{{0,2}}(?:the[ ])?(?P<name>[A-Za-z][\w-]{{2,20}}(?:[ ][A-Z][\w-]{{2,20}})?)
    """,
    re.VERBOSE,
)
_US = re.compile(
    r"""
    (?<![\w-])(?:US|U\.S\.A?\.?)(?![\w-])(?!\s(?:dollars?|holdings?|citizens?|GAAP|tax))
    |\bthe[ ]us\b(?![ ](?:team|market|sales|guys|folks|customers|office))
    |\bus[ ](?:region|based|please)\b
    """,
    re.VERBOSE,
)
_DIRECTION_BEFORE = re.compile(
    r"""
    (?:
        \b(?:in|to|on|region|location|ws|workspace|where|the|out|down|up)\b(?:[ ]the)?[\s:=|-]{1,3}
        |[,;:/|]\s?|^\s*
    )$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DIRECTION_AFTER = re.compile(
    r"^\s{0,2}(?:$|[,.;:\n)/|!?]|please|pls|region|side|somewhere|for\b|one\b|of the|if|for team)", re.IGNORECASE
)
_PLACE_BEFORE = re.compile(
    rf"""
    \b(?:location|region|residency|data)\s
    (?:is|should[ ]be|must[ ]be|has[ ]to[ ]be|would[ ]be|will[ ]be|must[ ]stay|stays?|in)\s$
    |\b(?:{either("places", "place_before")})\b[\s:=,(]{{0,3}}(?:the[ ]|our[ ])?(?:region[ ])?$|[:=|]\s?(?:the[ ])?$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NO_PLACE_AFTER = re.compile(
    rf"""
    ^(?:'s(?![ ](?:fine|ok|okay|good|great|best|better|preferred|perfect|the[ ]one))
    |(?:,?[ ](?:and|&)[ ][A-Z]\w{{2,14}})?[\s-]{{1,2}}
    (?:{either("places", "no_place_after")}))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FROM_TO = re.compile(r"\bfrom (?:the )?\|\s?(?:all the way )?to [A-Z]|\bfrom [A-Z]\w+ (?:all the way )?to (?:the )?\|")
_SOFT_TEAM = re.compile(r"^[\s-]{1,2}(?:team|squad)\b", re.IGNORECASE)
_ALONE_BEFORE = re.compile(r"(?:[,;:/|\n(]|^|\band|\.\s)\s{0,2}$")
_ALONE_AFTER = re.compile(r"\s{0,2}(?:[,;:/|\n).!]|$|please|only|region)")
_WAY = re.compile(
    r"\b(?P<way>east|west|north|south|central|eastern|western)\b(?: (?:region|side|one|coast))?", re.IGNORECASE
)
_LETTERS = re.compile(r"[A-Za-z]{2}")
_OPEN = re.compile(rf"^(?:{either('places', 'no_places')})\b", re.IGNORECASE)
_GOES_ON = re.compile(r"@|\.\w|_\w")
_ANY_TEAM = re.compile(r"\s?[a-z]*\s?team", re.IGNORECASE)
_LONG_ENOUGH = 4
"""Letters; shorter abbreviations are names of teams as often as of regions."""
_FUZZY = 88
"""Percent of its letters that a mistyped name shares with the region's (rapidfuzz `ratio`)."""


def places(page: Page) -> None:
    """Adds mentions of `region`; one without a value is a place of several regions, of none, or of another cloud."""
    for reader in (_other_clouds, _named, _vague, _directions, _keyed, _placed):
        page.add(reader(page))
    # Typing errors last, and only where no region is said: nearly every long word is near some name.
    if not any(m.field == "region" for m in page.mentions):
        page.add(_mistyped(page))


def _other_clouds(page: Page) -> Iterator[Mention]:
    for pattern in (_OTHER_CLOUD, _MADE_UP):
        for match in pattern.finditer(page.text):
            if match[0].lower() in regions() or not page.is_free(*match.span()):
                continue
            place = place_of(match[0])
            kind = place.kind if place else "other_cloud" if pattern is _OTHER_CLOUD else ""
            candidates = place.candidates if place else ()
            yield Mention("region", None, match.start(), match.end(), 2, candidates, kind=kind)


_WEIGHTS = {"name": 3.0, "city": 2.0, "short": 1.5}
"""How plainly a region is said: by its name, by a city in it, by an abbreviation."""


def _named(page: Page) -> Iterator[Mention]:
    tokens = page.tokens
    for hit in names().hits(tokens):
        start, end = tokens[hit.first].start, tokens[hit.after - 1].end
        if page.is_free(start, end) and _is_place(page, hit) and not _is_travel(page, start, end):
            kind, value = hit.value
            yield Mention("region", value, start, end, _WEIGHTS[kind])


def _is_travel(page: Page, start: int, end: int) -> bool:
    """True for the ends of "from Oslo all the way to Rome"."""
    return _FROM_TO.search(page.before(start, 40) + "|" + page.after(end, 24)) is not None


def _is_place(page: Page, hit: Hit) -> bool:
    """A city inside a longer name or before a noun of business is no place to build in."""
    tokens = page.tokens
    start, end = tokens[hit.first].start, tokens[hit.after - 1].end
    after = page.after(end)
    if page.layout.text[max(0, start - 1) : start] in ("@", ".", "_") or _GOES_ON.match(page.layout.text, end):
        return False
    # "berlin-dashboards" is a name; a region of two words that is tied on ("west-europe-prod") still is the region.
    if _is_joint(page, hit):
        return hit.value[0] == "name" and hit.after - hit.first > 1
    if hit.value[0] == "short" and page.layout.text[start:end].isalpha() and end - start < _LONG_ENOUGH:
        return not _ANY_TEAM.match(after) and not _is_word(page, hit)
    # "London Markets": a city before a noun of business is part of a name, unless a key says region.
    if hit.value[0] == "city" and _NO_PLACE_AFTER.match(after):
        return _in_pair(page, start)
    return not _SOFT_TEAM.match(after)


def _is_word(page: Page, hit: Hit) -> bool:
    """True where an abbreviation is a word of another language: "wir sind neu hier", and not "region neu"."""
    start, end = page.tokens[hit.first].start, page.tokens[hit.after - 1].end
    spelled = page.layout.text[start:end]
    beside = _words_too().get(spelled.lower())
    if beside is None or _in_pair(page, start):
        return False
    if _PARTICIPLE.match(page.text, end):
        return True
    if spelled.isupper() or _PLACE_BEFORE.search(page.before(start, 24)):
        return any(token.low in beside - _COURTESIES for token in page.tokens[hit.after : hit.after + 1])
    near = page.tokens[max(0, hit.first - _NEAR) : hit.after + _NEAR]
    return spelled.istitle() or any(token.low in beside for token in near)


_COURTESIES = frozenset({"bitte", "danke"})
_NEAR = 12
"""Words on either side that tell in which language an abbreviation stands."""
_PARTICIPLE = re.compile(r"\s(?:er|ge|be|auf|an|ein|zu)[a-zäöüß]{2,20}t(?:e[nmrs]?)?\b", re.IGNORECASE)
"""What an adverb stands before: "neu erstelltes", "neu eingerichtet"."""


@cache
def _words_too() -> Mapping[str, frozenset[str]]:
    return {word: frozenset(beside.split()) for word, beside in table("places")["words_too"].items()}


def _is_joint(page: Page, hit: Hit) -> bool:
    """True where a hyphen ties the words to others: "berlin-dashboards", and not "berlin-based"."""
    tokens = page.tokens
    if tokens[hit.first].joint:
        return True
    following = tokens[hit.after + 1] if hit.after + 1 < len(tokens) else None
    return following is not None and following.joint and following.low not in ("region", "based", "hosted", "only")


def _vague(page: Page) -> Iterator[Mention]:
    """Countries and continents: of one region, of several, or of none."""
    tokens = page.tokens
    for hit in countries().hits(tokens):
        first = tokens[hit.first]
        start, end = first.start, tokens[hit.after - 1].end
        if first.joint or not page.is_free(start, end) or _NO_PLACE_AFTER.match(page.after(end)):
            continue
        if _is_travel(page, start, end) or not _is_country(page, hit):
            continue
        yield _country(hit.value[0], start, end)


def _is_country(page: Page, hit: Hit) -> bool:
    """Words that are countries and much else ("us", "in india") are places where a place is expected."""
    word = page.tokens[hit.first].low
    start, end = page.tokens[hit.first].start, page.tokens[hit.after - 1].end
    if word not in table("places")["weak"] and hit.value[1] != "country":
        return True
    # The country is written large; in small letters it is the writer.
    if word == "us" and not any(_US.match(page.layout.text, at) for at in (start, max(0, start - 4))):
        return False
    return _PLACE_BEFORE.search(page.before(start, 24)) is not None or _stands_alone(page, start, end)


def _country(place: str, start: int, end: int) -> Mention:
    if place in no_regions():
        known = no_regions()[place]
        return Mention("region", None, start, end, 1, known.candidates, kind=known.kind)
    holds: list[str] = table("places")["ambiguous"].get(place, [])
    # A country of one region leaves nothing to ask.
    if len(holds) == 1:
        return Mention("region", holds[0], start, end, 1)
    return Mention("region", None, start, end, 1, tuple(name for name in holds if regions()[name].is_offered))


def _directions(page: Page) -> Iterator[Mention]:
    """The points of the compass alone: "somewhere west"."""
    for match in _WAY.finditer(page.text):
        before, after = page.before(match.start(), 14), page.after(match.end())
        if _DIRECTION_BEFORE.search(before) and _DIRECTION_AFTER.match(after):
            candidates = tuple(table("places")["directions"][match["way"].lower()])
            yield Mention("region", None, match.start(), match.end(), 1, candidates)


def _stands_alone(page: Page, start: int, end: int) -> bool:
    return bool(_ALONE_BEFORE.search(page.before(start, 6)) and _ALONE_AFTER.match(page.after(end, 8)))


def _keyed(page: Page) -> Iterator[Mention]:
    """What a key names as the region and no table knows."""
    read = Taken(len(page.text))
    for mention in page.mentions:
        if mention.field == "region":
            read.add(mention.start, mention.start + 1)
    for pair in page.pairs("region"):
        value = page.text[pair.start : pair.end]
        if read.overlaps(pair.start, pair.end) or not page.is_free(pair.start, pair.end):
            continue
        if _LETTERS.search(value) and not _OPEN.match(value.strip()):
            yield Mention("region", _nearest(value), pair.start, pair.end, 3)


def _placed(page: Page) -> Iterator[Mention]:
    """What a sentence names as the region: a known one, or what is written as a name."""
    for match in _PLACED.finditer(page.text):
        if not page.is_free(*match.span()) or _OPEN.match(match["name"]) or _in_pair(page, match.start("name")):
            continue
        near = _nearest(match["name"])
        if near or match["name"][0].isupper():
            yield Mention("region", near, match.start("name"), match.end("name"), 1)


def _in_pair(page: Page, start: int) -> bool:
    return page.key_of(start) == "region"


def bare_region(text: str) -> str | None:
    """A region as the answer to the question for it, typing errors forgiven."""
    tokens = tokens_of(text)
    hit = next(iter(names().hits(tokens)), None)
    return hit.value[1] if hit else _nearest(text)


def _mistyped(page: Page) -> Iterator[Mention]:
    """The first word, or two, that are nearly a region's name."""
    words = list(islice((t for t in page.tokens if t.is_word and page.is_free(t.start, t.end)), _MOST_LOOKED_AT))
    for at, word in enumerate(words):
        for run in (words[at : at + 2], [word]):
            spelled = page.layout.text[run[0].start : run[-1].end]
            if _FEWEST_LETTERS < len(spelled) < _MOST_LETTERS and (near := _nearest(spelled)):
                yield Mention("region", near, run[0].start, run[-1].end, 1)
                return


_MOST_LOOKED_AT = 400
"""Words of one message that are compared with the regions' names."""
_FEWEST_LETTERS, _MOST_LETTERS = 7, 40
"""Shorter words resemble too much, longer ones nothing."""
_WAYS = re.compile(r"us|eu|uk|india|asia|europe|central|north|south|east|west")
_SHORTEST_NAME = 6


def _nearest(text: str) -> str | None:
    """The region whose name these letters nearly are; the figures in it must be the same."""
    folded = _folded(text)
    if len(folded) < _SHORTEST_NAME or not _WAYS.search(folded):
        return None
    digits = re.sub(r"\D", "", folded)
    near = process.extractOne(folded, _by_digits().get(digits, []), scorer=fuzz.ratio, score_cutoff=_FUZZY)
    return near[0] if near else None


@cache
def _by_digits() -> dict[str, list[str]]:
    """The figures in names of regions → those names."""
    by_digits: dict[str, list[str]] = {}
    for name in regions():
        by_digits.setdefault(re.sub(r"\D", "", name), []).append(name)
    return by_digits


@cache
def names() -> Phrases:
    """Spelling → (how it names the region: "name", "city" or "short"; its name)."""
    rows: list[tuple[str, tuple[str, ...]]] = []
    for region in regions().values():
        rows += [(spelling, ("name", region.name)) for spelling in _spellings(region)]
        rows += [(city, ("city", region.name)) for city in region.cities if region.is_offered]
        for short in region.abbreviations:
            rows.append((short, ("short", region.name)))
            if short[-1].isdigit():
                rows.append((f"{short[:-1]} {short[-1]}", ("short", region.name)))
    rows += [(spelling, ("name", name)) for spelling, name in table("places")["spellings"].items()]
    known: dict[str, tuple[str, ...]] = {}
    for spelling, value in rows:
        known.setdefault(spelling.lower(), value)
    return Phrases(known.items())


def _spellings(region: Region) -> set[str]:
    """A region's names: its own, the shown one, and that with its words turned ("Europe West", "US East 2")."""
    spaced = re.sub(r"(?<=\D)\s?(\d)$", r" \1", region.display_name)
    words = spaced.split()
    spellings = {region.name, spaced, spaced.replace(" ", ""), re.sub(r" (\d)$", r"\1", spaced)}
    if words[0] in _POINTS and len(words) > 1:
        spellings.add(" ".join([*words[1:2], words[0], *words[2:]]))
    if words[-1] in (*_POINTS, "Southeast") and len(words[1:]) == 1:  # a country and a point
        spellings.add(f"{words[1]} {words[0]}")
    if "US" in words:
        rest = [word for word in words if word != "US"]
        at = words.index("US")
        spellings |= {" ".join(["US", *rest]), " ".join([*words[:at], "USA", *words[at + 1 :]])}
    return spellings


_POINTS = ("East", "West", "Central", "North", "South")


@cache
def countries() -> Phrases:
    weak = set(table("places")["countries"]) | set(no_regions())
    known = {**{place: place for place in table("places")["ambiguous"]}, **{place: place for place in no_regions()}}
    return Phrases((place, (place, "country" if place in weak else "")) for place in known)


def _folded(text: str) -> str:
    return re.sub(r"[\s-]+", "", text.lower())
