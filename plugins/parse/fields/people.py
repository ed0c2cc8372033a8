"""Owner, cost centre, tags, and the workspace's name: what is quoted, labelled or shaped like nothing else."""

import re
from collections.abc import Iterator

from plugins.domain.azure_names import workspace_name_like
from plugins.parse.fields.machine import SIZE
from plugins.parse.page import Mention, Page
from plugins.parse.spans import Taken
from plugins.parse.vocabulary import either, table

EMAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
NAME = re.compile(r"[A-Za-z0-9_-]{3,64}")
_EMAILS = re.compile(EMAIL)
_OWNS_BEFORE = re.compile(rf"\b(?:{either('people', 'owns_before')})\b[^.;\n@]{{0,30}}$", re.IGNORECASE)
_OWNS_AFTER = re.compile(
    r"""
    ^[\s,)]{0,3}(?:(?:as|is|will[ ]be|should[ ]be|=|to[ ]be)\s+)?(?:the[ ]|our[ ]|its[ ]|an?[ ])?
    (?:\w+[ ])?(?:owner\b|owns\b|\(owner\)|responsible|own[ ]it)
    |^\s*\(owner\)|^\s+(?:as|is|will[ ]be)[ ](?:the[ ])?(?:contact|responsible)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COST_CENTER = re.compile(
    rf"""
    \b(?:{either("people", "cost_center")})\b[\s:=|#*]{{0,4}}
    (?:(?:of|for|on)[ ]
    (?:it|(?:the[ ]|this[ ])?(?:workspace|ws|(?:dbw|dbx|adb|ws|databricks)[-_][\w-]{{1,60}}))
    (?:\s?[:=]\s?|\s(?=(?:{either("people", "cost_center_links")})\b)))?
    (?:(?:{either("people", "cost_center_links")})[\s:=|#]{{1,3}}){{0,3}}
    (?P<code>(?:[A-Za-z]{{1,5}}[-_]?){{0,2}}\d[\w-]{{0,20}})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CHARGE = re.compile(
    r"""
    \b(?:charge|bill|book)(?:d|ed)?[ ](?:it[ ]|this[ ]|that[ ]|everything[ ])?(?:to|on|against)[ ]
    (?:cost[ ]cent(?:er|re)[ ])?(?P<code>[A-Za-z]{0,5}-?\d{3,}[\w-]{0,12})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CODE_FIRST = re.compile(
    r"(?<![\w.])(?P<code>(?:[A-Za-z]{1,4}-?)?\d{3,8})(?:,? (?:is|as) (?:the|our) |, | )cost cent(?:er|re)\b",
    re.IGNORECASE,
)
_TAGGED = re.compile(
    rf"""
    \b(?:tag(?:s|ged|ging)?|label(?:s|l?ed)?|etiquetas?)\b[\s:|*-]{{0,4}}
    (?:(?:{either("people", "tag_links")})\b[\s:]{{0,3}}){{0,5}}
    (?:(?:dbw|dbx|adb|ws|databricks)[-_][\w-]{{1,60}}[\s,]{{1,3}}(?:(?:with|as|by|and|:)\s{{0,2}})?){{0,9}}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ONE_PAIR = re.compile(
    r"""
    [\s,;&+{-]{0,12}(?:(?:and|also|plus)[ ]){0,2}(?:(?:the[ ])?(?:tags?|labels?)\s?:?[ ](?:it[ ])?)?[\"']?
    (?P<k>[A-Za-z][\w.-]{0,40})[\"']?\s{0,2}(?P<mark>[=:])\s{0,2}
    (?P<v>\"[^\"\n]{0,80}\"|'[^'\n]{0,80}'|[^\s,;|\"'(){}]{1,80})[\"']?
    """,
    re.VERBOSE,
)
_QUOTED_NAME = re.compile(
    r"""
    \b(?:call(?:ed)?|nam(?:e|ed)|rename)\b
    (?:[ ](?:it|them|this|the[ ]workspace|should[ ]be|is|to|of[ ]it|the[ ]ws)){0,3}[\s:=|]{1,3}
    (?P<name>\"[^\"\n]{1,80}\"|'[^'\n]{1,80}'|`[^`\n]{1,80}`)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PLAIN_NAME = re.compile(
    rf"""
    (?:{either("people", "plain_name")})\b[\s:=|]{{0,3}}(?:is[ ]|should[ ]be[ ]|shall[ ]be[ ]|to[ ]be[ ]|as[ ])?[\"'`]?
    (?P<name>(?:\$\{{|%\{{)[^\s,;]{{1,80}}|[^\s,;|\"'`]{{1,80}})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ODD_NAME = re.compile(
    r"\b(?:name|call) (?:it|this|the workspace)[\s:]{1,3}(?P<name>[^\w\s][^\n,]{0,60})", re.IGNORECASE
)
_AS_NAME = re.compile(
    r"(?P<name>[\w-]{3,64})[\"'`]? (?:as|is|for) (?:the |its |a )?(?:workspace )?name\b", re.IGNORECASE
)
_QUOTED = re.compile(r"[\"'`](?P<name>(?=[\w]{0,63}[-_])[A-Za-z][\w-]{2,63})[\"'`]")
SHAPED = re.compile(
    r"(?<![\w/.@-])(?P<name>(?:dbw|dbx|adb|ws|databricks|dbricks)[-_]"
    r"(?!(?:workspaces?|umgebung(?:en)?|arbeitsbereiche?s?)(?![\w-]))[\w-]{0,60}\w)(?![\w/@])",
    re.IGNORECASE,
)
_TEAM_BEFORE = re.compile(r"\b(?:team|squad|group|we are|we're|department|project)(?: is| are|'s)?\s*$", re.IGNORECASE)
_LIKE = re.compile(rf"\b(?:{either('people', 'like')})\W{{0,3}}$", re.IGNORECASE)
_WAYS = ((_QUOTED_NAME, 3), (_AS_NAME, 2), (_PLAIN_NAME, 3), (_ODD_NAME, 2), (_QUOTED, 2), (SHAPED, 2))
"""How names are said, the plainest first, each with its weight."""
_WAYS_UNCALLED = ((_QUOTED, 2), (SHAPED, 2))
_PRODUCT = ("workspace", "databricks", "ws")
"""Keys under which a sentence may stand as well as a name."""
_SHAPE = re.compile(r"[\w-]*[-_][\w-]*")
_KEY_MARK = re.compile(r"[\"']?\s{0,3}[:=]")
_DIGIT = re.compile(r"\d")
_CODE_NOUN = re.compile(r"^(?:cost cent(?:er|re)|cc|kostenstelle|no\.?|number)\s+", re.IGNORECASE)
_LONGEST_CODE = 40
"""Characters; a longer value under the key of a cost centre is a sentence."""
_NO_NAME = frozenset(table("people")["no_names"])
_PLACEHOLDER = re.compile(
    r"^(?:n/?a|none|tbd|-+|_+|\?+|any|default|auto|todo|keine?|no|empty|not yet|pending|open)\W*$", re.IGNORECASE
)


def people(page: Page) -> None:
    """Owner, cost centre, tags and name, in this order."""
    page.add(_tags(page))
    if _DIGIT.search(page.text):
        page.add(_cost_centers(page))
    page.add(_owners(page))
    page.add(_names(page))


def _owners(page: Page) -> Iterator[Mention]:
    for match in _EMAILS.finditer(page.text):
        address = match[0].rstrip(".")
        is_keyed = page.key_of(match.start()) == "owner"
        owns = (
            is_keyed
            or _OWNS_BEFORE.search(page.before(match.start(), 45))
            or _OWNS_AFTER.match(page.after(match.end()))
        )
        value = address.lower() if address.isupper() else address
        end = match.start() + len(address)
        yield Mention("owner" if owns else "address", value, match.start(), end, 5 if is_keyed else 2)


def _cost_centers(page: Page) -> Iterator[Mention]:
    taken = Taken(len(page.text))
    for pair in page.pairs("cost_center"):
        code = page.text[pair.start : pair.end].strip()
        if _DIGIT.search(code) and len(code) < _LONGEST_CODE and page.is_free(pair.start, pair.end):
            code = _CODE_NOUN.sub("", code)
            first = code.split()[0]
            code = first if re.fullmatch(r"[\w-]+", first) and _DIGIT.search(first) else code
            taken.add(pair.start, pair.end)
            yield Mention("cost_center", code.rstrip("."), pair.start, pair.end, 5)
    for pattern in (_COST_CENTER, _CHARGE, _CODE_FIRST):
        for match in pattern.finditer(page.text):
            if not taken.overlaps(*match.span("code")):
                yield Mention("cost_center", match["code"].rstrip("-"), match.start(), match.end())


def _tags(page: Page) -> Iterator[Mention]:
    spots = [(match.start(), match.end()) for match in _TAGGED.finditer(page.text)]
    spots += [(pair.key_start, pair.start) for pair in page.pairs("tags")]
    last = 0
    for start, at in sorted(set(spots)):
        if at < last:
            continue
        tags: dict[str, str] = {}
        end, mark = at, ""
        braced = page.text.find("}", at) if page.text[at : at + 2].lstrip().startswith("{") else -1
        while match := _ONE_PAIR.match(page.text, end):
            # "tag: a=b; name: dbw-x": what is joined by another sign is a key of its own.
            if match["k"].lower() in ("http", "https") or (
                end > at
                and match.start("k") > braced
                and (match["mark"] != mark or not _same_list(page, end, match.start("k"), start))
            ):
                break
            mark = match["mark"]
            # As it was written: "phase=two" is no 2.
            tags[match["k"]] = page.quote(*match.span("v")).strip("\"'").rstrip(".")
            end = match.end()
        if tags:
            last = end
            yield Mention("tags", dict(tags), start, end, 3)


def _same_list(page: Page, end: int, following: int, key: int) -> bool:
    """Pairs on the next lines are tags too only where they stand indented below the key."""
    between = page.text[end:following]
    if "\n" not in between:
        return True
    line = page.text.rfind("\n", 0, key) + 1
    indent = len(page.text[line:key]) - len(page.text[line:key].lstrip(" \t-"))
    return len(between[between.rfind("\n") + 1 :]) > indent


_REMARK = re.compile(r"\s\(")
"""Behind a name under its key: "dbw-elm (not dbw-oak)"."""


def _names(page: Page) -> Iterator[Mention]:
    taken = Taken(len(page.text))
    for pair in page.pairs("workspace_name"):
        name = _REMARK.split(page.text[pair.start : pair.end], maxsplit=1)[0].strip(" \"'`")
        if not name or _PLACEHOLDER.match(name) or not page.is_free(pair.start, pair.end):
            continue
        if pair.key.strip().lower() in _PRODUCT and not _SHAPE.fullmatch(name):
            continue
        taken.add(pair.start, pair.end)
        yield _named(name, pair.start, pair.end, weight=5)
    folded = page.text.lower()
    is_called = "name" in folded or "call" in folded
    for pattern, weight in _WAYS if is_called else _WAYS_UNCALLED:
        for match in pattern.finditer(page.text):
            start, end = match.span("name")
            name = match["name"].strip("\"'`").rstrip(".!?:)").lstrip("(")
            if taken.overlaps(start, end) or not _is_name(page, match, name):
                continue
            taken.add(start, end)
            if _is_anothers(page, match):
                yield Mention("other_name", name, start, end)
            else:
                yield _named(name, start, end, weight=weight)


def _is_name(page: Page, match: re.Match[str], name: str) -> bool:
    """False for words of the sentence, for keys, and for a team after "team ..."."""
    pattern = match.re
    start, end = match.span("name")
    if not name or "@" in name or name.lower() in _NO_NAME or _PLACEHOLDER.match(name):
        return False
    if pattern is SHAPED and page.layout.pairs and _KEY_MARK.match(page.after(end, 5)):
        return False
    if pattern is _QUOTED and (
        _is_keyed(page, start, end) or SIZE.fullmatch(name) or (page.layout.pairs and not SHAPED.fullmatch(name))
    ):
        return False
    if pattern in (_PLAIN_NAME, _AS_NAME) and not _is_namelike(name, match[0]):
        return False
    return page.is_free(start, end) and not _TEAM_BEFORE.search(page.before(match.start(), 24))


def _is_anothers(page: Page, match: re.Match[str]) -> bool:
    """True for a workspace that is only spoken of: "like dbw-sales-dev"."""
    start = match.start("name")
    if match.re is SHAPED and page.clauses.is_elsewhere(start):
        return True
    if match.re is _QUOTED_NAME or not _LIKE.search(page.before(start)):
        return False
    return not re.search(r"call|name", match[0], re.IGNORECASE)


def _is_keyed(page: Page, start: int, end: int) -> bool:
    """True for a key, and for the value of one that names another field."""
    return re.match(r"[\"'`]?\s{0,3}[:=]", page.after(end, 5)) is not None or page.key_of(start) != ""


def _is_namelike(name: str, whole: str) -> bool:
    """A name after "called" alone has a shape; after "call it" anything is one."""
    if re.search(
        r"\b(?:call|name) (?:it|this|the)|workspace name|be called|name (?:is|should|shall|will|must)",
        whole,
        re.IGNORECASE,
    ):
        return True
    return bool(re.search(r"[-_\d$%{]", name))


def _named(name: str, start: int, end: int, *, weight: float) -> Mention:
    """A name; one that Azure refuses has no value and is asked, with one that would do, whatever the text around it
    says.
    """
    if NAME.fullmatch(name):
        return Mention("workspace_name", name, start, end, weight)
    return Mention("workspace_name", None, start, end, weight, (workspace_name_like(name),))
