"""What a DBU costs, compute by compute: a question about Databricks' prices and no workspace's."""

from agent.dialogue.steps import Rates
from agent.turn.context import Outcome, TurnContext
from agent.wording import phrase
from plugins.estimate.book import COMPUTES, compute_name, price_book, warnings_of


def tell_rates(context: TurnContext, step: Rates) -> Outcome:
    """A row a compute, in that region; what has no known price is told as unknown. Nothing is changed by asking."""
    platform = context.settings.platform
    region = step.region or platform.defaults.region or "eastus"
    currency = step.currency or platform.defaults.currency
    book = price_book(region, currency, platform)
    computes = [compute for compute in COMPUTES if compute in step.computes or not step.computes]
    rows = tuple(
        (
            compute_name(compute),
            phrase("turn.rates.unknown") if quote is None else f"{quote.amount.normalize():f} {book.currency}",
            "" if quote is None else quote.as_of.isoformat(),
            "" if quote is None else "; ".join(filter(None, (quote.source, quote.note))),
        )
        for compute, quote in ((compute, book.dbu(compute)) for compute in computes)
    )
    told = context.say(
        "rates",
        region=region,
        is_usual=step.region is None,
        warnings=warnings_of(region, currency, platform),
        pending=context.is_pending,
    )
    columns = tuple(phrase("turn.rates.columns").split(" | "))
    return told.then(context.table(phrase("turn.rates.title", region=region), columns, rows))
