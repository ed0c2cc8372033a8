"""A conversation in a chat platform, from the sentence to the workspace; taken in once, told once."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from chatting import ANA, EVE, INES, Chatting, group, personal

from agent.channels.messaging import room
from agent.channels.messaging.binding import conversation_of
from agent.channels.messaging.port import Arrival
from agent.channels.messaging.progress import KeptProgress
from agent.channels.messaging.telling import ChatTelling
from agent.events import Incoming, Progress
from agent.store.records import Records

pytestmark = pytest.mark.integration

GROUP = group("general", thread="t1")


async def test_a_sentence_becomes_a_workspace(tmp_path: Path) -> None:
    """The plan is shown with its buttons, one yes applies it, and how it ended is a message of its own."""
    async with Chatting(tmp_path) as chat:
        await chat.write(ANA, "Databricks for the ML team in dev")
        plan = chat.last("ShownPlan")
        assert set(plan.card["buttons"]) >= {"Approve", "Reject"}  # type: ignore[arg-type]
        receipt = await chat.press(ANA, plan.button("Approve"))
        assert receipt.card is not None
        assert "deciding: Ana" in str(receipt.card["text"])
        shown = chat.teams.seen_in(personal(ANA).place.id)
        assert [sent.card["shows"] for sent in shown] == ["ShownPlan", "ShownProgress", "ShownResult"]
        assert "approved by Ana where Microsoft Teams" in shown[0].text
        assert shown[0].card["buttons"] == {}
        assert shown[2].text.strip() == "dbw-ml-dev: succeeded"


async def test_what_goes_wrong_in_one_conversation_keeps_no_other_from_its_replies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    telling = ChatTelling.carry

    def carry(self: ChatTelling) -> bool:
        if self.chat.who == ANA:
            raise ZeroDivisionError
        return telling(self)

    monkeypatch.setattr(ChatTelling, "carry", carry)
    monkeypatch.setattr(room, "_SIDE_BY_SIDE", 1)
    async with Chatting(tmp_path) as chat:
        for person in (INES, ANA, EVE):  # whichever end is looked at first
            await chat.room.take_in(Arrival(f"of {person.id}", personal(person), person, text="help"))
        await chat.settle()
        assert {sent.place.id for sent in chat.teams.told} == {"personal:ines", "personal:eve"}
    assert "ZeroDivisionError" in caplog.text


async def test_whose_turn_could_not_begin_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first message of a new chat, and the records are away for a moment: where it was said is not lost with it."""
    begin_all, tries = Records.begin_all, list[int]()

    def begun(self: Records, incomings: Sequence[Incoming]) -> tuple[int, ...]:
        tries.append(len(incomings))
        if len(tries) == 1:
            raise OSError("the server is gone")
        return begin_all(self, incomings)

    monkeypatch.setattr(Records, "begin_all", begun)
    async with Chatting(tmp_path) as chat:
        await chat.room.take_in(Arrival("m1", personal(ANA), ANA, text="help"))
        await chat.settle()
        (told,) = chat.teams.seen_in(personal(ANA).place.id)
        assert "Say it again in a moment" in told.text
        conversation = conversation_of(personal(ANA).place, ANA)
        kinds = await chat.app.read(
            lambda records: [one.event["type"] for one in records.logged(conversation, after=0)]
        )
        assert kinds == ["said", "error", "state"]
        assert await chat.app.read(lambda records: records.unanswered(of_chats=True)) == ()


async def test_several_open_questions_are_one_form(tmp_path: Path) -> None:
    """The answers go back together; the form then shows them and has no button any more."""
    async with Chatting(tmp_path) as chat:
        await chat.write(ANA, "a Databricks workspace please")
        asked = chat.last("Asked")
        conversation = conversation_of(personal(ANA).place, ANA)
        answers = {"team": "ml", "environment": "dev", "workload_type": "data_engineering"}
        await chat.press(ANA, {"verb": "answers", "conversation": conversation, "answers": answers})
        closed = chat.teams.shown[asked.message_id]
        assert closed.card["buttons"] == {}
        assert "Development" in closed.text or "dev" in closed.text
        assert chat.last("ShownPlan").text.startswith("Ana: create")


async def test_nobody_answers_for_somebody_else(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await chat.write(ANA, "Databricks for the ML team", GROUP)
        conversation = conversation_of(GROUP.place, ANA)
        click = {"verb": "choose", "conversation": conversation, "slot": "environment", "value": "prod"}
        receipt = await chat.press(EVE, click, GROUP)
        assert receipt.private is not None
        assert str(receipt.private["text"]) == "That is Ana's request: only Ana can answer it."


async def test_in_a_group_what_is_for_one_is_private_and_can_be_shared(tmp_path: Path) -> None:
    """Lists, questions, refusals are for whoever asked; the plan and how it ends are for all. Drafts are one's own."""
    async with Chatting(tmp_path) as chat:
        await chat.write(ANA, "list my workspaces", GROUP)
        (listed,) = chat.teams.told
        assert (listed.act, listed.person) == ("private", "ana")
        await chat.press(EVE, listed.button("Share here"), GROUP)
        assert len(chat.teams.told) == 1
        await chat.press(ANA, listed.button("Share here"), GROUP)
        assert (chat.teams.told[-1].act, chat.teams.told[-1].text) == ("post", listed.text)
        await chat.write(ANA, "Databricks for the ML team in dev", GROUP)
        assert chat.last("ShownPlan").person is None
        await chat.write(EVE, "yes", GROUP)
        assert chat.terraform.applied == []
        await chat.write(ANA, "yes", GROUP)
        assert chat.last("ShownResult").text.strip() == "dbw-ml-dev: succeeded"


async def test_what_a_closed_group_does_not_take_goes_to_the_person(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        chat.teams.closed[GROUP.place.id] = "archived"
        await chat.write(ANA, "list my workspaces", GROUP)
        assert chat.teams.seen_in(personal(ANA).place.id)[-1].card["shows"] == "Said"


async def test_a_stranger_cannot_stop_what_is_under_way(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await chat.write(ANA, "Databricks for the ML team in dev")
        await chat.press(ANA, chat.last("ShownPlan").button("Approve"))
        stop = {"verb": "stop", "conversation": conversation_of(personal(ANA).place, ANA), "value": "dbw-ml-dev"}
        refused = await chat.press(EVE, stop)
        assert refused.private is not None
        assert "only they or an approver can stop it" in str(refused.private["text"])
        await chat.press(ANA, stop)
        assert "nothing" in chat.last("Said").text.lower()


async def test_altered_clicks_change_nothing(tmp_path: Path) -> None:
    """Ids, digests, verbs and conversations that a card never had: a word for whoever sent it, and nothing else."""
    async with Chatting(tmp_path) as chat:
        await chat.write(ANA, "Databricks for the ML team in dev")
        real = chat.last("ShownPlan").button("Approve")
        altered: list[dict[str, object]] = [
            {**real, "digest": "0" * 64},
            {**real, "plan_id": "pln_other"},
            {**real, "plan_id": None},
            {**real, "verb": "stop", "conversation": "cnv_none"},
            {**real, "verb": "share", "value": "said:none"},
            {**real, "verb": "choose", "conversation": "cnv_none", "slot": "team", "value": "x"},
            {**real, "verb": "ask_again"},
            {**real, "verb": "hand_over", "value": None},
            {**real, "verb": "notify", "value": "everything on"},
        ]
        for click in altered:
            receipt = await chat.press(ANA, click)
            assert receipt.private is not None, click
        assert chat.terraform.applied == []
        assert "Approve" in chat.last("ShownPlan").card["buttons"]  # type: ignore[operator]


async def test_what_is_delivered_twice_is_answered_once(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        first = await chat.write(ANA, "help", client_id="x1")
        told = len(chat.teams.told)
        again = await chat.write(ANA, "help", client_id="x1")
        assert (first.fresh, again.fresh) == (True, False)
        await chat.write(ANA, "Databricks for the ML team in dev")
        click = chat.last("ShownPlan").button("Approve")
        await chat.press(ANA, click, client_id="x2")
        repeat = await chat.press(ANA, click, client_id="x2")
        assert (repeat.fresh, repeat.private) == (False, None)
        assert len(chat.terraform.applied) == 1
        assert told == 1


async def test_the_digest_tells_once_a_day_what_waits(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await chat.write(INES, "help")
        await chat.write(ANA, "Databricks for the ML team in prod, up to 2 workers")
        chat.clock.pass_(hours=22, minutes=30)
        await chat.settle()
        digest = chat.last("Digest", of="personal:ines")
        assert "Waits for your decision\nAna: create dbw-ml-prod, about" in digest.text
        shown = await chat.press(INES, digest.button("Show"))
        assert shown.private is not None
        assert "Approve" in shown.private["buttons"]  # type: ignore[operator]
        chat.clock.pass_(hours=1)
        await chat.settle()
        assert len([sent for sent in chat.teams.told if sent.card["shows"] == "Digest"]) == 2
        silenced = await chat.command(INES, "notify", "digest off")
        assert silenced.private is not None
        assert str(silenced.private["text"]) == "From now on: digest off."
        chat.clock.pass_(hours=24)
        await chat.settle()
        assert [sent.place.id for sent in chat.teams.told if sent.card["shows"] == "Digest"].count("personal:ines") == 1


async def test_what_is_planned_has_its_name_and_no_count_of_one() -> None:
    begun = Progress(
        conversation="c", turn=1, deployment_id="dep_1", step="plan", done=0, total=1, text="Planning …", elapsed_s=0
    )
    (line,) = KeptProgress(conversation="c", planning=True, total=1).after(begun, "dbw-ml-dev").shown().lines
    assert (line.workspace_name, line.done, line.total) == ("dbw-ml-dev", 0, 0)


async def test_a_planning_that_ended_without_a_plan_says_so(tmp_path: Path) -> None:
    """It does not go on saying that it is being planned: what failed, or was called off, is not under way."""
    async with Chatting(tmp_path) as chat:
        await chat.write(ANA, "Databricks for the ML team in dev")
        await chat.write(ANA, "yes")
        chat.terraform.is_state_lost = True
        await chat.write(ANA, "destroy dbw-ml-dev")
        shown = chat.last("ShownProgress")
        assert "Planning ended" in shown.text
        assert "dbw-ml-dev: no plan came of it" in shown.text


async def test_a_list_that_was_planned_says_so_above_its_plan(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await chat.write(ANA, "Databricks workspaces for the teams red, blue and green in dev for etl")
        assert chat.last("ShownProgress").text == "Planned"
        assert chat.last("ShownPlan").text.startswith("Ana: create")
