"""The region: names, abbreviations, cities; and the places that could be several."""

import re
from functools import cache

from rapidfuzz import fuzz, process

from plugins.catalogue.regions import regions
from plugins.parse.reading import Mention, Notes, Reading, settle, wanted
from plugins.parse.vocabulary import alternatives, table

_OTHER_CLOUD = re.compile(
    r"(?<![\w-])(?:(?:us|eu|ap|ca|sa|me|af|cn|il)-(?:gov-)?(?:north|south|east|west|central"
    r"|northeast|southeast|southwest|northwest)-\d"
    r"|(?:us|europe|asia|australia|northamerica|southamerica|me|africa)-(?:north|south|east"
    r"|west|central|northeast|southeast|southwest)\d(?:-[a-f])?)(?![\w-])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:azure )?(?:region|location|where|geo|datacenter|data center|standort)\b\s*(?:[:=|]"
    r"|is|should be|must be)?\s*[\s|]*([A-Za-z][\w -]{1,30}?)(?=\s*(?:[,;.\n|)?!]|please|pls"
    r"|$))",
    re.IGNORECASE,
)
_US = re.compile(
    r"(?<![\w-])(?:in|within|to|the|region|location|somewhere in|anywhere in"
    r"|:)[\s:]+(?:the )?(US)(?![\w-])|(?<![\w-])(USA|U\.S\.A?\.?)(?![\w-])"
    r"|(?<![\w-])(US)(?= (?:only|region|based|please))|\bthe (us)\b|\b(?:in"
    r"|region) (us)\b(?=\s*(?:[,.;\n]|$|for|please))",
    re.IGNORECASE,
)
_DIRECTION = re.compile(
    r"\b(?:in|to|on|region|location)[\s:=|]+(?:the )?(east|west|north|south|central|eastern"
    r"|western)(?:ern)?(?: (?:region|side|one|coast))?\b(?![\s-]*(?:us|europe|uk|india|asia"
    r"|japan|\w*us\d?)\b)",
    re.IGNORECASE,
)
_FUZZY = 88


def region(reading: Reading, notes: Notes) -> None:
    """The region that was named; a place of several, another cloud's region or an unknown one is a doubt."""
    other = reading.take(_OTHER_CLOUD)
    mentions = [
        Mention(_names()[_folded(found[0])], found.start(), found.end())
        for found in _pattern().finditer(reading.text)
        if _is_place(reading, found)
    ]
    settled = settle(reading, mentions)
    kept = wanted(reading, mentions)
    for mention in mentions:
        reading.mask(mention.start, mention.end)
    if settled.value is not None:
        notes.say("region", settled.value)
        _mask_places(reading)
    elif kept:
        notes.doubt("region", settled.kind or "several", settled.said, (str(value) for value in settled.candidates))
    elif other:
        notes.doubt("region", "unknown", other[0])
    else:
        _vague(reading, notes)


def _vague(reading: Reading, notes: Notes) -> None:
    for found in _places().finditer(reading.text):
        if not reading.is_negated(found.start()):
            _ambiguous(reading, notes, found, found[0])
            return
    if found := _US.search(reading.text):
        _ambiguous(reading, notes, found, "us")
        return
    if found := _DIRECTION.search(reading.text):
        reading.mask(found.start(), found.end())
        notes.doubt("region", "ambiguous", found[1], table("places")["directions"][found[1].lower()])
        return
    _mistyped(reading, notes)


def bare_region(text: str) -> str | None:
    """A region as the answer to the question for it, typing errors forgiven."""
    found = _pattern().search(text)
    if found:
        return _names()[_folded(found[0])]
    return _nearest(text)


def _ambiguous(reading: Reading, notes: Notes, found: re.Match[str], place: str) -> None:
    candidates = table("places")["ambiguous"].get(_spaced(place), ())
    said = next((group for group in found.groups() if group), found[0]) if found.groups() else found[0]
    reading.mask(found.start(), found.end())
    if len(candidates) == 1:
        notes.say("region", candidates[0])
    else:
        notes.doubt("region", "ambiguous", said, candidates)


def _mistyped(reading: Reading, notes: Notes) -> None:
    """A labelled region that no table has, or a word that is nearly a region's name."""
    found = _LABEL.search(reading.text)
    if found:
        value = found[1].strip()
        near = _nearest(value)
        if near:
            notes.say("region", near)
        elif not re.match(r"(?:is|for|to|can|does|not|any|default|whatever|does ?n.t|don.t)\b", value, re.IGNORECASE):
            notes.doubt("region", "unknown", value)
        else:
            return
        reading.mask(found.start(), found.end())
        return
    words = list(re.finditer(r"[A-Za-z]+\d?", reading.text))
    for count in (2, 1):
        for at in range(len(words) - count + 1):
            run = words[at : at + count]
            text = reading.text[run[0].start() : run[-1].end()]
            if len(text) > 7 and (near := _nearest(text)):  # noqa: PLR2004 - shorter words resemble too much
                reading.mask(run[0].start(), run[-1].end())
                notes.say("region", near)
                return


def _nearest(text: str) -> str | None:
    folded = _folded(text)
    if len(folded) < 6 or not re.search(r"us|eu|uk|india|asia|europe|central|north|south|east|west", folded):  # noqa: PLR2004
        return None
    digits = re.sub(r"\D", "", folded)
    same = [name for name in regions() if re.sub(r"\D", "", name) == digits]
    found = process.extractOne(folded, same, scorer=fuzz.ratio, score_cutoff=_FUZZY)
    return found[0] if found else None


def _is_place(reading: Reading, found: re.Match[str]) -> bool:
    """A city inside a longer name ("London Stock Exchange") or before a noun of business is none."""
    if re.match(r"[\w-]*@|\.\w", reading.after(found.end(), 8)) or re.search(
        r"[@\w-]$", reading.before(found.start(), 1)
    ):
        return False
    return not re.match(
        r"\s+(?:stock exchange|office building|dashboard|sales data|marathon)\b",
        reading.after(found.end()),
        re.IGNORECASE,
    )


def _mask_places(reading: Reading) -> None:
    """Once a region is settled, the country or continent beside it says nothing more."""
    reading.take_all(_places())


@cache
def _names() -> dict[str, str]:
    """Folded spelling → region name."""
    found: dict[str, str] = {}
    for region_ in regions().values():
        for spelling in (region_.name, region_.display_name, *region_.cities, *region_.abbreviations):
            found[_folded(spelling)] = region_.name
        turned = re.fullmatch(r"(.*) US( \d)?", region_.display_name)
        if turned:
            found[_folded(f"US {turned[1]}{turned[2] or ''}")] = region_.name
    return found


@cache
def _pattern() -> re.Pattern[str]:
    spellings = {s for r in regions().values() for s in (r.display_name, *r.cities, *r.abbreviations)}
    spellings |= {
        f"US {m[1]}{m[2] or ''}" for r in regions().values() if (m := re.fullmatch(r"(.*) US( \d)?", r.display_name))
    }
    spaced = alternatives(re.sub(r"(?<=\D)(\d)$", r" \1", s.replace("  ", " ")) for s in spellings)
    return re.compile(rf"(?<![\w@.-])(?:{spaced}|{alternatives(regions())})(?!\w|-\d|@)", re.IGNORECASE)


@cache
def _places() -> re.Pattern[str]:
    words = [word for word in table("places")["ambiguous"] if word not in ("us", "eu")]
    return re.compile(rf"(?<![\w@.-])(?:{alternatives(words)}|EU)(?![\w@-])(?!\.\w)", re.IGNORECASE)


def _folded(text: str) -> str:
    return re.sub(r"[\s-]+", "", text.lower())


def _spaced(text: str) -> str:
    return re.sub(r"[\s-]+", " ", text.lower()).strip()
