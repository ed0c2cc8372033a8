"""Keeping old conversations below the home instead of in the tables: `Records__KeepDays`.

A conversation is a file, `archive/YYYY-MM/ID+SPOKEN+FIRST-LAST.jsonl` by the month and the second in which it was last
spoken on and the numbers of its events, readable by its owner alone: first the conversation, then a line for each
event. What is said later under the same id is another file. It is on the disk before it leaves the tables, and written
whole or not at all, so that a crash in between costs nothing but doing it again. It goes when its owner deletes the
conversation.
"""

import asyncio
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from agent.deployment.context import DeploymentContext
from agent.store.archive import OldConversation
from plugins.private import private_folder, write_private

MOST_AT_ONCE = 200
"""Conversations that one sweep archives: expiries wait meanwhile."""

_LONGEST_NAME = 200


@dataclass(frozen=True)
class Archive:
    """Where conversations go that were not spoken on for `keep_days`."""

    home: Path
    keep_days: int

    async def archive(self, context: DeploymentContext, now: datetime) -> int:
        """Archives the oldest that are old enough; gives how many."""
        before = now - timedelta(days=self.keep_days)
        ids = await context.database.read(lambda records: records.aged(before, most=MOST_AT_ONCE))
        gone = 0
        for conversation in ids:
            old = await context.database.read(lambda records, own=conversation: records.old_conversation(own))
            if old is not None:
                gone += await self._moved(context, old)
        return gone

    def path_of(self, old: OldConversation) -> Path:
        spoken = "".join(character for character in old.updated_at[:19] if character not in "-:")
        name = f"{_name_of(old.conversation)}+{spoken}+{old.first_seq}-{old.last_seq}.jsonl"
        return self.home / "archive" / old.updated_at[:7] / name

    async def _moved(self, context: DeploymentContext, old: OldConversation) -> bool:
        path = self.path_of(old)
        if old.lines:
            await asyncio.to_thread(_written, path, "\n".join(old.lines) + "\n")
        if await context.database.transact(lambda records: records.drop_conversation(old)):
            return True
        # Another process may have dropped it on the strength of this very file, which is then all there is of it.
        if old.lines and await context.database.read(lambda records: records.needs_no_file(old)):
            path.unlink(missing_ok=True)
        return False


def forget_archived(home: Path, conversation: str) -> None:
    """Deletes all files of that conversation. Raises OSError where one cannot be deleted."""
    name = _name_of(conversation)
    # The second is one that a crash left half written, the third how they were named at first.
    for pattern in (f"{name}+*.jsonl", f".{name}+*.jsonl", f"{name}.jsonl"):
        for path in home.glob(f"archive/*/{pattern}"):
            path.unlink(missing_ok=True)


def _name_of(conversation: str) -> str:
    """Letters, digits and `_.-~%`: neither a `+` nor anything that a pattern would read otherwise."""
    name = quote(conversation, safe="")
    return name if len(name) <= _LONGEST_NAME else hashlib.sha256(conversation.encode()).hexdigest()


def _written(path: Path, text: str) -> None:
    new = private_folder(path.parent) / f".{path.name}"
    write_private(new, text)
    _on_disk(new)
    new.replace(path)
    _on_disk(path.parent)


def _on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
