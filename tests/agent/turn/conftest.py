"""One turn over empty records."""

from collections.abc import Iterator

import pytest
from one_turn import OneTurn, one_turn


@pytest.fixture
def turn() -> Iterator[OneTurn]:
    with one_turn() as opened:
        yield opened
