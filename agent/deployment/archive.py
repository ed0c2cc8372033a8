"""Keeping old conversations below the home instead of in the tables: `Records__KeepDays`.

A conversation is a file, `archive/YYYY-MM/ID.jsonl` by the month in which it was last spoken on, readable by its owner
alone: first the conversation, then a line for each event. It is on the disk before it leaves the tables, and written
whole or not at all, so that a crash in between costs nothing but doing it again.
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
        name = quote(old.conversation, safe="")
        if len(name) > _LONGEST_NAME:
            name = hashlib.sha256(old.conversation.encode()).hexdigest()
        return self.home / "archive" / old.updated_at[:7] / f"{name}.jsonl"

    async def _moved(self, context: DeploymentContext, old: OldConversation) -> bool:
        path = self.path_of(old)
        if old.lines:
            await asyncio.to_thread(_written, path, "\n".join(old.lines) + "\n")
        dropped = await context.database.transact(lambda records: records.drop_conversation(old))
        if not dropped:
            path.unlink(missing_ok=True)  # somebody spoke on it meanwhile
        return dropped


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
