"""What is in hand once more, elsewhere; and a new one like one that stands."""

import re
from collections.abc import Sequence

from plugins.domain.request import InfrastructureRequest, usable_request
from plugins.domain.understanding import Act, Context, Statement, Understanding
from plugins.parse import phrases
from plugins.parse.evidence import Evidence
from plugins.parse.notes import RequestNotes


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
    is_alone = evidence.fields == frozenset({"environment"}) and phrases.is_whole("once_more", text)
    if not (is_alone or (phrases.says("alike", text) and phrases.says("additional", text))):
        return None
    fields = {name: value for name, value in said.items() if name in InfrastructureRequest.model_fields}
    other = usable_request({**draft.model_copy(update={"workspace_name": None}).stated(), **fields})
    return Understanding("provision", (Statement(other, sources=tuple(notes[0].sources.items())),), additional=True)


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
    if evidence.named:
        likened = _LIKE.search(text)
        return evidence.named[0] if likened and evidence.named[0] in context.workspaces else ""
    team, wanted = str(notes[0].fields.get("team", "")), _AS_THE.search(text)
    ending = f"-{wanted['environment'].lower()}" if wanted is not None else ""
    of_team = [name for name in context.workspaces if team and f"-{team}-" in name]
    alike = [name for name in of_team or context.workspaces if name.endswith(ending)]
    return next(iter(alike or of_team or context.workspaces))


_LIKE = re.compile(r"\b(?:like|same as|copy of|clone of)\s(?=\w)", re.IGNORECASE)
_AS_THE = re.compile(r"\b(?:as|like)\s(?:the\s)?(?P<environment>dev|staging|prod)\b", re.IGNORECASE)
