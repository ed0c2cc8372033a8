"""Several workspaces in one message: what is said of each, and what of all."""

from datetime import date

import pytest

from plugins.domain.understanding import Context
from plugins.parse import understand

TODAY = date(2026, 11, 24)


def read(text: str, *fields: str) -> list[tuple[object, ...]]:
    requests = understand(text, Context(today=TODAY)).requests
    return [tuple(getattr(request, field) for field in fields) for request in requests]


def test_rows_of_a_table_are_workspaces() -> None:
    text = "| team | env | region |\n|---|---|---|\n| kelp | dev | westeurope |\n| basalt | prod | uksouth |"
    assert read(text, "team", "environment", "region") == [
        ("kelp", "dev", "westeurope"),
        ("basalt", "prod", "uksouth"),
    ]


def test_items_of_a_list_are_workspaces_and_what_stands_above_is_said_of_all() -> None:
    text = "databricks workspaces in westeurope:\n- dev workspace for team kelp\n- prod workspace for team basalt"
    assert read(text, "team", "environment", "region") == [
        ("kelp", "dev", "westeurope"),
        ("basalt", "prod", "westeurope"),
    ]


def test_a_list_of_wishes_is_one_workspace() -> None:
    text = "databricks for team kelp:\n- dev\n- 4 workers\n- no gpu"
    assert read(text, "team", "environment", "max_workers") == [("kelp", "dev", 4)]


def test_blocks_of_keys_are_workspaces() -> None:
    text = "databricks\nTeam: kelp\nEnvironment: dev\n\nTeam: basalt\nEnvironment: prod"
    assert read(text, "team", "environment") == [("kelp", "dev"), ("basalt", "prod")]


@pytest.mark.parametrize(
    ("text", "environments"),
    [
        ("databricks for team kelp in dev and prod", ["dev", "prod"]),
        ("databricks for team kelp: dev, staging and prod", ["dev", "staging", "prod"]),
        ("two databricks workspaces for team kelp, dev/prod", ["dev", "prod"]),
        ("databricks for team kelp in dev, like prod", ["dev"]),
        ("databricks for team kelp in dev, not prod", ["dev"]),
    ],
)
def test_environments_side_by_side_are_a_workspace_each(text: str, environments: list[str]) -> None:
    assert [found for (found,) in read(text, "environment")] == environments


def test_a_list_of_teams_is_a_workspace_each() -> None:
    text = "databricks in dev for teams kelp, basalt and quartz"
    assert read(text, "team", "environment") == [("kelp", "dev"), ("basalt", "dev"), ("quartz", "dev")]


def test_one_for_opens_a_workspace_of_its_own() -> None:
    text = (
        "two databricks workspaces: one for team kelp in dev with 2 workers, one for team basalt in prod with 8 workers"
    )
    assert read(text, "team", "environment", "max_workers") == [("kelp", "dev", 2), ("basalt", "prod", 8)]


def test_what_stands_in_brackets_speaks_of_the_value_before() -> None:
    text = "databricks for team kelp: dev (2 workers) and prod (8 workers)"
    assert read(text, "environment", "max_workers") == [("dev", 2), ("prod", 8)]


def test_numbers_before_an_environment_belong_to_it() -> None:
    text = "databricks for team kelp, 2 workers in dev and 8 workers in prod"
    assert read(text, "environment", "max_workers") == [("dev", 2), ("prod", 8)]


def test_both_speaks_of_all() -> None:
    text = "databricks for team kelp, dev with 2 workers and prod with 8 workers, both in uksouth"
    assert read(text, "environment", "max_workers", "region") == [("dev", 2, "uksouth"), ("prod", 8, "uksouth")]


def test_a_batch_holds_400_workspaces() -> None:
    rows = "\n".join(f"| kelp{n} | dev | westeurope |" for n in range(450))
    assert len(read(f"| team | env | region |\n|---|---|---|\n{rows}", "team")) == 400


MAIL = """Hi all,

1. Background. The reports of the plants run on the old SQL Server in Graz. The nightly load takes 7 to 9 hours.

2. What was tried. Before that there was the idea to do it on AWS (eu-central-1), the architects said no. There is also
a Databricks workspace of the sister company, dbw-steel-prod, in which we may not do anything.

3. What we agreed. For the start everything is on a test level. Nothing goes live before people compared the numbers.

4. So the order: please create one Databricks workspace for the Plant Reporting team. Staging environment.
Data engineering. Location North Europe, because the gateway is there. 2 to 5 workers.

5. Next meeting is on the 28th, room "Frankfurt". Katja brings the 180 reports, Stefan talks to the works council.
"""


def test_of_numbered_paragraphs_the_one_that_orders_is_the_order() -> None:
    understood = understand(MAIL, Context(today=TODAY))
    assert understood.act == "provision"
    assert read(MAIL, "team", "environment", "region", "workload_type", "max_workers") == [
        ("plant-reporting", "staging", "northeurope", "data_engineering", 5)
    ]


def test_where_a_message_begins_changes_nothing_of_what_it_asks() -> None:
    assert understand("\n\n      " + MAIL, Context(today=TODAY)).act == "provision"
