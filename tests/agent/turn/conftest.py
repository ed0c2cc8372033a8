"""One turn over empty records, and whole conversations by hand."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from by_hand import ByHand
from one_turn import OneTurn, one_turn


@pytest.fixture
def turn() -> Iterator[OneTurn]:
    with one_turn() as opened:
        yield opened


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[ByHand]:
    found = ByHand(tmp_path)
    yield found
    await found.app.close()
