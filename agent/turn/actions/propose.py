"""From drafts to an ordered plan, or to the reason why there is none."""

from functools import partial

from agent.dialogue.advance import asked_or_proposed
from agent.dialogue.drafts import Draft
from agent.dialogue.steps import Ask
from agent.orders import PlanOrder
from agent.turn.actions.ask import ask_open
from agent.turn.actions.elsewhere import offer_elsewhere
from agent.turn.actions.options import offer_what_fits, tell_leaner
from agent.turn.actions.pending_plan import supersede
from agent.turn.context import Outcome, TurnContext
from agent.turn.deployed_drafts import as_it_stays, tell_what_stays
from agent.turn.plan_order import order_drafts
from agent.turn.proposals import (
    AboveLimit,
    Denied,
    Impossible,
    NameTaken,
    ProposalSeries,
    why_unplannable,
)
from agent.turn.rights import why_barred
from agent.wording import difference, money
from plugins.databricks.proposal import Proposal, total_cost
from plugins.domain.plan import Plan
from plugins.domain.request import MOST_WORKSPACES


def ask_or_propose(context: TurnContext) -> Outcome:
    """Asks what the drafts leave open; with nothing open, proposes them."""
    conversation, step = asked_or_proposed(context.conversation, context.index())
    advanced = context.after(Outcome(conversation))
    return ask_open(advanced, step.slots) if isinstance(step, Ask) else propose_drafts(advanced)


def propose_drafts(context: TurnContext) -> Outcome:
    """Decides, prices and checks every draft, and orders the plan when nothing stands against it."""
    # First of all: what nobody may have must not cost the plan that waits.
    if (refusal := why_barred(context)) is not None:
        return refusal
    if len(context.conversation.drafts) > MOST_WORKSPACES:
        refusal = refuse_too_many(context, len(context.conversation.drafts))
        return refusal.then(context.with_conversation(drafts=(), asked=(), offers=()))
    # A plan that waits for these very drafts holds their subnets: it goes before they are held against what is there.
    before = context.pending_plan()
    proposed = context.in_turn(supersede, _identified, _proposed)
    return proposed.then(_tell_difference(context.after(proposed), before, proposed))


def _tell_difference(context: TurnContext, before: Plan | None, proposed: Outcome) -> Outcome:
    """By how much the new plan is dearer than the one in whose place it comes; nothing where none is ordered."""
    order = next((order for order in proposed.orders if isinstance(order, PlanOrder)), None)
    if before is None or order is None or before.action != order.action:
        return context.unchanged()
    names = tuple(part.decision.workspace_name for part in order.parts)
    cost = total_cost(tuple(part.cost for part in order.parts), names)
    if cost.currency != before.cost.currency or cost.expected == before.cost.expected:
        return context.unchanged()
    return context.say(
        "difference",
        was=money(before.cost.expected, cost.currency),
        now=money(cost.expected, cost.currency),
        by=difference(cost.expected - before.cost.expected, cost.currency),
    )


def refuse_too_many(context: TurnContext, count: int) -> Outcome:
    return context.say("too_many", count=count, most=MOST_WORKSPACES)


def identified(context: TurnContext, draft: Draft) -> Draft:
    """The draft with the id that its workspace keeps for life."""
    if draft.deployment_id is not None:
        return draft
    return draft.model_copy(update={"deployment_id": context.settings.new_id("dep")})


def _identified(context: TurnContext) -> Outcome:
    """The drafts as they can be proposed: each with its id, and with what must stay of what exists."""
    refused = context.in_turn(*(partial(tell_what_stays, draft=draft) for draft in context.conversation.drafts))
    drafts = tuple(identified(context, as_it_stays(context, draft)) for draft in context.conversation.drafts)
    return refused.then(context.with_conversation(drafts=drafts, asked=(), offers=(), imagined=None))


def _proposed(context: TurnContext) -> Outcome:
    drafts = context.conversation.drafts
    series = ProposalSeries(context, drafts)
    proposals: list[Proposal] = []
    for draft in drafts:
        proposal = series.propose(draft)
        if not isinstance(proposal, Proposal):
            return _refuse(series, context, proposal)
        series.add(proposal)
        proposals.append(proposal)
    # What cannot be decided at all is told before what a rule or a limit says of another draft.
    for draft, proposal in zip(drafts, proposals, strict=True):
        objection = why_unplannable(draft, proposal)
        if objection is not None:
            return _refuse(series, context, objection)
    anew = [proposal for draft, proposal in zip(drafts, proposals, strict=True) if draft.adopt is None]
    return tell_leaner(context, anew).then(order_drafts(context, drafts, proposals))


def _refuse(
    series: ProposalSeries, context: TurnContext, objection: NameTaken | Impossible | Denied | AboveLimit
) -> Outcome:
    """Why it is not planned, and the way on; the drafts stay to be changed."""
    match objection:
        case NameTaken():
            asking = context.with_conversation(asked=("workspace_name",))
            question = context.settings.wording.question("workspace_name")
            return context.say("exists", name=objection.name).then(context.after(asking).ask(question))
        case Impossible():
            return context.say("invalid", problem=objection.problem, remedy=objection.remedy)
        case Denied():
            told = context.say("denied", findings=objection.findings)
            series.drop(objection.proposal)
            return told.then(offer_elsewhere(context.after(told), series, objection))
        case AboveLimit():
            return offer_what_fits(context, objection)
