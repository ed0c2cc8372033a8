"""Records of an older Brickie are taken over; those of a newer one are left alone."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from agent.app import App, AppEnvironment
from agent.events import Event, Incoming, Table
from agent.paths import place
from agent.settings import Settings
from agent.store import database
from agent.store.audit_proof import first_break
from agent.store.database import Database
from agent.store.records import Records
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

OLD = Path(__file__).parent / "records_of_0_1.sql"
ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))


def older(home: Path) -> Path:
    """A home as Brickie 0.1 left it."""
    home.mkdir()
    path = home / "brickie.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(OLD.read_text("utf-8"))
    connection.close()
    return path


async def opened(path: Path) -> Database:
    found = Database(f"sqlite:///{path}")
    await found.open()
    return found


def shape(path: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("select name, sql from sqlite_master where sql is not null order by name").fetchall()
    connection.close()
    return [(name, sql) for name, sql in rows if name != "alembic_version"]


def test_the_newest_migration_is_the_one_that_the_code_asks_for() -> None:
    files = sorted((Path(database.__file__).parent / "migrations" / "versions").glob("v*.py"))
    assert files[-1].name[1:5] == database.HEAD


async def test_the_workspaces_of_0_1_are_there(tmp_path: Path) -> None:
    """What stood stands; what was being made when it was killed is for a person; what was only planned is gone."""
    found = await opened(older(tmp_path / "home"))
    kept = await found.read(lambda records: [(d.workspace_name, d.status) for d in records.deployments()])
    assert kept == [
        ("dbw-fern-dev", "succeeded"),
        ("dbw-moss-stg", "destroyed"),
        ("dbw-oak-dev", "failed"),
        ("dbw-elm-dev", "failed"),
        ("dbw-ash-dev", "attention"),
    ]
    await found.close()


async def test_the_history_of_0_1_becomes_the_beginning_of_the_audit(tmp_path: Path) -> None:
    found = await opened(older(tmp_path / "home"))

    def told(records: Records) -> list[tuple[str, str]]:
        fern = records.deployments()[0]
        assert first_break(records.connection) is None
        return [(entry.who.name, entry.what) for entry in records.history(fern.deployment_id)]

    whole = await found.read(told)
    assert [what for _, what in whole] == [
        "asked to create",
        "approved the plan to create",
        "deployed",
        "asked to change",
        "approved the plan to change",
        "changed",
    ]
    assert {who for who, _ in whole} == {"ana@contoso.com"}
    await found.close()


async def test_it_talks_on_where_0_1_was_asking_a_question(tmp_path: Path) -> None:
    """The answer alone completes the request; a plan that 0.1 had shown cannot be confirmed any more."""
    home = tmp_path / "home"
    older(home)
    in_memory = InMemoryTerraform(Settings().platform, place("templates") / "terraform")
    app = App(AppEnvironment(Settings(), {}, home), terraform=in_memory, inline=True)
    heard: list[Event] = []
    app.listen(heard.append)

    async def say(conversation: str, words: str) -> list[str]:
        heard.clear()
        await app.reply_to(Incoming(conversation=conversation, person=ANA, text=words), until_settled=True)
        return [event.type for event in heard]

    assert "plan" in await say("cnv_birch", "pipelines")
    assert await say("cnv_prod", "yes") == ["message", "state"]
    await say("cnv_new", "list my workspaces")
    (table,) = [event for event in heard if isinstance(event, Table)]
    assert "dbw-fern-dev" in {str(cell) for row in table.rows for cell in row}
    await say("cnv_fern", "change dbw-fern-dev to max 2 workers")
    assert "result" in await say("cnv_fern", "yes")
    await app.close()


async def test_what_was_taken_over_has_the_shape_of_what_is_new(tmp_path: Path) -> None:
    old, new = older(tmp_path / "home"), tmp_path / "fresh" / "brickie.db"
    for path in (old, new):
        await (await opened(path)).close()
    assert shape(old) == shape(new)


async def test_messages_of_0003_were_begun_never(tmp_path: Path) -> None:
    path = tmp_path / "home" / "brickie.db"
    await (await opened(path)).close()
    whole = shape(path)
    with sqlite3.connect(path) as connection:
        for added in ("beginnings", "place"):
            connection.execute(f"alter table received drop column {added}")
        connection.execute("insert into received values ('cnv_1', 'message-1', '2026-11-28', 0, '{}')")
        connection.execute("update alembic_version set version_num = '0003'")
    connection.close()
    found = await opened(path)
    said = Incoming(conversation="cnv_1", person=ANA, client_id="message-1")
    assert [await found.transact(lambda records: records.begin_all((said,))) for _ in range(2)] == [(1,), (2,)]
    await found.close()
    assert [name for name, _ in shape(path)] == [name for name, _ in whole]


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = older(tmp_path / "home")
    await (await opened(path)).close()
    before = shape(path)
    again = await opened(path)
    assert len(await again.read(lambda records: records.deployments())) == 5
    await again.close()
    assert shape(path) == before


async def test_a_damaged_older_record_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = older(tmp_path / "home")
    with sqlite3.connect(path) as connection:
        connection.execute("update deployments set document = '{' where workspace_name = 'dbw-ash-dev'")
    connection.close()
    before = shape(path)
    with pytest.raises(ConfigurationError, match="one of them is damaged, so they were left as they are"):
        await opened(path)
    assert shape(path) == before


async def test_records_of_a_newer_brickie_are_refused(url: str) -> None:
    first = Database(url)
    await first.open()
    await first.transact(lambda records: records.connection.execute(text("update alembic_version set version_num='9'")))
    await first.close()
    with pytest.raises(ConfigurationError, match="a newer Brickie made them"):
        await Database(url).open()
