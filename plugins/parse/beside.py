"""What is in hand once more, elsewhere; and a new one like one that stands."""

import re
from collections.abc import Sequence

from plugins.domain.understanding import Act, Context, Statement, Understanding
from plugins.parse import phrases
from plugins.parse.evidence import Evidence
from plugins.parse.notes import RequestNotes


def one_more(text: str, evidence: Evidence, notes: Sequence[RequestNotes], context: Context) -> Understanding | None:
    """The one draft once more, in another environment: "staging too", "the same in prod". It is not moved there."""
    if len(context.drafts) != 1 or len(notes) != 1 or evidence.fields != frozenset({"environment"}):
        return None
    draft, environment = context.drafts[0], notes[0].fields["environment"]
    is_new = draft.environment is not None and draft.environment != environment
    if not is_new or draft.workspace_name in context.workspaces or not phrases.is_whole("once_more", text):
        return None
    other = draft.model_copy(update={"environment": environment, "workspace_name": None})
    return Understanding("provision", (Statement(other, sources=tuple(notes[0].sources.items())),), additional=True)


def like_one_that_stands(
    text: str, act: Act, evidence: Evidence, notes: Sequence[RequestNotes], context: Context
) -> str:
    """The workspace that a new one is to be like: "one more, same team and everything, but staging"; "" for none.

    It is the one that is named or told by what it is, else one of the team that is said, else the one last spoken of.
    """
    if act not in ("unclear", "provision", "amend") or context.drafts or context.open_slots or not context.workspaces:
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
