"""Finding, naming, deleting and rating conversations; one plan by its address; what a browser is sent. Real HTTP."""

import gzip
import uuid
from pathlib import Path

import aiohttp
import pytest
from embedding_tokens import TOKENS, token
from web_server import Serve, Served, Visitor, plan_in

from agent.store.records import Records

pytestmark = pytest.mark.integration


async def titles(visitor: Visitor, query: str = "") -> list[str]:
    return [line["title"] for line in (await visitor.get(f"/api/conversations{query}"))["conversations"]]


async def test_conversations_are_found_by_their_title_and_by_what_was_said_in_them(visitor: Visitor) -> None:
    await visitor.say("Databricks for the ML team in dev")
    await visitor.say("what does Photon do?")
    await visitor.arrive()
    visitor.seq = 0
    await visitor.say("what can you do?")
    assert await titles(visitor) == ["what can you do?", "Databricks for the ML team in dev"]
    assert await titles(visitor, "?q=PHOTON") == ["Databricks for the ML team in dev"]
    assert await titles(visitor, "?q=what can") == ["what can you do?"]
    assert await titles(visitor, "?q=%25") == []
    first = (await visitor.get("/api/session"))["conversations"][1]
    assert (first["workspace"], first["state"]) == ("dbw-ml-dev", "planned")


async def test_a_conversation_is_renamed_by_its_owner_alone(visitor: Visitor) -> None:
    await visitor.say("hello")
    address = f"/api/conversations/{visitor.conversation}/title"
    assert await visitor.post(address, {"title": "  The   first  "}, 200) == {"title": "The first"}
    assert await titles(visitor) == ["The first"]
    await visitor.post(address, {"title": "   "}, 400)
    await visitor.post("/api/conversations/cnv_another/title", {"title": "x"}, 404)


async def test_a_deleted_conversation_is_gone_and_what_it_ordered_stays(served: Served, visitor: Visitor) -> None:
    """Its workspace, its plan and the audit are what they were; what was said in it is nowhere."""
    plan = plan_in(await visitor.say("Databricks for the zephyr team in dev, etl", until="plan"))
    await visitor.confirm(plan)
    archived = served.home / "archive" / "2026-11" / f"{visitor.conversation}+20261101T090000+1-9.jsonl"
    archived.parent.mkdir(parents=True)
    archived.write_text("{}\n", "utf-8")
    async with visitor.http.post(
        f"{visitor.url}/api/conversations/{visitor.conversation}/delete", json={}, headers=visitor.headers
    ) as response:
        assert response.status == 204
    assert await titles(visitor) == []
    assert await titles(visitor, "?q=zephyr") == []
    await visitor.get(f"/api/conversations/{visitor.conversation}/events", 404)
    [row] = (await visitor.get("/api/deployments"))["deployments"]
    assert row["workspace_name"] == "dbw-zephyr-dev"
    told = await visitor.get(f"/api/deployments/{row['deployment_id']}")
    assert [entry["what"] for entry in told["timeline"]][-1] == "deployed"
    assert told["conversation"] is None
    said = await served.app.read(lambda records: records.logged(visitor.conversation, after=0))
    assert said == ()
    assert not archived.exists()


async def test_what_people_think_of_an_answer_is_kept_with_it(served: Served, visitor: Visitor) -> None:
    await visitor.say("what can you do?")
    address = f"{visitor.url}/api/conversations/{visitor.conversation}/feedback"

    async def rate(verdict: str) -> int:
        body = {"turn": 1, "verdict": verdict}
        async with visitor.http.post(address, json=body, headers=visitor.headers) as response:
            return response.status

    person = (await visitor.get("/api/session"))["user"]["id"]

    def mine(records: Records) -> dict[int, str]:
        return dict(records.verdicts(visitor.conversation, person))

    assert await rate("good") == 204
    assert await rate("bad") == 204
    assert await served.app.read(mine) == {1: "bad"}
    assert await rate("none") == 204
    assert await served.app.read(mine) == {}
    assert await rate("excellent") == 400


async def test_a_plan_is_shown_by_its_address_to_whoever_may_see_it(serve: Serve, http: aiohttp.ClientSession) -> None:
    """The asker sees it and may not decide it; an approver may; a third person is told that there is none."""
    served = serve({"Identity": TOKENS, "Web": {"EmbeddingSites": ["https://intranet.contoso.com"]}})
    bo = await Visitor(http, served.url, token()).arrive()
    eve = await Visitor(http, served.url, token(sub="u-8", name="Eve", roles=["approver"])).arrive()
    max_ = await Visitor(http, served.url, token(sub="u-9", name="Max", roles=["requester"])).arrive()
    plan = plan_in(await bo.say("Databricks for the ML team in prod for etl, no private link", until="plan"))
    address = f"/api/plans/{plan['plan_id']}"
    seen = await bo.get(address)
    assert (seen["status"], seen["may_answer"], seen["conversation"]) == ("pending", False, bo.conversation)
    seen = await eve.get(address)
    assert (seen["may_answer"], seen["conversation"], seen["requested_by"]["name"]) == (True, None, "Bo")
    await max_.get(address, 404)
    body = {"action": "confirm", "digest": plan["digest"], "client_id": uuid.uuid4().hex}
    await max_.post(f"/api/approvals/{plan['plan_id']}", body, 404)
    await eve.post(f"/api/approvals/{plan['plan_id']}", body)
    assert (await bo.until("result"))[-1]["status"] == "succeeded"
    assert (await eve.get(address))["status"] == "approved"


async def test_a_second_confirmation_is_told_that_the_first_one_counts(visitor: Visitor) -> None:
    plan = plan_in(await visitor.say("Databricks for the ML team in dev", until="plan"))
    await visitor.confirm(plan)
    again = await visitor.confirm(plan, until="state")
    [refused] = [event for event in again if event["type"] == "approval"]
    assert refused["status"] == "refused"
    assert "confirmed already, and is carried out once" in refused["reason"]
    assert "Nothing was done" not in refused["reason"]


async def test_bundles_are_sent_small_and_an_unknown_address_is_a_page(served: Served) -> None:
    whole = Path(__file__).parents[3] / "agent" / "channels" / "web_client" / "dist" / "widget.js"
    async with aiohttp.ClientSession(auto_decompress=False) as http:
        for taken, encoding in (("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", None)):
            async with http.get(f"{served.url}/widget.js", headers={"Accept-Encoding": taken}) as response:
                body = await response.read()
                assert response.headers.get("Content-Encoding") == encoding
                assert "Accept-Encoding" in response.headers["Vary"]
                assert (len(body) < 90_000) == (encoding is not None)
                if encoding == "gzip":
                    assert gzip.decompress(body) == whole.read_bytes()
        async with http.get(f"{served.url}/nowhere", headers={"Accept": "text/html"}) as page:
            assert (page.status, page.content_type) == (404, "text/html")
            assert b"There is nothing here that you can see." in await page.read()
        async with http.get(f"{served.url}/nowhere", headers={"Accept": "*/*"}) as answer:
            assert (answer.status, answer.content_type) == (404, "application/json")
