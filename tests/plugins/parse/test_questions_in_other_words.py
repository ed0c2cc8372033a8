"""Questions of money, of the network and of what there is, in words of their own and in other languages; and thanks."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

_TODAY = date(2026, 11, 29)
_ONE = InfrastructureRequest(
    capability="databricks", team="sales", environment="dev", workload_type="data_engineering", region="eastus"
)
_FIRST = Context(today=_TODAY)
_PENDING = Context(today=_TODAY, drafts=(_ONE,), plan_pending=True)
_TWO = Context(today=_TODAY, drafts=(_ONE, _ONE.model_copy(update={"environment": "staging"})), plan_pending=True)
_LIMITED = Context(today=_TODAY, drafts=(_ONE,), open_slots=("cost_limit",))


@pytest.mark.parametrize(
    "text",
    [
        "what is that for both together?",
        "what's that for both?",
        "and both together?",
        "what do the two come to together?",
        "what is it for the two of them in total?",
        "how much for both?",
        "how much do the two cost?",
        "what is the total for both?",
        "what does that make altogether?",
        "what is the sum?",
    ],
)
def test_the_price_of_both_in_hand_is_of_what_is_in_hand(text: str) -> None:
    understood = understand(text, _TWO)
    assert (understood.act, understood.money) == ("cost", None)


@pytest.mark.parametrize("text", ["what is that for?", "what are both of them for?", "what is the use of it?"])
def test_what_it_is_for_is_no_price(text: str) -> None:
    assert understand(text, _TWO).act == "explain"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("set both to 4 workers", {"min_workers": 4, "max_workers": 4}),
        ("change both to 4 workers", {"min_workers": 4, "max_workers": 4}),
        ("turn off photon on both", {"photon": False}),
    ],
)
def test_both_in_hand_are_changed_and_nothing_that_stands(text: str, fields: dict[str, object]) -> None:
    understood = understand(text, _TWO)
    assert (understood.act, understood.selection) == ("amend", None)
    assert [request.stated() for request in understood.requests] == [fields]


@pytest.mark.parametrize(
    "text",
    [
        "oh. what is the cheapest you can do?",
        "what's the cheapest you can offer?",
        "what's the least you could do it for?",
        "what is the cheapest option?",
        "how low can you go?",
        "what can you do for 20 a month?",
        "what can you offer for less?",
    ],
)
def test_the_cheapest_is_looked_for(text: str) -> None:
    understood = understand(text, _LIMITED)
    assert understood.act == "compare"
    assert understood.money is not None
    assert understood.money.aspect == "cheaper"


@pytest.mark.parametrize("context", [_FIRST, _PENDING, _LIMITED], ids=["first", "pending", "limited"])
def test_what_can_be_done_at_all_is_told_by_the_help(context: Context) -> None:
    assert understand("what can you do?", context).act == "help"


@pytest.mark.parametrize(
    "text",
    [
        "Was kostet das im Monat?",
        "Wie teuer ist das?",
        "Was würde das kosten?",
        "was macht das im Monat?",
        "Wie hoch sind die Kosten?",
        "kosten?",
        "ist das teuer?",
        "im Jahr?",
        "¿Cuánto cuesta al mes?",
        "cuánto costaría eso?",
        "¿Qué precio tiene?",
        "Combien ça coûte par mois ?",
        "combien coûterait cela ?",
        "c'est combien par mois ?",
        "quel est le prix ?",
        "ça coûte cher ?",
    ],
)
def test_the_price_is_asked_for_in_german_spanish_and_french(text: str) -> None:
    understood = understand(text, _PENDING)
    assert (understood.act, understood.requests[0].stated()) == ("cost", {})


@pytest.mark.parametrize(
    "text",
    ["Wie viel kostet dbw-oak-dev im Monat?", "¿Cuánto cuesta dbw-oak-dev al mes?", "combien coûte dbw-oak-dev ?"],
)
def test_the_price_of_one_that_is_named_is_asked_for_as_well(text: str) -> None:
    understood = understand(text, _FIRST)
    assert (understood.act, understood.requests[0].workspace_name) == ("cost", "dbw-oak-dev")


def test_a_price_that_is_asked_for_in_german_orders_nothing() -> None:
    understood = understand("Was kostet ein Dev-Workspace für ETL in Frankfurt?", _FIRST)
    assert understood.act == "cost"
    assert understood.requests[0].stated() == {
        "environment": "dev",
        "workload_type": "data_engineering",
        "region": "germanywestcentral",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Hallo, ich brauche einen Databricks-Workspace für das Team Oak",
        "wir brauchen eine Databricks-Umgebung für Team Oak",
    ],
)
def test_a_german_word_for_a_workspace_is_no_name(text: str) -> None:
    understood = understand(text, _FIRST)
    assert (understood.act, understood.requests[0].workspace_name) == ("provision", None)


@pytest.mark.parametrize("context", [_FIRST, _PENDING], ids=["first", "pending"])
@pytest.mark.parametrize(
    "text",
    [
        "can it be reached from the internet?",
        "is it reachable from outside?",
        "can people outside reach it?",
        "is it exposed to the internet?",
        "can it be accessed over vpn?",
        "can we reach it from home?",
        "can hackers get in?",
        "can it talk to our on-prem network?",
        "can dbw-oak-dev be reached from the internet?",
    ],
)
def test_who_gets_in_from_outside_is_explained(text: str, context: Context) -> None:
    understood = understand(text, context)
    assert (understood.act, understood.topic) == ("explain", ("network", "no_public_ip"))


@pytest.mark.parametrize("text", ["make it public", "make it reachable from the internet", "use private link"])
def test_a_wish_for_another_network_stays_one(text: str) -> None:
    assert understand(text, _PENDING).act == "amend"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("which workspaces does the fraud team have in west europe?", {"team": "fraud", "region": "westeurope"}),
        ("does the fraud team have any workspaces in staging?", {"team": "fraud", "environment": "staging"}),
        ("what is there in west europe for the fraud team?", {"team": "fraud", "region": "westeurope"}),
        ("which databricks workspaces does team fraud own?", {"team": "fraud"}),
        (
            "list the staging workspaces of team fraud in west europe",
            {"team": "fraud", "environment": "staging", "region": "westeurope"},
        ),
        ("Can you give me a list of all our workspaces, I need it for the audit tomorrow", None),
    ],
)
def test_a_list_is_of_what_its_question_says(text: str, fields: dict[str, str] | None) -> None:
    understood = understand(text, _FIRST)
    assert understood.act == "list"
    assert [request.stated() for request in understood.requests] == ([fields] if fields else [])
    assert understood.selection is not None
    assert understood.selection.teams == (("fraud",) if fields else ())


@pytest.mark.parametrize("context", [_FIRST, _PENDING], ids=["first", "pending"])
@pytest.mark.parametrize(
    "text",
    [
        "thanks a lot, that was quick!",
        "great job, thank you!",
        "perfect, cheers",
        "thank you so much, you saved my day",
        "brilliant, thanks!",
        "thanks, works like a charm",
        "thanks for the quick help",
        "well done, thanks a million",
        "thanks, that is all for today",
        "vielen Dank, das ging schnell",
        "merci beaucoup",
    ],
)
def test_thanks_with_praise_is_thanks(text: str, context: Context) -> None:
    assert understand(text, context).act == "greet"


@pytest.mark.parametrize(
    "text", ["thanks, that was wrong though", "thanks, but it does not work", "looks good, thanks", "that was quick"]
)
def test_what_else_is_said_beside_a_thanks_is_not_passed_over(text: str) -> None:
    assert understand(text, _PENDING).act == "unclear"


@pytest.mark.parametrize(
    "text",
    [
        "does team oak have a dev workspace for etl?",
        "would a dev workspace for team oak be in europe?",
        "is a dev workspace for team oak in uk south dear?",
    ],
)
def test_a_question_of_a_workspace_proposes_none(text: str) -> None:
    assert understand(text, _FIRST).act in ("explain", "cost", "list")


@pytest.mark.parametrize(
    "text",
    [
        "do you think we could have databricks for the ops team, dev?",
        "dev ml ws for team oak. Should we take spot?",
        "can we have a dev workspace for team oak, etl?",
    ],
)
def test_a_wish_that_is_put_as_a_question_still_orders(text: str) -> None:
    assert understand(text, _FIRST).act == "provision"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("what does dbw-oak-dev cost per year?", ["dbw-oak-dev"]),
        ("what do dbw-oak-dev and dbw-elm-dev cost together?", ["dbw-oak-dev", "dbw-elm-dev"]),
        ("please don't extend dbw-oak-dev, I just need to know what it costs us", ["dbw-oak-dev"]),
    ],
)
def test_a_question_of_money_names_what_it_is_of(text: str, names: list[str]) -> None:
    understood = understand(text, _FIRST)
    assert understood.act == "cost"
    assert [request.workspace_name for request in understood.requests] == names


@pytest.mark.parametrize(
    "text", ["Welche Workspaces habe ich?", "qué workspaces tenemos?", "quels workspaces avons-nous ?"]
)
def test_what_there_is_is_asked_for_in_other_languages(text: str) -> None:
    assert understand(text, _FIRST).act == "list"
