"""What an approver who is not the asker says of a plan: it goes to the asker, and changes nothing of theirs."""

from agent.approvals import may_decide
from agent.events import Message
from agent.turn.context import Reply
from agent.wording import said
from plugins.domain.plan import Plan
from plugins.domain.understanding import Understanding

_MOST_QUOTED = 300


def is_remark(reply: Reply, meant: Understanding) -> bool:
    """True when somebody who may decide the pending plan, and did not ask for it, says what should be changed of it."""
    person, pending = reply.incoming.person, reply.talk.pending
    if pending is None or meant.act not in ("amend", "answer"):
        return False
    named = {request.workspace_name for request in meant.requests} - {None}
    world = reply.world()
    if named & world.deployed and not named & set(world.pending):
        return False
    plan = _plan(reply)
    if plan is None or plan.requested_by.key == person.key:
        return False
    rules = reply.settings.rules
    return rules.approver in person.roles or may_decide(plan, person, rules, reply.records.consents(plan, person))


def pass_on(reply: Reply, text: str) -> None:
    """Tells the asker where the plan came from; the draft and the plan stay, and it can be decided as before."""
    plan = _plan(reply)
    if plan is None:
        return
    by, asker = reply.incoming.person.name, plan.requested_by.name
    words = reply.settings.wording.say("remark", by=by, asker=asker, text=said(text, most=_MOST_QUOTED))
    reply.note("remarked on the plan", said(text, most=_MOST_QUOTED), plan_id=plan.plan_id)
    if plan.conversation == reply.talk.id:
        reply.message(words)
        return
    home = reply.records.conversation(plan.conversation)
    told = Message(conversation=home.id, turn=home.turn, text=words)
    reply.records.log(home.id, [dict(told.as_json())], source="work", now=reply.now)
    reply.say("remark_passed_on", asker=asker)


def _plan(reply: Reply) -> Plan | None:
    found = reply.records.plan(reply.talk.pending.plan_id) if reply.talk.pending else None
    return found[0] if found is not None else None
