"""Slack's deliveries through real bolt: what is taken in, what is refused, what is dropped, and what is answered."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from slack_rooms import PlayedSlack, played
from slack_shown import asked_plan, plan, refused

from agent.channels.cards.slack import SlackCards
from agent.channels.messaging.port import Asked
from agent.channels.slack.double.sending import (
    Sent,
    chosen,
    commanded,
    event,
    message_event,
    pressed,
    pressed_at_home,
    submitted,
)
from agent.channels.slack.double.workspace import BOT, TEAM, ApiRefusal, Record
from agent.channels.slack.web_api import SlackRefused, WebApi
from agent.events import Choice, Question, SlotQuestion

pytestmark = pytest.mark.integration

ORDER = f"<@{BOT}> dev databricks for the ml team"


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[PlayedSlack]:
    async with played() as one:
        yield one


def mention(slack: PlayedSlack, text: str = ORDER, user: str = "U0ANA", thread: str | None = None) -> Sent:
    return message_event(slack.workspace.said(user, "C0PLATFORM", text, thread=thread), mentions=BOT in text)


def texts(slack: PlayedSlack) -> list[str | None]:
    return [kept.text for kept in slack.room.arrivals]


def only(records: list[Record]) -> Record:
    assert len(records) == 1, records
    return records[0]


async def test_a_mention_is_an_order_in_a_thread_of_its_own(slack: PlayedSlack) -> None:
    sent = mention(slack)
    assert await slack.send(sent) == {}
    kept = slack.room.arrivals[0]
    assert kept.text == "dev databricks for the ml team"
    assert (kept.address.place.id, kept.address.place.thread) == ("C0PLATFORM", sent.payload["event"]["ts"])
    assert (kept.person.id, kept.person.name, kept.person.email) == ("U0ANA", "Ana Ruiz", "ana@contoso.com")
    assert kept.person.roles == ("requester",)


async def test_a_direct_message_needs_no_mention_and_no_thread(slack: PlayedSlack) -> None:
    await slack.send(message_event(slack.workspace.said("U0ANA", "D0ANA", "list my workspaces")))
    place = slack.room.arrivals[0].address.place
    assert (place.kind, place.thread, place.id) == ("personal", None, "D0ANA")


async def test_one_message_is_one_however_often_and_by_whichever_event_it_comes(slack: PlayedSlack) -> None:
    message = slack.workspace.said("U0ANA", "C0PLATFORM", ORDER)
    first = message_event(message, mentions=True)
    for sent in (first, first, message_event(message), first):
        assert await slack.send(sent) == {}
    assert texts(slack) == ["dev databricks for the ml team"]


async def test_a_follow_up_is_heard_of_those_who_take_part(slack: PlayedSlack) -> None:
    root = mention(slack)
    await slack.send(root)
    thread = root.payload["event"]["ts"]
    await slack.send(mention(slack, "make it westus2", thread=thread))
    await slack.send(mention(slack, "no idea what this is", user="U0BEN", thread=thread))
    await slack.send(mention(slack, "<@U0BEN> what do you think?", thread=thread))
    await slack.send(mention(slack, "just chatting"))
    assert texts(slack) == ["dev databricks for the ml team", "make it westus2"]


async def test_with_strict_threads_a_mention_is_wanted_each_time() -> None:
    async with played(threads="strict") as slack:
        root = mention(slack)
        await slack.send(root)
        thread = root.payload["event"]["ts"]
        await slack.send(mention(slack, "make it westus2", thread=thread))
        await slack.send(mention(slack, f"<@{BOT}> make it westus2", thread=thread))
        assert texts(slack) == ["dev databricks for the ml team", "make it westus2"]


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"user": BOT},
        {"user": "U0APP"},
        {"user": "U0GONE"},
        {"user": "USLACKBOT"},
    ],
)
async def test_bots_edits_and_notices_are_dropped_without_a_word(slack: PlayedSlack, more: Record) -> None:
    message = slack.workspace.said("U0ANA", "C0PLATFORM", ORDER)
    assert await slack.send(message_event({**message, **more}, mentions=True, **more)) == {}
    await slack.rested()
    assert slack.room.arrivals == []
    assert slack.workspace.called("chat.postEphemeral") == []


@pytest.mark.parametrize(
    ("user", "says"),
    [("U0GUEST", "Guests and people of other organisations"), ("U0NEW", "no confirmed e-mail address")],
)
async def test_who_is_not_served_is_told_why_and_only_they(slack: PlayedSlack, user: str, says: str) -> None:
    for _ in range(3):
        await slack.send(mention(slack, user=user))
    await slack.rested()
    assert slack.room.arrivals == []
    told = only([call.arguments for call in slack.workspace.called("chat.postEphemeral")])
    assert told["user"] == user
    assert says in told["text"]


async def test_a_guest_who_is_named_is_served() -> None:
    async with played(roles={"U0GUEST": "requester"}) as slack:
        await slack.send(mention(slack, user="U0GUEST"))
        assert slack.room.arrivals[0].person.roles == ("requester",)


async def test_without_a_workspace_in_the_settings_nobody_is_served() -> None:
    async with played(team_ids=()) as slack:
        await slack.send(mention(slack))
        await slack.rested()
        assert slack.room.arrivals == []
        assert "Slack__TeamIds" in slack.workspace.called("chat.postEphemeral")[0].arguments["text"]


async def test_roles_come_from_groups_and_confirmed_addresses() -> None:
    async with played(roles={"S0APPROVERS": ["approver"], "Ana@Contoso.com": "requester"}) as slack:
        await slack.send(mention(slack, user="U0INES"))
        await slack.send(mention(slack, user="U0ANA"))
        await slack.send(mention(slack, user="U0BEN"))
        assert [kept.person.roles for kept in slack.room.arrivals] == [("approver",), ("requester",)]


async def test_what_cannot_be_kept_is_not_acknowledged_and_comes_again(slack: PlayedSlack) -> None:
    sent = mention(slack)
    slack.room.fails = 1
    assert await slack.send(sent) is None
    assert await slack.send(sent) == {}
    assert len(slack.room.arrivals) == 1


async def test_who_cannot_be_looked_up_is_looked_up_at_the_repeat(slack: PlayedSlack) -> None:
    slack.workspace.refusals["users.info"].append(ApiRefusal("ratelimited", status=429, retry_after=1))
    sent = mention(slack)
    assert await slack.send(sent) is None
    assert await slack.send(sent) == {}
    assert len(slack.room.arrivals) == 1


async def test_a_wait_without_measure_is_tried_again_after_a_quarter_of_an_hour(slack: PlayedSlack) -> None:
    slack.workspace.refusals["users.info"].append(ApiRefusal("ratelimited", status=429, retry_after=10**12))
    api = WebApi("xoxb-of-nobody", slack.double.api_url)
    with pytest.raises(SlackRefused) as failed:
        await api.look("users.info", {"user": "U1"})
    await api.close()
    assert failed.value.retry_after_seconds == 900


async def test_only_what_slack_signed_within_five_minutes_is_read(slack: PlayedSlack) -> None:
    sent = mention(slack)
    body = sent.body.encode()
    good = slack.sign(sent)
    answers = [
        await slack.post(body, {}),
        await slack.post(body, slack.sign(sent, "another secret")),
        await slack.post(body, slack.sign(sent, ago=400)),
        await slack.post(body, {**good, "X-Slack-Request-Timestamp": "yesterday"}),
        await slack.post(body, {**good, "X-Slack-Signature": "v0=é"}),
        await slack.post(body + b" ", good),
    ]
    assert answers == [401] * 6
    assert slack.room.arrivals == []
    assert await slack.post(body, good) == 200


async def test_slack_is_answered_that_the_address_is_ours(slack: PlayedSlack) -> None:
    asked = Sent("events_api", {"type": "url_verification", "challenge": "c1"})
    assert await slack.send(asked) == {"challenge": "c1"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b'"x"', b"payload=%7B", b"payload=5"])
async def test_a_signed_body_that_is_none_is_a_plain_400(slack: PlayedSlack, body: bytes) -> None:
    import hashlib
    import hmac
    import time

    for kind in ("application/json", "application/x-www-form-urlencoded"):
        at = str(int(time.time()))
        mark = hmac.new(b"a signing secret of tests", b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={mark}", "Content-Type": kind}
        assert await slack.post(body, headers) in (400, 404)


async def test_a_click_names_its_plan_and_the_message_it_was_on(slack: PlayedSlack) -> None:
    message = await shown_plan(slack)
    assert await slack.send(pressed("U0ANA", message, element_of(message, "Confirm"))) == {}
    kept = slack.room.arrivals[0]
    assert kept.click is not None
    assert (kept.click.verb, kept.click.plan_id, kept.message_id) == ("confirm", "pln_2", message["ts"])


async def test_an_approver_decides_in_a_form_and_holds_the_plan_meanwhile(slack: PlayedSlack) -> None:
    message = await shown_plan(slack, for_approvers=True)
    await slack.send(pressed("U0INES", message, element_of(message, "Confirm")))
    await slack.rested()
    view = only(list(slack.workspace.views.values()))
    assert await slack.send(submitted("U0INES", view, {"comment": "until March"})) == {}
    clicks = [kept.click for kept in slack.room.arrivals if kept.click is not None]
    assert [(click.verb, click.comment) for click in clicks] == [("decide", None), ("confirm", "until March")]
    assert clicks[1].digest == plan("deploy").digest


async def test_a_typed_name_is_checked_before_the_form_closes(slack: PlayedSlack) -> None:
    proposed = plan("life", -1)
    typed = proposed.model_copy(
        update={"confirm": proposed.confirm.model_copy(update={"kind": "type", "phrase": "dbw-x"})}
    )
    message = await shown(slack, SlackCards().card(asked_plan(typed)))
    await slack.send(pressed("U0ANA", message, element_of(message, "Confirm")))
    await slack.rested()
    view = only(list(slack.workspace.views.values()))
    answered = await slack.send(submitted("U0ANA", view, {"typed": "dbw-y"}))
    assert answered == {"response_action": "errors", "errors": {"typed": "Type it exactly: dbw-x"}}
    assert await slack.send(submitted("U0ANA", {**view, "hash": "2"}, {"typed": "dbw-x"})) == {}
    last = slack.room.arrivals[-1].click
    assert last is not None
    assert (last.verb, last.value) == ("confirm", "dbw-x")


async def test_editing_a_plan_says_what_differs_in_words(slack: PlayedSlack) -> None:
    message = await shown_plan(slack)
    await slack.send(pressed("U0ANA", message, element_of(message, "Edit…")))
    await slack.rested()
    view = only(list(slack.workspace.views.values()))
    filled = {block["block_id"]: block["element"].get("initial_value", "") for block in view["blocks"][1:]}
    same = {name: value for name, value in filled.items() if value}
    refused_ = await slack.send(submitted("U0ANA", view, {**same, "max_workers": "many", "owner": "ana"}))
    assert refused_ is not None
    assert set(refused_["errors"]) == {"max_workers", "owner"}
    await slack.send(submitted("U0ANA", view, {**same, "region": "westeurope", "cost_center": "4412"}))
    assert texts(slack) == ["region westeurope, cost center 4412"]


async def test_several_answers_come_at_once(slack: PlayedSlack) -> None:
    choices = (Choice(label="Development", value="dev"), Choice(label="Production", value="prod"))
    question = Question(
        conversation="cnv_1",
        turn=1,
        questions=(
            SlotQuestion(slot="team", text="Which team?"),
            SlotQuestion(slot="environment", text="Which environment?", choices=choices),
        ),
    )
    message = await shown(slack, SlackCards().card(Asked(question)))
    picked = {"selected_option": {"value": "dev"}}
    values = {
        "brickie:answers:team": {"brickie:answers:team": {"value": " ml "}},
        "brickie:answers:environment": {"brickie:answers:environment": picked},
    }
    await slack.send(pressed("U0ANA", message, element_of(message, "Send"), values))
    click = slack.room.arrivals[0].click
    assert click is not None
    assert click.answers == {"team": "ml", "environment": "dev"}


async def test_a_slash_command_is_answered_for_the_asker_alone(slack: PlayedSlack) -> None:
    answered = await slack.send(commanded("U0ANA", "C0PLATFORM", "list my workspaces"))
    assert answered is not None
    assert answered["response_type"] == "ephemeral"
    assert slack.room.arrivals[0].private
    empty = await slack.send(commanded("U0ANA", "C0PLATFORM", " "))
    assert empty is not None
    assert "/brickie dev workspace" in empty["text"]
    assert len(slack.room.arrivals) == 1


async def test_a_message_is_ordered_from_in_its_own_thread(slack: PlayedSlack) -> None:
    message = slack.workspace.said("U0BEN", "C0PLATFORM", "we need *databricks* for bi, staging")
    await slack.send(chosen("U0ANA", message))
    await slack.rested()
    view = only(list(slack.workspace.views.values()))
    text = view["blocks"][0]["element"]["initial_value"]
    assert text == "we need databricks for bi, staging"
    await slack.send(submitted("U0ANA", view, {"text": text}))
    kept = slack.room.arrivals[0]
    assert (kept.person.id, kept.address.place.thread, kept.text) == ("U0ANA", message["ts"], text)


async def test_a_csv_in_a_thread_is_part_of_what_was_said(slack: PlayedSlack) -> None:
    slack.workspace.files["orders.csv"] = "team,environment\r\nml,dev\r\nbi,prod\r\n".encode("utf-8-sig")
    await slack.send(with_file(slack, "orders.csv", "text/csv"))
    assert texts(slack) == ["these, please\nteam,environment\nml,dev\nbi,prod"]


@pytest.mark.parametrize(
    ("name", "kind", "url", "says"),
    [
        ("orders.xlsx", "application/zip", None, "only CSV and text files"),
        ("orders.csv", "text/csv", "https://evil.example/orders.csv", "did not give it to me"),
        ("missing.csv", "text/csv", None, "did not give it to me"),
    ],
)
async def test_a_file_that_cannot_be_read_is_said(
    slack: PlayedSlack, name: str, kind: str, url: str | None, says: str
) -> None:
    await slack.send(with_file(slack, name, kind, url))
    await slack.rested()
    assert slack.room.arrivals == []
    assert says in slack.workspace.called("chat.postEphemeral")[0].arguments["text"]


def with_file(slack: PlayedSlack, name: str, kind: str, url: str | None = None) -> Sent:
    message = slack.workspace.said("U0ANA", "C0PLATFORM", f"<@{BOT}> these, please")
    at = url or f"{slack.double.address}/files/{name}"
    shared = {"name": name, "mimetype": kind, "size": 40, "url_private": at}
    return message_event(message, mentions=True, subtype="file_share", files=[shared])


async def test_the_app_home_shows_what_is_theirs(slack: PlayedSlack) -> None:
    opened = {"type": "app_home_opened", "user": "U0ANA", "channel": "D0ANA", "tab": "home"}
    await slack.send(event(opened))
    await slack.rested()
    shown_ = json.dumps(slack.workspace.homes["U0ANA"])
    assert "Nothing waits for your decision" in shown_
    assert slack.room.arrivals == []


async def test_a_button_of_the_app_home_speaks_in_their_own_chat(slack: PlayedSlack) -> None:
    value = json.dumps({"verb": "choose", "slot": "say", "value": "status of dbw-ml-dev"})
    await slack.send(pressed_at_home("U0ANA", {"action_id": "brickie:0:choose:", "value": value}))
    kept = slack.room.arrivals[0]
    assert (kept.text, kept.click, kept.address.place.id) == ("status of dbw-ml-dev", None, "D0ANA")


async def test_opening_the_chat_brings_suggestions_and_the_address(slack: PlayedSlack) -> None:
    thread = {"user_id": "U0ANA", "channel_id": "D0ANA", "thread_ts": "9.1"}
    await slack.send(event({"type": "assistant_thread_started", "assistant_thread": thread}))
    await slack.rested()
    assert slack.room.met_at[0].place.thread == "9.1"
    assert slack.workspace.prompts["D0ANA"]["prompts"][0]["title"] == "Order a workspace"


async def test_slacks_own_stop_is_our_stop(slack: PlayedSlack) -> None:
    stopped = {"type": "agent_session_stopped", "user": "U0ANA", "channel_id": "D0ANA", "thread_ts": "9.1"}
    await slack.send(event(stopped))
    click = slack.room.arrivals[0].click
    assert click is not None
    assert click.verb == "stop"


async def test_a_session_has_a_title_and_a_status(slack: PlayedSlack) -> None:
    await slack.send(message_event(slack.workspace.said("U0ANA", "D0ANA", "dev for ml", thread="9.1")))
    await slack.rested()
    session = slack.workspace.sessions["D0ANA", "9.1"]
    assert (session["title"], session["status"]) == ("dev for ml", "processing")


async def test_leaving_a_channel_is_noted(slack: PlayedSlack) -> None:
    await slack.send(event({"type": "channel_archive", "channel": "C0PLATFORM", "user": "U0ANA"}))
    assert [place.id for place in slack.room.left] == ["C0PLATFORM"]


async def shown(slack: PlayedSlack, card: object) -> Record:
    from agent.channels.messaging.port import Address, ChatPlace

    assert refused(card) == []  # type: ignore[arg-type]
    place = ChatPlace(platform="slack", tenant=TEAM, id="C0PLATFORM", kind="group")
    ts = await slack.platform.post(Address(place=place, reference={}), card, once="1")  # type: ignore[arg-type]
    return slack.workspace.messages["C0PLATFORM", ts]


async def shown_plan(slack: PlayedSlack, **more: object) -> Record:
    return await shown(slack, SlackCards().card(asked_plan(plan("deploy"), **more)))


def element_of(message: Record, label: str) -> Record:
    elements = [one for block in message["blocks"] for one in block.get("elements", []) if one.get("type") == "button"]
    return next(one for one in elements if one["text"]["text"] == label)
