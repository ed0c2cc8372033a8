"""Typing errors of small words and of the trade's are read as meant; names stay as they were written."""

from datetime import date

import pytest

from plugins.domain.understanding import Context
from plugins.parse import understand

_CONTEXT = Context(today=date(2026, 11, 29))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("staging, and hte team is called plover", {"team": "plover", "environment": "staging"}),
        ("a workspcae for teh Baking taem in dve, sql", {"team": "baking", "environment": "dev"}),
        ("databricks fro team lynx, stagging, etl", {"team": "lynx", "environment": "staging"}),
        ("dev etl for teh team kestrel", {"team": "kestrel"}),
        ("dev etl for teh analytics team", {"team": "analytics"}),
        ("Hte Platform team needs dev", {"team": "platform"}),
        ("tehy need dev for etl, team fern", {"team": "fern"}),
        ("ws for the sailing team stagging, etl", {"team": "sailing", "environment": "staging"}),
        ("dev etl ws for team fern, 3-6wrkers", {"min_workers": 3, "max_workers": 6}),
        ("dev etl ws for team fern, 12workres", {"min_workers": 12, "max_workers": 12}),
        ("dev etl ws for team fern, 4workers", {"min_workers": 4, "max_workers": 4}),
        ("dev etl ws for team fern, no psot", {"spot": False}),
        ("dev etl ws for team fern, spoot is fine", {"spot": True}),
    ],
)
def test_a_typing_error_is_read_as_meant(text: str, said: dict[str, object]) -> None:
    (request,) = understand(text, _CONTEXT).requests
    assert {name: getattr(request, name) for name in said} == said


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("dev etl ws for team hte", "hte"),
        ("dev etl ws for team called nad", "nad"),
        ("dev etl ws for the CNA team", "cna"),
        ("CNA team needs a databricks in dev for etl", "cna"),
        ("dev etl ws for the Moore team", "moore"),
        ("dev etl ws for team stating", "stating"),
        ("dev etl ws for team taem-one", "taem-one"),
        ("dev etl ws for the Thee team", "thee"),
        ("dev workspace for adn, etl", "adn"),
        ("dev workspace for epr, etl", "epr"),
        ("dev workspace for imn, etl", "imn"),
        ("dev for the fro team, etl", "fro"),
        ("dev for team adn, etl", "adn"),
        ("adn needs dev, etl", "adn"),
        ("Teh needs dev, etl", "teh"),
    ],
)
def test_a_name_that_looks_like_a_typing_error_stays(text: str, team: str) -> None:
    (request,) = understand(text, _CONTEXT).requests
    assert request.team == team


def test_what_was_taken_for_something_else_is_quoted_as_it_was_written() -> None:
    (statement,) = understand("ws for the sailing team stagging, no sppot", _CONTEXT).statements
    assert dict(statement.sources)["environment"] == "stagging"


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("hwo much is dbw-fern-dev per mnoth", "cost"),
        ("waht does dbw-fern-dev cost", "cost"),
        ("plesae delte dbw-fern-dev", "destroy"),
        ("destory dbw-fern-dev", "destroy"),
        ("whcih regions do you offer?", "explain"),
    ],
)
def test_an_act_survives_a_typing_error(text: str, act: str) -> None:
    assert understand(text, _CONTEXT).act == act
