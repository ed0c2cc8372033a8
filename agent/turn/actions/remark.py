"""What an approver who is not the asker says of a plan: it goes to the asker, and changes nothing of theirs."""

from agent.approvals import may_decide
from agent.events import Message, RemarkCommand
from agent.turn.context import Outcome, TurnContext
from agent.wording import phrase, said
from plugins.domain.plan import Plan
from plugins.domain.understanding import Understanding

_MOST_QUOTED = 300


def is_remark(context: TurnContext, meant: Understanding) -> bool:
    """True when somebody who may decide the pending plan, and did not ask for it, says what should be changed of it."""
    person, rules = context.incoming.person, context.settings.rules
    if context.conversation.pending is None or meant.act not in ("amend", "answer"):
        return False
    named = {request.workspace_name for request in meant.requests} - {None}
    # What names a workspace that stands is about that one, whatever plan waits here.
    index = context.index()
    if named & index.deployed and not named & set(index.pending):
        return False
    plan = _plan(context)
    if plan is None or plan.requested_by.key == person.key:
        return False
    return rules.approver in person.roles or may_decide(plan, person, rules, context.records.consents(plan, person))


def pass_on(context: TurnContext) -> Outcome:
    """Tells the asker where the plan came from; the draft and the plan stay, and it can be decided as before."""
    plan = _plan(context)
    return context.unchanged() if plan is None else _passed_on(context, plan, context.text)


def remark_on(context: TurnContext, command: RemarkCommand) -> Outcome:
    """The same of a plan that is named: by whoever may decide it, or any approver, other than who asked."""
    record, person, rules = context.records.plan(command.plan_id), context.incoming.person, context.settings.rules
    if record is None or record[1] != "pending" or record[0].requested_by.key == person.key:
        return context.say("no_such_plan", plan_id=command.plan_id)
    consents = context.records.consents(record[0], person)
    if rules.approver not in person.roles and not may_decide(record[0], person, rules, consents):
        return context.say("no_such_plan", plan_id=command.plan_id)
    return _passed_on(context, record[0], command.text)


def _passed_on(context: TurnContext, plan: Plan, words: str) -> Outcome:
    asker, quoted = plan.requested_by.name, said(words, most=_MOST_QUOTED)
    remark = context.settings.wording.say("remark", by=context.incoming.person.name, asker=asker, text=quoted)
    context.note(phrase("turn.remark.remarked"), quoted, plan_id=plan.plan_id)
    if plan.conversation == context.conversation.id:
        return context.message(remark)
    home = context.records.conversation(plan.conversation)
    message = Message(conversation=home.id, turn=home.turn, text=remark)
    context.records.log(home.id, [message], source="work", now=context.now)
    return context.say("remark_passed_on", asker=asker)


def _plan(context: TurnContext) -> Plan | None:
    """The plan in hand: whoever remarks on it has seen it here."""
    pending = context.conversation.pending
    record = context.records.plan(pending.plan_id) if pending else None
    return record[0] if record is not None else None
