"""Mail: what of it is said now, what is quoted, and what is no message at all."""

import re
from bisect import bisect_right

from plugins.parse.layout.sheet import Sheet, lines_of
from plugins.parse.vocabulary import either

_HEADER = re.compile(
    r"^[ \t]*(?:from|to|cc|bcc|sent|date|reply-to|von|an|datum|gesendet|de|para)[ \t]*:[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_SUBJECT = re.compile(
    r"^[ \t]*(?:subject|betreff|re|fw|fwd|aw|objet|asunto)[ \t]*:(?:[ \t]*(?:re|fw|fwd|aw):)*",
    re.IGNORECASE | re.MULTILINE,
)
_ANY_HEADER = re.compile(
    r"[ \t]*(?:from|to|cc|bcc|sent|date|reply-to|von|an|datum|subject|betreff|re|fw|fwd|aw)[ \t]*:", re.IGNORECASE
)
_GREETING = re.compile(
    rf"""
    \A\W{{0,4}}(?:{either("mail", "greeting")})\s
    (?:[\w-]{{1,20}}\s){{0,3}}
    (?:team|all|folks|everyone|colleagues|support|desk|admins?|guys|people)\s?(?=[,!\n])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_QUOTE_MARKS = re.compile(r"^[ \t]*((?:>[ \t]?)+)", re.MULTILINE)
_UPDATE = re.compile(r"^[ \t>]*(?:update|edit|correction|changed?|addendum|ps|new)\b", re.IGNORECASE)
"""Quote marks before an update are no quote: it is later than what stands above."""

_TWO_HEADERS = re.compile(
    r"""
    ^[ \t]*(?:From|Von|De):[^\n]*\n
    [ \t]*(?:Sent|Date|To|Cc|Gesendet|An|Datum|Enviado|Para|Envoyé|À):[^\n]*
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_FORWARDED = re.compile(
    r"""
    ^[ \t]*-{2,}[ \t]*(?:forwarded|original|weitergeleitete|urspr\w+)[ \w]{0,20}-{2,}[ \t]*$
    |^[ \t>]*(?:on|am|le|el)[ ][^\n]{5,80}(?:wrote|schrieb|écrit|escribió):?[ \t]*$
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_SIGN_OFF = re.compile(rf"^[ \t]*(?:{either('mail', 'sign_off')})[ \t]*[,.!]?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_AFTER_SIGNATURE = re.compile(r"\n[ \t]*\n(?=[^\n]*\S)|\n[ \t]*(?:>|-{2,})")
_MOST_SIGNED = 6
"""Lines after a sign-off that are a signature; a longer text goes on."""
_LOOKED_AT = 10
"""Lines after a sign-off that are looked at for its end: enough to tell a signature from a text that goes on."""


def older_lines(text: str) -> list[tuple[int, int, int]]:
    """Lines that are quoted or stand below the announcement of a forwarded mail: start, end, and how deep."""
    announced = _announcements(text)
    older: list[tuple[int, int, int]] = []
    for at, line in lines_of(text):
        quotes = None if _UPDATE.match(line) else _QUOTE_MARKS.match(line)
        depth = bisect_right(announced, at) + (quotes[1].count(">") if quotes else 0)
        if depth and line.strip():
            older.append((at, at + len(line), depth))
    return older


def _announcements(text: str) -> list[int]:
    """Where lines end that announce a forwarded mail: a rule, a "wrote:", or another mail's headers."""
    first_words = next((at for at, line in lines_of(text) if line.strip() and not _ANY_HEADER.match(line)), len(text))
    spans = sorted(
        m.span() for pattern in (_FORWARDED, _TWO_HEADERS) for m in pattern.finditer(text) if m.start() > first_words
    )
    ends: list[int] = []
    for start, end in spans:
        if ends and not text[ends[-1] : start].strip(" \t\n-_"):
            continue  # the rule and the headers below it announce one mail
        ends.append(end)
    return ends


def open_mail(sheet: Sheet) -> None:
    """Blanks the greeting to all and the announcements of forwarded mails."""
    for pattern in (_GREETING, _FORWARDED):
        sheet.blank_every(pattern)


def strip_mail(sheet: Sheet, older: list[tuple[int, int, int]]) -> None:
    """Blanks headers, the marks of subjects and quotes, and signatures."""
    text = sheet.text
    headers = list(_HEADER.finditer(text))
    quoted = {start for start, *_ in older}
    is_mail = len(headers) > 1 or _SUBJECT.search(text)
    for header in headers:
        if is_mail or header.start() in quoted:
            sheet.blank(header.start(), header.end())
    for pattern in (_SUBJECT, _QUOTE_MARKS):
        sheet.blank_every(pattern)
    _unsign(sheet)


def _unsign(sheet: Sheet) -> None:
    text = sheet.text
    first_word = len(text) - len(text.lstrip())
    for match in _SIGN_OFF.finditer(text):
        limit = _lines_on(text, match.end())
        stop = _AFTER_SIGNATURE.search(text, match.end(), limit)
        end = stop.start() if stop else limit
        signed = sum(1 for line in text[match.end() : end].split("\n") if line.strip())
        if signed <= _MOST_SIGNED and first_word < match.start():
            sheet.blank(match.start(), end)


def _lines_on(text: str, at: int) -> int:
    """The end of the lines that are looked at from here on."""
    for _ in range(_LOOKED_AT):
        at = text.find("\n", at) + 1
        if not at:
            return len(text)
    return at
