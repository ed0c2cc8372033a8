"""A Slack workspace in memory: people, channels, messages, views, and what Slack would refuse.

Refusals are Slack's own words (https://docs.slack.dev/reference/methods/chat.postMessage#errors, read 2026-11-29).
"""

import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

Record = dict[str, Any]

TEAM, BOT, BOT_ID, APP = "T0SANDBOX", "U0BRICKIE", "B0BRICKIE", "A0BRICKIE"
MOST_TEXT, MOST_BLOCKS, MOST_CHARACTERS = 40_000, 50, 13_200
STREAM_SECONDS = 300.0


class ApiRefusal(Exception):
    """What Slack answers instead of doing it; `status` 429 comes with a time to wait."""

    def __init__(self, error: str, *, status: int = 200, retry_after: int | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True)
class ApiCall:
    method: str
    arguments: Record
    at: float


def member(user: str, name: str, **more: object) -> Record:
    """An account as `users.info` gives it."""
    email = f"{name.split(maxsplit=1)[0].casefold()}@contoso.com"
    profile = {"real_name": name, "email": email}
    return {
        "id": user,
        "team_id": TEAM,
        "name": name.split(maxsplit=1)[0].casefold(),
        "real_name": name,
        "profile": profile,
        "deleted": False,
        "is_bot": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_email_confirmed": True,
        **more,
    }


def sandbox_members() -> dict[str, Record]:
    """Who is there when nobody else is named: two who order, one who approves, and those who are turned away."""
    people = (
        member("U0ANA", "Ana Ruiz"),
        member("U0BEN", "Ben Okafor"),
        member("U0INES", "Ines Ortega"),
        member("U0GUEST", "Gast Frey", is_restricted=True),
        member("U0NEW", "Nele Unsure", is_email_confirmed=False),
        member("U0GONE", "Gone Person", deleted=True),
        member("U0APP", "Other App", is_bot=True),
    )
    return {str(one["id"]): one for one in people}


@dataclass
class SlackWorkspace:
    """`clock` gives seconds; `unknown_blocks` are kinds of block that this workspace refuses; `archived` and `absent`
    are ids of channels. `refusals` are raised by the next calls of a method, `calls` is all that was called.
    """

    clock: Callable[[], float] = time.time
    people: dict[str, Record] = field(default_factory=sandbox_members)
    channels: dict[str, str] = field(default_factory=lambda: {"C0PLATFORM": "platform", "C0APPROVALS": "approvals"})
    groups: dict[str, list[str]] = field(default_factory=lambda: {"S0APPROVERS": ["U0INES"]})
    unknown_blocks: set[str] = field(default_factory=set[str])
    archived: set[str] = field(default_factory=set[str])
    absent: set[str] = field(default_factory=set[str])
    rates: bool = False

    def __post_init__(self) -> None:
        self.calls: list[ApiCall] = []
        self.refusals: defaultdict[str, deque[ApiRefusal]] = defaultdict(deque)
        self.messages: dict[tuple[str, str], Record] = {}
        self.views: dict[str, Record] = {}
        self.homes: dict[str, Record] = {}
        self.prompts: dict[str, Record] = {}
        self.sessions: dict[tuple[str, str], Record] = {}
        self.files: dict[str, bytes] = {}
        self.scopes: list[str] = []
        self._repeats: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._updates: deque[float] = deque()
        self._methods: Mapping[str, Callable[[Record], Record]] = {
            "auth.test": self._whoami,
            "users.info": self._user,
            "usergroups.users.list": lambda asked: {"users": self.groups.get(str(asked.get("usergroup")), [])},
            "conversations.open": self._opened,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._ephemeral,
            "chat.update": self._update,
            "chat.startStream": self._start_stream,
            "chat.appendStream": self._append_stream,
            "chat.stopStream": self._stop_stream,
            "views.open": self._open_view,
            "views.update": self._update_view,
            "views.publish": self._publish,
            "assistant.threads.setSuggestedPrompts": self._suggest,
            "agents.sessions.setStatus": self._session,
            "agents.sessions.rename": self._session,
        }

    def answer(self, method: str, arguments: Record) -> Record:
        """What Slack answers. Raises ApiRefusal."""
        self.calls.append(ApiCall(method, arguments, self.clock()))
        if self.refusals[method]:
            raise self.refusals[method].popleft()
        act = self._methods.get(method)
        if act is None:
            raise ApiRefusal("unknown_method")
        return {"ok": True, **act(arguments)}

    def ts(self) -> str:
        """A message's name: the time, and a number that makes it one."""
        return f"{int(self.clock())}.{next(self._numbers):06d}"

    def direct(self, user: str) -> str:
        """The channel in which that person and Brickie are alone."""
        return f"D{user[1:]}"

    def said(self, user: str, channel: str, text: str, *, thread: str | None = None) -> Record:
        """Keeps what a person said there."""
        return self._kept({"channel": channel, "thread_ts": thread, "text": text, "user": user})

    def called(self, method: str) -> list[ApiCall]:
        return [call for call in self.calls if call.method == method]

    def shown_in(self, channel: str) -> list[Record]:
        """The messages of a channel as they are now, in their order."""
        return [message for (place, _), message in self.messages.items() if place == channel]

    def _whoami(self, _: Record) -> Record:
        return {"user_id": BOT, "bot_id": BOT_ID, "team_id": TEAM, "team": "Sandbox", "user": "brickie", "url": "/"}

    def _user(self, asked: Record) -> Record:
        person = self.people.get(str(asked.get("user")))
        if person is None:
            raise ApiRefusal("user_not_found")
        return {"user": person}

    def _opened(self, asked: Record) -> Record:
        user = str(asked.get("users"))
        person = self.people.get(user)
        if person is None:
            raise ApiRefusal("users_not_found")
        if person.get("deleted"):
            raise ApiRefusal("user_disabled")
        return {"channel": {"id": self.direct(user)}}

    def _post(self, asked: Record) -> Record:
        channel = self._channel(asked)
        repeat = asked.get("client_msg_id")
        if repeat in self._repeats:
            return {"channel": channel, "ts": self._repeats[repeat]}
        self._look_through(asked)
        message = self._kept(self._shown(asked, channel))
        if repeat:
            self._repeats[str(repeat)] = str(message["ts"])
        return {"channel": channel, "ts": message["ts"], "message": message}

    def _ephemeral(self, asked: Record) -> Record:
        channel = self._channel(asked)
        if channel not in self.channels and channel != self.direct(str(asked.get("user"))):
            raise ApiRefusal("channel_not_found")
        self._look_through(asked)
        message = self._kept({**self._shown(asked, channel), "only_for": asked.get("user")})
        return {"message_ts": message["ts"]}

    def _update(self, asked: Record) -> Record:
        channel = self._channel(asked)
        message = self._message(asked, channel)
        if message.get("streaming"):
            raise ApiRefusal("streaming_state_conflict")
        now = self.clock()
        self._updates.append(now)
        while self._updates and self._updates[0] < now - 60:
            self._updates.popleft()
        if self.rates and len(self._updates) > 50:  # noqa: PLR2004 - tier 3
            raise ApiRefusal("ratelimited", status=429, retry_after=5)
        self._look_through(asked)
        message.update(text=asked.get("text"), blocks=asked.get("blocks") or [], edited=now)
        message["edits"] = message.get("edits", 0) + 1
        return {"channel": channel, "ts": message["ts"]}

    def _start_stream(self, asked: Record) -> Record:
        channel = self._channel(asked)
        if not asked.get("thread_ts"):
            raise ApiRefusal("missing_thread_ts")
        chunks = list(asked.get("chunks") or [])
        shown: Record = {"channel": channel, "thread_ts": asked["thread_ts"], "user": BOT, "text": "", "blocks": []}
        return {"channel": channel, "ts": self._kept({**shown, "streaming": self.clock(), "chunks": chunks})["ts"]}

    def _append_stream(self, asked: Record) -> Record:
        message = self._stream(asked)
        message["chunks"] += list(asked.get("chunks") or [])
        return {"channel": message["channel"], "ts": message["ts"]}

    def _stop_stream(self, asked: Record) -> Record:
        message = self._stream(asked)
        message["chunks"] += list(asked.get("chunks") or [])
        message["streaming"] = None
        message["blocks"] = asked.get("blocks") or []
        return {"channel": message["channel"], "ts": message["ts"]}

    def _stream(self, asked: Record) -> Record:
        message = self._message(asked, self._channel(asked))
        begun = message.get("streaming")
        if not begun or self.clock() - float(begun) > STREAM_SECONDS:
            message["streaming"] = None
            raise ApiRefusal("message_not_in_streaming_state")
        return message

    def _open_view(self, asked: Record) -> Record:
        view = {**cast("Record", asked.get("view") or {}), "id": f"V{next(self._numbers)}", "hash": str(self.clock())}
        self._look_through_view(view)
        self.views[str(view["id"])] = {**view, "trigger": asked.get("trigger_id")}
        return {"view": view}

    def _update_view(self, asked: Record) -> Record:
        known = self.views.get(str(asked.get("view_id")))
        if known is None:
            raise ApiRefusal("not_found")
        view = {**cast("Record", asked.get("view") or {}), "id": known["id"], "hash": str(self.clock())}
        self._look_through_view(view)
        self.views[str(view["id"])] = {**view, "trigger": known["trigger"]}
        return {"view": view}

    def _publish(self, asked: Record) -> Record:
        view = cast("Record", asked.get("view") or {})
        self._look_through_view(view)
        self.homes[str(asked.get("user_id"))] = view
        return {"view": view}

    def _suggest(self, asked: Record) -> Record:
        self.prompts[str(asked.get("channel_id"))] = asked
        return {}

    def _session(self, asked: Record) -> Record:
        key = (str(asked.get("channel_id")), str(asked.get("thread_ts") or ""))
        self.sessions[key] = {**self.sessions.get(key, {}), **asked}
        return {}

    def _channel(self, asked: Record) -> str:
        channel = str(asked.get("channel"))
        known = channel in self.channels or (channel[:1] == "D" and f"U{channel[1:]}" in self.people)
        if not known or channel in self.absent:
            raise ApiRefusal("channel_not_found" if not known else "not_in_channel")
        if channel in self.archived:
            raise ApiRefusal("is_archived")
        return channel

    def _message(self, asked: Record, channel: str) -> Record:
        message = self.messages.get((channel, str(asked.get("ts"))))
        if message is None or message.get("only_for"):
            raise ApiRefusal("message_not_found")
        return message

    @staticmethod
    def _shown(asked: Record, channel: str) -> Record:
        blocks: list[object] = asked.get("blocks") or []
        shown = {"channel": channel, "thread_ts": asked.get("thread_ts"), "text": asked.get("text")}
        return {**shown, "blocks": blocks, "user": BOT, "bot_id": BOT_ID}

    def _kept(self, message: Record) -> Record:
        kept: Record = {"type": "message", "ts": self.ts(), "blocks": [], **message}
        self.messages[str(kept["channel"]), str(kept["ts"])] = kept
        return kept

    def _look_through(self, asked: Record) -> None:
        blocks = cast("list[Record]", asked.get("blocks") or [])
        if not asked.get("text") and not blocks:
            raise ApiRefusal("no_text")
        if len(str(asked.get("text") or "")) > MOST_TEXT:
            raise ApiRefusal("msg_too_long")
        if len(blocks) > MOST_BLOCKS or any(block.get("type") in self.unknown_blocks for block in blocks):
            raise ApiRefusal("invalid_blocks")
        if _read(blocks) > MOST_CHARACTERS:
            raise ApiRefusal("msg_blocks_too_long")

    @staticmethod
    def _look_through_view(view: Record) -> None:
        blocks = view.get("blocks")
        if not isinstance(blocks, list) or not 0 < len(cast("list[object]", blocks)) <= 100:  # noqa: PLR2004 - of a view
            raise ApiRefusal("invalid_arguments")
        if len(json.dumps(view.get("private_metadata") or "")) > 3100:  # noqa: PLR2004 - 3,000 and what JSON adds
            raise ApiRefusal("invalid_arguments")


def _read(shown: object) -> int:
    """Characters that are to be read, wherever they stand."""
    if isinstance(shown, dict):
        fields = cast("Record", shown)
        own = len(str(fields["text"])) if isinstance(fields.get("text"), str) else 0
        return own + sum(_read(value) for value in fields.values())
    return sum(_read(one) for one in cast("list[object]", shown)) if isinstance(shown, list) else 0
