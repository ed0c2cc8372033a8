"""Names of workspaces as people say them: "risk staging" is dbw-risk-staging, where one that stands is called so."""

import re

from plugins.domain.understanding import Context
from plugins.parse import phrases
from plugins.parse.evidence import is_open

_PREFIX = re.compile(r"^(?:dbw|dbx|adb|ws|databricks)-", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_OF_A_TEAM = re.compile(r"\b(?:team|squad)\b", re.IGNORECASE)


def with_whole_names(text: str, context: Context) -> str:
    """The text with such a name in full. Not where a workspace is spoken of that may be a new one, or a team, or where
    something is in hand: there the same words say what is wanted; nor where several may be meant.
    """
    if not context.workspaces or is_open(context) or phrases.says("noun", text) or _OF_A_TEAM.search(text):
        return text
    said = frozenset(_WORD.findall(text.casefold()))
    spoken = [(name, match) for name in context.workspaces if (match := _said(name, text, said))]
    if len(spoken) != 1:
        return text
    name, match = spoken[0]
    return f"{text[: match.start()]}{name}{text[match.end() :]}"


def _said(name: str, text: str, said: frozenset[str]) -> re.Match[str] | None:
    """Where the name is said without its prefix; a name of one word may be any word. `said` are the text's words: of
    hundreds that stand few are looked for by a pattern.
    """
    words = _PREFIX.sub("", name).split("-")
    if not words[1:] or not said.issuperset(name.casefold() for name in words):
        return None
    if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE):
        return None
    return re.search(rf"(?<![\w-]){'[ -]'.join(map(re.escape, words))}(?![\w-])", text, re.IGNORECASE)
