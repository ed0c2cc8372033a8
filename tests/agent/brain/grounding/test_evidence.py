"""What a quote bears: every value of its kind that stands in it; what it contradicts; where it is silent."""

from datetime import date
from typing import Any

import pytest

from agent.brain.grounding.evidence import Weight, weighed
from agent.brain.grounding.quantities import QuotedWords

TODAY = date(2026, 11, 24)

BORNE: list[tuple[str, Any, str]] = [
    ("cost_limit", 1000, "annual budget of 12k"),
    ("cost_limit", 416.67, "5000 p.a."),
    ("cost_limit", 433, "100 a week"),
    ("cost_limit", 900, "nine hundred a month"),
    ("cost_limit", 2000, "six thousand per quarter"),
    ("cost_limit", 2000, "2 grand"),
    ("cost_limit", 5000, "5 Tsd. im Monat"),
    ("cost_limit", 500_000, "5 lakh rupees"),
    ("cost_limit", 1200.5, "1.200,50 \u20ac"),
    ("cost_limit", 1_500_000, "1.5m a month"),
    ("cost_limit", 2000, "24k j\u00e4hrlich"),
    ("cost_limit", 2000, "30 hours a week, $2k"),
    ("hours_per_week", 45, "9 to 6, Monday to Friday"),
    ("hours_per_week", 55, "7am to 6pm on weekdays"),
    ("hours_per_week", 40, "8 hours a day except weekends"),
    ("hours_per_week", 32, "four days a week, 8 hours"),
    ("hours_per_week", 14, "2 hours every night"),
    ("hours_per_week", 168, "24/7"),
    ("hours_per_week", 40, "office hours"),
    ("hours_per_week", 35, "35 Stunden pro Woche"),
    ("hours_per_week", 16, "only weekends, 8 hours each"),
    ("expires_in_days", 14, "2 Wochen"),
    ("expires_in_days", 90, "for 3 months"),
    ("expires_in_days", 92, "a quarter"),
    ("expires_in_days", 47, "until 10 January"),
    ("expires_in_days", 37, "until 31.12.2026"),
    ("expires_in_days", 37, "till the end of the year"),
    ("expires_in_days", 3, "until Friday"),
    ("expires_in_days", 14, "one sprint"),
    ("expires_in_days", 45, "a month and a half"),
    ("expires_in_days", 60, "60"),
    ("max_workers", 12, "a dozen workers"),
    ("min_workers", 3, "anything from three to seven"),
    ("max_workers", 6, "2..6 workers"),
    ("max_workers", 6, "max 10 workers, no, make it 6"),
    ("max_workers", 8, "8 Standard_D8s_v3 nodes"),
    ("min_workers", 0, "a single node"),
    ("min_workers", 2, "min=2,max=8"),
    ("max_workers", 3, "drei Worker"),
    ("expires_in_days", 21, "drei Wochen"),
    ("environment", "dev", "throwaway stuff"),
    ("currency", "SEK", "500 kronor"),
    ("currency", "GBP", "500 quid"),
    ("currency", "AUD", "A$500"),
    ("currency", "CHF", "CHF 800"),
    ("region", "westeurope", "Westeuropa"),
    ("region", "uksouth", "London"),
    ("region", "eastus2", "US East 2"),
    ("region", "northeurope", "noth europe"),
    ("region", "westus", "West US"),
    ("environment", "staging", "pre-prod"),
    ("environment", "dev", "not prod, just dev"),
    ("environment", "prod", "PRD"),
    ("spot", True, "no problem with spot"),
    ("spot", False, "on-demand machines"),
    ("enable_gpu", False, "gpu? nah"),
    ("photon", False, "Photon: must not be used"),
    ("photon", True, "must not use spot, photon please"),
    ("network", "private_link", "public access disabled"),
    ("network", "vnet", "VNet injected, no public IP"),
    ("node_type", "Standard_NC6", "NC6"),
    ("node_type", "Standard_DS4_v2", "ds4 v2"),
    ("owner", "A@b.io", "to a@b.io."),
]

CONTRADICTED: list[tuple[str, Any, str, str]] = [
    ("cost_limit", 12_000, "annual budget of 12k", "1000"),
    ("cost_limit", 501, "$500", "500"),
    ("hours_per_week", 8, "8 hours on weekdays", "40"),
    ("expires_in_days", 2, "2 weeks", "14"),
    ("max_workers", 2, "2 to 8 workers", "8"),
    ("min_workers", 10, "no more than 10 workers", "10"),
    ("currency", "EUR", "$500", "USD"),
    ("region", "eastus2", "east us", "eastus"),
    ("region", "francecentral", "in France", "francesouth"),
    ("environment", "dev", "not for production", "prod"),
    ("photon", True, "without Photon", "false"),
    ("network", "public", "not exposed to the public internet", "private_link"),
    ("node_type", "Standard_E8ds_v5", "D4s_v5", "Standard_D4s_v5"),
    ("owner", "eve@b.io", "a@b.io", "a@b.io"),
]

SILENT: list[tuple[str, Any, str]] = [
    ("max_workers", 3, "a handful of workers"),
    ("expires_in_days", 21, "a good while"),
    ("hours_per_week", 168, "it never sleeps"),
    ("environment", "dev", "somewhere harmless"),
    ("environment", "prod", "prodution"),
    ("region", "westus2", "near our HQ"),
    ("workload_type", "machine_learning", "clever things"),
    ("spot", False, "spot is fine"),
    ("team", "sales", "the Growth crew"),
    ("currency", "SEK", "500 of ours"),
    ("node_type", "Standard_NC4as_T4_v3", "a T4"),
]


@pytest.mark.parametrize(("field", "value", "quote"), BORNE)
def test_a_value_that_stands_in_the_words_is_borne(field: str, value: Any, quote: str) -> None:
    found = weighed(field, value, QuotedWords(quote, f"a workspace, {quote}", TODAY))
    assert found == Weight(bears=True)


@pytest.mark.parametrize(("field", "value", "quote", "other"), CONTRADICTED)
def test_a_value_beside_another_of_its_kind_is_contradicted(field: str, value: Any, quote: str, other: str) -> None:
    found = weighed(field, value, QuotedWords(quote, f"a workspace, {quote}", TODAY))
    assert found.doubt is not None
    assert other in found.others


@pytest.mark.parametrize(("field", "value", "quote"), SILENT)
def test_words_without_a_value_of_the_kind_say_nothing_for_or_against(field: str, value: Any, quote: str) -> None:
    found = weighed(field, value, QuotedWords(quote, f"a workspace, {quote}", TODAY))
    assert found == Weight()


@pytest.mark.parametrize(
    ("field", "value", "quote", "before"),
    [
        ("max_workers", 6, "two more workers", 4),
        ("max_workers", 16, "twice the workers", 8),
        ("cost_limit", 600, "raise it by 100", 500),
        ("cost_limit", 450, "10% less", 500),
        ("min_workers", 1, "half", 2),
    ],
)
def test_a_change_by_so_much_is_counted_from_what_was_asked_for(
    field: str, value: float, quote: str, before: float
) -> None:
    assert weighed(field, value, QuotedWords(quote, quote, TODAY, (before,))).bears
    assert not weighed(field, value + 5, QuotedWords(quote, quote, TODAY, (before,))).bears


QUOTES = (
    "",
    "9" * 4000,
    "1e999 999999999 weeks",
    "\u0000\u202e",
    "31 31 31/31/9999 end of q4",
    "no " * 1300,
    "1," * 2000,
    "a" * 4000,
    "1 " * 2000,
    "us " * 1300,
)


@pytest.mark.parametrize("value", [None, True, "x", "nan", "inf", 1e308, {"a": {"b": 1}}, ["x"], "", "\u202e", -1])
def test_any_value_against_any_words_is_weighed_and_none_of_these_bears_it(value: Any) -> None:
    for field in ("min_workers", "cost_limit", "hours_per_week", "expires_in_days", "region", "network", "spot"):
        for quote in QUOTES:
            assert not weighed(field, value, QuotedWords(quote, quote, TODAY, (4.0,))).bears, (field, quote)
