"""Taking workspaces out of a request for several leaves the others as they are."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

_TODAY = date(2026, 11, 29)


def _draft(team: str, environment: str, region: str = "eastus") -> InfrastructureRequest:
    said = {"team": team, "environment": environment, "workload_type": "analytics", "region": region}
    return InfrastructureRequest.model_validate({"capability": "databricks", **said})


_ENVIRONMENTS = Context(
    today=_TODAY,
    drafts=(_draft("sales", "dev"), _draft("sales", "staging"), _draft("sales", "prod")),
    plan_pending=True,
)
_TEAMS = Context(
    today=_TODAY,
    drafts=(
        _draft("fraud", "dev"),
        _draft("claims", "dev", "uksouth"),
        _draft("people-analytics", "dev", "westeurope"),
    ),
)
_GRID = Context(
    today=_TODAY,
    drafts=(_draft("fraud", "dev"), _draft("fraud", "prod"), _draft("claims", "dev"), _draft("claims", "prod")),
    plan_pending=True,
)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("drop prod", (2,)),
        ("please drop the production one", (2,)),
        ("leave out staging", (1,)),
        ("leave staging out for now", (1,)),
        ("without prod", (2,)),
        ("without prod please", (2,)),
        ("only dev and staging", (2,)),
        ("only dev", (1, 2)),
        ("just dev", (1, 2)),
        ("dev only please", (1, 2)),
        ("actually just dev and prod", (1,)),
        ("forget the prod one", (2,)),
        ("skip UAT", (1,)),
        ("no prod", (2,)),
        ("not prod", (2,)),
        ("we don't need staging after all", (1,)),
        ("staging is not needed", (1,)),
        ("prod can go", (2,)),
        ("can you drop prod?", (2,)),
        ("drop staging and prod", (1, 2)),
        ("actually drop prod, legal is being legal", (2,)),
        ("remove the last one", (2,)),
        ("everything but prod", (2,)),
        ("ai desculpa, drop staging please", (1,)),
        ("Please drop UAT for now.", (1,)),
        ("nothing but dev", (1, 2)),
        ("dev and staging are enough", (2,)),
        ("drop prod, keep dev and staging", (2,)),
    ],
)
def test_an_environment_is_taken_out(text: str, gone: tuple[int, ...]) -> None:
    understood = understand(text, _ENVIRONMENTS)
    assert (understood.act, understood.remove, understood.requests) == ("amend", gone, ())


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("not for fraud", (0,)),
        ("leave out people analytics", (2,)),
        ("drop the claims team's one", (1,)),
        ("only fraud and claims", (2,)),
        ("skip the one in uk south", (1,)),
    ],
)
def test_a_team_is_taken_out(text: str, gone: tuple[int, ...]) -> None:
    assert understand(text, _TEAMS).remove == gone


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("drop prod for fraud", (1,)),
        ("drop prod", (1, 3)),
        ("only the claims dev one", (0, 1, 3)),
        ("only fraud dev and claims prod", (1, 2)),
    ],
)
def test_words_together_name_one_draft(text: str, gone: tuple[int, ...]) -> None:
    assert understand(text, _GRID).remove == gone


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("drop staging, dev and prod are enough for now", (1,)),
        ("drop staging and prod, dev is enough", (1, 2)),
        ("dev is enough, drop the others", (1, 2)),
    ],
)
def test_what_is_enough_beside_what_goes_stays(text: str, gone: tuple[int, ...]) -> None:
    assert understand(text, _ENVIRONMENTS).remove == gone


@pytest.mark.parametrize(
    "text",
    [
        "drop dev, staging and prod",
        "no spot in prod",
        "spot only on dev",
        "prod with 4 workers",
        "make prod bigger",
        "what if we drop prod?",
        "without prod?",
        "is prod needed?",
        "the prod one in uk south",
        "yes, go ahead",
        "only 4 workers",
    ],
)
def test_what_takes_nothing_out(text: str) -> None:
    assert understand(text, _ENVIRONMENTS).remove == ()


def test_one_draft_alone_is_never_taken_out() -> None:
    one = Context(today=_TODAY, drafts=(_draft("sales", "prod"),))
    assert understand("drop prod", one).remove == ()
