"""A plan as a card of Teams: the name, the month's price and what happens first, then parts that open. Pure.

What it says to everybody is safe for everybody; buttons are those that the room gives, none left out, none added.
"""

from collections.abc import Sequence

from agent.channels.cards.months import by_together, month_with_difference, round_the_clock
from agent.channels.cards.teams_elements import (
    MOST_BYTES,
    Colour,
    Element,
    action_sets,
    adaptive_card,
    choice_input,
    container,
    execute,
    facts_of,
    literal,
    open_url,
    refresh,
    show_card,
    size_of,
    subtle,
    table,
    text,
    text_input,
    words_of_theirs,
)
from agent.channels.cards.teams_plan_parts import costs, parts_of
from agent.channels.messaging.port import CardButton, Decided, ShownPlan
from agent.events import PlanProposed
from agent.views.differences import changed_values
from agent.wording import cluster_words, money, phrase, said, spoken, unused_words, with_difference, words
from plugins.domain.decision import InfrastructureDecision

_STATUS_STYLE = {"approved": "good", "rejected": "attention", "expired": "warning", "superseded": "emphasis"}
_SHOWN_LEVELS = ((40, 5), (12, 3), (0, 1), (0, 0))
"""How much a card tells, from all to little: resources, and pages of workspaces. The first that fits is taken."""


def plan_card(shown: ShownPlan) -> Element:
    """Within `MOST_BYTES`: of what is too much, parts are told shorter and the web page is named."""
    card: Element = {}
    for resources, pages in _SHOWN_LEVELS:
        card = _card(shown, resources, pages)
        if size_of(card) <= MOST_BYTES:
            return card
    return card


def plan_summary(plan: PlanProposed) -> str:
    """The plan in a line: name, what happens, what a month costs."""
    return phrase("teams.card.summary", name=_name(plan), happens=_happens(plan), month=_month(plan))


def _card(shown: ShownPlan, resources: int, pages: int) -> Element:
    plan = shown.plan
    body = [*_lead(shown), *_facts(plan), *_changes(plan), *_notes(plan), *_where_it_stands(shown)]
    body += action_sets(parts_of(plan, shown, resources, pages))
    if shown.buttons and shown.for_approvers:
        body.append(text_input("input.comment", phrase("teams.card.comment"), lines=True))
    summary = plan_summary(plan)
    card = adaptive_card(body, summary=summary, actions=_actions(shown), is_wide=True)
    if shown.may_decide and shown.decided is None:
        card["refresh"] = refresh(plan.plan_id, plan.conversation, shown.may_decide)
    return card


def _lead(shown: ShownPlan) -> list[Element]:
    plan = shown.plan
    items: list[Element] = []
    if shown.for_approvers and shown.decided is None:
        key = f"teams.card.{shown.lapse or 'asks'}"
        items.append(words_of_theirs(phrase(key, asker=said(shown.asker)), colour="accent", is_bold=True))
    happens: Colour = "attention" if plan.action == "destroy" else "default"
    items += [
        literal((_name(plan), "default", True), size="Large"),
        text(_month(plan), size="Large", color="Accent", spacing="None"),
        *_never_stopping(plan),
        words_of_theirs(_happens(plan), colour=happens, is_bold=happens != "default"),
    ]
    return [container(items, "attention" if plan.action == "destroy" else "emphasis")]


def _name(plan: PlanProposed) -> str:
    names = [view.decision.workspace_name for view in plan.items]
    return names[0] if len(names) == 1 else phrase("teams.card.several", count=len(names))


def _month(plan: PlanProposed) -> str:
    if plan.action == "destroy":
        return phrase("teams.card.month_saved", amount=money(plan.cost.expected, plan.cost.currency))
    return with_difference(costs(plan.cost), by_together(plan.items))


def _never_stopping(plan: PlanProposed) -> list[Element]:
    """What it costs where the stream never stops, which nobody said."""
    told = round_the_clock(plan.cost) if plan.action != "destroy" else ""
    return [subtle(told)] if told else []


def _happens(plan: PlanProposed) -> str:
    if len(plan.items) != 1:
        return phrase(f"teams.card.{plan.action}_several", count=len(plan.items))
    decision = plan.items[0].decision
    key = "take_over" if plan.imported else plan.action
    return phrase(f"teams.card.{key}", environment=decision.environment, region=decision.region)


def _facts(plan: PlanProposed) -> list[Element]:
    if plan.decision is None:
        return []
    decision = plan.decision
    expires = decision.expires_on.isoformat() if decision.expires_on else phrase("cards.facts.never")
    rows = [
        ("For", _fact("for", decision, workload=spoken(decision.workload_type))),
        ("Cluster", _cluster(decision)),
        ("Runtime", _fact("runtime", decision)),
        ("Network", spoken(decision.network)),
        ("Expires", expires),
    ]
    return [facts_of(rows)]


def _fact(key: str, decision: InfrastructureDecision, **more: object) -> str:
    return phrase(
        f"cards.facts.{key}",
        team=decision.team,
        environment=decision.environment,
        runtime=decision.spark_version,
        minutes=decision.autotermination_minutes,
        **more,
    )


def _cluster(decision: InfrastructureDecision) -> str:
    workers = cluster_words(decision)
    chosen = (("spot", decision.spot), ("Photon", decision.photon), ("GPU", decision.enable_gpu))
    options = "".join(f", {name}" for name, is_on in chosen if is_on)
    return phrase("cards.facts.cluster", machine=decision.worker_instance_type, workers=workers, options=options)


def _changes(plan: PlanProposed) -> list[Element]:
    """What a change changes, line by line, and what it does to the month."""
    if plan.before is None or plan.decision is None:
        return []
    before, after = plan.before.decision, plan.decision
    rows = [*changed_values(before, after)]
    now = money(plan.before.cost.expected, plan.before.cost.currency)
    rows.append((phrase("cards.cost.expected"), now, month_with_difference(plan.items[0])))
    header = [phrase(f"teams.card.{key}") for key in ("what", "now", "then")]
    return [table(header, rows)]


def _notes(plan: PlanProposed) -> list[Element]:
    """What was assumed, noted, not used and found: all that a yes would otherwise overlook."""
    notes: list[Element] = []
    decision = plan.decision
    if decision is not None and plan.action != "destroy":
        if decision.assumptions:
            values = "; ".join(f"{words(one.field)} {spoken(one.value)}" for one in decision.assumptions)
            notes.append(words_of_theirs(phrase("cards.plan.assumed", values=values)))
        if decision.additional_requirements:
            noted = phrase("cards.plan.noted", text=decision.additional_requirements)
            notes.append(words_of_theirs(noted, colour="warning"))
    if plan.unused:
        notes.append(words_of_theirs(phrase("cards.plan.unused", words=unused_words(plan.unused)), colour="warning"))
    found = dict.fromkeys((one.severity, one.message, one.remedy) for one in plan.policy)
    for severity, message, remedy in found:
        colour: Colour = "attention" if severity == "deny" else "warning"
        notes.append(words_of_theirs(f"! {message} {remedy}", colour=colour))
    return notes


def _where_it_stands(shown: ShownPlan) -> list[Element]:
    """Whose yes it takes and who has given it, who was reached, who is at it, or what was decided."""
    if shown.decided is not None:
        return [_decided(shown.decided), *_remarks(shown)]
    lines: list[Element] = []
    plan = shown.plan
    needed = " and ".join(one.text for one in plan.approvers if not one.names)
    if needed:
        agreed = phrase("cards.decide.agreed", whom=" and ".join(plan.approved_by)) if plan.approved_by else ""
        lines.append(words_of_theirs(phrase("cards.decide.needs", whom=needed) + agreed, is_bold=True))
    if shown.reached:
        lines.append(words_of_theirs(shown.reached))
    target = plan.target
    where = (
        phrase("cards.decide.sandbox")
        if target.mode == "sandbox"
        else phrase("cards.decide.subscription", subscription=target.subscription)
    )
    lines.append(subtle(phrase("teams.card.until", until=f"{plan.expires_at:%Y-%m-%d %H:%M} UTC", target=where)))
    lines += _remarks(shown)
    if shown.deciding:
        busy = words_of_theirs(phrase("teams.card.deciding", who=said(shown.deciding)), is_bold=True)
        lines.append(container([busy], "accent"))
    return lines


def _remarks(shown: ShownPlan) -> list[Element]:
    return [literal((f"{said(one.by)}: ", "default", True), (one.text, "default", False)) for one in shown.remarks]


def _decided(decided: Decided) -> Element:
    where = phrase("teams.card.decided_where", where=decided.where) if decided.where else ""
    headline = phrase(f"teams.card.decided_{decided.status}", by=said(decided.by or ""))
    at = phrase("teams.card.decided_at", at=f"{decided.at:%Y-%m-%d %H:%M}", where=where)
    items = [words_of_theirs(headline, is_bold=True), subtle(at)]
    if decided.comment:
        items.append(words_of_theirs(f"“{decided.comment}”"))
    return container(items, _STATUS_STYLE[decided.status])


def _actions(shown: ShownPlan) -> list[Element]:
    made: list[Element] = []
    for button in shown.buttons:
        match button.click.verb:
            case "choose":
                continue  # among the alternatives
            case "confirm" if shown.plan.confirm.kind == "type":
                made.append(_typed(button, shown.plan))
            case "change":
                made.append(_asked_change(button))
            case "hand_over":
                made.append(_handed_over(button, shown.candidates))
            case _:
                made.append(execute(button, takes_inputs=shown.for_approvers))
    if shown.decided is not None and shown.decided.audit:
        made.append(open_url(shown.decided.audit))
    if shown.page:
        made.append(open_url(shown.page))
    return made


def _typed(button: CardButton, plan: PlanProposed) -> Element:
    """A yes that is given by typing the name: the field opens under the button."""
    wanted = plan.confirm.phrase or ""
    label = phrase("teams.card.type_name", phrase=wanted)
    field = text_input("input.value", label, error=phrase("teams.card.type_error", phrase=wanted))
    style = "destructive" if button.style == "danger" else "positive"
    return show_card(button.label, [field], [execute(button, takes_inputs=True)], style)


def _asked_change(button: CardButton) -> Element:
    label, error = phrase("teams.card.change_label"), phrase("teams.card.change_error")
    field = text_input("input.change", label, error=error, lines=True)
    send = execute(CardButton(phrase("teams.card.send"), button.click, "primary"), takes_inputs=True)
    return show_card(button.label, [field], [send])


def _handed_over(button: CardButton, candidates: Sequence[tuple[str, str]]) -> Element:
    if not candidates:  # whom to hand it to is said in the click, or asked by the room
        return execute(button)
    label, error = phrase("teams.card.hand_over_label"), phrase("teams.card.hand_over_error")
    people = [(person_id, said(name)) for person_id, name in candidates]
    field = choice_input("input.person", label, people, error=error)
    return show_card(button.label, [field], [execute(button, takes_inputs=True)])
