"""Every way in which a model goes wrong: the rules take the turn, and the person is told without a secret."""

import asyncio
import socket
from collections.abc import Callable

import pytest
from conversing_with_a_brain import without_sources

from agent.brain.double.answers import FAULTS, Answer, Fault
from agent.brain.double.faults import SECRET
from agent.brain.double.scripts import faithful, faulty
from agent.brain.double.server import Double, serving
from agent.brain.failures import ModelFailed
from agent.brain.limits import Breaker
from agent.brain.protocol import Brain, Phrasing, PhrasingRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

pytestmark = pytest.mark.integration

TEXT = "Databricks for the ML team in dev"

OVER_HTTP: dict[Fault, tuple[str, int]] = {
    "wrong_key": ("refused our key", 1),
    "wrong_deployment": ("name or deployment does not exist", 1),
    "busy": ("too busy", 1),
    "busy_short": ("too busy", 2),
    "quota": ("quota is used up", 1),
    "server_error": ("has a fault", 2),
    "overloaded": ("has a fault", 2),
    "html": ("is no model", 1),
    "html_error": ("has a fault", 2),
    "no_choices": ("no usable answer", 1),
    "empty": ("cannot call functions", 3),
    "prompt_filtered": ("content filter", 1),
    "answer_filtered": ("content filter", 1),
    "refusal": ("would not read", 1),
    "cut_short": ("cannot call functions", 3),
    "bad_json": ("no usable answer", 4),
    "list_arguments": ("no usable answer", 4),
    "unknown_function": ("no usable answer", 4),
    "missing_arguments": ("no usable answer", 4),
    "extra_arguments": ("no usable answer", 4),
    "reserved_arguments": ("no usable answer", 3),
    "apply_called": ("no usable answer", 4),
    "no_tools": ("cannot call functions", 1),
    "text_only": ("cannot call functions", 3),
    "drops": ("cannot be reached", 2),
    "bad_request": ("refused the request", 1),
}
"""What the person is told, and how often the endpoint was asked for that one message."""


@pytest.mark.parametrize("fault", OVER_HTTP)
async def test_the_rules_take_the_turn_and_say_why(
    fault: Fault, over_http: Callable[..., Brain], context: Context
) -> None:
    told, calls = OVER_HTTP[fault]
    double = Double(faulty((fault,)))
    with serving(double) as address:
        found = await over_http(address).understand(TEXT, context)
    assert told in found.notice
    assert "rules" in found.notice
    assert SECRET not in found.notice
    assert found.statements == understand(TEXT, context).statements
    assert len(double.requests) == calls


async def test_a_model_that_does_not_answer_costs_one_time_out_and_not_one_a_turn(
    over_http: Callable[..., Brain], context: Context
) -> None:
    double = Double(faulty(("hangs",)))
    with serving(double) as address:
        brain = over_http(address, TimeoutSeconds=0.2)
        first = await brain.understand(TEXT, context)
        second = await brain.understand(TEXT, context)
    assert "did not answer in time" in first.notice
    assert "did not answer in time" in second.notice
    assert len(double.requests) == 1


async def test_an_endpoint_that_is_down_is_said_to_be_out_of_reach(
    over_http: Callable[..., Brain], context: Context
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        found = await over_http(address).understand(TEXT, context)
    assert "cannot be reached" in found.notice


@pytest.mark.parametrize(
    "fault", ["bad_json", "missing_arguments", "extra_arguments", "text_only", "reserved_arguments"]
)
async def test_an_unusable_answer_is_repaired(fault: Fault, over_http: Callable[..., Brain], context: Context) -> None:
    double = Double(faulty((fault, None)))
    with serving(double) as address:
        found = await over_http(address).understand(TEXT, context)
    assert without_sources(found) == without_sources(understand(TEXT, context))
    assert len(double.requests) == 2


async def test_a_short_wait_that_the_endpoint_asks_for_is_waited_out(
    over_http: Callable[..., Brain], context: Context
) -> None:
    double = Double(faulty(("busy_short", None)))
    with serving(double) as address:
        found = await over_http(address).understand(TEXT, context)
    assert found.notice == ""
    assert len(double.requests) == 2


async def test_single_quotes_are_read_as_they_are_meant(over_http: Callable[..., Brain], context: Context) -> None:
    with serving(Double(faulty(("single_quotes",)))) as address:
        found = await over_http(address).understand("what can you do?", context)
    assert (found.act, found.notice) == ("help", "")


@pytest.mark.parametrize("fault", [f for f in FAULTS if f not in ("hangs", "trickles", "single_quotes")])
async def test_no_fault_breaks_a_free_answer(fault: Fault, over_http: Callable[..., Brain], context: Context) -> None:
    """What was told before it broke off is followed by the facts; where nothing was told, the facts stand alone."""
    told: list[str] = []
    with serving(Double(faulty((fault,)))) as address:
        brain = over_http(address)
        assert isinstance(brain, Phrasing)
        whole = await brain.phrase(PhrasingRequest("why?", "It has 8 GiB a core."), context, told.append)
    assert (whole is None) == (told == [])
    assert whole is None or whole.startswith("".join(told).strip())
    assert SECRET not in (whole or "")


async def test_a_stream_that_breaks_off_is_followed_by_the_facts(
    over_http: Callable[..., Brain], context: Context
) -> None:
    told: list[str] = []
    with serving(Double(faulty(("cut_stream",)))) as address:
        brain = over_http(address)
        assert isinstance(brain, Phrasing)
        whole = await brain.phrase(PhrasingRequest("why?", "It has 8 GiB a core."), context, told.append)
    assert told == ["A sentence that comes. "]
    assert whole == "A sentence that comes.\n\nIt has 8 GiB a core."


async def test_a_person_who_leaves_ends_the_call(over_http: Callable[..., Brain], context: Context) -> None:
    double = Double(lambda body: Answer(text=faithful(body).text, seconds=30))
    with serving(double) as address:
        asked = asyncio.create_task(over_http(address).understand(TEXT, context))
        while not double.requests:
            await asyncio.sleep(0.01)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        for _ in range(200):
            if double.left:
                break
            await asyncio.sleep(0.01)
    assert double.left == 1


async def test_whoever_asks_too_much_is_told_so_and_goes_on_by_the_rules(
    over_http: Callable[..., Brain], context: Context
) -> None:
    double = Double(faithful)
    with serving(double) as address:
        brain = over_http(address, Limits={"CallsPerConversationPerHour": 2})
        notices = [(await brain.understand(TEXT, context)).notice for _ in range(3)]
        other = Context(today=context.today, person="ben", conversation="cnv_2")
        fourth = await brain.understand(TEXT, other)
    assert notices[:2] == ["", ""]
    assert "as often as the settings allow" in notices[2]
    assert fourth.notice == ""
    assert len(double.requests) == 3


async def test_money_is_counted_where_prices_are_known(over_http: Callable[..., Brain], context: Context) -> None:
    with serving(Double(faithful)) as address:
        brain = over_http(
            address, InputPricePerMillion=100, OutputPricePerMillion=100, Limits={"MoneyPerPersonPerDay": 0.1}
        )
        notices = [(await brain.understand(TEXT, context)).notice for _ in range(2)]
    assert notices[0] == ""
    assert "spent what the settings allow" in notices[1]


def test_after_the_pause_one_turn_tries_while_the_others_go_on() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    breaker.failed(ModelFailed("timeout"))
    with pytest.raises(ModelFailed):
        breaker.check()
    now[0] = 61.0
    breaker.check()
    with pytest.raises(ModelFailed):
        breaker.check()
    breaker.succeeded()
    breaker.check()


def test_a_quota_that_is_gone_for_hours_is_not_asked_for_every_minute() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    breaker.failed(ModelFailed("quota", retry_after=7200))
    now[0] = 3599.0
    with pytest.raises(ModelFailed):
        breaker.check()
