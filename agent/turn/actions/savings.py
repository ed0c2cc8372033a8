"""How it could cost less: other configurations, the greatest saving first, each to be picked by its number."""

from collections.abc import Sequence
from decimal import Decimal

from agent.dialogue.state import Offer
from agent.turn.actions.options import show_options
from agent.turn.context import Outcome, TurnContext
from agent.turn.deployed_drafts import as_deployed
from agent.views.sum_words import month_of
from agent.wording import difference, money, phrase
from plugins.catalogue.prices import spot_price
from plugins.databricks.proposal import Option, example_of, propose, savings_of
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Deployment
from plugins.domain.estimate import Estimate
from plugins.domain.request import InfrastructureRequest

_MOST_ROWS = 10


def offer_savings(context: TurnContext, deployment: Deployment | None) -> Outcome:
    """Of that workspace, or of the one that is in hand: what each change would save."""
    drafts = context.conversation.drafts
    if deployment is None and len(drafts) != 1:
        return context.say("alternatives", any=False, offered=False, pending=context.is_pending, of="", spot="")
    request, decision, cost, name = _ground(context, deployment)
    options = _cheaper(context, request, decision, cost, stands=deployment is not None)
    is_offered = not context.conversation.asked and (deployment is not None or bool(drafts))
    told = context.say(
        "alternatives",
        any=bool(options),
        offered=is_offered,
        pending=context.is_pending,
        of=phrase("turn.savings.of", name=name, month=month_of(cost)),
        spot=_spot_words(decision),
    )
    if not options:
        return told
    offers = tuple(
        Offer(label=option.label, changes=option.changes, workspace=name if deployment is not None else None)
        for option in options
    )
    told = told.then(show_options(context, phrase("turn.savings.title", name=name), options, ground=cost))
    return told.then(context.with_conversation(offers=offers)) if is_offered else told


def show_savings(context: TurnContext, deployments: Sequence[Deployment]) -> Outcome:
    """The greatest single saving of each of several, the greatest first."""
    best: list[tuple[Decimal, tuple[str, ...]]] = []
    for deployment in deployments:
        options = _cheaper(context, as_deployed(deployment), deployment.decision, deployment.cost, stands=True)
        if not options:
            continue
        single, cost = options[0], deployment.cost
        by = single.cost.expected - cost.expected
        row = (deployment.workspace_name, single.label, month_of(cost), money(single.cost.expected, cost.currency))
        best.append((by, (*row, difference(by, cost.currency))))
    rows = tuple(row for _, row in sorted(best, key=lambda pair: pair[0])[:_MOST_ROWS])
    told = context.say("savings", any=bool(rows), pending=context.is_pending, first=rows[0][0] if rows else "")
    if not rows:
        return told
    return told.then(
        context.table(phrase("turn.savings.all"), tuple(phrase("turn.savings.columns").split(" | ")), rows)
    )


def _ground(
    context: TurnContext, deployment: Deployment | None
) -> tuple[InfrastructureRequest, InfrastructureDecision, Estimate, str]:
    if deployment is not None:
        return as_deployed(deployment), deployment.decision, deployment.cost, deployment.workspace_name
    request, _ = example_of(context.conversation.drafts[0].request)
    proposal = propose(request, context.settings.platform, identity="example", today=context.today)
    return request, proposal.decision, proposal.cost, proposal.decision.workspace_name


def _cheaper(
    context: TurnContext,
    request: InfrastructureRequest,
    decision: InfrastructureDecision,
    cost: Estimate,
    *,
    stands: bool,
) -> tuple[Option, ...]:
    return savings_of(request, decision, cost, context.settings.platform, today=context.today, stands=stands)


def _spot_words(decision: InfrastructureDecision) -> str:
    """What spot would save, where nothing is known of it: said, and not guessed."""
    if decision.spot or decision.single_node or decision.environment == "prod":
        return ""
    known = spot_price(decision.worker_instance_type, decision.region)
    return phrase("turn.savings.spot_seen", usd=f"{known.usd:f}") if known else phrase("turn.savings.spot_unknown")
