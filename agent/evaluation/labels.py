"""A labelled set as it lies in a file: one message, or one conversation, a line."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.wording import error_of
from plugins.domain.errors import InvalidRequest


class _Gold(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


def _acts(act: str | list[str]) -> frozenset[str]:
    return frozenset(act if isinstance(act, list) else act.split("|"))


class GoldLine(_Gold):
    """A message and what is to be understood. A slot "a|b" in `must_ask` is met by either; a tag "may_ask:slot" allows
    a question.
    """

    id: str
    text: str
    act: str | list[str]
    requests: list[dict[str, Any]] = Field(default_factory=list[dict[str, Any]])
    must_ask: list[str] = Field(default_factory=list)
    must_not_set: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)

    @property
    def acts(self) -> frozenset[str]:
        return _acts(self.act)


class GoldTurn(_Gold):
    """One input line, who says it, and what is expected after it."""

    said: dict[str, Any] = Field(alias="in")
    user: dict[str, Any] | None = None
    conversation: str | None = None
    expect: dict[str, Any] = Field(default_factory=dict[str, Any])


class GoldConversation(_Gold):
    """A conversation, turn by turn."""

    id: str
    turns: list[GoldTurn]


def read_gold(path: Path) -> list[GoldLine] | list[GoldConversation]:
    """The set in this file. Raises InvalidRequest, naming the line, for what is none."""
    try:
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise error_of(InvalidRequest, "evaluation.unreadable", file=path.name) from error
    items: list[GoldConversation | GoldLine] = []
    for number, line in enumerate(lines, 1):
        try:
            value: Mapping[str, Any] = json.loads(line)
            items.append(GoldConversation.model_validate(value) if "turns" in value else GoldLine.model_validate(value))
        except (ValueError, TypeError, ValidationError) as error:
            raise error_of(InvalidRequest, "evaluation.no_label", number=number, file=path.name) from error
    conversations = [item for item in items if isinstance(item, GoldConversation)]
    messages = [item for item in items if isinstance(item, GoldLine)]
    if bool(conversations) == bool(messages):
        raise error_of(InvalidRequest, "evaluation.mixed", file=path.name)
    return conversations or messages
