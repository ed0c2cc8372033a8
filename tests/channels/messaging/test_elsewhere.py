"""What becomes of a request reaches its asker on their other channels too, where they wish: once, and nobody else."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from chatting import ANA, BO, EVE, INES, Chatting, group, personal, somebody

from agent.approvals import ApprovalRules
from agent.channels.messaging import elsewhere
from agent.channels.messaging.binding import chat_of, conversation_of
from agent.channels.messaging.elsewhere import NewsElsewhere
from agent.channels.messaging.port import Undeliverable
from agent.channels.messaging.rounds import Rounds
from agent.events import Incoming
from agent.store.news import RESULTS, News
from agent.store.records import Records
from agent.views.news import news_of, news_words
from plugins.domain.person import Person

pytestmark = pytest.mark.integration

IN_SLACK = somebody("Ana", "requester", platform="slack")
THERE = personal(IN_SLACK, "slack")
DEV = "Databricks for the ML team in dev"
PROD = "Databricks for the ML team in prod, up to 2 workers"
GROUP = group("general", thread="t1")


def told(chat: Chatting, person: Person = IN_SLACK) -> list[str]:
    """What that person's own chat in Slack holds that came from elsewhere."""
    place = personal(person, "slack").place.id
    return [sent.text for sent in chat.slack.seen_in(place) if "You asked for it on" in sent.text]


def told_in_teams(chat: Chatting) -> list[str]:
    return [sent.text for sent in chat.teams.told if "You asked for it on" in sent.text]


async def at_home(chat: Chatting, *, wish: str = "notify results on") -> None:
    """Ana writes on both platforms, which verify one address of hers; she wishes it in Teams."""
    await chat.write(IN_SLACK, "hello", THERE)
    await chat.write(ANA, wish)


async def built(chat: Chatting, text: str = DEV) -> None:
    await chat.write(ANA, text)
    await chat.press(ANA, chat.last("ShownPlan").button("Approve"))


@pytest.mark.parametrize(
    "wish", ["notify results on", "tell me the results on my other channels too", "please notify me on Slack as well"]
)
async def test_a_result_reaches_the_other_platform_once(wish: str, tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await at_home(chat, wish=wish)
        await built(chat)
        assert told(chat) == ["dbw-ml-dev is deployed. You asked for it on Microsoft Teams."]
        await chat.settle()
        assert len(told(chat)) == 1
        # In Teams it was told where it was asked, and not once more.
        assert told_in_teams(chat) == []


@pytest.mark.parametrize("wish", ["hello", "notify results off", "don't tell me the results elsewhere"])
async def test_unless_it_is_wished_nothing_is_told_elsewhere(wish: str, tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await at_home(chat, wish=wish)
        await built(chat)
        assert told(chat) == []


async def test_it_is_one_wish_for_all_that_somebody_is(tmp_path: Path) -> None:
    """Switched off in Slack it is off in Teams as well."""
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        receipt = await chat.write(IN_SLACK, "notify results off", THERE)
        assert receipt.private is not None
        assert "only where you ask" in str(receipt.private["text"])
        await built(chat)
        assert told(chat) == []


async def test_refusals_and_approvals_by_somebody_else_and_expiries_are_told(tmp_path: Path) -> None:
    async with Chatting(tmp_path, approvals={"teams": group("approvals")}) as chat:
        await at_home(chat)
        await chat.write(ANA, PROD)
        rejected = chat.last("ShownPlan", of="approvals").button("Reject")
        await chat.press(INES, rejected, group("approvals"))
        assert told(chat) == ["The plan for dbw-ml-prod was turned down by Ines. You asked for it on Microsoft Teams."]
        await chat.write(ANA, DEV)
        chat.clock.pass_(hours=30)
        await chat.app.upkeep.sweep()
        await chat.settle()
        assert told(chat)[1:] == [
            "The plan for dbw-ml-dev ended, since nobody decided it in time. You asked for it on Microsoft Teams."
        ]
        await chat.write(ANA, PROD)
        approved = {**chat.last("ShownPlan", of="approvals").button("Approve"), "value": "dbw-ml-prod"}
        await chat.press(INES, approved, group("approvals"))
        assert [text.split(". ")[0] for text in told(chat)[2:]] == [
            "The plan for dbw-ml-prod was approved by Ines",
            "dbw-ml-prod is deployed",
        ]


async def test_ones_own_no_is_no_news(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        await chat.write(ANA, DEV)
        await chat.write(ANA, "no")
        assert told(chat) == []


async def test_a_workspace_that_ends_is_told(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        await built(chat, f"{DEV} for 10 days")
        chat.clock.pass_(days=8)
        await chat.app.upkeep.sweep()
        await chat.settle()
        (ends,) = told(chat)[1:]
        assert ends.startswith("dbw-ml-dev ends on 2026-12-10.")


async def test_a_list_is_told_once_at_its_end(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        await built(chat, "Databricks for the ML team in dev and staging, etl")
        assert told(chat) == [
            "2 of 2 workspaces came out well: dbw-ml-dev, dbw-ml-staging. You asked for it on Microsoft Teams."
        ]


async def test_what_was_asked_in_a_group_is_told_in_person(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        await chat.write(ANA, DEV, GROUP)
        await chat.write(ANA, "yes", GROUP)
        assert len(told(chat)) == 1


async def test_nobody_else_is_told(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        for other in (EVE, BO):
            there = other.model_copy(update={"issuer": "slack:contoso"})
            await chat.write(there, "hello", personal(there, "slack"))
            await chat.write(there, "notify results on", personal(there, "slack"))
        await at_home(chat)
        await built(chat)
        assert (told(chat, EVE), told(chat, BO), len(told(chat))) == ([], [], 1)


async def test_an_identity_without_rights_now_is_not_told(tmp_path: Path) -> None:
    """The roles count that the platform gives at that moment, not those of when they wrote."""
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        chat.slack.people["ana"] = IN_SLACK.model_copy(update={"roles": ()})
        await built(chat)
        assert told(chat) == []
        del chat.slack.people["ana"]
        await chat.write(ANA, "destroy dbw-ml-dev")
        await chat.press(ANA, chat.last("ShownPlan").button("Approve"))
        assert told(chat) == []


async def test_what_a_linked_identity_may_not_see_stays_where_it_was(tmp_path: Path) -> None:
    """An approver's doing in Teams upon somebody else's workspace is not told to their Slack, where they are none."""
    ines_there = somebody("Ines", "requester", platform="slack")
    async with Chatting(tmp_path) as chat:
        chat.slack.people["ines"] = ines_there
        await chat.write(ines_there, "hello", personal(ines_there, "slack"))
        await chat.write(INES, "notify results on")
        await built(chat)
        await chat.write(INES, "destroy dbw-ml-dev")
        await chat.press(INES, chat.last("ShownPlan", of="ines").button("Approve"))
        assert len(chat.terraform.applied) == 2
        assert told(chat, ines_there) == []
        await chat.write(INES, "Databricks for the risk team in dev, etl")
        await chat.press(INES, chat.last("ShownPlan", of="ines").button("Approve"))
        assert [text.split(".")[0] for text in told(chat, ines_there)] == ["dbw-risk-dev is deployed"]


async def test_a_closed_chat_falls_quiet_and_is_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        chat.slack.absent.add("ana")
        chat.slack.closed[THERE.place.id] = "not_installed"
        await built(chat)
        assert (told(chat), chat.last("ShownResult").text.strip()) == ([], "dbw-ml-dev: succeeded")
        assert "was not delivered: not_installed" in caplog.text
        caplog.clear()
        caplog.set_level("INFO")
        await chat.write(ANA, "destroy dbw-ml-dev")
        await chat.press(ANA, chat.last("ShownPlan").button("Approve"))
        assert "their chat on slack is closed: not_installed" in caplog.text


async def test_a_platform_that_is_away_is_asked_again_and_keeps_no_other_waiting(tmp_path: Path) -> None:
    """What was asked on the page is told in Teams at once, in Slack when that is back, each once."""
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        known, away = chat.slack.person, True

        async def person(person_id: str, tenant: str) -> Person | None:
            if away:
                raise Undeliverable("unavailable")
            return await known(person_id, tenant)

        chat.slack.person = person  # type: ignore[method-assign]
        here = Person(id="ana", name="Ana", roles=("requester",), issuer="os", email=ANA.email)
        for text in (DEV, "yes"):
            await chat.app.reply_to(Incoming(conversation="cnv_page", person=here, text=text), until_settled=True)
        for _ in range(3):
            await chat.settle()
            chat.clock.pass_(seconds=31)
        assert (told(chat), len(told_in_teams(chat))) == ([], 1)
        away = False
        chat.clock.pass_(seconds=31)
        await chat.settle()
        assert (len(told(chat)), len(told_in_teams(chat))) == (1, 1)


async def kept_news(chat: Chatting, *people: Person) -> None:
    """What became of something that each of these asked for in Teams; they wrote in Slack as well."""

    def keep(records: Records) -> None:
        for who in people:
            there = who.model_copy(update={"issuer": "slack:contoso"})
            records.keep_chat(chat_of(personal(there, "slack"), there), now=chat.clock.now())
            for each in (who, there):
                records.recognise(each, now=chat.clock.now())
            records.choose(who.key, RESULTS, "on")
            news = News(
                key=f"result:{who.id}",
                who=who,
                channel="teams",
                conversation="cnv",
                about=(),
                text=f"{who.name}'s is done.",
                at=chat.clock.now(),
            )
            assert records.keep_news(news)

    await chat.app.kept(keep)


def names_told(chat: Chatting) -> list[str]:
    return [sent.text.split("'")[0] for sent in chat.slack.told if "is done" in sent.text]


class Look:
    """Slack's look-up of people: `asked` is for whom; `first` is awaited before each answer."""

    def __init__(self, chat: Chatting, first: Callable[[str], Awaitable[None]]) -> None:
        self._known = chat.slack.person
        self._first = first
        self.asked: list[str] = []
        chat.slack.person = self.person  # type: ignore[method-assign]

    async def person(self, person_id: str, tenant: str) -> Person | None:
        self.asked.append(person_id)
        await self._first(person_id)
        return await self._known(person_id, tenant)


async def test_a_platform_that_does_not_answer_holds_up_no_reply(tmp_path: Path) -> None:
    """And is asked for one person, once, however many news there are."""
    async with Chatting(tmp_path) as chat:
        answers = asyncio.Event()

        async def hanging(_: str) -> None:
            await answers.wait()
            raise Undeliverable("unavailable")

        look = Look(chat, hanging)
        await kept_news(chat, ANA, INES, BO, EVE)
        async with asyncio.timeout(10):
            await chat.write(ANA, "help")
        assert [sent.card["shows"] for sent in chat.teams.told] == ["Said"]
        assert len(look.asked) == 1
        answers.set()
        await chat.settle()
        assert len(look.asked) == 1


async def test_whom_a_platform_cannot_tell_of_keeps_no_other_from_being_told(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:

        async def not_ana(person_id: str) -> None:
            if person_id == "ana":
                raise Undeliverable("unavailable")

        look = Look(chat, not_ana)
        await kept_news(chat, ANA, INES, BO)
        await chat.settle()
        assert (names_told(chat), look.asked) == ([], ["ana"])
        chat.clock.pass_(seconds=30)
        await chat.settle()
        assert names_told(chat) == ["Ines", "Bo"]
        chat.clock.pass_(seconds=1)
        await chat.settle()
        assert look.asked == ["ana", "ines", "bo", "ana"]


@pytest.mark.parametrize("wrong", ["the look-up", "the words"])
async def test_one_that_goes_wrong_keeps_no_other_and_no_reply(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with Chatting(tmp_path) as chat:

        async def not_ana(person_id: str) -> None:
            if person_id == "ana" and wrong == "the look-up":
                raise ZeroDivisionError

        def words(news: News) -> str:
            if news.who == ANA and wrong == "the words":
                raise ZeroDivisionError
            return news_words(news)

        monkeypatch.setattr(elsewhere, "news_words", words)
        Look(chat, not_ana)
        await kept_news(chat, ANA, INES)
        await chat.write(ANA, "help")
        assert names_told(chat) == ["Ines"]
        assert [sent.card["shows"] for sent in chat.teams.told] == ["Said"]
        assert "ZeroDivisionError" in caplog.text


async def test_what_fails_before_it_keeps_no_reply(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Looking for who is to be asked for approval is another matter than a reply."""

    async def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Rounds, "sweep", fails)
    async with Chatting(tmp_path) as chat:
        await chat.write(ANA, "help")
        assert [sent.card["shows"] for sent in chat.teams.told] == ["Said"]
    assert "filling the outbox failed" in caplog.text


async def test_after_a_restart_and_beside_another_process_it_is_told_once(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        await built(chat)
        kept = chat.slack.shown
    async with Chatting(tmp_path, teams=chat.teams) as later:
        later.slack.shown.update(kept)
        later.clock.pass_(minutes=1)
        await later.settle()
        assert len(told(later)) == 1


async def test_of_two_that_carry_the_same_news_one_does(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        await built(chat)

        def again(records: Records) -> tuple[bool, bool, bool]:
            (number,) = [n.number for n in all_news(records)]
            return records.carried_news(number), records.told_news(number, IN_SLACK.key), bool(records.news_to_carry())

        assert await chat.app.kept(again) == (False, False, False)


async def test_whoever_is_not_linked_is_told_how(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        receipt = await chat.write(EVE, "notify results on")
        assert receipt.private is not None
        assert "Say “link” in Teams or Slack" in str(receipt.private["text"])


async def test_what_was_told_in_where_were_we_is_not_sent_as_well(tmp_path: Path) -> None:
    """And what was sent is not said again."""
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        await built(chat)
        before = len(chat.slack.told)
        await chat.write(IN_SLACK, "where were we?", THERE)
        assert not [sent for sent in chat.slack.told[before:] if "is deployed. You asked" in sent.text]


@pytest.mark.parametrize("words", ["hello", "where were we?", "status"])
async def test_where_others_read_along_nothing_is_told_of_what_was_asked_for_elsewhere(
    words: str, tmp_path: Path
) -> None:
    """Nor does it count as told; in a chat of one's own it is told then."""
    async with Chatting(tmp_path) as chat:
        chat.slack.absent.add("ana")  # so that it is still to be told
        await chat.write(IN_SLACK, "hello", group("general", "slack"))
        await chat.write(ANA, "notify results on")
        await built(chat)
        await chat.write(ANA, "Databricks for the risk team in dev, etl")
        await chat.write(ANA, words, GROUP)
        await chat.write(IN_SLACK, words, group("general", "slack"))
        aloud = [*chat.slack.seen_in("general"), *chat.teams.seen_in("general")]
        assert [sent.text for sent in aloud if "asked for it on" in sent.text or "risk" in sent.text] == []
        hinted = any("There is more of yours that was not asked for here" in sent.text for sent in aloud)
        assert hinted == (words != "status")
        await chat.write(IN_SLACK, "hello", THERE)
        assert "dbw-ml-dev is deployed. You asked for it on Microsoft Teams." in chat.slack.told[-1].text


async def test_where_others_read_along_a_plan_of_there_is_told(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await chat.write(ANA, DEV, GROUP)
        await chat.write(ANA, "where were we?", GROUP)
        told_there = [sent.text for sent in chat.teams.seen_in("general")]
        assert any("A plan of yours waits" in text for text in told_there)
        assert not any("There is more of yours" in text for text in told_there)


async def test_on_the_page_and_in_the_terminal_it_waits_to_be_read(tmp_path: Path) -> None:
    """They are linked by an address that both have verified; it is told as a conversation begins there, once."""
    here = Person(id="ana", name="Ana", roles=("requester",), issuer="os", email=ANA.email)
    async with Chatting(tmp_path) as chat:
        await chat.app.kept(lambda records: records.recognise(here, now=chat.clock.now()))
        await chat.write(ANA, "notify results on")
        await built(chat)
        assert [n.text for n in await seen(chat, here)] == ["dbw-ml-dev is deployed."]
        first = await chat.app.reminder(here, "cnv_here")
        assert "- dbw-ml-dev is deployed. You asked for it on Microsoft Teams." in first
        assert await chat.app.reminder(here, "cnv_here") == ""
        assert await seen(chat, here) == ()
        stranger = here.model_copy(update={"id": "eve", "email": EVE.email})
        assert await seen(chat, stranger) == ()


async def test_what_was_asked_on_the_page_reaches_the_chats_that_are_linked_with_it(tmp_path: Path) -> None:
    """By a link of theirs alone: no address is known of either. Each platform tells it, and the page does not."""
    here = Person(id="local", name="Ana", roles=("requester",), issuer="os")
    there = IN_SLACK.model_copy(update={"email": None})
    async with Chatting(tmp_path) as chat:
        chat.slack.people["ana"] = there
        await chat.write(there, "hello", THERE)
        now = chat.clock.now()
        await chat.app.kept(lambda records: records.link_people(here, there, mark="link:test", now=now))
        for text in ("tell me the results on Slack too", DEV, "yes"):
            await chat.app.reply_to(Incoming(conversation="cnv_page", person=here, text=text), until_settled=True)
        await chat.settle()
        assert len(chat.terraform.applied) == 1
        assert [text.split(".")[0] for text in told(chat)] == ["dbw-ml-dev is deployed"]
        assert await seen(chat, here) == ()


async def test_two_processes_carry_it_once(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as one:
        await at_home(one)
        await one.write(ANA, DEV)
        plan = one.last("ShownPlan").button("Approve")
        async with Chatting(tmp_path, teams=one.teams) as two:
            now = one.clock.now()
            key = f"result:{plan['plan_id']}"
            about = News(key=key, who=ANA, channel="teams", conversation="cnv", about=(), text="It is done.", at=now)
            assert await one.app.kept(lambda records: records.keep_news(about))
            assert not await two.app.kept(lambda records: records.keep_news(about))
            rooms = [NewsElsewhere(each.app, each.room._board, each.clock.now) for each in (one, two)]  # pyright: ignore[reportPrivateUsage]
            waiting = await one.app.read(lambda records: records.news_to_carry())
            await asyncio.gather(*(room.carry(waiting) for room in rooms for _ in range(3)))
            home = conversation_of(THERE.place, IN_SLACK)
            assert len(await one.app.read(lambda records: records.open_outgoing(home, "news:"))) == 1
            await one.settle()
            await two.settle()
        assert len(told(one)) + len(told(two)) == 1


async def test_old_news_are_forgotten(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        await at_home(chat)
        await built(chat)
        after = chat.clock.now() + timedelta(days=1)
        await chat.app.kept(lambda records: records.forget_news(after))
        assert await chat.app.read(all_news) == ()


async def seen(chat: Chatting, person: Person) -> tuple[News, ...]:
    return await chat.app.read(lambda records: news_of(records, person, ApprovalRules()))


def all_news(records: Records) -> tuple[News, ...]:
    return records.news_for("nobody", {ANA.key, IN_SLACK.key})
