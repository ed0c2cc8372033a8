"""What a month costs: of what is in hand, of what stands, of a “what if”; with its bill. Nothing changes by asking."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.dialogue.drafts import merged
from agent.dialogue.steps import Price
from agent.turn.context import Outcome, TurnContext
from agent.turn.unknown import say_unknown
from agent.views.sum_words import in_period
from agent.wording import difference, money, phrase, several, with_difference, words
from plugins.databricks.proposal import Proposal, example_of, propose, total_cost
from plugins.domain.deployment import Deployment
from plugins.domain.errors import InvalidRequest
from plugins.domain.estimate import Estimate
from plugins.domain.portfolio import Period
from plugins.domain.request import Assumption, InfrastructureRequest
from plugins.parse.phrases import says_product


@dataclass(frozen=True)
class PricedRequests:
    """Requests as they would be decided and priced. Where one of them cannot be, there are no proposals, and
    `complaint` says why.
    """

    proposals: tuple[Proposal, ...]
    assumed: tuple[Assumption, ...]
    complaint: Outcome

    @property
    def total(self) -> Estimate | None:
        return _total(self.proposals) if self.proposals else None


def price(context: TurnContext, step: Price) -> Outcome:
    """What is in hand, a deployed workspace, or what the message describes would cost; nothing is changed by asking."""
    if _is_of_nothing(context, step):
        return context.say("nothing_to_price", any=bool(context.viewer.deployed_names(context.records)))
    if step.workspace is None or step.statement is None:
        return _quote(context, step, step.requests, step.before)
    deployment = context.viewer.named(step.workspace, context.records)
    if deployment is None:
        return say_unknown(context, step.workspace)
    spoken = Outcome(context.conversation.spoke_of(deployment.workspace_name))
    requests = (merged(deployment.request, step.statement),)
    return spoken.then(_quote(context.after(spoken), step, requests, (deployment.request,)))


_IT = re.compile(r"\b(?:it|this|that|they|them|these|those)\b", re.IGNORECASE)


def _is_of_nothing(context: TurnContext, step: Price) -> bool:
    """True where the price of "it" is asked and nothing is in sight: an example would be taken for it."""
    if step.workspace is not None or step.before or context.conversation.drafts or context.is_pending:
        return False
    says_nothing = not any(request.stated() for request in step.requests)
    return says_nothing and _IT.search(context.text) is not None and not says_product(context.text)


def price_deployed(context: TurnContext, deployment: Deployment, period: Period = "month") -> Outcome:
    """What was estimated for it when it was planned."""
    name, cost = deployment.workspace_name, deployment.cost
    title = phrase("turn.cost.bill_of", name=name)
    return context.in_turn(
        lambda turn: turn.say(
            "cost_deployed", name=name, pending=turn.is_pending, **_amounts(cost), **_in_period(cost, period)
        ),
        lambda turn: show_bill(turn, title, cost),
    )


def show_bill(context: TurnContext, title: str, cost: Estimate) -> Outcome:
    """The estimate, line by line; an unknown price is shown as unknown."""
    unknown = phrase("turn.cost.unknown")
    rows = tuple(
        (
            line.item,
            f"{line.quantity:,.2f}".rstrip("0").rstrip(".") if line.quantity or line.monthly is not None else "",
            line.unit,
            unknown if line.unit_price is None else f"{line.unit_price.normalize():f}",
            unknown if line.monthly is None else money(line.monthly, cost.currency),
            line.source if line.note is None else f"{line.source} ({line.note})",
            line.as_of.isoformat() if line.as_of else "",
        )
        for line in cost.lines
    )
    total = phrase("turn.cost.total_at_least" if cost.is_lower_bound else "turn.cost.total")
    last = (total, "", "", "", money(cost.expected, cost.currency), "", "")
    return context.table(title, tuple(phrase("turn.cost.columns").split(" | ")), (*rows, last))


def priced(context: TurnContext, requests: Sequence[InfrastructureRequest]) -> PricedRequests:
    """Each request priced; what it lacks is assumed for the price alone, and said."""
    proposals: list[Proposal] = []
    assumed: list[Assumption] = []
    for request in requests:
        complete, filled = example_of(request)
        assumed.extend(assumption for assumption in filled if assumption not in assumed)
        try:
            proposals.append(propose(complete, context.settings.platform, identity="example", today=context.today))
        except InvalidRequest as error:
            # A sum of some of them would be taken for the price of all.
            complaint = context.say("invalid", problem=error.problem, remedy=error.remedy)
            return PricedRequests((), (), complaint)
    return PricedRequests(tuple(proposals), tuple(assumed), context.unchanged())


def _quote(
    context: TurnContext,
    step: Price,
    requests: tuple[InfrastructureRequest, ...],
    before: tuple[InfrastructureRequest, ...],
) -> Outcome:
    """The price of these requests, against that of those before them where they differ."""
    wanted = priced(context, requests)
    if wanted.total is None:
        return wanted.complaint
    cost, first = wanted.total, wanted.proposals[0]
    # What it is compared with may have become impossible since; the price is told all the same.
    earlier = priced(context, before if before != requests else ())
    over = next((proposal.excess for proposal in wanted.proposals if proposal.excess is not None), None)
    subject, is_named = _subject(context, step, wanted.proposals)
    quoted = context.say(
        "cost",
        change=_change(cost, earlier.total),
        subject=subject,
        named=is_named,
        hours=f"{first.decision.hours_per_week:g}",
        assumed=", ".join(f"{words(assumption.field)} {assumption.value}" for assumption in wanted.assumed),
        over=money(over.by, cost.currency) if over else "",
        limit=money(over.limit, cost.currency) if over else "",
        pending=context.is_pending,
        offered=context.conversation.imagined is not None,
        round_the_clock=_round_the_clock(cost),
        **_amounts(cost),
        **_in_period(cost, step.period),
    )
    return earlier.complaint.then(quoted).then(show_bill(context, phrase("turn.cost.bill"), cost))


def _change(cost: Estimate, before: Estimate | None) -> dict[str, str] | None:
    """From what to what, and the difference; None where what is cannot be priced."""
    if before is None or before.currency != cost.currency or before.is_lower_bound != cost.is_lower_bound:
        return None
    return {
        "was": f"{before.expected:,.2f}",
        "now": f"{cost.expected:,.2f}",
        "by": difference(cost.expected - before.expected, cost.currency),
    }


def _total(proposals: Sequence[Proposal]) -> Estimate:
    names = tuple(proposal.decision.workspace_name for proposal in proposals)
    return total_cost(tuple(proposal.cost for proposal in proposals), names)


def _subject(context: TurnContext, step: Price, proposals: Sequence[Proposal]) -> tuple[str, bool]:
    """What is priced, in words, and whether these are names."""
    if step.workspace is not None:
        return step.workspace, True
    if len(proposals) < len(context.conversation.drafts):
        return several([proposal.decision.workspace_name for proposal in proposals]), True
    return _unnamed(context, proposals), False


def _unnamed(context: TurnContext, proposals: Sequence[Proposal]) -> str:
    if context.conversation.drafts or context.is_pending:
        return phrase("turn.cost.this")
    return phrase("turn.cost.such_a_workspace" if len(proposals) == 1 else "turn.cost.these_workspaces")


def _in_period(cost: Estimate, period: Period) -> dict[str, str]:
    """The year, and the period that was asked for where it is another one."""
    other = period if period not in ("month", "year") else None
    return {
        "year": money(in_period(cost.expected, "year"), cost.currency),
        "other": money(in_period(cost.expected, other), cost.currency) if other else "",
        "period": phrase(f"turn.spend.period.{period}"),
    }


def _round_the_clock(cost: Estimate) -> str:
    """What a stream would cost that never stops, where nobody said how long it runs; "" for anything else."""
    if cost.round_the_clock is None:
        return ""
    by = difference(cost.round_the_clock - cost.expected, cost.currency)
    return with_difference(money(cost.round_the_clock, cost.currency), by)


def _amounts(cost: Estimate) -> dict[str, object]:
    def shown(amount: Decimal) -> str:
        return money(amount, cost.currency)

    return {
        "expected": shown(cost.expected),
        "low": shown(cost.low),
        "high": shown(cost.high),
        "hourly_low": shown(cost.hourly_low),
        "hourly_high": shown(cost.hourly_high),
        "lower_bound": cost.is_lower_bound,
    }
