"""What of all that Slack delivers is meant for Brickie, and what it says. Pure; nobody's rights are looked at here.

Brickie listens in direct messages, where it is mentioned, and to plain follow-ups in a thread of those who take part in
it. It does not listen to bots, to edits and deletions, and to a follow-up that names somebody else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from pydantic import JsonValue, ValidationError

from agent.channels.cards.slack import ANSWERS
from agent.channels.cards.slack_blocks import CLICK
from agent.channels.messaging.port import Address, ChatPlace, Click
from agent.channels.slack.deliveries import Delivery, Fields, part_of, parts_of, text_in
from agent.channels.slack.mrkdwn import written
from plugins.domain.understanding import MOST_CHARACTERS

_NOTHING: Fields = {}
_SPOKEN_SUBTYPES = frozenset({"", "file_share", "thread_broadcast", "me_message"})
_MOST_SAID = MOST_CHARACTERS * 6
"""Characters as Slack sends them (`&amp;`) that are still read; what is longer is cut there and refused as too long."""


@dataclass(frozen=True)
class SharedFile:
    name: str
    url: str
    bytes: int
    kind: str


@dataclass(frozen=True)
class Utterance:
    """Something said to Brickie. With `follows` it is a follow-up without a mention, which counts only where its sender
    takes part in that thread; `private` answers are for its sender alone.
    """

    client_id: str
    address: Address
    text: str
    files: tuple[SharedFile, ...] = ()
    follows: bool = False
    private: bool = False


@dataclass(frozen=True)
class Press:
    """A button of ours. `ask` is what it asks for before it counts, `memo` what we gave the button for that; `trigger`
    lets a form be opened for three seconds.

    In the App Home `address` is None: it belongs to no place.
    """

    client_id: str
    address: Address | None
    click: Click
    ask: str
    trigger: str
    message_id: str | None = None
    memo: Fields = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True)
class FormSent:
    """A form of ours was sent: `name` is which, `memo` what we gave it, `values` what was filled in."""

    client_id: str
    name: str
    memo: Fields
    values: Mapping[str, str]


@dataclass(frozen=True)
class MessageChosen:
    """Somebody chose "Order from this message"."""

    address: Address
    text: str
    trigger: str


@dataclass(frozen=True)
class HomeOpened:
    pass


@dataclass(frozen=True)
class ChatOpened:
    """Their chat with us was opened, or Brickie came to a channel; `prompts` where suggestions can be shown."""

    address: Address
    prompts: bool = True


@dataclass(frozen=True)
class ChatClosed:
    place: ChatPlace


@dataclass(frozen=True)
class Unheard:
    """Nothing for us; `why` is for the log."""

    why: str


@dataclass(frozen=True)
class Bot:
    """Who we are in this workspace; empty as long as Slack has not said so."""

    user: str = ""
    ids: frozenset[str] = field(default_factory=frozenset[str])


Heard = Utterance | Press | FormSent | MessageChosen | HomeOpened | ChatOpened | ChatClosed | Unheard


def heard(delivery: Delivery, bot: Bot) -> Heard:
    """What that is to us."""
    if not delivery.team or not _is_id(delivery.team):
        return Unheard("no_workspace")
    match delivery.kind:
        case "event":
            return _event(delivery, bot)
        case "buttons":
            return _press(delivery)
        case "submission":
            return _form(delivery)
        case "message_action":
            return _chosen(delivery, bot)
        case "command":
            return _command(delivery, bot)
        case _:
            return Unheard(delivery.kind)


def _is_id(name: str) -> bool:
    return name.isascii() and name.isalnum() and len(name) <= 40  # noqa: PLR2004 - the longest seen have 13


def _address(delivery: Delivery, channel: str, thread: str, *, personal: bool | None = None) -> Address | None:
    if not _is_id(channel):
        return None
    is_personal = channel.startswith("D") if personal is None else personal
    place = ChatPlace(
        platform="slack",
        tenant=delivery.team,
        id=channel,
        thread=thread or None,
        kind="personal" if is_personal else "group",
    )
    reference = {"channel": channel, "thread_ts": thread, "team": delivery.team, "user": delivery.user}
    return Address(place=place, reference={**reference})


def _event(delivery: Delivery, bot: Bot) -> Heard:
    event = part_of(delivery.body, "event")
    match text_in(event, "type"):
        case "message" | "app_mention":
            return _message(delivery, event, bot)
        case "app_home_opened" if text_in(event, "tab") == "home":
            return HomeOpened()
        case "app_home_opened" | "assistant_thread_started":
            return _opened(delivery, event)
        case "agent_session_stopped":
            return _stopped(delivery, event)
        case "member_joined_channel":
            return _joined(delivery, event, bot)
        case "channel_left" | "group_left" | "channel_archive" | "group_archive" | "channel_deleted":
            return _left(delivery, event)
        case other:
            return Unheard(f"event {other[:40]}")


def _message(delivery: Delivery, event: Fields, bot: Bot) -> Heard:
    channel, ts = text_in(event, "channel"), text_in(event, "ts")
    if text_in(event, "subtype") not in _SPOKEN_SUBTYPES:
        return Unheard("no_new_message")
    if "bot_id" in event or "bot_profile" in event or not delivery.user or delivery.user == bot.user:
        return Unheard("bot")
    text = written(text_in(event, "text")[:_MOST_SAID], bot=bot.user)
    named = bot.user in text.mentions or text_in(event, "type") == "app_mention"
    personal = channel.startswith("D")
    thread = text_in(event, "thread_ts")
    if not (named or personal or thread):
        return Unheard("not_to_us")
    if text.mentions and not named and not personal:
        return Unheard("to_somebody_else")
    # In a channel whoever begins is answered in a thread of their own; a direct chat goes on as it is.
    address = _address(delivery, channel, thread or ("" if personal else ts), personal=personal)
    if address is None or not ts:
        return Unheard("no_place")
    # Slack tells of a mention twice, as a mention and as a message: one message is one, whatever event brings it.
    return Utterance(
        client_id=f"{delivery.team}:{channel}:{ts}",
        address=address,
        text=text.text,
        files=tuple(_file(one) for one in parts_of(event, "files")[:5]),
        follows=not (named or personal),
    )


def _file(shared: Fields) -> SharedFile:
    size = shared.get("size")
    return SharedFile(
        name=text_in(shared, "name") or "?",
        url=text_in(shared, "url_private_download") or text_in(shared, "url_private"),
        bytes=size if isinstance(size, int) else 0,
        kind=text_in(shared, "mimetype"),
    )


def _opened(delivery: Delivery, event: Fields) -> Heard:
    thread = part_of(event, "assistant_thread")
    channel = text_in(thread, "channel_id") or text_in(event, "channel")
    address = _address(delivery, channel, text_in(thread, "thread_ts"), personal=True)
    return ChatOpened(address) if address is not None else Unheard("no_place")


def _stopped(delivery: Delivery, event: Fields) -> Heard:
    """Slack's own stop button, beside ours."""
    channel = text_in(event, "channel_id") or text_in(event, "channel")
    address = _address(delivery, channel, text_in(event, "thread_ts"))
    if address is None:
        return Unheard("no_place")
    name = text_in(delivery.body, "event_id") or text_in(event, "event_ts")
    return Press(f"{delivery.team}:{name}", address, Click(verb="stop"), "", "")


def _joined(delivery: Delivery, event: Fields, bot: Bot) -> Heard:
    address = _address(delivery, text_in(event, "channel"), "")
    if address is None or text_in(event, "user") != bot.user:
        return Unheard("joined")
    return ChatOpened(address, prompts=False)


def _left(delivery: Delivery, event: Fields) -> Heard:
    address = _address(delivery, text_in(event, "channel"), "")
    return ChatClosed(address.place) if address is not None else Unheard("no_place")


def _press(delivery: Delivery) -> Heard:
    body = delivery.body
    pressed, *_ = (*parts_of(body, "actions"), _NOTHING)
    name, *rest = text_in(pressed, "action_id").split(":")
    if name != CLICK or len(rest) != 3:  # noqa: PLR2004 - number, verb and what it asks
        return Unheard("no_button_of_ours")
    if rest[1] == "link":
        return Unheard("link")
    memo = _memo(text_in(pressed, "value") or text_in(part_of(pressed, "selected_option"), "value"))
    try:
        click = Click.model_validate(memo)
    except ValidationError:
        return Unheard("altered_button")
    container, message = part_of(body, "container"), part_of(body, "message")
    channel = text_in(part_of(body, "channel"), "id") or text_in(container, "channel_id")
    thread = text_in(message, "thread_ts") or text_in(container, "thread_ts")
    if rest[2] == "form":
        click = click.model_copy(update={"answers": _answers(part_of(body, "state"))})
    return Press(
        client_id=f"{delivery.team}:{delivery.user}:{text_in(pressed, 'action_ts') or text_in(body, 'trigger_id')}",
        address=_address(delivery, channel, thread),
        click=click,
        ask=rest[2],
        memo=memo or {},
        trigger=text_in(body, "trigger_id"),
        message_id=text_in(message, "ts") or text_in(container, "message_ts") or None,
    )


def _answers(state: Fields) -> dict[str, str]:
    """What was filled in of a question's form: slot → answer."""
    filled = filled_in(state)
    return {name.removeprefix(f"{ANSWERS}:"): value for name, value in filled.items() if name.startswith(f"{ANSWERS}:")}


def filled_in(state: Fields) -> dict[str, str]:
    """Every input of a form that holds something: its action's name → the text, or the value that was picked."""
    filled: dict[str, str] = {}
    blocks = part_of(state, "values")
    for inputs in (part_of(blocks, name) for name in blocks):
        for name in inputs:
            shown = part_of(inputs, name)
            picked = text_in(part_of(shown, "selected_option"), "value")
            value = text_in(shown, "value") or picked or text_in(shown, "selected_user")
            if value.strip():
                filled[name] = value.strip()
    return filled


def _form(delivery: Delivery) -> Heard:
    view = part_of(delivery.body, "view")
    name, _, rest = text_in(view, "callback_id").partition(":")
    memo = _memo(text_in(view, "private_metadata"))
    if name != CLICK or memo is None:
        return Unheard("no_form_of_ours")
    number = text_in(view, "id") or text_in(delivery.body, "trigger_id")
    # The hash tells apart two sendings of one form that was shown again with what was wrong in it.
    return FormSent(f"{delivery.team}:{number}:{text_in(view, 'hash')}", rest, memo, filled_in(part_of(view, "state")))


def _memo(text: str) -> Fields | None:
    """What we gave the form to keep; None where that is not ours."""
    try:
        memo = json.loads(text or "{}")
    except ValueError:
        return None
    return cast("Fields", memo) if isinstance(memo, dict) else None


def _chosen(delivery: Delivery, bot: Bot) -> Heard:
    body = delivery.body
    message, channel = part_of(body, "message"), text_in(part_of(body, "channel"), "id")
    thread = text_in(message, "thread_ts") or text_in(message, "ts") or text_in(body, "message_ts")
    address = _address(delivery, channel, thread)
    if address is None or text_in(body, "callback_id") != f"{CLICK}:order":
        return Unheard("no_shortcut_of_ours")
    return MessageChosen(
        address, written(text_in(message, "text")[:_MOST_SAID], bot=bot.user).text, text_in(body, "trigger_id")
    )


def _command(delivery: Delivery, bot: Bot) -> Heard:
    body = delivery.body
    address = _address(delivery, text_in(body, "channel_id"), "")
    name = text_in(body, "trigger_id")
    if address is None or not name:
        return Unheard("no_place")
    text = written(text_in(body, "text")[:_MOST_SAID], bot=bot.user).text
    return Utterance(f"{delivery.team}:{name}", address, text, private=True)
