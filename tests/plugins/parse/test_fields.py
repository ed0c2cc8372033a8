"""What a sentence says of a field: each table holds what is meant, and what only resembles it."""

from datetime import date

import pytest
from pydantic import JsonValue

from plugins.parse.reading import page_of

TODAY = date(2026, 11, 29)
"""A Sunday."""


def said(field: str, text: str) -> list[JsonValue]:
    """The values that the text says of the field, in order."""
    mentions = sorted(page_of(text, TODAY).mentions, key=lambda mention: mention.start)
    return [mention.value for mention in mentions if mention.field == field]


WORKERS: list[tuple[str, list[JsonValue]]] = [
    ("2 to 8 workers", [[2, 8]]),
    ("autoscaling 2-8", [[2, 8]]),
    ("between 3 and 7 nodes", [[3, 7]]),
    ("anything from three to seven nodes", [[3, 7]]),
    ("workers: min 2, max 8", [[2, 8]]),
    ("Workers: up to 8", [[None, 8]]),
    ("at least 2 nodes", [[2, None]]),
    ("no more than 6 workers", [[None, 6]]),
    ("min 2 max 8 workers", [[2, None], [None, 8]]),
    ("4 spot nodes", [[4, 4]]),
    ("a single node is fine", [[0, 0]]),
    ("no workers, driver only", [[0, 0], [0, 0]]),
    ("mindestens 2 knoten", [[2, None]]),
    ("max 500 usd a month", []),
    ("we are 12 people", []),
    ("24 tables and 8 dashboards", []),
    ("9 to 5 on weekdays", []),
    ("until 3-4 May", []),
]


@pytest.mark.parametrize(("text", "values"), WORKERS)
def test_workers(text: str, values: list[JsonValue]) -> None:
    assert said("workers", text) == values


MONEY: list[tuple[str, list[JsonValue]]] = [
    ("at most 900 EUR a month", [["900", "EUR"]]),
    ("budget nine hundred euros", [["900", "EUR"]]),
    ("budget: 1.200,50 EUR", [["1200.5", "EUR"]]),
    ("max $1,250.50 monthly", [["1250.5", "USD"]]),
    ("2 grand a month tops", [["2000", None]]),
    ("limit 3 Tsd. EUR", [["3000", "EUR"]]),
    ("budget 1.5 lakh rupees", [["150000", "INR"]]),
    ("budget of ₹2,50,000", [["250000", "INR"]]),
    ("cap it at 12k per year", [["1000", None]]),
    ("Budget: 500", [["500", None]]),
    ("no more than one point five k", [["1500", None]]),
    ("it must cost nothing", [["0", None]]),
    ("our revenue is 2m EUR", []),
    ("last bill was 900 EUR", []),
    ("5000 tables", []),
    ("budget 8", []),
    ("we sell 900 tickets a day", []),
]


@pytest.mark.parametrize(("text", "values"), MONEY)
def test_the_monthly_limit(text: str, values: list[JsonValue]) -> None:
    assert said("cost_limit", text) == values


HOURS: list[tuple[str, list[JsonValue]]] = [
    ("168h/week", [168.0]),
    ("24/7", [168.0]),
    ("eight hours on weekdays", [40.0]),
    ("office hours", [40.0]),
    ("20 hours a week", [20.0]),
    ("9am-5pm Mon-Fri", [40.0]),
    ("weekdays from 8 to 18", [50.0]),
    ("4 hours every night", [28.0]),
    ("Hours per week: 30", [30.0]),
    ("6 hours a day, 3 days a week", [18.0]),
    ("not 24/7", []),
    ("answer within 24 hours", []),
    ("200 hours a week", []),
    ("the meeting is at 9", []),
]


@pytest.mark.parametrize(("text", "values"), HOURS)
def test_hours_a_week(text: str, values: list[JsonValue]) -> None:
    assert said("hours_per_week", text) == values


ENDS: list[tuple[str, list[JsonValue]]] = [
    ("for 30 days", [30]),
    ("for two weeks", [14]),
    ("for a fortnight", [14]),
    ("until 31.12.2026", [32]),
    ("until 2026-12-09", [10]),
    ("until end of year", [32]),
    ("delete it after 3 months", [90]),
    ("Expiry: 45", [45]),
    ("until 2025-01-01", [None]),
    ("für 2 wochen", [14]),
    ("30 days retention", []),
    ("the last 7 days of data", []),
    ("we need it within 5 days", []),
    ("two years ago", []),
]


@pytest.mark.parametrize(("text", "values"), ENDS)
def test_days_to_live(text: str, values: list[JsonValue]) -> None:
    assert said("expires_in_days", text) == values


FLAGS: list[tuple[str, str, list[JsonValue]]] = [
    ("enable_gpu", "with gpu", [True]),
    ("enable_gpu", "no gpu", [False]),
    ("enable_gpu", "cpu only", [False]),
    ("enable_gpu", "gpu: yes", [True]),
    ("enable_gpu", "gpu, no thanks", [False]),
    ("enable_gpu", "training on an A100", [True]),
    ("enable_gpu", "we sell gpu cards", []),
    ("enable_gpu", "the A10 motorway", []),
    ("spot", "spot is fine", [True]),
    ("spot", "on demand only", [False]),
    ("spot", "Spot instances: no", [False]),
    ("spot", "a parking spot", []),
    ("photon", "photon on", [True]),
    ("photon", "without photon", [False]),
    ("photon", "team photon-lab", []),
]


@pytest.mark.parametrize(("field", "text", "values"), FLAGS)
def test_flags(field: str, text: str, values: list[JsonValue]) -> None:
    assert said(field, text) == values


NETWORKS: list[tuple[str, list[JsonValue]]] = [
    ("behind a private link", ["private_link"]),
    ("no public access", ["private_link"]),
    ("must not be reachable from the internet", ["private_link"]),
    ("vnet injection", ["vnet"]),
    ("in our own network", ["vnet"]),
    ("public is fine", ["public"]),
    ("Private link: yes", ["private_link", "private_link"]),
    ("public holidays", []),
    ("private banking", []),
]


@pytest.mark.parametrize(("text", "values"), NETWORKS)
def test_the_way_in(text: str, values: list[JsonValue]) -> None:
    assert said("network", text) == values


SIZES: list[tuple[str, list[JsonValue]]] = [
    ("Standard_D4s_v5", ["Standard_D4s_v5"]),
    ("standard d8ds v5 nodes", ["Standard_D8ds_v5"]),
    ("e16ds_v5", ["Standard_E16ds_v5"]),
    ("NC6", ["Standard_NC6"]),
    ("d4 is our floor", []),
    ("version v5", []),
]


@pytest.mark.parametrize(("text", "values"), SIZES)
def test_sizes(text: str, values: list[JsonValue]) -> None:
    assert said("node_type", text) == values


PEOPLE: list[tuple[str, str, list[JsonValue]]] = [
    ("owner", "owner mira@example.com", ["mira@example.com"]),
    ("owner", "mira@example.com is the owner", ["mira@example.com"]),
    ("owner", "ask mira@example.com", []),
    ("address", "ask mira@example.com", ["mira@example.com"]),
    ("cost_center", "cost centre 4711", ["4711"]),
    ("cost_center", "Kostenstelle: K-4711", ["K-4711"]),
    ("cost_center", "charge it to CC-9001", ["CC-9001"]),
    ("cost_center", "our data center 4711", []),
    ("tags", "tags app=fruit, tier=gold", [{"app": "fruit", "tier": "gold"}]),
    ("tags", "tag it with app: fruit", [{"app": "fruit"}]),
    ("tags", "no tags", []),
    ("workspace_name", "call it dbw-orchard-dev", ["dbw-orchard-dev"]),
    ("workspace_name", "named 'orchard dev!'", [None]),
    ("workspace_name", "Workspace name: orchard-dev", ["orchard-dev"]),
    ("workspace_name", "like dbw-orchard-dev", []),
    ("other_name", "like dbw-orchard-dev", ["dbw-orchard-dev"]),
    ("workspace_name", "Workspace name: tbd", []),
]


@pytest.mark.parametrize(("field", "text", "values"), PEOPLE)
def test_owners_cost_centres_tags_and_names(field: str, text: str, values: list[JsonValue]) -> None:
    assert said(field, text) == values


PLACES: list[tuple[str, list[JsonValue]]] = [
    ("in westeurope", ["westeurope"]),
    ("in West Europe", ["westeurope"]),
    ("in europe west", ["westeurope"]),
    ("east us 2", ["eastus2"]),
    ("weu please", ["westeurope"]),
    ("in Amsterdam", ["westeurope"]),
    ("westeuorpe", ["westeurope"]),
    ("in the us", [None]),
    ("in eu-west-1", [None]),
    ("Region: Atlantis", [None]),
    ("our Amsterdam office", []),
    ("berlin-dashboards", []),
    ("let us know", []),
    ("trains from Amsterdam to Paris", []),
]


@pytest.mark.parametrize(("text", "values"), PLACES)
def test_places(text: str, values: list[JsonValue]) -> None:
    assert said("region", text) == values
