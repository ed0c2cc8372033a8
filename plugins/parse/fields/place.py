"""The region: names, abbreviations, cities; and the places that could be several, or none."""

import re
from collections.abc import Iterator
from functools import cache

from rapidfuzz import fuzz, process

from plugins.catalogue.places import place_of
from plugins.catalogue.places import places as no_regions
from plugins.catalogue.regions import regions
from plugins.parse.page import Mention, Page
from plugins.parse.vocabulary import either, table
from plugins.parse.words import Hit, Phrases, Token, tokens_of

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
    ^(?:'s(?![ ](?:fine|ok|okay|good|great|best|better|preferred|perfect|the[ ]one))|[\s-]{{1,2}}
    (?:{either("places", "no_place_after")}))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FROM_TO = re.compile(r"\bfrom (?:the )?\|\s?(?:all the way )?to [A-Z]|\bfrom [A-Z]\w+ (?:all the way )?to (?:the )?\|")
_SOFT_TEAM = re.compile(r"^[\s-]{1,2}(?:team|squad)\b", re.IGNORECASE)
_FUZZY = 88


def places(page: Page) -> None:
    """Adds mentions of `region`; one without a value is a place of several regions, of none, or of another cloud."""
    page.add(_other_clouds(page))
    page.add(_named(page))
    page.add(_vague(page))
    page.add(_keyed(page))
    if not any(m.field == "region" for m in page.mentions):
        page.add(_mistyped(page))


def _other_clouds(page: Page) -> Iterator[Mention]:
    for pattern in (_OTHER_CLOUD, _MADE_UP):
        for found in pattern.finditer(page.text):
            if found[0].lower() not in regions() and page.is_free(found.start(), found.end()):
                place = place_of(found[0])
                yield Mention(
                    "region",
                    None,
                    found.start(),
                    found.end(),
                    2,
                    place.candidates if place else (),
                    kind=place.kind if place else "other_cloud" if pattern is _OTHER_CLOUD else "",
                )


def _named(page: Page) -> Iterator[Mention]:
    tokens = page.tokens
    for hit in names().hits(tokens):
        start, end = tokens[hit.first].start, tokens[hit.after - 1].end
        if not page.is_free(start, end) or not _is_place(page, hit):
            continue
        if _FROM_TO.search(page.before(start, 40) + "|" + page.after(end, 24)):
            continue
        (kind, value) = hit.value
        yield Mention("region", value, start, end, 3 if kind == "name" else 2 if kind == "city" else 1.5)


def _is_place(page: Page, hit: Hit) -> bool:
    """A city inside a longer name or before a noun of business is no place to build in."""
    tokens = page.tokens
    start, end = tokens[hit.first].start, tokens[hit.after - 1].end
    if page.layout.text[max(0, start - 1) : start] in ("@", ".", "_") or re.match(
        r"@|\.\w|_\w", page.layout.text[end : end + 2]
    ):
        return False
    if tokens[hit.first].joint or (
        hit.after + 1 < len(tokens)
        and tokens[hit.after + 1].joint
        and tokens[hit.after + 1].low not in ("region", "based", "hosted", "only")
    ):
        return hit.value[0] == "name" and hit.after - hit.first > 1
    if hit.value[0] == "short" and tokens[hit.first].text.isalpha() and len(tokens[hit.first].text) < 4:  # noqa: PLR2004
        return not re.match(r"\s?[a-z]*\s?team", page.after(end), re.IGNORECASE)
    if hit.value[0] == "city" and _NO_PLACE_AFTER.match(page.after(end)):
        return _in_pair(page, start)
    return not _SOFT_TEAM.match(page.after(end))


def _in_pair(page: Page, start: int) -> bool:
    return any(pair.start <= start < pair.end for pair in page.pairs("region"))


def _vague(page: Page) -> Iterator[Mention]:
    tokens = page.tokens
    for hit in countries().hits(tokens):
        start, end = tokens[hit.first].start, tokens[hit.after - 1].end
        place = hit.value[0]
        if _FROM_TO.search(page.before(start, 40) + "|" + page.after(end, 24)):
            continue
        if not page.is_free(start, end) or tokens[hit.first].joint or _NO_PLACE_AFTER.match(page.after(end)):
            continue
        if tokens[hit.first].low in ("us", "in", "it", "no", "be", "india", "eu", "uk") or hit.value[1] == "country":
            if (
                tokens[hit.first].low == "us"
                and not _US.match(page.layout.text, start)
                and not _US.match(page.layout.text, max(0, start - 4))
            ):
                continue
            if not _PLACE_BEFORE.search(page.before(start, 24)) and not _stands_alone(page, start, end):
                continue
        if place in no_regions():
            yield Mention("region", None, start, end, 1, no_regions()[place].candidates, kind=no_regions()[place].kind)
            continue
        holds = tuple(table("places")["ambiguous"].get(place, ()))
        if len(holds) == 1:
            yield Mention("region", holds[0], start, end, 1)
        else:
            yield Mention("region", None, start, end, 1, tuple(name for name in holds if regions()[name].is_offered))
    for found in re.finditer(
        r"\b(?P<way>east|west|north|south|central|eastern|western)\b(?: (?:region|side|one|coast))?",
        page.text,
        re.IGNORECASE,
    ):
        if _DIRECTION_BEFORE.search(page.before(found.start(), 14)) and _DIRECTION_AFTER.match(page.after(found.end())):
            yield Mention(
                "region",
                None,
                found.start(),
                found.end(),
                1,
                tuple(table("places")["directions"][found["way"].lower()]),
            )


def _stands_alone(page: Page, start: int, end: int) -> bool:
    return bool(
        re.search(r"(?:[,;:/|\n(]|^|\band)\s{0,2}$", page.before(start, 6))
        and re.match(r"\s{0,2}(?:[,;:/|\n).!]|$|please|only|region)", page.after(end, 8))
    )


def _keyed(page: Page) -> Iterator[Mention]:
    """What a key names as the region and no table knows."""
    for pair in page.pairs("region"):
        said = page.text[pair.start : pair.end]
        if any(pair.start <= m.start < pair.end for m in page.mentions if m.field == "region") or not page.is_free(
            pair.start, pair.end
        ):
            continue
        if not re.search(r"[A-Za-z]{2}", said) or _OPEN.match(said.strip()):
            continue
        near = _nearest(said)
        yield Mention("region", near, pair.start, pair.end, 3)
    for found in _PLACED.finditer(page.text):
        if (
            page.is_free(found.start(), found.end())
            and not _OPEN.match(found["name"])
            and not any(p.start <= found.start("name") < p.end for p in page.pairs("region"))
        ):
            near = _nearest(found["name"])
            if near or found["name"][0].isupper():
                yield Mention("region", near, found.start("name"), found.end("name"), 1)


_OPEN = re.compile(rf"^(?:{either('places', 'no_places')})\b", re.IGNORECASE)


def bare_region(text: str) -> str | None:
    """A region as the answer to the question for it, typing errors forgiven."""
    tokens = tokens_of(text)
    found = next(iter(names().hits(tokens)), None)
    return found.value[1] if found else _nearest(text)


def _mistyped(page: Page) -> Iterator[Mention]:
    """A word, or two, that are nearly a region's name."""
    words = [token for token in page.tokens if token.is_word and page.is_free(token.start, token.end)][:400]
    for at, word in enumerate(words):
        for run in (words[at : at + 2], [word]):
            said = page.layout.text[run[0].start : run[-1].end]
            if len(said) > 7 and len(said) < 40 and (near := _nearest(said)):  # noqa: PLR2004 - shorter words resemble too much
                yield Mention("region", near, run[0].start, run[-1].end, 1)
                return


def _nearest(text: str) -> str | None:
    folded = _folded(text)
    if len(folded) < 6 or not _WAYS.search(folded):  # noqa: PLR2004 - shorter words resemble too much
        return None
    digits = re.sub(r"\D", "", folded)
    same = [name for name in regions() if re.sub(r"\D", "", name) == digits]
    found = process.extractOne(folded, same, scorer=fuzz.ratio, score_cutoff=_FUZZY)
    return found[0] if found else None


_WAYS = re.compile(r"us|eu|uk|india|asia|europe|central|north|south|east|west")


@cache
def names() -> Phrases:
    """Spelling → (how it names the region, its name)."""
    rows: list[tuple[str, tuple[str, ...]]] = []
    for region in regions().values():
        shown = re.sub(r"(?<=\D)\s?(\d)$", r" \1", region.display_name)
        spellings = {region.name, shown, shown.replace(" ", ""), re.sub(r" (\d)$", r"\1", shown)}
        words = shown.split()
        if words[0] in ("East", "West", "Central", "North", "South") and len(words) > 1:
            spellings.add(" ".join([*words[1:2], words[0], *words[2:]]))
        if words[-1] in ("Central", "North", "South", "East", "West", "Southeast") and len(words) == 2:  # noqa: PLR2004
            spellings.add(f"{words[1]} {words[0]}")
        if "US" in words:
            at = words.index("US")
            spellings |= {
                " ".join(["US", *words[:at], *words[at + 1 :]]),
                " ".join([*words[:at], "USA", *words[at + 1 :]]),
            }
        rows += [(spelling, ("name", region.name)) for spelling in spellings]
        rows += [(city, ("city", region.name)) for city in region.cities if region.is_offered]
        rows += [(short, ("short", region.name)) for short in region.abbreviations]
        rows += [
            (f"{short[:-1]} {short[-1]}", ("short", region.name))
            for short in region.abbreviations
            if short[-1].isdigit()
        ]
    rows += [(spelling, ("name", name)) for spelling, name in table("places")["spellings"].items()]
    known: dict[str, tuple[str, ...]] = {}
    for spelling, value in rows:
        known.setdefault(spelling.lower(), value)
    return Phrases(known.items())


@cache
def countries() -> Phrases:
    weak = set(table("places")["countries"]) | set(no_regions())
    known = {**{place: place for place in table("places")["ambiguous"]}, **{place: place for place in no_regions()}}
    return Phrases((place, (place, "country" if place in weak else "")) for place in known)


def _folded(text: str) -> str:
    return re.sub(r"[\s-]+", "", text.lower())


def words_of(tokens: tuple[Token, ...]) -> frozenset[str]:
    return frozenset(token.low for token in tokens)
