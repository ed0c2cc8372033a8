"""Two identities of one person are made known as one, on a page that names both: by one address, once, in time."""

import re
from pathlib import Path

import aiohttp
import pytest
from chatting import ANA as CHAT_ANA
from chatting import Chatting, group, personal, somebody
from web_server import Serve, Served, Visitor, plan_in
from yarl import URL

from agent.channels.messaging.port import Arrival, RoomCommand
from agent.events import Incoming
from agent.store.records import Records
from plugins.domain.person import Person, are_one

pytestmark = pytest.mark.integration

ANA = somebody("Ana", "requester").model_copy(update={"email": None})
BO = somebody("Bo", "requester").model_copy(update={"email": None})


def offered(served: Served, person: Person) -> str:
    """The path of the address that this person is given."""
    asked = Arrival("l1", personal(person), person, command=RoomCommand(kind="link"))
    receipt = served.run(served.room.take_in(asked))
    assert receipt.private is not None
    address = re.search(r"http\S+/link/[\w-]+", str(receipt.private["text"]))
    assert address is not None
    return URL(address[0]).path


def linked(served: Served, person: Person) -> bool:
    local = served.server._here.local  # pyright: ignore[reportPrivateUsage]

    def known(records: Records) -> bool:
        return are_one(person, local, records.known((person, local)))

    return served.run(served.app.read(known))


async def test_the_page_names_both_and_binds_them_once(serve: Serve, http: aiohttp.ClientSession) -> None:
    served = serve(chats=True)
    visitor = await Visitor(http, served.url).arrive()
    path = offered(served, ANA)
    async with http.get(served.url + path) as page:
        text = await page.text()
        assert page.status == 200
        assert "form-action 'self'" in page.headers["Content-Security-Policy"]
        assert "script" not in page.headers["Content-Security-Policy"]
    assert "On Microsoft Teams: Ana (ana)" in text
    assert "Here: " in text
    assert not linked(served, ANA)
    async with http.post(served.url + path, data={"csrf": "forged"}) as forged:
        assert forged.status == 403
    assert not linked(served, ANA)
    async with http.post(served.url + path, data={"csrf": visitor.csrf}) as done:
        assert (done.status, "Linked." in await done.text()) == (200, True)
    assert linked(served, ANA)
    async with http.post(served.url + path, data={"csrf": visitor.csrf}) as again:
        assert again.status == 404
    async with http.get(served.url + path) as used:
        assert used.status == 404
    assert not linked(served, BO)


async def test_nobody_who_is_not_signed_in_binds_anything(serve: Serve) -> None:
    served = serve(chats=True)
    path = offered(served, BO)
    async with aiohttp.ClientSession() as stranger:
        async with stranger.get(served.url + path, allow_redirects=False) as page:
            assert (page.status, page.headers["Location"]) == (303, f"/login?return_to={path}")
        async with stranger.post(served.url + path, data={"csrf": "x"}) as post:
            assert post.status == 401
    assert not linked(served, BO)


async def test_a_plan_from_a_chat_shows_on_its_page_that_it_may_go_on_there(
    serve: Serve, http: aiohttp.ClientSession
) -> None:
    served = serve(chats=True)
    visitor = await Visitor(http, served.url).arrive()
    words = "Databricks for the ML team in dev"
    served.run(served.app.reply_to(Incoming(conversation="teams", person=ANA, text=words), until_settled=True))
    (title,) = served.run(served.app.read(lambda records: records.conversations_of(ANA.key)))
    pending = served.run(served.app.read(lambda records: records.conversation(title.id))).pending
    assert pending is not None
    address = f"/api/plans/{pending.plan_id}"
    path = offered(served, ANA)
    async with http.post(served.url + path, data={"csrf": visitor.csrf}) as done:
        assert done.status == 200
    seen = await visitor.get(address)
    assert (seen["conversation"], seen["may_continue"]) == (None, True)
    plan = plan_in(await visitor.say(f"continue {pending.plan_id} here", until="plan"))
    assert plan["plan_id"] != pending.plan_id
    assert (await visitor.get(address))["may_continue"] is False
    assert (await visitor.get(f"/api/plans/{plan['plan_id']}"))["may_continue"] is False


async def test_the_server_is_healthy_whatever_its_platforms_do(serve: Serve, http: aiohttp.ClientSession) -> None:
    served = serve(chats=True)
    for path in ("/healthz", "/readyz"):
        async with http.get(served.url + path) as response:
            assert response.status == 200


async def test_one_request_goes_from_teams_to_slack_and_back(tmp_path: Path) -> None:
    """An address that both platforms have verified makes it one person's; the card that was left says so."""
    async with Chatting(tmp_path) as chat:
        in_slack = somebody("Ana", "requester", platform="slack")
        there = personal(in_slack, "slack")
        await chat.write(CHAT_ANA, "Databricks for the ML team in dev")
        first = chat.last("ShownPlan")
        await chat.write(in_slack, "continue here", there)
        moved = chat.last("ShownPlan", chat.slack)
        assert moved.button("Approve")["plan_id"] != first.button("Approve")["plan_id"]
        left = chat.teams.shown[first.message_id]
        assert "superseded" in left.text
        assert left.card["buttons"] == {}
        assert "goes on with this request in another conversation" in chat.last("Said").text
        await chat.write(CHAT_ANA, "continue here")
        assert "superseded" in chat.slack.shown[moved.message_id].text
        await chat.press(CHAT_ANA, chat.last("ShownPlan").button("Approve"))
        assert chat.last("ShownResult").text.strip() == "dbw-ml-dev: succeeded"
        assert len(chat.terraform.applied) == 1


async def test_somebody_elses_request_goes_on_nowhere_else(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await chat.write(CHAT_ANA, "Databricks for the ML team in dev")
        stranger = somebody("Bo", "requester", platform="slack")
        await chat.write(stranger, "continue here", personal(stranger, "slack"))
        assert "You have no request in hand" in chat.last("Said", chat.slack).text
        assert chat.last("ShownPlan").card["buttons"]


async def test_linked_identities_are_one_person_for_four_eyes(tmp_path: Path) -> None:
    """An approver's identity is nobody's second pair of eyes once it is known to be the asker's own."""
    other = somebody("Annie", "requester", "approver", platform="slack")
    at, approvals = personal(other, "slack"), group("approvals", "slack")
    prod = "Databricks for the ML team in prod, up to 2 workers"
    async with Chatting(tmp_path, approvals={"slack": approvals}) as chat:
        await chat.write(other, "hello", at)
        await chat.write(CHAT_ANA, prod)
        click = {**chat.last("ShownPlan", chat.slack, of="approvals").button("Approve"), "value": "dbw-ml-prod"}

        def linked(records: Records) -> None:
            records.link_people(CHAT_ANA, other, mark="link:test", now=chat.clock.now())

        await chat.app.kept(linked)
        refused = await chat.press(other, click, approvals)
        assert refused.private is not None
        assert "somebody else" in str(refused.private["text"]) or "other than" in str(refused.private["text"])
        assert chat.terraform.applied == []
        # Nor is the plan handed over to it.
        hand_over = {"verb": "hand_over", "plan_id": click["plan_id"], "value": "annie"}
        chat.slack.people["annie"] = other
        by_ines = somebody("Ines", "requester", "approver", platform="slack")
        handed = await chat.press(by_ines, hand_over, approvals)
        assert handed.private is not None
        assert "Annie may not decide that plan" in str(handed.private["text"])
        await chat.press(by_ines, click, approvals)
        assert len(chat.terraform.applied) == 1


async def test_two_who_are_not_linked_are_two(tmp_path: Path) -> None:
    other = somebody("Annie", "requester", "approver", platform="slack")
    approvals = group("approvals", "slack")
    async with Chatting(tmp_path, approvals={"slack": approvals}) as chat:
        await chat.write(CHAT_ANA, "Databricks for the ML team in prod, up to 2 workers")
        click = {**chat.last("ShownPlan", chat.slack, of="approvals").button("Approve"), "value": "dbw-ml-prod"}
        await chat.press(other, click, approvals)
        assert len(chat.terraform.applied) == 1
