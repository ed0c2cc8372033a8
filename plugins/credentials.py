"""Credentials that a person typed by mistake: found by their shape, and cut out before anything is kept.

Text in, the same text out with a mark in the place of each: "tag token=[removed: a Databricks token]". No guess by
randomness: a digest, a plan id, a GUID or an Azure id is as random as a key, and people type those every day.
Each pattern is linear: a repeat without a bound begins where its own characters cannot stand before it.

Shapes of issuers: gitleaks' rules (https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml, read
2026-11-29), where issuers publish none. Azure account keys: https://learn.microsoft.com/purview/
sit-defn-azure-storage-account-key-generic (read 2026-11-29). What is called a password is one whatever its shape.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plugins.domain.errors import InvalidRequest


@dataclass(frozen=True)
class Kind:
    """A sort of credential: what it is called, and how it is made worthless to whoever has read it."""

    name: str
    rotate: str


DATABRICKS = Kind("a Databricks token", "revoke it in the workspace (Settings, Developer, Access tokens)")
CLIENT_SECRET = Kind("an Azure client secret", "delete it under Certificates & secrets of its app registration")
ACCOUNT_KEY = Kind("an Azure account key", "regenerate it on the resource's page of access keys")
CONNECTION = Kind("a connection string with a key", "regenerate the key in it on the resource's page of access keys")
SIGNATURE = Kind("a shared access signature", "regenerate the key that signed it, or drop its stored access policy")
AWS = Kind("an AWS key", "deactivate it in IAM")
GIT = Kind("a Git token", "revoke it in the developer settings of its account")
CHAT = Kind("a chat token or webhook", "revoke it in the settings of its app")
SIGNED = Kind("a signed token", "end the session that it belongs to")
PRIVATE_KEY = Kind("a private key", "make a new pair, and have the old one trusted nowhere")
API_KEY = Kind("an API key", "revoke it where it was issued")
URL = Kind("a URL with a password", "change that password")
PASSWORD = Kind("a password or key", "change it wherever it is in use")

KINDS = (
    DATABRICKS, CLIENT_SECRET, ACCOUNT_KEY, CONNECTION, SIGNATURE, AWS, GIT, CHAT, SIGNED, PRIVATE_KEY, API_KEY, URL,
    PASSWORD,
)  # fmt: skip
"""The surest first: where two are found in one place, the first names it."""


@dataclass(frozen=True)
class _Shape:
    """`hints` are looked for first, in lower case: most messages hold none, and no pattern is then tried. What is
    `whole` is cut out with all that is written together with it.
    """

    kind: Kind
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    whole: bool = False


_SHAPES = (
    _Shape(
        DATABRICKS, ("dapi", "dose", "dkea", "dsapi"),
        re.compile(r"(?<![0-9a-z])(?:dapi|dose|dkea|dsapi)[0-9a-f]{16,64}(?:-\d{1,2})?", re.IGNORECASE),
    ),
    _Shape(CLIENT_SECRET, ("q~",), re.compile(r"[\w~.-]{3}\dQ~[\w~.-]{20,40}")),
    _Shape(
        ACCOUNT_KEY, ("==", "jqqj9"),
        re.compile(
            r"(?<![A-Za-z0-9+/])(?<!sha512-)(?:[A-Za-z0-9+/]{86}==(?![A-Za-z0-9+/=])"
            r"|[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{20,40})"
        ),
    ),
    _Shape(
        CONNECTION, ("accountkey", "accesskey", "sharedaccesssignature"),
        re.compile(r"(?:AccountKey|AccessKey|SharedAccessSignature)\s{0,2}=\s{0,2}[^\s;,\"'`]{8}", re.IGNORECASE),
        whole=True,
    ),
    _Shape(SIGNATURE, ("sig=",), re.compile(r"(?<![A-Za-z0-9])sig=[\w%+/-]{12}", re.IGNORECASE), whole=True),
    _Shape(
        AWS, ("akia", "asia", "abia", "acca", "a3t"),
        re.compile(r"(?<![A-Za-z0-9])(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    ),
    _Shape(
        GIT, ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "azdo"),
        re.compile(
            r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{22,255}|glpat-[\w-]{20,64}"
            r"|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})"
        ),
    ),
    _Shape(
        CHAT, ("xox", "xapp-", "hooks.slack.com", "webhook.office.com"),
        re.compile(
            r"(?<![A-Za-z0-9])(?:xox[a-z]-[A-Za-z0-9-]{10,255}|xapp-\d-[A-Za-z0-9-]{10,255}"
            r"|hooks\.slack\.com/(?:services|workflows|triggers)/\S{20}|[\w-]{0,63}\.?webhook\.office\.com/\S{20})",
            re.IGNORECASE,
        ),
        whole=True,
    ),
    _Shape(
        SIGNED, ("eyj", "bearer", "basic "),
        re.compile(
            r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){0,3}"
            r"|\bbearer\s{1,3}(?=\D{0,100}\d)[\w.~+/=-]{16,}|\bauthorization['\"]?\s{0,2}:\s{0,2}['\"]?basic\s{1,3}\S{8,}",
            re.IGNORECASE,
        ),
    ),
    _Shape(
        PRIVATE_KEY, ("private key", "age-secret-key-", "putty-user-key"),
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
)  # fmt: skip
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])")
_URL_PASSWORD = re.compile(r"(?<=://)[^\s/:@\"'<>]{0,128}:([^\s/@\"'<>]{1,256})@")

_WORDS = r"pass(?:words?|wd|phrase|code|wort)|pwd|kennwort|contrase(?:ñ|n)a|mot de passe|senha"
_NAMED = (
    rf"(?P<sure>{_WORDS}|(?:client|app|shared|consumer)?[ _-]?secret(?:[ _-]?(?:value|(?:access[ _-]?)?key))?"
    r"|(?:api|access|account|storage|shared|private|subscription|openai|master|encryption)[ _-]?(?:access[ _-]?)?key\d?"
    r"|(?:api|access|auth|refresh|bearer|sas|personal access)[ _-]?token)|(?P<perhaps>token|credentials?|(?<![a-z])pat)"
)
_SUFFIX = r"(?:[_-][\w-]{1,30}|\d{1,3})?"
_WHOSE = r"(?:\s(?:for|of|to|für|de|para|pour)\s[^\n:=]{1,40}?|\s?\([^\n()]{1,40}\))?"
_VALUE = r"(?P<value>\"[^\"\n]{1,300}\"|'[^'\n]{1,300}'|`[^`\n]{1,300}`|“[^”\n]{1,300}”|(?!\[removed: )[^\s\"'`“]\S*)"
_LABELLED = re.compile(
    rf"(?:{_NAMED}){_SUFFIX}['\"`]?{_WHOSE}(?:[^\S\n]{{0,3}}(?:(?P<sign>:=|=>|->|[:=])\s{{0,3}}"
    rf"|(?P<verb>[^\S\n](?:is|was|are|ist|lautet|es|est)\b)[^\S\n]{{0,3}})|(?P<blank>[^\S\n]{{1,3}})){_VALUE}",
    re.IGNORECASE,
)
_LABELS = ("pass", "pwd", "secret", "token", "key", "credential", "pat", "kennwort", "contrase", "senha")
_INNOCENT = re.compile(
    r"true|false|yes|no|none|null|nil|n/?a|ok|required|optional|needed|unknown|missing|empty|tbd|todo|later|soon|not|never"
    r"|always|the|an?|my|our|your|their|in|on|at|from|via|by|per|for|to|of|and|or|as|is|see|ask|use|using|like|default"
    r"|same|stored|kept|managed|found|rotated?|rotation|expired?|expires|expiring|reset|set|unset|wrong|invalid|lost|safe"
    r"|secure|encrypted|hashed|correct|incorrect|important|known|fine|good|strong|weak|different|changed|here|there|gone"
    r"|it|this|that|what|who|where|mine|yours|ready|azure|vault|key|keyvault|redacted|hidden|removed|password|passwort|pass|secret|token|policy|policies|scopes?"
    r"|x{3,}|[\W_]+|//.*|<[^<>]*>?|\$\{?\w+\}?|%\w+%|\{\{.*|@microsoft\.keyvault.*|\[removed:.*",
    re.IGNORECASE | re.DOTALL,
)
_ODD = re.compile(r"(?=.*\d)(?=.*[A-Za-z]).{6}|.{3}.*[^\w\s'\u2019.,;:!?)(-]", re.DOTALL)
"""What a mere "is" before it makes a password: letters with figures, or a mark that no plain word holds."""

_LEAST_PERHAPS = 8
_HEADER_WITHIN = 6
"""Lines in which the header of a list may stand."""
_SPLIT = re.compile(r"[,;\t]")
_CALLED = re.compile(rf"[\s\"']*(?:tags?[:.])?[\w.-]{{0,40}}?(?:{_NAMED}){_SUFFIX}[\s\"']*", re.IGNORECASE)
_OF_A_LIST = re.compile(r"(?:^|[,;\t])[\s\"']*(?:team|env(?:ironment)?)[\s\"']*(?:$|[,;\t])", re.IGNORECASE)
_MARK = re.compile(r"\[removed: ([^\[\]\n]{1,60})\]")
_HEAD = re.compile(
    r"(?:\btags?\s{1,3})?['\"`]?[\w.-]{1,64}['\"`]?\s{0,3}(?:=>|->|:=|[:=]|\bis\b)\s{0,3}['\"`“]?$|['\"`“]$",
    re.IGNORECASE,
)
_REACH = 160
"""Characters before a mark in which its name may stand."""

_APART = frozenset("\"'`“”<>(),")


@dataclass(frozen=True)
class Found:
    """A credential in a text: where it begins and ends there. Never what it is."""

    start: int
    end: int
    kind: Kind


def credentials_in(text: str) -> tuple[Found, ...]:
    """The credentials of that text in their order; none overlaps another."""
    merged: list[Found] = []
    for found in sorted(_all(text), key=lambda f: (f.start, -f.end)):
        last = merged[-1] if merged else None
        if last is None or found.start >= last.end:
            merged.append(found)
            continue
        surest = min(last.kind, found.kind, key=KINDS.index)
        merged[-1] = Found(last.start, max(last.end, found.end), surest)
    return tuple(merged)


def without_credentials(text: str) -> str:
    """The text with a mark in the place of each credential. Done again, it changes nothing."""
    pieces: list[str] = []
    after = 0
    for found in credentials_in(text):
        pieces += [text[after : found.start], f"[removed: {found.kind.name}]"]
        after = found.end
    return "".join((*pieces, text[after:])) if pieces else text


def removed_from(text: str) -> tuple[Kind, ...]:
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
        kinds = tuple(found.kind for found in credentials_in(text)) or removed_from(text)
        if kinds:
            raise InvalidRequest(
                activity, f"it holds what looks like {kinds[0].name}; nothing of it was kept or used.",
                f"Take it as leaked: {kinds[0].rotate}. Then send the rest without it.",
            )  # fmt: skip


def _all(text: str) -> Iterator[Found]:
    folded = text.casefold()
    for shape in _SHAPES:
        if any(hint in folded for hint in shape.hints):
            yield from _shaped(text, shape)
    if "://" in text:
        for found in _URL_PASSWORD.finditer(text):
            if not _INNOCENT.fullmatch(found[1]):
                yield Found(found.start(), found.end() - 1, URL)
    if any(label in folded for label in _LABELS):
        for found in _LABELLED.finditer(text):
            if _is_given(found):
                value = found["value"].rstrip(",;")
                yield Found(found.start("value"), found.start("value") + len(value), PASSWORD)
        yield from _listed(text)


def _shaped(text: str, shape: _Shape) -> Iterator[Found]:
    is_any, after = False, 0
    while found := shape.pattern.search(text, after):
        is_any, start, after = True, found.start(), found.end()
        if shape.whole:
            start, after = _together(text, start, after)
        yield Found(start, after, shape.kind)
    if is_any and shape.kind is AWS:  # the id alone opens nothing: what does stands near it, and has no name of its own
        for found in _AWS_SECRET.finditer(text):
            yield Found(found.start(), found.end(), AWS)


def _listed(text: str) -> Iterator[Found]:
    """The cells below the columns of a list that are called as passwords are: "team,environment,tag:token"."""
    columns: frozenset[int] = frozenset()
    at = 0
    for number, line in enumerate(text.split("\n")):
        cells = _SPLIT.split(line) if columns or number < _HEADER_WITHIN else []
        if cells and not columns and _OF_A_LIST.search(line):
            columns = frozenset(place for place, cell in enumerate(cells) if _CALLED.fullmatch(cell))
            cells = []
        for place, cell in enumerate(cells):
            if place in columns and _is_filled(cell):
                yield Found(at, at + len(cell), PASSWORD)
            at += len(cell) + 1
        at += 0 if cells else len(line) + 1


def _is_filled(cell: str) -> bool:
    """Whether a cell holds more than a word that stands for none."""
    value = cell.strip(" \r\"'")
    return len(value) > 2 and not _INNOCENT.fullmatch(value)  # noqa: PLR2004 - shorter is no secret to anybody


def _together(text: str, start: int, end: int) -> tuple[int, int]:
    """Where that which is written together with this piece begins and ends."""
    while start > 0 and not text[start - 1].isspace() and text[start - 1] not in _APART:
        start -= 1
    while end < len(text) and not text[end].isspace() and text[end] not in _APART:
        end += 1
    return start, end


def _is_given(found: re.Match[str]) -> bool:
    """Whether what stands behind the name is a value: "password: hunter2" is, "the password is not needed" is not."""
    value = found["value"].strip("\"'`“”").rstrip(".,;:!?)")
    if len(value) < 3 or _INNOCENT.fullmatch(value):  # noqa: PLR2004 - shorter is no secret to anybody
        return False
    if found["perhaps"]:
        return len(value) >= _LEAST_PERHAPS and bool(found["sign"]) and bool(_ODD.match(value))
    if found["sign"]:
        return True
    quoted = found["value"][0] in "\"'`“"
    is_password = bool(re.match(rf"(?:{_WORDS})", found["sure"], re.IGNORECASE))
    if found["verb"]:
        ends = found.end() == len(found.string) or found.string[found.end()] == "\n" or found["value"][-1] in ".,;!"
        return quoted or bool(_ODD.match(value)) or (is_password and ends)
    return is_password and bool(_ODD.match(value))
