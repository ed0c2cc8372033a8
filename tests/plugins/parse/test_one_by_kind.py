"""One that stands is meant by what it is: "kill dev on friday" is of a workspace in dev, and of no other."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Context
from plugins.parse import understand

TODAY = date(2026, 11, 30)
STANDING = Context(today=TODAY, workspaces=("dbw-risk-staging",))


@pytest.mark.parametrize(
    ("text", "act", "environment", "unread"),
    [
        ("extend dev till end of january", "extend", "dev", ()),
        ("kill dev on friday", "extend", "dev", ()),
        ("let staging end on friday", "extend", "staging", ()),
        ("destroy the fraud dev workspace", "destroy", "dev", ("fraud",)),
        ("delete staging", "destroy", "staging", ()),
        ("export prod", "export", "prod", ()),
    ],
)
def test_the_one_is_chosen_by_environment_and_team(
    text: str, act: Act, environment: str, unread: tuple[str, ...]
) -> None:
    """Not by being the only one that stands: that one is in staging."""
    understood = understand(text, STANDING)
    assert understood.act == act
    assert all(request.workspace_name is None for request in understood.requests)
    assert understood.selection is not None
    assert (understood.selection.environments, understood.selection.is_one) == ((environment,), True)
    assert understood.selection.unread == unread


def test_what_is_in_hand_comes_first() -> None:
    """With a draft in hand its words are of the draft."""
    drafts = (
        InfrastructureRequest(team="risk", environment="dev"),
        InfrastructureRequest(team="risk", environment="prod"),
    )
    understood = understand("drop prod", Context(today=TODAY, drafts=drafts, workspaces=("dbw-risk-staging",)))
    assert (understood.act, understood.remove) == ("amend", (1,))


def test_an_order_is_no_answer() -> None:
    """The words "delete both" name no team, whatever was asked."""
    asked = Context(today=TODAY, open_slots=("team",), workspaces=("dbw-risk-staging",))
    assert understand("delete both", asked).act == "destroy"


@pytest.mark.parametrize(
    ("text", "teams", "unread"),
    [
        ("change the risk workspace to 4 workers", (), ("risk",)),
        ("please give our risk workspace 4 workers", (), ("risk",)),
        ("change the dev workspace of team risk to 4 workers", ("risk",), ()),
        ("can you turn on photon on the risk workspace?", (), ("risk",)),
        ("double the workers of the risk workspace", (), ("risk",)),
        ("add a worker to the risk workspace", (), ("risk",)),
    ],
)
@pytest.mark.parametrize("context", [STANDING, Context(today=TODAY)])
def test_a_change_is_of_the_one_that_is_described(
    text: str, teams: tuple[str, ...], unread: tuple[str, ...], context: Context
) -> None:
    """Where nothing stands it is said that no such one is known; no new one is asked for."""
    understood = understand(text, context)
    assert (understood.act, understood.doubts) == ("amend", ())
    assert understood.selection is not None
    assert (understood.selection.teams, understood.selection.unread) == (teams, unread)
    assert understood.selection.is_one


@pytest.mark.parametrize(
    "text",
    [
        "set up the risk workspace with 4 workers",
        "give the risk team a dev workspace with 4 workers",
        "make the dev workspace for team risk with 4 workers",
        "the risk workspace needs 4 workers, dev, etl, team risk",
    ],
)
def test_what_is_to_be_made_is_no_change(text: str) -> None:
    assert understand(text, Context(today=TODAY)).act == "provision"


@pytest.mark.parametrize(
    "text",
    [
        "change nothing on the risk workspace, 4 workers are fine",
        "please touch nothing in the dev workspace, 4 workers are enough",
    ],
)
def test_nothing_is_changed_where_that_is_said(text: str) -> None:
    assert understand(text, STANDING).act == "unclear"
