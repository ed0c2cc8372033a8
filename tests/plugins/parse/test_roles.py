"""Of all that a message says of a field one value stands, or a doubt."""

from datetime import date
from decimal import Decimal

import pytest

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

TODAY = date(2026, 11, 24)


def understood(text: str) -> Understanding:
    return understand(f"databricks for team kelp, {text}", Context(today=TODAY))


def value(text: str, field: str) -> object:
    return getattr(understood(text).requests[0], field)


def doubts(text: str) -> list[tuple[str, str]]:
    return [(doubt.slot, doubt.kind) for doubt in understood(text).doubts]


@pytest.mark.parametrize(
    ("text", "field", "wanted"),
    [
        ("in dev, not prod", "environment", "dev"),
        ("in dev, no gpu", "enable_gpu", False),
        ("not westeurope but northeurope, dev", "region", "northeurope"),
        ("in dev, without spot", "spot", False),
    ],
)
def test_what_is_denied_is_not_wanted(text: str, field: str, wanted: object) -> None:
    assert value(text, field) == wanted


@pytest.mark.parametrize(
    ("text", "field", "wanted"),
    [
        ("in dev, no wait, prod", "environment", "prod"),
        ("in westeurope, sorry, i mean northeurope, dev", "region", "northeurope"),
        ("in dev, 2 to 8 workers, hmm, make that 4 to 12", "max_workers", 12),
        ("in dev, $500 a month, no wait, $700", "cost_limit", Decimal(700)),
    ],
)
def test_what_is_said_later_as_a_correction_stands(text: str, field: str, wanted: object) -> None:
    assert value(text, field) == wanted


@pytest.mark.parametrize(
    ("text", "field", "wanted"),
    [
        ("in dev, the others already have prod", "environment", "dev"),
        ("in dev, our cto sits in westeurope", "region", None),
    ],
)
def test_what_is_said_of_others_is_not_asked_for(text: str, field: str, wanted: object) -> None:
    assert value(text, field) == wanted


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("dev or prod, not sure", "environment"),
        ("in dev, westeurope or northeurope", "region"),
        ("in dev, etl or ml", "workload_type"),
    ],
)
def test_an_open_choice_is_asked_about(text: str, slot: str) -> None:
    assert (slot, "several") in doubts(text)


@pytest.mark.parametrize(
    ("text", "slot", "kind"),
    [
        ("in dev, single node with 4 workers", "min_workers", "contradiction"),
        ("in dev, at least 8 workers, at most 4 workers", "min_workers", "crossing"),
    ],
)
def test_workers_that_cannot_be_are_asked_about(text: str, slot: str, kind: str) -> None:
    assert (slot, kind) in doubts(text)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("in dev, 2 to 8 workers", (2, 8)),
        ("in dev, 4 workers", (4, 4)),
        ("in dev, at least 2 workers, at most 6 workers", (2, 6)),
        ("in dev, up to 6 workers", (None, 6)),
    ],
)
def test_workers_have_a_least_and_a_most(text: str, bounds: tuple[int | None, int | None]) -> None:
    request = understood(text).requests[0]
    assert (request.min_workers, request.max_workers) == bounds


@pytest.mark.parametrize(
    ("text", "workload"),
    [
        ("in dev, streaming etl", "streaming"),
        ("in dev, pipelines that feed a model", "data_engineering"),
        ("in dev, mainly ml, maybe some sql", "machine_learning"),
    ],
)
def test_of_several_works_the_main_one_stands(text: str, workload: str) -> None:
    assert value(text, "workload_type") == workload


def test_a_key_is_plainer_than_a_word_in_a_sentence() -> None:
    request = understand("Team: kelp\nEnvironment: dev\nNotes: like production", Context(today=TODAY)).requests[0]
    assert request.environment == "dev"


def test_the_words_that_a_value_was_read_from_are_kept() -> None:
    sources = dict(understood("in dev, 2 to 8 workers").statements[0].sources)
    assert (sources["team"], sources["environment"]) == ("team kelp", "dev")
