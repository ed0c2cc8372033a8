"""How soon a click locks a plan's cards in Teams: `.venv/bin/python tests/bench/clicks.py [PLANS] [TURNS]`.

Plans for production wait before the approvers' channel. While orders of other people are being answered each is
approved there by somebody else: the click has its answer, a card that nobody can press, and the asker's card follows by
an edit. Printed beside the 500 ms within which a card is to be locked.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "channels")]

from teams_served import INES, TeamsServed, brickie_with_teams, verbs  # noqa: E402 - found by the line above
from teams_service import TENANT, Call, person  # noqa: E402 - found by the line above

APPROVERS = "19:approvers@thread.tacv2"
MOST_SECONDS = 0.5


def prod(number: int) -> str:
    return f"production workspace for the team ledger{number}, etl, west europe, private link, 2 to 4"


async def asked(brickie: TeamsServed, number: int) -> tuple[Call, Call]:
    """A plan of somebody's, as the approvers and as its asker see it."""
    by = person(f"Asker{number}", object_id="object-ana")
    place = {"id": f"a:{number}", "conversationType": "personal", "tenantId": TENANT}
    await brickie.say(prod(number), by=by, conversation=place)
    theirs = await brickie.seen(f"dbw-ledger{number}-prod", at=APPROVERS, seconds=60)
    return theirs, await brickie.seen(f"dbw-ledger{number}-prod", at=place["id"], seconds=60)


async def locked(brickie: TeamsServed, theirs: Call, own: Call) -> tuple[float, float]:
    """Seconds until the click was answered by a card without buttons, and until the asker's card was edited."""
    edits, began = len(brickie.service.calls), time.monotonic()
    answer = await brickie.press(theirs, "confirm", by=INES)
    answered = time.monotonic() - began
    assert not verbs(answer["value"]), "the clicked card can still be pressed"
    while True:
        later = brickie.service.calls[edits:]
        found = next((call for call in later if call.act == "update" and call.message_id == own.message_id), None)
        if found is not None:
            return answered, found.at - began
        await asyncio.sleep(0.005)


async def ordering(brickie: TeamsServed, count: int) -> None:
    """People who order all the while, a dozen at a time."""
    numbers = iter(range(count))

    async def one() -> None:
        for number in numbers:
            by = person(f"P{number}", object_id="object-ana")
            place = {"id": f"a:p{number}", "conversationType": "personal", "tenantId": TENANT}
            await brickie.say(f"Databricks for the team p{number} in dev, etl", by=by, conversation=place)
            await asyncio.sleep(random.random() / 10)  # noqa: S311

    await asyncio.gather(*(one() for _ in range(12)))


async def main(plans: int, turns: int) -> None:
    settings = {"ApprovalsConversation": APPROVERS}
    with tempfile.TemporaryDirectory() as folder:
        async with brickie_with_teams(Path(folder) / "home", settings) as brickie:
            waiting = [await asked(brickie, number) for number in range(plans)]
            load = asyncio.create_task(ordering(brickie, turns))
            took = [await locked(brickie, *one) for one in waiting]
            is_loaded = not load.done()
            await load
    for name, seconds in zip(("clicked card", "asker's card"), zip(*took, strict=True), strict=True):
        p99 = statistics.quantiles(seconds, n=100, method="inclusive")[98]
        print(f"{name}: median {statistics.median(seconds) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms", end="")
        print(f" (≤ {MOST_SECONDS * 1000:.0f})")
    print(f"{plans} clicks beside {turns} orders{'' if is_loaded else ', which ended before the clicks did'}")


if __name__ == "__main__":
    asyncio.run(main(*(int(one) for one in ([*sys.argv[1:], "20", "200"])[:2])))
