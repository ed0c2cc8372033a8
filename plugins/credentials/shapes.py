"""Credentials that are known by their shape, whatever is written around them.

Shapes of issuers: gitleaks' rules (https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml, read
2026-11-29), where issuers publish none. Azure account keys: https://learn.microsoft.com/purview/
sit-defn-azure-storage-account-key-generic (read 2026-11-29).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plugins.credentials.kinds import (
    ACCOUNT_KEY,
    API_KEY,
    AWS,
    CHAT,
    CLIENT_SECRET,
    CONNECTION,
    DATABRICKS,
    GIT,
    PRIVATE_KEY,
    SIGNATURE,
    SIGNED,
    URL,
    CredentialKind,
    FoundCredential,
)
from plugins.credentials.labels import INNOCENT


@dataclass(frozen=True)
class _Shape:
    """`hints` are looked for first, in lower case: most messages hold none, and no pattern is then tried. What is
    `whole` is cut out with all that is written together with it.
    """

    kind: CredentialKind
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    whole: bool = False


_SHAPES = (
    _Shape(
        DATABRICKS,
        ("dapi", "dose", "dkea", "dsapi"),
        re.compile(r"(?<![0-9a-z])(?:dapi|dose|dkea|dsapi)[0-9a-f]{16,64}(?:-\d{1,2})?", re.IGNORECASE),
    ),
    _Shape(CLIENT_SECRET, ("q~",), re.compile(r"[\w~.-]{3}\dQ~[\w~.-]{20,40}")),
    _Shape(
        ACCOUNT_KEY,
        ("==", "jqqj9"),
        re.compile(
            r"(?<![A-Za-z0-9+/])(?<!sha512-)(?:[A-Za-z0-9+/]{86}==(?![A-Za-z0-9+/=])"
            r"|[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{20,40})"
        ),
    ),
    _Shape(
        CONNECTION,
        ("accountkey", "accesskey", "sharedaccesssignature"),
        re.compile(r"(?:AccountKey|AccessKey|SharedAccessSignature)\s{0,2}=\s{0,2}[^\s;,\"'`]{8}", re.IGNORECASE),
        whole=True,
    ),
    _Shape(SIGNATURE, ("sig=",), re.compile(r"(?<![A-Za-z0-9])sig=[\w%+/-]{12}", re.IGNORECASE), whole=True),
    _Shape(
        AWS,
        ("akia", "asia", "abia", "acca", "a3t"),
        re.compile(r"(?<![A-Za-z0-9])(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    ),
    _Shape(
        GIT,
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "azdo"),
        re.compile(
            r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{22,255}|glpat-[\w-]{20,64}"
            r"|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})"
        ),
    ),
    _Shape(
        CHAT,
        ("xox", "xapp-", "hooks.slack.com", "webhook.office.com"),
        re.compile(
            r"(?<![A-Za-z0-9])(?:xox[a-z]-[A-Za-z0-9-]{10,255}|xapp-\d-[A-Za-z0-9-]{10,255}"
            r"|hooks\.slack\.com/(?:services|workflows|triggers)/\S{20}|[\w-]{0,63}\.?webhook\.office\.com/\S{20})",
            re.IGNORECASE,
        ),
        whole=True,
    ),
    _Shape(
        SIGNED,
        ("eyj", "bearer", "basic "),
        re.compile(
            r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){0,3}"
            r"|\bbearer\s{1,3}(?=\D{0,100}\d)[\w.~+/=-]{16,}|\bauthorization['\"]?\s{0,2}:\s{0,2}['\"]?basic\s{1,3}\S{8,}",
            re.IGNORECASE,
        ),
    ),
    _Shape(
        PRIVATE_KEY,
        ("private key", "age-secret-key-", "putty-user-key"),
        re.compile(
            r"-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY[ A-Z]{0,20}-----(?:[^-]|-(?!----))*(?:-----END[ A-Z0-9]{0,60}-----)?"
            r"|AGE-SECRET-KEY-1[A-Z0-9]{30,80}|PuTTY-User-Key-File-[\s\S]*"
        ),
    ),
    _Shape(
        API_KEY,
        ("sk-", "sk_", "rk_", "aiza", "hf_", "npm_", "pypi-", "hvs.", "atlasv1", "dckr_pat_", "sg."),
        re.compile(
            r"(?<![\w-])(?:sk-[A-Za-z0-9]{16,255}|sk-[a-z]{2,10}-(?=[A-Za-z_-]{0,100}\d)[\w-]{20,255}"
            r"|[sr]k_(?:live|test)_\w{16,255}|AIza[\w-]{30,40}|hf_[A-Za-z0-9]{30,64}|npm_[A-Za-z0-9]{36}"
            r"|pypi-[\w-]{50,255}|hvs\.[\w-]{24,255}|[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,80}|dckr_pat_[\w-]{20,64}"
            r"|SG\.[\w-]{16,64}\.[\w-]{16,64})"
        ),
    ),
)
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])")
_URL_PASSWORD = re.compile(r"(?<=://)[^\s/:@\"'<>]{0,128}:([^\s/@\"'<>]{1,256})@")
_APART = frozenset("\"'`“”<>(),")


def shaped(text: str) -> Iterator[FoundCredential]:
    """The credentials whose shape gives them away; some may overlap."""
    folded = text.casefold()
    for shape in _SHAPES:
        # A look for a plain text is many times faster than a pattern, and most messages hold none of them.
        if any(map(folded.__contains__, shape.hints)):
            yield from _of_shape(text, shape)
    if "://" in text:
        for match in _URL_PASSWORD.finditer(text):
            if not INNOCENT.fullmatch(match[1]):
                yield FoundCredential(match.start(), match.end() - 1, URL)


def _of_shape(text: str, shape: _Shape) -> Iterator[FoundCredential]:
    is_any, after = False, 0
    while match := shape.pattern.search(text, after):
        is_any, start, after = True, match.start(), match.end()
        if shape.whole:
            start, after = _together(text, start, after)
        yield FoundCredential(start, after, shape.kind)
    if is_any and shape.kind is AWS:  # the id alone opens nothing: what does stands near it, and has no name of its own
        for match in _AWS_SECRET.finditer(text):
            yield FoundCredential(match.start(), match.end(), AWS)


def _together(text: str, start: int, end: int) -> tuple[int, int]:
    """Where that which is written together with this piece begins and ends."""
    while start > 0 and not text[start - 1].isspace() and text[start - 1] not in _APART:
        start -= 1
    while end < len(text) and not text[end].isspace() and text[end] not in _APART:
        end += 1
    return start, end
