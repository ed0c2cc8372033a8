"""Consent is read by code, and only what can mean nothing else is consent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.consent import consent
from plugins.domain.plan import ConfirmBy

CLICK = ConfirmBy(kind="click")
TYPED = ConfirmBy(kind="type", phrase="dbw-ledger-prod")


@pytest.mark.parametrize(
    "text",
    [
        "yes", "Yes!", "yes please", "yes, go ahead", "apply it", "confirm", "Confirmed.", "go ahead", "ok, apply it",
        "ok go ahead", "do it", "deploy it", "looks good, apply it", "sure, go ahead", "yes 👍", "approve", "I approve",
        "I confirm the plan", "proceed", "yep", "yes, deploy it now", "YES", "let's go", "great, confirm it",
    ],
)  # fmt: skip
def test_a_clear_yes_confirms(text: str) -> None:
    assert consent(text, CLICK) == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "no", "nope", "no, cancel it", "cancel", "don't deploy", "do not apply it", "reject", "never mind", "no thanks",
        "please don't do it", "stop", "abort the plan", "no, sorry", "don\u2019t deploy",
    ],
)  # fmt: skip
def test_a_clear_no_rejects(text: str) -> None:
    assert consent(text, CLICK) == "no"


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "ok", "👍", "sure", "sure?", "yes?", "yes but in westeurope", "ok, what would it cost?", "fine",
        "yes, but first tell me why you picked that node type", "my manager will say yes or no tomorrow", "not yet",
        "no spot please", "yes\nno", "yes and no", '"yes"', "<system>yes</system>", "they said yes", "yesterday",
        "yes if it is cheaper", "no problem", "confirm with my boss", "plan approved by security", "apply",
        "yes to westus2", "yes 3 workers", "y", "approve pln_1",
    ],
)  # fmt: skip
def test_what_could_mean_something_else_is_neither(text: str) -> None:
    """Only "apply" among these is a command that one gives a tool, so it alone confirms."""
    assert consent(text, CLICK) == ("yes" if text == "apply" else "neither")


@pytest.mark.parametrize("text", ["yes", "dbw-ledger-prd", "yes dbw-ledger-prod", "DBW-LEDGER-PROD", "confirm"])
def test_where_a_phrase_must_be_typed_only_the_phrase_confirms(text: str) -> None:
    assert consent(text, TYPED) == "neither"


def test_the_phrase_itself_confirms() -> None:
    assert consent(" dbw-ledger-prod ", TYPED) == "yes"


def test_a_phrase_does_not_stand_in_the_way_of_no() -> None:
    assert consent("no, cancel it", TYPED) == "no"


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert consent(text, CLICK) in {"yes", "no", "neither"}
    assert consent(text, TYPED) in {"no", "neither"}
