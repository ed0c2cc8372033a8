"""What is said of one of several workspaces is of that one, whichever of the two is said first."""

from datetime import date
from typing import Any

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse.orders import understand

_TODAY = date(2026, 12, 1)
_ENVIRONMENTS = ("dev", "staging", "prod")
_DRAFTS = tuple(
    InfrastructureRequest(
        capability="databricks", team="kestrel", environment=environment, workload_type="data_engineering"
    )
    for environment in _ENVIRONMENTS
)
_PENDING = Context(today=_TODAY, drafts=_DRAFTS, plan_pending=True)


def each(text: str, by: str, *fields: str, context: Context | None = None) -> dict[str, Any]:
    """By environment or team the value of that field, or the values of these."""
    requests = understand(text, context or Context(today=_TODAY)).requests
    read = {str(getattr(one, by)): tuple(getattr(one, field) for field in fields) for one in requests}
    assert len(read) == len(requests)
    return {name: values[0] if len(values) == 1 else values for name, values in read.items()}


@pytest.mark.parametrize(
    ("told", "field", "dev", "prod"),
    [
        ("2 workers for dev and 6 for prod", "max_workers", 2, 6),
        ("2 workers for dev, 6 for prod", "max_workers", 2, 6),
        ("2 workers in dev, 6 workers in prod", "max_workers", 2, 6),
        ("up to 3 workers for dev and 8 for prod", "max_workers", 3, 8),
        ("dev 2 workers, prod 6", "max_workers", 2, 6),
        ("budget 300 for dev and 900 for prod", "cost_limit", 300, 900),
        ("photon for prod, no photon for dev", "photon", False, True),
        ("photon for prod only", "photon", False, True),
        ("photon only in prod", "photon", False, True),
        ("photon in prod, not in dev", "photon", False, True),
        ("photon for prod but not for dev", "photon", False, True),
        ("spot in dev, no spot in prod", "spot", True, False),
        ("no spot in prod, spot in dev", "spot", True, False),
        ("spot for dev is fine, no spot for prod", "spot", True, False),
        ("spot is fine for dev but not for prod", "spot", True, False),
        ("no gpu in dev, gpu in prod", "enable_gpu", False, True),
        ("private link for prod, public for dev", "network", "public", "private_link"),
        ("dev in west europe, prod in north europe", "region", "westeurope", "northeurope"),
    ],
)
def test_of_two_environments_each_has_its_own(told: str, field: str, dev: object, prod: object) -> None:
    text = f"dev and prod for the crop-yield team, etl, {told}"
    assert each(text, "environment", field) == {"dev": dev, "prod": prod}


def test_of_three_what_is_said_of_two_is_of_these() -> None:
    text = "dev, staging and prod for the crop-yield team, etl, 2 workers in dev and staging, 6 workers in prod"
    assert each(text, "environment", "max_workers") == {"dev": 2, "staging": 2, "prod": 6}
    text = "dev, staging and prod for the crop-yield team, etl, spot in dev and staging, not in prod"
    assert each(text, "environment", "spot") == {"dev": True, "staging": True, "prod": False}


@pytest.mark.parametrize(
    "told",
    [
        "prod gets 6 workers, the others 2",
        "prod gets 6 workers, the rest 2 workers",
        "the others 2 workers, prod 6",
        "2 workers each except prod which needs 6",
        "2 workers, 6 in prod",
    ],
)
def test_of_three_one_differs(told: str) -> None:
    text = f"dev, staging and prod for mint, etl, {told}"
    assert each(text, "environment", "max_workers") == {"dev": 2, "staging": 2, "prod": 6}


@pytest.mark.parametrize("told", ["spot everywhere except prod", "spot on all but prod", "spot except for prod"])
def test_of_three_one_is_excepted(told: str) -> None:
    text = f"dev, staging and prod for mint, etl, {told}"
    assert each(text, "environment", "spot") == {"dev": True, "staging": True, "prod": False}


@pytest.mark.parametrize(
    ("told", "field", "oak", "elm"),
    [
        ("2 workers for oak and 6 for elm", "max_workers", 2, 6),
        ("2 workers for oak, 6 for elm", "max_workers", 2, 6),
        ("oak 2 workers, elm 6", "max_workers", 2, 6),
        ("budget 300 for oak and 900 for elm", "cost_limit", 300, 900),
        ("no photon for oak, photon for elm", "photon", False, True),
        ("photon for oak but not for elm", "photon", True, False),
        ("photon for oak only", "photon", True, False),
    ],
)
def test_of_two_teams_each_has_its_own(told: str, field: str, oak: object, elm: object) -> None:
    text = f"dev workspaces for the oak and elm teams, etl. {told}"
    assert each(text, "team", field) == {"oak": oak, "elm": elm}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("prod for team apron and staging for team gate-ops, both etl", {"apron": "prod", "gate-ops": "staging"}),
        ("dev for team apron and dev for team gate-ops, both etl", {"apron": "dev", "gate-ops": "dev"}),
        ("dev for apron team and dev for gate-ops team, etl", {"apron": "dev", "gate-ops": "dev"}),
        ("one for team apron and one for team gate-ops, dev, etl", {"apron": "dev", "gate-ops": "dev"}),
    ],
)
def test_an_environment_before_each_team_is_of_that_team(text: str, wanted: dict[str, str]) -> None:
    assert each(text, "team", "environment") == wanted


@pytest.mark.parametrize(
    ("text", "field", "wanted"),
    [
        ("2 workers for dev and 6 for prod", "max_workers", {0: 2, 2: 6}),
        ("set the workers for dev to 2 and for prod to 6", "max_workers", {0: 2, 2: 6}),
        ("photon in prod, not in dev", "photon", {0: False, 2: True}),
        ("spot for dev is fine, no spot for prod", "spot", {0: True, 2: False}),
        (
            "set the limit for dev to 300, for staging to 500 and for prod to 900",
            "cost_limit",
            {0: 300, 1: 500, 2: 900},
        ),
    ],
)
def test_of_what_waits_each_is_changed_alone(text: str, field: str, wanted: dict[int, object]) -> None:
    statements = understand(text, _PENDING).statements
    assert {statement.target: getattr(statement.request, field) for statement in statements} == wanted


@pytest.mark.parametrize("text", ["databricks for oak and elm in dev, etl", "dev for risk and compliance, etl"])
def test_two_names_that_may_be_one_team_or_two_are_asked_about(text: str) -> None:
    [doubt] = understand(text, Context(today=_TODAY)).doubts
    assert (doubt.slot, doubt.kind, len(doubt.candidates)) == ("team", "several", 3)


@pytest.mark.parametrize("text", ["one team", "two teams", "one each", "both", "one for each"])
def test_how_many_they_are_is_no_name_of_a_team(text: str) -> None:
    draft = InfrastructureRequest(capability="databricks", environment="dev", workload_type="data_engineering")
    understood = understand(text, Context(today=_TODAY, drafts=(draft,), open_slots=("team",)))
    assert all(request.team is None for request in understood.requests)


_OF_TEAMS = Context(
    today=_TODAY,
    drafts=tuple(
        InfrastructureRequest(capability="databricks", team=team, environment="dev", workload_type="data_science")
        for team in ("stage-door", "cloakroom")
    ),
    plan_pending=True,
)


@pytest.mark.parametrize(
    ("text", "field", "wanted"),
    [
        ("the cloakroom one should sit in west us 2, stage door stays where it is", "region", {1: "westus2"}),
        ("owner for stage door is r.ames@palace.example", "owner", {0: "r.ames@palace.example"}),
        ("cloakroom needs 4 workers", "max_workers", {1: 4}),
        ("give cloakroom 3 workers and stage door 2", "max_workers", {1: 3, 0: 2}),
        ("stage door gets photon, cloakroom doesn't", "photon", {0: True, 1: False}),
        ("photon for the stage door team", "photon", {0: True}),
        ("both in west us 2", "region", {None: "westus2"}),
    ],
)
def test_a_team_that_something_is_drafted_for_is_known_by_its_name(
    text: str, field: str, wanted: dict[int | None, object]
) -> None:
    statements = understand(text, _OF_TEAMS).statements
    assert {statement.target: getattr(statement.request, field) for statement in statements} == wanted


def test_what_is_told_to_stay_is_not_what_changes() -> None:
    standing = Context(today=_TODAY, workspaces=("dbw-lock-dev", "dbw-tug-stg"))
    [request] = understand("change dbw-tug-stg from 2 to 3 workers, dbw-lock-dev stays as it is", standing).requests
    assert (request.workspace_name, request.min_workers, request.max_workers) == ("dbw-tug-stg", 3, 3)


@pytest.mark.parametrize(
    ("text", "by", "field", "wanted"),
    [
        (
            "Team Fare Engine: staging w/ 3 workers and prod w/ 8. Team Seat Maps: staging only, 2 workers. all etl",
            "team",
            "max_workers",
            [3, 8, 2],
        ),
        (
            "Need test and live workspaces for oak, etl. Live runs 24/7, test just 10 hours a week",
            "environment",
            "hours_per_week",
            [10, 168],
        ),
        (
            "dev and test for oak, etl; dev: DS3_v2; test: DS4_v2; the rest is identical: at most 4 workers",
            "environment",
            "max_workers",
            [4, 4],
        ),
        (
            "dev, test and prod for oak, etl. Budget bei dev 600, bei test 900, bei prod 4000",
            "environment",
            "cost_limit",
            [600, 900, 4000],
        ),
        (
            "600 a month is the cap for staging, 3k a month for prod. team oak, etl. two workspaces",
            "environment",
            "cost_limit",
            [600, 3000],
        ),
        ("dev and prod for oak, etl; uk south; prod with 6 workers", "environment", "region", ["uksouth", "uksouth"]),
        (
            "dev + staging + prod for oak, etl. dev expires in 30 days. budget: 400€ dev, 600€ staging, 2500€ prod",
            "environment",
            "cost_limit",
            [400, 600, 2500],
        ),
        (
            "dev/test/prod for oak team, etl, 2-4 workers except prod which needs 4-12",
            "environment",
            "max_workers",
            [4, 4, 12],
        ),
        (
            "three teams please - Puzzles, Plush and Games: dev, etl. Plush has a budget of 700, the other two 400",
            "team",
            "cost_limit",
            [400, 700, 400],
        ),
        (
            "einen Dev- und einen Prod-Workspace für Team Weinlogistik, ETL. Dev bitte mit Spot, Prod ohne Spot",
            "environment",
            "spot",
            [True, False],
        ),
        (
            "once for the oak team and once for the elm team: dev, etl, single node. Except Elm, they get 2 workers",
            "team",
            "max_workers",
            [0, 2],
        ),
        (
            "databricks dev/staging/prod for team oak, etl. spot: dev yes, staging yes, prod no.",
            "environment",
            "spot",
            [True, True, False],
        ),
        (
            "One workspace per team, all dev, etl: team oak, team elm. 300 dollars per month each, elm 480 dollars",
            "team",
            "cost_limit",
            [300, 480],
        ),
    ],
)
def test_in_many_wordings_each_has_what_is_said_of_it(text: str, by: str, field: str, wanted: list[object]) -> None:
    requests = understand(text, Context(today=_TODAY)).requests
    assert [getattr(request, field) for request in requests] == wanted
    assert len({getattr(request, by) for request in requests}) > 1


@pytest.mark.parametrize(
    ("told", "dev", "prod"),
    [
        ("Owner of the prod one is priya@lantern.example, dev has no owner yet", None, "priya@lantern.example"),
        ("prod owner is priya@x.example, dev owner is tom@x.example", "tom@x.example", "priya@x.example"),
        ("owner priya@x.example for prod, tom@x.example for dev", "tom@x.example", "priya@x.example"),
        ("the prod one belongs to h.brandt@x.example (owner)", None, "h.brandt@x.example"),
        ("owner is priya@x.example", "priya@x.example", "priya@x.example"),
        ("prod with 6 workers, owner priya@x.example", "priya@x.example", "priya@x.example"),
    ],
)
def test_an_owner_is_of_whom_it_is_told(told: str, dev: str | None, prod: str | None) -> None:
    assert each(f"dev and prod for team lantern, etl. {told}", "environment", "owner") == {"dev": dev, "prod": prod}
