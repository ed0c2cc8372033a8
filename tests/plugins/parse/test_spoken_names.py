"""One that stands is meant by its name as people say it, and never where they ask for a new one."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Context
from plugins.parse import understand

STANDING = Context(today=date(2026, 11, 30), workspaces=("dbw-bi-dev", "dbw-risk-dev", "dbw-risk-staging"))


@pytest.mark.parametrize(
    ("text", "act", "name"),
    [
        ("how many workers does risk staging have?", "status", "dbw-risk-staging"),
        ("upgrade risk staging to 4 workers", "amend", "dbw-risk-staging"),
        ("who owns risk dev?", "status", "dbw-risk-dev"),
        ("destroy risk-dev", "destroy", "dbw-risk-dev"),
        ("let risk staging end on friday", "extend", "dbw-risk-staging"),
        ("what does risk staging cost?", "cost", "dbw-risk-staging"),
    ],
)
def test_one_that_stands_is_meant(text: str, act: Act, name: str) -> None:
    understood = understand(text, STANDING)
    assert (understood.act, [request.workspace_name for request in understood.requests]) == (act, [name])


@pytest.mark.parametrize(
    "text", ["a workspace for risk dev etl", "dev for the risk team, etl", "databricks for risk dev", "team risk, dev"]
)
def test_a_new_one_is_not_called_like_one_that_stands(text: str) -> None:
    assert [request.workspace_name for request in understand(text, STANDING).requests] == [None]


def test_with_something_in_hand_its_words_are_of_that() -> None:
    drafts = (InfrastructureRequest(team="risk", workload_type="data_engineering"),)
    context = Context(today=STANDING.today, workspaces=STANDING.workspaces, drafts=drafts, open_slots=("environment",))
    understood = understand("risk dev", context)
    assert all(request.workspace_name is None for request in understood.requests)
