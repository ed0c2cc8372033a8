"""What comes in from Teams: who is believed, what is refused, and what an activity says. Real HTTP, real signatures."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from teams_service import PASSWORD, TENANT, Sender, TeamsService, person

from agent.channels.cards.teams import TeamsCards
from agent.channels.http.refusals import answer_to
from agent.channels.messaging.port import Address, Arrival, Card, ChatPlace, Notice, Receipt
from agent.channels.teams.access import access_of
from agent.channels.teams.channel import TeamsChannel
from agent.settings import Settings
from plugins.domain.plan import Person
from plugins.listening import end_listening

pytestmark = pytest.mark.integration


class KeepingRoom:
    """A room that keeps what it is given, each once, and answers a click as it is told to."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.repeats = 0
        self.met_at: list[Address] = []
        self.gone_from: list[ChatPlace] = []
        self.card: Card | None = None
        self.private: Card | None = None
        self.view_seconds = 0.0

    async def take_in(self, arrival: Arrival) -> Receipt:
        fresh = all(known.client_id != arrival.client_id for known in self.arrivals)
        if fresh:
            self.arrivals.append(arrival)
        else:
            self.repeats += 1
        return Receipt(fresh, self.card, self.private)

    async def view(self, address: Address, person: Person, plan_id: str) -> Card:
        await asyncio.sleep(self.view_seconds)
        return TeamsCards().card(Notice(f"{plan_id} as {person.name} sees it in {address.place.id}"))

    async def met(self, address: Address, person: Person | None) -> None:  # noqa: ARG002
        self.met_at.append(address)

    async def gone(self, place: ChatPlace) -> None:
        self.gone_from.append(place)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Bot:
    """A Teams channel that listens on loopback."""

    def __init__(self, room: KeepingRoom, service: TeamsService, clock: Clock, url: str) -> None:
        self.room, self.service, self.clock, self.url = room, service, clock, url
        self.sender = Sender(service.url)
        self.http = aiohttp.ClientSession()

    async def post(self, body: Any, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        sent = body if isinstance(body, bytes | str | io.BytesIO) else json.dumps(body)
        given = {"Content-Type": "application/json", **(self.service.headers() if headers is None else headers)}
        async with self.http.post(f"{self.url}/api/messages", data=sent, headers=given) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None


@web.middleware
async def answered(request: web.Request, handler: Any) -> web.StreamResponse:
    """As the server does it."""
    try:
        return await handler(request)
    except Exception as error:  # noqa: BLE001
        return answer_to(error)


@pytest.fixture
async def service() -> AsyncIterator[TeamsService]:
    made = await TeamsService().start()
    yield made
    await made.stop()


@pytest.fixture
async def bot(service: TeamsService) -> AsyncIterator[Bot]:
    settings = Settings.model_validate(
        {"Teams": service.settings(Roles={"object-ana": "requester", "group-1": ["approver"]}, GraphGroups=True)}
    )
    access = access_of(settings, {"TEAMS_APP_PASSWORD": PASSWORD})
    assert access is not None
    clock, room = Clock(), KeepingRoom()
    channel = TeamsChannel(access, room, clock=clock)
    app = web.Application(middlewares=[answered])
    app.add_routes(channel.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made = Bot(room, service, clock, f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield made
    await made.http.close()
    await channel.stop(5)
    await end_listening(runner)


async def test_a_good_token_lets_a_message_in_and_is_read_once(bot: Bot) -> None:
    headers = bot.service.headers()
    for text in ("one", "two"):
        assert (await bot.post(bot.sender.text(text), headers))[0] == 202
    assert [arrival.text for arrival in bot.room.arrivals] == ["one", "two"]
    assert bot.service.fetched_keys == 1


WRONG: dict[str, Callable[[TeamsService], dict[str, str]]] = {
    "no header": lambda _: {},
    "empty": lambda _: {"Authorization": "Bearer "},
    "basic": lambda _: {"Authorization": "Basic abc"},
    "lower case": lambda s: {"Authorization": s.headers()["Authorization"].replace("Bearer", "bearer")},
    "garbage": lambda _: {"Authorization": "Bearer abc.def.ghi"},
    "not base64": lambda _: {"Authorization": "Bearer ää.öö.üü"},
    "another audience": lambda s: s.headers(aud="somebody"),
    "no audience": lambda s: s.headers(aud=None),
    "another issuer": lambda s: s.headers(iss="https://sts.example.net"),
    "another service address": lambda s: s.headers(serviceurl="https://elsewhere.example"),
    "no service address": lambda s: s.headers(serviceurl=None),
    "over": lambda s: s.headers(exp=1_600_000_000),
    "without an end": lambda s: s.headers(exp=None),
    "an end that is no number": lambda s: s.headers(exp="soon"),
    "an endless end": lambda s: s.headers(exp=10**400),
    "not yet": lambda s: s.headers(nbf=4_000_000_000),
    "unsigned": lambda s: s.headers(algorithm="none"),
    "signed with a shared secret": lambda s: s.headers(algorithm="HS256"),
    "no key named": lambda s: s.headers(kid=""),
    "a key that nobody published": lambda s: s.headers(kid="k9"),
    "another signature": lambda s: {"Authorization": s.headers()["Authorization"][:-8] + "AAAAAAAA"},
}


@pytest.mark.parametrize("case", WRONG)
async def test_any_wrong_token_is_answered_401_and_nothing_is_kept(bot: Bot, case: str) -> None:
    status, said = await bot.post(bot.sender.text("hello"), WRONG[case](bot.service))
    assert status == 401
    assert said["error"]["code"] == "teams_not_verified"
    assert bot.room.arrivals == []


async def test_a_key_that_may_not_speak_for_teams_is_refused(bot: Bot) -> None:
    bot.service.endorsements = ["webchat"]
    assert (await bot.post(bot.sender.text("hello")))[0] == 401


async def test_a_new_key_is_found_without_a_restart_and_asked_for_once_a_minute(bot: Bot) -> None:
    await bot.post(bot.sender.text("hello"))
    bot.service.kid = "k2"
    # Within the first minute nobody is asked again: the token waits.
    assert (await bot.post(bot.sender.text("hello")))[0] == 401
    bot.clock.now += 60
    assert (await bot.post(bot.sender.text("hello again")))[0] == 202
    assert bot.service.fetched_keys == 2
    for _ in range(5):
        assert (await bot.post(bot.sender.text("hello"), bot.service.headers(kid="k7")))[0] == 401
    assert bot.service.fetched_keys == 2


async def test_while_the_keys_cannot_be_read_nobody_is_let_in(bot: Bot) -> None:
    bot.service.down = True
    assert (await bot.post(bot.sender.text("hello")))[0] == 401
    assert bot.room.arrivals == []


BROKEN: dict[str, Any] = {
    "no JSON": "{",
    "a list": "[]",
    "a number": "7",
    "nothing": "",
    "no text in UTF-8": b"\xff\xfe",
    "deep": "[" * 100_000,
    **{f"no {name}": name for name in ("channelId", "serviceUrl", "conversation", "from", "type")},
}


@pytest.mark.parametrize("case", BROKEN)
async def test_what_is_no_activity_is_answered_400_with_what_is_missing(bot: Bot, case: str) -> None:
    body: Any = BROKEN[case]
    if case.startswith("no ") and isinstance(body, str) and body != "{":
        body = {name: value for name, value in bot.sender.text("hello").items() if name != body}
    status, said = await bot.post(body)
    assert status == 400
    assert said["error"]["code"] == "teams_no_activity"
    assert bot.room.arrivals == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"channelId": "webchat"}, 401),  # its key may not speak for it
        ({"conversation": {"id": "c", "conversationType": "personal", "tenantId": "another"}}, 403),
        ({"from": {"id": "29:x", "name": "Ana"}}, 202),  # nobody whom the directory knows
        ({"text": ""}, 202),
        ({"type": "typing"}, 202),
        ({"type": "messageReaction", "reactionsAdded": [{"type": "like"}]}, 202),
        ({"type": "messageUpdate", "text": "yes"}, 202),
        ({"type": "messageDelete"}, 202),
        ({"type": "event", "name": "x"}, 202),
        ({"type": "invoke", "name": "composeExtension/query"}, 200),
    ],
)
async def test_what_is_none_of_its_business_changes_nothing(bot: Bot, change: dict[str, Any], status: int) -> None:
    assert (await bot.post({**bot.sender.text("hello"), **change}))[0] == status
    assert bot.room.arrivals == []


async def test_the_tenant_stands_in_either_place_and_must_be_let_in(bot: Bot) -> None:
    activity = bot.sender.text("hello")
    del activity["conversation"]["tenantId"]
    assert (await bot.post(activity))[0] == 202
    activity["channelData"]["tenant"]["id"] = "another"
    assert (await bot.post(activity))[0] == 403


async def test_an_activity_that_is_delivered_twice_is_taken_in_once(bot: Bot) -> None:
    activity = bot.sender.text("hello")
    assert [(await bot.post(activity))[0] for _ in range(2)] == [202, 202]
    assert (len(bot.room.arrivals), bot.room.repeats) == (1, 1)


async def test_a_person_is_the_directorys_object_with_the_roles_of_their_groups(bot: Bot) -> None:
    bot.service.groups["object-ana"] = ["GROUP-1", "group-7"]
    await bot.post(bot.sender.text("hello"))
    await bot.post(bot.sender.text("hello", by={**person("Ben"), "name": "Ana"}))
    ana, ben = (arrival.person for arrival in bot.room.arrivals)
    assert ana == Person(
        id="object-ana",
        name="Ana",
        roles=("requester", "approver"),
        issuer=f"teams:{TENANT}",
        object_id=f"{TENANT}/object-ana",
    )
    # A display name gives nothing.
    assert (ben.id, ben.roles) == ("object-ben", ())


async def test_groups_that_cannot_be_read_give_no_role(bot: Bot) -> None:
    await bot.post(bot.sender.text("hello"))
    bot.service.down = True
    bot.service.groups["object-ben"] = ["group-1"]
    await bot.post(bot.sender.text("hello", by=person("Ben")))
    assert bot.room.arrivals[-1].person.roles == ()


async def test_in_a_channel_only_who_mentions_brickie_speaks_to_it(bot: Bot) -> None:
    await bot.post(bot.sender.in_channel("Databricks for the ML team in dev", thread="17"))
    talk = bot.sender.in_channel("lunch?")
    await bot.post({**talk, "text": "lunch?", "entities": []})
    (arrival,) = bot.room.arrivals
    assert arrival.text == "Databricks for the ML team in dev"
    assert arrival.address.place == ChatPlace(
        platform="teams", tenant=TENANT, id="19:general@thread.tacv2", thread="17", kind="group"
    )


async def test_an_attachment_is_answered_with_a_word_and_kept_out(bot: Bot) -> None:
    file = {"contentType": "application/vnd.microsoft.teams.file.download.info", "name": "plan.xlsx"}
    await bot.post({**bot.sender.text(""), "attachments": [file]})
    (call,) = await bot.service.wait_for(1)
    assert "I cannot read files" in call.words
    assert bot.room.arrivals == []


async def test_words_beside_an_attachment_and_a_formatted_repeat_are_words(bot: Bot) -> None:
    await bot.post(
        {**bot.sender.text("hello"), "attachments": [{"contentType": "text/html", "content": "<p>hello</p>"}]}
    )
    assert [arrival.text for arrival in bot.room.arrivals] == ["hello"]


async def test_installing_is_met_and_removing_is_gone(bot: Bot) -> None:
    await bot.post(bot.sender.activity("installationUpdate", action="add"))
    await bot.post(bot.sender.activity("installationUpdate", action="remove"))
    assert [address.place.kind for address in bot.room.met_at] == ["personal"]
    assert [place.kind for place in bot.room.gone_from] == ["personal"]
    (call,) = await bot.service.wait_for(1)
    assert call.words.startswith("I am Brickie")


async def test_a_megabyte_is_refused_and_sixty_thousand_characters_are_taken(bot: Bot) -> None:
    assert (await bot.post(bot.sender.text("x" * 60_000)))[0] == 202
    assert (await bot.post(io.BytesIO(json.dumps(bot.sender.text("x" * 2_000_000)).encode())))[0] == 413
    assert len(bot.room.arrivals) == 1


async def test_no_json_is_told_apart(bot: Bot) -> None:
    headers = {**bot.service.headers(), "Content-Type": "application/octet-stream"}
    assert (await bot.post(bot.sender.text("hello"), headers))[0] == 415


CLICK = {
    "verb": "confirm",
    "data": {"action": "confirm", "click": {"conversation": "cnv_1", "plan_id": "pln_1", "digest": "d"}},
}


async def test_a_click_carries_what_the_card_carried_and_what_was_typed(bot: Bot) -> None:
    bot.room.card = TeamsCards().card(Notice("Ana is deciding"))
    inputs = {"input.value": "dbw-ml-prod", "input.comment": "go", "answer.team": "ml"}
    status, said = await bot.post(bot.sender.click(CLICK, inputs=inputs, replyToId="msg-7"))
    (arrival,) = bot.room.arrivals
    assert (status, said["statusCode"], said["type"]) == (200, 200, "application/vnd.microsoft.card.adaptive")
    assert said["value"]["fallbackText"] == "Ana is deciding"
    assert arrival.click is not None
    assert arrival.click.model_dump(exclude_none=True) == {
        "verb": "confirm",
        "conversation": "cnv_1",
        "plan_id": "pln_1",
        "digest": "d",
        "value": "dbw-ml-prod",
        "comment": "go",
        "answers": {"team": "ml"},
    }
    assert arrival.message_id == "msg-7"


async def test_a_private_answer_to_a_click_is_a_word_that_only_the_clicker_sees(bot: Bot) -> None:
    bot.room.private = TeamsCards().card(Notice("Only an approver may do that.", "refusal"))
    _, said = await bot.post(bot.sender.click(CLICK))
    assert said == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": "Only an approver may do that.",
    }


async def test_the_click_of_an_older_client_is_answered_by_an_edit(bot: Bot) -> None:
    bot.room.card = TeamsCards().card(Notice("Approved by Ana"))
    status, _ = await bot.post({**bot.sender.activity(replyToId="msg-7"), "value": CLICK["data"]})
    (call,) = await bot.service.wait_for(1)
    assert (status, call.act, call.message_id, call.words) == (202, "update", "msg-7", "Approved by Ana")


EDITED: dict[str, Any] = {
    "another verb": {**CLICK, "verb": "reject"},
    "a verb that there is not": {"verb": "apply", "data": {"action": "apply", "click": {}}},
    "no click": {"verb": "confirm", "data": {"action": "confirm"}},
    "a list for an id": {"verb": "confirm", "data": {"action": "confirm", "click": {"plan_id": ["pln_1"]}}},
    "too much": {"verb": "confirm", "data": {"action": "confirm", "click": {"plan_id": "x" * 100_000}}},
}


@pytest.mark.parametrize("case", EDITED)
async def test_a_card_whose_content_was_edited_is_answered_with_a_word_and_kept_out(bot: Bot, case: str) -> None:
    status, said = await bot.post(bot.sender.click(EDITED[case]))
    assert (status, said["type"]) == (200, "application/vnd.microsoft.activity.message")
    assert "nothing was changed" in said["value"]
    assert bot.room.arrivals == []


async def test_a_refresh_is_answered_at_once_with_a_card_whatever_happens(bot: Bot) -> None:
    action = {"verb": "show", "data": {"action": "show", "refresh": True, "click": {"plan_id": "pln_1"}}}
    status, said = await bot.post(bot.sender.click(action))
    assert (status, said["type"]) == (200, "application/vnd.microsoft.card.adaptive")
    assert said["value"]["fallbackText"] == "pln_1 as Ana sees it in a:29:ana"
    bot.room.view_seconds = 30
    begun = asyncio.get_running_loop().time()
    status, said = await bot.post(bot.sender.click(action))
    assert (status, said["type"]) == (200, "application/vnd.microsoft.card.adaptive")
    assert asyncio.get_running_loop().time() - begun < 4
    assert bot.room.arrivals == []


@pytest.mark.parametrize(
    ("text", "command"),
    [("link", ("link", None)), ("/link", ("link", None)), ("Notify digest", ("notify", "digest"))],
)
async def test_a_command_to_the_room_is_one(bot: Bot, text: str, command: tuple[str, str | None]) -> None:
    await bot.post(bot.sender.text(text))
    (arrival,) = bot.room.arrivals
    assert arrival.command is not None
    assert (arrival.command.kind, getattr(arrival.command, "value", None)) == command
