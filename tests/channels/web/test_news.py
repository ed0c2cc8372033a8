"""What became of what somebody asked for on their other channels, on the page: read once, by them alone. Real HTTP."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from embedding_tokens import TOKENS, token
from web_server import Serve, Served, Visitor

from agent.store.news import News
from agent.store.records import Records
from plugins.domain.person import Person

pytestmark = pytest.mark.integration

SITE = {"Identity": TOKENS, "Web": {"EmbeddingSites": ["https://intranet.contoso.com"]}}
IN_SLACK = Person(id="U7", name="Bo", roles=("requester",), issuer="slack:T1", email="bo@contoso.com")


async def became(served: Served, text: str, *, about: tuple[str, ...] = ()) -> None:
    """That became of something that Bo asked for in Slack."""
    now = datetime.now(UTC)
    news = News(key=text, who=IN_SLACK, channel="slack", conversation="cnv_s", about=about, text=text, at=now)

    def kept(records: Records) -> None:
        records.recognise(IN_SLACK, now=now)
        records.keep_news(news)

    served.run(served.app.kept(kept))


async def unread(visitor: Visitor) -> list[str]:
    return [each["text"] for each in (await visitor.get("/api/news"))["news"]]


async def read(visitor: Visitor, numbers: list[Any]) -> int:
    address = f"{visitor.url}/api/news/told"
    async with visitor.http.post(address, json={"told": numbers}, headers=visitor.headers) as response:
        return response.status


async def test_it_is_told_to_them_alone_and_until_they_have_read_it(serve: Serve, http: aiohttp.ClientSession) -> None:
    served = serve(SITE)
    bo = await Visitor(http, served.url, token(email="bo@contoso.com", email_verified=True)).arrive()
    eve = await Visitor(http, served.url, token(sub="u-8", name="Eve", roles=["approver"])).arrive()
    await became(served, "dbw-ml-dev is deployed.")
    assert (await unread(bo), await unread(eve)) == ([], [])
    told = await bo.post("/api/news/wish", {"results": "on"}, 200)
    assert told["text"].startswith("From now on you are told on your other channels, too (Slack)")
    await eve.post("/api/news/wish", {"results": "on"}, 200)
    page = await bo.get("/api/news")
    assert [each["text"] for each in page["news"]] == ["dbw-ml-dev is deployed."]
    assert (page["results"], page["others"], await unread(eve)) == (True, ["Slack"], [])
    numbers = [each["number"] for each in page["news"]]
    assert await read(eve, numbers) == 204
    assert await unread(bo) == ["dbw-ml-dev is deployed."]
    assert await read(bo, numbers) == 204
    assert await unread(bo) == []
    for wrong in (["x"], [2**40, "1"], list(range(101))):
        assert await read(bo, wrong) == 400
    assert await read(bo, [2**40, -1]) == 204


async def test_what_was_read_in_a_new_conversation_is_not_told_again(serve: Serve, http: aiohttp.ClientSession) -> None:
    served = serve(SITE)
    bo = await Visitor(http, served.url, token(email="bo@contoso.com", email_verified=True)).arrive()
    await bo.post("/api/news/wish", {"results": "on"}, 200)
    await became(served, "dbw-ml-dev is deployed.")
    await bo.arrive()
    [told] = [event["text"] for event in await bo.history() if event["type"] == "message"]
    assert "dbw-ml-dev is deployed. You asked for it on Slack." in told
    assert await unread(bo) == []


async def test_switched_off_nothing_is_told(serve: Serve, http: aiohttp.ClientSession) -> None:
    served = serve(SITE)
    bo = await Visitor(http, served.url, token(email="bo@contoso.com", email_verified=True)).arrive()
    assert "“link”" in (await bo.post("/api/news/wish", {"results": "on"}, 200))["text"]
    await became(served, "dbw-ml-dev is deployed.")
    assert len(await unread(bo)) == 1
    await bo.post("/api/news/wish", {"results": "off"}, 200)
    assert await unread(bo) == []
    await bo.post("/api/news/wish", {"results": "maybe"}, 400)


async def test_nobody_reads_it_who_is_not_signed_in(serve: Serve, http: aiohttp.ClientSession) -> None:
    stranger = Visitor(http, serve(SITE).url, "x")
    await stranger.get("/api/news", 401)
    await stranger.post("/api/news/wish", {"results": "on"}, 401)
