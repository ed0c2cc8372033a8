"""A plan that takes somebody else: who is asked, where, what they press, and what everybody sees of it."""

import asyncio
from pathlib import Path

import pytest
from chatting import ANA, BO, EVE, INES, Chatting, group, personal, somebody

from agent.channels.messaging.port import Undeliverable
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

PROD = "Databricks for the ML team in prod, up to 2 workers"
APPROVALS = group("approvals")


def there(chat: Chatting) -> str:
    return chat.last("ShownPlan", of="approvals").text


async def asked(chat: Chatting) -> None:
    await chat.write(ANA, PROD)


async def test_it_waits_only_once_an_approver_was_shown_it(tmp_path: Path) -> None:
    """The asker sees who was reached; the approvers see who asks, what it costs, and what they can do."""
    async with Chatting(tmp_path, approvals={"teams": APPROVALS}) as chat:
        await asked(chat)
        assert "It waits for its approval: asked #approvals." in chat.last("ShownPlan", of="personal").text
        request = chat.last("ShownPlan", of="approvals")
        assert request.text.startswith("Ana: create pln_")
        assert list(request.card["buttons"]) == ["Approve", "Reject", "Ask for a change", "Hand over"]  # type: ignore[call-overload]


async def test_another_persons_yes_decides_it_everywhere(tmp_path: Path) -> None:
    async with Chatting(tmp_path, approvals={"teams": APPROVALS}) as chat:
        await asked(chat)
        click = {**chat.last("ShownPlan", of="approvals").button("Approve"), "comment": "budget is fine"}
        receipt = await chat.press(INES, {**click, "value": "dbw-ml-prod"}, APPROVALS)
        assert receipt.private is None
        for place in ("approvals", "personal:ana"):
            shown = chat.last("ShownPlan", of=place)
            assert "approved by Ines where Microsoft Teams saying budget is fine" in shown.text
            assert shown.card["buttons"] == {}
        assert "Ines approved it. Ines says: “budget is fine”" in chat.last("Notice", of="personal:ana").text
        assert chat.last("ShownResult", of="personal:ana").text.strip() == "dbw-ml-prod: succeeded"


async def test_the_asker_cannot_be_their_own_second(tmp_path: Path) -> None:
    """They alone hear why, and the plan still waits."""
    async with Chatting(tmp_path, approvals={"teams": APPROVALS}) as chat:
        await asked(chat)
        click = chat.last("ShownPlan", of="approvals").button("Approve")
        before = len(chat.teams.told)
        receipt = await chat.press(ANA, click, APPROVALS)
        assert receipt.private is not None
        assert "may not" in str(receipt.private["text"]) or "needs" in str(receipt.private["text"])
        assert len(chat.teams.told) == before
        assert "Approve" in chat.last("ShownPlan", of="approvals").card["buttons"]  # type: ignore[operator]


async def test_a_stranger_and_a_stale_card_are_answered_privately(tmp_path: Path) -> None:
    async with Chatting(tmp_path, approvals={"teams": APPROVALS}) as chat:
        await asked(chat)
        click = chat.last("ShownPlan", of="approvals").button("Reject")
        refused = await chat.press(EVE, click, APPROVALS)
        assert refused.private is not None
        await chat.press(INES, {**click, "comment": "no budget"}, APPROVALS)
        late = await chat.press(BO, click, APPROVALS)
        assert late.private is not None
        assert str(late.private["text"]) == "That plan was rejected already, by Ines. Nothing was done now."
        assert "Ines rejected it. Ines says: “no budget”" in chat.last("Notice", of="personal:ana").text
        unknown = await chat.press(BO, {**click, "plan_id": "pln_none"}, APPROVALS)
        assert unknown.private is not None


async def test_one_decides_at_a_time(tmp_path: Path) -> None:
    """Whoever begins has a minute; the others see who it is, and then it is open again."""
    async with Chatting(tmp_path, approvals={"teams": APPROVALS}) as chat:
        await asked(chat)
        click = chat.last("ShownPlan", of="approvals").button("Approve")
        begun = await chat.press(INES, {**click, "verb": "decide"}, APPROVALS)
        assert begun.card is not None
        assert "deciding: Ines" in there(chat)
        assert chat.last("ShownPlan", of="approvals").card["buttons"] == {}
        assert "deciding: Ines" in chat.last("ShownPlan", of="personal:ana").text
        other = await chat.press(BO, {**click, "value": "dbw-ml-prod"}, APPROVALS)
        assert other.private is not None
        assert str(other.private["text"]).startswith("Ines is deciding that plan just now.")
        chat.clock.pass_(seconds=61)
        await chat.settle()
        assert "deciding" not in there(chat)
        await chat.press(BO, {**click, "value": "dbw-ml-prod"}, APPROVALS)
        assert "approved by Bo" in there(chat)


async def test_a_change_is_asked_of_the_asker_and_the_plan_stays(tmp_path: Path) -> None:
    async with Chatting(tmp_path, approvals={"teams": APPROVALS}) as chat:
        await asked(chat)
        click = chat.last("ShownPlan", of="approvals").button("Ask for a change")
        await chat.press(INES, {**click, "comment": "one worker is enough"}, APPROVALS)
        assert "Ines: one worker is enough" in there(chat)
        assert "one worker is enough" in chat.last("Said", of="personal:ana").text
        assert "Approve" in chat.last("ShownPlan", of="approvals").card["buttons"]  # type: ignore[operator]
        empty = await chat.press(INES, click, APPROVALS)
        assert empty.private is not None


async def test_it_is_handed_over_only_to_somebody_who_may(tmp_path: Path) -> None:
    async with Chatting(tmp_path, approvals={"teams": APPROVALS}) as chat:
        await asked(chat)
        click = chat.last("ShownPlan", of="approvals").button("Hand over")
        for whom in ("eve", "ana", "nobody"):
            refused = await chat.press(INES, {**click, "value": whom}, APPROVALS)
            assert refused.private is not None
            assert "was not handed over" in str(refused.private["text"])
        done = await chat.press(INES, {**click, "value": "bo"}, APPROVALS)
        assert done.private is not None
        assert str(done.private["text"]).startswith("Handed over to Bo")
        await chat.press(BO, {**chat.last("ShownPlan", of="personal:bo").button("Approve"), "value": "dbw-ml-prod"})
        assert "approved by Bo" in there(chat)


async def test_where_nobody_takes_it_the_asker_is_told_so(tmp_path: Path) -> None:
    """The approvers' place, then the other platform's, then the page; never a claim that it waits for somebody."""
    named = {"Approvals": {"Named": ["teams:ines"]}}
    async with Chatting(tmp_path, settings=named, approvals={"teams": APPROVALS}) as chat:
        chat.teams.absent.add("ines")
        chat.teams.closed["approvals"] = "archived"
        await asked(chat)
        assert "could be reached on chat. It waits on the page" in chat.last("ShownPlan", of="personal").text


async def test_the_other_platform_is_the_way_out(tmp_path: Path) -> None:
    places = {"teams": APPROVALS, "slack": group("C1", "slack")}
    async with Chatting(tmp_path, approvals=places) as chat:  # type: ignore[arg-type]
        chat.teams.closed["approvals"] = "not_installed"
        await asked(chat)
        assert "asked #C1" in chat.last("ShownPlan", of="personal").text
        bo = somebody("Bo", "approver", platform="slack")
        click = chat.last("ShownPlan", chat.slack).button("Approve")
        await chat.press(bo, {**click, "value": "dbw-ml-prod"}, group("C1", "slack"))
        assert "approved by Bo where Slack" in chat.last("ShownPlan", of="personal:ana").text


async def test_named_approvers_are_asked_in_person(tmp_path: Path) -> None:
    named = {"Approvals": {"Named": ["teams:ines", "teams:eve"]}}
    async with Chatting(tmp_path, settings=named) as chat:
        await asked(chat)
        assert "asked Ines in person." in chat.last("ShownPlan", of="personal:ana").text
        assert chat.teams.seen_in(personal(EVE).place.id) == []


async def test_a_platform_that_does_not_say_who_an_approver_is_holds_up_no_reply(tmp_path: Path) -> None:
    named = {"Approvals": {"Named": ["teams:ines"]}}
    async with Chatting(tmp_path, settings=named) as chat:
        answers, known = asyncio.Event(), chat.teams.person

        async def hanging(person_id: str, tenant: str) -> Person | None:
            await answers.wait()
            return await known(person_id, tenant)

        chat.teams.person = hanging  # type: ignore[method-assign]
        async with asyncio.timeout(20):
            await asked(chat)
            await chat.write(BO, "help")
        assert [sent.card["shows"] for sent in chat.teams.seen_in(personal(BO).place.id)] == ["Said"]
        assert chat.teams.seen_in(personal(INES).place.id) == []
        answers.set()
        async with asyncio.timeout(20):
            while "asked Ines in person." not in chat.last("ShownPlan", of="personal:ana").text:
                await chat.settle()
        assert chat.teams.seen_in(personal(INES).place.id) != []


async def test_a_platform_that_is_busy_is_waited_for(tmp_path: Path) -> None:
    async with Chatting(tmp_path, approvals={"teams": APPROVALS}) as chat:
        chat.teams.refusals.extend([Undeliverable("throttled", retry_after_seconds=30)] * 2)
        await asked(chat)
        assert chat.teams.seen_in(personal(ANA).place.id) == []
        chat.clock.pass_(seconds=31)
        await chat.settle()
        assert "asked #approvals" in chat.last("ShownPlan", of="personal:ana").text


async def test_who_does_not_answer_is_reminded_and_then_everybody_is_asked(tmp_path: Path) -> None:
    """At half time a new message to those who were asked; at 80 % to everybody who may, and the asker hears of it."""
    async with Chatting(tmp_path, approvals={"teams": APPROVALS}) as chat:
        await chat.write(BO, "help")
        await asked(chat)
        asks = [sent for sent in chat.teams.seen_in("approvals") if sent.card["shows"] == "ShownPlan"]
        chat.clock.pass_(hours=12, minutes=1)
        await chat.app.upkeep.sweep()
        await chat.settle()
        reminded = [sent for sent in chat.teams.seen_in("approvals") if sent.card["shows"] == "ShownPlan"]
        assert (len(asks), len(reminded)) == (1, 2)
        assert reminded[1].text.startswith("reminder Ana: create")
        assert chat.teams.seen_in(personal(BO).place.id)[-1].card["shows"] != "ShownPlan"
        chat.clock.pass_(hours=8)
        await chat.app.upkeep.sweep()
        await chat.settle()
        assert chat.last("ShownPlan", of="personal:bo").text.startswith("escalation Ana: create")
        assert "Nobody has answered yet" in chat.last("Said", of="personal:ana").text


async def test_nobody_answered_is_no_rejection_and_can_be_asked_again(tmp_path: Path) -> None:
    async with Chatting(tmp_path, approvals={"teams": APPROVALS}) as chat:
        await asked(chat)
        first = chat.last("ShownPlan", of="personal:ana")
        chat.clock.pass_(hours=25)
        await chat.app.upkeep.sweep()
        await chat.settle()
        told = chat.last("Notice", of="personal:ana")
        assert told.text.startswith("Nobody answered in time, so nothing was done.")
        assert "expired by None" in there(chat)
        click = told.button("Ask again")
        refused = await chat.press(EVE, click)
        assert refused.private is not None
        await chat.press(ANA, click)
        again = chat.last("ShownPlan", of="personal:ana")
        assert again.text.splitlines()[0] != first.text.splitlines()[0]
        assert "asked #approvals" in again.text
