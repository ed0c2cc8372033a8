"""What is in hand once more, elsewhere; and a new one like one that stands."""

import re
from collections.abc import Sequence

from plugins.domain.request import InfrastructureRequest, usable_request
from plugins.domain.understanding import Act, Context, Statement, Understanding
from plugins.parse import phrases
from plugins.parse.evidence import Evidence
from plugins.parse.notes import RequestNotes
from plugins.parse.spoken_names import LIKE
from plugins.parse.upon import wonders


def one_more(text: str, evidence: Evidence, notes: Sequence[RequestNotes], context: Context) -> Understanding | None:
    """The one draft once more, in another environment or for another team: "staging too", "one more, same team and
    everything, but prod". It is not moved there.
    """
    if len(context.drafts) != 1 or len(notes) != 1 or context.drafts[0].workspace_name in context.workspaces:
        return None
    draft, said = context.drafts[0], notes[0].fields
    apart = {name for name in ("team", "environment") if said.get(name) not in (None, getattr(draft, name))}
    if not apart or any(getattr(draft, name) is None for name in apart):
        return None
    is_alone = evidence.fields <= {"environment", "team"} and _is_once_more(text)
    if not (is_alone or (phrases.says("alike", text) and phrases.says("additional", text))):
        return None
    fields = {name: value for name, value in said.items() if name in InfrastructureRequest.model_fields}
    other = usable_request({**draft.model_copy(update={"workspace_name": None}).stated(), **fields})
    return Understanding("provision", (Statement(other, sources=tuple(notes[0].sources.items())),), additional=True)


def _is_once_more(text: str) -> bool:
    """True for "staging too", and for the same as an order of its own: "we need the same for staging"."""
    if phrases.is_whole("once_more", text):
        return True
    ordered = _ORDERED.match(text)
    if ordered is None:
        return False
    more = text[ordered.end() :]
    is_added = _ADDED.search(ordered[0]) is not None and _ONE.fullmatch(more) is not None
    return is_added or phrases.is_whole("once_more", more)


_ORDERED = re.compile(
    r"""
    \W*(?:(?:ok|okay|so|now|then|and|plus|also|well|great|good|fine|yes|please|pls|hm+|oh)\W{1,3}){0,4}
    (?:(?:we|i)(?:'ll|'d|\ would|\ will)?(?:\ also)?\ (?:need|want|like|have|take|require)
    |(?:can|could|may)\ (?:we|i|you)(?:\ (?:also|please)){0,2}\ (?:have|get|make|do|add|give\ us|create|build|set\ up)
    |let(?:'s|\ us)(?:\ also)?\ (?:have|do|make|add|get)|(?:give|get)\ (?:us|me)
    |make|do|add|create|build|set\ up)\s(?:(?:also|please)\s)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ADDED = re.compile(r"\b(?:also|add|plus)\b", re.IGNORECASE)
_ONE = re.compile(
    r"(?:(?:an?|one|another|for|in|on|the|team)\s){0,4}[\w-]{2,20}(?:\s(?:one|workspace|team|environment))?"
    r"(?:,?\s(?:please|pls|thanks|then))?\W{0,4}",
    re.IGNORECASE,
)


def like_one_that_stands(
    text: str, act: Act, evidence: Evidence, notes: Sequence[RequestNotes], context: Context
) -> str:
    """The workspace that a new one is to be like: "one more, same team and everything, but staging"; "" for none.

    It is the one that is named or told by what it is, else one of the team that is said, else the one last spoken of.
    """
    if act not in ("unclear", "provision", "amend", "answer") or not context.workspaces:
        return ""
    if any(draft.workspace_name not in context.workspaces for draft in context.drafts):
        return ""
    if len(notes) != 1 or not evidence.fields & {"environment", "team"} or not phrases.says("alike", text):
        return ""
    asks = ("?" in text or wonders(text)) and not phrases.says("polite", text)
    if asks or _TELLS.search(text):
        return ""
    likened = LIKE.search(text)
    if evidence.named:
        return next((name for name in evidence.named if likened and _follows(text, likened, name, context)), "")
    # What is likened to something that nobody knows is not like the last one.
    if likened is not None and not _OF_THE_TALK.match(text, likened.end()):
        return ""
    team, wanted = str(notes[0].fields.get("team", "")), _AS_THE.search(text)
    ending = f"-{wanted['environment'].lower()}" if wanted is not None else ""
    of_team = [name for name in context.workspaces if team and f"-{team}-" in name]
    alike = [name for name in of_team or context.workspaces if name.endswith(ending)]
    return next(iter(alike or of_team or context.workspaces))


def _follows(text: str, likened: re.Match[str], name: str, context: Context) -> bool:
    return name in context.workspaces and text.casefold().startswith(name.casefold(), likened.end())


_TELLS = re.compile(
    r"""
    (?:\b(?:is|are|was|were|keeps?|leave|stays?|remains?|looks?|feels?|seems?|has|had|got|gets|uses|used|runs|it's|that's
    |never)\b|n't\b|\bnot\b|\bwithout\b)[^.;,\n]{0,40}\b(?:same|like)\b
    |\b(?:same|like)\b[^.;,\n]{0,40}\b(?:is|are|was|were|would\ be|will\ be|has|yesterday|already)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What is said to be the same, or shall stay so, is no order of a new one."""
_OF_THE_TALK = re.compile(
    r"(?:it|that|this|these|those|last|other|previous|first|before|dev|staging|prod|production|test|always|usual)\b",
    re.IGNORECASE,
)
_AS_THE = re.compile(r"\b(?:as|like)\s(?:the\s)?(?P<environment>dev|staging|prod)\b", re.IGNORECASE)
