"""The audit under a key that is not in the database, and anchors kept elsewhere: what each of them finds."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text

from agent.store.audit import BRICKIE, Actor, Entry, Keys, changed, keys_of, row_hash, who_of
from agent.store.audit_proof import Anchor, ChainBreak, anchor_in, anchor_now, first_break, proof_of
from agent.store.database import Database
from agent.store.records import Records
from agent.store.tables import audit, audit_head
from plugins.domain.errors import ConfigurationError, InvalidRequest
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
KEYS: Keys = (b"k" * 40,)
OTHER: Keys = (b"o" * 40,)
ROWS = 6

Tamper = Callable[[Connection], None]


def entry(number: int) -> Entry:
    who = Actor("https://login.contoso.com", f"oid-{number}", "Ana")
    return Entry(NOW, who, f"deed {number}", change=changed({"n": number}, {"n": number + 1}))


async def written(database: Database, numbers: range = range(1, ROWS + 1)) -> None:
    for number in numbers:
        await database.transact(lambda records, number=number: records.note(entry(number)))


@pytest.fixture
async def keyed(url: str) -> AsyncIterator[Database]:
    """Records whose writers have the key."""
    found = Database(url, audit_keys=KEYS)
    await found.open()
    yield found
    await found.close()


def unguard(connection: Connection) -> None:
    """As the database's owner can: the triggers are gone."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("drop trigger audit_no_update"))
        connection.execute(text("drop trigger audit_no_delete"))
    else:
        connection.execute(text("drop trigger audit_append_only on audit"))


def run(statement: str) -> Tamper:
    def tamper(connection: Connection) -> None:
        connection.execute(text(statement))

    return tamper


def recomputed(*, from_row: int, then: str = "", head: bool = True) -> Tamper:
    """Row `from_row` says another thing, and every hash behind it is made anew, the head's too: all without the key."""

    def tamper(connection: Connection) -> None:
        connection.execute(text(f"update audit set what = 'something else' where seq = {from_row}"))
        rows = connection.execute(audit.select().order_by(audit.c.seq)).mappings().all()
        previous = rows[from_row - 1]["previous"]
        for row in rows[from_row - 1 :]:
            fresh: dict[str, object] = {**row, "previous": previous}
            previous = row_hash(fresh)
            values = {"previous": fresh["previous"], "hash": previous}
            connection.execute(audit.update().where(audit.c.seq == row["seq"]).values(**values))
        if head:
            connection.execute(audit_head.update().values(hash=previous))
        if then:
            connection.execute(text(then))

    return tamper


CUT = "delete from audit where seq > 4"
HEAD_BACK = "update audit_head set seq = 4, hash = (select hash from audit where seq = 4)"
NO_MARKS = "update audit set mark = null"


def cut_and_set_back(connection: Connection) -> None:
    connection.execute(text(CUT))
    connection.execute(text(HEAD_BACK))


def inserted(connection: Connection) -> None:
    for seq in (6, 5, 4):
        connection.execute(text(f"update audit set seq = {seq + 1} where seq = {seq}"))
    row = connection.execute(audit.select().where(audit.c.seq == 1)).mappings().one()
    connection.execute(audit.insert().values({**row, "seq": 4, "hash": "made up"}))


@dataclass(frozen=True)
class Case:
    """What was done, and what is found of it without the key, with it, and with an anchor but no key."""

    done: str
    tamper: Tamper
    bare: ChainBreak | None
    with_key: ChainBreak | None
    with_anchor: ChainBreak | None


def same(done: str, tamper: Tamper, found: ChainBreak) -> Case:
    return Case(done, tamper, found, found, found)


CASES = [
    Case("nothing", run("select 1"), None, None, None),
    same("changed", run("update audit set who_id = 'x' where seq = 3"), ChainBreak(3, "was altered")),
    same(
        "changed: what it was before", run("update audit set before = '{}' where seq = 3"), ChainBreak(3, "was altered")
    ),
    same("made to look old", run("update audit set issuer = null where seq = 3"), ChainBreak(3, "was altered")),
    same("removed", run("delete from audit where seq = 3"), ChainBreak(3, "is missing")),
    same("inserted", inserted, ChainBreak(4, "does not follow the row before it")),
    same("truncated", run(CUT), ChainBreak(5, "is missing")),
    same("head moved", run("update audit_head set hash = 'x'"), ChainBreak(6, "is not the row that the head names")),
    same("head set back", run("update audit_head set seq = 5"), ChainBreak(6, "was added behind the head")),
    same("head removed", run("delete from audit_head"), ChainBreak(7, "the head of the chain is missing")),
    Case(
        "truncated, and the head set back",
        cut_and_set_back,
        None,
        ChainBreak(4, "is the last, but the head was not set there with this AUDIT_KEY: later rows may be cut"),
        ChainBreak(5, "is missing: the anchor names row 6"),
    ),
    Case(
        "recomputed from a row on",
        recomputed(from_row=3),
        None,
        ChainBreak(3, "was written without this AUDIT_KEY"),
        ChainBreak(6, "is not the row that the anchor names"),
    ),
    Case(
        "recomputed, its marks taken away",
        recomputed(from_row=3, then=f"{NO_MARKS} where seq >= 3"),
        None,
        ChainBreak(3, "carries no mark of a key, though rows before it do"),
        ChainBreak(6, "is not the row that the anchor names"),
    ),
    Case(
        "recomputed, and all marks taken away",
        recomputed(from_row=1, then=NO_MARKS),
        None,
        ChainBreak(1, "carries no mark of AUDIT_KEY, and no other row does"),
        ChainBreak(6, "is not the row that the anchor names"),
    ),
    Case(
        "the head's mark taken away",
        run("update audit_head set mark = null"),
        None,
        ChainBreak(6, "is the last, but the head was not set there with this AUDIT_KEY: later rows may be cut"),
        None,
    ),
    Case(
        "the last row recomputed, the head left",
        recomputed(from_row=6, head=False),
        ChainBreak(6, "is not the row that the head names"),
        ChainBreak(6, "was written without this AUDIT_KEY"),
        ChainBreak(6, "is not the row that the anchor names"),
    ),
]


async def test_every_way_to_tamper_is_found_with_the_key_or_the_anchor(keyed: Database) -> None:
    """A table: what is done by somebody who owns the database and has no key, and what verifying then says."""
    await written(keyed)
    anchor = await keyed.read(lambda records: anchor_now(records.connection, KEYS, now=NOW))
    for case in CASES:
        found = await keyed.transact(lambda records, case=case: _found(records, case.tamper, anchor))
        assert (case.done, *found) == (case.done, case.bare, case.with_key, case.with_anchor)


def _found(
    records: Records, tamper: Tamper, anchor: Anchor
) -> tuple[ChainBreak | None, ChainBreak | None, ChainBreak | None]:
    """What verifying says without the key, with it, and with the anchor; what was done is undone again."""
    connection = records.connection
    savepoint = connection.begin_nested()
    unguard(connection)
    tamper(connection)
    found = (first_break(connection), first_break(connection, KEYS), first_break(connection, (), anchor))
    savepoint.rollback()
    return found


async def test_an_older_copy_put_back_is_found_by_the_anchor_alone(keyed: Database) -> None:
    """Its marks hold, for they were made with the key, when that was the end."""
    await written(keyed, range(1, 4))
    older = await keyed.read(lambda records: dict(records.connection.execute(audit_head.select()).mappings().one()))
    await written(keyed, range(4, ROWS + 1))
    anchor = await keyed.read(lambda records: anchor_now(records.connection, KEYS, now=NOW))

    def put_back(connection: Connection) -> None:
        connection.execute(text("delete from audit where seq > 3"))
        connection.execute(audit_head.update().values(**older))

    found = await keyed.transact(lambda records: _found(records, put_back, anchor))
    assert found == (None, None, ChainBreak(4, "is missing: the anchor names row 6"))


async def test_an_anchor_holds_as_the_chain_grows_and_is_read_back_from_text(keyed: Database) -> None:
    await written(keyed, range(1, 4))
    anchor = await keyed.read(lambda records: anchor_now(records.connection, KEYS, now=NOW))
    await written(keyed, range(4, ROWS + 1))
    assert anchor_in(f"note of the day: {anchor.text}\n", KEYS) == anchor
    assert await keyed.read(lambda records: first_break(records.connection, KEYS, anchor)) is None
    for wrong in ("", "brickie-audit.1.3", anchor.text.replace(".3.", ".4."), anchor.text[:-64] + "0"):
        with pytest.raises(ConfigurationError, match="reading the anchor"):
            anchor_in(wrong, KEYS)


async def test_no_anchor_is_given_of_a_chain_that_does_not_hold(keyed: Database) -> None:
    await written(keyed)
    await keyed.transact(lambda records: records.connection.execute(text("update audit_head set seq = 5")))
    with pytest.raises(InvalidRequest, match="row 6 was added behind the head"):
        await keyed.read(lambda records: anchor_now(records.connection, KEYS, now=NOW))


async def test_a_chain_that_is_keyed_later_says_from_where_on(url: str) -> None:
    bare = Database(url)
    await bare.open()
    await written(bare, range(1, 3))
    await bare.close()
    keyed = Database(url, audit_keys=KEYS)
    await keyed.open()
    await written(keyed, range(3, 4))

    def seen(records: Records) -> tuple[int | None, list[str]]:
        proof = proof_of(records.connection, KEYS)
        assert proof.broken is None
        return proof.keyed_from, [entry.what for _, entry in records.audited(most=9)]

    whole = await keyed.read(seen)
    assert whole == (3, ["deed 1", "deed 2", "began to key the audit", "deed 3"])
    await keyed.close()


async def test_who_has_no_key_or_another_adds_nothing_to_a_keyed_chain(keyed: Database, url: str) -> None:
    await written(keyed, range(1, 3))
    for keys, sentence in (((), "AUDIT_KEY is not set here"), (OTHER, "does not carry the mark of this AUDIT_KEY")):
        other = Database(url, audit_keys=keys)
        await other.open()
        with pytest.raises(ConfigurationError, match=sentence):
            await written(other, range(3, 4))
        with pytest.raises(ConfigurationError, match=sentence):
            await other.read(lambda records: records.demand_audit_keys())
        await other.close()
    assert await keyed.read(lambda records: proof_of(records.connection, KEYS).rows) == 2


async def test_nothing_is_added_behind_a_head_that_somebody_set_back(keyed: Database) -> None:
    """Else the next row would put a good mark on a chain that was cut."""
    await written(keyed)

    def tamper(records: Records) -> None:
        unguard(records.connection)
        cut_and_set_back(records.connection)

    await keyed.transact(tamper)
    with pytest.raises(ConfigurationError, match="the records were altered: `brickie audit verify`"):
        await written(keyed, range(7, 8))


async def test_nothing_is_added_where_the_head_is_gone(keyed: Database) -> None:
    await keyed.transact(lambda records: records.connection.execute(text("delete from audit_head")))
    with pytest.raises(ConfigurationError, match="its head is missing, so nothing was done"):
        await written(keyed, range(1, 2))
    with pytest.raises(ConfigurationError, match="its head is missing"):
        await keyed.read(lambda records: records.demand_audit_keys())


async def test_a_new_key_stands_before_the_old_one(keyed: Database, url: str) -> None:
    await written(keyed, range(1, 3))
    both = keys_of({"AUDIT_KEY": f"{'n' * 40}, {KEYS[0].decode()}"})
    newer = Database(url, audit_keys=both)
    await newer.open()
    await written(newer, range(3, 5))
    assert await newer.read(lambda records: first_break(records.connection, both)) is None
    assert await newer.read(lambda records: first_break(records.connection, both[:1])) == ChainBreak(
        1, "was written without this AUDIT_KEY"
    )
    await newer.close()


def test_a_key_that_could_be_guessed_is_refused() -> None:
    assert keys_of({}) == keys_of({"AUDIT_KEY": " "}) == ()
    with pytest.raises(ConfigurationError, match="AUDIT_KEY is shorter than 32 characters"):
        keys_of({"AUDIT_KEY": "hunter2"})


def test_who_it_was_is_an_issuer_and_an_id_and_the_name_is_for_reading() -> None:
    ana = Person(id="oid-1", name="Ana", roles=("approver",), issuer="https://login.contoso.com")
    assert who_of(ana) == Actor("https://login.contoso.com", "oid-1", "Ana")
    assert BRICKIE.issuer


async def test_a_row_keeps_who_and_the_values_before_and_after(database: Database) -> None:
    await database.transact(lambda records: records.note(entry(1)))
    ((_, kept),) = await database.read(lambda records: records.audited(most=1))
    assert kept == entry(1)
    assert kept.change == changed({"n": 1, "same": 0}, {"n": 2, "same": 0})


async def test_rows_from_before_still_hold_and_new_ones_follow_them(url: str) -> None:
    """A database as 0003 left it: the columns are added, no row is touched, and the chain goes on."""
    first = Database(url)
    await first.open()
    await first.transact(lambda records: _as_0003_left_it(records.connection))
    await first.close()
    again = Database(url, audit_keys=KEYS)
    await again.open()
    await written(again, range(1, 2))

    def seen(records: Records) -> list[tuple[str, str]]:
        proof = proof_of(records.connection, KEYS)
        assert (proof.broken, proof.keyed_from) == (None, 2)
        return [(entry.who.id, entry.what) for _, entry in records.audited(most=9)]

    assert await again.read(seen) == [("", "deployed"), ("brickie", "began to key the audit"), ("oid-1", "deed 1")]
    await again.close()


def _as_0003_left_it(connection: Connection) -> None:
    row: dict[str, object] = {
        "seq": 1,
        "at": NOW.isoformat(),
        "who": "Ana",
        "what": "deployed",
        "detail": "",
        "deployment_id": "dep_1",
        "plan_id": None,
        "conversation": None,
        "previous": "0" * 64,
    }
    row["hash"] = row_hash({**row, "issuer": None})
    connection.execute(audit.insert(), row)
    connection.execute(audit_head.update().values(seq=1, hash=row["hash"]))
    for column in ("issuer", "who_id", "before", "after", "mark"):
        connection.execute(text(f"alter table audit drop column {column}"))
    connection.execute(text("alter table audit_head drop column mark"))
    connection.execute(text("update alembic_version set version_num = '0003'"))
