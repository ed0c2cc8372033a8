"""What the tests of Slack share: real events of conversations, and blocks as Slack would look at them."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def golden_card(golden: Callable[[str, str], None]) -> Callable[[str, object], None]:
    """Compares a card with tests/golden/cards/NAME.slack.json."""

    def compare(name: str, card: object) -> None:
        golden(f"cards/{name}.slack.json", json.dumps(card, indent=1, ensure_ascii=False) + "\n")

    return compare
