"""Pure: the JSON of an activity as a value, and what it says to Brickie.

Shapes: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference, read 2026-11-22.
Whatever somebody changed in it is either a value of the right shape or no activity; nothing of it is believed but who
sent it, once the token was checked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.alias_generators import to_camel

from agent.channels.messaging.port import Address, ChatPlace, Click, RoomCommand

_THREAD = ";messageid="
_COMMAND = re.compile(r"/?(link|notify)(?: +(\S[^\n]{0,60}))?", re.IGNORECASE)
_ANSWER = "answer."
_INPUTS = {
    "input.value": "value",
    "input.person": "value",
    "input.comment": "comment",
    "input.change": "comment",
}
"""Ids of a card's inputs, and what of the click each one is; one input of each kind is sent with a click."""

_MOST_MENTIONS = 50
"""That are looked for in a text, so that the work stays linear in it."""

MOST_CHARACTERS = 64_000
"""Of one input or text: longer ones than are read anyway are cut, not kept."""


class NotAnActivity(Exception):
    """The body is no activity; `what` names the field that is missing or wrong."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True)


class TeamsAccount(_Part):
    id: str = Field(min_length=1, max_length=500)
    name: str | None = Field(default=None, max_length=500)
    aad_object_id: str | None = Field(default=None, max_length=100)


class ConversationPart(_Part):
    id: str = Field(min_length=1, max_length=1000)
    conversation_type: str | None = None
    tenant_id: str | None = None
    is_group: bool | None = None


class Activity(_Part):
    """One activity of Teams, with all that it takes to answer it. Fields without a name here are kept."""

    type: str = Field(min_length=1, max_length=100)
    channel_id: str = Field(min_length=1, max_length=100)
    service_url: str = Field(min_length=1, max_length=1000)
    conversation: ConversationPart
    from_: TeamsAccount = Field(alias="from")
    id: str | None = Field(default=None, max_length=500)
    recipient: TeamsAccount | None = None
    text: str | None = None
    name: str | None = None
    action: str | None = None
    value: JsonValue = None
    reply_to_id: str | None = Field(default=None, max_length=500)
    locale: str | None = Field(default=None, max_length=50)
    channel_data: dict[str, JsonValue] | None = None
    entities: list[JsonValue] | None = None
    attachments: list[JsonValue] | None = None
    members_added: list[TeamsAccount] | None = None
    members_removed: list[TeamsAccount] | None = None

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Raises NotAnActivity."""
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            raise NotAnActivity(".".join(str(part) for part in first["loc"])[:60] or "JSON") from error

    @property
    def tenant(self) -> str:
        """The directory that it comes from, in whichever of the two places it stands."""
        tenant = (self.channel_data or {}).get("tenant")
        named = cast("Mapping[str, object]", tenant).get("id") if isinstance(tenant, dict) else None
        return self.conversation.tenant_id or (named if isinstance(named, str) else "")

    @property
    def is_personal(self) -> bool:
        kind = self.conversation.conversation_type
        return kind == "personal" if kind else not self.conversation.is_group

    @property
    def place(self) -> ChatPlace:
        """A personal chat, a group chat, or a thread of a channel: its id carries the thread's root."""
        base, _, thread = self.conversation.id.partition(_THREAD)
        kind: Literal["personal", "group"] = "personal" if self.is_personal else "group"
        return ChatPlace(platform="teams", tenant=self.tenant, id=base, thread=thread or None, kind=kind)

    @property
    def address(self) -> Address:
        """Where its answer goes: kept, and used until a newer one is known."""
        bot = self.recipient.model_dump(by_alias=True, exclude_none=True, mode="json") if self.recipient else {}
        sender = self.from_.model_dump(by_alias=True, exclude_none=True, mode="json")
        conversation = self.conversation.model_dump(by_alias=True, exclude_none=True, mode="json")
        reference: dict[str, JsonValue] = {
            "serviceUrl": self.service_url,
            "channelId": self.channel_id,
            "conversation": conversation,
            "bot": bot,
            "user": sender,
            "tenantId": self.tenant,
        }
        return Address(place=self.place, reference=reference)


@dataclass(frozen=True)
class Words:
    """Somebody wrote to Brickie; `files` when something was attached that it cannot read."""

    text: str
    files: bool = False


@dataclass(frozen=True)
class Ordered:
    """Somebody asked something of the room itself."""

    command: RoomCommand


@dataclass(frozen=True)
class CardClicked:
    """A button of a card. `replaces` when the answer to it takes the card's place (`Action.Execute`)."""

    click: Click
    replaces: bool


@dataclass(frozen=True)
class CardRefresh:
    """A client shows a card and asks for this person's own view of it."""

    plan_id: str


@dataclass(frozen=True)
class Unreadable:
    """A click on a card whose content is not as it was sent. `replaces` as in `CardClicked`."""

    replaces: bool


@dataclass(frozen=True)
class Installed:
    """Brickie is there now; or not any more."""

    here: bool


Meaning = Words | Ordered | CardClicked | CardRefresh | Unreadable | Installed | None


def meaning_of(activity: Activity) -> Meaning:
    """What it says to Brickie; None for what is none of its business: reactions, edits, deletions, talk of others."""
    match activity.type:
        case "message":
            return _message(activity)
        case "invoke":
            return _invoke(activity)
        case "installationUpdate":
            return Installed(here=activity.action not in ("remove", "remove-upgrade"))
        case "conversationUpdate":
            return _membership(activity)
        case _:
            return None


def _message(activity: Activity) -> Meaning:
    if isinstance(activity.value, dict):
        return _clicked(activity.value, replaces=False)
    if not activity.is_personal and not _is_addressed(activity):
        return None
    text = _without_mention(activity)
    ordered = _COMMAND.fullmatch(text)
    if ordered is not None:
        kind: Literal["link", "notify"] = "link" if ordered[1].casefold() == "link" else "notify"
        return Ordered(RoomCommand(kind=kind, value=ordered[2]))
    files = any(_is_file(one) for one in activity.attachments or ())
    return Words(text, files) if text or files else None


def _invoke(activity: Activity) -> Meaning:
    if activity.name != "adaptiveCard/action":
        return None
    value = activity.value if isinstance(activity.value, dict) else {}
    action = value.get("action")
    if not isinstance(action, dict) or not isinstance(action.get("data"), dict):
        return Unreadable(replaces=True)
    content = cast("dict[str, JsonValue]", action["data"])
    # Both name the act; where they differ, somebody's hand was in it.
    if action.get("verb") != content.get("action"):
        return Unreadable(replaces=True)
    if content.get("refresh") is True or value.get("trigger") == "automatic":
        click = _click(content)
        return CardRefresh(click.plan_id) if click is not None and click.plan_id else Unreadable(replaces=True)
    return _clicked(content, replaces=True)


def _membership(activity: Activity) -> Meaning:
    bot = activity.recipient.id if activity.recipient else None
    if any(account.id == bot for account in activity.members_added or ()):
        return Installed(here=True)
    if any(account.id == bot for account in activity.members_removed or ()):
        return Installed(here=False)
    return None


def _clicked(content: Mapping[str, JsonValue], *, replaces: bool) -> Meaning:
    click = _click(content)
    return CardClicked(click, replaces) if click is not None else Unreadable(replaces)


def _click(content: Mapping[str, JsonValue]) -> Click | None:
    """The click that a card's content holds, with what was typed into the card; None for anything else.

    `click` holds what the card carried; what was typed stands beside it under the ids of the inputs.
    """
    carried = content.get("click")
    if not isinstance(carried, dict):
        return None
    fields: dict[str, Any] = {**carried, "verb": content.get("action")}
    for name, field in _INPUTS.items():
        if (typed := content.get(name)) not in (None, ""):
            fields[field] = typed
    answers = {key.removeprefix(_ANSWER): value for key, value in content.items() if key.startswith(_ANSWER)}
    if answers:
        fields["answers"] = {slot: value for slot, value in answers.items() if value != ""}
    try:
        click = Click.model_validate(fields)
    except ValidationError:
        return None
    return click if all(len(text) <= MOST_CHARACTERS for text in _texts(click)) else None


def _texts(click: Click) -> list[str]:
    plain = (click.conversation, click.plan_id, click.digest, click.slot, click.value, click.comment)
    return [text for text in (*plain, *click.answers, *click.answers.values()) if text is not None]


def _mentions(activity: Activity) -> list[tuple[str, str]]:
    """Who is mentioned, each with the words that stand for them in the text."""
    mentions: list[tuple[str, str]] = []
    for entity in activity.entities or ():
        if isinstance(entity, dict) and entity.get("type") == "mention" and isinstance(entity.get("mentioned"), dict):
            who = cast("dict[str, JsonValue]", entity["mentioned"])
            mentions.append((str(who.get("id", "")), str(entity.get("text", ""))))
    return mentions


def _is_addressed(activity: Activity) -> bool:
    bot = activity.recipient.id if activity.recipient else None
    return any(who == bot for who, _ in _mentions(activity))


def _without_mention(activity: Activity) -> str:
    """What was written, without Brickie's own name and the tags around others'."""
    text = activity.text or ""
    bot = activity.recipient.id if activity.recipient else None
    for who, words in _mentions(activity)[:_MOST_MENTIONS]:
        if who == bot and words:
            text = text.replace(words, " ", 1)
    return text.replace("<at>", "").replace("</at>", "").replace("&nbsp;", " ").replace("\xa0", " ").strip()


def _is_file(attachment: JsonValue) -> bool:
    """Teams repeats a formatted text as an attachment of its own: that one is no file."""
    return isinstance(attachment, dict) and not str(attachment.get("contentType", "")).startswith("text/html")
