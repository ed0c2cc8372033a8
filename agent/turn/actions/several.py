"""One act upon several workspaces: each by itself, nothing dropped; what needs a plan is one plan and one consent.

Of each that cannot be part of it, it is said why, and the others go on: a plan shows what it is of.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from agent.dialogue.drafts import Draft, merged
from agent.dialogue.steps import About, AboutSeveral, ChangeDeployed, ChangeSeveral
from agent.turn.actions.about import about
from agent.turn.actions.change import why_relabelled
from agent.turn.actions.destroy import destroy_part
from agent.turn.actions.propose import ask_or_propose, refuse_too_many
from agent.turn.actions.workspace_list import chosen_of, tell_none, tell_unknown, words_of
from agent.turn.context import Outcome, TurnContext
from agent.turn.deployed_drafts import as_deployed
from agent.turn.plan_order import order_plan
from agent.turn.put_aside import take_in_hand
from agent.turn.relative import absolute_of
from agent.turn.rights import why_closed
from agent.turn.unknown import say_unknown
from agent.wording import phrase
from plugins.domain.deployment import Deployment
from plugins.domain.portfolio import Selection
from plugins.domain.request import MOST_WORKSPACES


def about_several(context: TurnContext, step: AboutSeveral) -> Outcome:
    """The act upon each that is named or chosen."""
    if step.selection is None:
        return _about_each(context, step.each)
    outcome, deployments = _chosen(context, step.selection, act=step.each[0].act)
    first = replace(step.each[0], is_one_of_several=len(deployments) > 1)
    each = tuple(replace(first, workspace=deployment.workspace_name) for deployment in deployments)
    return outcome.then(_about_each(context.after(outcome), each)) if each else outcome


def change_several(context: TurnContext, step: ChangeSeveral) -> Outcome:
    """One plan that changes each as it says; what is not named of it stays as it is."""
    if step.selection is None:
        return _change_each(context, step.changes)
    outcome, deployments = _chosen(context, step.selection, act="change")
    changes = tuple(replace(step.changes[0], workspace=deployment.workspace_name) for deployment in deployments)
    return outcome.then(_change_each(context.after(outcome), changes)) if changes else outcome


def _chosen(context: TurnContext, selection: Selection, *, act: str) -> tuple[Outcome, tuple[Deployment, ...]]:
    """What is chosen, said first; nothing where a word of the choice is not understood, for it might leave some out."""
    found = chosen_of(context, selection)
    if found.unknown:
        refused = tell_unknown(context, found).then(context.say("nothing_done", act=phrase(f"turn.several.{act}")))
        return refused, ()
    if not found.deployments:
        return tell_none(context, found), ()
    if found.selection.is_one and len(found.deployments) > 1:
        names = [deployment.workspace_name for deployment in found.deployments]
        return context.say("which_of_these", of=words_of(context, found.selection), names=names), ()
    # "Destroy everything": whoever means all that there is says so of something.
    if not found.selection.is_filter and act == "destroy":
        names = [deployment.workspace_name for deployment in found.deployments]
        return context.say("which_of_all", names=names), ()
    return context.say("chosen", of=words_of(context, found.selection), count=len(found.deployments)), found.deployments


def _about_each(context: TurnContext, each: Sequence[About]) -> Outcome:
    if len(each) > MOST_WORKSPACES:
        return refuse_too_many(context, len(each))
    if each[0].act == "destroy":
        return _destroy(context, [one.workspace or "" for one in each])
    return context.in_turn(*(partial(about, step=one) for one in each))


def _destroy(context: TurnContext, names: Sequence[str]) -> Outcome:
    """One plan that destroys them all; nothing is destroyed before a person confirms it."""
    outcome, deployments = _touchable(context, names)
    if not deployments:
        return outcome
    drafts = tuple(_draft_of(deployment) for deployment in deployments)
    ready = outcome.then(take_in_hand(context.after(outcome), drafts))
    turn = context.after(ready)
    parts = tuple(destroy_part(turn, deployment, draft) for deployment, draft in zip(deployments, drafts, strict=True))
    return ready.then(order_plan(turn, "destroy", parts))


def _change_each(context: TurnContext, changes: Sequence[ChangeDeployed]) -> Outcome:
    if len(changes) > MOST_WORKSPACES:
        return refuse_too_many(context, len(changes))
    outcome, deployments = _touchable(context, [change.workspace for change in changes])
    by_name = {change.workspace.casefold(): change for change in changes}
    drafts: list[Draft] = []
    for deployment in deployments:
        change = by_name[deployment.workspace_name.casefold()]
        request = merged(as_deployed(deployment), absolute_of(change.statement, deployment.decision))
        request = request.model_copy(update={"workspace_name": deployment.workspace_name})
        barred = why_relabelled(context, change, deployment, request.environment)
        if barred is not None:
            outcome = outcome.then(barred)
            continue
        drafts.append(
            Draft(request=request, doubts=change.doubts, deployment_id=deployment.deployment_id, changes=True)
        )
    if not drafts:
        return outcome
    unused = tuple(dict.fromkeys(word for change in changes for word in change.unused))
    changed = context.after(outcome).in_turn(partial(take_in_hand, drafts=tuple(drafts), unused=unused), ask_or_propose)
    return outcome.then(changed)


def _touchable(context: TurnContext, names: Sequence[str]) -> tuple[Outcome, list[Deployment]]:
    """Those of that name upon which this person may act now; of each other one, why not."""
    outcome, deployments = context.unchanged(), list[Deployment]()
    for name in dict.fromkeys(names):
        deployment = context.viewer.named(name, context.records)
        refusal = say_unknown(context, name) if deployment is None else why_closed(context, deployment)
        if refusal is not None:
            outcome = outcome.then(refusal)
        elif deployment is not None:
            deployments.append(deployment)
            outcome = Outcome(outcome.conversation.spoke_of(deployment.workspace_name), outcome.events, outcome.orders)
    return outcome, deployments


def _draft_of(deployment: Deployment) -> Draft:
    request = deployment.request.model_copy(update={"workspace_name": deployment.workspace_name})
    return Draft(request=request, deployment_id=deployment.deployment_id, changes=True)
