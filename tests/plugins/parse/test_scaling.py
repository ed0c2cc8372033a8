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
        ("yes but one worker less", "plus", "-1"),
        ("looks good but with 2 more workers", "plus", "2"),
        ("let's go with twice the workers", "times", "2"),
        ("we need 2 more workers", "plus", "2"),
        ("no, don't halve the workers, double the workers", "times", "2"),
        ("increase the workers by half", "times", "1.5"),
        ("can we double the workers?", "times", "2"),
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


_NOT_ORDERED = (
    "is half the size enough?",
    "would half the workers be enough?",
    "are 2 more workers any use?",
    "is 20% more workers worth it?",
    "double the workers?",
    "shall we double the workers?",
    "can we manage with half the workers?",
    "don't double the workers",
    "no need to double the workers",
    "no, don't halve the workers",
    "don't double the workers and halve the hours",
    "do not add 2 workers",
    "not 2 more workers",
    "please do not, under any circumstances, double the workers",
    "without doubling the workers",
    "it makes no sense to double the workers",
    "that's double the budget",
    "that is double the budget",
    "it's 3 times our budget",
    "half of the budget is gone",
    "half the budget is gone",
    "half the budget",
    "we already used half of our budget",
    "finance cut the budget by 20%",
    "nobody wants double the budget",
    "double check the workers",
    "double-check the workers",
    "please double check the budget",
    "we had twice the workers before",
    "we have 2 more workers in the other one",
    "I thought we had double the workers",
    "my boss thinks half the workers will do",
    "we should probably double the workers",
    "maybe 2 more workers",
    "2 or 3 more workers",
    "halve the hours or 2 more workers",
    "3 nodes too many",
    "two workers too many",
    "if finance agrees, double the workers",
    "double the workers when it gets busy",
    "double the workers on friday",
    "on friday, double the workers",
    "tomorrow double the workers",
)


@pytest.mark.parametrize("text", _NOT_ORDERED)
def test_what_is_asked_denied_told_or_put_off_changes_nothing(text: str) -> None:
    assert scaled(text) == ()
    assert understand(text, _PENDING).act in ("unclear", "cost", "explain", "reject")


@pytest.mark.parametrize("text", _NOT_ORDERED)
def test_nor_is_what_stands_changed_by_it(text: str) -> None:
    standing = Context(today=date(2026, 11, 29), workspaces=("dbw-risk-dev", "dbw-wren-dev"))
    assert understand(text, standing).act not in ("amend", "provision", "destroy", "extend")


def test_more_or_less_is_about_that_many() -> None:
    (statement,) = understand("4 workers more or less", _PENDING).statements
    assert (statement.request.min_workers, statement.scaled) == (4, ())


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("halve the hours, 2 more workers", [("hours_per_week", "times", "0.5"), ("workers", "plus", "2")]),
        ("double the budget and add 2 workers", [("cost_limit", "times", "2"), ("workers", "plus", "2")]),
        ("double the workers and halve the hours", [("workers", "times", "2"), ("hours_per_week", "times", "0.5")]),
        ("two more workers and half the hours", [("workers", "plus", "2"), ("hours_per_week", "times", "0.5")]),
        ("increase the limit by 20% and add 2 workers", [("cost_limit", "times", "1.2"), ("workers", "plus", "2")]),
        (
            "can you please add 2 workers and halve the hours?",
            [("workers", "plus", "2"), ("hours_per_week", "times", "0.5")],
        ),
    ],
)
def test_each_of_several_wishes_is_taken(text: str, wishes: list[tuple[str, str, str]]) -> None:
    (statement,) = understand(text, _PENDING).statements
    assert [(field, way, str(by)) for field, way, by in statement.scaled] == wishes
    assert (statement.request.min_workers, statement.request.max_workers) == (None, None)


def test_what_is_not_taken_beside_a_wish_is_told() -> None:
    understood = understand("double the workers, memory 64 GB", _PENDING)
    assert [s.scaled for s in understood.statements] == [(("workers", "times", Decimal(2)),)]
    assert understood.unused == ("memory 64 GB",)
    for limit in ("budget 900", "limit 900"):
        said = understand(f"double the workers, {limit}", _PENDING).statements[0]
        assert (said.request.cost_limit, said.scaled) == (900, (("workers", "times", Decimal(2)),))


@pytest.mark.parametrize("text", ["raise the limit of wren by 20%", "raise the limit of dbw-wren-dev by 20%"])
def test_a_full_name_fits_between(text: str) -> None:
    context = Context(today=date(2026, 11, 29), workspaces=("dbw-risk-dev", "dbw-wren-dev"))
    (statement,) = understand(text, context).statements
    assert statement.request.workspace_name == "dbw-wren-dev"
    assert statement.scaled == (("cost_limit", "times", Decimal("1.2")),)


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


@pytest.mark.parametrize(
    ("text", "field", "by"),
    [
        ("double the workers of all staging workspaces", "workers", Decimal(2)),
        ("halve the workers on all staging workspaces", "workers", Decimal("0.5")),
        ("triple the nodes of every staging workspace", "workers", Decimal(3)),
        ("can you double the hours of all of our staging workspaces?", "hours_per_week", Decimal(2)),
        ("twice the workers for all staging workspaces please", "workers", Decimal(2)),
    ],
)
def test_it_is_wished_of_all_that_are_meant(text: str, field: str, by: Decimal) -> None:
    understood = understand(text, Context(today=date(2026, 11, 29), workspaces=("dbw-oak-staging", "dbw-elm-dev")))
    assert understood.act == "amend"
    assert [statement.scaled for statement in understood.statements] == [((field, "times", by),)]
    assert understood.selection is not None
    assert understood.selection.model_dump(exclude_defaults=True) == {"environments": ("staging",)}


@pytest.mark.parametrize(
    "text",
    [
        "don't double the workers of all staging workspaces",
        "should we double the workers of all staging workspaces?",
        "which workspaces have double the workers?",
        "do all staging workspaces have 2 more workers?",
    ],
)
def test_it_is_not_wished_of_all_where_it_is_asked_or_denied(text: str) -> None:
    context = Context(today=date(2026, 11, 29), workspaces=("dbw-oak-staging", "dbw-elm-dev"))
    assert understand(text, context).act not in ("amend", "provision")


@pytest.mark.parametrize(
    "text",
    [
        "give all staging workspaces 2 more workers",
        "all staging workspaces need 2 more workers",
        "can all of our staging workspaces have 2 more workers?",
    ],
)
@pytest.mark.parametrize("asked", [(), ("expires_in_days",)], ids=["free", "asked"])
def test_more_for_all_that_are_meant_asks_for_no_new_one(text: str, asked: tuple[str, ...]) -> None:
    standing = ("dbw-oak-staging", "dbw-elm-dev")
    understood = understand(text, Context(today=date(2026, 11, 29), workspaces=standing, open_slots=asked))
    assert understood.act == "amend"
    assert [statement.scaled for statement in understood.statements] == [(("workers", "plus", Decimal(2)),)]
