"""What a model says is taken only as far as the person's own words bear it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from conversing_with_a_brain import CONTEXT

from agent.brain.reading import Reading
from agent.brain.verifying import Message, verified
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

DRAFT = InfrastructureRequest(capability="databricks", team="ml", environment="dev", workload_type="analytics")
PENDING = replace(CONTEXT, drafts=(DRAFT,), plan_pending=True, workspaces=("dbw-ml-dev",))


def heard(text: str, act: str, *stated: tuple[str, Any, str], context: Context = CONTEXT, **more: Any) -> Understanding:
    """What is understood when a model reads these fields, each with a quote, in this text."""
    parts = [{"field": field, "value": value, "quote": quote} for field, value, quote in stated]
    reading = Reading.model_validate({"act": act, "workspaces": [{"stated": parts}] if parts else [], **more})
    return verified(reading, Message(text, context, understand(text, context)))


def test_words_that_the_rules_do_not_know_are_an_assumption_that_is_shown() -> None:
    found = heard(
        "a place for the recommendation folks to fiddle with notebooks, throwaway stuff",
        "provision",
        ("environment", "dev", "throwaway stuff"),
    )
    (request,) = found.requests
    assert request.environment == "dev"
    assert [(a.field, a.because) for a in request.assumptions] == [
        ("environment", "“throwaway stuff” suggests it")
    ]  # fmt: skip


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


def test_several_values_for_one_stay_a_question_whatever_the_model_picks() -> None:
    found = heard("dev workspace for team ml, etl, eastus or westus?", "provision", ("region", "eastus", "eastus"))
    assert found.requests[0].region is None
    assert [d.slot for d in found.doubts] == ["region"]


def test_a_limit_that_the_model_overlooks_still_holds() -> None:
    found = heard("etl workspace for team ml in dev, at most $300 a month", "provision", ("team", "ml", "team ml"))
    assert found.requests[0].cost_limit == 300


def test_no_model_can_confirm() -> None:
    with pytest.raises(ValueError, match="act"):
        Reading.model_validate({"act": "confirm"})


@pytest.mark.parametrize("act", ["reject", "reset", "destroy", "extend"])
def test_acts_that_end_or_move_something_need_words_that_say_so(act: str) -> None:
    found = heard("hm, what about dbw-ml-dev?", act, ("workspace_name", "dbw-ml-dev", "dbw-ml-dev"), context=PENDING)
    assert found.act == "unclear"


def test_a_pending_plan_is_not_replaced_by_a_message_that_states_nothing() -> None:
    assert heard("hm", "amend", ("spot", True, "spot"), context=PENDING).act in ("unclear", "amend")
    assert heard("hm", "provision", ("team", "evil", "team evil"), context=PENDING).act == "unclear"


def test_the_days_of_an_extension_are_those_that_the_rules_read() -> None:
    known = replace(CONTEXT, workspaces=("dbw-ml-dev",))
    text = "please extend dbw-ml-dev by 7 days"
    name = ("workspace_name", "dbw-ml-dev", "dbw-ml-dev")
    right = heard(text, "extend", name, ("expires_in_days", 7, "7 days"), context=known)
    wrong = heard(text, "extend", name, ("expires_in_days", 700, "7 days"), context=known)
    assert right.requests[0].expires_in_days == 7
    assert wrong.requests[0].expires_in_days is None


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
