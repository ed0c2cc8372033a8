"""What to take where Azure has no room for the machines that were wished for: another size, another region, fewer of
them; priced, and itself held against what Azure says.
"""

from collections.abc import Iterator

from agent.dialogue.state import Offer
from agent.events import Choice
from agent.turn.actions.options import show_options
from agent.turn.context import Outcome, TurnContext
from agent.turn.proposals import Denied, ProposalSeries
from agent.wording import phrase
from plugins.catalogue.prices import vm_price
from plugins.catalogue.sizes import Size, size, sizes
from plugins.check.azure_quota import needs
from plugins.databricks.proposal import Option, fitting_option
from plugins.decide import Variant
from plugins.domain.azure_facts import AzureFacts
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.request import InfrastructureRequest

_OF_MACHINES = frozenset({"azure-quota", "azure-size"})
"""Findings that other machines would put right."""

_MOST_TRIED = 6
"""Sizes that are held against Azure, the cheapest first."""


def offer_elsewhere(context: TurnContext, series: ProposalSeries, denied: Denied) -> Outcome:
    """Up to one of each kind, to be picked by its number; nothing is changed unasked. Where anything else stands
    against it as well, nothing is offered: it would be refused again.
    """
    if {finding.rule for finding in denied.findings} - _OF_MACHINES or len(context.conversation.drafts) != 1:
        return context.unchanged()
    options = tuple(_options(context, series, denied))
    if not options:
        return context.unchanged()
    shown = show_options(context, phrase("turn.elsewhere.title"), options)
    offers = tuple(Offer(label=option.label, changes=option.changes) for option in options)
    outcome = shown.then(context.after(shown).with_conversation(asked=("node_type",), offers=offers, awaiting=None))
    picks = tuple(Choice(label=offer.label, value=f"offer:{number}") for number, offer in enumerate(offers, 1))
    question = context.settings.wording.question("node_type")
    text = phrase("turn.elsewhere.which")
    return outcome.then(context.after(outcome).ask(question.model_copy(update={"text": text, "choices": picks})))


def _options(context: TurnContext, series: ProposalSeries, denied: Denied) -> Iterator[Option]:
    platform, draft = series.informed(denied.draft).settings.platform, denied.draft
    decision, facts = denied.proposal.decision, platform.azure
    # In another region what is deployed would be made anew; and of a size that is closed here nobody knows it there.
    is_closed = any(finding.rule == "azure-size" for finding in denied.findings)
    elsewhere = () if draft.changes or is_closed else _regions(decision, facts)
    for variants in (_sizes(decision), elsewhere, _fewer(decision, facts)):
        options = (
            fitting_option(
                draft.request,
                variant,
                platform,
                identity=draft.deployment_id or "",
                today=context.today,
                among=series.neighbours,
            )
            for variant in variants
        )
        found = [option for option in options if option is not None]
        if found:
            yield min(found, key=lambda option: option.cost.expected)


def _sizes(decision: InfrastructureDecision) -> Iterator[Variant]:
    """Sizes of another family that have as many vCPUs, as much memory and the same GPUs, the cheapest first."""
    wished = size(decision.worker_instance_type)
    if wished is None:
        return
    alike = [
        (price.usd, other)
        for other in sizes().values()
        if _does(other, wished) and (price := vm_price(other.name, decision.region)) is not None
    ]
    for _, other in sorted(alike, key=lambda pair: pair[0])[:_MOST_TRIED]:
        label = phrase("turn.elsewhere.size", size=other.name)
        yield Variant(label, InfrastructureRequest(node_type=other.name))


def _does(other: Size, wished: Size) -> bool:
    is_current = other.status == "current" and other.dbu_per_hour is not None
    is_alike = (other.vcpu, other.gpus, other.gpu_model) == (wished.vcpu, wished.gpus, wished.gpu_model)
    return is_current and is_alike and other.memory_gib >= wished.memory_gib and other.family != wished.family


def _regions(decision: InfrastructureDecision, facts: AzureFacts) -> Iterator[Variant]:
    """Those whose quotas were answered; a workspace in a network of the house stays in its region."""
    details = decision.network_details
    if details is not None and details.existing_virtual_network_id is not None:
        return
    for name, region in facts.regions.items():
        if name != decision.region and region.quotas is not None:
            yield Variant(phrase("turn.elsewhere.region", region=name), InfrastructureRequest(region=name))


def _fewer(decision: InfrastructureDecision, facts: AzureFacts) -> Iterator[Variant]:
    """Fewer workers of the same size, the most first."""
    for count in range(decision.max_workers - 1, 0, -1):
        low = min(decision.min_workers, count)
        label = phrase("turn.elsewhere.workers", count=count)
        if _has_room(decision.model_copy(update={"max_workers": count}), facts):
            yield Variant(label, InfrastructureRequest(min_workers=low, max_workers=count))
            return


def _has_room(decision: InfrastructureDecision, facts: AzureFacts) -> bool:
    rooms = ((facts.region(region).quota(row), vcpus) for (region, row), vcpus in needs(decision, facts).items())
    return all(quota is None or quota.left is None or quota.left >= vcpus for quota, vcpus in rooms)
