"""What would be planned, and its price, where nothing is ordered: read-only mode."""

from typing import Literal

from agent.orders import PlanPart
from agent.turn.context import Outcome, TurnContext
from agent.wording import money, phrase, several, worker_words
from plugins.databricks.proposal import total_cost
from plugins.domain.plan import PlanAction


def say_read_only(context: TurnContext, action: Literal["stop", "extend"], name: str) -> Outcome:
    """Why this, which needs no plan, is not done."""
    return context.say("read_only", action=action, names=name, pending=context.is_pending)


def quote(context: TurnContext, action: PlanAction, parts: tuple[PlanPart, ...]) -> Outcome:
    """What would be planned, and its price; the draft stays, to be asked about, where there is something new in it
    and nothing was put aside for it.
    """
    cost = total_cost(tuple(part.cost for part in parts), tuple(part.decision.workspace_name for part in parts))
    outcome = context.say(
        "read_only",
        action=action,
        names=several([part.decision.workspace_name for part in parts]),
        expected=money(cost.expected, cost.currency),
        lower_bound=cost.is_lower_bound,
        pending=context.is_pending,
    )
    if action != "destroy":
        outcome = outcome.then(_configurations(context, parts))
    # A draft that stays in hand would keep the request that was put aside from being taken up again.
    stays = action == "create" and not context.conversation.aside
    drafts = context.conversation.drafts if stays else ()
    return outcome.then(context.with_conversation(drafts=drafts, asked=(), awaiting=None, offers=()))


def _configurations(context: TurnContext, parts: tuple[PlanPart, ...]) -> Outcome:
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
    columns = tuple(phrase("turn.quote.columns").split(" | "))
    return context.table(phrase("turn.quote.title"), columns, rows)
