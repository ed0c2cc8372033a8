"""Wishes in terms of what is there now say by how much, and of what."""

from datetime import date
from decimal import Decimal

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand
from plugins.parse.scaling import scaled

_WHOLE = InfrastructureRequest(
    capability="databricks", team="sales", environment="dev", workload_type="data_engineering", max_workers=4
)
_PENDING = Context(today=date(2026, 11, 29), drafts=(_WHOLE,), plan_pending=True)


@pytest.mark.parametrize(
    ("text", "way", "by"),
    [
        ("double the workers", "times", "2"),
        ("half the workers please", "times", "0.5"),
        ("twice as many nodes", "times", "2"),
        ("can we have 3 times the workers?", "times", "3"),
        ("cut the workers in half", "times", "0.5"),
        ("reduce the number of workers by half", "times", "0.5"),
        ("make it 50% more workers", "times", "1.5"),
        ("scale the workers down by 25 percent", "times", "0.75"),
        ("one worker less", "plus", "-1"),
        ("one worker fewer", "plus", "-1"),
        ("Could we have one worker fewer?", "plus", "-1"),
        ("a worker less would do", "plus", "-1"),
        ("two workers too many", "plus", "-2"),
        ("one less node", "plus", "-1"),
        ("2 extra workers", "plus", "2"),
        ("add another worker", "plus", "1"),
        ("raise the workers by two", "plus", "2"),
        ("reduce it by 3 workers", "plus", "-3"),
        ("can you add two workers", "plus", "2"),
        ("please remove a worker", "plus", "-1"),
    ],
)
def test_the_workers_of_a_plan_that_waits_are_scaled(text: str, way: str, by: str) -> None:
    understood = understand(text, _PENDING)
    assert understood.act == "amend"
    (statement,) = understood.statements
    assert statement.scaled == (("workers", way, Decimal(by)),)
    assert (statement.request.min_workers, statement.request.max_workers) == (None, None)


@pytest.mark.parametrize("text", ["what if we double the workers?", "what would it cost with one worker less?"])
def test_a_question_of_it_is_priced_and_changes_nothing(text: str) -> None:
    understood = understand(text, _PENDING)
    assert understood.act == "cost"
    assert understood.statements[0].scaled


@pytest.mark.parametrize(
    "text",
    [
        "one worker more than sales has",
        "4 workers",
        "double espresso",
        "use 2x Standard_D4ds_v5 nodes",
        "half of the team",
        "1 worker, less is more",
        "max 3 workers",
    ],
)
def test_what_only_resembles_it_scales_nothing(text: str) -> None:
    assert scaled(text) == ()


def test_where_nothing_stands_yet_what_is_added_is_all_there_is() -> None:
    context = Context(today=date(2026, 11, 29), drafts=(InfrastructureRequest(capability="databricks", team="sales"),))
    (statement,) = understand("add 4 workers", context).statements
    assert (statement.request.min_workers, statement.scaled) == (4, ())
