"""The few things that are said about the work itself, read by code whole or not at all. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from agent.dialogue.drafts import merged
from agent.dialogue.state import Conversation
from agent.events import (
    Command,
    ContinueCommand,
    DestroyCommand,
    ExportCommand,
    FixCommand,
    ForeignCommand,
    ImportCommand,
    NotifyCommand,
    ReimportCommand,
    RenameCommand,
    ResumeCommand,
    RetryCommand,
    ShowCommand,
    StopCommand,
    WaitingCommand,
)
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context, Doubt, Statement, Understanding
from plugins.parse import understand
from plugins.parse.batch import request_of

_PLAN = r"(?:the )?(?:plan )?(pln_\w{1,32})"
_NAME = r"([a-z0-9][\w-]{2,63})"
_WAITING = re.compile(
    r"(?:what(?:'s| is)?|which plans?|anything|is anything|show(?: me)?(?: what)?|list)(?: is| are)?(?: still)? "
    r"(?:waits?|waiting)(?: for (?:me|us|approval|a decision|my approval|an approver))?"
    r"|(?:show(?: me)? |list )?(?:the |all |my )?(?:open|pending|waiting) (?:approvals|plans)"
    r"|what (?:do i have|is there) to approve|(?:my )?approvals"
)
_SHOW = re.compile(rf"(?:show|review|open|look at|see|approve|decide)(?: me)? {_PLAN}")
_CONTINUE = re.compile(
    r"(?:please )?(?:(?:let's |let us )?(?:continue|go on|carry on|resume)"
    rf"(?: (?:with )?(?:it|that|this|{_PLAN}|(?:my|the) (?:request|plan|order)))?|bring (?:it|that)(?: over)?) here"
)
_RETRY = re.compile(
    r"(?:please )?(?:retry|try(?: it| that| them)? again|again|try once more)"
    r"(?: (?:it|that|them|(?:the )?(?:rest|failed(?: ones?| workspaces?)?|ones that failed|others)))?"
    r"(?:,? (?:but )?((?:in|with|on|using|as|without) .{2,60}))?"
)
_RESUME = re.compile(
    r"(?:yes,? |ok,? |please |let'?s )?(?:go on|continue|resume|carry on|(?:take|pick) (?:it|that) up)"
    r"(?: (?:there|here|please|again|with (?:it|that|my request)|where (?:we|i) (?:were|left off|stopped)))?"
)
_STOP = re.compile(
    r"(?:stop|cancel|abort|halt)(?: (?:it|that|the (?:deployment|apply|run|rollout|change|destroy)|deploying|applying"
    r"|everything|([a-z0-9][\w-]{2,63})))?"
)
_UPON = re.compile(rf"(plan|destroy|export|stop the work on|re-import|rename) the workspace called {_NAME}")
"""As a command that was given elsewhere stands among what a conversation holds: said again, it means the same."""

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
_NOTIFY = re.compile(r"notify(?: me)?(?: (?:of |about )?(?:my |the )?(?!(?:on|off)\b)([a-z]{2,20}))?(?: (on|off))?")
_WHAT_BECAME = (
    r"(?:of |about )?(?:all |my |the )?(?:results?|outcomes?|what (?:becomes|became) of (?:it|them|my requests?))"
)
_ALSO = r"(?: too| as well| also)?"
_OTHERS = (
    r"(?:everywhere|elsewhere|(?:on|in|by|through) (?:all )?(?:my )?(?:other |linked )?"
    r"(?:channels?|chats?|(slack)|(?:microsoft )?(teams)|(?:the )?(web)(?: page)?))"
)
"""Its groups are the channel, where one is named."""

_TELL_ELSEWHERE = re.compile(
    rf"(?:please )?(?:also )?(?:tell|notify|inform|message) me(?: {_WHAT_BECAME})?{_ALSO} {_OTHERS}{_ALSO}"
)
_TELL_HERE_ONLY = re.compile(
    rf"(?:please )?(?:(?:stop|quit) (?:telling|notifying|informing|messaging) me(?: {_WHAT_BECAME})? {_OTHERS}"
    rf"|(?:do not|don't|never) (?:tell|notify|inform|message) me(?: {_WHAT_BECAME})? {_OTHERS}"
    r"|(?:tell|notify|inform|message) me only (?:here|where i ask(?:ed)?))"
)
_AZURE_ID = re.compile(
    r"/subscriptions/[^\s/]+/resourcegroups/[^\s/]+/providers/microsoft\.databricks/workspaces/[\w-]+", re.IGNORECASE
)
_ADOPT = re.compile(
    r"\s*(?:please |can you |could you )*(?:import|adopt|take over|take care of|manage)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Adoption:
    """The existing workspace of that Azure id is to be taken over; `rest` says for whom and what for."""

    azure_id: str
    rest: str


_MENDS: Mapping[type[FixCommand] | type[ReimportCommand], re.Pattern[str]] = {
    FixCommand: _FIX,
    ReimportCommand: _REIMPORT,
}


_UPON_COMMANDS: Mapping[str, Callable[..., Command]] = {
    "plan": FixCommand,
    "destroy": DestroyCommand,
    "export": ExportCommand,
    "stop": StopCommand,
    "re-import": ReimportCommand,
    "rename": RenameCommand,
}


def commanded(text: str, conversation: Conversation) -> Command | None:
    """The command that this text is, if all of it is one; "stop" and "again" only where nothing else is open."""
    line = " ".join(text.casefold().replace("\u2019", "'").split()).rstrip(".!? ")
    if _WAITING.fullmatch(line):
        return WaitingCommand()
    if shown := _SHOW.fullmatch(line):
        return ShowCommand(plan_id=shown[1])
    if upon := _UPON.fullmatch(line):
        return _UPON_COMMANDS[upon[1].split()[0]](workspace_name=upon[2])
    if notify := _notifying(line):
        return notify
    if continued := _CONTINUE.fullmatch(line):
        return ContinueCommand(plan_id=continued[1])
    # After `adopted`, so that it is no wish to take it over; the brain knows workspaces by name only.
    if foreign := _AZURE_ID.search(text):
        return ForeignCommand(azure_id=foreign[0])
    if mend := _mending(line, conversation):
        return mend
    return _command_in_passing(line, conversation)


def _notifying(line: str) -> NotifyCommand | None:
    """The wish to be told unasked, or not: as the command says it, or in words."""
    if typed := _NOTIFY.fullmatch(line):
        return NotifyCommand.model_validate({"what": typed[1] or "results", "value": typed[2]})
    if _TELL_ELSEWHERE.fullmatch(line):
        return NotifyCommand(value="on")
    if unwanted := _TELL_HERE_ONLY.fullmatch(line):
        return NotifyCommand(what=next(filter(None, unwanted.groups()), "results"), value="off")
    return None


def _command_in_passing(line: str, conversation: Conversation) -> Command | None:
    """What counts only where the words could not as well answer a question, or be a no to the plan that waits."""
    if conversation.pending is not None or conversation.planning is not None:
        return None
    if conversation.drafts or conversation.asked:
        return None
    if rename := _RENAME.fullmatch(line):
        return RenameCommand(workspace_name=rename[1])
    if _RESUME.fullmatch(line):
        return ResumeCommand()
    if retried := _RETRY.fullmatch(line):
        return RetryCommand(changes=retried[1])
    if (stop := _STOP.fullmatch(line)) and conversation.workspaces:
        return StopCommand(workspace_name=stop[1])
    return None


def _mending(line: str, conversation: Conversation) -> FixCommand | ReimportCommand | None:
    """A fix or a re-import: of the workspace that is named, else of the one last spoken of."""
    for command, pattern in _MENDS.items():
        if asked := pattern.fullmatch(line):
            return command(workspace_name=asked[1] or next(iter(conversation.workspaces), None))
    return None


def adopted(text: str) -> Adoption | None:
    """The taking over that this text asks for: it begins with the verb and names an Azure id."""
    named = _AZURE_ID.search(text)
    if named is None or _ADOPT.match(text) is None:
        return None
    rest = text[: named.start()] + " " + text[named.end() :]
    return Adoption(named[0], _ADOPT.sub("databricks workspace", rest, count=1))


def import_understanding(command: ImportCommand, today: date) -> Understanding:
    """What the words for a workspace that is taken over say: all of it, as in a conversation. What they leave open or
    in doubt is asked, and what is not used of them is told.
    """
    request, doubts, unused = InfrastructureRequest(capability="databricks"), list[Doubt](), list[str]()
    sources: dict[str, str] = {}
    # "ETL and SQL" alone says what it is first; as a workload it is two, which is asked about.
    workload = f"{command.workload} workload" if command.workload.strip() else ""
    for slot, words in (("environment", command.environment), ("workload_type", workload)):
        understood = understand(words, Context(today=today, open_slots=(slot,)))
        for statement in understood.statements[:1]:
            request = merged(request, statement)
            sources |= dict(statement.sources)
        doubts += understood.doubts
        unused += understood.unused
    # A cell holds nothing but the team, so it counts before a team that the other words seem to name.
    request = merged(request, Statement(request_of({"team": command.team})))
    statement = Statement(request, sources=tuple(sources.items()))
    return Understanding("provision", (statement,), tuple(doubts), unused=tuple(unused))


def azure_id_in(text: str) -> str | None:
    """The workspace's id in what may be more of an address: a page of the portal, or a resource below it."""
    named = _AZURE_ID.search(text)
    return named[0] if named else None
