"""Which of the workspaces that stand a message means."""

from datetime import date

import pytest

from plugins.domain.portfolio import Selection
from plugins.domain.understanding import Context
from plugins.parse import understand

_NAMES = ("dbw-risk-dev", "dbw-risk-staging", "dbw-bi-dev")
_CONTEXT = Context(today=date(2026, 11, 30), workspaces=_NAMES)
"""A Monday."""


def _chosen(text: str, context: Context = _CONTEXT) -> dict[str, object]:
    selection = understand(text, context).selection or Selection()
    return selection.model_dump(exclude_defaults=True)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("list the dev workspaces", {"environments": ("dev",)}),
        ("list all workspaces of team risk in westeurope", {"teams": ("risk",), "regions": ("westeurope",)}),
        ("show me all private link workspaces", {"networks": ("private_link",)}),
        ("list everything but prod", {"excluded": (("environment", "prod"),)}),
        ("which workspaces expire in the next 10 days?", {"expiry": "within", "expiry_days": 10}),
        ("list workspaces that never expire", {"expiry": "never"}),
        ("list workspaces without a cost centre", {"lacks": ("cost_center",)}),
        ("list failed workspaces", {"states": ("failed",)}),
        ("list the workspaces on runtime 15.4", {"runtimes": ("15.4",)}),
        ("list the blue workspaces", {"unread": ("blue",)}),
    ],
)
def test_a_list_is_narrowed_by_what_is_said_of_it(text: str, fields: dict[str, object]) -> None:
    assert {name: value for name, value in _chosen(text).items() if name != "refers"} == fields


def test_a_bound_is_a_month_whatever_period_it_is_said_in() -> None:
    over = understand("list workspaces over 6000 dollars a year", _CONTEXT).selection
    assert over is not None
    assert (over.over, over.currency) == (500, "USD")


def test_the_end_of_this_week_is_its_sunday() -> None:
    assert _chosen("what expires this week?")["expiry_days"] == 6


def test_sorting_by_cost_begins_with_the_dearest_and_asks_for_no_end() -> None:
    assert _chosen("list workspaces sorted by cost") == {"sort": "cost", "descending": True}
    assert "expiry" not in _chosen("list workspaces sorted by expiry")


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("destroy all dev workspaces except dbw-risk-dev", ["dbw-risk-dev"]),
        ("destroy everything in dev but dbw-risk-dev and dbw-bi-dev", ["dbw-risk-dev", "dbw-bi-dev"]),
    ],
)
def test_what_is_left_out_is_never_what_is_destroyed(text: str, out: list[str]) -> None:
    understood = understand(text, _CONTEXT)
    assert understood.act == "destroy"
    assert understood.selection is not None
    assert [value for name, value in understood.selection.excluded if name == "workspace_name"] == out
    assert not any(request.workspace_name for request in understood.requests)


def test_of_two_names_the_one_behind_a_not_is_left_alone() -> None:
    understood = understand("delete dbw-risk-dev, not dbw-bi-dev", _CONTEXT)
    assert [request.workspace_name for request in understood.requests] == ["dbw-risk-dev"]


def test_what_is_not_to_be_destroyed_is_no_destroy() -> None:
    assert understand("don't destroy dbw-risk-dev", _CONTEXT).act != "destroy"


def test_each_of_several_names_has_a_statement_of_its_own() -> None:
    understood = understand("extend dbw-risk-dev by 7 days and dbw-bi-dev by 14 days", _CONTEXT)
    days = [(request.workspace_name, request.expires_in_days) for request in understood.requests]
    assert days == [("dbw-risk-dev", 7), ("dbw-bi-dev", 14)]


def test_a_change_of_many_says_which_and_what() -> None:
    understood = understand("turn off photon on all staging workspaces of team risk", _CONTEXT)
    assert understood.act == "amend"
    assert understood.selection is not None
    assert (understood.selection.environments, understood.selection.teams) == (("staging",), ("risk",))
    assert understood.requests[0].stated() == {"photon": False}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("delete dbw-bi-dev on friday", 4),
        ("dbw-bi-dev can go next tuesday", 8),
        ("tear down dbw-risk-dev tomorrow", 1),
        ("kill dbw-risk-dev in 2 weeks", 14),
        ("let dbw-bi-dev end at the end of next month", 31),
    ],
)
def test_what_is_to_go_later_is_given_an_end(text: str, days: int) -> None:
    understood = understand(text, _CONTEXT)
    assert (understood.act, understood.ending) == ("extend", "at")
    assert understood.requests[0].expires_in_days == days


def test_a_list_is_narrowed_further_only_where_one_was_shown() -> None:
    shown = Context(today=_CONTEXT.today, workspaces=_NAMES, listed=True)
    assert understand("only dev in westeurope", shown).act == "list"
    assert understand("only dev in westeurope", _CONTEXT).act != "list"


def test_a_request_that_could_name_several_is_still_a_request() -> None:
    text = "Databricks workspaces for team cove in dev and prod, etl, under 900 dollars"
    assert understand(text, _CONTEXT).act == "provision"
