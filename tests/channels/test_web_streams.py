"""What streams, turns and buckets promise, each by itself."""

import asyncio
import contextlib
import threading
from collections.abc import Callable

import pytest
from web_server import Served, Visitor

from agent.channels.http.throttle import Throttle
from agent.channels.turn_inbox import CROWD, MANY_UNANSWERED, PAUSE_SECONDS, TurnInbox
from agent.channels.web.routes import MOST_WAITING
from agent.events import Event, Incoming, Message
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

ANA = Person(id="ana", name="Ana")


def incoming(text: str, conversation: str = "cnv_1") -> Incoming:
    return Incoming(conversation=conversation, person=ANA, text=text)


def tell(served: Served, event: Event) -> None:
    """Says something as the app does, from a thread of its own."""
    speaking = threading.Thread(target=served.emit, args=(event,))
    speaking.start()
    speaking.join()


async def test_pieces_of_a_text_come_without_a_number_and_are_not_history(visitor: Visitor, served: Served) -> None:
    """The whole text follows with its number; who comes later sees that alone."""
    stream = visitor.stream(after=0)
    assert (await anext(stream))[1]["type"] == "ready"
    for text, delta in (("Good ", True), ("morning", True), ("Good morning", False)):
        tell(served, Message(conversation=visitor.conversation, turn=1, text=text, delta=delta))
        seq, event = await asyncio.wait_for(anext(stream), 10)
        assert (event["text"], event["delta"], seq is None) == (text, delta, delta)
    await stream.aclose()
    assert [event["text"] for event in await visitor.history()] == ["Good morning"]


async def test_a_stream_hears_its_own_conversation_only(visitor: Visitor, served: Served) -> None:
    tell(served, Message(conversation="cnv_another", turn=1, text="secret"))
    tell(served, Message(conversation=visitor.conversation, turn=1, text="mine"))
    assert [event["text"] for event in await visitor.history()] == ["mine"]


async def test_a_page_that_goes_away_leaves_nothing_behind(visitor: Visitor, served: Served) -> None:
    address = f"{visitor.url}/api/conversations/{visitor.conversation}/events"
    response = await visitor.http.get(address)
    response.close()
    for _ in range(200):
        tell(served, Message(conversation=visitor.conversation, turn=1, text="x"))
        if served.server.open_streams == 0:
            break
        await asyncio.sleep(0)
    assert served.server.open_streams == 0


async def test_conversations_do_not_wait_for_each_other() -> None:
    gate, done = asyncio.Event(), list[str]()

    async def answer(said: Incoming) -> None:
        if said.text == "slow":
            await gate.wait()
        done.append(said.text or "")

    answering = TurnInbox(answer)
    for text, conversation in (("slow", "cnv_1"), ("after slow", "cnv_1"), ("quick", "cnv_2")):
        answering.put(incoming(text, conversation))
    assert answering.waiting("cnv_1") == 2
    while "quick" not in done:
        await asyncio.sleep(0)
    assert done == ["quick"]
    gate.set()
    assert await answering.finished(5)
    assert done == ["quick", "slow", "after slow"]
    assert answering.waiting("cnv_1") == 0


async def test_answers_stand_back_while_many_are_being_taken_in_and_come_all_the_same() -> None:
    done: list[str] = []

    async def answer(said: Incoming) -> None:
        done.append(said.text or "")

    answering = TurnInbox(answer)
    with contextlib.ExitStack() as crowd:
        for _ in range(CROWD):
            crowd.enter_context(answering.taking_in())
        answering.put(incoming("mine"))
        for _ in range(20):
            await asyncio.sleep(0)
        assert done == []
        await asyncio.sleep(3 * PAUSE_SECONDS)
        assert done == ["mine"]
        answering.put(incoming("when they are in"))
        await asyncio.sleep(0)
    assert await answering.finished(5)
    assert done == ["mine", "when they are in"]


@pytest.mark.alone
async def test_a_rush_is_kept_first_and_answered_afterwards() -> None:
    done: list[str] = []

    async def answer(said: Incoming) -> None:
        done.append(said.conversation)

    answering = TurnInbox(answer)
    many = [f"cnv_{number}" for number in range(MANY_UNANSWERED + 8)]
    for conversation in many:
        answering.put(incoming("help", conversation))
    for _ in range(1000):
        await asyncio.sleep(0)
    assert done == []
    assert await answering.finished(30)
    assert done == many


async def test_a_turn_that_breaks_off_does_not_stop_the_next(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    async def answer(said: Incoming) -> None:
        if said.text == "broken":
            raise ZeroDivisionError
        done.append(said.text or "")

    answering = TurnInbox(answer)
    answering.put(incoming("broken"))
    answering.put(incoming("next"))
    assert await answering.finished(5)
    assert done == ["next"]
    assert "a turn of cnv_1 broke off" in caplog.text


async def test_a_stop_gives_up_what_takes_too_long() -> None:
    async def answer(_: Incoming) -> None:
        await asyncio.Event().wait()

    answering = TurnInbox(answer)
    answering.put(incoming("for ever"))
    assert not await answering.finished(0.01)


async def test_too_many_waiting_messages_of_one_conversation_are_refused(
    visitor: Visitor, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    async def slow(_: Incoming, *, until_settled: bool) -> None:
        del until_settled
        await asyncio.to_thread(gate.wait)

    monkeypatch.setattr(served.chat, "reply_to", slow)
    address = f"/api/conversations/{visitor.conversation}/messages"
    for number in range(MOST_WAITING + 1):
        await visitor.post(address, {"text": "help", "client_id": f"number-{number}"})
        await visitor.get("/healthz")
    refused = await visitor.post(address, {"text": "help", "client_id": "one-too-many"}, 429)
    gate.set()
    assert refused["error"]["code"] == "queue_full"


@pytest.fixture
def at() -> list[float]:
    return [0.0]


@pytest.fixture
def clock(at: list[float]) -> Callable[[], float]:
    return lambda: at[0]


def test_a_bucket_is_refilled_evenly(at: list[float], clock: Callable[[], float]) -> None:
    throttle = Throttle(per_minute=30, burst=3, clock=clock)
    assert [throttle.wait_for("ana") for _ in range(4)] == [0, 0, 0, 2]
    at[0] = 1.9
    assert throttle.wait_for("ana") == 1
    at[0] = 2.1
    assert [throttle.wait_for("ana"), throttle.wait_for("ana"), throttle.wait_for("bo")] == [0, 2, 0]
    at[0] = 600
    assert [throttle.wait_for("ana") for _ in range(4)] == [0, 0, 0, 2]


def test_buckets_of_those_who_went_away_are_forgotten(at: list[float], clock: Callable[[], float]) -> None:
    throttle = Throttle(per_minute=30, burst=3, clock=clock)
    for number in range(9_999):
        throttle.wait_for(str(number))
    at[0] = 100
    for _ in range(3):
        throttle.wait_for("ana")
    throttle.wait_for("one more")
    assert len(throttle._buckets) == 2  # pyright: ignore[reportPrivateUsage]
    assert throttle.wait_for("ana") == 2
