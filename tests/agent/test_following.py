"""Following a conversation: nothing that was kept on it goes untold, however late somebody comes to look."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.conversation import Conversation
from agent.events import Event, Message
from agent.following import Following
from agent.store.database import Database
from agent.store.records import Records

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


async def test_what_was_kept_is_told_also_when_the_next_look_comes_late(tmp_path: Path) -> None:
    """A busy machine, or a database that was away, may keep this process from looking for a minute."""
    database = Database(f"sqlite:///{tmp_path / 'brickie.db'}")
    await database.open()
    time = [NOW]
    heard: list[Event] = []
    following = Following(database, heard.append, lambda: time[0])
    following.follow("cnv", after=0)
    told = Message(conversation="cnv", turn=1, text="dbw-fern-dev is there.")

    def keep(records: Records) -> None:
        records.keep_conversation(Conversation(id="cnv"), now=NOW)
        records.log("cnv", [dict(told.as_json())], source="work", now=NOW)

    await database.transact(keep)
    time[0] = NOW + timedelta(minutes=1)
    await following.catch_up()
    await following.catch_up()
    assert heard == [told]
    await database.close()
