"""What people do in the played workspace, as the deliveries that Slack would send, signed with the app's secret."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from agent.channels.slack.double.workspace import APP, TEAM, Record

_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Sent:
    """One delivery: the body of a request, or the payload of a socket's envelope."""

    kind: str
    payload: Record
    is_form: bool = False

    @property
    def body(self) -> str:
        if not self.is_form:
            return json.dumps(self.payload)
        return urlencode(self.payload if self.kind == "slash_commands" else {"payload": json.dumps(self.payload)})

    @property
    def content_type(self) -> str:
        return "application/x-www-form-urlencoded" if self.is_form else "application/json"


def signed(body: str, secret: str, at: float) -> dict[str, str]:
    """The two headers that prove that Slack sent it (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""
    timestamp = str(int(at))
    mark = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={mark}"}


def event(inner: Mapping[str, Any], *, team: str = TEAM, event_id: str | None = None) -> Sent:
    number = next(_NUMBERS)
    payload = {
        "type": "event_callback",
        "team_id": team,
        "api_app_id": APP,
        "event_id": event_id or f"Ev{number:08d}",
        "event_time": int(time.time()),
        "event": {**inner},
    }
    return Sent("events_api", payload)


def message_event(message: Record, *, mentions: bool = False, **more: Any) -> Sent:
    """Something that a person said: a mention, a direct message, or a message in a channel."""
    channel = str(message["channel"])
    inner = {
        "type": "app_mention" if mentions else "message",
        "channel": channel,
        "channel_type": "im" if channel.startswith("D") else "channel",
        "user": message["user"],
        "text": message["text"],
        "ts": message["ts"],
        **({"thread_ts": message["thread_ts"]} if message.get("thread_ts") else {}),
        **more,
    }
    return event({name: value for name, value in inner.items() if value is not None})


@dataclass(frozen=True)
class Presser:
    """Whoever presses, in a payload of Slack's."""

    id: str
    team: str = TEAM

    @property
    def fields(self) -> Record:
        return {"user": {"id": self.id, "team_id": self.team}, "team": {"id": self.team}}


def pressed(user: str, message: Record, element: Mapping[str, Any], values: Record | None = None) -> Sent:
    """A button of a message; `values` are the inputs around it."""
    number = next(_NUMBERS)
    payload = {
        "type": "block_actions",
        **Presser(user).fields,
        "api_app_id": APP,
        "trigger_id": f"tr{number}",
        "channel": {"id": message["channel"]},
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]},
        "message": {"ts": message["ts"], **({"thread_ts": t} if (t := message.get("thread_ts")) else {})},
        "state": {"values": values or {}},
        "actions": [{**element, "action_ts": f"{time.time():.6f}{number}"}],
    }
    return Sent("interactive", payload, is_form=True)


def pressed_at_home(user: str, element: Mapping[str, Any]) -> Sent:
    number = next(_NUMBERS)
    payload = {
        "type": "block_actions",
        **Presser(user).fields,
        "trigger_id": f"tr{number}",
        "container": {"type": "view", "view_id": "V0"},
        "view": {"id": "V0", "type": "home"},
        "actions": [{**element, "action_ts": f"{time.time():.6f}{number}"}],
    }
    return Sent("interactive", payload, is_form=True)


def submitted(user: str, view: Record, values: Mapping[str, str]) -> Sent:
    """A form that was filled in: the name of an input → what stands in it."""
    shown = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    kept = {name: view.get(name) for name in ("id", "callback_id", "private_metadata", "hash")}
    payload = {
        "type": "view_submission",
        **Presser(user).fields,
        "trigger_id": f"tr{next(_NUMBERS)}",
        "view": {**kept, "state": {"values": shown}},
    }
    return Sent("interactive", payload, is_form=True)


def commanded(user: str, channel: str, text: str, command: str = "/brickie") -> Sent:
    number = next(_NUMBERS)
    payload = {
        "command": command,
        "text": text,
        "team_id": TEAM,
        "user_id": user,
        "channel_id": channel,
        "trigger_id": f"tr{number}",
        "response_url": "",
    }
    return Sent("slash_commands", payload, is_form=True)


def chosen(user: str, message: Record) -> Sent:
    """The shortcut "Order from this message"."""
    payload = {
        "type": "message_action",
        **Presser(user).fields,
        "callback_id": "brickie:order",
        "trigger_id": f"tr{next(_NUMBERS)}",
        "message_ts": message["ts"],
        "channel": {"id": message["channel"]},
        "message": {name: message.get(name) for name in ("text", "ts", "user", "thread_ts") if message.get(name)},
    }
    return Sent("interactive", payload, is_form=True)


@dataclass(frozen=True)
class Signer:
    """Signs as Slack would, with the time that `clock` gives."""

    secret: str
    clock: Callable[[], float] = field(default=time.time)

    def headers(self, sent: Sent) -> dict[str, str]:
        return {"Content-Type": sent.content_type, **signed(sent.body, self.secret, self.clock())}
