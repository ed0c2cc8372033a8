"""A pasted list: what is one, what its rows say, and which lines are wrong."""

import pytest

from plugins.parse.batch import RowProblem, batch_of

HEADER = "team,environment,workload"


def rows(text: str) -> list[tuple[int, dict[str, object]]]:
    found = batch_of(text)
    assert found is not None
    assert found.problems == ()
    return [(row.line, row.request.stated()) for row in found.rows]


def problems(text: str) -> list[tuple[int, str]]:
    found = batch_of(text)
    assert found is not None
    return [(problem.line, problem.text) for problem in found.problems]


@pytest.mark.parametrize(
    "text",
    [
        "Databricks for the ML team in dev",
        "dev, staging and prod for teams a, b and c",
        "team, environment and budget are up to you",
        "",
        "hello\n\nteam: ml, environment: dev",
    ],
)
def test_a_sentence_is_no_list(text: str) -> None:
    assert batch_of(text) is None


def test_cells_are_read_by_the_words_of_a_conversation() -> None:
    header = "Please set these up:\n\nTeam;Env;Workload;Location;Workers;Budget;Spot;tag:project\n"
    text = f"{header}Data Platform team;Production;pipelines;West Europe;2-8;€900;no;apollo\n"
    assert rows(text) == [
        (
            4,
            {
                "capability": "databricks",
                "team": "data-platform",
                "environment": "prod",
                "region": "westeurope",
                "workload_type": "data_engineering",
                "min_workers": 2,
                "max_workers": 8,
                "cost_limit": 900,
                "currency": "EUR",
                "spot": False,
                "tags": {"project": "apollo"},
            },
        )
    ]


def test_blank_lines_fences_and_quotes_are_no_rows() -> None:
    text = f'```csv\n{HEADER}\n\n"alpha",dev,etl\n\n```\n'
    assert [(line, said["team"]) for line, said in rows(text)] == [(4, "alpha")]


def test_every_bad_line_is_named() -> None:
    text = f"{HEADER},workspace_name\nalpha,moon,etl\n,dev,etl\nbeta,dev,etl,dbw-one\n"
    text += "gamma,dev,etl,dbw-one\nd,dev,etl,x,y\ne,dev\n"
    assert problems(text) == [
        (2, "“moon” is no environment"),
        (3, "the team is missing"),
        (6, "it has 5 cells, the header 4"),
        (7, "the workload type is missing"),
        (5, "its name dbw-one stands on line 4 already"),
    ]


def test_a_column_that_there_is_not_is_named() -> None:
    assert problems("team,environment,workload,colour\na,dev,etl,red\n") == [(1, "there is no column “colour”")]


def test_a_header_alone_is_a_problem() -> None:
    assert batch_of(HEADER) is not None
    assert problems(HEADER) == [(1, "no workspace follows the header")]


def test_limits_that_cross_are_a_problem_of_their_line() -> None:
    found = batch_of(f"{HEADER},min_workers,max_workers\na,dev,etl,4,2\n")
    assert found is not None
    assert found.problems == (RowProblem(2, "at least 4 workers are more than at most 2"),)
