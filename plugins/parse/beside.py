"""What is in hand once more, elsewhere."""

from collections.abc import Sequence

from plugins.domain.understanding import Context, Statement, Understanding
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
