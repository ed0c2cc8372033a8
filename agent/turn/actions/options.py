"""Other configurations than the usual one: what was planned leaner, and what is offered where a limit is exceeded."""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil

from agent.dialogue.state import Offer
from agent.events import Choice, SlotQuestion
from agent.turn.context import Outcome, TurnContext
from agent.turn.proposals import AboveLimit
from agent.wording import MOST_NAMES, difference, difference_between, money, phrase, several, worker_words
from plugins.databricks.proposal import Option, Proposal, cheapest_option, fitting_options
from plugins.domain.estimate import Estimate

_ROUND = 50
"""A higher limit is suggested in steps of this, in the estimate's currency."""


def tell_leaner(context: TurnContext, proposals: Sequence[Proposal]) -> Outcome:
    """Nothing is made smaller silently."""
    leaner = [(proposal, proposal.instead_of) for proposal in proposals if proposal.instead_of is not None]
    if len(leaner) > MOST_NAMES:
        return _tell_several_leaner(context, leaner)
    outcome = context.unchanged()
    for proposal, usual in leaner:
        message = context.say(
            "leaner",
            name=proposal.decision.workspace_name,
            size=proposal.decision.worker_instance_type,
            cost=money(proposal.cost.expected, proposal.cost.currency),
            usual=money(usual.expected, usual.currency),
            by=difference_between(proposal.cost, usual),
        )
        outcome = outcome.then(message)
    return outcome


def _tell_several_leaner(context: TurnContext, leaner: Sequence[tuple[Proposal, Estimate]]) -> Outcome:
    currency = leaner[0][0].cost.currency
    cost = sum((proposal.cost.expected for proposal, _ in leaner), Decimal(0))
    usual = sum((usual.expected for _, usual in leaner), Decimal(0))
    return context.say(
        "leaner_several",
        count=len(leaner),
        names=several([proposal.decision.workspace_name for proposal, _ in leaner]),
        cost=money(cost, currency),
        usual=money(usual, currency),
        by=difference(cost - usual, currency),
    )


def offer_what_fits(context: TurnContext, above: AboveLimit) -> Outcome:
    """Says by how much it is above the limit, and offers what fits; nothing is shrunk silently."""
    request, identity = above.draft.request, above.draft.deployment_id or ""
    options = fitting_options(request, context.settings.platform, identity=identity, today=context.today)
    outcome = _tell_above(context, above, is_fitting=bool(options))
    if options:
        outcome = outcome.then(show_options(context, phrase("turn.options.fits"), options, ground=above.proposal.cost))
    # With several drafts in hand nobody could tell which one a number picks for.
    is_one = len(context.conversation.drafts) == 1
    offers = tuple(Offer(label=option.label, changes=option.changes) for option in options) if is_one else ()
    outcome = outcome.then(context.with_conversation(asked=("cost_limit",), offers=offers, awaiting=None))
    question = _limit_question(context, offers, above.proposal.cost.expected)
    return outcome.then(context.after(outcome).ask(question))


def _tell_above(context: TurnContext, above: AboveLimit, *, is_fitting: bool) -> Outcome:
    platform, request = context.settings.platform, above.draft.request
    decision, cost = above.proposal.decision, above.proposal.cost
    identity = above.draft.deployment_id or ""
    least = cheapest_option(request, platform, identity=identity, today=context.today)
    platform_limit = platform.policy.environments[decision.environment].cost_limit
    return context.say(
        "over_limit",
        which=decision.workspace_name,
        expected=money(cost.expected, cost.currency),
        by=money(above.excess.by, cost.currency),
        own=request.cost_limit is not None,
        environment=decision.environment,
        limit=money(above.excess.limit, cost.currency),
        platform=money(platform_limit, platform.defaults.currency),
        offers=is_fitting,
        cheapest=money(least.cost.expected, cost.currency),
    )


def _limit_question(context: TurnContext, offers: tuple[Offer, ...], expected: Decimal) -> SlotQuestion:
    question = context.settings.wording.question("cost_limit")
    picks = tuple(Choice(label=offer.label, value=f"offer:{number}") for number, offer in enumerate(offers, 1))
    enough = str(ceil(expected / _ROUND) * _ROUND)
    raised = Choice(label=phrase("turn.options.raise", limit=enough), value=enough)
    return question.model_copy(update={"choices": (*picks, raised)})


def show_options(
    context: TurnContext, title: str, options: tuple[Option, ...], *, ground: Estimate | None = None
) -> Outcome:
    """A table of configurations that would do, numbered as they are picked; against `ground` with what each saves."""
    rows = tuple(
        (
            number,
            option.label,
            option.decision.worker_instance_type,
            worker_words(option.decision),
            money(option.cost.expected, option.cost.currency),
            *_against(option.cost, ground),
        )
        for number, option in enumerate(options, 1)
    )
    columns = phrase("turn.options.columns" if ground is None else "turn.options.columns_against").split(" | ")
    return context.table(title, tuple(columns), rows)


def _against(cost: Estimate, ground: Estimate | None) -> tuple[str, ...]:
    if ground is None:
        return ()
    return (difference_between(cost, ground) or phrase("turn.cost.unknown"),)
