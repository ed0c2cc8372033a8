"""Several workspaces told in one breath keep what is said of some of them, of each, and of all; so does dictation."""

from datetime import date

import pytest

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand


def heard(text: str) -> Understanding:
    return understand(text, Context(today=date(2026, 11, 29)))


def said(text: str, *fields: str) -> list[tuple[object, ...]]:
    return [tuple(getattr(request, field) for field in fields) for request in heard(text).requests]


@pytest.mark.parametrize(
    ("text", "workers"),
    [
        ("three for team Oak: dev and test with up to 2 workers, prod with up to 8. All ETL.", [2, 2, 8]),
        ("workspaces for team oak: dev, test with up to 2 workers; prod with up to 8; all etl", [2, 2, 8]),
        ("dev and staging with 2 workers each, prod with 6, team oak, etl", [2, 2, 6]),
        ("team oak, etl: dev with 2 workers, staging with 4, prod with 8", [2, 4, 8]),
        ("dev gets 2 workers, qa gets 2 and prod needs 10 for team oak, etl", [2, 2, 10]),
    ],
)
def test_workers_of_some_and_of_the_rest(text: str, workers: list[int]) -> None:
    stages = ["dev", "staging", "prod"]
    assert said(text, "environment", "max_workers") == list(zip(stages, workers, strict=True))


@pytest.mark.parametrize(
    ("text", "field", "values"),
    [
        ("three for team oak: dev and test on spot, prod on demand, all for dashboards", "spot", [True, True, False]),
        (
            "team Oak needs dev and test in west europe and prod in north europe, all etl",
            "region",
            ["westeurope", "westeurope", "northeurope"],
        ),
    ],
)
def test_what_two_of_three_share(text: str, field: str, values: list[object]) -> None:
    stages = ["dev", "staging", "prod"]
    assert said(text, "environment", field) == list(zip(stages, values, strict=True))


def test_what_is_said_of_all_at_the_end_is_of_all() -> None:
    text = "Set up dev with 2 workers and prod with 8 for team oak. Both ETL, both in North Europe."
    fields = ("environment", "max_workers", "workload_type", "region")
    assert said(text, *fields) == [
        ("dev", 2, "data_engineering", "northeurope"),
        ("prod", 8, "data_engineering", "northeurope"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "spin up dev and test it for team oak, etl",
        "we develop and test with spark, dev workspace for team oak, etl",
        "dev with 2 workers for 6 people, team oak, etl",
    ],
)
def test_a_verb_is_no_environment_and_people_are_no_workers(text: str) -> None:
    assert said(text, "environment") == [("dev",)]
    assert said(text, "max_workers") in ([(None,)], [(2,)])


@pytest.mark.parametrize(
    "text",
    [
        "dev with 2 workers, prod with 6 months of logs, team oak, etl",
        "dev with 2 workers, prod with 24/7 use, team oak, etl",
        "dev with 2 workers, prod with 3.5 tb, team oak, etl",
    ],
)
def test_a_number_of_something_else_counts_no_workers(text: str) -> None:
    assert said(text, "environment", "max_workers") == [("dev", 2), ("prod", None)]


@pytest.mark.parametrize(
    "text",
    [
        "dev for team oak in uk south, etl, staging for team elm, kafka, same region",
        "dev for team oak in uk south, etl; staging for team elm, kafka, in the same region",
    ],
)
def test_the_same_region_is_that_of_the_one_before(text: str) -> None:
    assert said(text, "team", "region") == [("oak", "uksouth"), ("elm", "uksouth")]


@pytest.mark.parametrize(
    "text",
    [
        "a dev workspace and a live one for team oak, etl",
        "one dev workspace and one live one for team oak, etl",
        "a dev workspace as well as a live one for team oak, etl",
    ],
)
def test_a_live_one_is_in_production(text: str) -> None:
    assert said(text, "team", "environment") == [("oak", "dev"), ("oak", "prod")]


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("give Ops two workspaces in dev", [("ops", "dev")]),
        ("get Marketing two workspaces: dev and prod, dashboards", [("marketing", "dev"), ("marketing", "prod")]),
        ("give Line Four 2 new workspaces, dev and staging", [("line-four", "dev"), ("line-four", "staging")]),
    ],
)
def test_who_is_given_so_many_is_the_team(text: str, requests: list[tuple[str, str]]) -> None:
    assert heard(text).act == "provision"
    assert said(text, "team", "environment") == requests


@pytest.mark.parametrize("text", ["give me our workspaces", "give us a list of the dev workspaces"])
def test_what_there_is_may_still_be_given_as_a_list(text: str) -> None:
    assert heard(text).act == "list"


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("dev etl for team oak, tag a=b and tag c=d, call it dbw-oak-x", {"a": "b", "c": "d"}),
        ("dev etl for team oak, tag it a=b, tag it c=d, name it dbw-oak-x", {"a": "b", "c": "d"}),
        ("dev etl for team oak, label a=b and label c=d, called dbw-oak-x", {"a": "b", "c": "d"}),
        ("dev etl for team oak; tag: a=b; tag: c=d; name: dbw-oak-x", {"a": "b", "c": "d"}),
        ("dev etl for team oak, tag a: b and tag c: d, call it dbw-oak-x", {"a": "b", "c": "d"}),
    ],
)
def test_each_tag_with_a_word_of_its_own_and_the_name_behind_them_are_kept(text: str, tags: dict[str, str]) -> None:
    assert said(text, "team", "tags") == [("oak", tags)]
    assert heard(text).unused == ()


def test_a_name_that_is_only_given_parts_no_message() -> None:
    text = "dev etl for team oak, tag a=b and tag c=d, call it dbw-oak-x"
    assert said(text, "workspace_name") == [("dbw-oak-x",)]


@pytest.mark.parametrize(
    ("text", "team", "environment"),
    [
        ("a databricks workspace for the uh supply chain team in dev for etl", "supply-chain", "dev"),
        ("workspace for team uh Falcon in um staging for er dashboards", "falcon", "staging"),
        ("i need uhm a staging workspace for the hmm data platform team, streaming", "data-platform", "staging"),
        ("it's for the, uh, supply chain team, dev, etl workspace please", "supply-chain", "dev"),
        ("wir brauchen einen Workspace für das äh Team Einkauf, Entwicklung, ETL", "einkauf", "dev"),
    ],
)
def test_a_hesitation_is_no_part_of_what_is_said(text: str, team: str, environment: str) -> None:
    assert said(text, "team", "environment") == [(team, environment)]


def test_a_hesitation_parts_no_list() -> None:
    assert said("we need dev and um staging for team oak, etl", "environment") == [("dev",), ("staging",)]


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        ("dev, uh, staging for team oak, etl", "staging"),
        ("in dev uh no make it staging for team oak, etl", "staging"),
    ],
)
def test_a_hesitation_between_two_still_takes_back(text: str, environment: str) -> None:
    assert said(text, "environment") == [(environment,)]


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("dev workspace for Claims Analytics", "claims-analytics"),
        ("workspace for Customer Analytics, dev", "customer-analytics"),
        ("workspace for Web Analytics in dev please", "web-analytics"),
    ],
)
def test_a_team_that_is_called_by_its_work_is_for_that_work(text: str, team: str) -> None:
    assert said(text, "team", "workload_type") == [(team, "analytics")]
    assumed = {assumption.field for assumption in heard(text).requests[0].assumptions}
    assert assumed == {"team", "workload_type"}


def test_work_in_small_letters_is_no_part_of_the_team() -> None:
    assert said("dev workspace for claims analytics", "team", "workload_type") == [("claims", "analytics")]


@pytest.mark.parametrize(
    ("text", "teams"),
    [
        ("dev workspaces for the Tram team and for the Metro team, streaming", ["tram", "metro"]),
        ("dev workspaces for team Tram and for team Metro, streaming", ["tram", "metro"]),
        ("one workspace each for the claims team and the risk team, dev, etl", ["claims", "risk"]),
        (
            "three dev workspaces, one each for the Claims team, the Underwriting team and the Supply Chain team, etl",
            ["claims", "underwriting", "supply-chain"],
        ),
        ("dev for the claims, the risk and the pricing team, etl", ["claims", "risk", "pricing"]),
        ("dev for the claims team, etl", ["claims"]),
        ("two dev workspaces for the Tram team and please tell the Metro team, streaming", ["tram"]),
    ],
)
def test_each_team_of_a_list_gets_its_own_however_it_is_marked(text: str, teams: list[str]) -> None:
    understood = understand(text, Context(today=date(2026, 11, 29)))
    assert [(request.team, request.environment) for request in understood.requests] == [(team, "dev") for team in teams]


@pytest.mark.parametrize(
    "text", ["and can you list them?", "list them please", "show me those", "can you show them all?"]
)
def test_those_that_were_spoken_of_are_listed(text: str) -> None:
    assert understand(text, Context(today=date(2026, 11, 29), workspaces=("dbw-a-dev", "dbw-b-dev"))).act == "list"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("two dev workspaces for team oak, etl", ("two dev workspaces",)),
        ("5 workspaces for the ml team in dev, streaming", ("5 workspaces",)),
        ("2 workspaces for team oak, one dev one prod, etl", ()),
        ("we have 3 workspaces already and need a dev one for team oak, etl", ()),
    ],
)
def test_that_fewer_are_made_than_were_asked_for_is_told(text: str, told: tuple[str, ...]) -> None:
    assert understand(text, Context(today=date(2026, 11, 29))).unused == told
