"""What the model is told of the language: the words of the tables, within a budget."""

import pytest

from agent.brain.factory import parts_of
from agent.brain.synonyms import with_synonyms
from plugins.parse.vocabulary import environments, workloads

pytestmark = pytest.mark.integration

BEFORE, MORE, CHARACTERS_A_TOKEN = 2_319, 1_200, 3.9
"""Characters of the prompt of 2026-11-28, the tokens that it may have grown since, and what one of cl100k_base holds of
this text, as measured on 2026-11-29 (5,783 characters: 1,474 tokens)."""


def prompt() -> str:
    from test_semantic_kernel import needs

    return parts_of(needs()).prompts.understand


def test_every_value_is_told_with_words_that_people_say_for_it() -> None:
    lines = prompt().splitlines()
    for name, words in environments(loose=True).items():
        (line,) = [line for line in lines if line.startswith(f"  - {name}: ")]
        told = line.split(": ", 1)[1].split(", ")
        assert set(told) <= set(words)
        assert len(told) >= min(len(words) // 2, 8)
    for name in workloads():
        assert any(line.startswith(f"  - {name}: ") for line in lines)
    assert "poc" in prompt()
    assert "emea" in prompt()


def test_the_prompt_stays_within_its_budget() -> None:
    assert len(prompt()) <= BEFORE + MORE * CHARACTERS_A_TOKEN


def test_a_prompt_that_lost_a_list_stops_the_start() -> None:
    with pytest.raises(KeyError, match="workloads"):
        with_synonyms("{environments} {places}")
