"""What Slack delivers, by either road, as plain values. Pure.

Kinds and shapes: https://docs.slack.dev/apis/events-api and https://docs.slack.dev/interactivity (read 2026-11-29).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

Kind = Literal["event", "buttons", "submission", "closed", "message_action", "global_action", "options", "command"]

Fields = Mapping[str, Any]
"""One JSON object of Slack's. What stands in it is theirs to choose: read it with `text_in` and `part_of`."""

_KINDS: Mapping[str, Kind] = {
    "event_callback": "event",
    "block_actions": "buttons",
    "view_submission": "submission",
    "view_closed": "closed",
    "message_action": "message_action",
    "shortcut": "global_action",
    "block_suggestion": "options",
}


@dataclass(frozen=True)
class Delivery:
    """One thing that Slack delivered, verified. `body` is all of it; `team` and `user` are the workspace of whoever did
    it, and who: empty where none is named.
    """

    kind: Kind
    body: Fields
    team: str
    user: str


@dataclass(frozen=True)
class Answered:
    """What Slack is answered at once: `body` is empty, or what a form or a command shows."""

    body: Fields | None = None


def delivery_of(body: object) -> Delivery | None:
    """What that body is; None where it is nothing that anybody did (Slack asks whether the address is ours)."""
    if not isinstance(body, dict):
        return None
    fields = cast("Fields", body)
    kind: Kind | None = "command" if text_in(fields, "command") else _KINDS.get(text_in(fields, "type"))
    return None if kind is None else Delivery(kind, fields, _team_of(fields), _user_of(fields))


def _team_of(body: Fields) -> str:
    return (
        text_in(part_of(body, "event"), "user_team")
        or text_in(part_of(body, "user"), "team_id")
        or text_in(body, "team_id")
        or text_in(part_of(body, "team"), "id")
    )


def _user_of(body: Fields) -> str:
    event = part_of(body, "event")
    return (
        text_in(event, "user")
        or text_in(part_of(event, "assistant_thread"), "user_id")
        or text_in(part_of(body, "user"), "id")
        or text_in(body, "user_id")
    )


def text_in(fields: Fields, name: str) -> str:
    """The text of that name; empty where there is none, or something else stands there."""
    value = fields.get(name)
    return value.replace("\0", "") if isinstance(value, str) else ""


def part_of(fields: Fields, name: str) -> Fields:
    """The object of that name; empty where there is none, or something else stands there."""
    value: object = fields.get(name)
    return cast("Fields", value) if isinstance(value, dict) else {}


def list_in(fields: Fields, name: str) -> tuple[object, ...]:
    """What stands in the list of that name; nothing where there is none."""
    value: object = fields.get(name)
    return tuple(cast("list[object]", value)) if isinstance(value, list) else ()


def parts_of(fields: Fields, name: str) -> tuple[Fields, ...]:
    """The objects of the list of that name."""
    return tuple(cast("Fields", one) for one in list_in(fields, name) if isinstance(one, dict))
