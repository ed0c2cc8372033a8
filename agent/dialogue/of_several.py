"""The steps that a question of several workspaces comes to: lists, and what is held side by side. Pure."""

from collections.abc import Collection

from agent.dialogue.state import Conversation
from agent.dialogue.steps import CompareWorkspaces, ListDeployed
from plugins.domain.portfolio import Selection
from plugins.domain.understanding import Understanding


def listed(conversation: Conversation, understood: Understanding) -> ListDeployed:
    selection = understood.selection
    if selection is None:
        environments = tuple(r.environment for r in understood.requests if r.environment)
        selection = Selection(environments=environments)
    return ListDeployed(selection, conversation.listed if selection.refers else ())


def with_listed(conversation: Conversation, selection: Selection) -> Selection:
    """The same of those that were listed last, where it speaks of them."""
    if not selection.refers or selection.names or not conversation.listed:
        return selection
    return selection.model_copy(update={"names": conversation.listed})


def side_by_side(
    understood: Understanding, *, deployed: Collection[str], pending: Collection[str]
) -> CompareWorkspaces | None:
    """Several that are named, or the one that is named beside what the pending plan is of; None where neither is."""
    names = tuple(dict.fromkeys(r.workspace_name for r in understood.requests if r.workspace_name))
    if len(names) > 1:
        return CompareWorkspaces(names)
    is_another = len(names) == 1 and names[0] in deployed and names[0] not in pending
    return CompareWorkspaces(names, in_hand=True) if is_another and pending and not understood.topic else None
