"""Why it was decided so: the reasons of a decision, with their sources."""

from agent.dialogue.steps import Explain
from agent.turn.actions.cost import priced
from agent.turn.context import Outcome, TurnContext
from agent.turn.unknown import say_unknown
from agent.wording import MOST_NAMES, money, several, spoken
from plugins.databricks.proposal import example_of, propose
from plugins.domain.decision import InfrastructureDecision, Reason
from plugins.domain.request import Assumption, InfrastructureRequest
from plugins.parse.of_the_talk import asks_for_reasons


def explain(context: TurnContext, step: Explain) -> Outcome:
    """The reasons of the decision in question, with their sources; all of them when no topic is named."""
    # A limit is the policy's, and holds before anything is decided.
    if step.topic == ("cost_limit",) and step.workspace is None:
        return _say_limits(context)
    decisions, complaint = decisions_in_question(context, step.workspace)
    if step.workspace is not None and not decisions and not complaint.events:
        return say_unknown(context, step.workspace)
    if not decisions and not complaint.events and not step.topic:
        return context.say("nothing_to_explain", any=bool(context.viewer.deployed_names(context.records)))
    # An example would be taken for what could not be decided.
    if not decisions and complaint.events:
        return complaint
    topics = frozenset(step.topic)
    if not topics and not asks_for_reasons(context.text):
        names = several([decision.workspace_name for decision in decisions])
        return context.say("not_known_of", names=names, pending=context.is_pending)
    reasons = [_told_of(decision, topics) for decision in decisions or (example(context),)]
    if all(others[1:] == reasons[0][1:] for others in reasons):
        reasons = reasons[:1]
    explained = context.say(
        "explain",
        of_house=not decisions,
        with_sources=bool(topics),
        workspaces=reasons[:MOST_NAMES],
        more=len(reasons) - MOST_NAMES,
        pending=context.is_pending,
    )
    return complaint.then(explained)


def _told_of(
    decision: InfrastructureDecision, topics: frozenset[str]
) -> tuple[str, list[Reason], list[Assumption], list[tuple[str, str]]]:
    """The workspace, the reasons that are asked for, what was assumed beside them, and what was no choice of ours."""
    reasons = [reason for reason in decision.justification if not topics or reason.about in topics]
    given = {reason.because for reason in reasons}
    asked = [each for each in decision.assumptions if not topics or each.field in topics]
    assumed = [each for each in asked if each.because not in given]
    return decision.workspace_name, reasons, assumed, _values(decision, topics)


def _values(decision: InfrastructureDecision, topics: frozenset[str]) -> list[tuple[str, str]]:
    """What is asked about and was no choice of ours: as it is."""
    told = {reason.about for reason in decision.justification} | {each.field for each in decision.assumptions}
    known = {topic: getattr(decision, topic, None) for topic in sorted(topics - told)}
    return [(topic, spoken(value)) for topic, value in known.items() if value is not None]


def _say_limits(context: TurnContext) -> Outcome:
    platform = context.settings.platform
    rules = platform.policy.environments
    limits = [(name, money(rules[name].cost_limit, platform.defaults.currency)) for name in rules]
    return context.say("limits", limits=limits, pending=context.is_pending)


def decisions_in_question(
    context: TurnContext, workspace: str | None
) -> tuple[tuple[InfrastructureDecision, ...], Outcome]:
    """Of the named workspace; else the pending plan's, else the drafts', else of the workspace last spoken of. With
    why there is none of the drafts, where they cannot be decided.
    """
    pending, viewer = context.pending_plan(), context.viewer
    planned = tuple(item.decision for item in pending.items) if pending is not None else ()
    named = tuple(decision for decision in planned if decision.workspace_name == workspace)
    deployed = viewer.named(workspace, context.records) if workspace and not named else None
    if deployed is not None:
        return (deployed.decision,), context.unchanged()
    if workspace is not None and not named and not _is_drafted(context, workspace):
        return (), context.unchanged()
    if named or planned:
        return named or planned, context.unchanged()
    if context.conversation.drafts:
        drafts = priced(context, tuple(draft.request for draft in context.conversation.drafts))
        return tuple(proposal.decision for proposal in drafts.proposals), drafts.complaint
    spoken_of = (viewer.named(name, context.records) for name in context.conversation.workspaces)
    return tuple(deployment.decision for deployment in spoken_of if deployment is not None)[:1], context.unchanged()


def _is_drafted(context: TurnContext, workspace: str) -> bool:
    return any(draft.request.workspace_name in (None, workspace) for draft in context.conversation.drafts)


def example(context: TurnContext) -> InfrastructureDecision:
    """What is decided for whoever says nothing: the ground of a question about nothing in particular."""
    request, _ = example_of(InfrastructureRequest())
    return propose(request, context.settings.platform, identity="example", today=context.today).decision
