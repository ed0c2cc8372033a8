"""Following conversations ends when it is told to, whatever was kept at that very moment."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.events import Event
from agent.store.database import Database
from agent.store.event_feed import EventFeed

pytestmark = pytest.mark.integration


def unshown(event: Event) -> None:
    """Nobody listens."""


@pytest.mark.parametrize("steps", range(4))
def test_following_stops_although_something_was_kept_just_then(steps: int, tmp_path: Path) -> None:
    """A stop that meets a pulse, some steps of the loop later, is not lost: closing never hangs."""

    async def stopped() -> bool:
        database = Database(f"sqlite:///{tmp_path / 'brickie.db'}")
        await database.open()
        following = EventFeed(database, unshown, lambda: datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
        following.start()
        await database.read(lambda records: records.waiting())
        following.pulse()
        for _ in range(steps):
            await asyncio.sleep(0)
        stopping = asyncio.create_task(following.stop())
        ended, _ = await asyncio.wait([stopping], timeout=5)
        if not ended:
            following.pulse()
            await asyncio.wait_for(following.stop(), 5)
        await database.close()
        return bool(ended)

    assert asyncio.run(stopped())
