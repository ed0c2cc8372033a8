"""A list of workspaces: one plan, one price, one consent for all of them, or every row that cannot be planned named."""

from functools import partial

from agent.dialogue.drafts import Draft
from agent.turn.actions.options import tell_leaner
from agent.turn.actions.propose import identified, refuse_too_many
from agent.turn.context import Outcome, TurnContext
from agent.turn.plan_order import order_drafts
from agent.turn.proposals import (
    AboveLimit,
    Denied,
    Impossible,
    NameTaken,
    ProposalSeries,
    why_unplannable,
)
from agent.turn.put_aside import take_in_hand
from agent.wording import money, phrase
from plugins.databricks.proposal import Proposal
from plugins.domain.request import MOST_WORKSPACES
from plugins.domain.understanding import Act
from plugins.parse.batch import Batch, RowProblem


def propose_batch(context: TurnContext, batch: Batch) -> tuple[Outcome, Act]:
    """Decides, prices and checks every row; orders one plan when nothing stands against any of them. With the act that
    it counts as.
    """
    if batch.size > MOST_WORKSPACES:
        return refuse_too_many(context, batch.size), "unclear"
    drafts = tuple(identified(context, Draft(request=row.request)) for row in batch.rows)
    series = ProposalSeries(context, drafts)
    problems = list(batch.problems)
    proposals: list[Proposal] = []
    for row, draft in zip(batch.rows, drafts, strict=True):
        proposal = series.propose(draft)
        objection = why_unplannable(draft, proposal) if isinstance(proposal, Proposal) else proposal
        if objection is not None:
            # It is no part of the plan: what it would have held is free for the rows that follow.
            problems.append(RowProblem(row.line, _words(objection)))
        elif isinstance(proposal, Proposal):
            series.add(proposal)
            proposals.append(proposal)
    if problems:
        return _refuse(context, problems), "unclear"
    planned = context.in_turn(
        partial(take_in_hand, drafts=drafts),
        partial(tell_leaner, proposals=proposals),
        partial(order_drafts, drafts=drafts, proposals=proposals),
    )
    return planned, "provision"


def _words(objection: NameTaken | Impossible | Denied | AboveLimit) -> str:
    """What is wrong with a row, as it stands in the table."""
    match objection:
        case NameTaken():
            return phrase("turn.batch.exists", name=objection.name)
        case Impossible():
            return objection.problem
        case Denied():
            return " ".join(finding.message for finding in objection.findings)
        case AboveLimit():
            cost, by = objection.proposal.cost, objection.excess.by
            expected = money(cost.expected, cost.currency)
            return phrase("turn.batch.above_limit", expected=expected, by=money(by, cost.currency))


def _refuse(context: TurnContext, problems: list[RowProblem]) -> Outcome:
    """All of them at once, by line; the conversation stays as it was."""
    ordered = sorted(problems, key=lambda problem: problem.line)
    rows = tuple((problem.line, problem.text) for problem in ordered)
    columns = tuple(phrase("turn.batch.columns").split(" | "))
    refusal = context.say("rows_refused", count=len({problem.line for problem in ordered}))
    return refusal.then(context.table(phrase("turn.batch.title"), columns, rows))
