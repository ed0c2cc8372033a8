"""Texts are read off the event loop, long ones in a process that can be killed."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from datetime import date
from functools import partial

import pytest
from hard_to_read import DEADLY, SLOW, WRONG, hardly

from agent.brain.reader import MOST_IN_THREAD, Reader, ReadingFailed
from agent.brain.rules import RulesBrain
from plugins.domain.understanding import Context
from plugins.parse import understand

pytestmark = pytest.mark.integration

TODAY = Context(today=date(2026, 11, 29), person="ana")
LONG = "Databricks for the ML team in dev. " * 60
SECONDS = 2.0


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    reader = Reader(seconds=SECONDS, idle_seconds=600)
    yield reader
    await reader.close()


@pytest.fixture
def brain(reader: Reader) -> RulesBrain:
    return RulesBrain(reader, hardly)


async def test_a_short_text_is_read_in_a_thread_and_starts_no_process(reader: Reader) -> None:
    here = threading.get_ident()
    there = await reader.read(threading.get_ident, length=MOST_IN_THREAD, person="ana")
    assert there != here
    assert reader.idle == 0


async def test_a_long_text_means_the_same_in_a_process_of_its_own() -> None:
    reader = Reader()
    assert await RulesBrain(reader).understand(LONG, TODAY) == understand(LONG, TODAY)
    assert reader.idle == 1
    await reader.close()
    assert reader.idle == 0


@pytest.mark.parametrize("beginning", [SLOW, DEADLY])
async def test_what_cannot_be_read_is_given_up_and_the_next_is_read(brain: RulesBrain, beginning: str) -> None:
    await brain.understand(LONG, TODAY)
    begun = time.monotonic()
    with pytest.raises(ReadingFailed, match="takes too long to read, so nothing was done"):
        await brain.understand(beginning + LONG, TODAY)
    assert time.monotonic() - begun < SECONDS + 2
    assert (await brain.understand(LONG, TODAY)).act == "provision"


async def test_the_event_loop_goes_on_while_a_text_is_read(brain: RulesBrain) -> None:
    reading = asyncio.ensure_future(brain.understand(SLOW + LONG, TODAY))
    beats = 0
    while not reading.done():
        await asyncio.sleep(0.01)
        beats += 1
    assert beats > 10
    with pytest.raises(ReadingFailed):
        await reading


async def test_a_machine_too_busy_to_start_a_process_is_no_fault(
    brain: RulesBrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as busy:
        busy.setattr("agent.brain.reader._START_SECONDS", 0)
        with pytest.raises(ReadingFailed, match="takes too long to read, so nothing was done"):
            await brain.understand(LONG, TODAY)
    assert (await brain.understand(LONG, TODAY)).act == "provision"


async def test_a_fault_of_ours_is_told_with_where_it_happened(brain: RulesBrain) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        await brain.understand(WRONG + LONG, TODAY)


async def test_who_sends_what_is_hard_to_read_waits_for_it_alone() -> None:
    """Two processes, and one hostile person with many messages: somebody else has the second for themselves."""
    reader = Reader(seconds=4)
    brain = RulesBrain(reader, hardly)
    hostile = [asyncio.ensure_future(brain.understand(SLOW + LONG, TODAY)) for _ in range(3)]
    await asyncio.sleep(0)
    bo = await brain.understand(LONG, Context(today=TODAY.today, person="bo"))
    assert bo.act == "provision"
    assert not any(refused.done() for refused in hostile[1:])
    for refused in hostile:
        refused.cancel()
    await asyncio.gather(*hostile, return_exceptions=True)
    await reader.close()


async def test_a_process_that_nobody_needs_ends() -> None:
    reader = Reader(idle_seconds=0.05)
    await reader.read(partial(len, LONG), length=len(LONG), person="ana")
    async with asyncio.timeout(10):
        while reader.idle:
            await asyncio.sleep(0.01)
    await reader.close()
