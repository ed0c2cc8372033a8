"""What people say in words of their own is read as meant: kinds that were met in lines of authors who knew no rule."""

from datetime import date
from decimal import Decimal

import pytest

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand


def heard(text: str) -> Understanding:
    return understand(text, Context(today=date(2026, 11, 29)))


def said(text: str, *fields: str) -> list[tuple[object, ...]]:
    return [tuple(getattr(request, field) for field in fields) for request in heard(text).requests]


@pytest.mark.parametrize(
    ("text", "photon"),
    [
        ("dev in eastus, prod in westus, etl, team oak, photon on both", [True, True]),
        ("one dev one prod, team oak, etl, photon on both", [True, True]),
        ("dev with 2 workers and prod with 4 workers for team oak, etl, no photon on either", [False, False]),
        ("team oak: dev in eastus, prod in westus with photon, etl", [None, True]),
    ],
)
def test_what_is_said_of_both_is_said_once(text: str, photon: list[bool | None]) -> None:
    assert said(text, "photon") == [(value,) for value in photon]


@pytest.mark.parametrize(
    "text",
    [
        "1 dev 1 prod workspace for team oak, etl",
        "I need two workspace, first for dev and second for Produktion, team Oak, etl",
        "two workspaces: the first is for dev, the second one for prod, team oak, etl",
    ],
)
def test_each_that_is_counted_is_one(text: str) -> None:
    assert said(text, "team", "environment") == [("oak", "dev"), ("oak", "prod")]


@pytest.mark.parametrize(
    ("text", "workers"),
    [
        ("workspaces for teams Kiwi and Plum, dev, etl. Kiwi needs 4 workers, Plum 2 workers.", [4, 2]),
        (
            "dev etl workspaces, one for team Trains, one for team Buses\n- Trains up to 6 workers, Buses up to 3",
            [6, 3],
        ),
        (
            "two dev ones, one for the Trams team and one for the Ferries team.\nTrams: 4 workers\nFerries: 8 workers",
            [4, 8],
        ),
        ("dev workspaces for teams sales and tax, etl; we process sales orders, 4 workers", [4, 4]),
    ],
)
def test_a_team_that_is_named_again_has_values_of_its_own(text: str, workers: list[int]) -> None:
    assert said(text, "max_workers") == [(count,) for count in workers]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("dbw-oak-dev: 10 days more pls", 10),
        ("dbw-oak-dev +10 days", 10),
        ("dbw-oak-dev can live until 2026-12-09", 10),
        ("Can you to give more long life to dbw-oak-dev? Two weeks please", 14),
        ("make dbw-oak-dev live 2 weeks more", 14),
        ("can dbw-oak-dev stay for 10 days extra?", 10),
        ("I want dbw-oak-dev 1 month more", 30),
    ],
)
def test_more_days_extend(text: str, days: int) -> None:
    assert heard(text).act == "extend"
    assert said(text, "workspace_name", "expires_in_days") == [("dbw-oak-dev", days)]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("dbw-jan-dev is still running and costing us money, nobody needs it, please delete it", "destroy"),
        ("dbw-jan-dev costs us a fortune, so get rid of it", "destroy"),
        ("what does dbw-jan-dev cost us, and can we kill it?", "cost"),
        ("How many does it cost if I put 8 worker on place of 4 in dbw-jan-dev?", "cost"),
        ("how many is dbw-jan-dev per month", "cost"),
        ("how many workers has dbw-jan-dev", "status"),
    ],
)
def test_money_beside_an_order_is_why_and_a_price_asked_for_is_told(text: str, act: str) -> None:
    assert heard(text).act == act


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("finance gave us 18k for the year and not more. team oak, ml, dev", 1500),
        ("team oak, ml, dev, budget 24000 euros for the whole year", 2000),
        ("team oak, ml, dev, 6k for the quarter is all we got", 2000),
    ],
)
def test_an_amount_for_a_year_is_a_months_limit(text: str, limit: int) -> None:
    assert said(text, "cost_limit") == [(Decimal(limit),)]


@pytest.mark.parametrize(
    ("text", "gpu", "spot"),
    [
        ("dev ml ws for team oak, no gpu and spot is okay", False, True),
        ("dev ml ws for team oak, no gpu and spot", False, False),
        ("dev ml ws for team oak, a gpu is not necessary; spot instances are excluded.", False, False),
        ("last year spot was excluded, dev ml ws for team oak", None, None),
        ("dev ml ws for team oak: spot is out", None, False),
        ("dev ml ws for team oak. Should we take spot?", None, None),
        ("dev ml ws for team oak. Is spot risky?", None, None),
        ("dev ml ws for team oak. Can we have spot?", None, True),
        ("dev ml ws for team oak. Would you add a gpu?", True, None),
    ],
)
def test_a_flag_is_set_by_who_wants_or_refuses_it(text: str, gpu: object, spot: object) -> None:
    assert said(text, "enable_gpu", "spot") == [(gpu, spot)]


def test_a_question_beside_a_request_is_told_as_not_used() -> None:
    text = "dev ml ws for team oak. And does Photon come by default?"
    assert heard(text).unused == ("And does Photon come by default?",)


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("following the call with the Security team: the Fleet team needs a dev workspace for ETL", "fleet"),
        ("As discussed with the Audit team, we need a dev workspace for the Fleet team, etl", "fleet"),
        ("Thanks to the Platform team for the tip! The Fleet team would like a dev workspace, etl.", "fleet"),
        ("the Fleet team needs a dev workspace for ETL, recommended by the Platform team", "fleet"),
        ("dev workspace, etl. I am writing after a meeting with the Fleet team", "fleet"),
        ("Karl, my boss from the Legal team, sent me. We are Claims Analytics, need sql in dev", "claims-analytics"),
        ("a workspace for the line seven team, dev, etl", "line-seven"),
        ("dev etl workspace for team pier nine in uksouth", "pier-nine"),
        ("dev etl for team pier two workers", "pier"),
    ],
)
def test_the_team_is_the_one_that_it_is_for(text: str, team: str) -> None:
    assert said(text, "team") == [(team,)]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("staging etl for team oak. The board sits in London but the data is in Dublin.", "northeurope"),
        (
            "staging etl for team oak, the developers sit in London and the data is in Dublin, so put it in Dublin",
            "northeurope",
        ),
        (
            "staging etl for team oak, offices in London and Amsterdam, keep everything in the west europe region",
            "westeurope",
        ),
    ],
)
def test_the_place_is_the_one_where_it_is_put(text: str, region: str) -> None:
    assert said(text, "region") == [(region,)]


def test_dictated_words_for_always_are_a_week() -> None:
    assert said("dev etl for team oak, it needs to run twenty four seven", "hours_per_week") == [(168,)]


def test_a_runtime_under_a_key_is_kept() -> None:
    assert said("team=oak; env=dev; workload=etl; runtime=15.4 LTS", "additional_requirements") == [
        ("runtime=15.4 LTS",)
    ]


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("dev etl for team oak in middle-earth", ("in middle-earth",)),
        ("dev etl for team oak on saturn", ("on saturn",)),
        ("dev etl for team oak at ludlow please", ("at ludlow",)),
        ("dev etl for team oak in the ludlow office", ("in the ludlow office",)),
        ("dev etl for team oak in Narnia with 4 workers", ("in Narnia",)),
        ("dev etl for team oak on narnia cloud", ("on narnia cloud",)),
        ("dev etl for team oak in the cloud", ()),
        ("dev etl for team oak in a hurry", ()),
        ("dev etl for team oak on tuesday", ()),
        ("dev etl for team oak in Zurich", ()),
    ],
)
def test_a_place_that_nobody_knows_is_told_as_not_used(text: str, unused: tuple[str, ...]) -> None:
    assert heard(text).unused == unused


def test_workers_start_with_the_fewest() -> None:
    assert said("dev etl for team oak, up to six workers but start with two", "min_workers", "max_workers") == [(2, 6)]


@pytest.mark.parametrize(
    ("text", "environments"),
    [
        ("a live and a dev workspace for team oak, streaming", ["prod", "dev"]),
        ("the live and the preprod Databricks workspace of team oak, streaming", ["prod", "staging"]),
        ("a dev and a prod workspace for team oak, streaming", ["dev", "prod"]),
        ("dev for team oak, etl, beside a live and a test system", ["dev"]),
    ],
)
def test_of_two_with_an_article_each_none_is_dropped(text: str, environments: list[str]) -> None:
    assert [environment for (environment,) in said(text, "environment")] == environments


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("set up three Databricks workspaces for finance", "finance"),
        ("spin up 2 databricks workspaces for finance", "finance"),
        ("set up Line Seven with a workspace", "line-seven"),
    ],
)
def test_how_many_there_shall_be_is_nobodys_name(text: str, team: str) -> None:
    assert said(text, "team") == [(team,)]
