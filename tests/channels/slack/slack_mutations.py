"""A delivery of Slack's with something changed in it: a type, an id, a value, who did it and where."""

import copy
import random
from typing import Any, cast

from agent.channels.slack.double.sending import Sent
from agent.channels.slack.double.workspace import Record

ODD: tuple[Any, ...] = (
    None,
    0,
    -1,
    2**63,
    "",
    "x" * 3000,
    "\0",
    "<!channel>",
    [],
    {},
    [[]],
    {"a": {}},
    True,
    "../..",
    "T9",
    "U9",
    "'--",
)


def mutated(sent: Sent, chance: random.Random) -> Sent:
    payload = copy.deepcopy(sent.payload)
    for _ in range(chance.randint(1, 3)):
        spots = [*walked(payload)]
        owner, name = chance.choice(spots)
        if chance.random() < 0.2:
            del owner[name]
        else:
            owner[name] = copy.deepcopy(chance.choice(ODD))
        if not payload:
            break
    return Sent(sent.kind, payload, sent.is_form)


def walked(value: Any) -> list[tuple[Any, Any]]:
    """Every place in it where something stands."""
    if isinstance(value, dict):
        fields = cast("Record", value)
        return [(fields, name) for name in fields] + [spot for inner in fields.values() for spot in walked(inner)]
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [(items, at) for at in range(len(items))] + [spot for inner in items for spot in walked(inner)]
    return []
