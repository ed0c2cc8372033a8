"""Replies that change nothing in the cloud: prices, reasons, comparisons, lists, histories, exports, extensions."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from rapidfuzz import process

from agent.dialogue.drafts import merged
from agent.dialogue.state import Offer
from agent.dialogue.steps import About, Compare, Explain, ListDeployed, Price
from agent.events import Choice, File
from agent.turn.actions.destroy import destroy
from agent.turn.actions.extend import move_end
from agent.turn.actions.options import show_options
from agent.turn.context import Reply
from agent.views.plan import awaited
from agent.views.workspace_status import history_rows, status_words, workspace_status_of
from agent.wording import MOST_NAMES, money, several, state, words
from plugins.databricks.comparing import comparison
from plugins.databricks.proposal import Proposal, alternatives_of, example_of, propose, total_cost
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Deployment
from plugins.domain.errors import InvalidRequest
from plugins.domain.estimate import Estimate
from plugins.domain.request import Assumption, InfrastructureRequest

BILL_COLUMNS = ("Item", "Quantity", "Unit", "Unit price", "A month", "Source", "As of")
_STANDS = re.compile(r"\b(?:status|news|ready|up|done|running|built|deployed|far|stand)\b", re.IGNORECASE)
_SEES = re.compile(r"\b(?:plan|show|see|again|repeat|details?)\b", re.IGNORECASE)
"""Words that ask how a plan stands, and those that ask to see it."""

LIST_COLUMNS = ("Workspace", "Status", "Environment", "Owner", "Region", "A month", "Expires")


def about(reply: Reply, step: About) -> None:
    """An act upon, or a question about, one workspace or the pending plan."""
    if step.workspace is None:
        _about_plan(reply, step)
        return
    deployment = reply.named(step.workspace)
    if deployment is None and step.workspace in reply.world().pending:
        _about_planned(reply, step)
        return
    if deployment is None:
        unknown(reply, step.workspace)
        return
    reply.talk = reply.talk.spoke_of(deployment.workspace_name)
    match step.act:
        case "status":
            _status(reply, deployment)
        case "history":
            _history(reply, deployment)
        case "export":
            _export(reply, deployment.workspace_name, reply.settings.export(deployment))
        case "extend":
            move_end(reply, deployment, step)
        case "destroy":
            reply.take(destroy(reply.context(), deployment))
        case "cost":
            _cost_deployed(reply, deployment)


def price(reply: Reply, step: Price) -> None:
    """What is in hand, a deployed workspace, or what the message describes would cost; nothing is changed by asking."""
    requests, before = step.requests, step.before
    if step.workspace is not None and step.statement is not None:
        deployment = reply.named(step.workspace)
        if deployment is None:
            unknown(reply, step.workspace)
            return
        reply.talk = reply.talk.spoke_of(deployment.workspace_name)
        before = (deployment.request,)
        requests = (merged(deployment.request, step.statement),)
    proposals, assumed = _priced(reply, requests)
    if not proposals:
        return
    cost = _total(proposals)
    over = next((p.excess for p in proposals if p.excess is not None), None)
    reply.say(
        "cost",
        change=_change(reply, cost, before) if before and before != requests else None,
        subject=step.workspace or _subject(reply, proposals),
        named=step.workspace is not None,
        hours=f"{proposals[0].decision.hours_per_week:g}",
        assumed=", ".join(f"{words(a.field)} {a.value}" for a in assumed),
        over=money(over.by, cost.currency) if over else "",
        limit=money(over.limit, cost.currency) if over else "",
        pending=reply.pending,
        offered=reply.talk.imagined is not None,
        **_amounts(cost),
    )
    bill(reply, "Estimated cost of a month", cost)


def _change(reply: Reply, cost: Estimate, before: tuple[InfrastructureRequest, ...]) -> dict[str, str] | None:
    """From what to what, and the difference, in whole units of the currency; None where what is cannot be priced."""
    ground, _ = _priced(reply, before)
    was = _total(ground) if ground else None
    if was is None or was.currency != cost.currency or was.is_lower_bound != cost.is_lower_bound:
        return None
    by = cost.expected - was.expected
    return {
        "was": f"{was.expected:,.0f}",
        "now": f"{cost.expected:,.0f}",
        "by": f"{by:+,.0f}",
        "currency": cost.currency,
    }


def _total(proposals: list[Proposal]) -> Estimate:
    return total_cost(tuple(p.cost for p in proposals), tuple(p.decision.workspace_name for p in proposals))


def _subject(reply: Reply, proposals: list[Proposal]) -> str:
    if reply.talk.drafts or reply.pending:
        return "this"
    return "such a workspace" if len(proposals) == 1 else "these workspaces"


def bill(reply: Reply, title: str, cost: Estimate) -> None:
    """The estimate, line by line; an unknown price is shown as unknown."""
    rows = tuple(
        (
            line.item,
            f"{line.quantity:,.2f}".rstrip("0").rstrip("."),
            line.unit,
            "unknown" if line.unit_price is None else f"{line.unit_price.normalize():f}",
            "unknown" if line.monthly is None else money(line.monthly, cost.currency),
            line.source if line.note is None else f"{line.source} ({line.note})",
            line.as_of.isoformat() if line.as_of else "",
        )
        for line in cost.lines
    )
    total = ("Total" if not cost.is_lower_bound else "Total, at least", "", "", "", money(cost.expected, cost.currency))
    reply.table(title, BILL_COLUMNS, (*rows, (*total, "", "")))


def compare(reply: Reply, step: Compare) -> None:
    """Two or more ways in words, and priced both ways; without a topic, what would do as well."""
    deployed = reply.named(step.workspace) if step.workspace else None
    own = bool(reply.talk.drafts) or reply.pending or deployed is not None
    if not step.topic and own:
        _alternatives(reply, deployed.request if deployed else step.request)
        return
    ground, _ = example_of(deployed.request if deployed else step.request)
    compared = comparison(step.topic, ground, reply.settings.platform, today=reply.today)
    reply.say("compare", words=compared.words, priced=bool(compared.rows), own=own, pending=reply.pending)
    if compared.rows:
        reply.table(compared.title, compared.columns, compared.rows)


def explain(reply: Reply, step: Explain) -> None:
    """The reasons of the decision in question, with their sources; all of them when no topic is named."""
    if step.topic == ("cost_limit",) and step.workspace is None:
        platform = reply.settings.platform
        rules = platform.policy.environments
        limits = [(name, money(rules[name].cost_limit, platform.defaults.currency)) for name in rules]
        reply.say("limits", limits=limits, pending=reply.pending)
        return
    decisions = _decisions_in_question(reply, step.workspace)
    if not decisions:
        ground, _ = example_of(InfrastructureRequest())
        decisions = (propose(ground, reply.settings.platform, identity="example", today=reply.today).decision,)
    topics = frozenset(step.topic)
    told = [
        (
            decision.workspace_name,
            [r for r in decision.justification if not topics or r.about in topics],
            [a for a in decision.assumptions if not topics or a.field in topics],
        )
        for decision in decisions
    ]
    if all(each[1:] == told[0][1:] for each in told):
        told = told[:1]
    reply.say("explain", workspaces=told[:MOST_NAMES], more=len(told) - MOST_NAMES, pending=reply.pending)


def list_deployed(reply: Reply, step: ListDeployed) -> None:
    """The person's workspaces as a table."""
    shown = [d for d in reply.visible() if step.environment in (None, d.decision.environment)]
    if not shown:
        reply.say("nothing_deployed", environment=step.environment)
        return
    rows = tuple(
        (
            d.workspace_name,
            state(d.status),
            d.decision.environment,
            d.request.owner or d.requested_by.name,
            d.decision.region,
            money(d.cost.expected, d.cost.currency),
            d.expires_on.isoformat() if d.expires_on else "never",
        )
        for d in shown
    )
    reply.table("Workspaces" if not reply.sandbox else "Workspaces in the sandbox cloud", LIST_COLUMNS, rows)


def _about_planned(reply: Reply, step: About) -> None:
    """Of a workspace that the pending plan would make: the plan, or that there is nothing of it yet."""
    if step.act in ("status", "export", "cost"):
        _about_plan(reply, step)
    else:
        reply.say("only_planned", name=step.workspace)


def _about_plan(reply: Reply, step: About) -> None:
    match step.act:
        case "status":
            _plan_again(reply)
        case "export":
            _export_plan(reply)
        case "cost":
            price(reply, Price(tuple(d.request for d in reply.talk.drafts)))
        case "destroy" | "extend" | "history":
            _which(reply, step)


def _which(reply: Reply, step: About) -> None:
    names = reply.visible_names()
    if step.act == "history" and len(names) == 1:
        about(reply, replace(step, workspace=names[0]))
        return
    reply.say("which_workspace", any=bool(names), act=step.act)
    if not names:
        return
    question = reply.settings.wording.question("workspace_name")
    choices = tuple(Choice(label=name, value=name) for name in names[:9])
    still = tuple(slot for slot in reply.talk.asked if slot != "workspace_name")
    reply.talk = reply.talk.with_(asked=("workspace_name", *still), awaiting=step.act)
    reply.ask((question.model_copy(update={"choices": choices}),))


def unknown(reply: Reply, name: str) -> None:
    """Says so, and names the nearest that there is."""
    names = reply.visible_names()
    near = process.extractOne(name, names, score_cutoff=70) if names else None
    reply.say("unknown_workspace", name=name, nearest=near[0] if near else "", any=bool(names))


def _plan_again(reply: Reply) -> None:
    """The pending plan once more, same id and digest, or how it stands where that is asked; else what there is."""
    plan = reply.pending_plan()
    text = reply.incoming.text or ""
    if plan is not None and _STANDS.search(text) and not _SEES.search(text):
        reply.say(
            "status_pending",
            action=plan.action,
            names=several([item.decision.workspace_name for item in plan.items]),
            expected=money(plan.cost.expected, plan.cost.currency),
            until=f"{plan.expires_at:%Y-%m-%d %H:%M} UTC",
            by=awaited(plan, reply.settings.rules, reply.records.consents(plan)),
        )
        return
    if plan is not None:
        reply.show_plan(plan)
        return
    visible = reply.visible()
    if not reply.talk.drafts and len(visible) == 1:
        _status(reply, visible[0])
        return
    reply.say("status_none", planning=bool(reply.talk.planning), open=", ".join(map(words, reply.talk.asked)))


def _status(reply: Reply, deployment: Deployment) -> None:
    standing = workspace_status_of(reply.records, deployment)
    reply.message(status_words(standing, reply.settings.wording, pending=reply.pending))


def _history(reply: Reply, deployment: Deployment) -> None:
    rows = history_rows(workspace_status_of(reply.records, deployment))
    reply.table(f"History of {deployment.workspace_name}", ("When", "Who", "What", "Detail"), rows)


def _cost_deployed(reply: Reply, deployment: Deployment) -> None:
    reply.say("cost_deployed", name=deployment.workspace_name, pending=reply.pending, **_amounts(deployment.cost))
    bill(reply, f"Estimated month of {deployment.workspace_name}", deployment.cost)


def _export_plan(reply: Reply) -> None:
    found = reply.pending_plan()
    if found is None:
        visible = reply.visible()
        if len(visible) == 1:
            about(reply, About("export", visible[0].workspace_name))
            return
        reply.say("nothing_to_export")
        return
    for item in found.items:
        _export(reply, item.decision.workspace_name, item.files.files)


def _export(reply: Reply, name: str, files: Mapping[str, str]) -> None:
    reply.say("exported", name=name, count=len(files), pending=reply.pending)
    for file_name, content in sorted(files.items()):
        reply.events.append(
            File(
                conversation=reply.talk.id,
                turn=reply.talk.turn,
                name=f"{name}/{file_name}",
                media_type=_media_type(file_name),
                content=content,
            )
        )


def _media_type(name: str) -> str:
    return {"json": "application/json", "md": "text/markdown"}.get(name.rsplit(".", 1)[-1], "text/plain")


def _alternatives(reply: Reply, request: InfrastructureRequest) -> None:
    ground, _ = example_of(request)
    options = alternatives_of(ground, reply.settings.platform, identity="example", today=reply.today)
    offered = len(reply.talk.drafts) == 1 and not reply.talk.asked
    reply.say("alternatives", any=bool(options), offered=offered, pending=reply.pending)
    if options:
        reply.take(show_options(reply.context(), "Other configurations", options))
    if offered:
        offers = tuple(Offer(label=option.label, changes=option.changes) for option in options)
        reply.talk = reply.talk.with_(offers=offers)


def _priced(reply: Reply, requests: tuple[InfrastructureRequest, ...]) -> tuple[list[Proposal], tuple[Assumption, ...]]:
    """Each request priced; what it lacks is assumed for the price alone, and said."""
    proposals: list[Proposal] = []
    assumed: list[Assumption] = []
    for request in requests:
        complete, filled = example_of(request)
        assumed.extend(a for a in filled if a not in assumed)
        try:
            proposals.append(propose(complete, reply.settings.platform, identity="example", today=reply.today))
        except InvalidRequest as error:
            reply.say("invalid", problem=error.problem, remedy=error.remedy)
            return [], ()
    return proposals, tuple(assumed)


def _decisions_in_question(reply: Reply, workspace: str | None) -> tuple[InfrastructureDecision, ...]:
    """Of the named workspace; else the pending plan's, else the drafts', else of the workspace last spoken of."""
    pending = reply.pending_plan()
    decisions = tuple(item.decision for item in pending.items) if pending is not None else ()
    named = tuple(decision for decision in decisions if decision.workspace_name == workspace)
    deployed = reply.named(workspace) if workspace and not named else None
    if deployed is not None:
        return (deployed.decision,)
    if named or decisions:
        return named or decisions
    if reply.talk.drafts:
        proposals, _ = _priced(reply, tuple(draft.request for draft in reply.talk.drafts))
        return tuple(proposal.decision for proposal in proposals)
    spoken = [reply.named(name) for name in reply.talk.workspaces]
    return tuple(d.decision for d in spoken if d is not None)[:1]


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
