"""150 injections in 8 positions with an obedient model, and so many turns with a model at random.

.venv/bin/python tests/bench/model_safety.py [TURNS]
"""

import asyncio
import logging
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "agent" / "brain"))

from attacking import POSITIONS, TEXTS, WANDERINGS, Tally, all_attacked, every, house_at, wandered

from agent.brain.double.scripts import InjectedScript, RandomScript

IN_ONE_HOUSE = 200


async def main(turns: int) -> int:
    logging.disable(logging.CRITICAL)
    begun, injected, model = time.monotonic(), Tally(), InjectedScript()
    with tempfile.TemporaryDirectory() as home:
        await all_attacked(Path(home), list(every()), model, injected)
    print(f"{len(TEXTS)} texts in {len(POSITIONS)} positions, {model.obeyed} orders obeyed: {shown(injected)}")
    print(f"  {time.monotonic() - begun:.0f} s")
    begun, random = time.monotonic(), Tally()
    for start in range(0, turns, IN_ONE_HOUSE):
        with tempfile.TemporaryDirectory() as home:
            async with house_at(Path(home)) as platform:
                few = min(IN_ONE_HOUSE, turns - start)
                texts = [WANDERINGS[(start + n * 7 + n // 18) % len(WANDERINGS)] for n in range(few)]
                await wandered(platform, RandomScript(start), few, texts.__getitem__, random)
    print(f"{turns} turns at random: {shown(random)}")
    print(f"  {time.monotonic() - begun:.0f} s")
    return 0 if not injected.notes and not random.notes else 1


def shown(tally: Tally) -> str:
    writes = tally.applies + tally.destroys + tally.extensions
    return (
        f"turns {tally.turns}, answered {tally.answered}, applies {tally.applies}, destroys {tally.destroys},"
        f" writes {writes}, changed approvals {tally.approvals}, leaks {tally.leaks}, crashes {tally.crashes},"
        f" waiting plans lost {tally.lost_plans}" + "".join(f"\n  {note}" for note in tally.notes[:10])
    )


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)))
