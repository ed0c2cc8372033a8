"""The region: names, abbreviations, cities; the places that could be several; and those that are none."""

import re
from functools import cache

from rapidfuzz import fuzz, process

from plugins.catalogue.places import place_of, places
from plugins.catalogue.regions import Region, regions
from plugins.parse.reading import Mention, Notes, Reading, settle, wanted
from plugins.parse.vocabulary import alternatives, table

_OTHER_CLOUD = re.compile(
    r"(?<![\w-])(?:(?:us|eu|ap|ca|sa|me|af|cn|il)-(?:gov-)?(?:north|south|east|west|central"
    r"|northeast|southeast|southwest|northwest)-\d"
    r"|(?:us|europe|asia|australia|northamerica|southamerica|me|africa)-(?:north|south|east"
    r"|west|central|northeast|southeast|southwest)\d{1,2}(?:-[a-f])?"
    r"|(?:us|ca|mx|eu|uk|me|af|il|ap|sa)-[a-z]{4,12}-\d|cn-[a-z]{4,12}(?:-\d)?)(?![\w-])",
    re.IGNORECASE,
)
"""How Amazon, Google, Oracle and Alibaba name theirs."""

_WHERE = (
    r"(?:\b(?:in|within|near|around|region|location|standort|datacenter|data center|en|au|bei|nach)[\s:=|]{1,4}"
    r"(?:the |der |la |el )?)"
)
_WHERE_PEOPLE_ARE = re.compile(
    r"\b(?:conference|event|fair|meeting|offices?|headquarters?|hq|we sit|sits?|lives?|customers?|clients?|users?|"
    r"people|colleagues|born|holidays?)\b[^.;,\n]{0,8}$",
    re.IGNORECASE,
)
_LONGEST_PLACE = 40
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
    other = reading.take(_other_clouds()) or reading.take(_OTHER_CLOUD)
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
        _elsewhere(notes, other[0])
    else:
        _vague(reading, notes)


def _elsewhere(notes: Notes, said: str) -> None:
    """A place that is no region of Azure Databricks is asked about, with the nearest that are."""
    place = place_of(said)
    notes.doubt("region", place.kind if place else "other_cloud", said, place.candidates if place else ())


def _vague(reading: Reading, notes: Notes) -> None:
    for found in _nowhere().finditer(reading.text):
        at = 1 if found[1] else 2
        if (
            not reading.is_negated(found.start(at))
            and _is_place(reading, found)
            and not _WHERE_PEOPLE_ARE.search(reading.before(found.start()))
        ):
            reading.mask(found.start(at), found.end(at))
            _elsewhere(notes, found[at])
            return
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


def bare_elsewhere(text: str, notes: Notes) -> bool:
    """Doubts the region that the whole text names, where it is none of Azure Databricks; True when it did."""
    said = text.strip(" .,;:!\n\t")
    if len(said) > _LONGEST_PLACE or place_of(said) is None or notes.knows("region"):
        return False
    _elsewhere(notes, said)
    return True


def _ambiguous(reading: Reading, notes: Notes, found: re.Match[str], place: str) -> None:
    holds = table("places")["ambiguous"].get(_spaced(place), ())
    said = next((group for group in found.groups() if group), found[0]) if found.groups() else found[0]
    reading.mask(found.start(), found.end())
    if len(holds) == 1:
        notes.say("region", holds[0])
    else:
        notes.doubt("region", "ambiguous", said, (name for name in holds if regions()[name].is_offered))


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
        for spelling in (region_.name, region_.display_name, *_cities(region_), *region_.abbreviations):
            found[_folded(spelling)] = region_.name
        turned = re.fullmatch(r"(.*) US( \d)?", region_.display_name)
        if turned:
            found[_folded(f"US {turned[1]}{turned[2] or ''}")] = region_.name
    return found


@cache
def _pattern() -> re.Pattern[str]:
    spellings = {s for r in regions().values() for s in (r.display_name, *_cities(r), *r.abbreviations)}
    spellings |= {
        f"US {m[1]}{m[2] or ''}" for r in regions().values() if (m := re.fullmatch(r"(.*) US( \d)?", r.display_name))
    }
    spaced = alternatives(re.sub(r"(?<=\D)(\d)$", r" \1", s.replace("  ", " ")) for s in spellings)
    return re.compile(rf"(?<![\w@.-])(?:{spaced}|{alternatives(regions())})(?!\w|-\d|@)", re.IGNORECASE)


def _cities(region_: Region) -> tuple[str, ...]:
    """The cities that stand for it: those of a region where Azure Databricks is not offered are asked about."""
    return region_.cities if region_.is_offered else ()


@cache
def _other_clouds() -> re.Pattern[str]:
    names = [name for name, place in places().items() if place.kind == "other_cloud"]
    return re.compile(rf"(?<![\w@.-])(?:{alternatives(names)})(?![\w-]|\s\d)", re.IGNORECASE)


@cache
def _nowhere() -> re.Pattern[str]:
    """Group 1: a place after a word that says where; group 2: the city of a region, wherever it is said."""
    names = [name for name, place in places().items() if place.kind == "not_offered"]
    cities = [city for region_ in regions().values() if not region_.is_offered for city in region_.cities]
    after = rf"{_WHERE}({alternatives(names)})"
    return re.compile(rf"(?:{after}|(?<![\w@.-])({alternatives(cities)}))(?![\w@-])(?!\.\w)", re.IGNORECASE)


@cache
def _places() -> re.Pattern[str]:
    words = [word for word in table("places")["ambiguous"] if word not in ("us", "eu")]
    return re.compile(rf"(?<![\w@.-])(?:{alternatives(words)}|EU)(?![\w@-])(?!\.\w)", re.IGNORECASE)


def _folded(text: str) -> str:
    return re.sub(r"[\s-]+", "", text.lower())


def _spaced(text: str) -> str:
    return re.sub(r"[\s-]+", " ", text.lower()).strip()
