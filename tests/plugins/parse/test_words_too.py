"""An abbreviation of a region that is a word too: "neu" is new in German, and North Europe where a region stands."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

DRAFTED = Context(
    today=date(2026, 11, 30),
    drafts=(InfrastructureRequest(capability="databricks", team="churn", environment="dev"),),
    open_slots=("cost_limit",),
)


@pytest.mark.parametrize(
    "text",
    [
        "alles nochmal neu bitte",
        "ein neu erstelltes Budget",
        "das ist neu für mich",
        "wir sind neu hier",
        "wir sind hier",
        "ich bin neu",
        "bitte neu planen",
        "Neu: das ist für uns",
        "in neu erstelltem Glanz",
    ],
)
def test_the_word_is_no_region_and_no_team(text: str) -> None:
    understood = understand(text, DRAFTED)
    assert not any(request.region or request.team for request in understood.requests)


@pytest.mark.parametrize("text", ["das ist gut für mich", "databricks für dich", "databricks für ihn in dev"])
def test_who_is_pointed_at_is_no_team(text: str) -> None:
    assert not any(request.team for request in understand(text, Context(today=DRAFTED.today)).requests)


@pytest.mark.parametrize(
    "text",
    [
        "region neu",
        "region: neu",
        "in NEU",
        "in neu bitte",
        "neu",
        "NEU please",
        "make it NEU",
        "use neu instead",
        "change the region to neu",
        "not weu but neu",
        "bitte die Region neu",
        "wir brauchen ein Databricks für Team Fern in dev, NEU",
    ],
)
def test_the_abbreviation_is_the_region(text: str) -> None:
    (request,) = understand(text, DRAFTED).requests
    assert request.region == "northeurope"
