"""A faithful model and the rules lead to the same place: understanding, conversation, plan."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from conversing_with_a_brain import CONTEXT, held_with, lines_of_people, without_sources

from agent.brain.double.answers import Answer
from agent.brain.double.echo_rules import reading_of
from agent.brain.double.scripts import faithful
from agent.brain.grounding.understanding import verified
from agent.brain.grounding.workspace import MessageInContext
from agent.brain.model import ModelBrain
from agent.brain.model_output import ModelReading
from agent.wording import phrase
from plugins.parse import understand

pytestmark = pytest.mark.integration

TRANSCRIPTS = sorted((Path(__file__).parents[2] / "conversations").glob("*.md"))
AUTHORS = sorted((Path(__file__).parents[2] / "evaluation" / "conversations").glob("*.jsonl"))
LINES = Path(__file__).parents[2] / "plugins" / "parse" / "lines.jsonl"


_LANGUAGES = [phrase(f"languages.{language}") for language in ("de", "es", "fr")]
"""What the rules say once of the languages that they read is not true of a model."""


def _of_any_brain(events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [event for event in events if event.get("text") not in _LANGUAGES]


def test_a_faithful_reading_of_any_line_is_understood_as_the_rules_understand_it() -> None:
    for line in LINES.read_text("utf-8").splitlines():
        text = json.loads(line)["text"]
        ruled = understand(text, CONTEXT)
        reading = ModelReading.model_validate(reading_of(ruled, text, CONTEXT))
        found = verified(reading, MessageInContext(text, CONTEXT, ruled))
        assert without_sources(found) == without_sources(ruled), text


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_is_held_word_for_word_with_a_model(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = lines_of_people(path)
    by_rules = asyncio.run(held_with(None, people, tmp_path / "rules", monkeypatch))
    by_model = asyncio.run(held_with(faithful, people, tmp_path / "model", monkeypatch))
    assert by_model == _of_any_brain(by_rules)


@pytest.mark.parametrize("path", AUTHORS, ids=lambda path: path.stem)
def test_what_an_author_said_is_held_alike(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every tenth of the conversations; each is held word for word."""
    for number, line in enumerate(path.read_text("utf-8").splitlines()[::10]):
        turns = [turn["in"] for turn in json.loads(line)["turns"]]
        by_rules = asyncio.run(held_with(None, turns, tmp_path / f"r{number}", monkeypatch))
        by_model = asyncio.run(held_with(faithful, turns, tmp_path / f"m{number}", monkeypatch))
        assert by_model == _of_any_brain(by_rules), line[:60]


async def test_an_ordinary_message_takes_one_call(over_connector: Callable[..., ModelBrain]) -> None:
    calls: list[int] = []

    def counted(body: Mapping[str, Any]) -> Answer:
        calls.append(1)
        return faithful(body)

    brain = over_connector(counted)
    await brain.understand("Databricks for the ML team in dev", CONTEXT)
    assert len(calls) == 1
