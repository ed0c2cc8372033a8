"""Names of workspaces as people say them: "risk staging" is dbw-risk-staging, where one that stands is called so."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from plugins.domain.understanding import Context
from plugins.parse import phrases
from plugins.parse.evidence import is_open
from plugins.parse.phrases import Kind
from plugins.parse.words import plain_words

_PREFIX = re.compile(r"^(?:dbw|dbx|adb|ws|databricks)-", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_OF_A_TEAM = re.compile(r"\b(?:team|squad)\b", re.IGNORECASE)


def with_whole_names(text: str, context: Context) -> str:
    """The text with such a name in full. Not where a workspace is spoken of that may be a new one, or a team, or where
    something is in hand, unless it is to go or to stay: there the same words say what is wanted; nor where several may
    be meant.
    """
    text = _with_likened(text, context.workspaces)
    if not context.workspaces or phrases.says("noun", text) or _OF_A_TEAM.search(text):
        return text
    compares = phrases.begins("compare", text)
    if is_open(context) and not (compares or speaks_of_what_stands(text) or _changes_another(text, context)):
        return text
    said = frozenset(_WORD.findall(text.casefold()))
    spoken = [(match.start(), match.end(), name) for name in context.workspaces if (match := _said(name, text, said))]
    if len(spoken) > 1 and not (compares or phrases.begins("orders", text)):
        return text
    for start, end, name in sorted(_apart(spoken), reverse=True):
        text = f"{text[:start]}{name}{text[end:]}"
    return _with_names_by_team(text, context.workspaces, said)


def without_meaning(text: str, named: Collection[str]) -> str:
    """The text, as long as it is, with the names that it holds made of no words: what dbw-forecast-dev is called by
    asks for no forecast.
    """
    names = {name.casefold() for name in named}
    return _NAMED.sub(lambda m: _blank(m[0]) if m[0].casefold() in names else m[0], text) if names else text


def _blank(name: str) -> str:
    return _NO_WORD + "x" * (len(name) - len(_NO_WORD)) if len(name) > len(_NO_WORD) else name


_NAMED = re.compile(r"[\w-]{3,64}(?![\w-])")
_NO_WORD = "dbw-"


def _with_likened(text: str, standing: Sequence[str]) -> str:
    """The text with what a new one shall be like in full: "one more like wren for team fern", where wren has one."""
    likened = LIKE.search(text) if standing else None
    if likened is None:
        return text
    teams = [_team_of(name) for name in standing]
    spoken = {" ".join(_bare(name).split("-")): name for name in standing if "-" in _bare(name)}
    spoken |= {team: name for team, name in zip(teams, standing, strict=True) if teams.count(team) == 1}
    said = list(islice(_WORD.finditer(text, likened.end(), likened.end() + _REACH), _LONGEST_SPOKEN))
    for count in range(len(said), 0, -1):
        words = " ".join(word[0].casefold() for word in said[:count])
        if words in spoken and words not in plain_words():
            return f"{text[: likened.end()]}{spoken[words]}{text[said[count - 1].end() :]}"
    return text


_LONGEST_SPOKEN = 6
"""Words of the longest name that is looked for behind a "like"."""
LIKE = re.compile(
    r"\b(?:(?<!would )(?<!d )like|same as|copy of|clone of|identical to|similar to)\s(?:the\s|our\s)?(?=\w)",
    re.IGNORECASE,
)
"""Behind these words stands what a new one shall be like."""


def _apart(spoken: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Those that no longer one stands around: "risk dev two" is not risk dev."""
    return [
        one
        for one in spoken
        if not any(
            other != one and other[0] <= one[0] and one[1] <= other[1] and len(other[2]) > len(one[2])
            for other in spoken
        )
    ]


def speaks_of_what_stands(text: str) -> bool:
    """True for what nothing in hand can be meant by: what is only asked for neither goes nor stays longer, has no
    history, and is not "all of" anything.
    """
    acts = phrases.begins("destroy", text) or phrases.begins("extend", text) or phrases.says("history", text)
    return acts or _ALL_OF.search(text) is not None


def _changes_another(text: str, context: Context) -> bool:
    """True for "change wren to 4 workers" or "raise the limit of wren", where wren has something that stands and
    nothing in hand is for it.
    """
    if not phrases.begins("orders", text):
        return False
    meant = {match["team"].casefold() for match in _MEANT.finditer(text)} & teams_standing(context)
    return bool(meant) and all(draft.team not in meant for draft in context.drafts)


def team_changed(text: str, context: Context) -> str:
    """The team of several that stand of which a change is said: "change heron to 4 workers"; "" for none. What is in
    hand for that team is what is meant.
    """
    if not phrases.begins("orders", text) or phrases.begins("destroy", text):
        return ""
    standing = [_team_of(name) for name in context.workspaces]
    said = [match["team"].casefold() for match in _MEANT.finditer(text)]
    in_hand = {draft.team for draft in context.drafts}
    return next((team for team in said if standing.count(team) > 1 and team not in in_hand), "")


_MEANT = re.compile(
    r"\b(?:change|resize|scale|upgrade|downgrade|tag|label|of|on)\s(?:the\s|team\s)?(?P<team>[\w-]{2,40})\b",
    re.IGNORECASE,
)
_ALL_OF = re.compile(r"\ball (?:of )?(?!it\b|that\b|this\b|them\b|these\b|those\b)\w", re.IGNORECASE)


def teams_standing(context: Context) -> frozenset[str]:
    """The teams that names of what stands begin with."""
    return frozenset(filter(None, map(_team_of, context.workspaces)))


def _bare(name: str) -> str:
    return _PREFIX.sub("", name).casefold()


def _with_names_by_team(text: str, standing: Sequence[str], said: frozenset[str]) -> str:
    """The text with what is called by its team alone ("destroy wren") in full: its name where the team has one, else
    that it is a team ("destroy heron" may be of several).
    """
    is_of_one = any(phrases.begins(kind, text) for kind in _OF_ONE) or phrases.says("history", text)
    if not is_of_one and _ALL_OF.search(text) is None:
        return text
    teams: dict[str, list[str]] = {}
    for name in standing:
        team = _team_of(name)
        if team in said and team not in plain_words():
            teams.setdefault(team, []).append(name)
    text = _without_possession(text, teams)
    if phrases.begins("destroy", text):
        return _destroyed_in_full(text, teams, standing)
    for team, names in teams.items():
        text = _in_full(text, team, names[0] if len(names) == 1 else f"team {team}")
    return text


def _without_possession(text: str, teams: Mapping[str, Sequence[str]]) -> str:
    """With "drop wren's photon" said of photon, and "drop wren to 2 workers" of workers: neither destroys anything."""
    lowered = _LOWERED.match(text)
    if lowered is not None and lowered["team"].casefold() in teams:
        return f"{text[: lowered.start('verb')]}change{text[lowered.end('verb') :]}"
    owned = _OWNED.search(text)
    names = teams.get(owned["team"].casefold(), ()) if owned is not None else ()
    if owned is None or len(names) != 1:
        return text
    return f"{text[: owned.start()]}{owned['verb']} the {owned['what']} of {names[0]}{text[owned.end() :]}"


_LOWERED = re.compile(r"(?:please\s|pls\s)?(?P<verb>drop)\s(?P<team>\w{1,40})\sto\s\d", re.IGNORECASE)
_OWNED = re.compile(
    r"\b(?P<verb>drop|remove|get rid of)\s(?P<team>[\w]{1,40})'s\s(?P<what>photon|gpus?|spot|limit|budget|tags?)\b",
    re.IGNORECASE,
)


def _destroyed_in_full(text: str, teams: Mapping[str, Sequence[str]], standing: Sequence[str]) -> str:
    """The same where something is to go: only where nothing but it can be meant. "Drop wren from the digest" and "drop
    wren to 2 workers" destroy nothing. Of a team that has several, beside others, each is named: which, is asked.
    """
    spoken = [match for team in teams for match in _spoken_of(team).finditer(text)]
    known = {*teams, *(name.casefold() for name in standing)}
    if not all(_is_all_of_it(text, match.end(), known) for match in spoken):
        return text
    is_alone = len(spoken) == 1 and not any(name in text for name in standing)
    for team, names in teams.items():
        if len(names) > _MOST_NAMED and not is_alone:
            return text
        each = names[0] if len(names) == 1 else f"team {team}" if is_alone else " or ".join(names)
        text = _in_full(text, team, each)
    return text


_MOST_NAMED = 12


def _is_all_of_it(text: str, end: int, known: Collection[str]) -> bool:
    """True where the sentence ends, or goes on with a day, a courtesy or another that stands."""
    behind = text[end : end + _REACH]
    if _ENDS_THERE.match(behind):
        return True
    later = phrases.found("later", behind)
    if later is not None and not behind[: later.start()].strip():
        return True
    joined = _JOINED.match(behind)
    return joined is not None and joined["next"].casefold().rstrip(".,;!?") in known


_REACH = 80
_ENDS_THERE = re.compile(
    r"""
    \s?(?:$|[.!?;\n]|,\s(?:please|pls|now|thanks|thank|it|we|nobody|no\ one|i|they|not)\b
    |(?:please|pls|plz|now|today|asap|too|as\ well|right\ away|immediately|at\ once|for\ good|completely|then|thanks|thx
    |because|since)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_JOINED = re.compile(r"(?:,\s|,?\s(?:and|or|&)\s)(?:also\s|team\s)?(?P<next>\S{1,70})", re.IGNORECASE)


_OF_ONE: tuple[Kind, ...] = ("orders", "compare")


def _team_of(name: str) -> str:
    """The one word before the environment in a name that is made of both; "" where it is not."""
    team, _, environment = _bare(name).partition("-")
    return team if environment in ("dev", "staging", "prod") else ""


def _in_full(text: str, team: str, name: str) -> str:
    return _spoken_of(team).sub(lambda m: f"{m[1]}{name}", text)


def _spoken_of(team: str) -> re.Pattern[str]:
    return re.compile(rf"({_SPOKEN_OF}){re.escape(team)}(?![\w-])", re.IGNORECASE)


_SPOKEN_OF = (
    r"\b(?:destroy|delete|kill|remove|drop|nuke|retire|extend|renew|prolong|keep|change|resize|scale|upgrade|downgrade"
    r"|compare|compare with|compare it with|of|about|happened to|and|or|both|,) "
)
"""What stands right before what an act or a question is of."""


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
