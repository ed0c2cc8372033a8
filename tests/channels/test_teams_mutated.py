"""Activities that somebody changed at random: each is refused or understood, none is a fault of ours, none decides.

500 of them here; `tests/bench/teams.py` tries 10,000.
"""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from teams_served import INES, TeamsServed, brickie_with_teams, button

pytestmark = pytest.mark.integration

_STRANGE: tuple[Any, ...] = (
    None, True, -1, 10**30, 1.5e308, "", "x" * 3000, "\0", "ä\u202e\u200b", [], {}, [[]], {"id": {}}, ["a", None],
    "confirm", "apply", "../../etc", "<at>Brickie</at>", "2026-13-45", "null",
)  # fmt: skip


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(cast("list[Any]", value)):
            yield from paths(inner, (*path, number))


def mutated(activity: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The activity with one to three places gone, strange, or somebody else's."""
    changed = copy.deepcopy(activity)
    for _ in range(chance.randint(1, 3)):
        there = list(paths(changed))
        path = chance.choice(there)
        parent: Any = changed
        for key in path[:-1]:
            parent = parent[key]
        if chance.random() < 0.3:
            del parent[path[-1]]
        else:
            parent[path[-1]] = copy.deepcopy(chance.choice(_STRANGE))
    return changed


async def try_mutated(brickie: TeamsServed, count: int, chance: random.Random) -> dict[int, int]:
    """Sends that many to a Brickie before whose approver a plan waits; gives the statuses and how many there were.

    A click that is whole but for what is no part of the yes may be a yes of an approver: what is pressed here is a
    no-one's, whose yes never counts.
    """
    await brickie.say("Databricks for the ML team in dev")
    plan = await brickie.seen("A new workspace: dev")
    click = brickie.sender.click(button(plan.card, "confirm"), by=INES, replyToId=plan.message_id)
    seeds = [brickie.sender.text("help"), brickie.sender.in_channel("help"), click]
    statuses: dict[int, int] = {}
    for number in range(count):
        body = mutated(seeds[number % len(seeds)], chance)
        if isinstance(body.get("from"), dict) and number % len(seeds) == 2:
            body["from"]["aadObjectId"] = "object-zoe"
        headers = {"Content-Type": "application/json", **brickie.service.headers()}
        async with brickie.http.post(f"{brickie.url}/api/messages", data=json.dumps(body), headers=headers) as answer:
            statuses[answer.status] = statuses.get(answer.status, 0) + 1
    return statuses


async def test_no_mutated_activity_is_a_fault_or_a_decision(tmp_path: Path) -> None:
    async with brickie_with_teams(tmp_path / "home") as brickie:
        statuses = await try_mutated(brickie, 500, random.Random(14))  # noqa: S311 - no secret hangs on it
        assert set(statuses) <= {200, 202, 400, 401, 403}, statuses
        assert statuses[400] > 50
        assert not brickie.terraform.applied
        plan = await brickie.seen("A new workspace: dev")
        # What waits still waits, for the one who may decide it.
        await brickie.press(plan, "confirm")
        await brickie.seen("✓ dbw-ml-dev")
