"""Sizes, GPUs, spot, Photon and the network."""

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from plugins.catalogue.sizes import size
from plugins.parse.fields.kind import environment_words
from plugins.parse.page import Mention, Page
from plugins.parse.spans import Taken
from plugins.parse.vocabulary import either, table
from plugins.parse.words import Phrases

SIZE = re.compile(
    r"""
    (?<![\w-])(?:standard[_ -]?)?(?P<family>nc|nd|nv|dc|ec|ds|gs|hb|hc|hx|[defglmb])(?P<number>\d{1,3})
    (?P<letters>[a-z]{0,6})(?:[_ ]?(?P<gpu>t4|a100|a10|h100|h200|mi\d{2,3}x?))?[_ ]?
    (?P<version>v\d{1,2})(?![\w-])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_STANDARD = re.compile(
    r"(?<![\w-])standard_(?P<family>[a-z]{1,2})(?P<number>\d{1,3})(?P<letters>[a-z]{0,6})(?![\w-])", re.IGNORECASE
)
_OLD = re.compile(r"(?<![\w-])(?P<family>nc|nv|nd)(?P<number>\d{1,3})(?P<letters>r?s?)(?![\w-])", re.IGNORECASE)
_MODEL = re.compile(
    rf"""
    (?<![\w-])(?:(?P<count>\d{{1,2}})\s?x?\s?)?(?:nvidia[ ])?(?P<model>t4|a100|a10|v100|h100|h200|a40|l4)
    s?\b(?![ ]{{0,2}}(?:{either("flags", "no_model_after")}))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MACHINES = re.compile(rf"\b(?:{either('flags', 'machines')})\b", re.IGNORECASE)
_PLAINLY_GPU = frozenset({"a100", "h100", "v100", "h200"})
_NO_AFTER = re.compile(
    rf"""
    ^(?:s\b)?[\s\"']{{0,2}}(?:{either("flags", "no_nouns")})?[\s\"']{{0,24}}
    (?:\([^)\n]{{0,14}}\))?[\s\"']{{0,2}}(?:{either("flags", "no_links")})?[\s\"'|]{{0,24}}
    (?:{either("flags", "no_after")})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_YES_AFTER = re.compile(
    rf"""
    ^(?:s\b)?[\s\"']{{0,2}}(?:{either("flags", "yes_nouns")})?[\s\"']{{0,2}}(?:\([^)\n]{{0,14}}\))?[\s\"']{{0,2}}
    (?:[:=|?\u2013-]|->|is|are|would[ ]be|should[ ]be|must[ ]be)?[\s\"'|]{{0,3}}(?:{either("flags", "yes_after")})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PREFERS_OTHER = re.compile(r"\b(?:only if|if (?:possible|cheaper|available))\b", re.IGNORECASE)


def sizes(page: Page) -> None:
    """VM sizes in their canonical spelling, as said even when they are retired."""
    page.add(
        Mention("node_type", canonical(match), match.start(), match.end(), 2)
        for pattern in (SIZE, _STANDARD, _OLD)
        for match in pattern.finditer(page.text)
        if page.is_free(match.start(), match.end())
    )


def flags(page: Page) -> None:
    """GPUs, spot and Photon: yes or no, each by the words around it; then the way in."""
    page.mask(_looks_like(page))
    page.add(_keyed_flags(page))
    page.add(_flag_mentions(page))
    page.add(_models(page))
    if _NETWORK_WORDS.search(page.text.lower()):
        page.add(_network(page))


_SAYS_YES = re.compile(rf"^(?:{either('flags', 'says_yes')})\b", re.IGNORECASE)
_SAYS_NO = re.compile(rf"^(?:{either('flags', 'says_no')})(?:\b|$)", re.IGNORECASE)
_WAYS = (
    ("private_link", re.compile(r"private", re.IGNORECASE)),
    ("vnet", re.compile(r"v-?net|inject", re.IGNORECASE)),
    ("public", re.compile(r"public|internet", re.IGNORECASE)),
)


def _keyed_flags(page: Page) -> Iterator[Mention]:
    """A yes or a no under the key of a flag, or of a way in ("Private link: yes")."""
    for pair in page.pairs("enable_gpu", "spot", "photon", "network"):
        if each := _flag_of_each(page, pair.start, pair.end) if pair.field != "network" else ():
            yield from (Mention(pair.field, is_wanted, start, end, 5) for is_wanted, start, end in each)
            continue
        value = page.text[pair.start : pair.end].strip(" \"'`*")
        answer = True if _SAYS_YES.match(value) else False if _SAYS_NO.match(value) else None
        if answer is None or not page.is_free(pair.start, pair.end):
            continue
        if pair.field != "network":
            yield Mention(pair.field, answer, pair.start, pair.end, 5)
            continue
        way = next((name for name, pattern in _WAYS if pattern.search(pair.key)), None)
        if way == "public" and not answer:
            yield Mention("network", "private_link", pair.start, pair.end, 5)
        elif way and answer:
            yield Mention("network", way, pair.start, pair.end, 5)


def _flag_of_each(page: Page, start: int, end: int) -> Sequence[tuple[bool, int, int]]:
    """The answers of "dev yes, staging yes, prod no", and where each stands."""
    found = (
        _OF_EACH.match(page.text, page.tokens[hit.after - 1].end, end)
        for hit in page.hits(environment_words())
        if start <= page.tokens[hit.first].start < end
    )
    answers = [(_SAYS_NO.match(match["says"]) is None, *match.span("says")) for match in found if match is not None]
    return answers if len(answers) > 1 else ()


_OF_EACH = re.compile(r"[ :=]{1,2}(?P<says>yes|no|on|off|ja|nein|an|aus)\b(?=\s?(?:[,;./|)\n]|$|and\b))", re.IGNORECASE)


def _looks_like(page: Page) -> list[tuple[int, int]]:
    tokens = page.tokens
    spans = [(tokens[h.first].start, tokens[h.after - 1].end) for h in _noise().hits(tokens)]
    return [
        span
        for span in spans
        if not (_is_moved_to(page.layout.text, *span) or _is_no_verb(page, *span)) and not _is_on_some(page, *span)
    ]


def _is_moved_to(text: str, start: int, end: int) -> bool:
    """True for "move it to spot": elsewhere "to spot" is a verb."""
    return text[start:end].lower() == "to spot" and _MOVES.search(text[max(0, start - 60) : start]) is not None


def _is_no_verb(page: Page, start: int, end: int) -> bool:
    """True for "no spot any more": behind a "no" it is no verb."""
    return page.text[start:end].lower() == "spot any" and _REFUSES.search(page.before(start, 12)) is not None


def _is_on_some(page: Page, start: int, end: int) -> bool:
    """True for "no spot on either", where what stands behind is what it shall be used on, and for "switch spot on"; any
    other "spot on" praises.
    """
    if page.text[start:end].lower() != "spot on":
        return False
    if _THEN.match(page.after(end)):
        return True
    return _SOME.match(page.after(end)) is not None or _SWITCHES.search(page.before(start, 24)) is not None


_THEN = re.compile(r"\s(?:please|pls|instead|again|bitte)\b", re.IGNORECASE)
_SWITCHES = re.compile(r"\b(?:switch|switching|turn|turning|put|set) (?:the )?$", re.IGNORECASE)
_SOME = re.compile(
    r"\s(?:both|either|each|all|every|any|them|it|dev|prod|production|staging|dbw-\S{1,60})\b", re.IGNORECASE
)
_REFUSES = re.compile(r"\b(?:no|not|without|any|use|using|on)\s$", re.IGNORECASE)


def _flag_mentions(page: Page) -> Iterator[Mention]:
    tokens = page.tokens
    keyed = {pair.key_start for pair in page.pairs("enable_gpu", "spot", "photon")}
    answers = _Answers(m for m in page.mentions if m.weight >= _UNDER_A_KEY)
    for hit in flag_words().hits(tokens):
        field, says = hit.value
        start, end = tokens[hit.first].start, tokens[hit.after - 1].end
        if page.is_key(start) and answers.stand_behind(field, end):
            continue
        if not page.is_free(start, end) or _is_compound(page, hit.first, hit.after):
            continue
        value = _is_wanted(page, start, end) == (says == "yes")
        yield Mention(
            field,
            value,
            start,
            _taken_to(page, end),
            5 if start in keyed else 2,
            because="denied" if says == "yes" and not value else "",
        )


class _Answers:
    """Where the values stand that were read under the keys of flags."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self._starts: dict[str, list[int]] = {}
        for mention in mentions:
            insort(self._starts.setdefault(mention.field, []), mention.start)

    def stand_behind(self, field: str, end: int) -> bool:
        """True when the field's value stands right behind the key that ends here."""
        starts = self._starts.get(field, [])
        at = bisect_left(starts, end)
        return at < len(starts) and starts[at] - end < _BESIDE


def _is_compound(page: Page, first: int, after: int) -> bool:
    """True for a part of a longer name: "photon-lab", "the spotify"."""
    tokens = page.tokens
    if tokens[first].joint and tokens[first - 2].low not in _joined("before"):
        return True
    return after + 1 < len(tokens) and tokens[after + 1].joint and tokens[after + 1].low not in _joined("affixes")


def _is_wanted(page: Page, start: int, end: int) -> bool:
    """False where the words around deny: "no gpu", "gpu: no", "gpu, no thanks"."""
    return not (
        _SWITCHED_OFF.search(page.before(start, 40))
        or _COMMA_NO.match(page.after(end, 30))
        or _NO_AFTER.match(page.after(end, 60))
        or page.clauses.is_denied(start)
    )


_SWITCHED_OFF = re.compile(
    r"\b(?:(?:turn|switch|shut|take)(?:ed|ing)? off|disable|deactivate|get rid of|remove|drop|ditch|lose|stop using"
    r"|no more|without)"
    r"(?: (?:the|all|its|any|using))?\s$",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"\b(?:mov(?:e|ed|ing)|switch\w{0,3}|chang(?:e|ed|ing)|go(?:ing)?|convert\w{0,3}|migrat\w{1,3}|shift\w{0,3}|set|put)\b[^.;\n]{0,60}$",
    re.IGNORECASE,
)
_UNDER_A_KEY = 5
"""The weight of what was read under a key of its own."""
_BESIDE = 40
"""Characters between a key and its value."""
_COMMA_NO = re.compile(
    r"^s?,\s?(?:please )?(?:no|nope|nein|rather not|better not)(?=\s?(?:thank|thx|please|[.;!\n)]|$))", re.IGNORECASE
)


def _taken_to(page: Page, end: int) -> int:
    """The flag's own answer is taken with it: "gpu: no", "spot ok"."""
    after = page.after(end, 60)
    for pattern in (_NO_AFTER, _YES_AFTER):
        if match := pattern.match(after):
            return end + match.end()
    return end


def _models(page: Page) -> Iterator[Mention]:
    context = bool(_MACHINES.search(page.layout.text))
    for match in _MODEL.finditer(page.text):
        if not page.is_free(match.start("model"), match.end()):
            continue
        if context or match["count"] or match["model"].lower() in _PLAINLY_GPU:
            denied = page.clauses.is_denied(match.start("model"))
            yield Mention("enable_gpu", not denied, match.start(), match.end(), 2, because="" if denied else "model")


_PRIVATE = re.compile(
    rf"""
    \bprivate[ _-]{{0,2}}link(?:ed)?(?:[ ]only)?\b|\bprivate[ ]endpoints?(?:[ ]only)?\b|\bpl[ ]only\b
    |\benlace[ ]privado\b|\blien[ ]privé\b
    |\b(?:{either("flags", "shut_off")})[ ](?:any[ ]|all[ ]|the[ ])?
    (?:public|internet|öffentlich\w*|acceso[ ]público|accès[ ]public)(?:[ ]network)?(?:[ -]?facing)?
    (?:[ ](?:access|exposure|endpoints?|ip[ ]access|traffic|ips?|internet|inbound))?(?:[ ]at[ ]all)?\b
    |\b(?:not|n't|nothing|never|cannot|nobody|nicht)\b[^.;,\n]{{0,18}}\b(?:{either("flags", "in_the_open")})\b
    (?:[ ]to|[ ]from|[ ]via|[ ]on|[ ]over|[ ]by|[ ]aus)?(?:[ ](?:the|dem))?[ ]?(?:public|open)?[ ]?
    (?:internet|outside|world|web|außen|network)?
    |\bno[ ]exposure[ ]to[ ]the[ ]internet\b
    |\bpublic[ ](?:network[ ])?access[ ]{{0,2}}(?:[:=|]|is|must[ ]be|should[ ]be|set[ ]to)?[ ]{{0,2}}
    (?:{either("flags", "closed")})
    |\bfully[ ]private\b|\bprivate[ ](?:network[ ])?(?:access|connectivity|network|networking)[ ]only\b
    |\bonly[ ](?:via|over|through)[ ](?:the[ ])?private\b|\bdisabled?[ ]public\b
    |\bclosed[ ](?:off[ ])?(?:to|from)[ ]the[ ](?:internet|outside)\b|\bprivate[ ]only\b
    |\bprivate[ ]networking\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_VNET = re.compile(
    r"""
    \b(?:v-?net|virtual[ ]network|red[ ]virtual|réseau[ ]virtuel)
    (?:[ -]{0,2}(?:inject(?:ed|ion|ing)?|integrat(?:ed|ion)|injektion))?\b
    |\b(?:in|inside|into|within)[ ](?:our|its|my|a|the|their)[ ](?:own[ ])?
    (?:corporate[ ]|company[ ]|hub[ ]|spoke[ ]|private[ ])?(?:v-?net|network)\b
    |\bnetwork[ ]injection\b|\bown[ ](?:v-?net|network)\b|\binjected[ ]into\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PUBLIC = re.compile(
    rf"""
    \bpublic(?:[ -]{{0,2}}(?:{either("flags", "public_nouns")})){{0,3}}\b(?:[ ]{{0,2}}
    (?:{either("flags", "public_links")})\b){{0,3}}|\bopen[ ]to[ ]the[ ]internet\b
    |\binternet[ -]facing\b
    |\b(?:accessible|reachable|reached)[ ]from[ ](?:the[ ])?(?:public[ ])?
    (?:internet|anywhere|everywhere|home)\b
    |\bnormal[ ](?:public[ ])?network\b|\bpúblic[oa]\b|\böffentlich\w*\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NETWORK_WORDS = re.compile(
    r"priv|pl only|publi|públic|net|outside|world|web|expos|reach|access|closed|inject|außen|erreich|öffentlich"
    r"|red virtual|réseau|enlace|lien|acceso|accès"
)
"""Parts of words without one of which nothing is said of the network: a cheap look before the long patterns."""
_NETWORKS = (("private_link", _PRIVATE), ("vnet", _VNET), ("public", _PUBLIC))
_SAYS_PRIVATE = re.compile(r"privat|pl only|enlace|lien", re.IGNORECASE)
_PRIVATE_FIRST = re.compile(r"private|pl\b", re.IGNORECASE)
_PRIVATE_LINK = re.compile(r"private[ -]{0,2}(?:link|endp)", re.IGNORECASE)
_KEPT_OUT = re.compile(
    r"\b(?:internet|outside|world|web|public|exposed?|reachable|accessible|außen|erreichbar)", re.IGNORECASE
)


def _network(page: Page) -> Iterator[Mention]:
    """The way in. A public way that is refused is a private one; a refused private one says nothing."""
    taken = Taken(len(page.text))
    for name, pattern in _NETWORKS:
        for match in pattern.finditer(page.text):
            if not match[0].strip() or taken.overlaps(*match.span()) or not page.is_free(*match.span()):
                continue
            if name == "private_link" and not _SAYS_PRIVATE.search(match[0]) and not _KEPT_OUT.search(match[0][3:]):
                continue
            taken.add(*match.span())
            if not _is_refused(page, name, match):
                yield Mention("network", name, match.start(), match.end(), 1.9 if name == "public" else 2)
            elif name == "public":
                yield Mention("network", "private_link", match.start(), match.end(), 2)


def _is_refused(page: Page, name: str, match: re.Match[str]) -> bool:
    """True for a way that is denied; of private ways only one that is named is, as "no public access" denies itself."""
    says_no = _NO_AFTER.match(page.after(match.end(), 50)) is not None
    is_denied = page.clauses.is_denied(match.start())
    if name != "private_link":
        return is_denied or says_no
    if not _PRIVATE_FIRST.match(match[0]):
        return False
    return is_denied or (says_no and _PRIVATE_LINK.match(match[0]) is not None)


@cache
def flag_words() -> Phrases:
    flags = table("flags")
    return Phrases(
        (phrase, (field, says))
        for field in ("enable_gpu", "spot", "photon")
        for says in ("yes", "no")
        for phrase in flags[field][says]
    )


@cache
def _noise() -> Phrases:
    return Phrases((phrase, (phrase,)) for phrase in table("flags")["about"])


@cache
def _joined(name: str) -> frozenset[str]:
    """Words that a hyphen may join to a flag's word without making a name of both."""
    return frozenset(table("flags")[name])


def canonical(match: re.Match[str]) -> str:
    """The catalogue's spelling, else Azure's: family in capitals, the rest as it is written there."""
    groups = match.groupdict()
    name = f"{groups['family'].upper()}{groups['number']}{groups['letters'].lower()}"
    if groups.get("gpu"):
        name += f"_{groups['gpu'].upper()}"
    if groups.get("version"):
        name += f"_{groups['version'].lower()}"
    known = size(name)
    return known.name if known else f"Standard_{name}"
