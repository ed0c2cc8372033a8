"""A text with marks in the place of its credentials, and a text without those marks."""

import re
from collections.abc import Iterable

from plugins.credentials.kinds import KINDS, CredentialKind, FoundCredential
from plugins.credentials.labels import labelled
from plugins.credentials.sentences import SAYS
from plugins.credentials.shapes import shaped
from plugins.domain.errors import InvalidRequest

_MARK = re.compile(r"\[removed: ([^\[\]\n]{1,60})\]")
_HEAD = re.compile(
    r"(?:\btags?\s{1,3})?['\"`]?[\w.-]{1,64}['\"`]?\s{0,3}(?:=>|->|:=|[:=]|\bis\b)\s{0,3}['\"`“]?$|['\"`“]$",
    re.IGNORECASE,
)
_REACH = 160
"""Characters before a mark in which its name may stand."""


def credentials_in(text: str) -> tuple[FoundCredential, ...]:
    """The credentials of that text in their order; none overlaps another."""
    merged: list[FoundCredential] = []
    for credential in sorted((*shaped(text), *labelled(text)), key=lambda f: (f.start, -f.end)):
        last = merged[-1] if merged else None
        if last is None or credential.start >= last.end:
            merged.append(credential)
            continue
        # Two patterns met one credential: it is cut out whole, and named by the surest.
        surest = min(last.kind, credential.kind, key=KINDS.index)
        merged[-1] = FoundCredential(last.start, max(last.end, credential.end), surest)
    return tuple(merged)


def without_credentials(text: str) -> str:
    """The text with a mark in the place of each credential. Done again, it changes nothing."""
    pieces: list[str] = []
    after = 0
    for credential in credentials_in(text):
        pieces += [text[after : credential.start], f"[removed: {credential.kind.name}]"]
        after = credential.end
    return "".join((*pieces, text[after:])) if pieces else text


def removed_from(text: str) -> tuple[CredentialKind, ...]:
    """The kinds of credential whose marks stand in that text, each once, in their order."""
    names = dict.fromkeys(_MARK.findall(text)) if "[removed: " in text else {}
    return tuple(kind for name in names for kind in KINDS if kind.name == name)


def unmarked(text: str) -> str:
    """The text without its marks and what they were given to: "dev, tag token=[removed: …], 2 workers" is "dev, , 2
    workers". This is what is understood: of a credential, and of its name, nothing is used.
    """
    pieces: list[str] = []
    after = 0
    for mark in _MARK.finditer(text):
        before = text[after : mark.start()]
        near = before[-_REACH:]
        head = _HEAD.search(near)
        pieces += [before[: len(before) - len(near)] + (near[: head.start()] if head else near), " "]
        after = mark.end() + (text[mark.end() : mark.end() + 1] in ('"', "'", "`", "”"))
    return "".join((*pieces, text[after:]))


def demand_none(activity: str, texts: Iterable[str]) -> None:
    """Raises InvalidRequest, which names its kind and never the credential, where one of these holds any."""
    for text in texts:
        kinds = tuple(credential.kind for credential in credentials_in(text)) or removed_from(text)
        if kinds:
            raise SAYS.error(InvalidRequest, "leaked", activity=activity, name=kinds[0].name, rotate=kinds[0].rotate)
