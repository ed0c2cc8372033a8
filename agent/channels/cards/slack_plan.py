"""The plan as Slack shows it: name, month's price and what happens first; then what, what to mind, and the details for
whoever opens them. Pure; within the limits of `slack_blocks`: what does not fit is counted, and stands behind a button.
"""

from collections.abc import Sequence
from decimal import Decimal

from agent.channels.cards.months import by_of, by_together, month_with_difference, round_the_clock
from agent.channels.cards.slack_blocks import (
    MOST_CHARACTERS,
    Ask,
    Block,
    actions,
    button,
    card_of,
    characters,
    context,
    fields,
    header,
    link_button,
    section,
    table,
)
from agent.channels.cards.slack_details import MOST_SHOWN, details_in_short, details_of, month_of
from agent.channels.cards.slack_text import literal
from agent.channels.messaging.port import Card, CardButton, Click, Decided, ShownPlan
from agent.events import PlanProposed, PlanView
from agent.views.differences import changed_values
from agent.wording import cluster_words, deed, money, phrase, spoken, with_difference, worker_words
from plugins.domain.decision import InfrastructureDecision

_MOST_FINDINGS = 5


def plan_card(shown: ShownPlan) -> Card:
    """The plan as one place sees it; after the decision what became of it, without a button."""
    plan = shown.plan
    if shown.decided is not None:
        return card_of(decided_text(shown.decided, name_of(plan)), _decided(plan, shown.decided))
    top, details, simpler, end = _top(shown), details_of(plan), details_in_short(plan), _end(shown)
    text = f"{_title(plan)}: {month_of(plan.cost)}"
    # Details are the first to go: what a yes means stands above them, and the bill on the web page.
    whole = [*top, *details, *end]
    if characters(whole) > MOST_CHARACTERS:
        whole = [*top, *_fitting(details, MOST_CHARACTERS - characters([*top, *end])), *end]
    short = [*top, *_fitting(simpler, MOST_CHARACTERS - characters([*top, *end])), *end]
    return card_of(text, whole, short)


def _fitting(details: Sequence[Block], room: int) -> list[Block]:
    kept: list[Block] = []
    for block in details:
        room -= characters(block)
        if room < 0:
            break
        kept.append(block)
    return kept


def name_of(plan: PlanProposed) -> str:
    """The workspace, or how many there are."""
    if len(plan.items) == 1:
        return plan.items[0].decision.workspace_name
    return phrase(f"slack.plan.many_{plan.action}", count=len(plan.items))


def decided_text(decided: Decided, name: str) -> str:
    return phrase(f"slack.decided.text_{decided.status}", name=literal(name))


def _title(plan: PlanProposed) -> str:
    if len(plan.items) > 1:
        return name_of(plan)
    what = phrase("slack.plan.take_over" if plan.imported else f"slack.plan.{plan.action}")
    return phrase("slack.plan.title", what=what, name=name_of(plan))


def _top(shown: ShownPlan) -> list[Block]:
    plan = shown.plan
    blocks: list[Block] = []
    if shown.lapse is not None:
        blocks.append(context(phrase(f"slack.plan.{shown.lapse}")))
    if shown.for_approvers:
        blocks.append(section(phrase("slack.plan.asks", asker=literal(shown.asker), until=_until(plan))))
    blocks += [header(_title(plan)), section(_lead(plan))]
    if plan.action != "destroy" and (always := round_the_clock(plan.cost)):
        blocks.append(context(always))
    if plan.action == "destroy":
        blocks.append(section(phrase("slack.plan.lost", text=phrase("cards.plan.lost"))))
    if len(plan.items) == 1:
        blocks += _one(plan.items[0])
    else:
        blocks.append(_several(plan.items))
    return blocks + _findings(plan)


def _lead(plan: PlanProposed) -> str:
    cost = plan.cost
    price = phrase("slack.plan.price", month=month_of(cost))
    if cost.low != cost.high:
        low, high = money(cost.low, cost.currency), money(cost.high, cost.currency)
        price += phrase("slack.plan.spread", low=low, high=high)
    if plan.before is not None:
        price = phrase("slack.plan.on_top", month=month_of(cost), before=month_of(plan.before.cost))
    price = with_difference(price, by_together(plan.items))
    counts = {action: sum(r.action == action for r in plan.resources) for action in _ACTIONS}
    counted = [phrase("cards.plan.to_do", count=count, action=action) for action, count in counts.items() if count]
    return phrase("slack.plan.leads", price=price, counts=", ".join(counted) or "–", target=_target(plan))  # noqa: RUF001


_ACTIONS = ("create", "update", "replace", "delete")


def _target(plan: PlanProposed) -> str:
    if plan.target.mode == "sandbox":
        return phrase("cards.decide.sandbox")
    return phrase("cards.decide.subscription", subscription=literal(plan.target.subscription))


def _one(view: PlanView) -> list[Block]:
    blocks: list[Block] = []
    if view.before is not None:
        blocks.append(_diff(view))
    elif view.action != "destroy":
        blocks.append(fields(_facts(view.decision)))
    requirements = view.decision.additional_requirements
    if requirements and view.action != "destroy":
        blocks.append(context(phrase("cards.plan.noted", text=literal(requirements, 600))))
    return blocks


def _facts(decision: InfrastructureDecision) -> list[tuple[str, str]]:
    options = (("spot", decision.spot), ("Photon", decision.photon), ("GPU", decision.enable_gpu))
    cluster = phrase(
        "cards.facts.cluster",
        machine=decision.worker_instance_type,
        workers=cluster_words(decision),
        options="".join(f", {name}" for name, is_on in options if is_on),
    )
    expires = decision.expires_on.isoformat() if decision.expires_on else phrase("cards.facts.never")
    workload = spoken(decision.workload_type)
    runtime = {"runtime": decision.spark_version, "minutes": decision.autotermination_minutes}
    return [
        (phrase("slack.plan.facts_for"), _literals("team", decision.team, decision.environment, workload)),
        (
            phrase("slack.plan.facts_region"),
            phrase("slack.plan.region", region=decision.region, tier=decision.databricks_sku),
        ),
        (phrase("slack.plan.facts_cluster"), literal(cluster)),
        (phrase("slack.plan.facts_runtime"), literal(phrase("cards.facts.runtime", **runtime))),
        (phrase("slack.plan.facts_network"), literal(spoken(decision.network))),
        (phrase("slack.plan.facts_expires"), expires),
    ]


def _literals(key: str, team: str, environment: str, workload: str) -> str:
    return phrase(f"slack.plan.{key}", team=literal(team), environment=environment, workload=literal(workload))


def _several(views: Sequence[PlanView]) -> Block:
    columns = ("workspace", "environment", "cluster", "month")
    rows = [
        (
            view.decision.workspace_name,
            view.decision.environment,
            f"{view.decision.worker_instance_type}, {worker_words(view.decision)}",
            month_with_difference(view),
        )
        for view in views[:MOST_SHOWN]
    ]
    more = len(views) - MOST_SHOWN
    if more > 0:
        rest = sum((view.cost.expected for view in views[MOST_SHOWN:]), Decimal(0))
        rows.append((phrase("cards.plan.more", count=more), "", "", money(rest, views[0].cost.currency)))
    return table([phrase(f"slack.plan.{name}") for name in columns], rows, right=(3,))


def _diff(view: PlanView) -> Block:
    """What would be otherwise, now and then."""
    before = view.before
    if before is None:
        return context(" ")
    old, new = before.decision, view.decision
    rows = [*changed_values(old, new)]
    rows.append(
        (phrase("cards.cost.expected"), month_of(before.cost), with_difference(month_of(view.cost), by_of(view)))
    )
    return table([phrase(f"slack.plan.{name}") for name in ("field", "now", "then")], rows[:30])


def _findings(plan: PlanProposed) -> list[Block]:
    told = dict.fromkeys((finding.message, finding.remedy) for finding in plan.policy)
    blocks = [
        section(phrase("slack.plan.finding", message=literal(message, 1200), remedy=literal(remedy, 1200)))
        for message, remedy in list(told)[:_MOST_FINDINGS]
    ]
    more = len(told) - _MOST_FINDINGS
    return [*blocks, context(phrase("cards.plan.more", count=more))] if more > 0 else blocks


def _end(shown: ShownPlan) -> list[Block]:
    """What was said about it, who is asked, and how to decide."""
    blocks: list[Block] = [
        context(phrase("slack.plan.remark", by=literal(remark.by), text=literal(remark.text, 1000)))
        for remark in shown.remarks[-3:]
    ]
    needed = " and ".join(one.text for one in shown.plan.approvers if not one.names)
    if needed:
        agreed = " and ".join(shown.plan.approved_by)
        done = phrase("cards.decide.agreed", whom=literal(agreed)) if agreed else ""
        blocks.append(context(phrase("cards.decide.needs", whom=literal(needed, 600)) + done))
    if shown.reached:
        blocks.append(context(literal(shown.reached, 600)))
    if shown.deciding is not None:
        return [*blocks, section(phrase("slack.plan.deciding", name=literal(shown.deciding)))]
    how = _how(shown)
    return [*blocks, *_buttons(shown), *([context(how)] if how else [])]


def _how(shown: ShownPlan) -> str:
    plan = shown.plan
    typed = _typed(plan)
    how = phrase("slack.plan.how_type", phrase=literal(typed)) if typed is not None else ""
    if plan.action == "destroy":
        names = [view.decision.workspace_name for view in plan.items]
        how = " ".join(filter(None, (deed(plan.action, names, plan.cost), how)))
    elif typed is None and not shown.for_approvers:
        how = phrase("slack.plan.how_click")
    # Approvers have read at the top until when.
    return how if shown.for_approvers else phrase("slack.plan.waits", until=_until(plan), how=how)


def _until(plan: PlanProposed) -> str:
    """In the reader's own time, as Slack shows it; in UTC where it cannot."""
    at = plan.expires_at
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M} UTC>"


def _buttons(shown: ShownPlan) -> tuple[Block, ...]:
    made = [button(one, at, ask := _ask(one.click, shown), _memo(ask, shown)) for at, one in enumerate(shown.buttons)]
    if not shown.for_approvers and shown.plan.action != "destroy" and len(shown.plan.items) == 1:
        click = Click(verb="show", conversation=shown.plan.conversation, plan_id=shown.plan.plan_id)
        made.append(button(CardButton(phrase("slack.plan.edit"), click), len(made), "amend", _memo("amend", shown)))
    if len(shown.plan.items) > MOST_SHOWN:
        click = Click(verb="show", conversation=shown.plan.conversation, plan_id=shown.plan.plan_id)
        label = phrase("slack.plan.workspaces", count=len(shown.plan.items))
        made.append(button(CardButton(label, click), len(made), "pages"))
    if shown.page is not None:
        made.append(link_button(shown.page, len(made)))
    return actions(made)


def _memo(ask: Ask, shown: ShownPlan) -> Block:
    """What the form is to know that the click opens."""
    plan = shown.plan
    match ask:
        case "decide":
            return {"name": name_of(plan), "phrase": _typed(plan)}
        case "person":
            return {"candidates": [[person, name] for person, name in shown.candidates[:MOST_SHOWN]]}
        case "amend" if plan.decision is not None:
            return _amendable(plan.decision)
        case _:
            return {}


def _typed(plan: PlanProposed) -> str | None:
    """What is typed to say yes: what the plan demands, and here also the name of what is production's or destroyed."""
    if plan.confirm.kind == "type":
        return plan.confirm.phrase
    if len(plan.items) == 1 and (plan.action == "destroy" or plan.items[0].decision.environment == "prod"):
        return plan.items[0].decision.workspace_name
    return None


def _amendable(decision: InfrastructureDecision) -> Block:
    """The fields that the form for a change shows as they are now."""
    limit = decision.monthly_limit
    return {
        "region": decision.region,
        "min_workers": str(decision.min_workers),
        "max_workers": str(decision.max_workers),
        "cost_limit": f"{limit.normalize():f}" if limit is not None else "",
        "currency": decision.currency,
        "owner": decision.tags.get("owner", ""),
        "cost_center": decision.tags.get("cost_center", decision.tags.get("cost-center", "")),
    }


def _ask(click: Click, shown: ShownPlan) -> Ask:
    """What that click asks for first: an approver's decision takes a comment, a typed one the name."""
    match click.verb:
        case "confirm":
            return "decide" if shown.for_approvers or _typed(shown.plan) is not None else ""
        case "reject":
            return "decide" if shown.for_approvers else ""
        case "change":
            return "comment"
        case "hand_over":
            return "person"
        case _:
            return ""


def _decided(plan: PlanProposed, decided: Decided) -> list[Block]:
    by = phrase("slack.decided.by", name=literal(decided.by)) if decided.by else ""
    where = phrase("slack.decided.where", where=literal(decided.where)) if decided.where else ""
    stamp = f"<!date^{int(decided.at.timestamp())}^{{date_short_pretty}} {{time}}|{decided.at:%Y-%m-%d %H:%M} UTC>"
    what = phrase(f"slack.decided.{decided.status}") + by + where + phrase("slack.decided.at", at=stamp)
    blocks = [header(_title(plan)), section(_lead(plan)), section(what)]
    if decided.comment:
        blocks.append(section(phrase("slack.decided.comment", comment=literal(decided.comment, 2500))))
    if decided.audit is not None:
        blocks += actions([link_button(decided.audit, 0)])
    return blocks
