"""What many that stand would cost with something otherwise: each, and all of them; nothing is changed by asking."""

from decimal import Decimal

from agent.dialogue.drafts import merged
from agent.dialogue.steps import SupposedOfMany
from agent.turn.actions.cost import priced
from agent.turn.actions.workspace_list import chosen_of, tell_none, tell_unknown
from agent.turn.context import Outcome, TurnContext
from agent.turn.relative import absolute_of
from agent.views.sum_words import counted, month_of
from agent.wording import difference, difference_between, phrase
from plugins.domain.deployment import Deployment
from plugins.domain.estimate import Estimate

_MOST_ROWS = 25
"""Rows of one table; the difference of all of them is told beside it."""


def tell_supposed_of_many(context: TurnContext, step: SupposedOfMany) -> Outcome:
    found = chosen_of(context, step.selection, standing=True)
    if not found.deployments:
        return tell_none(context, found)
    supposed = [(one, _supposed(context, one, step)) for one in found.deployments]
    known = [(one, cost) for one, cost in supposed if cost is not None and _is_comparable(one, cost)]
    changes: dict[str, Decimal] = {}
    for one, cost in known:
        changes[cost.currency] = changes.get(cost.currency, Decimal(0)) + cost.expected - one.cost.expected
    told = context.say(
        "supposed_of_many",
        count=counted(len(supposed)),
        together=phrase("views.sums.amounts").join(difference(by, currency) for currency, by in changes.items() if by),
        unknown=len(supposed) - len(known),
        same=sum(cost.expected == one.cost.expected for one, cost in known),
        spot=step.statement.request.spot is True,
        pending=context.is_pending,
    )
    rows = tuple(_row(one, cost) for one, cost in supposed[:_MOST_ROWS])
    columns = tuple(phrase("turn.supposed.columns").split(" | "))
    return tell_unknown(context, found).then(told).then(context.table(phrase("turn.supposed.title"), columns, rows))


def _supposed(context: TurnContext, deployment: Deployment, step: SupposedOfMany) -> Estimate | None:
    """Its month with that; None where it cannot be so."""
    request = merged(deployment.request, absolute_of(step.statement, deployment.decision))
    return priced(context, (request,)).total


def _is_comparable(deployment: Deployment, cost: Estimate) -> bool:
    return cost.currency == deployment.cost.currency and cost.unpriced == deployment.cost.unpriced


def _row(deployment: Deployment, cost: Estimate | None) -> tuple[str, str, str, str]:
    then = phrase("turn.supposed.impossible") if cost is None else month_of(cost)
    by = "" if cost is None else difference_between(cost, deployment.cost)
    return deployment.workspace_name, month_of(deployment.cost), then, by
