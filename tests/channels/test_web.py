"""The conversation in a browser, through real HTTP: said, streamed, decided, resumed."""

import asyncio
import uuid
from datetime import UTC, datetime

import aiohttp
import pytest
from embedding_tokens import TOKENS, token
from web_server import Serve, Served, Visitor, plan_in, types_of

from agent.events import Incoming, Message
from agent.store.arrivals import ArrivedMessage
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

FLAGSHIP = "Databricks for the ML team in dev"


async def test_a_sentence_becomes_a_plan_a_click_and_a_workspace(visitor: Visitor, served: Served) -> None:
    """What is said is streamed back first, then its turn, the plan, and after the click the way to the workspace."""
    events = await visitor.say(FLAGSHIP, until="plan")
    assert types_of(events)[0] == "said"
    assert events[0]["text"] == FLAGSHIP
    assert served.terraform.applied == []
    plan = plan_in(events)
    result = (await visitor.confirm(plan))[-1]
    assert (result["status"], served.terraform.applied) == ("succeeded", [(plan["plan_id"], events[0]["by"]["name"])])


async def test_a_page_that_is_loaded_again_shows_the_same_conversation(visitor: Visitor) -> None:
    await visitor.say("Databricks for the ML team")
    await visitor.act("plan", action="choose", slot="environment", value="dev")
    history = await visitor.history()
    assert history == visitor.heard
    assert [event["button"]["value"] for event in history if event["type"] == "said" and event["button"]] == ["dev"]


async def test_a_stream_resumes_after_the_last_event_that_a_page_saw(visitor: Visitor) -> None:
    first = await visitor.say("help")
    seen = visitor.seq
    rest = await visitor.say("what can you do?")
    assert await visitor.history(after=seen) == rest
    assert await visitor.history() == first + rest


async def test_the_address_may_say_where_to_resume(visitor: Visitor) -> None:
    """EventSource sends the header only when it comes back by itself; a page that is loaded says it in the address."""
    await visitor.say("help")
    address = f"{visitor.url}/api/conversations/{visitor.conversation}/events?after={visitor.seq}"
    async with visitor.http.get(address) as response:
        assert await response.content.readline() == b"retry: 1000\n"
        await response.content.readline()
        assert await response.content.readline() == b'data: {"type": "ready", "feedback": {}}\n'


async def test_a_message_sent_twice_is_answered_once(visitor: Visitor) -> None:
    """A page that did not get the answer sends again, under the same client_id."""
    body = {"text": "help", "client_id": uuid.uuid4().hex}
    address = f"/api/conversations/{visitor.conversation}/messages"
    assert await visitor.post(address, body) == await visitor.post(address, body)
    await visitor.until("state")
    await visitor.say("hello")
    assert types_of(visitor.heard).count("said") == 2
    assert types_of(visitor.heard).count("state") == 2


async def test_messages_are_answered_in_the_order_in_which_they_were_sent(visitor: Visitor) -> None:
    address = f"/api/conversations/{visitor.conversation}/messages"
    for text in ("Databricks for the ML team", "in dev", "in westeurope", "help"):
        await visitor.post(address, {"text": text, "client_id": uuid.uuid4().hex})
    acts = [(await visitor.until("state"))[-1]["act"] for _ in range(4)]
    assert acts == ["provision", "answer", "amend", "help"]


async def test_two_pages_of_one_person_hear_the_same(visitor: Visitor, http: aiohttp.ClientSession) -> None:
    other = Visitor(http, visitor.url, csrf=visitor.csrf, conversation=visitor.conversation)
    listening = asyncio.create_task(other.until("state"))
    said = await visitor.say("help")
    assert await listening == said


async def test_a_confirmation_clicked_in_two_pages_applies_once(visitor: Visitor, served: Served) -> None:
    plan = plan_in(await visitor.say(FLAGSHIP, until="plan"))
    await visitor.confirm(plan)
    again = await visitor.confirm(plan, until="state")
    assert [event["status"] for event in again if event["type"] == "approval"] == ["refused"]
    assert len(served.terraform.applied) == 1


async def test_a_forged_digest_is_refused_and_the_plan_stays_pending(visitor: Visitor, served: Served) -> None:
    plan = plan_in(await visitor.say(FLAGSHIP, until="plan"))
    refused = await visitor.confirm({**plan, "digest": "0" * 64}, until="state")
    assert [event["status"] for event in refused if event["type"] == "approval"] == ["refused"]
    assert refused[-1]["pending_plan"] == plan["plan_id"]
    assert served.terraform.applied == []


async def test_the_conversations_of_a_person_are_listed_by_how_they_began(visitor: Visitor) -> None:
    first = visitor.conversation
    assert (await visitor.get("/api/session"))["conversations"] == []
    await visitor.say("Databricks for the ML team")
    await visitor.arrive()
    visitor.seq = 0
    await visitor.say("help")
    listed = (await visitor.get("/api/session"))["conversations"]
    assert [(line["id"], line["title"]) for line in listed] == [
        (visitor.conversation, "help"),
        (first, "Databricks for the ML team"),
    ]


async def test_a_stop_answers_what_was_accepted_and_takes_nothing_new(
    serve: Serve, http: aiohttp.ClientSession
) -> None:
    served = serve()
    visitor = await Visitor(http, served.url).arrive()
    listening = asyncio.create_task(visitor.until("state"))
    while not served.server.open_streams:
        await asyncio.sleep(0)
    await visitor.post(
        f"/api/conversations/{visitor.conversation}/messages", {"text": "help", "client_id": uuid.uuid4().hex}
    )
    await asyncio.to_thread(served.stop)
    assert types_of(await listening) == ["said", "message", "state"]


async def test_in_ones_own_sandbox_one_person_can_be_the_four_eyes(visitor: Visitor, served: Served) -> None:
    """What the refusal proposes works in the page as it does in the terminal."""
    plan = plan_in(await visitor.say("Databricks for the ML team in prod for etl", until="plan"))
    refused = await visitor.confirm(plan, until="state")
    assert any("type `/as ines@contoso.com approver` here" in e["text"] for e in refused if e["type"] == "message")
    shown = await visitor.say("/as ines@contoso.com approver")
    assert (shown[0]["by"]["name"], plan_in(shown)["plan_id"]) == ("ines@contoso.com", plan["plan_id"])
    await visitor.confirm(plan)
    assert served.terraform.applied == [(plan["plan_id"], "ines@contoso.com")]


async def test_nobody_speaks_as_somebody_else_where_people_sign_in(serve: Serve, http: aiohttp.ClientSession) -> None:
    served = serve({"Identity": TOKENS})
    bo = await Visitor(http, served.url, token()).arrive()
    plan = plan_in(await bo.say("Databricks for the ML team in prod for etl", until="plan"))
    said, *_ = await bo.say("/as ines@contoso.com approver")
    assert said["by"]["name"] == "Bo"
    await bo.confirm(plan, until="state")
    assert served.terraform.applied == []


async def test_a_server_that_is_restarted_under_an_open_page_loses_and_doubles_nothing(
    visitor: Visitor, served: Served
) -> None:
    """The page comes back by itself with the number that it saw last; its session and its plan still hold."""
    plan = plan_in(await visitor.say(FLAGSHIP, until="plan"))
    before = await visitor.history()
    while served.server.open_streams:
        served.emit(Message(conversation=visitor.conversation, turn=1, text="", delta=True))
        await asyncio.sleep(0)
    listening = asyncio.create_task(visitor.until("result"))
    while not served.server.open_streams:
        await asyncio.sleep(0)
    await asyncio.to_thread(served.restart)
    with pytest.raises(AssertionError, match="the stream ended before result"):
        await listening
    result = (await visitor.confirm(plan))[-1]
    assert result["status"] == "succeeded"
    assert (await visitor.history())[: len(before)] == before
    assert served.terraform.applied == [(plan["plan_id"], visitor.heard[0]["by"]["name"])]


async def test_what_was_accepted_before_a_restart_is_answered_after_it(visitor: Visitor, served: Served) -> None:
    """The process may end between "accepted" and the answer; what was kept is taken up by the next one."""
    person = Person(id="ana", name="Ana", roles=("requester",))
    waiting = Incoming(conversation=visitor.conversation, person=person, text="help")
    kept = ArrivedMessage(waiting, datetime.now(UTC))
    await asyncio.to_thread(served.restart, unanswered=(kept,))
    assert types_of(await visitor.until("state")) == ["message", "state"]


async def test_what_went_wrong_is_in_the_conversation(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is loaded later shows it, too, and does not wait for an answer that will not come."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("agent.turn.turn.act_upon", broken)
    await visitor.say("help")
    assert types_of(await visitor.history()) == ["said", "error", "state"]
