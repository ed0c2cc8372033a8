"""A place that is named is never silently the default region: it is read as said, or asked about."""

from datetime import date

import pytest

from agent.settings import Settings
from agent.views.first_reading import asked_for
from plugins.catalogue.places import place_of, places
from plugins.catalogue.regions import regions
from plugins.domain.understanding import Context, Doubt
from plugins.parse import understand

TODAY = date(2026, 11, 24)


def read(where: str) -> tuple[str | None, Doubt | None]:
    """The region, and what is doubted of it, of a request that says nothing else of where it is to be."""
    understood = understand(f"databricks for the ML team in dev, {where}", Context(today=TODAY))
    doubt = next((doubt for doubt in understood.doubts if doubt.slot == "region"), None)
    asked = {slot.slot for slot in asked_for(understood, Settings(), TODAY)}
    assert ("region" in asked) == (doubt is not None)
    return understood.requests[0].region, doubt


@pytest.mark.parametrize(
    ("where", "said", "kind", "first"),
    [
        ("in Poland", "Poland", "not_offered", "germanywestcentral"),
        ("in Spain", "Spain", "not_offered", "francecentral"),
        ("in Portugal", "Portugal", "not_offered", "francecentral"),
        ("hosted in Warsaw", "Warsaw", "not_offered", "germanywestcentral"),
        ("region: Madrid", "Madrid", "not_offered", "francecentral"),
        ("in Munich", "Munich", "not_offered", "germanywestcentral"),
        ("in New York", "New York", "not_offered", "eastus2"),
        ("in Polen", "Polen", "not_offered", "germanywestcentral"),
        ("in China East 2", "China East 2", "other_cloud", "eastasia"),
        ("in chinanorth3", "chinanorth3", "other_cloud", "eastasia"),
        ("region US Gov Virginia", "US Gov Virginia", "other_cloud", "eastus"),
        ("in ap-southeast-2", "ap-southeast-2", "other_cloud", None),
        ("in europe-west12", "europe-west12", "other_cloud", None),
        ("in uk-london-1", "uk-london-1", "other_cloud", None),
    ],
)
def test_a_place_without_a_region_is_asked_with_the_nearest(
    where: str, said: str, kind: str, first: str | None
) -> None:
    region, doubt = read(where)
    assert region is None
    assert doubt is not None
    assert (doubt.said, doubt.kind, next(iter(doubt.candidates), None)) == (said, kind, first)
    assert len(doubt.candidates) <= 4


@pytest.mark.parametrize(
    ("where", "region"),
    [
        ("in Poland Central", "polandcentral"),
        ("in spaincentral", "spaincentral"),
        ("Italy North please", "italynorth"),
        ("in Mexico", "mexicocentral"),
        ("in Qatar", "qatarcentral"),
        ("in London", "uksouth"),
        ("West Europe, the users sit in Poland", "westeurope"),
        ("for people in Madrid, region France Central", "francecentral"),
        ("we saw it at a conference in Las Vegas", None),
        ("our office is in Vienna", None),
    ],
)
def test_a_region_that_is_named_is_read_as_said(where: str, region: str | None) -> None:
    assert read(where) == (region, None)


def test_the_answer_to_where_may_not_be_a_place_without_a_region_either() -> None:
    ground = Context(today=TODAY, open_slots=("region",))
    for answer in ("Poland", "China East 2", "Madrid"):
        understood = understand(answer, ground)
        assert [request.region for request in understood.requests if request.region] == []
        assert [doubt.slot for doubt in understood.doubts] == ["region"]


@pytest.mark.parametrize(
    ("text", "team"),
    [("databricks for team poland in dev, etl", "poland"), ("workspace for the Madrid team, dev, etl", "madrid")],
)
def test_a_team_of_that_name_is_a_team(text: str, team: str) -> None:
    understood = understand(text, Context(today=TODAY))
    assert [doubt for doubt in understood.doubts if doubt.slot == "region"] == []
    assert understood.requests[0].team == team


def test_choices_for_a_country_are_regions_where_it_is_offered() -> None:
    region, doubt = read("somewhere in Germany")
    assert region is None
    assert doubt is not None
    assert doubt.candidates == ("germanywestcentral",)


def test_every_candidate_is_offered_and_no_place_is_a_region_or_its_city() -> None:
    offered = {name for name, region in regions().items() if region.is_offered}
    taken = {city for name in offered for city in regions()[name].cities}
    for name, place in places().items():
        assert set(place.candidates) <= offered, name
        found = place_of(name)
        assert found is not None
        assert (found.kind, found.candidates) == (place.kind, place.candidates)
        assert name not in taken
        assert name.replace(" ", "") not in regions()
