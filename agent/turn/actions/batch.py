"""A list of workspaces: one plan, one price, one consent for all of them, or every row that cannot be planned named."""

from agent.dialogue.drafts import Draft
from agent.turn.actions.propose import MOST_WORKSPACES, identified, order_plan, say_leaner, say_too_many
from agent.turn.context import Reply
from agent.turn.put_aside import make_room
from agent.views.networks import neighbours_of
from agent.wording import money
from plugins.databricks.proposal import Proposal, propose
from plugins.domain.errors import InvalidRequest
from plugins.domain.neighbours import Neighbours
from plugins.domain.understanding import Act
from plugins.parse.batch import Batch, Problem


def propose_batch(reply: Reply, batch: Batch) -> Act:
    """Decides, prices and checks every row; orders one plan when nothing stands against any of them."""
    if batch.size > MOST_WORKSPACES:
        say_too_many(reply, batch.size)
        return "unclear"
    drafts = tuple(identified(reply, Draft(request=row.request)) for row in batch.rows)
    taken = set(reply.taken_names())
    among = neighbours_of(reply.records, reply.settings.platform)
    problems = list(batch.problems)
    proposals: list[Proposal] = []
    for row, draft in zip(batch.rows, drafts, strict=True):
        proposal = _proposed(reply, draft, frozenset(taken), among)
        if isinstance(proposal, str):
            problems.append(Problem(row.line, proposal))
            continue
        taken.add(proposal.decision.workspace_name)
        among.add(proposal.decision)
        proposals.append(proposal)
    if problems:
        _refuse(reply, problems)
        return "unclear"
    reply.take(make_room(reply.context()))
    reply.talk = reply.talk.with_(drafts=drafts, earlier=(), asked=(), offers=())
    say_leaner(reply, proposals)
    order_plan(reply, drafts, proposals)
    return "provision"


def _proposed(reply: Reply, draft: Draft, taken: frozenset[str], among: Neighbours) -> Proposal | str:
    """The proposal, or in words why there is none."""
    if draft.request.workspace_name in taken:
        return f"a workspace called {draft.request.workspace_name} exists already"
    try:
        proposal = propose(
            draft.request,
            reply.settings.platform,
            identity=draft.deployment_id or "",
            today=reply.today,
            taken=taken,
            among=among,
        )
    except InvalidRequest as error:
        return error.problem
    denials = [finding.message for finding in proposal.findings if finding.severity == "deny"]
    if denials:
        return " ".join(denials)
    if proposal.excess is not None:
        expected = money(proposal.cost.expected, proposal.cost.currency)
        return f"{expected} a month is {money(proposal.excess.by, proposal.cost.currency)} above the limit"
    return proposal


def _refuse(reply: Reply, problems: list[Problem]) -> None:
    """All of them at once, by line; the conversation stays as it was."""
    ordered = sorted(problems, key=lambda problem: problem.line)
    reply.say("rows_refused", count=len({problem.line for problem in ordered}))
    reply.table("Rows to correct", ("Line", "What is wrong"), tuple((p.line, p.text) for p in ordered))
