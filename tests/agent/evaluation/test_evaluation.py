"""Labelled sets are run through a brain, marked, printed and compared."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.evaluation.labels import GoldLine, read_gold
from agent.evaluation.marks import Score, marked_line
from agent.evaluation.report import compared, figures, load, save, table
from agent.evaluation.runner import EvaluationRun, EvaluationUsage, run_now
from plugins.domain.errors import ConfigurationError, InvalidRequest

LINES: list[dict[str, Any]] = [
    {
        "id": "a",
        "text": "etl workspace for team ml in dev",
        "act": "provision",
        "requests": [{"team": "ml", "environment": "dev", "workload_type": "data_engineering"}],
    },
    {
        "id": "b",
        "text": "workspace for team basil in dev",
        "act": "provision",
        "requests": [{"team": "basil"}],
        "must_ask": ["workload_type"],
    },
    {"id": "c", "text": "etl workspace for team ml in dev", "act": "provision", "requests": [{"team": "data"}]},
]
TALK: dict[str, Any] = {
    "id": "t",
    "turns": [
        {
            "in": {"text": "etl workspace for team ml in dev"},
            "expect": {"act": "provision", "plan": True, "pending": True},
        },
        {
            "in": {"action": "confirm", "plan_id": "$last", "digest": "$last"},
            "expect": {"act": "confirm", "deployed": 1, "plan_fields": {"request.team": "ml"}},
        },
    ],
}


def written(path: Path, values: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), "utf-8")
    return path


def test_messages_are_marked_field_by_field(tmp_path: Path) -> None:
    found = run_now(read_gold(written(tmp_path / "l.jsonl", LINES)), kind="rules", repeat=2, environment={})
    shown = figures(found)
    assert shown["act accuracy"] == 1
    assert shown["field precision"] == pytest.approx(4 / 5)
    assert shown["field recall"] == pytest.approx(4 / 5)
    assert shown["pass^2"] == pytest.approx(2 / 3)
    assert shown["model calls a message"] == 0
    lines = table(found, show=5).splitlines()
    assert lines[-1] == "score: 0.667 exact (4/6), brain rules"
    assert "- c: team='ml', not 'data'" in lines


@pytest.mark.integration
def test_conversations_are_held_to_their_end(tmp_path: Path) -> None:
    found = run_now(read_gold(written(tmp_path / "t.jsonl", [TALK])), kind="rules", repeat=1, environment={})
    assert [marks.problems for marks in found.marks["t"]] == [[]]


@pytest.mark.integration
def test_a_write_that_nobody_wanted_is_counted(tmp_path: Path) -> None:
    wrong = {**TALK, "turns": [TALK["turns"][0], {**TALK["turns"][1], "expect": {"deployed": 0}}]}
    found = run_now(read_gold(written(tmp_path / "t.jsonl", [wrong])), kind="rules", repeat=1, environment={})
    assert figures(found)["wrong writes"] == 1


def test_needless_questions_and_invented_fields_are_marked() -> None:
    gold = GoldLine(
        id="x", text="", act="provision", requests=[{"team": "ml"}], must_not_set=["owner"], must_ask=["region|team"]
    )
    marks = marked_line(gold, "amend", [{"team": "ml", "owner": "eve"}], {"spot"})
    assert not marks.act_right
    assert not marks.asked_needed
    assert marks.asked_needlessly
    assert marks.wrong["owner"] == 1


def test_two_runs_stand_side_by_side(tmp_path: Path) -> None:
    run = EvaluationRun("model", {"a": [Score()]}, EvaluationUsage(calls=2, seconds=[0.5]))
    save(tmp_path / "run.json", run)
    name, other = load(tmp_path / "run.json")
    lines = compared(figures(run), other, ("now", name)).splitlines()
    assert lines[0].split() == ["now", "model", "difference"]
    assert lines[1].split() == ["act", "accuracy", "100.0%", "100.0%", "+0.000"]


@pytest.mark.parametrize("text", ["", "{", '{"id": "a"}', '{"id": "a", "turns": 3}', "[]"])
def test_a_file_that_is_no_set_is_refused_with_its_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidRequest, match=r"x\.jsonl"):
        read_gold(path)


def test_a_model_that_is_not_configured_is_not_evaluated(tmp_path: Path) -> None:
    gold = read_gold(written(tmp_path / "l.jsonl", LINES))
    with pytest.raises(ConfigurationError, match="no model is configured"):
        run_now(gold, kind="model", repeat=1, environment={})
