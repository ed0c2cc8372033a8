"""Two or more ways to do it: in words, priced where they can be; without a topic, what else would do."""

from agent.dialogue.state import Offer
from agent.dialogue.steps import Compare
from agent.turn.actions.options import show_options
from agent.turn.context import Outcome, TurnContext
from agent.wording import difference_between, money, phrase
from plugins.databricks.comparing import comparison, regions_compared
from plugins.databricks.proposal import alternatives_of, example_of, propose
from plugins.domain.deployment import Deployment
from plugins.domain.request import InfrastructureRequest


def compare(context: TurnContext, step: Compare) -> Outcome:
    """Two or more ways in words, and priced both ways; without a topic, what would do as well."""
    deployed = context.viewer.named(step.workspace, context.records) if step.workspace else None
    request = deployed.request if deployed else step.request
    is_own = bool(context.conversation.drafts) or context.is_pending or deployed is not None
    if step.topic == ("regions",):
        return _regions(context, request, deployed.workspace_name if deployed else "", is_own=is_own)
    if not step.topic and is_own:
        return _offer_alternatives(context, request, deployed)
    example, _ = example_of(request)
    compared = comparison(step.topic, example, context.settings.platform, today=context.today)
    in_words = context.say(
        "compare", words=compared.words, priced=bool(compared.rows), own=is_own, pending=context.is_pending
    )
    return in_words.then(context.table(compared.title, compared.columns, compared.rows)) if compared.rows else in_words


_MOST_REGIONS = 8
"""Regions in one table: the cheapest, and the one that it is in."""


def _regions(context: TurnContext, request: InfrastructureRequest, name: str, *, is_own: bool) -> Outcome:
    """The same in every region, the cheapest first; nothing is moved by asking."""
    example, filled = example_of(request)
    months = regions_compared(example, context.settings.platform, today=context.today)
    home = example.region or context.settings.platform.defaults.region
    now = next((cost for region, cost in months if region == home), None)
    shown = [pair for number, pair in enumerate(months) if number < _MOST_REGIONS or pair[0] == home]
    told = context.say(
        "regions",
        any=bool(months),
        first=months[0][0] if months else "",
        least=money(months[0][1].expected, months[0][1].currency) if months else "",
        count=len(months),
        name=name,
        home=home,
        now=money(now.expected, now.currency) if now else "",
        own=is_own,
        example=", ".join(str(assumption.value).replace("_", " ") for assumption in filled),
        pending=context.is_pending,
    )
    if not months:
        return told
    rows = tuple(
        (
            region,
            money(cost.expected, cost.currency),
            difference_between(cost, now) if now else "",
            phrase("turn.compare.assumed") if any("price of" in (line.note or "") for line in cost.lines) else "",
        )
        for region, cost in shown
    )
    columns = tuple(phrase("turn.compare.region_columns", home=home).split(" | "))
    return told.then(context.table(phrase("turn.compare.regions"), columns, rows))


def _offer_alternatives(context: TurnContext, request: InfrastructureRequest, deployed: Deployment | None) -> Outcome:
    """Other configurations; they can be picked by number where one draft is in hand and nothing else is asked."""
    example, _ = example_of(request)
    options = alternatives_of(
        example, context.settings.platform, identity="example", today=context.today, stands=deployed is not None
    )
    # Picking an offer changes the one draft; while something is asked a number answers that.
    is_offered = len(context.conversation.drafts) == 1 and not context.conversation.asked
    outcome = context.say(
        "alternatives", any=bool(options), offered=is_offered, pending=context.is_pending, of="", spot=""
    )
    if options:
        title = phrase("turn.compare.alternatives")
        platform, today = context.settings.platform, context.today
        ground = deployed.cost if deployed else propose(example, platform, identity="example", today=today).cost
        outcome = outcome.then(show_options(context, title, options, ground=ground))
    if is_offered:
        offers = tuple(Offer(label=option.label, changes=option.changes) for option in options)
        outcome = outcome.then(context.with_conversation(offers=offers))
    return outcome
