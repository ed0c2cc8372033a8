"""A team's name as the slug that it goes by."""

import re
from functools import cache

from plugins.parse.fields.team.vocabulary import either

_LETTERS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ç": "c",
        "ñ": "n",
        "æ": "ae",
        "œ": "oe",
        **dict.fromkeys("éèêë", "e"),
        **dict.fromkeys("àâáãå", "a"),
        **dict.fromkeys("óòôõø", "o"),
        **dict.fromkeys("úùû", "u"),
        **dict.fromkeys("íìîï", "i"),
    }
)
_POSSESSIVE = re.compile(r"'s?\b")
_APART = re.compile(r"[^a-z0-9äöüßéèêëàâáãåçñóòôõøúùûíìîïæœ]+")
_TEAM = re.compile(r"^(?:the-)?team-|-team$|^the-")
_NAME = re.compile(r"[^\W_][\w &+/.'-]{0,40}")
_MOST_WORDS = 4
"""Words of the longest name that is taken from a bare answer."""

_SENTENCE = re.compile(
    r"""\b(?:
        hm+|it|that|this|these|them|me|you              # pronouns
        |make|give|change|wait|can|could|does|do|is|are  # verbs
        |why|what|how|when|where|who                     # questions
        |(?:small|bigg|larg|cheap|fast)er                # comparisons
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands in a sentence, and in no name."""


def slugged(name: str) -> str:
    """The name as a slug: lower case, hyphens, without "team"; "" where it holds no letter and no figure."""
    text = _POSSESSIVE.sub("", name.lower().replace("\u2019", "'"))  # an answer may hold the printed one
    return _TEAM.sub("", _APART.sub("-", text).strip("-").translate(_LETTERS))


def slug_of(text: str) -> str | None:
    """A bare answer as a team: "pricing", "the pricing team", "it's Supply Chain"; None where it is a sentence."""
    name = _lead().sub("", text.strip())
    name = _group_behind().sub("", name).strip(" .!?\"'*`")
    name = _tail().sub("", name).strip(" ,")
    if _SENTENCE.search(name) or not _NAME.fullmatch(name) or len(name.split()) > _MOST_WORDS:
        return None
    return slugged(name) or None


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(rf"^(?:(?:{either('answer_leads')})\b[\s:,]*)+", re.IGNORECASE)


@cache
def _group_behind() -> re.Pattern[str]:
    return re.compile(rf"\s*\b(?:{either('groups')})\b.*$", re.IGNORECASE)


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(rf"[\s,]*\b(?:{either('answer_tails')})$", re.IGNORECASE)
