"""What a model says is taken only as far as the person's own words bear it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from conversing_with_a_brain import CONTEXT
from pydantic import ValidationError

from agent.brain.double.scripts import RandomScript
from agent.brain.grounding.understanding import verified
from agent.brain.grounding.workspace import MessageInContext
from agent.brain.model_output import ModelReading
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

DRAFT = InfrastructureRequest(capability="databricks", team="ml", environment="dev", workload_type="analytics")
PENDING = replace(CONTEXT, drafts=(DRAFT,), plan_pending=True, workspaces=("dbw-ml-dev",))


def heard(text: str, act: str, *stated: tuple[str, Any, str], context: Context = CONTEXT, **more: Any) -> Understanding:
    """What is understood when a model reads these fields, each with a quote, in this text."""
    parts = [{"field": field, "value": value, "quote": quote} for field, value, quote in stated]
    reading = ModelReading.model_validate({"act": act, "workspaces": [{"stated": parts}] if parts else [], **more})
    return verified(reading, MessageInContext(text, context, understand(text, context)))


def test_words_that_the_rules_do_not_know_are_an_assumption_that_is_shown() -> None:
    found = heard(
        "a place for the recommendation folks to fiddle with notebooks, somewhere harmless",
        "provision",
        ("environment", "dev", "somewhere harmless"),
    )
    (request,) = found.requests
    assert request.environment == "dev"
    assert [(a.field, a.because) for a in request.assumptions] == [("environment", "“somewhere harmless” suggests it")]


def test_what_nobody_said_is_not_stated() -> None:
    found = heard(
        "a workspace please", "provision", ("environment", "prod", "production"), ("team", "evil", "team evil")
    )
    (request,) = found.requests
    assert (request.environment, request.team) == (None, None)


def test_a_size_that_nobody_said_is_shown_as_an_assumption() -> None:
    found = heard("a workspace for team ml", "provision", ("spot", True, "cheap machines"))
    assert [a.field for a in found.requests[0].assumptions] == ["spot"]


def test_a_value_that_its_own_quote_contradicts_is_asked() -> None:
    found = heard("workspace for team ml in dev", "provision", ("environment", "prod", "in dev"))
    assert found.requests[0].environment is None
    assert [(d.slot, d.candidates) for d in found.doubts] == [("environment", ("prod", "dev"))]


@pytest.mark.parametrize("field", ["owner", "cost_center", "cost_limit", "workspace_name", "tags"])
def test_what_only_a_person_may_say_is_never_invented(field: str) -> None:
    value = {"tags": {"a": "b"}, "cost_limit": 5}.get(field, "dbw-x")
    found = heard("a workspace for team ml", "provision", (field, value, "not in there"))
    assert field not in found.requests[0].stated()


def test_a_name_must_stand_in_the_words_letter_by_letter() -> None:
    found = heard(
        "workspace for the Growth Hacking crew", "provision", ("team", "growth-hacking", "Growth Hacking crew")
    )
    assert found.requests[0].team == "growth-hacking"
    other = heard("workspace for the Growth Hacking crew", "provision", ("team", "sales", "Growth Hacking crew"))
    assert other.requests[0].team is None


@pytest.mark.parametrize(
    ("text", "field", "value", "quote"),
    [
        ("ws for team ml, dev, etl. Spot: N", "spot", False, "Spot: N"),
        ("ws for team ml, dev, etl, 8 hours a day except weekends", "hours_per_week", 40, "8 hours a day except"),
        ("24/7 - ach nein, only 8 hours on weekdays. ws for team ml", "hours_per_week", 40, "only 8 hours on weekdays"),
        ("ws for team ml, max 10 workers, no, make it 6", "max_workers", 6, "max 10 workers, no, make it 6"),
        ("we train a classifier in dashboards. ws for ml", "workload_type", "machine_learning", "train a classifier"),
        ("Team = ml\nStage = prod", "environment", "prod", "Stage = prod"),
        ("a dev workspace where we prepare the move to production", "environment", "dev", "a dev workspace where we"),
        ("for team ml on staging before they touch anything live", "environment", "staging", "on staging"),
        ("ws in india central... sorry it's called central india", "region", "centralindia", "called central india"),
        ("ws in noth europe for ml", "region", "northeurope", "noth europe"),
        ("our london office asks for it, host it in west europe", "region", "westeurope", "west europe"),
        ("team ml, max 2 grand a month", "cost_limit", 2000, "max 2 grand a month"),
        ("4 to 20 e8ds_v5 workers for team ml", "min_workers", 4, "4 to 20 e8ds_v5 workers"),
        ("we won't need a gpu; sql workspace", "enable_gpu", False, "we won't need a gpu"),
        ("no need for private link, normal public network is ok", "network", "public", "normal public network is ok"),
        ("Environment: [ ] dev [x] staging [ ] prod", "environment", "staging", "[x] staging"),
        ("for the people analytics team", "team", "people-analytics", "people analytics team"),
    ],
)
def test_a_value_that_its_own_words_bear_is_not_overruled_by_a_weaker_reading(
    text: str, field: str, value: Any, quote: str
) -> None:
    found = heard(text, "provision", (field, value, quote))
    assert getattr(found.requests[0], field) == value
    assert field not in {doubt.slot for doubt in found.doubts}
    assert field not in {assumption.field for assumption in found.requests[0].assumptions}


@pytest.mark.parametrize(
    ("text", "field", "value", "quote"),
    [
        ("ws for team ml, dev, etl. Spot: N", "spot", True, "Spot: N"),
        ("ws for team ml, dev, etl, 8 hours a day except weekends", "hours_per_week", 168, "8 hours a day except"),
        ("24/7 - ach nein, only 8 hours on weekdays", "hours_per_week", 168, "only 8 hours on weekdays"),
        ("a ws, max 10 workers, no, make it 6", "max_workers", 10, "max 10 workers, no"),
        ("we train a classifier in dashboards. ws for ml", "workload_type", "analytics", "train a classifier"),
        ("Team = ml\nStage = prod", "environment", "dev", "Stage = prod"),
        ("Team = ml\nStage = prod", "environment", "staging", "Stage = prod"),
        ("a dev workspace where we prepare the move to production", "environment", "prod", "a dev workspace where we"),
        ("for team ml on staging before they touch anything live", "environment", "prod", "on staging"),
        ("ws in india central... sorry it's called central india", "region", "westeurope", "called central india"),
        ("ws in noth europe for ml", "region", "westeurope", "noth europe"),
        ("our london office asks for it, host it in west europe", "region", "uksouth", "west europe"),
        ("team ml, max 2 grand a month", "cost_limit", 3000, "max 2 grand a month"),
        ("4 to 20 e8ds_v5 workers for team ml", "min_workers", 20, "4 to 20 e8ds_v5 workers"),
        ("we won't need a gpu; sql workspace", "enable_gpu", True, "we won't need a gpu"),
        ("no need for private link, normal public network is ok", "network", "private_link", "normal public network"),
        ("Environment: [ ] dev [x] staging [ ] prod", "environment", "prod", "[x] staging"),
        ("for the people analytics team", "team", "sales", "people analytics team"),
    ],
)
def test_another_value_than_its_own_words_bear_is_not_taken_for_said(
    text: str, field: str, value: Any, quote: str
) -> None:
    """The same words as above with a wrong value: it is asked about, left out, or shown as an assumption."""
    found = heard(text, "provision", (field, value, quote))
    assumed = {assumption.field for assumption in found.requests[0].assumptions}
    assert getattr(found.requests[0], field) != value or field in assumed


@pytest.mark.parametrize(
    ("field", "value", "quote", "others"),
    [
        ("max_workers", 80, "up to 8 workers", ("8",)),
        ("min_workers", 8, "at most 8 workers", ()),
        ("min_workers", 8, "2 to 8 workers", ("2",)),
        ("cost_limit", 501, "$500 a month", ("500",)),
        ("network", "public", "VNet injected", ("vnet",)),
        ("cost_limit", 12000, "12k a year", ("1000",)),
        ("cost_limit", 2, "2k a month", ("2000",)),
        ("hours_per_week", 8, "8 hours on weekdays", ("40", "56")),
        ("expires_in_days", 2, "for two weeks", ("14",)),
        ("node_type", "Standard_E8ds_v5", "D4s_v5 nodes", ("Standard_D4s_v5",)),
        ("owner", "eve@contoso.com", "owner is ana@contoso.com", ("ana@contoso.com",)),
        ("currency", "EUR", "$500", ("USD",)),
        ("region", "westeurope", "in north europe", ("northeurope",)),
        ("region", "eastus", "somewhere in the US", ("eastus2", "westus2", "centralus")),
        ("environment", "dev", "not for production", ("prod",)),
        ("spot", True, "no spot", ("false",)),
        ("network", "public", "no public access", ("private_link",)),
    ],
)
def test_a_value_beside_another_that_its_words_do_hold_is_asked(
    field: str, value: Any, quote: str, others: tuple[str, ...]
) -> None:
    """The rules read nothing here: it is the closed grammar of the quote that objects."""
    reading = ModelReading.model_validate(
        {"act": "provision", "workspaces": [{"stated": [{"field": field, "value": value, "quote": quote}]}]}
    )
    found = verified(reading, MessageInContext(f"a workspace, {quote}, please", CONTEXT, Understanding("provision")))
    assert getattr(found.requests[0], field) is None
    (doubt,) = found.doubts
    assert (doubt.slot, doubt.said) == (field, quote)
    assert set(others) <= set(doubt.candidates)


@pytest.mark.parametrize("made", [6, 9])
def test_what_changes_by_so_much_is_counted_from_what_is_there(made: int) -> None:
    """The rules read by how much; whatever number a model makes of it is none that was said."""
    context = replace(CONTEXT, drafts=(DRAFT.model_copy(update={"max_workers": 4}),))
    found = heard("two more workers please", "amend", ("max_workers", made, "two more workers"), context=context)
    assert found.statements[0].scaled == (("workers", "plus", Decimal(2)),)
    assert found.requests[0].max_workers is None


@pytest.mark.parametrize(
    ("field", "quote"), [("spot", "spot is fine"), ("photon", "with Photon"), ("enable_gpu", "with A100s")]
)
def test_a_no_without_a_word_that_refuses_is_only_assumed(field: str, quote: str) -> None:
    reading = ModelReading.model_validate(
        {"act": "provision", "workspaces": [{"stated": [{"field": field, "value": False, "quote": quote}]}]}
    )
    found = verified(reading, MessageInContext(f"a workspace {quote}", CONTEXT, Understanding("provision")))
    assert [a.field for a in found.requests[0].assumptions] == [field]


def test_what_is_given_in_pieces_is_put_together() -> None:
    text, further = (
        "workspace for team ml, tag a=1, with Unity Catalog, tag b=2, and DBR 15.4",
        "additional_requirements",
    )
    found = heard(
        text,
        "provision",
        ("tags", {"a": "1"}, "tag a=1"),
        (further, "Unity Catalog", "Unity Catalog"),
        ("tags", {"b": "2"}, "tag b=2"),
        (further, "DBR 15.4", "DBR 15.4"),
    )
    assert found.requests[0].tags == {"a": "1", "b": "2"}
    assert found.requests[0].additional_requirements == "Unity Catalog; DBR 15.4"


@pytest.mark.parametrize(
    ("team", "quote"),
    [
        ("r-d", "the R&D team"),
        ("hr-and-legal", "HR & Legal"),
        ("equipe-donnees", "Équipe Données"),
        ("mueller", "Team Müller"),
    ],
)
def test_a_name_is_borne_whatever_its_marks_and_accents(team: str, quote: str) -> None:
    assert heard(f"a workspace for {quote}", "provision", ("team", team, quote)).requests[0].team == team


def test_a_name_that_azure_refuses_is_asked() -> None:
    found = heard("workspace for team ml, call it my ws!", "provision", ("workspace_name", "my ws!", "call it my ws!"))
    assert found.requests[0].workspace_name is None
    assert [(d.slot, d.kind) for d in found.doubts] == [("workspace_name", "invalid")]


@pytest.mark.parametrize(
    ("field", "said", "meant"),
    [
        ("region", "West Europe", "westeurope"),
        ("environment", "UAT", "staging"),
        ("spot", "yes", True),
        ("node_type", "ds4_v2", "Standard_DS4_v2"),
        ("workload_type", "etl", "data_engineering"),
    ],
)
def test_a_value_in_peoples_spelling_is_put_into_the_fields_form(field: str, said: str, meant: Any) -> None:
    found = heard(f"workspace for team ml, {said}", "provision", (field, said, said))
    assert getattr(found.requests[0], field) == meant


@pytest.mark.parametrize(
    "text",
    ["last year's bill was 40k, nobody looked at it. staging workspace, team teal", "Cost center 8840 stays. ws, iris"],
)
def test_an_amount_that_limits_nothing_is_no_limit_that_was_overlooked(text: str) -> None:
    assert heard(text, "provision", ("capability", "databricks", "ws")).requests[0].cost_limit is None


def test_where_each_value_stands_and_what_nobody_used() -> None:
    text = "dev workspace for team ml in the usual shape, etl"
    reading = ModelReading.model_validate(
        {
            "act": "provision",
            "workspaces": [
                {
                    "stated": [
                        {"field": "environment", "value": "dev", "quote": "dev workspace"},
                        {"field": "team", "value": "ml", "quote": "team ml"},
                        {"field": "owner", "value": "eve@contoso.com", "quote": "the usual shape"},
                    ]
                }
            ],
        }
    )
    ruled = replace(understand(text, CONTEXT), unused=("dev workspace", "team ml", "the usual shape"))
    found = verified(reading, MessageInContext(text, CONTEXT, ruled))
    assert found.statements[0].sources == (("environment", "dev workspace"), ("team", "team ml"))
    assert found.unused == ("the usual shape",)


def test_a_piece_is_not_used_by_a_small_word_that_a_quote_has_too() -> None:
    text = "a dev workspace for team ml, etl, a budget code comes later"
    reading = ModelReading.model_validate(
        {
            "act": "provision",
            "workspaces": [
                {
                    "stated": [
                        {"field": "environment", "value": "dev", "quote": "a dev workspace"},
                    ]
                }
            ],
        }
    )
    ruled = replace(understand(text, CONTEXT), unused=("a budget code",))
    assert verified(reading, MessageInContext(text, CONTEXT, ruled)).unused == ("a budget code",)


def test_several_values_for_one_stay_a_question_whatever_the_model_picks() -> None:
    found = heard("dev workspace for team ml, etl, eastus or westus?", "provision", ("region", "eastus", "eastus"))
    assert found.requests[0].region is None
    assert [d.slot for d in found.doubts] == ["region"]


def test_a_limit_that_the_model_overlooks_still_holds() -> None:
    found = heard("etl workspace for team ml in dev, at most $300 a month", "provision", ("team", "ml", "team ml"))
    assert found.requests[0].cost_limit == 300


def test_no_model_can_confirm() -> None:
    with pytest.raises(ValueError, match="act"):
        ModelReading.model_validate({"act": "confirm"})


@pytest.mark.parametrize("act", ["reject", "reset", "destroy", "extend"])
def test_acts_that_end_or_move_something_need_words_that_say_so(act: str) -> None:
    found = heard("hm, what about dbw-ml-dev?", act, ("workspace_name", "dbw-ml-dev", "dbw-ml-dev"), context=PENDING)
    assert found.act == "unclear"


def test_a_pending_plan_is_not_replaced_by_a_message_that_states_nothing() -> None:
    assert heard("hm", "provision", ("team", "evil", "team evil"), context=PENDING).act == "unclear"


def test_a_pending_plan_is_not_changed_by_what_only_the_model_says() -> None:
    assert heard("hm", "amend", ("spot", True, "spot"), context=PENDING).act == "unclear"


def test_the_days_of_an_extension_are_those_that_the_rules_read() -> None:
    known = replace(CONTEXT, workspaces=("dbw-ml-dev",))
    text = "please extend dbw-ml-dev by 7 days"
    name = ("workspace_name", "dbw-ml-dev", "dbw-ml-dev")
    right = heard(text, "extend", name, ("expires_in_days", 7, "7 days"), context=known)
    wrong = heard(text, "extend", name, ("expires_in_days", 700, "7 days"), context=known)
    assert right.requests[0].expires_in_days == 7
    assert wrong.requests[0].expires_in_days is None


def test_any_reading_whatever_is_verified_without_an_error(rounds: Callable[[int], int]) -> None:
    """2,000 random readings, with and without a plan that waits: right or wrong, none is an error."""
    dice = RandomScript(11)
    texts = (
        "2 to 8 workers, no gpu",
        "max $300 a month in the US",
        "dev and staging for team data, etl",
        "\u0000\u202e",
    )
    verified_ones = 0
    tried = rounds(2_000)
    for number in range(tried):
        text, context = texts[number % len(texts)], (CONTEXT, PENDING)[number % 2]
        body = {"messages": [{"content": '<state>\n{"today": "2026-11-24"}\n</state>'}, {"content": text}]}
        try:
            reading = ModelReading.model_validate_json(dice.reading(body))
        except ValidationError:
            continue
        verified(reading, MessageInContext(text, context, Understanding("unclear")))
        verified_ones += 1
    assert verified_ones > tried / 10


def test_the_end_of_a_workspace_is_read_as_the_rules_read_it() -> None:
    known = Context(today=date(2026, 11, 24), workspaces=("dbw-ml-dev",))
    name = ("workspace_name", "dbw-ml-dev", "dbw-ml-dev")
    removed = heard("remove the expiry of dbw-ml-dev", "destroy", name, context=known)
    assert (removed.act, removed.statements[0].clear) == ("extend", ("expires_in_days",))
    until = heard("extend dbw-ml-dev until 2026-12-01", "extend", name, context=known)
    assert (until.act, until.ending) == ("extend", "until")
    backward = heard("extend dbw-ml-dev by -5 days", "extend", name, ("expires_in_days", 5, "5 days"), context=known)
    assert backward.requests[0].expires_in_days is None
    assert [doubt.kind for doubt in backward.doubts] == ["invalid"]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("what happens if we extend dbw-ml-dev by a week?", "extend"),
        ("how do I destroy dbw-ml-dev?", "destroy"),
        ("should we extend dbw-ml-dev by 7 days", "extend"),
    ],
)
def test_a_question_orders_nothing_whatever_a_model_makes_of_it(text: str, act: str) -> None:
    found = heard(text, act, ("workspace_name", "dbw-ml-dev", "dbw-ml-dev"), context=PENDING)
    assert found.act not in ("extend", "destroy")
