"""Whose workspace it is: a name, where the words around it mark one.

Names are open: any words may be one, a workload's and an environment's too. So what marks a name decides where it
begins, and the first word that cannot belong to it where it ends.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from plugins.parse.fields import kind, machine, place
from plugins.parse.page import Mention, Page
from plugins.parse.vocabulary import table
from plugins.parse.words import Token, lexicon, plain_words

_GLUE = frozenset("-_'.+&")
_LONGEST = 5
"""Words of the longest name."""

_KEYED_END = re.compile(r"\s\(|\s[-–]\s|(?<=[\w)])\.\s|\.$|\?|;|\||\t|,(?=\s)|\n|\band (?:we|it|they|i)\b|\s{3,}")
_OPEN = re.compile(
    r"^(?:n/?a|none|tbd|tba|-+|_+|\?+|todo|not (?:yet|sure|decided)\b.*|unknown|open|pending|see below)\W*$",
    re.IGNORECASE,
)
_OR = re.compile(r"\s+or(?: maybe| perhaps)?\s+|\s+oder\s+|\s/\s", re.IGNORECASE)
_FOR = frozenset({"for", "4", "für", "fuer", "para", "pour", "f"})
_OF = frozenset({"for", "from", "of", "by", "für", "para", "pour", "4"})
_NEEDS = frozenset(
    "need needs want wants require requires requests requested wishes could would is are asks asked has have will plans"
    " braucht brauchen möchte necesita quiere veut voudrait uses wishes desires".split()
)  # fmt: skip
_ASKING = re.compile(
    r"^(?:needs?|wants?|requires?|requests?|requested|wish(?:es)?|would (?:like|love|need|want|appreciate)|could (?:use|do with)|is (?:asking|looking|in need|requesting|after)|are (?:asking|looking|in need|requesting|after)|asks? for|asked (?:for|me|us|if)|has (?:asked|requested|a need)|have (?:asked|requested)|will need|urgently need|plans? to|braucht|brauchen|möchte|necesita|quiere|a besoin|veut|voudrait|really needs?|now needs?|also needs?|urgently needs?|desperately needs?|just needs?|finally needs?|badly needs?|must have|has to have|is to get|gets|shall get|should get)\b",
    re.IGNORECASE,
)
_GIVING = re.compile(
    r"\b(?:give|get|gets|getting|hook up|set up|setup|equip|provide|sort|sort out|fix|grant|build|make|create for|deploy for)\s(?:up\s)?$",
    re.IGNORECASE,
)
_GIVEN = re.compile(r"^\s(?:up\s)?(?:with\s)?(?:a|an|one|some|their|its|two|three|2|3|databricks|dbx)\b", re.IGNORECASE)
_FROM = re.compile(
    r"(?:\b(?:those of us in|us in|we in|we at|we from|people (?:in|from|at|of|over in|over at)|folks (?:in|from|at|over in|over at)|guys (?:in|from|at|over in)|analysts (?:in|from|at|of)|engineers (?:in|from|at|of)|scientists (?:in|from|at|of)|colleagues (?:in|from|at|over in|over at)|friends (?:in|from|at|over in)|users (?:in|from|at)|developers (?:in|from|at)|on behalf of|i am from|i'm from|i am with|i'm with|we are from|we're from|we are with|we're with|i work (?:in|for|at)|we work (?:in|for|at)|i belong to|i sit in|i'm in|i am in|i lead|i run|i head|i manage|i look after|we look after|i represent|i speak for|i take care of|i do it for|here is|here's|(?:this|it) is \w{2,12} (?:from|in|of|at|,)|name is \w{2,12} from|we of|im from|im with|im in|we're called|we are called|called ourselves|we call ourselves|known as|we go by|requested by|request from|request by|ordered by|asked by|usage by|used by|owned by|belongs to|goes to|goes out to|is run by|wir sind|wir von|wir vom|wir aus|somos|somos de|nous sommes|je suis de|für die kollegen (?:von|aus)|greetings from|hello from|regards from)\s)(?:the |our |team |our team |der |dem |la |el |l'|le )?$",
    re.IGNORECASE,
)
_HERE = re.compile(r"^\s(?:here|speaking|aquí|hier|ici)\b", re.IGNORECASE)
_SOMEBODY_FROM = re.compile(
    r"(?:(?:^|[,.!;:\n(] ?|\b[Ii]t's |\b[Ii]ts |\b(?:is|am) )[A-ZÀ-Þ][\w-]{1,13}|^(?:hi|hey|hello|hiya|yo|morning),? \w{2,13}) (?:from|at|over in) (?:the |our )?$"
)
_GROUPED = re.compile(
    r"\b(?:people|folks|guys|those|analysts|engineers|scientists|colleagues|friends|users|developers|us|we) (?:in|from|at|of|over)|behalf|team",
    re.IGNORECASE,
)
_WE = re.compile(
    r"\b(?:we are|we're|wir sind|somos|nous sommes)\s(?:the |team |our |just |still |again )?$", re.IGNORECASE
)
_WE_ARE = re.compile(
    r"\b(?:we are|we're|this is|wir sind|somos|nous sommes|it's)\s(?:the |team |our |just |still |again )?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Soft:
    """What each word would be if it were no name: the kind, and where the phrase begins and ends."""

    kind: str
    first: int
    after: int


class _Reader:
    """The words of one page, with what marks and what bounds names."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tokens: Sequence[Token] = page.tokens
        self.text = page.layout.text

    @cached_property
    def soft(self) -> dict[int, _Soft]:
        found: dict[int, _Soft] = {}
        for name, phrases in _soft_phrases():
            for hit in phrases.hits(self.tokens):
                if name == "flag" and hit.value[0] == "on demand":
                    continue
                for at in range(hit.first, hit.after):
                    found.setdefault(at, _Soft(name, hit.first, hit.after))
        return found

    @cached_property
    def has_case(self) -> bool:
        """True where the writer uses capitals for names: the text holds capitals, and not only at its beginning."""
        letters = [c for c in self.text if c.isalpha()]
        capitals = sum(c.isupper() for c in letters)
        return 0 < capitals < len(letters) * 0.6

    def free(self, at: int) -> bool:
        token = self.tokens[at]
        return token.is_word and self.page.is_free(token.start, token.end)

    def low(self, at: int) -> str:
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def is_stop(self, at: int) -> bool:
        token = self.tokens[at]
        if (
            token.low in _soft_stops()
            and self.has_case
            and token.text[:1].isupper()
            and at
            and self.tokens[at - 1].is_word
        ):
            return False
        return token.low in _stops() and not self.is_initial(at)

    def is_initial(self, at: int) -> bool:
        """A plain word in capitals amid others is a name's: "IT", "HR", "US Retail"."""
        text = self.tokens[at].text
        return (
            self.has_case
            and len(text) in (2, 3)
            and text.isupper()
            and text
            not in (
                "WE",
                "I",
                "THE",
                "IN",
                "ON",
                "IS",
                "MAX",
                "MIN",
                "FOR",
                "AND",
                "OR",
                "WS",
                "DBX",
                "ENV",
                "NOT",
                "NO",
                "PLS",
                "TBD",
                "TBA",
                "TBC",
                "NA",
                "ETL",
                "BI",
                "ML",
                "SQL",
                "GPU",
            )
        )

    def glued(self, at: int) -> bool:
        """True for a hyphen, a slash or the like with a word at either side and no blank."""
        token = self.tokens[at]
        return (
            token.text in _GLUE
            and 0 < at < len(self.tokens) - 1
            and self.tokens[at - 1].end == token.start
            and self.tokens[at + 1].start == token.end
            and self.tokens[at + 1].is_word
        )

    def is_soft(self, at: int) -> bool:
        """True for a phrase that a table knows, unless it is glued to a word of a name."""
        soft = self.soft.get(at)
        if soft is None:
            return False
        before, after = soft.first - 1, soft.after
        if before > 0 and self.glued(before) and self.tokens[before].text == "-" and before - 1 not in self.soft:
            return False
        return not (
            after < len(self.tokens)
            and self.glued(after)
            and self.tokens[after].text == "-"
            and after + 1 not in self.soft
        )

    def is_boundary(self, at: int) -> bool:
        return at >= len(self.tokens) or at < 0 or not (self.tokens[at].is_word or self.tokens[at].text in "-&")

    def span(self, first: int, after: int) -> str:
        return self.page.quote(self.tokens[first].start, self.tokens[after - 1].end)

    def name(
        self, first: int, after: int, weight: float, because: str = "", begin: int | None = None, end: int | None = None
    ) -> Mention | None:
        slug = slugged(self.span(first, after))
        if any("n't" in token.low for token in self.tokens[first:after]):
            return None
        if not slug or not re.search(r"[a-z]", slug) and weight < 4:  # noqa: PLR2004 - a number alone needs the word "team"
            return None
        start, stop = self.tokens[first].start, self.tokens[after - 1].end
        return Mention(
            "team",
            slug,
            self.tokens[begin].start if begin is not None else start,
            self.tokens[end - 1].end if end else stop,
            weight,
            because=because,
        )


def keyed(page: Page) -> None:
    """Teams that stand under a key of their own; what their words are elsewhere is masked with them."""
    page.add(_keyed(page))


def _keyed(page: Page) -> Iterator[Mention]:
    for pair in page.pairs("team"):
        whole = page.text[pair.start : pair.end]
        if (
            pair.key.strip().lower() in ("for", "who", "what", "customer", "group", "team", "consumer")
            and len(whole.split()) > 6
        ):  # noqa: PLR2004 - that is a sentence
            continue
        value = _KEYED_END.split(whole)[0].strip(" \"'*`.:")
        if not value or _OPEN.match(value) or "\u00a4" in value or not re.search(r"\w", value):
            continue
        if value.split()[0].lower() in ("we", "i", "is", "need", "needs", "are", "they"):
            continue
        start = pair.start + whole.find(value)
        names = tuple(
            slugged(page.quote(pair.start, pair.start + len(part))) or slugged(part) for part in _OR.split(value)
        )
        if len(names) > 1 and all(names):
            yield Mention("team", None, start, start + len(value), 5, tuple(slugged(part) for part in _OR.split(value)))
            continue
        if re.search(r"requested for|requester", pair.key, re.IGNORECASE) and not re.search(
            r"\bteam\b", value, re.IGNORECASE
        ):
            yield Mention("team", slugged(value), start, start + len(value), 1.5)
            continue
        if slug := slugged(page.quote(start, start + len(value))):
            yield Mention("team", slug, start, start + len(value), 5, key_start=pair.key_start)


def listed(page: Page) -> None:
    """Adds mentions of `teams`: a list of names that each get a workspace of their own."""
    reader = _Reader(page)
    page.add(_listed(reader))


def teams(page: Page) -> None:
    """Adds mentions of `team` that a word marks: "team X", "the X team", "X needs", "give X a", "I'm from X"."""
    reader = _Reader(page)
    found = [*_beside_team(reader), *_apposed(reader), *_subjects(reader), *_places_of_work(reader)]
    denied = [m for m in found if page.clauses.is_denied(m.start)]
    page.add(m for m in found if m not in denied)
    _mask_again(page)
    for end in [m.end for m in denied[:3]] + [m.end() for m in _NOT_TEAM.finditer(page.text)][:3]:
        page.add(_said_instead(reader, end))


def beneficiaries(page: Page) -> None:
    """Adds mentions of `team` that "for X" names; read after everything else, so that X is nothing else."""
    reader = _Reader(page)
    page.add(_for_somebody(reader))


def leftovers(page: Page) -> None:
    """Adds the one part of a terse list that is nothing else."""
    if not any(m.field in ("team", "teams") for m in page.mentions):
        page.add(_item_names(page))
    if not any(m.field in ("team", "teams") for m in page.mentions):
        page.add(_positional(page))
    if not any(m.field in ("team", "teams") for m in page.mentions):
        page.add(_lone_name(page))


def _mask_again(page: Page) -> None:
    """A name that was told plainly is a name wherever it stands again: the Photon Science team uses no Photon."""
    for mention in [m for m in page.mentions if m.field == "team" and m.weight >= 4 and m.value]:  # noqa: PLR2004
        words = re.sub(
            r"^(?:team|squad)\W+|\W+(?:team|squad)$",
            "",
            page.layout.text[mention.start : mention.end],
            flags=re.IGNORECASE,
        )
        if len(words) > 3 and not words.islower() or " " in words:  # noqa: PLR2004 - short words are said for other things
            page.mask(found.span() for found in re.finditer(re.escape(words), page.layout.text, re.IGNORECASE))


_INSTEAD = re.compile(r"\b(?:it's|it is|but|rather|sondern|is actually|sino)\s(?:the |team |actually )*", re.IGNORECASE)


_NOT_TEAM = re.compile(
    r"\bteam (?:is|are|was) not (?:the )?[^,;.\n(]{1,30}|\bteam isn't (?:the )?[^,;.\n(]{1,30}", re.IGNORECASE
)


def _said_instead(reader: _Reader, end: int) -> Iterator[Mention]:
    """The "data mesh" of "the team is not data platform, it's data mesh"."""
    found = _INSTEAD.search(reader.text, end, end + 90)
    at = reader.page.token_at(found.end()) if found else 0
    if (
        found
        and at < len(reader.tokens)
        and reader.tokens[at].start == found.end()
        and reader.free(at)
        and not reader.is_stop(at)
        and not reader.is_soft(at)
    ):
        if named := reader.name(at, _name_end(reader, at, quoted=False), 4):
            yield named


_LIST = re.compile(
    r"\b(?:(?:for |the )*teams[ :]{1,2}(?P<after>[^\W_][\w&'/-]{0,30}(?: [\w&'/-]{1,30}){0,2}(?:\s?,\s?(?!and\b|&)[^\W_][\w&'/-]{0,30}(?: [\w&'/-]{1,30}){0,2}){0,400}\s?,?\s?(?:\band\b|&|\bund\b|\by\b|\bet\b)\s?[^\W_][\w&'/-]{0,30}(?: (?!each|both|need|want|in|for|with|on|all)[\w&'/-]{1,30}){0,1})"
    r"|(?:for |the )+(?P<before>[^\W_][\w&'/-]{0,30}(?: [\w&'/-]{1,30}){0,1}(?:\s?,\s?(?!and\b)[^\W_][\w&'/-]{0,30}(?: [\w&'/-]{1,30}){0,1}){0,40}\s?,?\s?(?:\band\b|&)\s?(?:the )?[^\W_][\w&'/-]{0,30}(?: [\w&'/-]{1,30}){0,1}) teams\b)",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"(?:^|[\n.:;]|\bfor\b)\s{0,2}(?P<names>[^\W_][\w&'/-]{0,30}(?: [\w&'/-]{1,20})?(?:\s?,\s?[^\W_][\w&'/-]{0,30}(?: [\w&'/-]{1,20})?){1,40}\s?,?\s?(?:\band\b|&)\s?[^\W_][\w&'/-]{0,30}(?: [\w&'/-]{1,20})?)\s(?:each|all) (?:need|want|get|require|gets|needs|have)",
    re.IGNORECASE,
)


def _listed(reader: _Reader) -> Iterator[Mention]:
    for pattern in (_LIST, _EACH):
        for found in pattern.finditer(reader.page.text):
            name = next(key for key, value in found.groupdict().items() if value)
            start, end = found.span(name)
            names: list[str] = []
            for part in re.split(r"\s?(?:,|\band\b|&|\bund\b|\by\b|\bet\b)\s?", found[name], flags=re.IGNORECASE):
                words = [word for word in part.split() if word.lower() not in ("the", "team", "for")]
                kept = []
                for word in words:
                    if word.lower() in _stops():
                        break
                    kept.append(word)
                if kept:
                    names.append(slugged(" ".join(kept)))
            if len(names) > 1 and all(names):
                yield Mention("teams", list(dict.fromkeys(names)), start, end, 5)
                return


def _beside_team(reader: _Reader) -> Iterator[Mention]:
    for at, token in enumerate(reader.tokens):
        if token.low not in _groups() or not reader.free(at) or token.joint and token.low not in ("team", "squad"):
            continue
        if (
            token.low not in ("team", "squad")
            and reader.has_case
            and token.text[:1].isupper()
            and _starts_capital(reader, at + 1)
        ):
            continue  # "Crew Rostering", "Group Treasury": the word is part of the name
        if at + 1 < len(reader.tokens) and reader.glued(at + 1) and reader.tokens[at + 1].text == "-":
            continue
        before = _name_before(reader, at)
        after = _name_after(reader, at)
        loose = token.low in _loose_groups()
        if (
            before
            and after
            and after[1] > 4
            and (
                before[1] < 3
                or before[2]
                or (
                    before[1] <= 4
                    and reader.has_case
                    and _starts_capital(reader, at + 1)
                    and not _starts_capital(reader, at - 1)
                )
            )
        ):  # noqa: PLR2004 - "prod etl team quartz": it is quartz
            yield after[0]
        elif before and (before[1] >= 3 or not after):  # noqa: PLR2004
            if not loose or before[1] >= 3:  # noqa: PLR2004
                yield before[0]
        elif after:
            yield after[0]


_IS_TEAM = re.compile(
    r"^(?:,|\s?\(| is| are)\s?(?:that is |that's |which is |who are |we are )?(?:the |our |my |a |also the )(?:[\w-]{1,14} ){0,3}(?:team|squad|crew|group|department|dept)\b(?:'s)?(?: name)?",
    re.IGNORECASE,
)


def _apposed(reader: _Reader) -> Iterator[Mention]:
    """Names that are said to be a team: "Bus Ridership is our little team", "Crew Rostering, our new team, …"."""
    if not reader.has_case:
        return
    for first, after in _capital_runs(reader):
        if (
            after - first == 1
            and (reader.low(first) in _COMMON_FIRST or reader.low(first) in plain_words())
            or all(reader.is_soft(n) for n in range(first, after))
        ):
            continue
        if _IS_TEAM.match(reader.text[reader.tokens[after - 1].end :][:70]):
            if found := reader.name(first, after, 4.4):
                yield found


def _capital_runs(reader: _Reader) -> Iterator[tuple[int, int]]:
    """Runs of words in capitals that may be a name; one that opens a sentence may be one only when more follow."""
    at = 0
    while at < len(reader.tokens):
        token = reader.tokens[at]
        if not (reader.free(at) and token.text[:1].isupper()) or reader.is_stop(at):
            at += 1
            continue
        after = at + 1
        while after < len(reader.tokens) and after - at < _LONGEST:
            following = reader.tokens[after]
            if (
                following.text in ("&", "-")
                and after + 1 < len(reader.tokens)
                and reader.tokens[after + 1].text[:1].isupper()
                and (following.text == "&" or reader.glued(after))
            ):
                after += 2
                continue
            if (
                following.low in ("of", "and")
                and after + 1 < len(reader.tokens)
                and reader.tokens[after + 1].text[:1].isupper()
                and reader.free(after + 1)
                and after - at == 1
                and not reader.is_stop(after + 1)
            ):
                after += 2
                continue
            if not (reader.free(after) and following.text[:1].isupper()) or reader.is_stop(after):
                break
            after += 1
        yield at, after
        at = after


def _starts_capital(reader: _Reader, at: int) -> bool:
    return 0 <= at < len(reader.tokens) and reader.tokens[at].text[:1].isupper()


def _name_before(reader: _Reader, at: int) -> tuple[Mention, float, bool] | None:
    """The name that ends right before the word "team", how sure it is, and whether tables know all of its words."""
    first = at
    words = 0
    determined = False
    while first > 0 and words < _LONGEST:
        previous = first - 1
        token = reader.tokens[previous]
        if reader.glued(previous) and token.text in "-_'&/+.":
            if token.text == "/" and previous + 1 == first and (reader.is_soft(first) or reader.is_soft(previous - 1)):
                break
            first = previous
            continue
        if token.text == "&" and previous and reader.free(previous - 1):
            first = previous
            continue
        if token.low in _determiners() and token.low not in ("a", "an") or token.low == "'s":
            determined = token.low != "'s"
            break
        if not reader.free(previous):
            break
        if (
            token.low == "and"
            and words
            and reader.tokens[previous - 1].text[:1].isupper()
            and reader.tokens[first].text[:1].isupper()
            and reader.free(previous - 1)
            and not reader.is_stop(previous - 1)
        ):
            first = previous
            continue
        if reader.is_stop(previous) and not (previous + 1 < at and reader.glued(previous + 1)):
            break
        if token.text.isdigit() and not words:
            break
        first = previous
        words += 1
    while first < at and (
        (
            reader.low(first) in _adjectives()
            and not (first + 1 < at and reader.glued(first + 1))
            and not (reader.has_case and reader.tokens[first].text[:1].isupper() and first + 1 < at)
        )
        or reader.tokens[first].text in "&-_/'+."
        or (reader.low(first) == "4" and not determined)
    ):
        first += 1
    if first >= at:
        return None
    if not determined and not _opens_with_name(reader, first, at) and not _all_capital(reader, first, at):
        first = _without_fields(reader, first, at)
    if (
        first >= at
        or reader.low(first) in _determiners()
        or (reader.low(first) in _foreign() and reader.low(at) in ("group", "groups", "users"))
    ):
        return None
    name = reader.span(first, at)
    loose = reader.low(at) in _loose_groups()
    known = all(reader.is_soft(n) or not reader.tokens[n].is_word for n in range(first, at))
    plain = all(
        token.low in plain_words() and token.low not in _name_nouns()
        for token in reader.tokens[first:at]
        if token.is_word
    )
    if reader.low(at) in ("people", "users", "colleagues") and (plain or known or not determined):
        return None
    if plain and (
        (loose and not (determined and reader.low(at) in ("guild", "squad", "tribe", "chapter", "crew", "desk")))
        or reader.low(first) in ("different", "several", "many", "two", "same", "first")
    ):
        return None
    kinds = {reader.soft[n].kind for n in range(first, at) if n in reader.soft}
    weight = 4.5 if determined else 4 if not known else 3 if "environment" not in kinds or len(name.split()) > 1 else 2
    if loose:
        weight -= 1.6 if determined else 1.8
    found = reader.name(first, at, weight, end=at + 1)
    return (found, weight, known and not determined) if found else None


def _all_capital(reader: _Reader, first: int, at: int) -> bool:
    """True for "databricks for Production Accounting team": capitals in the middle of a sentence make one name."""
    words = [t for t in reader.tokens[first:at] if t.is_word]
    inside = first > 0 and reader.tokens[first - 1].is_word
    return (
        reader.has_case
        and inside
        and len(words) > 1
        and all(t.text[:1].isupper() and not t.text.isupper() for t in words)
    )


def _opens_with_name(reader: _Reader, first: int, at: int) -> bool:
    """True for "Production Engineering team needs a dev …": a clause opens with it, and the environment stands elsewhere."""
    soft = reader.soft.get(first)
    if (
        soft is None
        or soft.kind not in ("environment", "workload_type", "flag")
        or soft.after >= at
        or not reader.is_boundary(first - 1)
    ):
        return False
    rest = [n for n in range(soft.after, at) if reader.tokens[n].is_word]
    return len(rest) == 1 and not reader.is_soft(rest[0]) and _elsewhere_too(reader, soft)


def _without_fields(reader: _Reader, first: int, at: int) -> int:
    """Where the name begins when no "the" says so: behind the last phrase that a table knows, unless that is all."""
    if reader.low(first - 1) in _OF and not any(
        n in reader.soft and reader.is_soft(n) and reader.soft[n].kind in ("environment", "region", "place", "flag")
        for n in range(first, at)
    ):
        return first
    last = at - 1
    if (
        reader.tokens[last].low in plain_words()
        and reader.tokens[last].low not in _name_nouns()
        and not reader.is_soft(last)
        and not reader.glued(last - 1)
    ):
        return at
    keep = reader.soft[last].first if reader.is_soft(last) else last
    start = keep
    while start > first:
        previous = start - 1
        if reader.glued(previous) and previous > first:
            start = previous - 1
            continue
        if reader.tokens[previous].text in "&":
            start = previous
            continue
        if (
            not reader.tokens[previous].is_word
            or reader.is_soft(previous)
            or (reader.tokens[previous].low in plain_words() and reader.tokens[previous].low not in _name_nouns())
        ):
            break
        start = previous
    while start < at and not reader.tokens[start].is_word:
        start += 1
    return max(first, start)


def _name_after(reader: _Reader, at: int) -> tuple[Mention, float] | None:
    """The name that follows the word "team"."""
    if reader.low(at) not in _before_name():
        return None
    first = at + 1
    quoted = called = linked = False
    determined = reader.low(at - 1) in _determiners()
    while first < len(reader.tokens) and first < at + 5:
        low = reader.low(first)
        token = reader.tokens[first]
        if low in ("called", "named", "heißt", "llama"):
            called = True
        elif low in ("is", "name", "are"):
            linked = True
        elif token.text in "\"'(`" and token.text:
            quoted = True
        elif (
            token.text in (":", "=", "–")
            or (token.text == "-" and not reader.glued(first))
            or low in ("of", "de", "des", "du", "called")
        ):
            linked = linked or token.text in (":", "=")
        elif token.text == "," and determined and _is_apposed(reader, first + 1):
            called = True
        elif low == "the" and (linked or called or reader.low(first - 1) == "of"):
            pass
        elif low == "'s" and reader.low(first + 1) in ("name", "called"):
            linked = True
        else:
            break
        first += 1
    if first >= len(reader.tokens) or not reader.free(first):
        return None
    if (
        (reader.is_stop(first) and not (quoted or called))
        or reader.tokens[first].text.isdigit()
        and reader.low(first - 1) == "of"
    ):
        return None
    token = reader.tokens[first]
    plain = (
        token.low in plain_words()
        and token.low not in _name_nouns()
        and not (reader.has_case and token.text[:1].isupper())
    )
    plain = plain and not (first + 1 < len(reader.tokens) and reader.glued(first + 1))
    if linked and not called and (plain or re.search(r"(?:ing|ed)$", token.low) and not token.text[:1].isupper()):
        return None
    if plain and determined and not called and not quoted:
        return None
    if plain and not reader.is_boundary(first + 1) and token.low not in _name_nouns() and not called and not quoted:
        return None
    if reader.is_soft(first) and determined and not (called or quoted or linked) and not _names_more(reader, first):
        return None
    after = _name_end(reader, first, quoted=quoted)
    if after == first:
        return None
    if other := _other_choice(reader, first, after):
        return other, 5
    weight = 5.0 if called or quoted else 4.6 if not determined else 4.2
    if reader.is_soft(first) and not (called or quoted or linked):
        weight = 3.4 if reader.soft[first].after >= after else 4.3
    found = reader.name(first, after, weight, begin=at if not determined else None)
    return (found, weight) if found else None


def _is_apposed(reader: _Reader, at: int) -> bool:
    """True for the "Digitised Collections" of "my small team, Digitised Collections, would love"."""
    if (
        not reader.has_case
        or at >= len(reader.tokens)
        or not reader.tokens[at].text[:1].isupper()
        or reader.is_stop(at)
    ):
        return False
    end = at
    while (
        end < len(reader.tokens)
        and end - at < _LONGEST
        and reader.tokens[end].is_word
        and reader.tokens[end].text[:1].isupper()
    ):
        end += 1
    return (
        end < len(reader.tokens)
        and reader.tokens[end].text in ",)"
        and not all(reader.is_soft(n) for n in range(at, end))
    )


def _names_more(reader: _Reader, first: int) -> bool:
    """True where a table's word in capitals is followed by another word in capitals that no table knows."""
    after = reader.soft[first].after
    return (
        reader.has_case
        and reader.tokens[first].text[:1].isupper()
        and after < len(reader.tokens)
        and reader.free(after)
        and reader.tokens[after].text[:1].isupper()
        and not reader.is_soft(after)
        and not reader.is_stop(after)
    )


def _name_end(reader: _Reader, first: int, *, quoted: bool) -> int:
    """The token after a name that begins here."""
    capital = reader.has_case and reader.tokens[first].text[:1].isupper()
    at = reader.soft[first].after if reader.is_soft(first) else first + 1
    words = 1
    while at < len(reader.tokens) and words < _LONGEST:
        token = reader.tokens[at]
        if (
            reader.glued(at)
            and token.text in "-_&/+."
            and not (token.text in "/." and (reader.is_soft(at + 1) or reader.is_soft(at - 1)))
        ):
            at = reader.soft[at + 1].after if at + 1 in reader.soft and reader.soft[at + 1].first == at + 1 else at + 2
            continue
        if token.text == "&" and at + 1 < len(reader.tokens) and reader.free(at + 1):
            at += 2
            words += 1
            continue
        if (
            token.low in ("and", "of", "und")
            and capital
            and at + 1 < len(reader.tokens)
            and reader.free(at + 1)
            and reader.tokens[at + 1].text[:1].isupper()
            and not reader.is_soft(at + 1)
            and not reader.is_stop(at + 1)
        ):
            at += 2
            words += 1
            continue
        if not reader.free(at) or not _goes_on(reader, at, capital=capital, quoted=quoted):
            break
        at = reader.soft[at].after if reader.is_soft(at) else at + 1
        words += 1
    return at


def _goes_on(reader: _Reader, at: int, *, capital: bool, quoted: bool) -> bool:
    """True when this word still belongs to the name before it."""
    token = reader.tokens[at]
    if quoted:
        return not reader.is_stop(at) or token.text[:1].isupper()
    if reader.is_stop(at):
        return False
    if reader.is_soft(at):
        return _closes_name(reader, at, capital=capital)
    if capital and not token.text[:1].isupper() and not token.text.isdigit():
        return False
    if token.text.isdigit():
        written = reader.page.quote(token.start, token.end)
        return reader.is_boundary(at + 1) or (capital and written[:1].isupper())
    if token.low in plain_words() and not (capital and token.text[:1].isupper()):
        return token.low in _name_nouns()
    return not re.match(r"\w{2,}'", token.text)


def _closes_name(reader: _Reader, at: int, *, capital: bool) -> bool:
    """A table's phrase belongs to the name where the name ends with it and the field is spoken of elsewhere."""
    soft = reader.soft[at]
    if (
        capital
        and reader.tokens[at].text[:1].isupper()
        and soft.kind in ("workload_type", "environment", "flag")
        and not reader.tokens[at].text.isupper()
    ):
        return _elsewhere_too(reader, soft) or reader.low(soft.after) in _groups()
    return reader.is_boundary(soft.after) and soft.kind == "workload_type" and _elsewhere_too(reader, soft)


def _elsewhere_too(reader: _Reader, soft: _Soft) -> bool:
    return any(
        other.kind == soft.kind and (other.first >= soft.after or other.after < soft.first)
        for other in reader.soft.values()
    )


def _subjects(reader: _Reader) -> Iterator[Mention]:
    """Names that need, want or ask; names that are to be given something."""
    for at, token in enumerate(reader.tokens):
        if (
            token.low not in _NEEDS
            or reader.low(at - 1).endswith("n't")
            or reader.low(at - 1) in ("not", "no", "never")
            or reader.low(at + 1) in ("it", "this", "that", "them", "everything", "us", "me", "to")
            and reader.low(at + 2) != "have"
            or not _ASKING.match(reader.text[token.start : token.start + 30])
        ):
            continue
        first = at
        while (
            first > 0
            and at - first < _LONGEST
            and (reader.free(first - 1) or reader.glued(first - 1) or reader.tokens[first - 1].text == "&")
        ):
            if reader.is_stop(first - 1) and not reader.glued(first):
                break
            first -= 1
        determined = reader.low(first - 1) in _determiners()
        if first == at or not (
            determined
            or first == 0
            or not reader.tokens[first - 1].is_word
            or reader.low(first - 1)
            in ("and", "because", "so", "that", "but", "hi", "hello", "hey", "as", "since", "if", "when", "for", "case")
        ):
            continue
        while first < at and reader.low(first) in _adjectives() | _before_name() | _determiners():
            first += 1
        words = [t for t in reader.tokens[first:at] if t.is_word]
        if any("'" in t.text for t in words):
            continue
        if (
            not words
            or all(
                t.low in plain_words() and not (t.text[:1].isupper() and t.low in _name_nouns() and not determined)
                for t in words
            )
            or words[-1].low in ("team", "everyone", "boss", "manager", "who", "which")
        ):
            continue
        if (
            len(words) == 1
            and reader.is_soft(first)
            and reader.soft[first].kind in ("environment", "region", "place", "flag")
        ):
            continue
        if words[-1].low in (
            "pipeline",
            "pipelines",
            "dashboard",
            "dashboards",
            "job",
            "jobs",
            "model",
            "models",
            "notebook",
            "notebooks",
            "data",
            "manager",
            "lead",
            "boss",
            "director",
            "cfo",
            "cto",
            "ceo",
            "auditor",
            "auditors",
            "customer",
            "customers",
            "security",
            "compliance",
            "finance dept",
            "workspace",
            "cluster",
            "project",
            "it",
            "colleague",
            "colleagues",
        ):
            continue
        if found := reader.name(first, at, 3.2 if words[0].text[:1].isupper() else 2.8):
            yield found
    for given in _GIVING.finditer(reader.text) if False else ():
        yield from ()
    yield from _given(reader)


def _given(reader: _Reader) -> Iterator[Mention]:
    for at in range(1, len(reader.tokens)):
        if reader.low(at - 1) not in (
            "give",
            "get",
            "up",
            "equip",
            "provide",
            "sort",
            "grant",
            "build",
            "make",
            "offer",
            "hand",
            "buy",
        ) or not reader.free(at):
            continue
        first = at + 1 if reader.low(at) in ("the", "our", "team") else at
        if (
            first >= len(reader.tokens)
            or not reader.free(first)
            or reader.is_stop(first)
            or reader.is_soft(first)
            and reader.soft[first].kind in ("environment", "region", "flag")
        ):
            continue
        after = first
        while (
            after < len(reader.tokens)
            and after - first < _LONGEST
            and (reader.free(after) or reader.glued(after))
            and not reader.is_stop(after)
        ):
            after += 1
        words = [t for t in reader.tokens[first:after] if t.is_word]
        if (
            not words
            or after >= len(reader.tokens)
            or not _GIVEN.match(reader.text[reader.tokens[after - 1].end :][:20])
        ):
            continue
        if all(t.low in plain_words() and t.low not in _name_nouns() for t in words) or words[-1].low in _groups():
            continue
        if found := reader.name(first, after, 3):
            yield found


def _places_of_work(reader: _Reader) -> Iterator[Mention]:
    for at, token in enumerate(reader.tokens):
        if not token.is_word or not reader.free(at) or reader.is_stop(at):
            continue
        before = reader.text[max(0, token.start - 48) : token.start]
        here = None
        marked = _FROM.search(before) or _SOMEBODY_FROM.search(before)
        if not marked and not _WE_ARE.search(before):
            here = at == 0 or not reader.tokens[at - 1].is_word or reader.low(at - 1) in ("the", "hi", "hello", "hey")
            if not here:
                continue
        after = _name_end(reader, at, quoted=False)
        ends = _HERE.match(reader.text[reader.tokens[after - 1].end :][:12])
        words = [t for t in reader.tokens[at:after] if t.is_word]
        if here and not ends:
            continue
        if all(t.low in plain_words() and t.low not in _name_nouns() for t in words) or (
            reader.is_soft(at)
            and reader.soft[at].kind in ("region", "place", "environment")
            and reader.soft[at].after == after
        ):
            continue
        if (
            marked
            and marked.re is _FROM
            and reader.has_case
            and not words[0].text[:1].isupper()
            and not _GROUPED.search(marked[0])
        ):
            continue
        if not here and not marked and len(words) == 1 and not _WE.search(before):
            continue
        if not here and not marked and (reader.is_soft(at) or not (words[0].text[:1].isupper() and reader.has_case)):
            continue
        if found := reader.name(at, after, 2.6 if not here else 3):
            yield found


def _for_somebody(reader: _Reader) -> Iterator[Mention]:
    seen = False
    for at, token in enumerate(reader.tokens):
        if token.low not in _FOR or (token.low == "4" and (at == 0 or not reader.tokens[at - 1].is_word)):
            continue
        if reader.low(at - 1) in (
            "sorry",
            "thanks",
            "thank",
            "thx",
            "you",
            "apologies",
            "apologise",
            "apologize",
            "much",
            "asking",
            "waiting",
            "cheers",
            "ta",
            "lot",
            "search",
            "wait",
            "asks",
            "look",
            "looking",
            "ask",
        ):
            continue
        if token.low == "f" and reader.low(at + 1) != ".":
            continue
        first = at + 1
        while first < len(reader.tokens) and reader.low(first) in (
            "the",
            "our",
            "my",
            "their",
            ".",
            "das",
            "die",
            "den",
            "el",
            "la",
            "los",
            "le",
            "les",
            "l",
            "use",
            "team",
            '"',
            "'",
        ):
            first += 1
        if (
            first >= len(reader.tokens)
            or not reader.free(first)
            or reader.is_stop(first)
            or reader.tokens[first].text.isdigit()
        ):
            continue
        after = _name_end(reader, first, quoted=False)
        words = [t for t in reader.tokens[first:after] if t.is_word]
        said = " ".join(t.low for t in words)
        if words[-1].low in _groups():
            continue
        if reader.is_soft(first) and not any(
            not reader.is_soft(n) for n in range(first, after) if reader.tokens[n].is_word
        ):
            continue
        if (
            said in _purposes()
            or (words[0].low in _purposes() and (len(words) == 1 or words[1].low not in _name_nouns()))
            or all(
                t.low in plain_words()
                and not (t.low in _name_nouns() and len(words) > 1)
                and not (reader.has_case and t.text[:1].isupper() and t.low in _name_nouns())
                for t in words
            )
        ):
            continue
        if (
            re.fullmatch(r"\w{3,}ing", words[0].low)
            and words[0].low not in _gerund_names()
            and (len(words) > 1 or not reader.is_boundary(after))
        ):
            continue
        if seen and after in reader.soft and reader.tokens[first].text.islower():
            continue
        if seen and reader.low(at - 1) not in (
            "and",
            "one",
            "another",
            ",",
            "plus",
            "other",
            "workspace",
            "ws",
            "und",
            "databricks",
        ):
            continue
        if reader.page.clauses.is_denied(token.start):
            continue
        if other := _other_choice(reader, first, after):
            yield other
            continue
        if found := reader.name(first, after, 2, because=f"You said “for {reader.span(first, after)}”."):
            seen = True
            yield found


def _other_choice(reader: _Reader, first: int, after: int) -> Mention | None:
    """The open choice of "marketing or sales"."""
    if reader.low(after) not in ("or", "oder", "ou"):
        return None
    second = after + 1
    while reader.low(second) in ("the", "maybe", "perhaps", "team", "rather"):
        second += 1
    if second >= len(reader.tokens) or not reader.free(second) or reader.is_stop(second) or reader.is_soft(second):
        return None
    end = _name_end(reader, second, quoted=False)
    names = (slugged(reader.span(first, after)), slugged(reader.span(second, end)))
    return Mention("team", None, reader.tokens[first].start, reader.tokens[end - 1].end, 4, names)


_GERUNDS = "marketing engineering planning controlling purchasing pricing banking trading underwriting manufacturing accounting billing shipping merchandising publishing leasing lending claims-handling recruiting sourcing procurement sequencing routing ticketing gaming advertising packaging mining farming catering brewing licensing investing invoicing forecasting onboarding dispatching training screening rating invoicing warehousing logistics clearing settling tracking messaging branding listing hearing roaming metering"


@cache
def _gerund_names() -> frozenset[str]:
    return frozenset(_GERUNDS.split())


_PROSE = re.compile(
    r"\b(?:we|i|you|they|it) (?:need|want|have|had|would|could|are|am|is|was|will|can|should|do|use|used)\b|\b(?:i'm|we're|it's|i'd|we'd)\b",
    re.IGNORECASE,
)


def _item_names(page: Page) -> Iterator[Mention]:
    """In a list whose items each name an environment, what is left of an item names its team."""
    reader = _Reader(page)
    found: list[Mention] = []
    for start, end in page.layout.rows:
        if not any(start <= m.start < end and m.field == "environment" for m in page.mentions):
            continue
        free = [
            n
            for n in range(page.token_at(start), len(reader.tokens))
            if start <= reader.tokens[n].start < end and reader.free(n)
        ]
        words = [n for n in free if not reader.is_stop(n) and not reader.tokens[n].text.isdigit()]
        if words and len(words) < 4 and words[-1] - words[0] == len(words) - 1 and len(free) - len(words) < 3:  # noqa: PLR2004 - a name and little else
            if named := reader.name(
                words[0],
                words[-1] + 1,
                1.5,
                because=f"Nothing else in your list names the team, so “{reader.span(words[0], words[-1] + 1)}”.",
            ):
                found.append(named)
    if len(found) > 1:
        yield from found


_COMMON_FIRST = frozenset(
    "good dear hi hello hey morning afternoon evening thanks thank best kind many please could can would we i the a an it this that our my"
    " quick short so ok okay yes no not if when as one two also and but for from with money sorry just here there what who how why which"
    .split()
)  # fmt: skip
_ACTS = re.compile(
    r"^(?:'s\b| (?:has|have|had|is|are|was|asked|asks|wants?|needs?|would|could|will|gets?|runs?|owns?|keeps?|does|do|uses?|plans?|hopes?|decided|started|promised|must|should|may|can|here|again|finally|wish\w*|look\w*|requires?)\b)"
)


def _lone_name(page: Page) -> Iterator[Mention]:
    """The one name of two words or more in capitals that does something, where nothing else names a team."""
    reader = _Reader(page)
    if not reader.has_case:
        return
    for first, after in _capital_runs(reader):
        while first < after and (reader.low(first) in _COMMON_FIRST or reader.low(first) in lexicon()["courtesy"]):
            first += 1
        words = [t for t in reader.tokens[first:after] if t.is_word]
        if len(words) < 2 or reader.low(first - 1) in ("mr", "mrs", "ms", "dr", "miss", "sir", ".", "@"):  # noqa: PLR2004 - one word may be anybody
            continue
        if not _ACTS.match(reader.text[reader.tokens[after - 1].end :][:20]) or page.clauses.is_elsewhere(
            words[0].start
        ):
            continue
        if found := reader.name(
            first, after, 0.9, because=f"Nothing else in your message names the team, so “{reader.span(first, after)}”."
        ):
            yield found
            return


def _positional(page: Page) -> Iterator[Mention]:
    """In a terse list the part that is nothing else names the team."""
    reader = _Reader(page)
    seen = False
    for start, end in _lines(page.text):
        line = page.text[start:end]
        if _PROSE.search(line):
            continue
        for mark in (r"\s?\|\s?", r"\s?/\s?", r"\s[-–]\s", r"\s?;\s?", r"\s?,\s?", r"\t"):
            parts = _parts(line, mark, start)
            if len(parts) < 3:  # noqa: PLR2004 - fewer are no list
                continue
            taken = sum("\u00a4" in page.text[a:b] for a, b in parts)
            free = [(a, b) for a, b in parts if "\u00a4" not in page.text[a:b] and _may_be_name(page.text[a:b])]
            if taken > 1 and free:
                a, b = free[0]
                said = re.sub(
                    r"^(?:\W|\d+[.)]|for\b|4\b|team\b|the\b|databricks\b|dbx\b|ws\b|workspace\b)+\s*",
                    "",
                    page.quote(a, b),
                    flags=re.IGNORECASE,
                )
                if slugged(said):
                    seen = True
                    yield Mention(
                        "team",
                        slugged(said),
                        a,
                        b,
                        1,
                        because=f"Nothing else in your list names the team, so “{said}”.",
                    )
                    break
    if seen:
        return
    words = [n for n, t in enumerate(reader.tokens) if t.is_word]
    if len(words) > 16:  # noqa: PLR2004 - a longer message is no list
        return
    runs: list[list[int]] = []
    for number in words:
        token = reader.tokens[number]
        if (
            not reader.free(number)
            or reader.is_stop(number)
            or _in_marks(reader, number)
            or page.clauses.is_elsewhere(token.start)
            or (token.low in plain_words() and token.low not in _name_nouns())
            or token.text.isdigit()
        ):
            continue
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [
        n
        for n in words
        if reader.free(n)
        and not any(n in run for run in runs)
        and reader.tokens[n].low
        not in ("please", "pls", "thanks", "thx", "for", "databricks", "workspace", "ws", "dbx", "new")
    ]
    if len(said) > 2:  # noqa: PLR2004 - that is a sentence
        return
    named = [run for run in runs if any(reader.tokens[n].low not in plain_words() for n in run)]
    covered = len(
        {
            m.field
            for m in page.mentions
            if m.field in ("environment", "workload_type", "region", "workers", "enable_gpu", "cost_limit")
        }
    )
    if len(named) == 1 and covered > 1 and len(named[0]) < 4:  # noqa: PLR2004
        first, after = named[0][0], named[0][-1] + 1
        if found := reader.name(
            first, after, 0.8, because=f"Nothing else in your message names the team, so “{reader.span(first, after)}”."
        ):
            yield found


def _in_marks(reader: _Reader, at: int) -> bool:
    """True beside brackets and the like: no name is written so."""
    return any(0 <= n < len(reader.tokens) and reader.tokens[n].text in "{}[]<>$%=`" for n in (at - 1, at + 1))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _parts(line: str, mark: str, start: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = 0
    for match in re.finditer(mark, line):
        found.append((start + at, start + match.start()))
        at = match.end()
    found.append((start + at, start + len(line)))
    return [(a, b) for a, b in found if b > a]


def _may_be_name(said: str) -> bool:
    words = [word.lower() for word in re.findall(r"[^\W_]+", re.sub(r"^\s*\d+[.)]\s*", "", said))]
    if any(word in lexicon()["courtesy"] or word in lexicon()["verbs"] and word not in _name_nouns() for word in words):
        return False
    if len(words) > 1 and all(word in _name_nouns() for word in words):
        return True
    if not 0 < len(words) < 5 or not re.fullmatch(r"(?:\d{1,3}[.)]|[-*•])?\s*[\w &'+/.-]{2,40}", said.strip()):  # noqa: PLR2004 - a name is short
        return False
    return any(word not in plain_words() and not word.isdigit() for word in words) and not any(
        word in _stops() for word in words
    )


def slug_of(text: str) -> str | None:
    """A bare answer as a team: "pricing", "the pricing team", "it's Supply Chain"."""
    said = re.sub(
        r"^(?:(?:it'?s|that'?s|it is|this is|that would be|it would be|for|team|the|we are|we're|we belong to|i'm (?:in|from)|our|my|name is|called|squad|is|equipo|der|die|das|el|la|le|de|of|ok|well|oh|sure|sorry|uh|um|yeah|yes|please|und|make it|put|take|use|say|let's say|just|again|i think|so)\b[\s:,]*)+",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    said = re.sub(rf"\s*\b(?:{'|'.join(sorted(_groups()))})\b.*$", "", said, flags=re.IGNORECASE).strip(" .!?\"'*`")
    said = re.sub(
        r"[\s,]*\b(?:please|pls|plz|thanks|thx|then|i think|btw|of course|i guess|for now|lol|:\))$",
        "",
        said,
        flags=re.IGNORECASE,
    ).strip(" ,")
    if _SENTENCE.search(said) or not re.fullmatch(r"[^\W_][\w &+/.'-]{0,40}", said) or len(said.split()) > 4:  # noqa: PLR2004 - a name is short
        return None
    return slugged(said) or None


_SENTENCE = re.compile(
    r"\b(?:hm+|it|that|this|these|them|me|you|make|give|change|wait|why|what|how|when|where|who|can|could|does|do|is|are|(?:small|bigg|larg|cheap|fast)er)\b",
    re.IGNORECASE,
)


def slugged(name: str) -> str:
    """The name as a slug: lower case, hyphens, without "team"."""
    text = re.sub(r"'s?\b", "", name.lower().replace("’", "'"))
    text = re.sub(r"[^a-z0-9äöüßéèêëàâáãåçñóòôõøúùûíìîïæœ]+", "-", text).strip("-")
    for letters, plain in (
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("ß", "ss"),
        ("éèêë", "e"),
        ("àâáãå", "a"),
        ("ç", "c"),
        ("ñ", "n"),
        ("óòôõø", "o"),
        ("úùû", "u"),
        ("íìîï", "i"),
        ("æ", "ae"),
        ("œ", "oe"),
    ):
        for letter in letters:
            text = text.replace(letter, plain)
    return re.sub(r"^(?:the-)?team-|-team$|^the-", "", text)


@cache
def _soft_phrases() -> tuple[tuple[str, object], ...]:
    return (
        ("region", place.names()),
        ("place", place.countries()),
        ("environment", kind.environment_words()),
        ("workload_type", kind.workload_words()),
        ("flag", machine.flag_words()),
    )


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(table("teams")[name])


def _stops() -> frozenset[str]:
    return _words("stops")


def _groups() -> frozenset[str]:
    return _words("groups")


def _loose_groups() -> frozenset[str]:
    return _words("loose_groups")


def _before_name() -> frozenset[str]:
    return _words("before_name")


def _determiners() -> frozenset[str]:
    return _words("determiners")


def _adjectives() -> frozenset[str]:
    return _words("adjectives")


def _name_nouns() -> frozenset[str]:
    return _words("name_nouns")


def _soft_stops() -> frozenset[str]:
    """Nouns that end a name in small letters and may be part of it in capitals: "the Member Portal team"."""
    return frozenset(
        {
            "member",
            "members",
            "manager",
            "lead",
            "budget",
            "owner",
            "size",
            "work",
            "works",
            "plans",
            "new",
            "name",
            "region",
            "cluster",
            "asap",
            "current",
        }
    )


def _foreign() -> frozenset[str]:
    """Groups of people that a directory keeps, and no team is."""
    return frozenset(
        {
            "entra",
            "ad",
            "aad",
            "security",
            "resource",
            "azure",
            "directory",
            "management",
            "user",
            "users",
            "admin",
            "different",
            "consumer",
        }
    )


def _purposes() -> frozenset[str]:
    return _words("purposes")


def _gerunds_after() -> frozenset[str]:
    return _words("gerunds_after")
