"""How long a message may be is one number, wherever it is asked for."""

import re
from pathlib import Path

from plugins.domain.understanding import MOST_CHARACTERS

COMPOSER = Path(__file__).parents[2] / "agent" / "channels" / "web_client" / "src" / "composer.js"


def test_the_page_lets_through_what_is_read_and_no_more() -> None:
    """A page that let more through would send what the server refuses."""
    written = re.search(r"const MOST = ([\d_]+);", COMPOSER.read_text("utf-8"))
    assert written is not None
    assert int(written[1].replace("_", "")) == MOST_CHARACTERS == 60_000
