"""Old conversations leave the tables for files below the home; what somebody may still need stays."""

import json
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.app import App, AppEnvironment
from agent.events import Incoming, Message
from agent.operation_settings import RecordsSettings
from agent.paths import place
from agent.settings import Settings
from agent.store.archive import OldConversation
from agent.store.arrivals import ArrivedMessage
from agent.store.chats import Chat
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester",))
MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
ASKED = "what would a dev etl workspace for team fern cost?"


class Office:
    """A running app over its records, with a clock that only `later` moves."""

    def __init__(self, home: Path, *, keep_days: int | None = 30) -> None:
        self.home = home
        self.now = MORNING
        settings = Settings(records=RecordsSettings(keep_days=keep_days))
        terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        world = AppEnvironment(settings, {}, home, clock=lambda: self.now)
        self.app = App(world, terraform=terraform, inline=True)

    async def say(self, where: str, *texts: str) -> None:
        for text in texts:
            await self.app.reply_to(Incoming(conversation=where, person=ANA, text=text), until_settled=True)

    async def later(self, *, days: float) -> None:
        self.now += timedelta(days=days)
        await self.app.upkeep.sweep()

    async def kept(self) -> set[str]:
        """The conversations that have anything in the tables."""
        names = ("cnv_1", "cnv_2")
        return {name for name in names if await self.app.read(lambda records, name=name: records.logged(name, after=0))}

    @property
    def files(self) -> list[Path]:
        return sorted(path for path in self.home.rglob("archive/*/*") if path.is_file())


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    found = Office(tmp_path)
    yield found
    await found.app.close()


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


async def test_what_nobody_spoke_on_for_so_long_becomes_a_file(office: Office) -> None:
    """With every event, in order, word for word; readable by its owner alone."""
    await office.say("cnv_1", ASKED, "and in westeurope?")
    said = await office.app.read(lambda records: records.logged("cnv_1", after=0))
    await office.later(days=20)
    await office.say("cnv_2", ASKED)
    await office.later(days=11)
    assert await office.kept() == {"cnv_2"}
    assert await office.app.read(lambda records: records.conversation("cnv_1").version) == 0
    (path,) = office.files
    assert path == office.home / "archive" / "2026-11" / f"cnv_1+20261124T090000+1-{len(said)}.jsonl"
    head, *events = lines_of(path)
    assert (head["conversation"], head["owner"], head["title"]) == ("cnv_1", ANA.key, ASKED)
    assert head["document"]["turn"] == 2
    assert [event["document"] for event in events] == [dict(logged.event) for logged in said]
    assert [event["seq"] for event in events] == [logged.seq for logged in said]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_shipped_nothing_ever_leaves(tmp_path: Path) -> None:
    office = Office(tmp_path, keep_days=Settings().records.keep_days)
    await office.say("cnv_1", ASKED)
    await office.later(days=4000)
    assert (await office.kept(), office.files) == ({"cnv_1"}, [])
    await office.app.close()


async def test_the_conversation_of_a_workspace_that_stands_stays(office: Office) -> None:
    """Its warnings are told there. Once it is gone, the conversation may go."""
    await office.say("cnv_1", "dev workspace dbw-fern-dev for team fern, etl", "yes")
    await office.later(days=31)
    assert (await office.kept(), office.files) == ({"cnv_1"}, [])
    await office.say("cnv_2", "destroy dbw-fern-dev", "yes")
    await office.later(days=31)
    assert await office.kept() == set()
    assert [path.name.split("+")[0] for path in office.files] == ["cnv_1", "cnv_2"]
    audited = await office.app.read(lambda records: records.audited(most=50))
    assert {entry.what for _, entry in audited} >= {"deployed", "destroyed"}


async def test_what_its_owner_deleted_goes_without_a_file(office: Office) -> None:
    await office.say("cnv_1", ASKED)
    await office.app.kept(lambda records: records.delete_conversation("cnv_1", now=office.now))
    await office.later(days=31)
    assert (await office.kept(), office.files) == (set(), [])
    assert await office.app.read(lambda records: records.conversation("cnv_1").version) == 0


async def test_a_chat_platforms_place_still_leads_somewhere(office: Office) -> None:
    """Its words go; where the person is reached stays, and the next message goes on there."""
    await office.say("cnv_1", ASKED)
    chat = Chat("cnv_1", "teams", "place", ANA, {}, is_personal=True)
    await office.app.kept(lambda records: records.keep_chat(chat, now=office.now))
    for _ in range(2):  # a row without a word is not archived again
        await office.later(days=31)
        assert [len(lines_of(path)) > 1 for path in office.files] == [True]
    assert await office.kept() == set()
    assert await office.app.read(lambda records: records.chat("cnv_1")) is not None
    await office.say("cnv_1", ASKED)
    assert await office.kept() == {"cnv_1"}
    assert await office.app.read(lambda records: records.conversation("cnv_1").turn) == 2


async def test_what_is_spoken_on_meanwhile_stays_whole(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the file and the tables somebody says something: it is archived another time, with that."""
    await office.say("cnv_1", ASKED)
    dropped = type(await office.app.read(lambda records: records)).drop_conversation
    raced: list[str] = []

    def racing(records: Any, old: OldConversation) -> bool:
        if not raced:
            raced.append(old.conversation)
            late = Message(conversation=old.conversation, turn=1, text="late")
            records.log(old.conversation, [late], source="work", now=office.now)
        return dropped(records, old)

    monkeypatch.setattr("agent.store.records.Records.drop_conversation", racing)
    await office.later(days=31)
    assert (await office.kept(), office.files) == ({"cnv_1"}, [])
    await office.later(days=31)
    (path,) = office.files
    assert lines_of(path)[-1]["document"]["text"] == "late"


@pytest.mark.parametrize("where", ["a chat platform's place", "a script's id"])
async def test_what_is_archived_later_in_the_same_month_is_another_file(where: str, office: Office) -> None:
    """A place keeps its id and the count of its events; an id that is used again begins anew."""
    office.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    await office.say("cnv_1", ASKED)
    if where == "a chat platform's place":
        chat = Chat("cnv_1", "teams", "place", ANA, {}, is_personal=True)
        await office.app.kept(lambda records: records.keep_chat(chat, now=office.now))
    await office.later(days=30.5)
    before = {path: path.read_bytes() for path in office.files}
    await office.say("cnv_1", "what would a prod etl workspace for team moss cost?")
    await office.later(days=31)
    first, second = office.files
    assert {first: first.read_bytes()} == before
    assert [path.parent.name for path in (first, second)] == ["2026-12", "2026-12"]
    assert [ASKED in path.read_text("utf-8") for path in (first, second)] == [True, False]


async def test_what_another_process_has_dropped_keeps_its_file(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that sweep at once write the same file, and the one that comes too late leaves it where it is."""
    await office.say("cnv_1", ASKED)
    dropped = type(await office.app.read(lambda records: records)).drop_conversation

    def twice(records: Any, old: OldConversation) -> bool:
        assert dropped(records, old)
        return dropped(records, old)

    monkeypatch.setattr("agent.store.records.Records.drop_conversation", twice)
    await office.later(days=31)
    assert await office.kept() == set()
    assert [len(lines_of(path)) > 1 for path in office.files] == [True]


async def test_what_its_owner_deletes_goes_from_the_archive(office: Office) -> None:
    """From every month, as it was named at first, and what a crash left half written; another's files stay."""
    await office.say("cnv_1", ASKED)
    await office.say("cnv_10", ASKED)
    chat = Chat("cnv_1", "teams", "place", ANA, {}, is_personal=True)
    await office.app.kept(lambda records: records.keep_chat(chat, now=office.now))
    await office.later(days=31)
    await office.say("cnv_1", ASKED)
    await office.later(days=31)
    archived = office.files[0]
    for name in ("cnv_1.jsonl", f".{archived.name}"):
        archived.with_name(name).write_bytes(archived.read_bytes())
    assert len(office.files) == 5
    await office.app.delete_conversation("cnv_1")
    (left,) = office.files
    assert left.name.startswith("cnv_10+")
    assert await office.app.read(lambda records: records.owner_of("cnv_1")) is None


async def test_what_its_owner_deletes_while_it_is_archived_leaves_no_file(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.say("cnv_1", ASKED)
    dropped = type(await office.app.read(lambda records: records)).drop_conversation

    def racing(records: Any, old: OldConversation) -> bool:
        records.delete_conversation(old.conversation, now=office.now)
        return dropped(records, old)

    monkeypatch.setattr("agent.store.records.Records.drop_conversation", racing)
    await office.later(days=31)
    assert (await office.kept(), office.files) == (set(), [])


async def test_what_a_message_waits_in_is_not_archived(office: Office) -> None:
    """It was taken in on a chat platform and is not in the conversation yet."""
    await office.say("cnv_1", ASKED)
    incoming = Incoming(conversation="cnv_1", person=ANA, text="hello?", client_id="chat:teams:1")
    chat = Chat("cnv_1", "teams", "place", ANA, {}, is_personal=True)
    waiting = ArrivedMessage(incoming, office.now)
    await office.app.kept(lambda records: records.take_in_all([(waiting, chat)]))
    await office.later(days=31)
    assert (await office.kept(), office.files) == ({"cnv_1"}, [])
    assert [one for one, _ in await office.app.read(lambda records: records.unanswered(of_chats=True))] == [incoming]
