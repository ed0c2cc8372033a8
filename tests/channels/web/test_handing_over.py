"""Handing a plan over on the page: to another who may decide it, asked where they are; each time four eyes count."""

from pathlib import Path

import aiohttp
import pytest
from chatting import ANA, BO, EVE, INES, Chatting, personal, somebody
from embedding_tokens import TOKENS, token
from web_server import Serve, Visitor, plan_in

from agent.channels.messaging.port import Address, Undeliverable, UndeliverableReason
from agent.channels.web.records import RecordedChat
from agent.factories import rules_of
from plugins.domain.person import Person

pytestmark = pytest.mark.integration

PROD = "Databricks for the ML team in prod, up to 2 workers"
HERE = Person(id="ines", name="Ines", roles=("requester", "approver"), issuer="https://login.example", email=INES.email)


def page_of(chat: Chatting) -> RecordedChat:
    return RecordedChat(chat.app, rules_of(chat.settings), lambda _: {}, chats=frozenset({"teams", "slack"}))


async def offered(page: RecordedChat, plan_id: str, person: Person) -> dict[str, str]:
    """Name and place → the mark."""
    seen = await page.plan_seen_by(plan_id, person)
    assert seen is not None
    return {f"{one.name}, {one.where}": one.mark for one in seen.candidates}


async def waiting(chat: Chatting) -> str:
    """A production plan of Ana's that waits, asked for in Teams, where Bo and Eve have written as well."""
    for person in (BO, EVE, INES):
        await chat.write(person, "hello")
    await chat.write(ANA, PROD)
    return str(chat.last("ShownPlan", of="ana").card["text"]).split()[2]


async def test_it_is_offered_to_others_who_may_decide_it_and_once_to_each(tmp_path: Path) -> None:
    """Not to who asked, nor to who has no right, nor to one's own other identity."""
    async with Chatting(tmp_path) as chat:
        plan_id = await waiting(chat)
        in_slack = somebody("Bo", "requester", "approver", platform="slack")
        await chat.write(in_slack, "hello", personal(in_slack, "slack"))
        names = await offered(page_of(chat), plan_id, HERE)
        assert list(names) == ["Bo, Slack"]
        eve = EVE.model_copy(update={"roles": ("approver",)})
        assert list(await offered(page_of(chat), plan_id, eve)) == ["Bo, Slack", "Ines, Microsoft Teams"]
        # Whoever asked sees the plan and is offered nobody: it is not theirs to hand over.
        assert await offered(page_of(chat), plan_id, ANA) == {}


async def test_who_it_is_handed_to_is_asked_in_their_own_chat(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        plan_id = await waiting(chat)
        page = page_of(chat)
        (mark,) = (await offered(page, plan_id, HERE)).values()
        to = await page.hand_over(plan_id, HERE, mark)
        assert to is not None
        assert (to.name, to.where) == ("Bo", "Microsoft Teams")
        await chat.settle()
        asked = [sent for sent in chat.teams.seen_in("personal:bo") if sent.card["shows"] == "ShownPlan"]
        assert len(asked) == 1
        assert "Ines: Ines handed it over to Bo." in asked[0].text
        seen = await page.plan_seen_by(plan_id, HERE)
        assert seen is not None
        assert seen.may_answer
        assert seen.remarks == ("Ines handed it over to Bo.",)
        await chat.press(BO, {**asked[0].button("Approve"), "value": "dbw-ml-prod"})
        assert len(chat.terraform.applied) == 1
        # What is over is handed over to nobody.
        assert await page.hand_over(plan_id, HERE, mark) is None


async def test_who_has_lost_the_right_since_is_not_asked(tmp_path: Path) -> None:
    """The roles count that their platform gives when they are asked."""
    async with Chatting(tmp_path) as chat:
        plan_id = await waiting(chat)
        page = page_of(chat)
        (mark,) = (await offered(page, plan_id, HERE)).values()
        chat.teams.people["bo"] = BO.model_copy(update={"roles": ("requester",)})
        assert await page.hand_over(plan_id, HERE, mark) is not None
        await chat.settle()
        assert [sent for sent in chat.teams.seen_in("personal:bo") if sent.card["shows"] == "ShownPlan"] == []


async def test_whose_platform_is_away_is_asked_when_it_is_back(tmp_path: Path) -> None:
    """What it refuses for good is not tried again."""
    async with Chatting(tmp_path) as chat:
        plan_id = await waiting(chat)
        page = page_of(chat)
        (mark,) = (await offered(page, plan_id, HERE)).values()
        known = chat.teams.personal_address
        refusals: list[UndeliverableReason] = ["unavailable", "throttled"]

        async def away(person_id: str, tenant: str) -> Address:
            if refusals:
                raise Undeliverable(refusals.pop(0))
            return await known(person_id, tenant)

        chat.teams.personal_address = away  # type: ignore[method-assign]
        assert await page.hand_over(plan_id, HERE, mark) is not None
        await chat.settle()
        assert refusals == []
        assert len([sent for sent in chat.teams.seen_in("personal:bo") if sent.card["shows"] == "ShownPlan"]) == 1


async def test_nobody_without_the_right_hands_over_and_no_mark_is_guessed(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        plan_id = await waiting(chat)
        page = page_of(chat)
        (mark,) = (await offered(page, plan_id, HERE)).values()
        for person in (ANA, EVE):
            assert await page.hand_over(plan_id, person, mark) is None
        for wrong in ("", "x", EVE.key, ANA.key):
            assert await page.hand_over(plan_id, HERE, wrong) is None
        assert await page.hand_over("pln_none", HERE, mark) is None


async def test_on_the_page_it_is_told_to_whoever_is_signed_in(serve: Serve, http: aiohttp.ClientSession) -> None:
    """And the address answers alike for a plan that is not theirs and for none."""
    served = serve({"Identity": TOKENS, "Web": {"EmbeddingSites": ["https://intranet.contoso.com"]}})
    # Without an address that both verified, Zoe and who asked might be one human being: she would not be offered.
    asker = token(email="bo@contoso.com", email_verified=True)
    bo = await Visitor(http, served.url, asker).arrive()
    eve = await Visitor(http, served.url, token(sub="u-8", name="Eve", roles=["approver"])).arrive()
    zoe = Person(id="u-9", name="Zoe", roles=("approver",), issuer="https://login.example", email="zoe@contoso.com")
    served.session_of(zoe, seconds=60)
    plan = plan_in(await bo.say("Databricks for the ML team in prod for etl, no private link", until="plan"))
    address = f"/api/approvals/{plan['plan_id']}/hand_over"
    [offered_one] = (await eve.get(f"/api/plans/{plan['plan_id']}"))["candidates"]
    mark, name, where = offered_one["mark"], offered_one["name"], offered_one["where"]
    assert (name, where) == ("Zoe", "the web page")
    assert "u-9" not in mark
    await bo.post(address, {"to": mark}, 404)
    await eve.post("/api/approvals/pln_none/hand_over", {"to": mark}, 404)
    refused = await eve.post(address, {"to": "nobody"}, 409)
    assert refused["error"]["text"].startswith("That person may not decide this plan")
    told = await eve.post(address, {"to": mark}, 200)
    assert told == {"text": "Handed over to Zoe, who is asked on the web page. You may still decide it."}
    [line] = (await eve.get("/api/approvals"))["approvals"]
    assert line["remarks"] == ["Eve handed it over to Zoe."]
