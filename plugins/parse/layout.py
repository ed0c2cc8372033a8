"""How a text is laid out: what is said now and what is quoted, which words stand for a key and which are its value.

Nothing is cut out: what states nothing is blanked, so that every later stage speaks of the same characters.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from plugins.parse.vocabulary import alternatives, either, table

_MOST_ROWS = 400
"""Workspaces in one message: the largest batch (contract, section 4)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A key with its value. `field` is "" for a key that no table knows; `start` and `end` are the value's."""

    field: str
    key: str
    key_start: int
    start: int
    end: int
    row: int | None = None


@dataclass(frozen=True)
class Layout:
    """`text` with what states nothing blanked. `rows` are where the lines of a table or the items of a list stand,
    one a workspace. `older` are where quoted messages stand and how deep, which what is said later overrides.
    """

    text: str
    pairs: tuple[Pair, ...] = ()
    rows: tuple[tuple[int, int], ...] = ()
    older: tuple[tuple[int, int, int], ...] = ()
    unknown: tuple[tuple[int, int], ...] = ()


_BOX = re.compile(r"\[(?P<square>[ xX✓✔_]?)\]|(?P<off>[☐□▢])|(?P<on>[☑☒✅■])|\((?P<round>[ xX])\)")
_FENCE = re.compile(r"^[ \t]*```[\w-]*[ \t]*$", re.MULTILINE)
_CODE_COMMENT = re.compile(r"(?:^|(?<=[ \t,]))(?:#|//)(?!\d)[^\n]*", re.MULTILINE)
_KEYED_LINE = re.compile(
    r"^[ \t>*•|-]*[\"']?(?P<key>[^\W\d_][^\n:=|?]{0,40}?)[\"']?[ \t*]*(?P<mark>:=|[:=]|\s[–-]\s|\|)", re.MULTILINE
)
_INLINE = re.compile(
    r"""
    (?:^|(?<=[.;,({|/\n\"'*]))[ \t\"'*]*(?:[-•+][ \t]+|\(?\d{1,3}[.)][ \t]+)?[\"'*]*
    (?P<key>(?:(?:min|max|no)\.[ ]?)?[^\W\d_][\w /()'-]{0,40}?)[\"']?[*]*[ \t]*
    (?::|=|->|[ \t][–-](?=[ \t])|[ \t]-(?=[ \t]))
    """,
    re.VERBOSE,
)
_EQUATED = re.compile(r"(?<=\s)(?P<key>[A-Za-z_][\w-]{1,30})=(?=\S)")
_TAGGED = re.compile(r"\b(?:tag(?:s|ged)?|labels?)\b[^\n]*", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"^[ \t]*[\[【](?P<key>[^\]】\n]{2,40})[\]】][ \t:]*", re.MULTILINE)
_LEADING = re.compile(r"^[ \t]*[^\W\d_][\w /-]{1,30}?[ \t]*(?P<dots>[.…_]{3,})(?=[ \t]*[^\s:|.])", re.MULTILINE)
_LEADERS = re.compile(r"[.…_]{3,}(?=\s*[:|])")
_HEADING = re.compile(
    r"^[ \t]*(?:#{1,6}|\*\*)[ \t]*(?P<key>[^\n:*#]{2,60}?)[ \t]*(?:\*\*)?[ \t:?]*\n+(?P<value>[^\n#]+)", re.MULTILINE
)
_ITEM = re.compile(r"^[ \t]*(?:\(?\d{1,3}[.):]|[-*+•]|\(?[a-z][.)])[ \t]+(?=\S)", re.MULTILINE | re.IGNORECASE)
_MAIL_HEADER = re.compile(
    r"^[ \t]*(?:from|to|cc|bcc|sent|date|reply-to|von|an|datum|gesendet|de|para)[ \t]*:[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_SUBJECT = re.compile(
    r"^[ \t]*(?:subject|betreff|re|fw|fwd|aw|objet|asunto)[ \t]*:(?:[ \t]*(?:re|fw|fwd|aw):)*",
    re.IGNORECASE | re.MULTILINE,
)
_GREETING = re.compile(
    rf"""
    \A\W{{0,4}}(?:{either("mail", "greeting")})\s(?:[\w-]{{1,20}}\s){{0,3}}
    (?:team|all|folks|everyone|colleagues|support|desk|admins?|guys|people)\s?(?=[,!\n])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED = re.compile(r"^[ \t]*((?:>[ \t]?)+)", re.MULTILINE)
_HEADERS = re.compile(
    r"^[ \t]*(?:From|Von|De):[^\n]*\n[ \t]*(?:Sent|Date|To|Cc|Gesendet|An|Datum|Enviado|Para|Envoyé|À):[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_ANY_HEADER = re.compile(
    r"[ \t]*(?:from|to|cc|bcc|sent|date|reply-to|von|an|datum|subject|betreff|re|fw|fwd|aw)[ \t]*:", re.IGNORECASE
)
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_UPDATE = re.compile(r"^[ \t>]*(?:update|edit|correction|changed?|addendum|ps|new)\b", re.IGNORECASE)
"""Quote marks before an update are no quote: it is later than what stands above."""
_FORWARDED = re.compile(
    r"""
    ^[ \t]*-{2,}[ \t]*(?:forwarded|original|weitergeleitete|urspr\w+)[ \w]{0,20}-{2,}[ \t]*$
    |^[ \t>]*(?:on|am|le|el)[ ][^\n]{5,80}(?:wrote|schrieb|écrit|escribió):?[ \t]*$
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_SIGN_OFF = re.compile(rf"^[ \t]*(?:{either('mail', 'sign_off')})[ \t]*[,.!]?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_AFTER_SIGNATURE = re.compile(r"\n[ \t]*\n(?=[^\n]*\S)|\n[ \t]*(?:>|-{2,})")
_LAST_LINES = 6
"""Lines after a sign-off that are a signature; a longer text goes on."""


def layout_of(text: str) -> Layout:
    """The text's layout. Linear in its length."""
    older = _older(text)
    blank = _Blank(text)
    for found in _LEADING.finditer(text):
        blank.out(found.start("dots"), found.end("dots"))
        blank.put(found.start("dots"), ":")
    for pattern in (_LEADERS, _GREETING, _FENCE, _FORWARDED):
        blank.every(pattern)
    _mail(blank, older)
    code = _is_code(text)
    if code:
        blank.every(_CODE_COMMENT)
    _boxes(blank)
    rows, pairs = _table(blank)
    if not rows:
        pairs = _pairs(blank, code=code)
        rows = _items(blank.text)
    return Layout(blank.text, tuple(pairs), tuple(rows[:_MOST_ROWS]), tuple(older), tuple(blank.unknown))


class _Blank:
    """A text of which parts are blanked; lines stay lines."""

    def __init__(self, text: str) -> None:
        self._pieces = list(text)
        self.unknown: list[tuple[int, int]] = []
        self._text: str | None = text

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = "".join(self._pieces)
        return self._text

    def out(self, start: int, end: int, mark: str = " ") -> None:
        for at in range(start, end):
            if self._pieces[at] != "\n":
                self._pieces[at] = mark
        self._text = None

    def put(self, at: int, mark: str) -> None:
        self._pieces[at] = mark
        self._text = None

    def every(self, pattern: re.Pattern[str]) -> None:
        for found in pattern.finditer(self.text):
            self.out(found.start(), found.end())


def _older(text: str) -> list[tuple[int, int, int]]:
    """Lines that are quoted or stand below a line that announces a forwarded message, and how deep."""
    found: list[tuple[int, int, int]] = []
    announced = _announcements(text)
    at = passed = 0
    for line in text.split("\n"):
        while passed < len(announced) and at >= announced[passed]:
            passed += 1
        quotes = None if _UPDATE.match(line) else _QUOTED.match(line)
        depth = passed + (quotes[1].count(">") if quotes else 0)
        if depth and line.strip():
            found.append((at, at + len(line), depth))
        at += len(line) + 1
    return found


def _announcements(text: str) -> list[int]:
    """Where lines end that announce a forwarded message: a rule, a "wrote:", or another mail's headers."""
    first_words = next((m.start() for m in _LINE.finditer(text) if not _ANY_HEADER.match(m[0])), len(text))
    found = sorted(
        m.span() for pattern in (_FORWARDED, _HEADERS) for m in pattern.finditer(text) if m.start() > first_words
    )
    ends: list[int] = []
    for start, end in found:
        if ends and not text[ends[-1] : start].strip(" \t\n-_"):
            continue  # the rule and the headers below it announce one message
        ends.append(end)
    return ends


def _mail(blank: _Blank, older: Sequence[tuple[int, int, int]]) -> None:
    """Headers, subject marks, quote marks and signatures."""
    text = blank.text
    headers = list(_MAIL_HEADER.finditer(text))
    quoted = {start for start, *_ in older}
    is_mail = len(headers) > 1 or _SUBJECT.search(text)
    for found in headers:
        if is_mail or text.rfind("\n", 0, found.start()) + 1 in quoted:
            blank.out(found.start(), found.end())
    for pattern in (_SUBJECT, _QUOTED):
        blank.every(pattern)
    text = blank.text
    first_word = re.search(r"\S", text)
    for found in _SIGN_OFF.finditer(text):
        stop = _AFTER_SIGNATURE.search(text, found.end())
        end = stop.start() if stop else len(text)
        lines = sum(1 for line in text[found.end() : end].split("\n", _LAST_LINES + 3) if line.strip())
        if lines <= _LAST_LINES and first_word and first_word.start() < found.start():
            blank.out(found.start(), end)


def _is_code(text: str) -> bool:
    """True for YAML, JSON, HCL and the like: fenced, bracketed, or most lines a key and a bare value."""
    if "```" in text or re.search(r"^\s*(?:resource|module|variable|locals)\b[^\n]{0,80}\{", text, re.MULTILINE):
        return True
    stripped = text.strip()
    if stripped[:1] in "{[" and stripped[-1:] in "}]":
        return True
    lines = [line for line in text.split("\n") if line.strip()]
    keyed = sum(bool(re.match(r"\s*(?:- )?[\w-]{2,30}\s*[:=](?:\s|$)", line)) for line in lines)
    return (
        len(lines) > 2
        and keyed * 3 >= len(lines) * 2
        and bool(re.search(r"^[ \t]+[\w-]+\s*[:=]|_\w+\s*[:=]", text, re.MULTILINE))
    )


def _boxes(blank: _Blank) -> None:
    """Of boxes to tick only the ticked ones speak: "[ ] dev [x] staging" says staging."""
    text = blank.text
    found = list(_BOX.finditer(text))
    if not any(_is_on(box) for box in found):
        todo = sum(not text[text.rfind("\n", 0, box.start()) + 1 : box.start()].strip(" \t-*•") for box in found)
        if todo * 2 > len(found):
            for box in found:
                blank.out(box.start(), box.end())
            return
        if len(found) < 2 or not any(box["square"] is not None or box["off"] for box in found):  # noqa: PLR2004
            return
    ticked = any(_is_on(box) for box in found)
    for number, box in enumerate(found):
        line_end = text.find("\n", box.end())
        end = len(text) if line_end < 0 else line_end
        if number + 1 < len(found):
            end = min(end, found[number + 1].start())
        if _is_on(box):
            blank.out(box.start(), box.end())
        elif box["round"] is None or ticked:
            blank.out(box.start(), end)


def _is_on(box: re.Match[str]) -> bool:
    said = (box["square"] or box["round"] or "").strip()
    return bool(box["on"]) or said in ("x", "X", "✓", "✔")


def _table(blank: _Blank) -> tuple[list[tuple[int, int]], list[Pair]]:
    """The rows of a table whose first line names fields, each cell with its column's key."""
    text = blank.text
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    for number, (start, line) in enumerate(lines):
        mark = next((m for m in ("|", "\t", ";", ",") if line.count(m) > (1 if m != "\t" else 0)), None)
        if mark is None:
            continue
        columns = [cell for cell in _cells(line, start, mark)]
        fields = [_field(text[a:b]) for a, b in columns]
        known = len({field for field in fields if field})
        if known < 2 or known * 3 < len(columns) * 2:  # noqa: PLR2004 - two columns make a table
            continue
        rows: list[tuple[int, int]] = []
        pairs: list[Pair] = []
        for row_start, row in lines[number + 1 :]:
            if re.fullmatch(r"[\s|:+,;-]*", row):
                if rows and not row.strip():
                    break
                continue
            cells = _cells(row, row_start, mark)
            if len(cells) < 2 or len(cells) > len(columns):  # noqa: PLR2004
                break
            for (a, b), field, (ka, kb) in zip(cells, fields, columns, strict=False):
                if b > a:
                    pairs.append(Pair(field, text[ka:kb], a, a, b, len(rows)))
            rows.append((row_start, row_start + len(row)))
        if rows:
            blank.out(start, start + len(line), "\u00a4" if mark != "|" else " ")
            for pair in pairs:
                if not pair.field:
                    blank.unknown.append((pair.start, pair.end))
                    blank.out(pair.start, pair.end)
            return rows, [_with_unit(pair) for pair in pairs if pair.field]
    return _two_columns(lines, text)


def _two_columns(lines: Sequence[tuple[int, str]], text: str) -> tuple[list[tuple[int, int]], list[Pair]]:
    """A table of fields and values, a line a field: "| Team | Solar |"."""
    pairs: list[Pair] = []
    for start, line in lines:
        for mark in ("|", "\t"):
            cells = [cell for cell in _cells(line, start, mark) if cell[1] > cell[0]] if mark in line else []
            if len(cells) == 2 and (field := _field(text[cells[0][0] : cells[0][1]])):  # noqa: PLR2004
                pairs.append(Pair(field, text[cells[0][0] : cells[0][1]], cells[0][0], *cells[1]))
    return [], pairs if len(pairs) > 1 else []


def _with_unit(pair: Pair) -> Pair:
    return pair


def _cells(line: str, start: int, mark: str) -> list[tuple[int, int]]:
    """Where the cells of a line stand, blanks around them left out."""
    inner = line
    offset = 0
    if mark == "|":
        offset = len(line) - len(line.lstrip(" \t|"))
        inner = line.strip(" \t").removeprefix("|")
        offset = line.find("|") + 1 if line.lstrip().startswith("|") else 0
        inner = line[offset:].rstrip()
        inner = inner.removesuffix("|")
    found: list[tuple[int, int]] = []
    at = start + offset
    for cell in inner.split(mark):
        left = len(cell) - len(cell.lstrip(" \"'`*"))
        right = len(cell.rstrip(" \"'`*"))
        found.append((at + left, at + max(left, right)))
        at += len(cell) + 1
    return found


def _pairs(blank: _Blank, *, code: bool) -> list[Pair]:
    """Keys and their values, wherever they stand: a line each, in a row, or as a heading and what follows it."""
    text = blank.text
    found: list[Pair] = _two_columns(_lines(text), text)[1]
    taken = {pair.key_start for pair in found}
    for match in _HEADING.finditer(text):
        if field := _field(match["key"]):
            found.append(Pair(field, match["key"], match.start("key"), match.start("value"), match.end("value")))
            taken.add(match.start("key"))
    inline = [(m.start("key"), m["key"], m.end()) for m in _INLINE.finditer(text) if m.start("key") not in taken]
    seen = {start for start, *_ in inline}
    tagged = [found.span() for found in _TAGGED.finditer(text)]
    inline += [(m.start("key"), m["key"], m.end()) for m in _IN_BRACKETS.finditer(text)]
    inline += [
        (m.start("key"), m["key"], m.end())
        for m in _EQUATED.finditer(text)
        if m.start("key") not in taken | seen and not any(a < m.start() < b for a, b in tagged)
    ]
    inline.sort()
    keys = [(start, key.strip(), end, _field(key)) for start, key, end in inline]
    known = [row for row in keys if row[3]]
    lines = [start for start, *_ in keys if not text[text.rfind("\n", 0, start) + 1 : start].strip(" \t>*-•\"'{")]
    inside = 0
    for number, (start, key, end, field) in enumerate(keys):
        at_line = start in lines
        if start < inside or (not field and any(a < start < b for a, b in tagged)):
            continue
        if field == "tags" and (below := _indented_below(text, start, end) or _braced(text, end)):
            inside = below
            found.append(Pair(field, key, start, end, below))
            continue
        if not field and not (code and at_line and not _is_prose_key(key)) and not _is_clerical(key):
            continue
        stop = _value_end(
            text,
            end,
            [row[0] for row in keys[number + 1 : number + 12] if row[3] or code],
            code=code,
            known=bool(known) and len(known) > 1,
        )
        value = text[end:stop]
        left, right = (
            len(value) - len(value.lstrip(" \t\"'*`|")),
            len(value.rstrip(" \t\"'*`,;|}])" if code else " \t\"'*`,;|")),
        )
        pair = Pair(field, key, start, end + left, end + max(left, right))
        if field:
            found.append(pair)
        elif value.strip() and len(value) < 120 and not _asks_for_more(value):  # noqa: PLR2004 - a longer value is prose, and is read
            blank.unknown.append((pair.start, pair.end))
            blank.out(start, stop)
    return sorted(found, key=lambda pair: pair.start)


def _braced(text: str, start: int) -> int:
    """Where a value in braces ends; 0 when it is in none."""
    if not text[start : start + 3].lstrip().startswith("{"):
        return 0
    return text.find("}", start) + 1


def _indented_below(text: str, start: int, end: int) -> int:
    """Where the lines end that stand indented below a key without a value; 0 when there are none."""
    line_end = text.find("\n", end)
    if line_end < 0 or text[end:line_end].strip(" \t{[|"):
        return 0
    indent = start - (text.rfind("\n", 0, start) + 1)
    at = line_end + 1
    last = 0
    for line in text[at:].split("\n"):
        if line.strip() and len(line) - len(line.lstrip(" \t-")) <= indent:
            break
        if line.strip():
            last = at + len(line)
        at += len(line) + 1
    return last


def _asks_for_more(value: str) -> bool:
    """True for a value that holds a wish which fits no field: it is kept in the person's words."""
    return _extra_words().search(value) is not None


@cache
def _extra_words() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{alternatives(table('extras')['words'])})(?![\w-])", re.IGNORECASE)


def _lines(text: str) -> list[tuple[int, str]]:
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    return lines


def _value_end(text: str, start: int, next_keys: Sequence[int], *, code: bool, known: bool) -> int:
    """A value goes on to the end of its line, or to the next key that stands in it."""
    line = text.find("\n", start)
    end = len(text) if line < 0 else line
    following = next((key for key in next_keys if key < end), None)
    if following is not None:
        end = following
        while end > start and text[end - 1] in " \t\"'*.;,|/({":
            end -= 1
        return end
    if (mark := text.find(";", start, end)) >= 0:
        return mark
    if (sentence := re.search(r"[.!?](?=\s)|,(?=\s*\")|\s\||\s/\s", text[start:end])) and known:
        return start + sentence.start()
    return end


def _is_clerical(key: str) -> bool:
    """Keys of a ticket that say nothing of a workspace: who filed it, when, and where it stands."""
    return key.strip().lower() in _clerical()


@cache
def _clerical() -> frozenset[str]:
    return frozenset(table("keys")["clerical"])


def _is_prose_key(key: str) -> bool:
    """Keys that introduce prose: what follows is read as if they were not there."""
    return bool(_prose_keys().search(key)) or len(key.split()) > 5  # noqa: PLR2004


@cache
def _prose_keys() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in table("keys")["prose"])
    return re.compile(
        rf"(?:^|\W)(?:{words})\W*$|^\W*(?:comments?|notes?|remarks?|description|update|info|details)\b", re.IGNORECASE
    )


@cache
def _keys() -> dict[str, str]:
    return {key: field for field, keys in table("keys")["fields"].items() for key in keys}


def _field(key: str) -> str:
    """The field that a key names; "" when it names none."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", re.sub(r"\(.*?\)|\?", "", key))
    folded = re.sub(r"[\s_*\"'`.-]+", " ", apart).strip().lower()
    folded = (
        re.sub(r"^(?:dbx|databricks|dbw|brickie|ws|workspace|tf var|app|var) (?=\w)", "", folded)
        if folded not in _keys()
        else folded
    )
    if folded in _keys():
        return _keys()[folded]
    if any(c.isdigit() for c in folded):
        return ""
    folded = re.sub(
        r"^(?:the|our|your|preferred|requested|required|target|azure|desired|proposed|databricks|and|with) ", "", folded
    )
    folded = (
        re.sub(r" (?:required|requested|needed|preferred|wanted|name)$", "", folded)
        if folded not in _keys()
        else folded
    )
    folded = folded[:-1] if folded.endswith("s") and folded not in _keys() else folded
    return _keys().get(folded, "") or _resembling(folded)


_HEADS = (
    ("cost_center", r"\bcost cent(?:er|re)\b|\bcharge (?:code|to)\b|\bkostenstelle\b"),
    ("cost_limit", r"\bbudget\b|\bcost (?:limit|cap|ceiling)\b|\bspend(?:ing)? (?:limit|cap)\b|\bmax(?:imum)? (?:monthly )?(?:cost|spend|price)\b"),
    ("min_workers", r"\bmin(?:imum)?\b.*\b(?:workers|nodes)\b|\b(?:workers|nodes)\b.*\bmin(?:imum)?\b(?!.*max)"),
    ("max_workers", r"\bmax(?:imum)?\b.*\b(?:workers|nodes)\b|\b(?:workers|nodes)\b.*\bmax(?:imum)?\b(?!.*min)"),
    ("environment", r"\benv(?:ironment)?\b"),
    ("region", r"\b(?:region|location)\b"),
    ("workload_type", r"\b(?:workload|purpose|use case|used for|type of (?:work|use))\b"),
    ("node_type", r"\b(?:vm|node|machine|instance) (?:type|size|sku)\b"),
    ("workers", r"\b(?:workers|nodes)\b"),
    ("hours_per_week", r"\bhours\b"),
    ("expires_in_days", r"\b(?:expir\w+|lifetime|duration|end date|ttl|needed until)\b"),
    ("owner", r"\bowner\b"),
    ("enable_gpu", r"\bgpus?\b"),
    ("spot", r"\bspot\b"),
    ("photon", r"\bphoton\b"),
    ("network", r"\b(?:network|connectivity|private link|vnet)\b"),
    ("workspace_name", r"\b(?:workspace|resource) name\b|\bname of (?:the )?workspace\b"),
    ("team", r"^(?:requesting|requester|owning|owner|project|responsible|customer|user) team\b|^team (?:name|or|and|of|requesting)\b"),
)  # fmt: skip
"""Words by which a longer key is known, in the order in which they are looked for."""


@lru_cache(maxsize=4096)
def _resembling(key: str) -> str:
    """The field that a longer key speaks of: "budget ceiling", "number of worker nodes"."""
    if not 1 < len(key.split()) < 6 or re.search(
        r"\b(?:we|i|is|are|need|needs|for|please|the team|our|with|in|new|want)\b", key
    ):  # noqa: PLR2004 - a key is short
        return ""
    return next((field for field, pattern in _HEADS if re.search(pattern, key)), "")


def _items(text: str) -> list[tuple[int, int]]:
    """Where the items of a list stand, each with what is indented below it."""
    starts = [found.start() for found in _ITEM.finditer(text)]
    if len(starts) < 2:  # noqa: PLR2004 - one item is no list
        return []
    found: list[tuple[int, int]] = []
    for number, start in enumerate(starts):
        limit = starts[number + 1] if number + 1 < len(starts) else len(text)
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        found.append((start, min(end, limit)))
    return found
