"""What is called a password is one, whatever its shape: "password: hunter2", or a cell in a column "tag:token"."""

import re
from collections.abc import Iterator

from plugins.credentials.kinds import PASSWORD, FoundCredential

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
INNOCENT = re.compile(
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

_SHORTEST = 3
"""Characters; what is shorter is no secret to anybody."""

_LEAST_PERHAPS = 8
"""Characters behind a name that is as often no password's: "token", "credentials"."""

_HEADER_WITHIN = 6
"""Lines in which the header of a list may stand."""
_SPLIT = re.compile(r"[,;\t]")
_CALLED = re.compile(rf"[\s\"']*(?:tags?[:.])?[\w.-]{{0,40}}?(?:{_NAMED}){_SUFFIX}[\s\"']*", re.IGNORECASE)
_OF_A_LIST = re.compile(r"(?:^|[,;\t])[\s\"']*(?:team|env(?:ironment)?)[\s\"']*(?:$|[,;\t])", re.IGNORECASE)


def labelled(text: str) -> Iterator[FoundCredential]:
    """The credentials that stand behind their name, or in a column of that name."""
    folded = text.casefold()
    if not any(map(folded.__contains__, _LABELS)):
        return
    for match in _LABELLED.finditer(text):
        if _is_given(match):
            value = match["value"].rstrip(",;")
            yield FoundCredential(match.start("value"), match.start("value") + len(value), PASSWORD)
    yield from _listed(text)


def _listed(text: str) -> Iterator[FoundCredential]:
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
                yield FoundCredential(at, at + len(cell), PASSWORD)
            at += len(cell) + 1
        at += 0 if cells else len(line) + 1


def _is_filled(cell: str) -> bool:
    """Whether a cell holds more than a word that stands for none."""
    value = cell.strip(" \r\"'")
    return len(value) >= _SHORTEST and not INNOCENT.fullmatch(value)


def _is_given(match: re.Match[str]) -> bool:
    """Whether what stands behind the name is a value: "password: hunter2" is, "the password is not needed" is not."""
    value = match["value"].strip("\"'`“”").rstrip(".,;:!?)")
    if len(value) < _SHORTEST or INNOCENT.fullmatch(value):
        return False
    # "token budget 4" and "credentials are in the vault" are said every day: such a name needs a sign and an odd value.
    if match["perhaps"]:
        return len(value) >= _LEAST_PERHAPS and bool(match["sign"]) and bool(_ODD.match(value))
    if match["sign"]:
        return True
    quoted = match["value"][0] in "\"'`“"
    is_password = bool(re.match(rf"(?:{_WORDS})", match["sure"], re.IGNORECASE))
    if match["verb"]:
        ends = match.end() == len(match.string) or match.string[match.end()] == "\n" or match["value"][-1] in ".,;!"
        return quoted or bool(_ODD.match(value)) or (is_password and ends)
    return is_password and bool(_ODD.match(value))
