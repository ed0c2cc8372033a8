"""Readings that somebody wrote in a model's place are asked for, replayed over the wire, and scored."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.__main__ import main

LINES: list[dict[str, Any]] = [
    {
        "id": "a",
        "text": "Team = ml\nStage = prod\nUse = classifiers",
        "act": "provision",
        "requests": [{"team": "ml", "environment": "prod", "workload_type": "machine_learning"}],
    },
    {
        "id": "b",
        "text": "etl workspace for team basil in dev, max 10 workers, no, make it 6",
        "act": "provision",
        "requests": [{"team": "basil", "max_workers": 6}],
    },
]
READINGS: list[dict[str, Any]] = [
    {
        "id": "a",
        "arguments": {
            "act": "provision",
            "workspaces": [
                {
                    "stated": [
                        {"field": "team", "value": "ml", "quote": "Team = ml"},
                        {"field": "environment", "value": "prod", "quote": "Stage = prod"},
                    ],
                    "inferred": [
                        {"field": "workload_type", "value": "machine_learning", "quote": "classifiers", "because": "x"}
                    ],
                }
            ],
        },
    },
    {
        "id": "b",
        "arguments": {
            "act": "provision",
            "workspaces": [
                {
                    "stated": [
                        {"field": "team", "value": "basil", "quote": "team basil"},
                        {"field": "environment", "value": "dev", "quote": "in dev"},
                        {"field": "workload_type", "value": "data_engineering", "quote": "etl"},
                        {"field": "max_workers", "value": 6, "quote": "max 10 workers, no, make it 6"},
                    ]
                }
            ],
        },
    },
]


def written(path: Path, values: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), "utf-8")
    return path


def evaluated(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["eval", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.integration
def test_readings_are_replayed_and_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, readings = written(tmp_path / "l.jsonl", LINES), written(tmp_path / "r.jsonl", READINGS)
    code, told, _ = evaluated(capsys, str(lines), "--brain", "model", "--readings", str(readings))
    assert code == 0
    assert told.splitlines()[-1] == "score: 1.000 exact (2/2), brain model"
    figures = dict(line.rsplit("  ", 1) for line in told.splitlines() if line.startswith(("field prec", "asked need")))
    assert {name.strip(): value.strip() for name, value in figures.items()} == {
        "field precision": "100.0%",
        "asked needlessly": "0.0%",
    }


def test_a_message_without_a_reading_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, readings = written(tmp_path / "l.jsonl", LINES), written(tmp_path / "r.jsonl", READINGS[:1])
    code, _, said = evaluated(capsys, str(lines), "--brain", "model", "--readings", str(readings))
    assert code != 0
    assert "1 of 2 messages have no reading in r.jsonl: b" in said


@pytest.mark.parametrize("text", ["{", "[]", '{"id": "a"}', '{"id": 1, "arguments"'])
def test_a_file_that_holds_no_readings_is_refused_with_its_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines, readings = written(tmp_path / "l.jsonl", LINES), tmp_path / "r.jsonl"
    readings.write_text(text, "utf-8")
    code, _, said = evaluated(capsys, str(lines), "--brain", "model", "--readings", str(readings))
    assert code != 0
    assert "line 1 of r.jsonl is no reading" in said


def test_readings_are_a_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, readings = written(tmp_path / "l.jsonl", LINES), written(tmp_path / "r.jsonl", READINGS)
    code, _, said = evaluated(capsys, str(lines), "--readings", str(readings))
    assert code != 0
    assert "Add --brain model" in said


@pytest.mark.integration
def test_what_is_shown_for_answering_is_what_is_sent_and_holds_no_label(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labelled = [{**line, "tags": ["a_label"]} for line in LINES]
    code, told, _ = evaluated(capsys, str(written(tmp_path / "l.jsonl", labelled)), "--show-prompt")
    assert code == 0
    assert "== system\nYou read messages for Brickie" in told
    assert '"name": "brickie-understood"' in told
    assert "== message b\n-- user\n<state>\n" in told
    assert told.endswith("-- user\netl workspace for team basil in dev, max 10 workers, no, make it 6\n")
    assert "a_label" not in told
    assert '"requests"' not in told


def test_conversations_are_not_answered_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talk = written(tmp_path / "t.jsonl", [{"id": "t", "turns": []}])
    code, _, said = evaluated(capsys, str(talk), "--show-prompt")
    assert code != 0
    assert "the file holds conversations" in said
