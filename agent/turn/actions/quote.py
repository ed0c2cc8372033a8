"""What would be planned, and its price, where nothing is ordered: read-only mode."""

from typing import Literal

from agent.orders import PlanPart
from agent.turn.context import Reply
from agent.wording import money, several, worker_words
from plugins.databricks.proposal import total_cost
from plugins.domain.plan import PlanAction


def say_read_only(reply: Reply, action: Literal["stop", "extend"], name: str) -> None:
    """Why this, which needs no plan, is not done."""
    reply.say("read_only", action=action, names=name, pending=reply.pending)


def quote(reply: Reply, action: PlanAction, parts: tuple[PlanPart, ...]) -> None:
    """What would be planned, and its price; the draft stays, to be asked about, where there is something new in it
    and nothing was put aside for it.
    """
    cost = total_cost(tuple(p.cost for p in parts), tuple(p.decision.workspace_name for p in parts))
    reply.say(
        "read_only",
        action=action,
        names=several([part.decision.workspace_name for part in parts]),
        expected=money(cost.expected, cost.currency),
        lower_bound=cost.is_lower_bound,
        pending=reply.pending,
    )
    if action != "destroy":
        rows = tuple(
            (
                part.decision.workspace_name,
                part.decision.environment,
                part.decision.region,
                part.decision.worker_instance_type,
                worker_words(part.decision),
                money(part.cost.expected, part.cost.currency),
            )
            for part in parts
        )
        columns = ("Workspace", "Environment", "Region", "Size", "Workers", "Expected a month")
        reply.table("What it would be", columns, rows)
    drafts = reply.talk.drafts if action == "create" and not reply.talk.aside else ()
    reply.talk = reply.talk.with_(drafts=drafts, asked=(), awaiting=None, offers=())
