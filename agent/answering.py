"""Replies that change nothing in the cloud: prices, reasons, comparisons, lists, histories, exports, extensions."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from rapidfuzz import process

from agent.conversation import About, Compare, Explain, ListDeployed, Price
from agent.drafts import OpenSlot
from agent.events import Choice, File
from agent.proposing import destroy, is_busy, show_options, void_expiry
from agent.quotation import say_read_only
from agent.reply import Reply
from agent.standing import history_rows, standing_of, status_words
from agent.store.audit import changed
from agent.wording import money, state, words
from plugins.databricks.comparing import comparison
from plugins.databricks.proposal import Proposal, alternatives_of, example_of, propose, total_cost
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Deployment
from plugins.domain.errors import InvalidRequest
from plugins.domain.estimate import Estimate
from plugins.domain.request import Assumption, InfrastructureRequest

BILL_COLUMNS = ("Item", "Quantity", "Unit", "Unit price", "A month", "Source", "As of")
LIST_COLUMNS = ("Workspace", "Status", "Environment", "Owner", "Region", "A month", "Expires")


def about(reply: Reply, step: About) -> None:
    """An act upon, or a question about, one workspace or the pending plan."""
    if step.workspace is None:
        _about_plan(reply, step)
        return
    deployment = reply.named(step.workspace)
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
            _export(reply, deployment.workspace_name, reply.desk.export(deployment))
        case "extend":
            _extend(reply, deployment, step.days or 0)
        case "destroy":
            destroy(reply, deployment)
        case "cost":
            _cost_deployed(reply, deployment)


def price(reply: Reply, step: Price) -> None:
    """What the drafts, or what the message describes, would cost; nothing is changed by asking."""
    proposals, assumed = _priced(reply, step.requests)
    if not proposals:
        return
    cost = total_cost(tuple(p.cost for p in proposals), tuple(p.decision.workspace_name for p in proposals))
    over = next((p.excess for p in proposals if p.excess is not None), None)
    own = bool(reply.talk.drafts)
    reply.say(
        "cost",
        what_if=step.what_if and own,
        subject="this" if own else "such a workspace" if len(proposals) == 1 else "these workspaces",
        hours=f"{proposals[0].decision.hours_per_week:g}",
        assumed=", ".join(f"{words(a.field)} {a.value}" for a in assumed),
        over=money(over.by, cost.currency) if over else "",
        limit=money(over.limit, cost.currency) if over else "",
        pending=reply.pending,
        **_amounts(cost),
    )
    bill(reply, "Estimated cost of a month", cost)


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
    if not step.topic and reply.talk.drafts:
        _alternatives(reply)
        return
    own = bool(reply.talk.drafts)
    ground, _ = example_of(step.request)
    compared = comparison(step.topic, ground, reply.desk.house, today=reply.today)
    reply.say("compare", words=compared.words, priced=bool(compared.rows), own=own, pending=reply.pending)
    if compared.rows:
        reply.table(compared.title, compared.columns, compared.rows)


def explain(reply: Reply, step: Explain) -> None:
    """The reasons of the decision in question, with their sources; all of them when no topic is named."""
    decision = _decision_in_question(reply)
    if decision is None:
        ground, _ = example_of(InfrastructureRequest())
        decision = propose(ground, reply.desk.house, identity="example", today=reply.today).decision
    topics = frozenset(step.topic)
    reasons = [r for r in decision.justification if not topics or r.about in topics]
    assumptions = [a for a in decision.assumptions if not topics or a.field in topics]
    reply.say("explain", reasons=reasons, assumptions=assumptions, pending=reply.pending)


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


def _about_plan(reply: Reply, step: About) -> None:
    match step.act:
        case "status":
            _plan_again(reply)
        case "export":
            _export_plan(reply)
        case "cost":
            price(reply, Price(tuple(d.request for d in reply.talk.drafts), what_if=False))
        case "destroy" | "extend" | "history":
            _which(reply, step)


def _which(reply: Reply, step: About) -> None:
    names = reply.visible_names()
    reply.say("which_workspace", any=bool(names), act=step.act)
    if not names:
        return
    question = reply.desk.wording.question(OpenSlot("workspace_name"))
    choices = tuple(Choice(label=name, value=name) for name in names[:9])
    reply.talk = reply.talk.with_(asked=("workspace_name",), awaiting=step.act)
    reply.ask((question.model_copy(update={"choices": choices}),))


def unknown(reply: Reply, name: str) -> None:
    """Says so, and names the nearest that there is."""
    names = reply.visible_names()
    near = process.extractOne(name, names, score_cutoff=70) if names else None
    reply.say("unknown_workspace", name=name, nearest=near[0] if near else "", any=bool(names))


def _plan_again(reply: Reply) -> None:
    """The pending plan once more, same id and digest; else what stands in its place."""
    found = reply.records.plan(reply.talk.pending.plan_id) if reply.talk.pending else None
    if found is not None:
        reply.show_plan(found[0])
        return
    visible = reply.visible()
    if not reply.talk.drafts and len(visible) == 1:
        _status(reply, visible[0])
        return
    reply.say("status_none", planning=bool(reply.talk.planning), open=", ".join(map(words, reply.talk.asked)))


def _status(reply: Reply, deployment: Deployment) -> None:
    standing = standing_of(reply.records, deployment)
    reply.message(status_words(standing, reply.desk.wording, pending=reply.pending))


def _history(reply: Reply, deployment: Deployment) -> None:
    rows = history_rows(standing_of(reply.records, deployment))
    reply.table(f"History of {deployment.workspace_name}", ("When", "Who", "What", "Detail"), rows)


def _extend(reply: Reply, deployment: Deployment, days: int) -> None:
    """Only the expiry moves, within the environment's limit; resources are untouched, so no plan is needed."""
    if is_busy(reply, deployment):
        return
    if reply.desk.reads_only:
        say_read_only(reply, "extend", deployment.workspace_name)
        return
    ground = max(deployment.expires_on or reply.today, reply.today)
    until = ground + timedelta(days=days)
    environment = deployment.decision.environment
    limit = reply.desk.house.policy.environments[environment].maximum_expiry_days
    if limit is not None and until > reply.today + timedelta(days=limit):
        reply.say(
            "extend_refused",
            name=deployment.workspace_name,
            expires=until.isoformat(),
            limit=limit,
            environment=environment,
        )
        return
    reply.records.keep_deployment(deployment.model_copy(update={"expires_on": until, "updated_at": reply.now}))
    was = deployment.expires_on.isoformat() if deployment.expires_on else None
    moved = changed({"expires_on": was}, {"expires_on": until.isoformat()})
    reply.note("extended", f"until {until.isoformat()}", deployment_id=deployment.deployment_id, change=moved)
    void_expiry(reply, deployment)
    reply.say("extended", name=deployment.workspace_name, expires=until.isoformat())


def _cost_deployed(reply: Reply, deployment: Deployment) -> None:
    reply.say(
        "cost_deployed", name=deployment.workspace_name, pending=reply.pending, **_amounts(deployment.cost)
    )  # fmt: skip
    bill(reply, f"Estimated month of {deployment.workspace_name}", deployment.cost)


def _export_plan(reply: Reply) -> None:
    found = reply.records.plan(reply.talk.pending.plan_id) if reply.talk.pending else None
    if found is None:
        visible = reply.visible()
        if len(visible) == 1:
            about(reply, About("export", visible[0].workspace_name))
            return
        reply.say("nothing_to_export")
        return
    for item in found[0].items:
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


def _alternatives(reply: Reply) -> None:
    draft = reply.talk.drafts[0]
    ground, _ = example_of(draft.request)
    options = alternatives_of(
        ground, reply.desk.house, identity=draft.deployment_id or "example", today=reply.today
    )  # fmt: skip
    reply.say("alternatives", any=bool(options), pending=reply.pending)
    if options:
        show_options(reply, "Other configurations", options)


def _priced(reply: Reply, requests: tuple[InfrastructureRequest, ...]) -> tuple[list[Proposal], tuple[Assumption, ...]]:
    """Each request priced; what it lacks is assumed for the price alone, and said."""
    proposals: list[Proposal] = []
    assumed: list[Assumption] = []
    for request in requests:
        complete, filled = example_of(request)
        assumed.extend(a for a in filled if a not in assumed)
        try:
            proposals.append(propose(complete, reply.desk.house, identity="example", today=reply.today))
        except InvalidRequest as error:
            reply.say("invalid", problem=error.problem, remedy=error.remedy)
            return [], ()
    return proposals, tuple(assumed)


def _decision_in_question(reply: Reply) -> InfrastructureDecision | None:
    """The pending plan's decision, else the draft's, else that of the workspace last spoken of."""
    found = reply.records.plan(reply.talk.pending.plan_id) if reply.talk.pending else None
    if found is not None:
        return found[0].items[0].decision
    if reply.talk.drafts:
        proposals, _ = _priced(reply, (reply.talk.drafts[0].request,))
        return proposals[0].decision if proposals else None
    spoken = [reply.named(name) for name in reply.talk.workspaces]
    return next((d.decision for d in spoken if d is not None), None)


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
