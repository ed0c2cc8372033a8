"""What careful readers found to be read as something else than it says, and its neighbours that were read well."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

_TODAY = date(2026, 11, 30)
_DEV = InfrastructureRequest(
    capability="databricks", team="sales", environment="dev", workload_type="data_engineering", region="eastus"
)
_PROD = _DEV.model_copy(update={"environment": "prod"})
_NAMES = ("dbw-risk-dev", "dbw-bi-dev", "dbw-wren-dev", "dbw-wren-prod")
_FIRST = Context(today=_TODAY)
_STANDS = Context(today=_TODAY, workspaces=_NAMES[:2])
_PENDING = Context(today=_TODAY, drafts=(_DEV,), plan_pending=True, workspaces=_NAMES)
_TWO_PENDING = Context(today=_TODAY, drafts=(_DEV, _PROD), plan_pending=True, workspaces=_NAMES)


def _read(text: str, *fields: str, context: Context = _FIRST) -> list[tuple[object, ...]]:
    return [tuple(getattr(request, field) for field in fields) for request in understand(text, context).requests]


@pytest.mark.parametrize("context", [_PENDING, _STANDS], ids=["pending", "stands"])
@pytest.mark.parametrize(
    "text",
    [
        "what happens if we start over?",
        "suppose we start over",
        "what if we start over?",
        "if we start over, is the plan gone?",
        "would we lose the plan if we start over?",
        "should we start over?",
        "how do i start over?",
        "tell me what starting over does",
        "don't start over",
        "no need to start over",
    ],
)
def test_who_wonders_about_a_new_start_orders_none(text: str, context: Context) -> None:
    assert understand(text, context).act in ("help", "explain", "unclear")


@pytest.mark.parametrize(
    "text",
    [
        "can we start over?",
        "let's start over",
        "how about we start over?",
        "would it be possible to start over?",
        "what if i cancel it? start over",
        "if it is that dear, let's start over",
        "no, forget everything",
    ],
)
def test_a_new_start_is_ordered(text: str) -> None:
    assert understand(text, _PENDING).act == "reset"


@pytest.mark.parametrize(
    "text",
    [
        "our team is starting from scratch",
        "we start from scratch",
        "this is a greenfield project, from scratch",
        "we rebuild it from scratch",
        "the cluster has to start from scratch",
        "my boss said start over",
        "bob says we should start over",
        "they told me to start over",
        "nobody wants to start over",
        "i had to start over",
        "so i have to start over",
        "it looks like i have to start over",
        "the wizard made me start over",
        "you forget everything",
        "i hate to start over",
        "i clicked start over by mistake",
        "the button says start over",
        "the app keeps asking me to start over",
        "maybe we should start over",
        "we might have to start over",
        "we start over every monday",
        "the job must start over after a crash",
        "we'll start over with the data in january",
        "will you forget everything?",
        "is there a way to start over?",
        "start over? no",
        "start over? never",
        "start over? why?",
        "start over? hmm",
        "no reason to start from scratch",
        "it would be silly to start over",
        "starting over would be a shame",
        "forget everything i said about photon",
        "start over?",
        "can we start over? no",
        "the button says: start over",
        "they told me to cancel it and start over",
        "when it fails, start over",
        "let's start over if it fails",
        "let's start over next week",
        "start over, he said",
        "let's not start over",
        "please don't start over",
        "they want to cancel and start over",
        "we are back to square one",
        "start over and over",
        "let's start over, but not now",
        "forget what i said about photon",
        "and so we begin again",
        "it was a fresh start for us",
        "start over. no, wait",
        "bob, who wants to start over",
        "we had a new start in may",
        "every new start is hard",
        "i want them to start over",
    ],
)
def test_who_speaks_of_a_new_start_orders_none(text: str) -> None:
    understood = understand(text, _PENDING)
    assert understood.act in ("help", "explain", "unclear", "out_of_scope")
    assert not understood.requests


@pytest.mark.parametrize(
    "text",
    [
        "start over",
        "let's start over",
        "please start from scratch",
        "forget it all",
        "scrap that, start over",
        "reset",
        "can we start over?",
        "could you start over?",
        "i want to start over",
        "i would like to start over",
        "i'd like to start from scratch",
        "could you reset please",
        "ok, new start",
        "forget everything",
        "let's start again from scratch",
        "clean slate please",
        "drop that draft",
        "restart the conversation",
        "new conversation please",
        "cancel it and start over",
        "cancel that, and start over",
        "hi brickie, can we start over please?",
        "start over please",
        "start over now",
        "reset everything",
        "no, start over",
        "let's do it over from scratch",
        "how about starting over?",
        "start over because i got it wrong",
        "i made a mistake, start over",
        "can we please start over",
        "why don't we start over?",
        "forget everything i said",
        "forget everything I told you so far",
        "wipe the slate",
        "let's go back to square one",
        "start over: i need something else",
        "this is wrong start over",
        "please reset the conversation",
        "start over!!!",
        "Start over, I want something else",
        "okay so let's start over then",
    ],
)
def test_an_order_or_a_polite_wish_is_a_new_start(text: str) -> None:
    assert understand(text, _PENDING).act == "reset"


def test_what_is_trained_from_scratch_drops_nothing() -> None:
    assert understand("train the model from scratch", _PENDING).act != "reset"


@pytest.mark.parametrize(
    "text",
    ["the same owner for team owl", "the same size for prod", "the same limit for prod as well"],
)
@pytest.mark.parametrize("context", [_PENDING, _STANDS], ids=["pending", "stands"])
def test_the_same_of_one_field_plans_no_other_workspace_and_moves_none(text: str, context: Context) -> None:
    assert understand(text, context).act == "unclear"


@pytest.mark.parametrize("text", ["the same for prod", "the same thing for prod", "same again for prod"])
def test_the_same_is_one_more(text: str) -> None:
    understood = understand(text, _PENDING)
    assert (understood.act, understood.additional) == ("provision", True)
    assert understood.requests[0].environment == "prod"


@pytest.mark.parametrize("text", ["give security a list of workspaces", "give Ops an overview of our workspaces"])
@pytest.mark.parametrize("context", [_FIRST, _STANDS], ids=["first", "stands"])
def test_who_is_given_a_list_gets_no_workspace(text: str, context: Context) -> None:
    assert understand(text, context).act == "list"


@pytest.mark.parametrize("text", ["give Bob a call", "give Anna some time", "give Ops one chance"])
@pytest.mark.parametrize("context", [_FIRST, _STANDS], ids=["first", "stands"])
def test_what_else_is_given_is_no_workspace(text: str, context: Context) -> None:
    assert understand(text, context).act == "unclear"


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("give Ops two workspaces", "ops"),
        ("give Ops one in dev for etl", "ops"),
        ("give the risk team a small dev workspace", "risk"),
        ("give team owl a dev workspace for etl", "owl"),
    ],
)
def test_a_workspace_is_given(text: str, team: str) -> None:
    assert understand(text, _STANDS).act == "provision"
    assert {name for (name,) in _read(text, "team")} == {team}


@pytest.mark.parametrize(
    "text",
    [
        "what is the cheapest option for team owl in dev etl?",
        "what can i get for 500 a month for team owl in dev, etl?",
        "which size can we afford for team owl in dev, etl?",
        "what would you recommend for team owl in dev, etl?",
        "what should we take for team owl in dev, etl?",
    ],
)
@pytest.mark.parametrize("context", [_FIRST, _STANDS], ids=["first", "stands"])
def test_a_question_for_the_cheapest_of_what_it_describes_is_of_its_price(text: str, context: Context) -> None:
    assert understand(text, context).act == "cost"
    assert _read(text, "team", "environment", "workload_type", context=context) == [("owl", "dev", "data_engineering")]


@pytest.mark.parametrize("text", ["who is in team owl in dev etl?", "does team owl like dev etl?"])
def test_a_question_of_other_things_is_not_of_a_price(text: str) -> None:
    assert understand(text, _FIRST).act != "cost"


@pytest.mark.parametrize("context", [_STANDS, _PENDING], ids=["stands", "pending"])
@pytest.mark.parametrize(
    ("text", "act", "topic"),
    [
        ("is it deleted over christmas?", "explain", ("end",)),
        ("will it be gone over the weekend?", "explain", ("end",)),
        ("did anything change over the weekend?", "history", ()),
        ("does it run over the weekend?", "explain", ("autotermination_minutes",)),
        ("is it off at night?", "explain", ("autotermination_minutes",)),
        ("does it stop over christmas?", "explain", ("autotermination_minutes",)),
    ],
)
def test_a_question_of_a_weekend_is_of_what_it_asks(
    text: str, act: str, topic: tuple[str, ...], context: Context
) -> None:
    understood = understand(text, context)
    assert (understood.act, understood.topic) == (act, topic)


@pytest.mark.parametrize(
    ("text", "is_total"),
    [
        ("what do all four of our workspaces cost?", True),
        ("what do both of the wren workspaces cost?", True),
        ("what do both wren workspaces cost?", True),
        ("what do all four cost?", True),
        ("what do both cost?", False),
        ("what do both of them cost?", False),
        ("what do the two cost?", False),
        ("what do both new workspaces cost?", False),
    ],
)
def test_all_in_hand_are_as_many_as_are_said_and_no_others(text: str, *, is_total: bool) -> None:
    understood = understand(text, _TWO_PENDING)
    assert understood.act == "cost"
    assert (understood.money is not None and understood.money.is_of_all) is is_total


@pytest.mark.parametrize(
    "text",
    [
        "all dev workspaces use twice the budget",
        "half of all workspaces have 4 workers",
        "half the dev workspaces have 4 workers",
    ],
)
def test_what_many_have_is_told_and_changes_nothing(text: str) -> None:
    assert understand(text, _STANDS).act == "list"


@pytest.mark.parametrize(
    "text",
    [
        "double the workers of all staging workspaces",
        "halve the budget on every dev workspace",
        "halve the workers on every dev workspace",
        "all dev workspaces need twice the budget",
        "all dev workspaces: double the workers",
        "half the workers on all workspaces please",
    ],
)
def test_what_many_shall_have_is_ordered(text: str) -> None:
    understood = understand(text, _STANDS)
    assert understood.act == "amend"
    assert understood.statements[0].scaled


@pytest.mark.parametrize(
    ("text", "workers"),
    [
        ("dev and test with up to 2 workers and prod with up to 8 hours a day, team fox, etl", [2, 2, None]),
        ("dev and test with up to 2 workers and prod with 500 dollars a month, team fox, etl", [2, 2, None]),
        ("dev and test with up to 2 workers and prod with up to 8, team fox, etl", [2, 2, 8]),
        ("dev and test with up to 2 workers and prod with 8, team fox, etl", [2, 2, 8]),
        ("dev, test and prod with up to 2 workers, team fox, etl", [2, 2, 2]),
    ],
)
def test_what_is_said_behind_two_is_not_said_of_a_third(text: str, workers: list[int | None]) -> None:
    assert [most for (most,) in _read(text, "max_workers")] == workers
    assert {name for (name,) in _read(text, "team")} == {"fox"}


@pytest.mark.parametrize("context", [_STANDS, _PENDING], ids=["stands", "pending"])
@pytest.mark.parametrize(
    "text", ["what can you do for 20 users?", "what is the cheapest way to delete it?", "how low can it go in workers?"]
)
def test_no_question_of_money_is_read_from_words_that_are_like_it(text: str, context: Context) -> None:
    understood = understand(text, context)
    assert understood.act != "compare"
    assert understood.money is None


@pytest.mark.parametrize(
    "text", ["what can you do for 20 a month?", "what is the cheapest way to run it?", "how low can you go?"]
)
def test_how_it_could_cost_less_is_asked(text: str) -> None:
    understood = understand(text, _PENDING)
    assert understood.money is not None
    assert understood.money.aspect == "cheaper"


@pytest.mark.parametrize("context", [_STANDS, _PENDING], ids=["stands", "pending"])
def test_what_it_costs_to_reach_it_is_a_question_of_its_price(context: Context) -> None:
    assert understand("what does it cost to access it from the internet?", context).act == "cost"
    assert understand("can it be accessed from the internet?", context).topic == ("network", "no_public_ip")


@pytest.mark.parametrize(
    ("text", "team", "workers"),
    [
        ("with um 4 er 6 workers team fox dev etl", "fox", 6),
        ("4 workers er team fox, dev, etl", "fox", 4),
        ("4 workers team fox, dev, etl", "fox", 4),
        ("team fox dev etl with 4 er 6 workers", "fox", 6),
        ("dev etl for team uh fox with 4 workers", "fox", 4),
        ("dev etl for team uhm with 4 workers", "uhm", 4),
        ("for team uhm, dev, etl, 4 workers", "uhm", 4),
        ("a dev workspace for the uhm team, etl, 4 workers", "uhm", 4),
        ("a dev workspace for the workers team, etl, 4 nodes", "workers", 4),
    ],
)
def test_what_is_said_while_thinking_is_a_team_only_where_no_other_is_named(text: str, team: str, workers: int) -> None:
    assert _read(text, "team", "environment", "max_workers") == [(team, "dev", workers)]
