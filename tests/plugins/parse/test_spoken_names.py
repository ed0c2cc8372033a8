"""One that stands is meant by its name as people say it, and never where they ask for a new one."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Context
from plugins.parse import understand

STANDING = Context(today=date(2026, 11, 30), workspaces=("dbw-bi-dev", "dbw-risk-dev", "dbw-risk-staging"))


@pytest.mark.parametrize(
    ("text", "act", "name"),
    [
        ("how many workers does risk staging have?", "status", "dbw-risk-staging"),
        ("upgrade risk staging to 4 workers", "amend", "dbw-risk-staging"),
        ("who owns risk dev?", "status", "dbw-risk-dev"),
        ("destroy risk-dev", "destroy", "dbw-risk-dev"),
        ("let risk staging end on friday", "extend", "dbw-risk-staging"),
        ("what does risk staging cost?", "cost", "dbw-risk-staging"),
    ],
)
def test_one_that_stands_is_meant(text: str, act: Act, name: str) -> None:
    understood = understand(text, STANDING)
    assert (understood.act, [request.workspace_name for request in understood.requests]) == (act, [name])


@pytest.mark.parametrize(
    "text", ["a workspace for risk dev etl", "dev for the risk team, etl", "databricks for risk dev", "team risk, dev"]
)
def test_a_new_one_is_not_called_like_one_that_stands(text: str) -> None:
    assert [request.workspace_name for request in understand(text, STANDING).requests] == [None]


def test_with_something_in_hand_its_words_are_of_that() -> None:
    drafts = (InfrastructureRequest(team="risk", workload_type="data_engineering"),)
    context = Context(today=STANDING.today, workspaces=STANDING.workspaces, drafts=drafts, open_slots=("environment",))
    understood = understand("risk dev", context)
    assert all(request.workspace_name is None for request in understood.requests)


HERONS = Context(
    today=date(2026, 11, 30), workspaces=("dbw-heron-dev", "dbw-heron-staging", "dbw-wren-dev", "dbw-ibis-dev")
)
OTHER = InfrastructureRequest(team="lark", environment="dev", workload_type="data_engineering")
IN_HAND = Context(today=HERONS.today, workspaces=HERONS.workspaces, drafts=(OTHER,), plan_pending=True)


@pytest.mark.parametrize("context", [HERONS, IN_HAND], ids=["nothing in hand", "a plan waits"])
@pytest.mark.parametrize(
    ("text", "act", "names"),
    [
        ("destroy wren", "destroy", ["dbw-wren-dev"]),
        ("destroy ibis and wren", "destroy", ["dbw-ibis-dev", "dbw-wren-dev"]),
        ("kill heron staging on friday", "extend", ["dbw-heron-staging"]),
        ("extend ibis by a week", "extend", ["dbw-ibis-dev"]),
        ("what happened to ibis", "history", ["dbw-ibis-dev"]),
        ("change ibis to 3 workers", "amend", ["dbw-ibis-dev"]),
        ("change ibis to 3 workers and heron dev to 2 workers", "amend", ["dbw-ibis-dev", "dbw-heron-dev"]),
        ("raise the limit of wren to 800", "amend", ["dbw-wren-dev"]),
        ("compare heron staging and heron dev", "compare", ["dbw-heron-staging", "dbw-heron-dev"]),
    ],
)
def test_one_is_meant_by_its_team_whatever_is_in_hand(text: str, act: Act, names: list[str], context: Context) -> None:
    understood = understand(text, context)
    assert understood.act == act
    assert sorted(filter(None, (request.workspace_name for request in understood.requests))) == sorted(names)


@pytest.mark.parametrize("context", [HERONS, IN_HAND], ids=["nothing in hand", "a plan waits"])
def test_a_team_that_has_several_is_asked_about(context: Context) -> None:
    understood = understand("destroy heron", context)
    assert understood.act == "destroy"
    assert understood.selection is not None
    assert (understood.selection.teams, understood.selection.is_one) == (("heron",), True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("change heron to 4 workers", {"min_workers": 4, "max_workers": 4}),
        ("scale heron to 4 workers", {"min_workers": 4, "max_workers": 4}),
        ("drop heron to 2 workers", {"min_workers": 2, "max_workers": 2}),
        ("upgrade heron to photon", {"photon": True}),
        ("raise the limit of heron to 800", {"cost_limit": 800}),
        ("double the workers of heron", {}),
    ],
)
@pytest.mark.parametrize("context", [HERONS, IN_HAND], ids=["nothing in hand", "a plan waits"])
def test_a_change_of_a_team_that_has_several_is_of_one_of_them(
    text: str, says: dict[str, object], context: Context
) -> None:
    """What is in hand is not made theirs."""
    understood = understand(text, context)
    assert understood.act == "amend"
    assert [request.stated() for request in understood.requests] == [says]
    assert understood.selection is not None
    assert (understood.selection.teams, understood.selection.is_one) == (("heron",), True)


@pytest.mark.parametrize("text", ["extend heron by a week", "extend heron until friday"])
def test_an_end_of_a_team_that_has_several_is_of_one_of_them(text: str) -> None:
    understood = understand(text, IN_HAND)
    assert understood.act == "extend"
    assert understood.selection is not None
    assert (understood.selection.teams, understood.selection.is_one) == (("heron",), True)


@pytest.mark.parametrize("text", ["all of heron please", "all of heron", "change heron"])
def test_a_team_alone_renames_nothing(text: str) -> None:
    assert understand(text, IN_HAND).act == "unclear"


@pytest.mark.parametrize("context", [HERONS, IN_HAND], ids=["nothing in hand", "a plan waits"])
@pytest.mark.parametrize(
    "text",
    [
        "drop wren from the digest",
        "delete wren from the list",
        "remove wren from the budget",
        "drop wren as the owner",
        "drop wren as soon as possible",
        "kill wren's cluster",
        "delete wren's data",
        "remove wren's owner",
        "destroy wren if nobody objects",
        "kill wren and tell bob",
        "nuke wren of the digest",
    ],
)
def test_what_is_said_of_something_of_theirs_destroys_nothing(text: str, context: Context) -> None:
    assert understand(text, context).act == "unclear"


@pytest.mark.parametrize("context", [HERONS, IN_HAND], ids=["nothing in hand", "a plan waits"])
@pytest.mark.parametrize(
    ("text", "says", "clear"),
    [
        ("drop wren to 2 workers", {"min_workers": 2, "max_workers": 2}, ()),
        ("drop wren's photon", {"photon": False}, ()),
        ("remove wren's gpu", {"enable_gpu": False}, ()),
        ("remove wren's tags", {}, ("tags",)),
    ],
)
def test_what_is_taken_off_one_changes_that_one(
    text: str, says: dict[str, object], clear: tuple[str, ...], context: Context
) -> None:
    understood = understand(text, context)
    (statement,) = understood.statements
    assert understood.act == "amend"
    assert (statement.request.stated(), statement.clear) == ({"workspace_name": "dbw-wren-dev", **says}, clear)


@pytest.mark.parametrize("context", [HERONS, IN_HAND], ids=["nothing in hand", "a plan waits"])
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("kill wren and heron", {"dbw-wren-dev", "dbw-heron-dev", "dbw-heron-staging"}),
        ("kill heron and wren", {"dbw-wren-dev", "dbw-heron-dev", "dbw-heron-staging"}),
        ("destroy wren or heron", {"dbw-wren-dev", "dbw-heron-dev", "dbw-heron-staging"}),
        ("destroy wren or ibis", {"dbw-wren-dev", "dbw-ibis-dev"}),
        ("destroy dbw-wren-dev or dbw-ibis-dev", {"dbw-wren-dev", "dbw-ibis-dev"}),
    ],
)
def test_of_an_or_and_of_a_team_of_several_it_is_asked_which(text: str, names: set[str], context: Context) -> None:
    understood = understand(text, context)
    assert (understood.act, understood.requests[0].workspace_name) == ("destroy", None)
    assert understood.selection is not None
    assert (set(understood.selection.names), understood.selection.is_one) == (names, True)


@pytest.mark.parametrize("text", ["kill wren now please", "drop wren, we don't need it", "please delete wren."])
def test_what_ends_there_is_meant_whole(text: str) -> None:
    understood = understand(text, HERONS)
    assert (understood.act, [r.workspace_name for r in understood.requests]) == ("destroy", ["dbw-wren-dev"])


def test_no_verb_of_destroying_is_a_team() -> None:
    for text in ("destroy team heron", "kill team wren", "delete team ibis now"):
        assert understand(text, IN_HAND).act == "destroy", text


def test_a_team_of_what_is_in_hand_is_no_workspace_that_stands() -> None:
    draft = OTHER.model_copy(update={"team": "wren", "environment": "staging"})
    context = Context(today=HERONS.today, workspaces=HERONS.workspaces, drafts=(draft,), plan_pending=True)
    understood = understand("change wren to 3 workers", context)
    assert [request.workspace_name for request in understood.requests] == [None]
