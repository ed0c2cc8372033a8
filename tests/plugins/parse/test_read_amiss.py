"""What a fresh author's lines showed to be read amiss, by its kind, and what stays as it was beside it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

WORKSPACE = "Databricks for team elm, dev, etl"


def read(text: str) -> Understanding:
    return understand(text, Context(today=date(2026, 12, 1), person="ana"))


def stated(text: str) -> list[dict[str, Any]]:
    return [request.stated() for request in read(text).requests]


@pytest.mark.parametrize(
    "text",
    [
        "dbw-elm: our cost centre has changed to 8812",
        "cost centre changed to CC-8812 on dbw-elm",
        "the cost centre of dbw-elm is now 8812",
        "new cost center for dbw-elm: 8812",
        "change the cost centre on dbw-elm from 4412 to 8812",
        "could you please change dbw-elm: the cost centre is now 8812 and the owner is bo@contoso.com",
    ],
)
def test_the_number_of_a_cost_centre_is_no_limit_of_money(text: str) -> None:
    (request,) = stated(text)
    assert str(request["cost_center"]).removeprefix("CC-") == "8812"
    assert "cost_limit" not in request


@pytest.mark.parametrize(
    "text",
    [
        f"I'll send you the cost centre for it, 4 workers are enough: {WORKSPACE}",
        f"{WORKSPACE}, the cost centre must be 4 digits",
        f"{WORKSPACE}, we have no cost centre for it, 3 workers please",
    ],
)
def test_not_every_number_behind_it_is_one(text: str) -> None:
    assert all("cost_center" not in request for request in stated(text))


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (f"{WORKSPACE}, cost centre 4412 and at most 500 a month", 500),
        (f"{WORKSPACE}, our cost center pays at most 500 a month", 500),
        ("dbw-elm may cost 700 a month", 700),
        (f"{WORKSPACE}, budget (cc Petra): 900 a month", 900),
        (f"{WORKSPACE}, our budget on WBS element Retail is 900 a month", 900),
    ],
)
def test_money_beside_a_cost_centre_is_still_a_limit(text: str, limit: int) -> None:
    assert stated(text)[0]["cost_limit"] == Decimal(limit)


@pytest.mark.parametrize(
    "text",
    [
        "dbw-elm can expire in 5 days, nobody needs it after that",
        "dbw-elm can end in 3 days",
    ],
)
def test_what_may_end_on_a_day_ends_then(text: str) -> None:
    assert read(text).act == "extend"


@pytest.mark.parametrize(
    "text", ["can dbw-elm expire in 5 days?", "can it expire by itself?", "Heads up, dbw-elm may expire on Friday"]
)
def test_that_it_might_end_moves_nothing(text: str) -> None:
    assert read(text).act != "extend"


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("I don't want to order anything yet, just wondering how much a workspace would cost", "cost"),
        ("nothing to order yet, just wondering what a workspace would cost", "cost"),
        ("before we order anything: what does a workspace cost?", "cost"),
        ("we don't need a workspace", "unclear"),
        ("I don't want to order a workspace", "unclear"),
        (f"we don't need a workspace for ash, we need a {WORKSPACE}", "provision"),
        ("don't create anything in the us, we want databricks for team elm in dev in west europe", "provision"),
    ],
)
def test_what_nobody_wants_to_order_is_not_ordered(text: str, act: str) -> None:
    assert read(text).act == act


@pytest.mark.parametrize(
    "text",
    [
        f"Marketing has theirs in westus, but we'd like our own in North Europe: {WORKSPACE}",
        f"the others have theirs in westus; for us north europe please: {WORKSPACE}",
        f"we would also like ours in north europe: {WORKSPACE}",
        f"we'd like our own in North Europe: {WORKSPACE}",
    ],
)
def test_where_others_have_theirs_is_not_where_it_is_wanted(text: str) -> None:
    assert [request.get("region") for request in stated(text)] == ["northeurope"]


def test_for_two_teams_theirs_is_where_it_is_wanted() -> None:
    text = (
        "Team Heron gets a dev workspace for etl, put theirs in West Europe;"
        " team Plover a staging one for BI, put theirs in North Europe"
    )
    assert [request.get("region") for request in stated(text)] == ["westeurope", "northeurope"]


def test_what_can_expire_is_ordered_all_the_same() -> None:
    understood = read("We need a Databricks workspace that can expire in 30 days")
    assert understood.act == "provision"
    assert understood.requests[0].expires_in_days == 30


@pytest.mark.parametrize(
    ("text", "works"),
    [
        (
            "Team Heron gets a dev one for streaming off Kafka, team Plover gets a staging one for BI.",
            ["streaming", "analytics"],
        ),
        (
            "Team Heron gets a dev one for streaming, team Plover a staging one for etl",
            ["streaming", "data_engineering"],
        ),
        (
            "one for the tariffs team in dev for etl, another one for team plover in staging for streaming",
            ["data_engineering", "streaming"],
        ),
    ],
)
def test_what_the_first_is_for_is_not_what_the_second_is_for(text: str, works: list[str]) -> None:
    assert [request["workload_type"] for request in stated(text)] == works


@pytest.mark.parametrize(
    "text",
    [
        "we need Databricks for the Wharf team, production, etl. What we agreed is staging though",
        "we need Databricks for the Wharf team, production, etl. We settled on staging",
        'My client writes: "we need Databricks for the Wharf team, production, etl". What we agreed on is staging.',
    ],
)
def test_what_was_agreed_takes_back_what_stood_before(text: str) -> None:
    assert [request["environment"] for request in stated(text)] == ["staging"]


@pytest.mark.parametrize(
    ("text", "environments"),
    [
        ("databricks dev, staging and prod for team elm, etl.. actually skip prod for now", ["dev", "staging"]),
        ("dev and prod databricks for team elm, etl. forget prod for the moment", ["dev"]),
        ("dev and prod databricks for team elm, etl. skip photon for now", ["dev", "prod"]),
    ],
)
def test_what_is_left_out_for_now_is_not_ordered(text: str, environments: list[str]) -> None:
    assert [request["environment"] for request in stated(text)] == environments


@pytest.mark.parametrize(
    "text", [f"{WORKSPACE}, 4 to 12 workers - sorry thats wrong, 2 to 6", f"{WORKSPACE}, 4 workers, no that's wrong, 6"]
)
def test_what_is_called_wrong_is_taken_back(text: str) -> None:
    assert stated(text)[0]["max_workers"] == 6


@pytest.mark.parametrize(
    "text",
    [
        "1) dev workspace for team heron, etl 2) staging for team heron, etl 3) dev for team plover, streaming",
        "Please set up: 1) heron dev for etl, 2) heron staging for etl, 3) plover dev for streaming",
        "Please set up:\n1) heron dev for etl\n2) heron staging for etl\n3) plover dev for streaming",
    ],
)
def test_each_item_that_is_counted_in_a_line_is_a_workspace(text: str) -> None:
    assert [(one["team"], one["environment"], one["workload_type"]) for one in stated(text)] == [
        ("heron", "dev", "data_engineering"),
        ("heron", "staging", "data_engineering"),
        ("plover", "dev", "streaming"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1) team: elm 2) workload: etl 3) environment: dev",
        "1. dev 2. the elm team 3. etl",
        "Answers: 1) yes 2) dev 3) team elm 4) etl",
    ],
)
def test_what_is_counted_without_being_several_is_one(text: str) -> None:
    (one,) = stated(text)
    assert (one["team"], one["environment"], one["workload_type"]) == ("elm", "dev", "data_engineering")


@pytest.mark.parametrize(
    "text",
    [
        f"{WORKSPACE}. At first I thought we'd need GPUs but we really don't",
        f"{WORKSPACE}. I assumed we need a GPU, but we don't.",
    ],
)
def test_what_was_thought_to_be_needed_and_is_not_is_denied(text: str) -> None:
    assert stated(text)[0]["enable_gpu"] is False


@pytest.mark.parametrize(
    ("text", "environments"),
    [
        ("databricks for team elm, etl. prod would be nice one day but for now we only need dev", ["dev"]),
        ("databricks for team elm, etl. prod might come later. dev for now", ["dev"]),
        (
            "Team Elm will need dev, staging and prod at some point. For now only dev and staging, ETL; prod is for Q3",
            ["dev", "staging"],
        ),
    ],
)
def test_what_is_for_a_later_day_is_not_ordered_now(text: str, environments: list[str]) -> None:
    assert [request["environment"] for request in stated(text)] == environments


@pytest.mark.parametrize(
    "text",
    [
        "we need a Synapse dedicated sql pool for team Elm, prod, DW500c. no databricks",
        "we need an AKS cluster for team Elm, prod. no databricks",
        "I want a Kafka cluster for team elm in dev, not databricks",
    ],
)
def test_what_shall_be_no_databricks_is_none(text: str) -> None:
    assert read(text).act == "out_of_scope"


def test_that_there_is_no_databricks_yet_is_no_reason_against_one() -> None:
    assert read("we have no databricks yet: please build one for team elm in dev, etl").act == "provision"


@pytest.mark.parametrize(
    ("words", "limit", "currency"),
    [
        ("budget is eighteen grand a year, in pounds", 1500, "GBP"),
        ("budget 6000 a year, in euros", 500, "EUR"),
        ("budget 2k5 € / mois", 2500, "EUR"),
        ("budget 1k2 euro", 1200, "EUR"),
    ],
)
def test_money_as_it_is_written_elsewhere(words: str, limit: int, currency: str) -> None:
    request = stated(f"{WORKSPACE}, {words}")[0]
    assert (request["cost_limit"], request["currency"]) == (Decimal(limit), currency)


def test_a_ceiling_and_a_floor_that_cross_are_asked() -> None:
    understood = read(f"{WORKSPACE}. no fewer than 8 workers, ceiling is 5 workers")
    assert [doubt.kind for doubt in understood.doubts] == ["crossing"]


def test_a_remark_behind_a_name_is_no_part_of_it() -> None:
    assert stated(f"{WORKSPACE}. name: dbw-elm-x (NOT dbw-elm, that exists)")[0]["workspace_name"] == "dbw-elm-x"


def test_models_that_forecast_are_no_question_of_money() -> None:
    assert read("dev databricks for training forecast models, abt 10h/week, thx").act == "provision"


@pytest.mark.parametrize("text", ["what does prod cost?", "what would prod cost", "how much would prod be a month?"])
def test_the_price_that_is_asked_is_of_the_environment_that_is_named(text: str) -> None:
    assert [one["environment"] for one in stated(text)] == ["prod"]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (f"{WORKSPACE}. We will need GPUs one day a week", {"enable_gpu": True}),
        (f"{WORKSPACE}. We will need GPUs later this week", {"enable_gpu": True}),
        (f"{WORKSPACE}. we want photon but they don't", {"photon": True}),
        ("we will need a dev databricks for team elm, etl for 1 day", {"team": "elm", "environment": "dev"}),
        ("dev databricks for team elm for etl because the audit is in q4", {"team": "elm", "environment": "dev"}),
    ],
)
def test_what_is_needed_soon_or_by_us_is_not_put_off(text: str, fields: dict[str, Any]) -> None:
    request = stated(text)[0]
    assert {name: request.get(name) for name in fields} == fields


def test_what_is_put_off_is_not_said_to_be_unwanted() -> None:
    assert "enable_gpu" not in stated(f"{WORKSPACE}. GPUs might come later.")[0]


def test_what_is_for_each_item_that_is_counted_is_for_all() -> None:
    text = "etl databricks for team elm: 1) dev with 4 workers 2) prod with 8 workers, both in westeurope with photon"
    assert [(one["team"], one["max_workers"], one["region"], one["photon"]) for one in stated(text)] == [
        ("elm", 4, "westeurope", True),
        ("elm", 8, "westeurope", True),
    ]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("databricks for the tolling team, dev, etl. we sit in dublin so pls put it there", "northeurope"),
        (
            "Jonas has his prod workspace in westeurope. we are team tolling and just want a dev one in uk south, etl",
            "uksouth",
        ),
    ],
)
def test_where_it_is_to_be_is_read_where_others_and_we_are_told_of(text: str, region: str) -> None:
    assert [(one["environment"], one["region"]) for one in stated(text)] == [("dev", region)]
