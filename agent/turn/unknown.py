"""A workspace that nobody here may speak of under that name."""

from rapidfuzz import process

from agent.turn.context import Outcome, TurnContext
from agent.wording import state

_ALIKE = 70
"""How alike (of 100) a name must be to be offered instead."""


def say_unknown(context: TurnContext, name: str) -> Outcome:
    """Says so, and names the nearest that there is; of one that stood or was to stand, what became of it."""
    known = [d for d in context.viewer.deployments(context.records) if d.workspace_name.casefold() == name.casefold()]
    if known:
        last = known[-1]
        error = f"{last.error.text} {last.error.remedy}" if last.error is not None else ""
        when = f"{last.updated_at:%Y-%m-%d %H:%M} UTC"
        return context.say("does_not_stand", name=last.workspace_name, state=state(last.status), when=when, error=error)
    names = context.viewer.deployed_names(context.records)
    nearest = process.extractOne(name, names, score_cutoff=_ALIKE) if names else None
    return context.say("unknown_workspace", name=name, nearest=nearest[0] if nearest else "", any=bool(names))
