"""The whole way in Teams: a sentence, a plan, a second person, a workspace; over a real server, records and outbox."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from teams_served import ANA, BEN, INES, ZOE, TeamsServed, brickie_with_teams, verbs
from teams_service import TENANT

from agent.events import Message

pytestmark = pytest.mark.integration

APPROVERS = "19:approvers@thread.tacv2"
DEV = "Databricks for the ML team in dev"
PROD = "production workspace for the ledger team, etl, west europe, private link, 2 to 4"


@pytest.fixture
async def brickie(tmp_path: Path) -> AsyncIterator[TeamsServed]:
    async with brickie_with_teams(tmp_path / "home", {"ApprovalsConversation": APPROVERS}) as served:
        yield served


async def test_a_sentence_becomes_a_workspace_in_a_personal_chat(brickie: TeamsServed) -> None:
    await brickie.say(DEV)
    plan = await brickie.seen("A new workspace: dev")
    assert plan.card["fallbackText"].startswith("dbw-ml-dev: A new workspace: dev, eastus, about ")
    assert verbs(plan.card) >= {"confirm", "reject"}
    answer = await brickie.press(plan, "confirm")
    assert answer["type"] == "application/vnd.microsoft.card.adaptive"
    done = await brickie.seen("✓ dbw-ml-dev")
    assert (done.act, done.message_id != plan.message_id) == ("send", True)
    # The card says for good who decided, and nothing on it can be pressed any more.
    final = await brickie.seen("Approved by Ana")
    assert (final.act, final.message_id, verbs(final.card)) == ("update", plan.message_id, set())
    assert brickie.terraform.applied


async def test_questions_are_answered_by_chips_and_by_one_form(brickie: TeamsServed) -> None:
    await brickie.say("I need a workspace")
    form = await brickie.seen("answer.environment")
    action = next(one for one in form.card["actions"] if one["verb"] == "answers")
    inputs = {"answer.team": "fern", "answer.environment": "dev", "answer.workload_type": "data_science"}
    await brickie.post(brickie.sender.click(action, inputs=inputs, replyToId=form.message_id))
    plan = await brickie.seen("dbw-fern-dev: A new workspace")
    await brickie.say("make it westeurope")
    again = await brickie.seen("dbw-fern-dev: A new workspace: dev, westeurope")
    assert again.message_id != plan.message_id or again.act == "update"


async def test_production_is_announced_to_the_approvers_and_decided_by_a_second_person(brickie: TeamsServed) -> None:
    await brickie.say(PROD, by=ANA)
    asked = await brickie.seen("Ana asks for your decision", at=APPROVERS)
    assert "about" in asked.words
    own = await brickie.seen("A new workspace: prod", at="a:29:ana")
    # Whoever asked cannot decide it, and is told so, for their eyes alone; nothing is decided.
    if "confirm" in verbs(own.card):
        refused = await brickie.press(own, "confirm", by=ANA)
        assert refused["type"] == "application/vnd.microsoft.activity.message"
    assert not brickie.terraform.applied
    stranger = await brickie.press(asked, "confirm", by=ZOE)
    assert stranger["type"] == "application/vnd.microsoft.activity.message"
    assert not brickie.terraform.applied
    await brickie.press(asked, "confirm", by=INES, comment="go, but watch the cost")
    await brickie.seen("✓ dbw-ledger-prod")
    final = await brickie.seen("Approved by Ines", at=APPROVERS)
    assert (final.act, final.message_id, verbs(final.card)) == ("update", asked.message_id, set())
    assert "go, but watch the cost" in json.dumps(final.card)
    own_final = await brickie.seen("Approved by Ines", at="a:29:ana")
    assert verbs(own_final.card) == set()


async def test_a_stale_click_gets_a_private_answer_and_changes_nothing(brickie: TeamsServed) -> None:
    await brickie.say(PROD)
    asked = await brickie.seen("Ana asks for your decision", at=APPROVERS)
    await brickie.press(asked, "reject", by=INES, comment="too dear")
    await brickie.seen("Rejected by Ines", at=APPROVERS)
    late = await brickie.press(asked, "confirm", by=BEN)
    assert late["type"] == "application/vnd.microsoft.activity.message"
    assert late["value"]
    assert not brickie.terraform.applied


async def test_a_prod_destroy_is_confirmed_by_its_typed_name(brickie: TeamsServed) -> None:
    await brickie.say(PROD)
    await brickie.press(await brickie.seen("Ana asks for your decision", at=APPROVERS), "confirm", by=INES)
    await brickie.seen("✓ dbw-ledger-prod")
    await brickie.say("destroy dbw-ledger-prod")
    asked = await brickie.seen("DESTROY: everything in it is lost", at=APPROVERS)
    wrong = await brickie.press(asked, "confirm", by=INES, value="dbw-ledger")
    assert wrong["type"] == "application/vnd.microsoft.activity.message"
    assert len(brickie.terraform.applied) == 1
    await brickie.press(asked, "confirm", by=INES, value="dbw-ledger-prod")
    await brickie.seen("✓ dbw-ledger-prod: destroyed")


async def test_in_a_channel_each_person_has_drafts_of_their_own(brickie: TeamsServed) -> None:
    await brickie.post(brickie.sender.in_channel("Databricks for the ML team", by=ANA))
    await brickie.post(brickie.sender.in_channel("Databricks for the fern team in dev, notebooks", by=INES))
    plan = await brickie.seen("dbw-fern-dev: A new workspace")
    assert plan.place == "19:general@thread.tacv2;messageid=1"
    assert "dbw-ml" not in json.dumps(plan.body)


async def test_what_is_delivered_twice_is_answered_once(brickie: TeamsServed) -> None:
    activities = [brickie.sender.text("help", conversation=_personal(number)) for number in range(10)]
    await asyncio.gather(*(brickie.post(activity) for activity in (*activities, *reversed(activities))))
    await brickie.service.wait_for(10)
    await asyncio.sleep(0.5)
    assert sorted(call.place for call in brickie.service.calls) == sorted(f"a:{number}" for number in range(10))


def _personal(number: int) -> dict[str, object]:
    return {"id": f"a:{number}", "conversationType": "personal", "tenantId": TENANT}


async def test_a_channel_that_is_busy_is_written_to_again_and_only_once(
    brickie: TeamsServed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.channels.messaging.outbox.FIRST_PAUSE", 0.1)
    brickie.service.answers.extend([(429, "Throttled", "0.2"), (502, "BadGateway", None), (412, "Precondition", None)])
    await brickie.say("help")
    await brickie.service.wait_for(1, seconds=30)
    await asyncio.sleep(0.5)
    assert [call.status for call in brickie.service.refused] == [429, 502, 412]
    assert len(brickie.service.calls) == 1


async def test_sixty_thousand_characters_get_one_clear_word(brickie: TeamsServed) -> None:
    await brickie.say("x " * 30_001)
    (call,) = await brickie.service.wait_for(1)
    assert "60,001" in call.words
    assert not brickie.terraform.applied


async def test_after_a_restart_an_old_card_is_decided_and_nothing_is_lost(tmp_path: Path) -> None:
    async with brickie_with_teams(tmp_path / "home", {"ApprovalsConversation": APPROVERS}) as brickie:
        await brickie.say(PROD)
        asked = await brickie.seen("Ana asks for your decision", at=APPROVERS)
        await brickie.stop()
        await brickie.start()
        await brickie.press(asked, "confirm", by=INES)
        final = await brickie.seen("Approved by Ines", at=APPROVERS)
        assert (final.message_id, verbs(final.card)) == (asked.message_id, set())
        await brickie.seen("Approved by Ines", at="a:29:ana")


@pytest.fixture
def quick_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a Brickie that is started afterwards: Microsoft's side on loopback has no limits."""
    monkeypatch.setattr("agent.channels.messaging.answer_streams.PIECE_SECONDS", 0.3)


async def test_what_was_said_before_a_stop_is_answered_before_it_has_stopped(tmp_path: Path) -> None:
    async with brickie_with_teams(tmp_path / "home") as brickie:
        await brickie.say("help")
        await brickie.stop()
        told = [call.act for call in brickie.service.calls]
        await brickie.start()
        assert told == ["send"]


async def test_an_answer_that_is_being_written_is_shown_as_it_grows_and_ends_as_one_message(
    quick_pieces: None,  # noqa: ARG001 - before Brickie starts
    brickie: TeamsServed,
) -> None:
    await brickie.say("help")
    await brickie.service.wait_for(1)
    before = len(brickie.service.calls)
    conversation = await brickie.conversation_of(ANA)
    pieces = ["Spot machines ", "cost a fraction, ", "but Azure can take them away."]
    for piece in pieces:
        brickie.emit(Message(conversation=conversation, turn=2, text=piece, delta=True))
        await asyncio.sleep(0.5)
    whole = Message(conversation=conversation, turn=2, text="".join(pieces))
    await brickie.keep(whole)
    await brickie.seen("but Azure can take them away.")
    await asyncio.sleep(1)
    calls = brickie.service.calls[before:]
    infos = [call.body["entities"][0] for call in calls]
    assert [info["streamType"] for info in infos] == ["streaming"] * (len(calls) - 1) + ["final"]
    assert [info["streamSequence"] for info in infos[:-1]] == list(range(1, len(calls)))
    assert {info["streamId"] for info in infos[1:]} == {calls[0].message_id}
    assert len(calls) >= 3
    assert all(later.words.startswith(earlier.words) for earlier, later in itertools.pairwise(calls))


async def test_a_short_answer_and_one_in_a_channel_are_plain_messages(brickie: TeamsServed) -> None:
    await brickie.say("help")
    await brickie.service.wait_for(1)
    conversation = await brickie.conversation_of(ANA)
    brickie.emit(Message(conversation=conversation, turn=2, text="Yes.", delta=True))
    await brickie.keep(Message(conversation=conversation, turn=2, text="Yes."))
    answer = await brickie.seen("Yes.")
    assert (answer.body["type"], answer.body.get("entities")) == ("message", None)
