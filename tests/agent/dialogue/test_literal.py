"""Which plan a typed yes or no goes for, before any brain is asked."""

from dataclasses import replace
from datetime import date

import pytest

from agent.dialogue.consent import AwaitedPlan
from agent.dialogue.literal import DecidablePlan, PutOff, ShowAgain, is_doubted, said_of_another, typed_decision
from agent.dialogue.state import Conversation, PendingPlan, WhatIf
from agent.events import Button
from plugins.domain.plan import ConfirmBy
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Context, EarlierMessage, Statement, Understanding
from plugins.parse import understand

CLICK = ConfirmBy(kind="click")
FIRST = PendingPlan(plan_id="pln_1", digest="one")
SECOND = PendingPlan(plan_id="pln_2", digest="two")
IN_HAND = DecidablePlan(FIRST, AwaitedPlan(CLICK, "create", "pln_1", ("dbw-terns-dev",)))
ASIDE = DecidablePlan(SECOND, AwaitedPlan(CLICK, "create", "pln_2", ("dbw-gulls-dev",)))
WAITING = Conversation(id="cnv", pending=FIRST)
FREE = Context(today=date(2026, 12, 1), workspaces=("dbw-auks-dev", "dbw-terns-dev"))


def button(action: str, pending: PendingPlan, value: str | None) -> Button:
    return Button.model_validate(
        {"action": action, "plan_id": pending.plan_id, "digest": pending.digest, "value": value}
    )


def test_a_bare_yes_goes_for_the_plan_in_hand() -> None:
    assert typed_decision(" yes ", WAITING, (IN_HAND, ASIDE)) == button("confirm", FIRST, "yes")


def test_a_bare_no_goes_for_the_plan_in_hand() -> None:
    assert typed_decision("no", WAITING, (IN_HAND, ASIDE)) == button("reject", FIRST, None)


def test_a_yes_that_names_a_plan_put_aside_goes_for_that_one() -> None:
    assert typed_decision("yes, dbw-gulls-dev", WAITING, (IN_HAND, ASIDE)) == button(
        "confirm", SECOND, "yes, dbw-gulls-dev"
    )


def test_a_bare_yes_decides_no_plan_that_is_not_in_hand() -> None:
    assert typed_decision("yes", Conversation(id="cnv"), (ASIDE,)) is None


def test_a_yes_that_names_a_plan_that_does_not_wait_is_none() -> None:
    assert typed_decision("yes, dbw-auks-dev", WAITING, (IN_HAND,)) == Understanding("unclear")


def test_a_plan_that_was_doubted_is_shown_before_a_bare_yes_counts() -> None:
    doubted = FIRST.model_copy(update={"is_doubted": True})
    plan = DecidablePlan(doubted, IN_HAND.awaited)
    conversation = WAITING.with_(pending=doubted)
    assert typed_decision("yes", conversation, (plan,)) == ShowAgain()
    assert typed_decision("yes, dbw-terns-dev", conversation, (plan,)) == button(
        "confirm", doubted, "yes, dbw-terns-dev"
    )


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("no, I meant the staging one", "remove the staging one"),
        ("oops, sorry, I meant dbw-terns-dev", "remove dbw-terns-dev"),
        ("no, I meant the staging one and please keep dev", None),
        ("no, I meant 3 workers", None),
        ("no, I meant dbw-tern-dev", None),
    ],
)
def test_the_other_one_that_was_meant_to_go_is_an_order(text: str, order: str | None) -> None:
    going = DecidablePlan(FIRST, AwaitedPlan(IN_HAND.awaited.confirm, "destroy", "pln_1", ("dbw-auks-dev",)))
    context = replace(FREE, plan_pending=True)
    ordered = WAITING.with_(said=(EarlierMessage("person", "please remove dbw-auks-dev"),))
    asked = WAITING.with_(said=(EarlierMessage("person", "what does dbw-auks-dev cost?"),))
    assert said_of_another(text, ordered, (going,), context) == (understand(order, FREE) if order else None)
    for conversation, waiting in ((ordered, (IN_HAND,)), (ordered, ()), (asked, (going,)), (ordered, (ASIDE,))):
        assert said_of_another(text, conversation, waiting, context) is None


@pytest.mark.parametrize("text", ["not today", "let me think about it first", "ok, not yet please", "jetzt nicht"])
def test_what_puts_the_decision_off_is_no_answer_and_leaves_no_doubt(text: str) -> None:
    assert typed_decision(text, WAITING, (IN_HAND,)) == PutOff()
    assert typed_decision(text, Conversation(id="cnv"), (ASIDE,)) is None


def test_use_it_after_a_what_if_is_a_change_and_never_consent() -> None:
    larger = Statement(InfrastructureRequest(max_workers=8))
    imagining = Conversation(id="cnv", imagined=WhatIf(statements=(larger,)))
    assert typed_decision("use it", imagining, ()) == Understanding("provision", (larger,))
    named = Statement(InfrastructureRequest(max_workers=8, workspace_name="dbw-terns-dev"))
    of_deployed = Conversation(id="cnv", imagined=WhatIf(statements=(named,)))
    assert typed_decision("use it", of_deployed, ()) == Understanding("amend", (named,))


def test_a_yes_behind_a_plan_that_was_shown_again_is_of_that_plan_and_of_nothing_supposed_before() -> None:
    supposed = WAITING.with_(imagined=WhatIf(statements=(Statement(InfrastructureRequest(max_workers=20)),)))
    assert isinstance(typed_decision("go for it", supposed, (IN_HAND,)), Understanding)
    decided = typed_decision("go for it", supposed.shown_again(), (IN_HAND,))
    assert isinstance(decided, Button)
    assert decided.action == "confirm"


@pytest.mark.parametrize("text", ["what does it cost?", "yes?", "maybe", "add two workers"])
def test_anything_else_decides_nothing(text: str) -> None:
    assert typed_decision(text, WAITING, (IN_HAND,)) is None


@pytest.mark.parametrize(
    ("text", "act", "doubts"),
    [
        ("not sure about that", "unclear", True),
        ("hello there", "greet", False),
        ("no. what does it cost?", "cost", True),
        ("without spot, what does it cost?", "cost", False),
    ],
)
def test_what_may_have_been_a_no_makes_the_plan_doubted(text: str, act: Act, *, doubts: bool) -> None:
    assert is_doubted(text, act) is doubts
