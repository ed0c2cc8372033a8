"""What is said about the work itself, carried out by the action that it names."""

from agent.dialogue.steps import About
from agent.events import (
    AskAgainCommand,
    Command,
    ContinueCommand,
    DestroyCommand,
    ExportCommand,
    FixCommand,
    ForeignCommand,
    Incoming,
    NotifyCommand,
    ReimportCommand,
    RemarkCommand,
    RenameCommand,
    ResumeCommand,
    RetryCommand,
    ShowCommand,
    StopCommand,
    WaitingCommand,
)
from agent.turn.actions.about import about
from agent.turn.actions.adopt import foreign
from agent.turn.actions.continue_here import continue_here
from agent.turn.actions.fix import fix
from agent.turn.actions.notify import notify
from agent.turn.actions.open_here import resume
from agent.turn.actions.remark import remark_on
from agent.turn.actions.retry import ask_again, retry
from agent.turn.actions.shown_plan import show_plan
from agent.turn.actions.stop import stop
from agent.turn.actions.waiting import list_waiting
from agent.turn.context import Outcome, TurnContext
from agent.turn.unknown import say_unknown
from agent.wording import phrase
from plugins.domain.understanding import Act

_UponWorkspace = FixCommand | ReimportCommand | DestroyCommand | ExportCommand | RenameCommand


def obey(context: TurnContext, command: Command) -> tuple[Outcome, Act]:
    """Carries the command out; gives the act that it counts as, too."""
    match command:
        case ShowCommand():
            return show_plan(context, command.plan_id), "status"
        case ResumeCommand():
            return resume(context), "status"
        case RetryCommand():
            return retry(context, command.changes or "")
        case RemarkCommand():
            return remark_on(context, command), "amend"
        case AskAgainCommand():
            return ask_again(context, command.plan_id)
        case ContinueCommand():
            return continue_here(context, command.plan_id)
        case StopCommand():
            return stop(context, command.workspace_name)
        case ForeignCommand():
            return foreign(context, command.azure_id), "unclear"
        case WaitingCommand() | NotifyCommand():
            return _told(context, command)
        case _:
            return _obey_upon(context, command)


def _told(context: TurnContext, command: WaitingCommand | NotifyCommand) -> tuple[Outcome, Act]:
    match command:
        case WaitingCommand():
            return list_waiting(context), "list"
        case NotifyCommand():
            return notify(context, command), "help"


def command_words(incoming: Incoming) -> str:
    """A message as it is remembered: what was typed, or what the command means in words."""
    command = incoming.command
    if command is None:
        return incoming.text or ""
    return phrase(f"turn.command.{command.kind}", **command.model_dump(exclude={"kind"}))


def _obey_upon(context: TurnContext, command: _UponWorkspace) -> tuple[Outcome, Act]:
    """Acts upon the workspace of exactly that name; of an unknown one the nearest is named, and nothing is done."""
    if command.workspace_name is None:
        return context.say("nothing_to_change"), "unclear"
    deployment = context.viewer.named(command.workspace_name, context.records)
    if deployment is None:
        return say_unknown(context, command.workspace_name), "unclear"
    match command:
        case FixCommand():
            return fix(context, deployment), "amend"
        case ReimportCommand():
            return fix(context, deployment, reimport=True), "amend"
        case RenameCommand():
            return context.say("no_rename", name=deployment.workspace_name), "unclear"
        case DestroyCommand() | ExportCommand():
            return about(context, About(command.kind, deployment.workspace_name)), command.kind
