"""The few things that are said about the work itself, read by code whole or not at all. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from agent.dialogue.state import Conversation

_PLAN = r"(?:the )?(?:plan )?(pln_\w{1,32})"
_NAME = r"([a-z0-9][\w-]{2,63})"
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
_UPON = re.compile(rf"(plan|destroy|export|stop the work on) the workspace called {_NAME}")
_FIX = re.compile(
    r"(?:please )?(?:fix|repair|correct|undo|revert|put right|plan a fix for)(?: the)? (?:drift|outside changes?)"
    rf"(?: (?:of|in|on|for) (?:it|that|{_NAME}))?"
)
_REIMPORT = re.compile(
    r"(?:please )?(?:re-?import|(?:restore|rebuild|recover) the (?:terraform )?state of)(?: the workspace)?"
    rf"(?: (?:it|that|{_NAME}))?(?: again)?"
)
_RENAME = re.compile(
    rf"(?:please )?(?:rename|change the name of) (?:the workspace )?{_NAME} (?:to|into|as) (?:the name )?[\w-]{{1,64}}"
)
_AZURE_ID = re.compile(
    r"/subscriptions/[^\s/]+/resourcegroups/[^\s/]+/providers/microsoft\.databricks/workspaces/[\w-]+", re.IGNORECASE
)
_ADOPT = re.compile(
    r"\s*(?:please |can you |could you )*(?:import|adopt|take over|take care of|manage)\b", re.IGNORECASE
)

Kind = Literal["waiting", "show", "retry", "stop", "fix", "reimport", "destroy", "export", "rename", "foreign"]


@dataclass(frozen=True)
class Command:
    """`waiting`: what awaits this person. `show`: that plan, here. `retry`: plan again what failed last. `stop`: stop
    what is under way, of the workspace that `about` names or of this conversation. `fix`: plan what puts the workspace
    back to its Terraform. `reimport`: plan to take over again what is deployed of it, its state being lost. `destroy`,
    `export`, `rename`: of the workspace of exactly that name. `foreign`: something is to be done to the workspace of
    that Azure id.
    """

    kind: Kind
    about: str | None = None


@dataclass(frozen=True)
class Adoption:
    """The existing workspace of that Azure id is to be taken over; `rest` says for whom and what for."""

    azure_id: str
    rest: str


_MENDS: dict[Kind, re.Pattern[str]] = {"fix": _FIX, "reimport": _REIMPORT}
_UPON_KINDS: dict[str, Kind] = {"plan": "fix", "destroy": "destroy", "export": "export", "stop the work on": "stop"}


def commanded(text: str, talk: Conversation) -> Command | None:
    """The command that this text is, if all of it is one; "stop" and "again" only where nothing else is open."""
    said = " ".join(text.casefold().replace("\u2019", "'").split()).rstrip(".!? ")
    if _WAITING.fullmatch(said):
        return Command("waiting")
    if shown := _SHOW.fullmatch(said):
        return Command("show", shown[1])
    if upon := _UPON.fullmatch(said):
        return Command(_UPON_KINDS[upon[1]], upon[2])
    if foreign := _AZURE_ID.search(text):
        return Command("foreign", foreign[0])
    if mend := _mending(said, talk):
        return mend
    if talk.pending is not None or talk.planning is not None or talk.drafts or talk.asked:
        return None
    if rename := _RENAME.fullmatch(said):
        return Command("rename", rename[1])
    if _RETRY.fullmatch(said):
        return Command("retry")
    if (stop := _STOP.fullmatch(said)) and talk.workspaces:
        return Command("stop", stop[1])
    return None


def _mending(said: str, talk: Conversation) -> Command | None:
    for kind, pattern in _MENDS.items():
        if found := pattern.fullmatch(said):
            return Command(kind, found[1] or next(iter(talk.workspaces), None))
    return None


def adopted(text: str) -> Adoption | None:
    """The taking over that this text asks for: it begins with the verb and names an Azure id."""
    found = _AZURE_ID.search(text)
    if found is None or _ADOPT.match(text) is None:
        return None
    rest = text[: found.start()] + " " + text[found.end() :]
    return Adoption(found[0], _ADOPT.sub("databricks workspace", rest, count=1))
