"""`brickie parse --explain`: what was read from which words, and what was not used."""

from datetime import date

import pytest

from agent.__main__ import main
from plugins.parse.explaining import explained

TODAY = date(2026, 11, 24)


def fates(text: str) -> dict[tuple[str, str], str]:
    """(field, words) → why the words do not count, "" where they do."""
    return {(reading.field, reading.words): reading.fate for reading in explained(text, TODAY).readings}


def test_words_that_do_not_count_are_told_with_the_reason() -> None:
    told = fates("Fraud team, dev, eastus no wait eastus2, not for prod. Our old workspace was in Frankfurt.")
    assert told["region", "eastus"] == "taken back"
    assert told["region", "eastus2"] == ""
    assert told["environment", "dev"] == ""
    assert told["environment", "prod"] == "denied"
    assert told["region", "Frankfurt"] == "of another time or of others"


def test_words_are_quoted_as_they_were_written() -> None:
    told = fates("databriks for team ember, sql, two to five workers")
    assert told["workers", "two to five workers"] == ""


def test_the_command_shows_fields_asked_slots_and_what_was_not_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", "--explain", "team ember wants databricks in dev with 128gb ram nodes"]) == 0
    shown = capsys.readouterr().out
    assert "team ember  team" in shown
    assert "asked: workload_type" in shown
    assert "not used: 128gb ram nodes" in shown
