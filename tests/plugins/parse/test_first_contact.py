"""What people say first is read right, in the many ways in which it is said (`first_contact.toml`)."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from plugins.domain.understanding import Context
from plugins.parse import understand

_SAID: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "first_contact.toml").read_text("utf-8"))
_CONTEXT = Context(today=date(2026, 11, 29))


@pytest.mark.parametrize(("act", "text"), [(act, text) for act, texts in _SAID.items() for text in texts])
def test_what_is_said_first(act: str, text: str) -> None:
    assert understand(text, _CONTEXT).act == act
