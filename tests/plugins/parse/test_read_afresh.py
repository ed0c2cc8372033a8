"""Sentences that a fresh reading of the rules found: each was misread, or might be, and is read as it stands here."""

from datetime import date

import pytest

from plugins.domain.request import Environment, InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse.orders import understand

_TODAY = date(2026, 12, 1)


def _draft(team: str, environment: Environment = "dev") -> InfrastructureRequest:
    return InfrastructureRequest(
        capability="databricks", team=team, environment=environment, workload_type="data_engineering"
    )


_FRESH = Context(today=_TODAY)
_ONE = Context(today=_TODAY, drafts=(_draft("kestrel"),), plan_pending=True)
_UNPLANNED = Context(today=_TODAY, drafts=(_draft("kestrel"),))
_STAGES = Context(today=_TODAY, drafts=(_draft("kestrel"), _draft("kestrel", "prod")), plan_pending=True)
_TEAMS = Context(today=_TODAY, drafts=(_draft("oak"), _draft("elm")), plan_pending=True, workspaces=("dbw-elm-dev",))
_STANDING = Context(today=_TODAY, workspaces=("dbw-kestrel-dev", "dbw-kestrel-prod"))


def _stated(text: str, context: Context) -> list[dict[str, object]]:
    """What each statement states, without what it is of."""
    stated = [statement.request.stated() for statement in understand(text, context).statements]
    return [{name: value for name, value in one.items() if name != "capability"} for one in stated]


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("remove elm, they would rather wait", _TEAMS),
        ("drop prod, my boss thinks it is too expensive", _STAGES),
        ("skip prod, they would rather wait", _STAGES),
    ],
)
def test_an_opinion_behind_an_order_is_its_reason(text: str, context: Context) -> None:
    understood = understand(text, context)
    assert (understood.act, understood.remove) == ("amend", (1,))


@pytest.mark.parametrize("text", ["oak", "oak says hi", "elm's limit is 500, oak's 300", "tell oak we are done"])
def test_the_name_of_a_team_in_hand_changes_nothing_by_itself(text: str) -> None:
    assert understand(text, _TEAMS).act in ("unclear", "out_of_scope")


def test_the_name_of_a_team_in_an_address_is_part_of_the_address() -> None:
    assert _stated("the owner is bob@elm.com", _TEAMS) == [{"owner": "bob@elm.com"}]
    [statement] = understand("set the workers of elm to 4", _TEAMS).statements
    assert (statement.target, statement.request.max_workers, statement.request.team) == (1, 4, None)


@pytest.mark.parametrize(
    "told", ["no spot in prod, and not in dev", "no spot, prod never", "no spot in dev, prod never"]
)
def test_a_refusal_behind_a_refusal_turns_nothing_on(told: str) -> None:
    requests = understand(f"Dev and prod for team kestrel: {told}", _FRESH).requests
    assert [request.spot for request in requests] == [False, False]


@pytest.mark.parametrize(
    ("text", "field"),
    [("no I don't want photon", "photon"), ("nope, we don't want a GPU", "enable_gpu")],
)
def test_no_to_a_feature_is_no_to_that_alone(text: str, field: str) -> None:
    assert _stated(text, _UNPLANNED) == [{field: False}]


@pytest.mark.parametrize("text", ["don't create it in the US", "do not deploy before Monday", "I'd rather not say"])
def test_a_request_in_hand_is_not_dropped_by_a_word_of_refusal(text: str) -> None:
    assert understand(text, _UNPLANNED).act == "unclear"


def test_values_of_several_workspaces_that_are_named_are_not_given_to_one() -> None:
    text = "set the workers of dbw-kestrel-dev to 4 and of dbw-kestrel-prod to 6"
    assert _stated(text, _STANDING) == [{"workspace_name": "dbw-kestrel-dev"}]


@pytest.mark.parametrize(
    "text",
    ["the cluster can grow from 2 to 8 workers", "switch to autoscaling from 2 to 8 workers", "von 2 bis 8 Worker"],
)
def test_a_range_stays_one(text: str) -> None:
    assert _stated(text, _ONE) == [{"min_workers": 2, "max_workers": 8}]


@pytest.mark.parametrize(
    "text", ["shut down dbw-kestrel-dev, it runs 24h a day for nothing", "terminate dbw-kestrel-dev in 30 min"]
)
def test_an_order_to_destroy_stays_one(text: str) -> None:
    assert understand(text, _STANDING).act == "destroy"


@pytest.mark.parametrize(
    "text",
    [
        "don't set autotermination to 20",
        "I read that clusters terminate after 120 minutes",
        "we have the limit set to 500 in other projects",
        "you have workers set to 4",
        "I like workers at 4",
        "he told you to set the workers to 4",
        "in the docs: the workers should be 4",
        "if Ann agrees, set the workers to 4",
        "set the workers to 4 once Ann approves",
        "set the workers to 4? no",
        "could I set the limit to 500 later?",
        "set the budget to 5 times the current one",
        "put the team on notice",
        "please update our team on slack",
        "bring the team up to speed",
        "spot on then",
        "ok, spot on then, thanks",
    ],
)
def test_what_is_told_bound_or_meant_otherwise_changes_nothing_that_waits(text: str) -> None:
    understood = understand(text, _ONE)
    assert (understood.act, understood.statements) == ("unclear", ())


@pytest.mark.parametrize("text", ["Können Sie mir sagen, ob 4 Worker reichen?", "Können wir später Photon nehmen?"])
def test_a_german_question_changes_nothing(text: str) -> None:
    assert understand(text, _ONE).act == "cost"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cap workers at 8", {"max_workers": 8}),
        ("the workers should be 4 minimum", {"min_workers": 4}),
        ("set the workers to 4 max", {"max_workers": 4}),
        ("die Worker sollen 4 sein", {"min_workers": 4, "max_workers": 4}),
        ("die Worker auf 4 erhöhen", {"min_workers": 4, "max_workers": 4}),
        ("Photon aus Performancegründen bitte", {"photon": True}),
        ("as you proposed, westeurope", {"region": "westeurope"}),
        ("As suggested, 4 workers", {"min_workers": 4, "max_workers": 4}),
        ("the data feels large, so 8 workers", {"min_workers": 8, "max_workers": 8}),
        ("The doc suggests 4 workers. 4 workers it is", {"min_workers": 4, "max_workers": 4}),
    ],
)
def test_a_plain_wish_is_read_for_what_it_says(text: str, wanted: dict[str, object]) -> None:
    assert _stated(text, _ONE) == [wanted]


@pytest.mark.parametrize(
    "text",
    ["replacing eastus with westeurope would be too expensive", "Our files come from westus to eastus every night"],
)
def test_two_places_of_which_none_is_chosen_are_asked_about(text: str) -> None:
    [doubt] = understand(text, _ONE).doubts
    assert doubt.slot == "region"


@pytest.mark.parametrize(
    ("text", "field", "wanted"),
    [
        ("Dev and prod for team kestrel, etl, budget 500, we plan prod 2027.", "cost_limit", [500, 500]),
        ("dev with 2 workers (uk south) and prod with 6 workers for kestrel", "region", ["uksouth", None]),
        ("dev: uk south, 2 workers; prod: 6 workers, team kestrel", "region", ["uksouth", None]),
        ("dev for team oak, etl. GPU: no, spot yes, photon no", "enable_gpu", [False]),
        ("dev for team oak, etl. Ich bin ab morgen 14 Tage weg", "expires_in_days", [None]),
    ],
)
def test_a_figure_or_a_place_is_of_what_it_is_told_of(text: str, field: str, wanted: list[object]) -> None:
    assert [getattr(request, field) for request in understand(text, _FRESH).requests] == wanted


def test_what_is_for_later_is_not_ordered_now() -> None:
    understood = understand("Need a dev databricks for team kestrel; later we'll do dev/test/prod", _FRESH)
    assert len(understood.requests) == 1
