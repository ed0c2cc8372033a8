"""“Undo that” takes back what this person did here, and nothing that somebody else has done since."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from by_hand import INES, ByHand

pytestmark = pytest.mark.integration


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[ByHand]:
    """A workspace of Ana's stands that ends in 10 days."""
    found = ByHand(tmp_path)
    await found.tell("dev for team heron, etl, for 10 days")
    await found.tell("yes")
    yield found
    await found.app.close()


def in_days(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


async def ends(talk: ByHand, name: str = "dbw-heron-dev") -> list[str]:
    def stands(records: object) -> list[str]:
        return [f"{d.expires_on}" for d in records.deployments(of=None) if d.workspace_name == name]  # type: ignore[attr-defined]

    return await talk.app.read(stands)


async def test_an_end_that_somebody_moved_since_stays(talk: ByHand) -> None:
    await talk.tell("extend dbw-heron-dev by 7 days")
    await talk.tell("let dbw-heron-dev end in 30 days", by=INES, at="cnv_ines")
    await talk.tell("undo that")
    assert talk.text.startswith(f"Somebody has moved the end of dbw-heron-dev since: it is {in_days(30)} now.")
    assert await ends(talk) == [in_days(30)]


async def test_what_nobody_moved_since_is_taken_back(talk: ByHand) -> None:
    await talk.tell("let dbw-heron-dev end in 30 days", by=INES, at="cnv_ines")
    await talk.tell("extend dbw-heron-dev by 7 days")
    await talk.tell("undo that")
    assert await ends(talk) == [in_days(30)]


async def test_of_several_ends_all_are_taken_back_or_none(talk: ByHand) -> None:
    await talk.tell("dev for team wren, etl, for 10 days")
    await talk.tell("yes")
    await talk.tell("extend all of them by 7 days")
    await talk.tell("let dbw-heron-dev end in 30 days", by=INES, at="cnv_ines")
    await talk.tell("undo that")
    assert "Nothing was changed" in talk.text
    assert "dbw-wren-dev" not in talk.text
    assert await ends(talk) + await ends(talk, "dbw-wren-dev") == [in_days(30), in_days(17)]


async def test_the_end_that_somebody_else_moved_is_no_last_change_of_ones_own(talk: ByHand) -> None:
    """Ana made it and changed nothing; what Ines did elsewhere is not what “undo that” means here."""
    await talk.tell("let dbw-heron-dev end in 30 days", by=INES, at="cnv_ines")
    await talk.tell("undo that")
    assert "Somebody has moved the end" in talk.text
    assert await ends(talk) == [in_days(30)]


async def test_an_end_that_is_named_is_taken_back_whoever_moved_it(talk: ByHand) -> None:
    await talk.tell("let dbw-heron-dev end in 30 days", by=INES, at="cnv_ines")
    await talk.tell("undo the last change of dbw-heron-dev")
    assert await ends(talk) == [in_days(10)]


async def test_a_part_of_another_word_is_no_name(talk: ByHand) -> None:
    """“dev” in the middle of a sentence does not name the workspace that is called risk-dev."""
    await talk.tell("dev for team risk, etl, for 10 days, call it risk-dev")
    await talk.tell("yes")
    await talk.tell("let risk-dev end in 30 days", by=INES, at="cnv_ines")
    await talk.tell("undo that in dev")
    assert await ends(talk, "risk-dev") == [in_days(30)]
    await talk.tell("undo the last change of risk-dev")
    assert await ends(talk, "risk-dev") == [in_days(10)]
