"""What a conversation remembers of what was said, and what a brain may know of it. Pure."""

from collections.abc import Sequence

from agent.dialogue.advance import WorkspaceIndex
from agent.dialogue.state import Conversation
from agent.events import Event, Message
from plugins.domain.understanding import Context, EarlierMessage

MOST_SAID = 56
_LONGEST = 400
"""Sayings that are kept, and characters of each: what a model is sent of a conversation stays below 24,000."""


def remembered(
    earlier: tuple[EarlierMessage, ...], text: str | None, events: Sequence[Event]
) -> tuple[EarlierMessage, ...]:
    """The conversation's memory with this turn added: the person's words and ours, shortened, the newest kept."""
    ours = " ".join(event.text for event in events if isinstance(event, Message) and not event.delta)
    new = [EarlierMessage("person", text[:_LONGEST])] if text and text.strip() else []
    new += [EarlierMessage("brickie", ours[:_LONGEST])] if ours else []
    return (*earlier, *new)[-MOST_SAID:]


def context_of(conversation: Conversation, index: WorkspaceIndex, context: Context) -> Context:
    """The same context with what this conversation knows: open questions, drafts, names."""
    spoken = tuple(name for name in conversation.workspaces if name in index.deployed)
    rest = tuple(sorted(index.deployed - set(spoken)))
    return Context(
        today=context.today,
        open_slots=conversation.asked,
        drafts=tuple(draft.request for draft in conversation.drafts),
        plan_pending=conversation.pending is not None,
        workspaces=spoken + rest,
        spoken_of=len(spoken),
        conversation=conversation.id,
        person=context.person,
        said=conversation.said,
        turn=conversation.turn,
        listed=bool(conversation.listed)
        and (conversation.is_idle or conversation.turn - conversation.listed_turn <= 1),
    )
