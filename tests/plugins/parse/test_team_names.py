"""What marks a team's name, and where the name stops: a table a mark, with what resembles it and is none."""

from datetime import date

import pytest

from plugins.domain.understanding import Context
from plugins.parse import understand
from plugins.parse.fields.team import slug_of, slugged

TODAY = date(2026, 11, 24)


def team_of(text: str) -> str | None:
    understood = understand(text, Context(today=TODAY))
    return understood.requests[0].team if understood.requests else None


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("Team: Tidal Power\nEnvironment: dev\nWorkload: etl", "tidal-power"),
        ("Team name: Harbour Pilots\nEnv: prod", "harbour-pilots"),
        ("Team: Claims (new since May)\nEnvironment: dev", "claims"),
        ("Team: Glacier Watch, we started in May\nEnvironment: dev", "glacier-watch"),
        ("Team: TBD\nEnvironment: dev\nWorkload: etl", None),
        ("Team: n/a\nEnvironment: dev\nWorkload: etl", None),
    ],
)
def test_a_key_names_the_team_up_to_the_remark_behind_it(text: str, team: str | None) -> None:
    assert team_of(text) == team


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("databricks for the Tidal Power team in dev", "tidal-power"),
        ("databricks for our hovercraft team in dev", "hovercraft"),
        ("databricks in dev, team quartz, etl", "quartz"),
        ("databricks in dev for a team called Night Owls", "night-owls"),
        ('databricks in dev, the team is called "Night Owls"', "night-owls"),
        ("the squad named basalt needs databricks in dev", "basalt"),
        ("databricks for R&D team in dev", "r-d"),
        ("databricks for the lighthouse-keepers team in dev", "lighthouse-keepers"),
        ("prod etl workspace for the kelp team", "kelp"),
        ("our new team needs databricks in dev", None),
        ("the team is growing, databricks in dev please", None),
        ("databricks in dev for several teams of ours", None),
    ],
)
def test_the_word_team_marks_the_name_beside_it(text: str, team: str | None) -> None:
    assert team_of(text) == team


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("Hovercraft needs a databricks workspace in dev", "hovercraft"),
        ("Tidal Power would like databricks in prod", "tidal-power"),
        ("Please give Hovercraft a databricks workspace in dev", "hovercraft"),
        ("Please set up Tidal Power with a databricks workspace in dev", "tidal-power"),
        ("Everyone needs a databricks workspace in dev", None),
        ("The pipeline needs databricks in dev", None),
        ("It needs to be in dev, a databricks workspace", None),
        ("Please give me a databricks workspace in dev", None),
    ],
)
def test_who_needs_or_is_given_a_workspace_is_the_team(text: str, team: str | None) -> None:
    assert team_of(text) == team


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("Hi, I'm from Tidal Power, we need databricks in dev", "tidal-power"),
        ("we in Hovercraft need databricks in dev", "hovercraft"),
        ("Tidal Power here, databricks in dev please", "tidal-power"),
        ("We are Tidal Power and need databricks in dev", "tidal-power"),
        ("Databricks in dev please. Requested by Hovercraft.", "hovercraft"),
        ("We are ready for databricks in dev", None),
        ("We are in Germany and need databricks in dev", None),
    ],
)
def test_where_somebody_works_is_the_team(text: str, team: str | None) -> None:
    assert team_of(text) == team


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("databricks in dev for hovercraft", "hovercraft"),
        ("databricks in dev for underwriting", "underwriting"),
        ("databricks in dev for testing", None),
        ("databricks in dev for now", None),
        ("databricks in dev for two weeks", None),
        ("thanks for helping, databricks in dev", None),
        ("databricks in dev for training models", None),
    ],
)
def test_for_names_a_team_unless_it_tells_the_purpose_or_the_time(text: str, team: str | None) -> None:
    assert team_of(text) == team


def test_what_for_names_is_said_as_an_assumption() -> None:
    request = understand("databricks in dev for hovercraft", Context(today=TODAY)).requests[0]
    assert [(a.field, a.value, a.because) for a in request.assumptions] == [
        ("team", "hovercraft", "You said “for hovercraft”.")
    ]


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("hovercraft / dev / etl / westeurope", "hovercraft"),
        ("dev, etl, hovercraft, 4 workers", "hovercraft"),
        ("databricks hovercraft dev etl", "hovercraft"),
        ("dev, etl, westeurope, 4 workers", None),
    ],
)
def test_in_a_terse_list_what_is_nothing_else_is_the_team(text: str, team: str | None) -> None:
    assert team_of(text) == team


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("databricks in dev for marketing or sales", {"marketing", "sales"}),
        ("databricks in dev for team kelp or basalt", {"kelp", "basalt"}),
    ],
)
def test_two_names_with_an_or_between_are_asked_about(text: str, names: set[str]) -> None:
    understood = understand(text, Context(today=TODAY))
    doubt = next(doubt for doubt in understood.doubts if doubt.slot == "team")
    assert (doubt.kind, set(doubt.candidates)) == ("several", names)


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("dev notebooks for the sales and marketing team", "sales-and-marketing"),
        ("the pricing and promotions team needs a dev etl workspace", "pricing-and-promotions"),
        ("I'm on the platform team and need a dev etl workspace for the risk team", "risk"),
        ("hi, platform team here. need dev etl for the risk team", "risk"),
        ("for the risk team I need a dev etl workspace, I'm on the platform team", "risk"),
        ("I am from the data team, we need a dev etl workspace", "data"),
    ],
)
def test_a_team_of_two_names_is_one_and_who_writes_for_others_names_them(text: str, team: str) -> None:
    assert team_of(text) == team


@pytest.mark.parametrize(
    "text",
    [
        "databricks in dev for etl: team Oak needs 2 workers, team Elm needs 6",
        "dev etl. The oak team needs 2 workers and the elm team wants 6 workers.",
    ],
)
def test_teams_that_each_need_something_get_a_workspace_each(text: str) -> None:
    found = understand(text, Context(today=TODAY)).requests
    assert [(request.team, request.min_workers) for request in found] == [("oak", 2), ("elm", 6)]


@pytest.mark.parametrize(
    "text",
    [
        "a dev etl workspace for team Alpha and team Beta to share",
        "a dev etl workspace shared by team Alpha and team Beta",
        "for the alpha team and the beta team a shared dev etl workspace",
    ],
)
def test_of_two_teams_that_share_one_none_is_dropped_unsaid(text: str) -> None:
    understood = understand(text, Context(today=TODAY))
    assert [request.team for request in understood.requests] == [None]
    assert [(doubt.slot, doubt.candidates) for doubt in understood.doubts] == [("team", ("alpha", "beta"))]


def test_a_team_that_is_denied_yields_to_the_one_said_instead() -> None:
    assert team_of("databricks in dev, the team is not kelp, it's basalt") == "basalt"


def test_a_name_may_hold_the_words_of_other_fields() -> None:
    request = understand("databricks for the Photon Science team in dev", Context(today=TODAY)).requests[0]
    assert (request.team, request.photon) == ("photon-science", None)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Supply Chain", "supply-chain"),
        ("The Pricing Team", "pricing"),
        ("Größe & Maß", "groesse-mass"),
        ("Dana's crew", "dana-crew"),
        ("Équipe Énergie", "equipe-energie"),
        ("???", ""),
    ],
)
def test_a_slug_is_small_letters_and_hyphens(name: str, slug: str) -> None:
    assert slugged(name) == slug


@pytest.mark.parametrize(
    ("answer", "slug"),
    [
        ("pricing", "pricing"),
        ("it's Supply Chain", "supply-chain"),
        ("the pricing team, please", "pricing"),
        ("we belong to Harbour Pilots", "harbour-pilots"),
        ("make it cheaper", None),
        ("what do you mean?", None),
        ("one two three four five six", None),
    ],
)
def test_a_bare_answer_is_a_team_unless_it_is_a_sentence(answer: str, slug: str | None) -> None:
    assert slug_of(answer) == slug


@pytest.mark.parametrize(
    "text",
    [
        "my boss from team fern wants a dev workspace for etl; team risk knows",
        "my manager in team fern needs dev for etl, cc team risk",
        "a colleague from the fern team would like a dev workspace for etl",
    ],
)
def test_whoever_wants_is_not_only_spoken_of(text: str) -> None:
    (request,) = understand(text, Context(today=date(2026, 11, 29))).requests
    assert request.team == "fern"
