"""The few things that are said about the work itself, read by code whole or not at all. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from agent.conversation import Conversation

_PLAN = r"(?:the )?(?:plan )?(pln_\w{1,32})"
_WAITING = re.compile(
    r"(?:what(?:'s| is)?|which plans?|anything|is anything|show(?: me)?(?: what)?|list)(?: is| are)?(?: still)? "
    r"(?:waits?|waiting)(?: for (?:me|us|approval|a decision|my approval|an approver))?"
    r"|(?:show(?: me)? |list )?(?:the |all |my )?(?:open|pending|waiting) (?:approvals|plans)"
    r"|what (?:do i have|is there) to approve|(?:my )?approvals"
)
_SHOW = re.compile(rf"(?:show|review|open|look at|see|approve|decide)(?: me)? {_PLAN}")
_RETRY = re.compile(
    r"(?:please )?(?:retry|try(?: it| that| them)? again|again|try once more)"
    r"(?: (?:it|that|them|(?:the )?(?:rest|failed(?: ones?| workspaces?)?|ones that failed|others)))?"
)
_STOP = re.compile(
    r"(?:stop|cancel|abort|halt)(?: (?:it|that|the (?:deployment|apply|run|rollout|change|destroy)|deploying|applying"
    r"|everything|([a-z0-9][\w-]{2,63})))?"
)


@dataclass(frozen=True)
class Command:
    """`waiting`: what awaits this person. `show`: that plan, here. `retry`: plan again what failed last. `stop`: stop
    what is under way, of the workspace that `about` names or of this conversation.
    """

    kind: Literal["waiting", "show", "retry", "stop"]
    about: str | None = None


def commanded(text: str, talk: Conversation) -> Command | None:
    """The command that this text is, if all of it is one; "stop" and "again" only where nothing else is open."""
    said = " ".join(text.casefold().replace("\u2019", "'").split()).rstrip(".!? ")
    if _WAITING.fullmatch(said):
        return Command("waiting")
    if shown := _SHOW.fullmatch(said):
        return Command("show", shown[1])
    if talk.pending is not None or talk.planning is not None or talk.drafts or talk.asked:
        return None
    if _RETRY.fullmatch(said):
        return Command("retry")
    if (stop := _STOP.fullmatch(said)) and talk.workspaces:
        return Command("stop", stop[1])
    return None
