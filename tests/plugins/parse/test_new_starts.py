"""A new start loses what waits: only an order that is meant, of all of it and by who writes, is one."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand
from plugins.parse.resets import resets

_DRAFT = InfrastructureRequest(capability="databricks", team="churn", environment="dev")
DRAFTED = Context(today=date(2026, 11, 30), drafts=(_DRAFT,), open_slots=("cost_limit",))
PLANNED = Context(today=date(2026, 11, 30), drafts=(_DRAFT,), plan_pending=True)


@pytest.mark.parametrize("context", [DRAFTED, PLANNED])
@pytest.mark.parametrize(
    "text",
    [
        "forget everything but the region",
        "forget everything but the team and region",
        "forget everything but the plan",
        "clear everything but the team",
        "scrap all but the region",
        "start over but keep the region",
        "start over, keep the team",
        "start over but with the same team",
        "no start over please",
        "please no start over",
        "no, just no start over",
        "please, not again: start over",
        "over my dead body, start over",
        "i'd rather die, start over",
        "god forbid, start over",
        "heaven forbid we start over",
        "like hell, start over",
        "start over, as if",
        "start over, yeah right",
        "start over, you must be joking",
        "start over. are you kidding me",
        "start over, dream on",
        "start over, that's what bob says",
        "ok so, start over: what does it do",
        "> start over",
        "> start over\nplease do that",
        "fwd: start over",
        "bob: start over",
        "my manager's exact words: start over",
        "cancel culture and start over",
        "throw a party and start over",
        "leave me alone and start over",
        "bitte nicht von vorne anfangen",
    ],
)
def test_what_is_no_order_of_all_loses_nothing(text: str, context: Context) -> None:
    understood = understand(text, context)
    assert understood.act in ("unclear", "explain", "help")
    assert not understood.requests


def test_a_ticket_before_it_makes_it_a_title() -> None:
    assert understand("INC-12: start over", PLANNED).act != "reset"


@pytest.mark.parametrize("context", [DRAFTED, PLANNED])
@pytest.mark.parametrize(
    "text",
    [
        "start over",
        "no, start over",
        "no. start over",
        "no please start over",
        "i'd rather start over",
        "i got it wrong: start over",
        "sorry, wrong team: start over",
        "start over, thanks",
        "start over: dev for team fern",
        "let's start over, but this time in dev",
        "forget everything, but quickly",
        "mind if we start over?",
        "cancel it and start over",
        "cancel the whole plan and start over",
        "throw it away and start over",
        "delete everything and start over",
        "bitte von vorne anfangen",
        "lass uns neu anfangen",
        "empecemos de nuevo",
        "on recommence à zéro",
    ],
)
def test_an_order_of_all_is_one(text: str, context: Context) -> None:
    assert understand(text, context).act == "reset"


@pytest.mark.parametrize(
    "words",
    ["cancel the of this my ", "over my dead body ", "forget everything but ", "no start over "],
)
def test_long_messages_are_read_soon(words: str) -> None:
    assert resets((words * 60_000)[:60_000]) is False
