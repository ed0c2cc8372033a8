"""Two or more ways to do it: in words, priced where they can be; without a topic, what else would do."""

from agent.dialogue.state import Offer
from agent.dialogue.steps import Compare
from agent.turn.actions.options import show_options
from agent.turn.context import Outcome, TurnContext
from agent.wording import phrase
from plugins.databricks.comparing import comparison
from plugins.databricks.proposal import alternatives_of, example_of
from plugins.domain.request import InfrastructureRequest


def compare(context: TurnContext, step: Compare) -> Outcome:
    """Two or more ways in words, and priced both ways; without a topic, what would do as well."""
    deployed = context.viewer.named(step.workspace, context.records) if step.workspace else None
    request = deployed.request if deployed else step.request
    is_own = bool(context.conversation.drafts) or context.is_pending or deployed is not None
    if not step.topic and is_own:
        return _offer_alternatives(context, request)
    example, _ = example_of(request)
    compared = comparison(step.topic, example, context.settings.platform, today=context.today)
    in_words = context.say(
        "compare", words=compared.words, priced=bool(compared.rows), own=is_own, pending=context.is_pending
    )
    return in_words.then(context.table(compared.title, compared.columns, compared.rows)) if compared.rows else in_words


def _offer_alternatives(context: TurnContext, request: InfrastructureRequest) -> Outcome:
    """Other configurations; they can be picked by number where one draft is in hand and nothing else is asked."""
    example, _ = example_of(request)
    options = alternatives_of(example, context.settings.platform, identity="example", today=context.today)
    # Picking an offer changes the one draft; while something is asked a number answers that.
    is_offered = len(context.conversation.drafts) == 1 and not context.conversation.asked
    outcome = context.say(
        "alternatives", any=bool(options), offered=is_offered, pending=context.is_pending, of="", spot=""
    )
    if options:
        title = phrase("turn.compare.alternatives")
        outcome = outcome.then(show_options(context, title, options))
    if is_offered:
        offers = tuple(Offer(label=option.label, changes=option.changes) for option in options)
        outcome = outcome.then(context.with_conversation(offers=offers))
    return outcome
