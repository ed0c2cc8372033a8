"""Work that waits for a platform: one piece at a time, which nobody waits for longer than a moment."""

import asyncio

import pytest

from agent.channels.messaging import unhurried
from agent.channels.messaging.unhurried import Unhurried


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unhurried, "ROUND_SECONDS", 0.01)


async def test_what_takes_long_goes_on_and_the_next_begins_after_it() -> None:
    work, goes_on, begun = Unhurried("test"), asyncio.Event(), list[str]()

    async def slow() -> None:
        begun.append("slow")
        await goes_on.wait()

    async def quick() -> None:
        begun.append("quick")

    await work.run(slow)
    assert work.is_under_way
    await work.run(quick)
    assert begun == ["slow"]
    goes_on.set()
    await asyncio.sleep(0)
    await work.run(quick)
    assert begun == ["slow", "quick"]
    assert not work.is_under_way


async def test_what_went_wrong_meanwhile_is_raised_once() -> None:
    work, goes_on, begun = Unhurried("test"), asyncio.Event(), list[None]()

    async def wrong() -> None:
        await goes_on.wait()
        raise ZeroDivisionError

    async def right() -> None:
        begun.append(None)

    await work.run(wrong)
    goes_on.set()
    await asyncio.sleep(0)
    with pytest.raises(ZeroDivisionError):
        await work.run(right)
    await work.run(right)
    assert begun == [None]


async def test_what_was_stopped_may_begin_again() -> None:
    work, begun = Unhurried("test"), list[None]()

    async def endless() -> None:
        begun.append(None)
        await asyncio.Event().wait()

    await work.run(endless)
    await work.stop()
    await work.run(endless)
    assert len(begun) == 2
    await work.stop()
