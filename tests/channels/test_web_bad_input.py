"""What must not hurt: floods, forgeries, other people's addresses, texts that are no text. Through real HTTP."""

import io
import json
import uuid
from typing import Any

import aiohttp
import pytest
from embedding_tokens import TOKENS, token
from web_server import Serve, Served, Visitor, plan_in, types_of

pytestmark = pytest.mark.integration


@pytest.fixture
async def two(serve: Serve, http: aiohttp.ClientSession) -> tuple[Visitor, Visitor]:
    """Two people of one server, each with a conversation."""
    served = serve({"Identity": TOKENS})
    ana = await Visitor(http, served.url, token(sub="ana")).arrive()
    bo = await Visitor(http, served.url, token(sub="bo")).arrive()
    return ana, bo


def message(text: str = "help") -> dict[str, str]:
    return {"text": text, "client_id": uuid.uuid4().hex}


def error_of(answer: Any) -> str:
    assert set(answer["error"]) == {"code", "text", "retryable"}
    assert answer["error"]["text"].count(". ") >= 1, "what is wrong, and what to do next"
    return answer["error"]["code"]


async def test_nobody_elses_conversation_is_there(two: tuple[Visitor, Visitor]) -> None:
    """Another's conversation and one that does not exist are answered alike, so that nothing can be guessed."""
    ana, bo = two
    plan = plan_in(await ana.say("Databricks for the ML team in dev", until="plan"))
    click = {"action": "confirm", "plan_id": plan["plan_id"], "digest": plan["digest"], "client_id": uuid.uuid4().hex}
    for conversation in (ana.conversation, "cnv_000000000000", "cnv_..%2f..", "x", "cnv_" + "0" * 200):
        address = f"/api/conversations/{conversation}"
        answers = [
            await bo.get(f"{address}/events", 404),
            await bo.post(f"{address}/messages", message(), 404),
            await bo.post(f"{address}/actions", click, 404),
        ]
        assert {json.dumps(answer) for answer in answers} == {
            json.dumps(
                {
                    "error": {
                        "code": "not_found",
                        "text": "There is nothing here that you can see. Check the address.",
                        "retryable": False,
                    }
                }
            )
        }
    session = await bo.get("/api/session")
    del session["regions"]  # Canada holds her name
    assert "ana" not in json.dumps(session)


async def test_a_plan_of_somebody_else_cannot_be_confirmed_from_ones_own_conversation(
    two: tuple[Visitor, Visitor],
) -> None:
    ana, bo = two
    plan = plan_in(await ana.say("Databricks for the ML team in dev", until="plan"))
    refused = await bo.confirm(plan, until="state")
    assert [event["status"] for event in refused if event["type"] == "approval"] == ["refused"]
    assert types_of(await ana.history()).count("approval") == 0


async def test_nobody_elses_deployment_is_there(two: tuple[Visitor, Visitor]) -> None:
    ana, bo = two
    plan = plan_in(await ana.say("Databricks for the ML team in dev", until="plan"))
    result = (await ana.confirm(plan))[-1]
    one = f"/api/deployments/{result['deployment_id']}"
    await ana.get(one)
    assert (await bo.get("/api/deployments"))["deployments"] == []
    assert error_of(await bo.get(one, 404)) == "not_found"
    assert error_of(await bo.get(f"{one}/terraform.zip", 404)) == "not_found"


async def test_one_persons_flood_is_told_to_wait_and_nobody_elses_message_is(
    serve: Serve, http: aiohttp.ClientSession
) -> None:
    served = serve({"Identity": TOKENS, "Web": {"MessagesPerMinute": 30}})
    ana = await Visitor(http, served.url, token(sub="ana")).arrive()
    bo = await Visitor(http, served.url, token(sub="bo")).arrive()
    address = f"{served.url}/api/conversations/{ana.conversation}/messages"
    statuses: list[int] = []
    for _ in range(15):
        async with http.post(address, json=message(), headers=ana.headers) as response:
            statuses.append(response.status)
            if response.status == 429:
                assert 1 <= int(response.headers["Retry-After"]) <= 2
                assert error_of(await response.json()) == "flood"
    assert statuses == [202] * 9 + [429] * 6
    await bo.say("help")


async def test_a_hundred_kilobytes_are_refused_and_sixty_thousand_characters_are_not(visitor: Visitor) -> None:
    address = f"/api/conversations/{visitor.conversation}/messages"
    refused = await visitor.post(address, message("x" * 100_000), 413)
    assert error_of(refused) == "too_long"
    assert "100,000 characters" in refused["error"]["text"]
    huge = io.BytesIO(json.dumps(message("x" * 2_000_000)).encode())
    async with visitor.http.post(visitor.url + address, data=huge, headers=visitor.headers) as response:
        assert (response.status, error_of(await response.json())) == (413, "too_large")
    await visitor.post(address, message("😀" * 60_000))
    assert (await visitor.until("state"))[0]["text"] == "😀" * 60_000


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (b"[]", "bad_json"),
        (b"null", "bad_json"),
        (b"\xff\xfe", "bad_json"),
        (b"{}", "bad_field"),
        (b'{"text": 7, "client_id": "12345678"}', "bad_field"),
        (b'{"text": "x"}', "bad_field"),
        (b'{"text": "x", "client_id": "short"}', "bad_field"),
        (b'{"text": "x", "client_id": "12345678\\n"}', "bad_field"),
        (b'{"text": "x", "client_id": "12345678", "user": {"id": "root"}}', "bad_field"),
        (b'{"text": " \\n ", "client_id": "12345678"}', "empty"),
        (b'{"text": "\\ud800", "client_id": "12345678"}', "bad_json"),
        (b"[" * 100_000, "bad_json"),
    ],
)
async def test_a_body_that_is_no_message_is_one_sentence(visitor: Visitor, body: bytes, code: str) -> None:
    address = f"{visitor.url}/api/conversations/{visitor.conversation}/messages"
    async with visitor.http.post(address, data=body, headers=visitor.headers) as response:
        assert response.status == 400, await response.text()
        assert error_of(await response.json()) == code
    assert await visitor.history() == []


@pytest.mark.parametrize(
    ("button", "problem"),
    [
        ({"action": "apply"}, "action is wrong"),
        ({"action": "confirm"}, "confirm needs plan_id and digest"),
        ({"action": "reject", "plan_id": "p"}, "reject needs plan_id and digest"),
        ({"action": "choose", "slot": "team"}, "choose needs slot and value"),
        ({"action": "confirm", "plan_id": "p" * 101, "digest": "d"}, "plan_id is wrong"),
    ],
)
async def test_a_click_on_nothing_is_one_sentence(visitor: Visitor, button: dict[str, str], problem: str) -> None:
    address = f"/api/conversations/{visitor.conversation}/actions"
    refused = await visitor.post(address, {"client_id": uuid.uuid4().hex, **button}, 400)
    assert problem in refused["error"]["text"]


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 16, "٣"])
async def test_a_place_to_resume_that_is_no_number_is_one_sentence(visitor: Visitor, after: str) -> None:
    refused = await visitor.get(f"/api/conversations/{visitor.conversation}/events?after={after}", 400)
    assert error_of(refused) == "bad_field"


async def test_html_in_a_message_comes_back_as_the_text_that_it_is(visitor: Visitor) -> None:
    """The stream is JSON, and says so: no browser takes it for a page."""
    text = '<script>alert(1)</script> <img src=x onerror="alert(1)"> [x](javascript:alert(1))\u2028\nid: 9\n\ndata: {}'
    await visitor.say(text)
    said, *_ = await visitor.history()
    assert said["text"] == text
    address = f"{visitor.url}/api/conversations/{visitor.conversation}/events"
    async with visitor.http.get(address) as response:
        assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_nul_character_is_left_out(visitor: Visitor) -> None:
    events = await visitor.say("he\0lp")
    assert (events[0]["text"], events[-1]["act"]) == ("help", "help")


async def test_more_pages_than_one_person_needs_are_refused(serve: Serve, http: aiohttp.ClientSession) -> None:
    served = serve({"Web": {"Streams": 2}})
    visitor = await Visitor(http, served.url).arrive()
    address = f"{served.url}/api/conversations/{visitor.conversation}/events"
    async with http.get(address), http.get(address):
        refused = await visitor.get(f"/api/conversations/{visitor.conversation}/events", 429)
        assert error_of(refused) == "too_many_streams"


async def test_a_page_that_is_loaded_again_and_again_is_one_page(serve: Serve, http: aiohttp.ClientSession) -> None:
    """A browser that leaves closes its stream; it need not wait for the server to notice."""
    served = serve({"Web": {"Streams": 2}})
    visitor = await Visitor(http, served.url).arrive()
    for _ in range(10):
        assert await visitor.history() == []


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET /api/nothing", 404),
        ("GET /../../etc/passwd", 404),
        ("GET /assets/../server.py", 404),
        ("GET /assets/%2e%2e/server.py", 404),
        ("GET /assets/", 404),
        ("DELETE /api/session", 405),
        ("POST /login", 405),
        ("POST /", 405),
    ],
)
async def test_an_address_that_leads_nowhere_is_one_sentence(visitor: Visitor, request_line: str, status: int) -> None:
    method, path = request_line.split()
    async with visitor.http.request(method, visitor.url + path) as response:
        assert response.status == status
        assert error_of(await response.json()) == ("not_found" if status == 404 else "not_allowed")


async def test_a_fault_of_ours_is_told_by_a_number_only(
    served: Served, visitor: Visitor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> None:
        raise ZeroDivisionError("password=hunter2")

    monkeypatch.setattr(served.chat, "owner_of", broken)
    refused = await visitor.post(f"/api/conversations/{visitor.conversation}/messages", message(), 500)
    assert error_of(refused) == "internal"
    assert "hunter2" not in refused["error"]["text"]
    number = refused["error"]["text"].split("fault ")[1].split(")")[0]
    assert f"fault {number}" in caplog.text
