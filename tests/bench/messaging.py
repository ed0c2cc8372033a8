"""How many arrivals a second the room keeps at 16 at once, each durable before it is acknowledged, while turns run.

.venv/bin/python tests/bench/messaging.py [ARRIVALS]
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "channels")]

from chatting import Chatting, personal, somebody  # noqa: E402 - the tests' folder has to be known first

from agent.channels.messaging.port import Arrival  # noqa: E402

AT_ONCE = 16


async def kept(count: int) -> None:
    people = [somebody(f"P{number}", "requester") for number in range(count // 10 or 1)]
    arrivals = [Arrival(f"m{n}", personal(p), p, text="help") for n in range(count) for p in (people[n % len(people)],)]
    waiting, seconds = iter(arrivals), list[float]()
    with tempfile.TemporaryDirectory() as home:
        async with Chatting(Path(home), ticking=True) as chat:

            async def connection() -> None:
                for arrival in waiting:
                    began = time.perf_counter()
                    await chat.room.take_in(arrival)
                    seconds.append(time.perf_counter() - began)

            began = time.perf_counter()
            await asyncio.gather(*(connection() for _ in range(AT_ONCE)))
            whole = time.perf_counter() - began
            seconds.sort()
            p50, p99 = seconds[len(seconds) // 2], seconds[len(seconds) * 99 // 100]
            print(f"{count / whole:,.0f} kept a second, p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms")
            await chat.room.answered(600)


asyncio.run(kept(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000))
