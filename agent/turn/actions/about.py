"""An act upon, or a question about, one workspace or the plan in hand: which of them is meant, then its own action."""

from dataclasses import replace

from agent.dialogue.steps import About, Price
from agent.events import Choice
from agent.turn.actions.cost import price, price_deployed
from agent.turn.actions.destroy import destroy
from agent.turn.actions.export import export_deployed, export_plan
from agent.turn.actions.extend import move_end
from agent.turn.actions.history import tell_history
from agent.turn.actions.open_here import tell_waiting
from agent.turn.actions.status import tell_status, tell_workspace_status
from agent.turn.context import Outcome, TurnContext
from agent.turn.unknown import say_unknown
from agent.views.open_matters import open_to_tell
from plugins.domain.deployment import Deployment

_MOST_CHOICES = 9
"""Workspaces that are offered as buttons: more are typed."""


def about(context: TurnContext, step: About) -> Outcome:
    """An act upon, or a question about, one workspace or the pending plan."""
    if step.workspace is None:
        return _about_plan(context, step)
    deployment = context.viewer.named(step.workspace, context.records)
    if deployment is not None:
        spoken = Outcome(context.conversation.spoke_of(deployment.workspace_name))
        return spoken.then(_about_deployed(context.after(spoken), step, deployment))
    if step.workspace in context.index().pending:
        return _about_planned(context, step)
    return say_unknown(context, step.workspace)


def _about_deployed(context: TurnContext, step: About, deployment: Deployment) -> Outcome:
    match step.act:
        case "status":
            return tell_workspace_status(context, deployment)
        case "history":
            return tell_history(context, deployment)
        case "export":
            return export_deployed(context, deployment)
        case "extend":
            return move_end(context, deployment, step)
        case "destroy":
            return destroy(context, deployment)
        case "cost":
            return price_deployed(context, deployment)


def _about_planned(context: TurnContext, step: About) -> Outcome:
    """Of a workspace that the pending plan would make: the plan, or that there is nothing of it yet."""
    if step.act in ("status", "export", "cost"):
        return _about_plan(context, step)
    return context.say("only_planned", name=step.workspace)


def _about_plan(context: TurnContext, step: About) -> Outcome:
    match step.act:
        case "status":
            return _status(context)
        case "export":
            return _export(context)
        case "cost":
            return price(context, Price(tuple(draft.request for draft in context.conversation.drafts)))
        case "destroy" | "extend" | "history":
            return _ask_which(context, step)


def _status(context: TurnContext) -> Outcome:
    """Of the plan in hand; where nothing is in hand, of this person's plans that wait elsewhere first."""
    conversation = context.conversation
    if not (conversation.is_idle and open_to_tell(context.records, context.viewer).plans):
        return tell_status(context)
    waiting = tell_waiting(context)
    only = context.viewer.deployed(context.records)
    return waiting.then(tell_workspace_status(context.after(waiting), only[0])) if len(only) == 1 else waiting


def _export(context: TurnContext) -> Outcome:
    """The Terraform of the plan in hand; without one that of the only workspace, where there is but one."""
    plan = context.pending_plan()
    if plan is not None:
        return export_plan(context, plan)
    deployed = context.viewer.deployed(context.records)
    if len(deployed) == 1:
        return about(context, About("export", deployed[0].workspace_name))
    return context.say("nothing_to_export")


def _ask_which(context: TurnContext, step: About) -> Outcome:
    names = context.viewer.deployed_names(context.records)
    # Only what changes nothing is done to the one that nobody named.
    if step.act == "history" and len(names) == 1:
        return about(context, replace(step, workspace=names[0]))
    which = context.say("which_workspace", any=bool(names), act=step.act)
    if not names:
        return which
    question = context.settings.wording.question("workspace_name")
    choices = tuple(Choice(label=name, value=name) for name in names[:_MOST_CHOICES])
    others = tuple(slot for slot in context.conversation.asked if slot != "workspace_name")
    asked = context.with_conversation(asked=("workspace_name", *others), awaiting=step.act)
    return which.then(asked).then(context.after(asked).ask(question.model_copy(update={"choices": choices})))
