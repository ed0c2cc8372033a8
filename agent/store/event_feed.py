"""Following conversations: what is kept of work behind them, here or in another process, is shown as it comes.

Reads the records and writes nothing. In go conversations and the number of the event that was shown last, out come the
later ones, in order, each once. What it costs: a look at the records several times a second, so that no message can be
lost with a connection; of an SQLite file only a look whether it was written to.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from pydantic import TypeAdapter

from agent.events import Event
from agent.store.conversations import LoggedEvent
from agent.store.database import Database, RecordsUnavailable
from agent.store.records import Records

_LOOK_SECONDS = 0.25
"""How long what another process kept may go unseen by whoever waits for it; twice that by who only watches."""

_WINDOW = timedelta(seconds=10)
"""Conversations in which something was kept since this long before the last look are looked at: longer than any commit
takes to be seen.
"""

_PAGE = 500
_LONG, _TOO_LONG, _MOST_RECALLED = 10_000, 300_000, 4
_MOST_AT_ONCE = 20
_log = logging.getLogger(__name__)
_EVENTS: "list[TypeAdapter[Event]]" = []


class EventFeed:
    """Shows, once each and in order, the events of work on the conversations that are followed here."""

    def __init__(self, database: Database, emit: Callable[[Event], None], clock: Callable[[], datetime]) -> None:
        self._database = database
        self._emit = emit
        self._clock = clock
        self._looked = clock()
        self._seen: dict[str, int] = {}
        self._heads: dict[str, int] = {}
        self._watchers: list[Callable[[str, int], None]] = []
        self._asked: dict[_Waits, Callable[[Records], bool]] = {}
        self._recalled: deque[tuple[str, Event]] = deque(maxlen=_MOST_RECALLED)
        self._moved = asyncio.Event()
        self._one = asyncio.Lock()
        self._changes = database.changes()
        self._wanted = 0
        self._done = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Cancels until it takes: in Python 3.11 a cancel that meets a wait which has just ended is lost."""
        while self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=_LOOK_SECONDS)
        if self._changes is not None:
            self._changes.close()

    def follow(self, conversation: str, *, after: int) -> None:
        """Shows what comes after that event; nothing changes where it is followed already."""
        if conversation not in self._seen:
            self._seen[conversation] = after
            self._wanted += 1  # the last look may have passed over what was kept there since that event

    def watch(self, watcher: Callable[[str, int], None]) -> None:
        """Is told of every conversation in which something was kept, by whomever, and the number of its last event."""
        self._watchers.append(watcher)

    @property
    def followed(self) -> tuple[str, ...]:
        return tuple(self._seen)

    def pulse(self) -> None:
        """Work was kept in this process: it is shown at once."""
        self._wanted += 1
        self._moved.set()

    def recall(self, text: str, event: Event) -> None:
        """That text is of this event: a plan's is long to read again. From any thread."""
        if _LONG <= len(text) <= _TOO_LONG:
            self._recalled.append((text, event))

    def told(self, conversation: str, last: int, *, since: int | None = None) -> None:
        """Something was kept in that conversation, up to that event: who watches it is told, nothing is looked up.

        With `since` all after that number was shown already by whoever kept it.
        """
        if since is not None and self._seen.get(conversation) == since:
            self._seen[conversation] = last
        self._heads[conversation] = last
        for watcher in self._watchers:
            watcher(conversation, last)

    async def _was_moved(self, *, within: float) -> None:
        """Returns when something may have been kept, here or elsewhere."""
        try:
            # not wait_for: before Python 3.12 it swallows a cancel that meets a pulse, and `stop` then never returns
            async with asyncio.timeout(within):
                await self._moved.wait()
        except TimeoutError:
            return
        self._moved.clear()

    async def until(self, question: Callable[[Records], bool], *, at_once: bool) -> None:
        """Returns when a look finds that it is so, with all that was kept by then having been shown; without `at_once`
        the first look is the next one anyway. Raises RecordsUnavailable when that look is not possible.
        """
        if self._task is None:
            raise RuntimeError("nobody follows these records")
        waits: _Waits = asyncio.get_running_loop().create_future()
        self._asked[waits] = question
        self._wanted += 1  # it may have become so before it was asked
        if at_once:
            self._moved.set()
        try:
            await asyncio.wait({waits, self._task}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            del self._asked[waits]
        error = waits.result() if waits.done() else RuntimeError("nobody follows these records any more")
        if error is not None:
            raise error

    async def look(self) -> None:
        """Catches up when something may have been kept since that was last done to its end; a change is told only once,
        and stays due until then.
        """
        if self._changes is None or self._changes.seen():
            self._wanted += 1
        async with self._one:
            if self._done != self._wanted:
                await self._caught_up()

    async def _caught_up(self) -> None:
        """Shows what has come since."""
        wanted, asked = self._wanted, dict(self._asked)
        now, since, seen = self._clock(), self._looked - _WINDOW, dict(self._seen)

        def looked(records: Records) -> tuple[dict[str, int], dict[str, _Page], list[_Waits]]:
            # Asked first: what is so by then was kept together with all that there is to show of it.
            answered = [waits for waits, question in asked.items() if question(records)]
            return *_moved(records, since, seen), answered

        heads, read_with_them, answered = await self._database.read(looked)
        for conversation, head in heads.items():
            if head > self._heads.get(conversation, 0):
                self.told(conversation, head)
            if head > self._seen.get(conversation, head):
                is_as_read = self._seen[conversation] == seen.get(conversation)
                await self._shown(conversation, head, read_with_them.get(conversation) if is_as_read else None)
        self._looked, self._heads, self._done = now, heads, wanted
        _answer(answered, None)

    async def _shown(self, conversation: str, head: int, found: "_Page | None" = None) -> None:
        after = self._seen[conversation]
        news = found
        if news is None:
            news = await self._database.read(lambda records: _page_of(records, conversation, after))
        for logged in news:
            self._seen[conversation] = logged.seq
            recalled = (event for text, event in tuple(self._recalled) if text == logged.document)
            self._emit(next(recalled, None) or event_of(logged))
        if len(news) == _PAGE:
            await self._shown(conversation, head)
        else:
            self._seen[conversation] = max(head, self._seen[conversation])

    async def _watch(self) -> None:
        while True:
            await self._was_moved(within=_LOOK_SECONDS if self._asked else 2 * _LOOK_SECONDS)
            try:
                await self.look()
            except RecordsUnavailable as error:
                _answer(self._asked, error)
                _log.warning("the records cannot be read just now; looking again")
                await asyncio.sleep(1)
            except Exception:  # noqa: BLE001 - a listener's fault: who waits here waits for more than that listener
                _log.exception("what was kept could not be shown; going on")


_Page = tuple[LoggedEvent, ...]
_Waits: TypeAlias = "asyncio.Future[Exception | None]"


def _answer(asked: Iterable[_Waits], error: Exception | None) -> None:
    for waits in asked:
        if not waits.done():
            waits.set_result(error)


def _moved(records: Records, since: datetime, seen: Mapping[str, int]) -> tuple[dict[str, int], dict[str, _Page]]:
    """The last events' numbers of all that moved; and what there is to show of a few, which is another look less."""
    heads = records.moved_since(since)
    due = [name for name, head in heads.items() if head > seen.get(name, head)]
    return heads, {name: _page_of(records, name, seen[name]) for name in due[:_MOST_AT_ONCE]}


def _page_of(records: Records, conversation: str, after: int) -> _Page:
    return records.logged(conversation, after=after, most=_PAGE, source="work")


def event_of(logged: LoggedEvent) -> Event:
    """The event as it was kept."""
    if not _EVENTS:
        _EVENTS.append(TypeAdapter(Event))
    # Not by pydantic's own reader of JSON: of a large plan it takes eight times the memory (pydantic 2.13).
    return _EVENTS[0].validate_python(json.loads(logged.document))
