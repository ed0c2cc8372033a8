"""A workspace that nobody here may speak of under that name."""

from rapidfuzz import process

from agent.turn.context import Outcome, TurnContext

_ALIKE = 70
"""How alike (of 100) a name must be to be offered instead."""


def say_unknown(context: TurnContext, name: str) -> Outcome:
    """Says so, and names the nearest that there is."""
    names = context.viewer.deployed_names(context.records)
    nearest = process.extractOne(name, names, score_cutoff=_ALIKE) if names else None
    return context.say("unknown_workspace", name=name, nearest=nearest[0] if nearest else "", any=bool(names))
