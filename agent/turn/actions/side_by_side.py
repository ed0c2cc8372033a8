"""Workspaces side by side: what of each is otherwise than of the others, and what each costs."""

from collections.abc import Sequence

from agent.dialogue.steps import CompareWorkspaces
from agent.turn.context import Outcome, TurnContext
from agent.turn.unknown import say_unknown
from agent.views.sum_words import month_of
from agent.wording import cluster_words, difference_between, phrase, several, spoken, with_difference, words
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import Estimate

_TOLD = (
    "team",
    "environment",
    "workload_type",
    "region",
    "worker_instance_type",
    "enable_gpu",
    "spot",
    "photon",
    "network",
    "spark_version",
    "autotermination_minutes",
    "hours_per_week",
    "expires_on",
)
_MOST = 4
"""Columns that can be read side by side."""

_Decided = tuple[InfrastructureDecision, Estimate]


def side_by_side(context: TurnContext, step: CompareWorkspaces) -> Outcome:
    """A column each; of one that nobody here knows, that."""
    plan = context.pending_plan() if step.in_hand else None
    compared: list[_Decided] = [(item.decision, item.cost) for item in plan.items] if plan is not None else []
    for name in step.names:
        planned = _planned(context, name)
        deployment = context.viewer.named(name, context.records) if planned is None else None
        if planned is None and deployment is None:
            return say_unknown(context, name)
        found = planned or ((deployment.decision, deployment.cost) if deployment is not None else None)
        compared += [found] if found is not None else []
    shown = compared[:_MOST]
    told = context.say(
        "side_by_side",
        names=several([decision.workspace_name for decision, _ in shown]),
        more=len(compared) - len(shown),
        pending=context.is_pending,
    )
    columns = (phrase("turn.side_by_side.what"), *(decision.workspace_name for decision, _ in shown))
    return told.then(context.table(phrase("turn.side_by_side.title"), columns, _rows(shown)))


def _planned(context: TurnContext, name: str) -> _Decided | None:
    plan = context.pending_plan()
    items = plan.items if plan is not None else ()
    return next(((item.decision, item.cost) for item in items if item.decision.workspace_name == name), None)


def _rows(compared: Sequence[_Decided]) -> tuple[tuple[str, ...], ...]:
    """What differs, and the month, each against the first."""
    none = phrase("cards.plan.none")
    rows: list[tuple[str, ...]] = []
    for name in _TOLD:
        values = [getattr(decision, name) for decision, _ in compared]
        if len(set(values)) > 1:
            rows.append((words(name), *(none if value is None else spoken(value) for value in values)))
    workers = [cluster_words(decision) for decision, _ in compared]
    if len(set(workers)) > 1:
        rows.append((phrase("turn.side_by_side.workers"), *workers))
    first = compared[0][1]
    months = (with_difference(month_of(cost), difference_between(cost, first)) for _, cost in compared[1:])
    return (*rows, (phrase("turn.differing.month"), month_of(first), *months))
