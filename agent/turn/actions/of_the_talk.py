"""Questions of the talk itself: what a yes would do, whether it is real, how long it takes, where the figures are from,
and what a word means. Each is answered in any state, and changes nothing.
"""

from collections.abc import Iterable
from statistics import median

from agent.dialogue.steps import OfTheTalk
from agent.turn.actions.explain import decisions_in_question
from agent.turn.actions.house_rules import tell_policy
from agent.turn.actions.open_here import tell_open
from agent.turn.actions.status import show_in_hand
from agent.turn.context import Outcome, TurnContext
from agent.views.plan import awaited
from agent.wording import estimated, phrase, several
from plugins.catalogue.glossary import terms
from plugins.catalogue.regions import regions
from plugins.domain.estimate import Estimate
from plugins.domain.plan import Plan


def answer_of_the_talk(context: TurnContext, step: OfTheTalk) -> Outcome:
    match step.about:
        case "open":
            return tell_open(context)
        case "yes":
            return _tell_yes(context)
        case "real":
            return _tell_real(context)
        case "duration":
            return _tell_duration(context)
        case "sources":
            return _tell_sources(context, step.workspace)
        case "details":
            return _tell_details(context)
        case "policy":
            return tell_policy(context)
        case "places":
            return _tell_places(context)
        case "term":
            return _tell_term(context, step.word)


def duration_words(context: TurnContext, action: str) -> str:
    """How long such plans took here of late, "" where none has ended."""
    seconds = context.records.durations(action)
    if not seconds:
        return ""
    usual, longest = _span(median(seconds)), _span(max(seconds))
    return phrase("turn.duration.measured", usual=usual, longest=longest, count=len(seconds))


def _span(seconds: float) -> str:
    if seconds < _A_MINUTE:
        return phrase("turn.duration.seconds", count=max(1, round(seconds)))
    return phrase("turn.duration.minutes", count=round(seconds / _A_MINUTE))


_A_MINUTE = 60


def _tell_yes(context: TurnContext) -> Outcome:
    plan = context.pending_plan()
    if plan is None:
        return context.say("yes_means_nothing")
    counts = {action: sum(r.action == action for item in plan.items for r in item.resources) for action in _DONE}
    return context.say(
        "yes_means",
        action=plan.action,
        names=_names(plan),
        resources=", ".join(phrase(f"turn.yes.{action}", count=n) for action, n in counts.items() if n),
        month=estimated(plan.cost),
        by=awaited(plan, context.settings.rules, context.records.consents(plan)),
        needs=bool(context.settings.rules.needs(plan.items)),
        typed=plan.confirm.phrase or "",
        sandbox=context.is_sandbox,
        subscription=plan.target.subscription or "",
        took=duration_words(context, plan.action),
    )


_DONE = ("create", "update", "replace", "delete")


def _tell_real(context: TurnContext) -> Outcome:
    plan, target = context.pending_plan(), context.settings.target
    return context.say(
        "is_real",
        sandbox=context.is_sandbox,
        subscription=target.subscription or "",
        names=_names(plan) if plan is not None else "",
        month=estimated(plan.cost) if plan is not None else "",
        action=plan.action if plan is not None else "",
    )


def _tell_duration(context: TurnContext) -> Outcome:
    plan = context.pending_plan()
    action = plan.action if plan is not None else "create"
    return context.say(
        "duration",
        action=action,
        took=duration_words(context, action),
        sandbox=context.is_sandbox,
        pending=context.is_pending,
    )


def _tell_details(context: TurnContext) -> Outcome:
    plan = context.pending_plan()
    return show_in_hand(context) if plan is None else context.show_plan(plan, detailed=True)


def _tell_places(context: TurnContext) -> Outcome:
    """The regions where Azure Databricks is offered, as far as the policy allows them, by geography."""
    platform = context.settings.platform
    allowed = platform.policy.allowed_regions
    places: dict[str, list[str]] = {}
    for region in regions().values():
        if region.is_offered and (not allowed or region.name in allowed):
            places.setdefault(region.geography, []).append(region.name)
    return context.say(
        "places",
        places=[(geography, ", ".join(names)) for geography, names in places.items()],
        count=sum(map(len, places.values())),
        usual=platform.defaults.region or "",
        limited=bool(allowed),
        pending=context.is_pending,
    )


def _tell_term(context: TurnContext, word: str) -> Outcome:
    term = terms()[word]
    # What is still being asked for is decided as nobody may mean it.
    is_decided = not context.conversation.asked and bool(term.about)
    decisions, _ = decisions_in_question(context, None) if is_decided else ((), None)
    here = [
        {"name": decision.workspace_name, "choice": reason.choice, "because": reason.because}
        for decision in decisions[:1]
        for reason in decision.justification
        if reason.about == term.about
    ]
    return context.say("term", text=term.text, see=term.see, here=here, pending=context.is_pending)


def _tell_sources(context: TurnContext, workspace: str | None) -> Outcome:
    """Where the prices and the reasons of what is in hand, or of that workspace, come from: a line a source."""
    decisions, complaint = decisions_in_question(context, workspace)
    if not decisions:
        return complaint if complaint.events else context.say("nothing_to_explain", any=False)
    columns = tuple(phrase("turn.sources.columns").split(" | "))
    priced = ((line.item, line.source, line.as_of) for cost in _costs(context, workspace) for line in cost.lines)
    reasons = ((reason.choice, reason.source, "") for decision in decisions for reason in decision.justification)
    rows = _by_source([*priced, *reasons])
    return context.table(phrase("turn.sources.title", name=decisions[0].workspace_name), columns, rows)


def _by_source(pairs: Iterable[tuple[str, str, object]]) -> tuple[tuple[str, str], ...]:
    """What came from each source, and the source with its day, in the order in which they come first."""
    grouped: dict[str, dict[str, None]] = {}
    for what, source, as_of in pairs:
        known = f"{source}, {as_of}" if as_of else source
        grouped.setdefault(known, {})[what] = None
    return tuple(("; ".join(what), source) for source, what in grouped.items())


def _costs(context: TurnContext, workspace: str | None) -> tuple[Estimate, ...]:
    plan = context.pending_plan()
    if plan is not None:
        return tuple(item.cost for item in plan.items if workspace in (None, item.decision.workspace_name))
    spoken = (workspace,) if workspace is not None else context.conversation.workspaces[:1]
    named = (context.viewer.named(name, context.records) for name in spoken)
    return tuple(deployment.cost for deployment in named if deployment is not None)


def _names(plan: Plan) -> str:
    return several([item.decision.workspace_name for item in plan.items])
