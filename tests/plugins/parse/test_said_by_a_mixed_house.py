"""What a house of several people, some of them German, said otherwise than was read at first."""

from datetime import date
from typing import Any

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

TODAY = date(2026, 12, 1)
DRAFT = InfrastructureRequest(
    capability="databricks", team="kestrel", environment="dev", workload_type="data_engineering"
)
PENDING = Context(today=TODAY, drafts=(DRAFT,), plan_pending=True)


def stated(text: str, context: Context) -> list[dict[str, Any]]:
    return [statement.request.stated() for statement in understand(text, context).statements]


@pytest.mark.parametrize("text", ["switch spot on", "hm, turn spot on pls, saves money", "ok then turn the spot on"])
def test_spot_is_switched_on_and_not_praised(text: str) -> None:
    assert stated(text, PENDING) == [{"spot": True}]


@pytest.mark.parametrize(
    "text", ["spot on, looks good", "spot on!", "have spot on numbers, go ahead", "want spot on the money"]
)
def test_praise_switches_nothing(text: str) -> None:
    assert stated(text, PENDING) == []


@pytest.mark.parametrize(
    "text",
    [
        "actually make the team Chestnut, they are the ones paying",
        "make the team Chestnut since they pay for it",
    ],
)
def test_who_pays_is_a_reason_and_no_question_for_the_price(text: str) -> None:
    assert (understand(text, PENDING).act, stated(text, PENDING)) == ("amend", [{"team": "chestnut"}])


@pytest.mark.parametrize("text", ["what do they pay?", "so, what are they paying?"])
def test_what_they_pay_is_one(text: str) -> None:
    assert understand(text, PENDING).act == "cost"


@pytest.mark.parametrize(
    "text",
    [
        "after how many minutes does the cluster switch itself off?",
        "how soon does it shut down when idle?",
        "how long until it turns itself off?",
    ],
)
def test_how_soon_it_stops_is_no_question_how_long_it_takes(text: str) -> None:
    assert understand(text, PENDING).topic == ("autotermination_minutes",)


@pytest.mark.parametrize(
    "text", ["oh wait, Frankfurt. our source systems sit in Frankfurt", "Frankfurt, our source systems sit there"]
)
def test_a_place_may_have_its_reason_beside_it(text: str) -> None:
    assert (understand(text, PENDING).act, stated(text, PENDING)) == ("amend", [{"region": "germanywestcentral"}])


@pytest.mark.parametrize(
    "text",
    [
        "Karin wanted prod, dev is enough. Databricks, team wren, etl",
        "My boss Karin wanted prod but I talked her out of it, dev is plenty. Databricks, team wren, etl",
        "Databricks for team wren, etl, I thought of prod first but dev will do",
    ],
)
def test_what_was_wanted_once_is_not_planned_beside_what_is_enough(text: str) -> None:
    assert [each["environment"] for each in stated(text, Context(today=TODAY))] == ["dev"]


@pytest.mark.parametrize(
    "text",
    [
        "we wanted prod and dev. Databricks, team wren, etl",
        "prod and dev for team wren, etl, databricks",
        "Databricks for team wren, etl. I wanted it in prod, dev would be fine too",
    ],
)
def test_both_are_planned_where_both_are_wanted(text: str) -> None:
    assert [each["environment"] for each in stated(text, Context(today=TODAY))] == ["prod", "dev"]


def test_one_each_is_one_for_each() -> None:
    text = "One Databricks workspace each for Purchasing and Sales, both dev, BI dashboards"
    assert [each["team"] for each in stated(text, Context(today=TODAY))] == ["purchasing", "sales"]


@pytest.mark.parametrize(
    "text",
    [
        "Lösche bitte dbw-vertrieb-dev, das braucht keiner mehr",
        "wir brauchen dbw-vertrieb-dev nicht mehr, bitte abreißen",
        "dbw-vertrieb-dev kann gelöscht werden",
        "weg mit dbw-vertrieb-dev, hat eh keiner benutzt",
    ],
)
def test_a_german_order_to_destroy_is_one(text: str) -> None:
    context = Context(today=TODAY, workspaces=("dbw-vertrieb-dev",))
    assert (understand(text, context).act, stated(text, context)) == (
        "destroy",
        [{"workspace_name": "dbw-vertrieb-dev"}],
    )


@pytest.mark.parametrize(
    "text",
    [
        "dbw-vertrieb-dev bitte nicht löschen",
        "Kann man dbw-vertrieb-dev löschen?",
        "kann dbw-vertrieb-dev weg?",
        "warum wurde dbw-vertrieb-dev gelöscht?",
        "Jonas hat gesagt, ich soll dbw-vertrieb-dev löschen",
        "wir brauchen dbw-vertrieb-dev noch",
        "dbw-vertrieb-dev darf nicht gelöscht werden",
        "Karin sagt, lösch dbw-vertrieb-dev",
        "wenn Karin zustimmt, lösche dbw-vertrieb-dev",
        "dbw-vertrieb-dev löschen wir nächste Woche",
        "Lösche das Ablaufdatum von dbw-vertrieb-dev",
        "Lösch das Budget von dbw-vertrieb-dev",
        "dbw-vertrieb-dev löschen ist verboten",
        "dbw-vertrieb-dev löschen oder behalten",
        "dbw-vertrieb-dev soll weg von Frankfurt",
        "dbw-vertrieb-dev brauchen wir nicht mehr in Frankfurt",
        "Soll dbw-vertrieb-dev weg",
    ],
)
def test_german_words_of_destroying_order_nothing_where_they_deny_ask_or_tell(text: str) -> None:
    assert understand(text, Context(today=TODAY, workspaces=("dbw-vertrieb-dev",))).act != "destroy"
