"""Which workspaces there are, as a table: all, or those that are meant, in the order that is wished for."""

import re
from collections.abc import Callable

from agent.dialogue.steps import ListDeployed
from agent.turn.context import Outcome, TurnContext
from agent.views.plan import owner_of
from agent.views.portfolio import Chosen, chosen, stands, sums
from agent.views.selection_words import selection_words
from agent.views.sum_words import counted, month_of, totals
from agent.wording import phrase, said, state
from plugins.domain.deployment import Deployment
from plugins.domain.portfolio import Selection
from plugins.domain.request import MOST_WORKSPACES

_MORE: tuple[tuple[str, str, Callable[[Deployment], str]], ...] = (
    ("cost_centers", "cost_center", lambda d: d.request.cost_center or ""),
    ("networks", "network", lambda d: d.decision.network.replace("_", " ")),
    ("runtimes", "runtime", lambda d: d.decision.spark_version),
    ("node_types", "size", lambda d: d.decision.worker_instance_type),
    ("workloads", "workload", lambda d: d.decision.workload_type.replace("_", " ")),
)
"""What is shown of each only where it is asked for by it: the selection's field, the column, the value."""


def list_deployed(context: TurnContext, step: ListDeployed) -> Outcome:
    """The workspaces that this person may speak of, as far as they are meant; what nobody understood is named."""
    found = chosen_of(context, narrowed(context, step))
    if not found.deployments:
        return tell_none(context, found)
    names = tuple(deployment.workspace_name for deployment in found.deployments)
    extra = [(column, value) for field, column, value in _MORE if _shows(found.selection, field)]
    columns = (
        *phrase("turn.workspace_list.columns").split(" | "),
        *(phrase(f"turn.workspace_list.{c}") for c, _ in extra),
    )
    rows = tuple((*_row(deployment), *(value(deployment) for _, value in extra)) for deployment in found.deployments)
    return context.in_turn(
        lambda turn: tell_unknown(turn, found),
        lambda turn: turn.table(_title(turn, found), columns, rows),
        lambda turn: turn.with_conversation(listed=names[:MOST_WORKSPACES], listed_turn=turn.conversation.turn),
    )


def narrowed(context: TurnContext, step: ListDeployed) -> Selection:
    """The selection of those that were listed last; of all, where none of those is meant."""
    if not step.within or step.selection.names:
        return step.selection
    within = step.selection.model_copy(update={"names": step.within})
    is_of_those = _THOSE.search(context.text) is not None
    return within if is_of_those or chosen_of(context, within).deployments else step.selection


def chosen_of(context: TurnContext, selection: Selection, *, standing: bool = False) -> Chosen:
    """Those of this person's workspaces that the selection means; with `standing` only what costs something."""
    deployments = context.viewer.deployments(context.records)
    return chosen(
        [deployment for deployment in deployments if stands(deployment)] if standing else deployments,
        selection,
        today=context.today,
        person=context.incoming.person.key,
        rates=context.settings.platform.pricing.exchange_rates,
    )


def tell_unknown(context: TurnContext, found: Chosen) -> Outcome:
    """Names what of a filter is nothing that stands here."""
    if not found.unknown:
        return context.unchanged()
    return context.say("filter_unknown", words=[said(word) for word in found.unknown])


def tell_none(context: TurnContext, found: Chosen) -> Outcome:
    """That there is none, or none of those that are meant."""
    is_any = bool(context.viewer.deployed_names(context.records))
    return context.say("nothing_deployed", any=is_any, of=words_of(context, found.selection), unknown=found.unknown)


def words_of(context: TurnContext, selection: Selection) -> str:
    currency = context.settings.platform.defaults.currency
    is_told = not selection.refers and len(selection.names) <= _MOST_NAMED
    named = phrase("wording.and").join(selection.names) if is_told else ""
    return ", ".join(filter(None, (named, selection_words(selection, today=context.today, currency=currency))))


_MOST_NAMED = 3
_THOSE = re.compile(r"\b(?:those|these|them)\b", re.IGNORECASE)


def _title(context: TurnContext, found: Chosen) -> str:
    place = phrase("turn.workspace_list.sandbox" if context.is_sandbox else "turn.workspace_list.title")
    of = words_of(context, found.selection)
    costing = [deployment for deployment in found.deployments if stands(deployment)]
    month = phrase("turn.workspace_list.month", amount=totals(sums(costing, None))) if costing else ""
    return phrase(
        "turn.workspace_list.whole",
        place=place,
        of=f" ({of})" if of else "",
        count=counted(len(found.deployments)),
        month=month,
    )


def _shows(selection: Selection, field: str) -> bool:
    return bool(getattr(selection, field)) or (field == "cost_centers" and "cost_center" in selection.lacks)


def _row(deployment: Deployment) -> tuple[str, ...]:
    return (
        deployment.workspace_name,
        state(deployment.status),
        deployment.decision.environment,
        owner_of(deployment),
        deployment.decision.region,
        month_of(deployment.cost) if stands(deployment) else phrase("turn.workspace_list.nothing"),
        deployment.expires_on.isoformat() if deployment.expires_on else phrase("turn.workspace_list.never"),
        deployment.decision.team,
    )
