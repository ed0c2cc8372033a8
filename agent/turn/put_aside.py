"""Requests that wait beside the one in hand: put aside by another one, and taken up again when that is decided."""

from agent.dialogue.advance import MOST_QUESTIONS
from agent.dialogue.drafts import OpenSlot, open_slots
from agent.dialogue.state import SetAsideRequest
from agent.orders import DiscardOrder
from agent.turn.context import Reply
from agent.wording import MOST_NAMES, several, summary


def say_put_aside(reply: Reply, aside: SetAsideRequest) -> None:
    """Tells that another request begins, that this one stays, and how each is decided."""
    reply.say("second_request", name=name_of(reply, aside), how=_how(reply, aside))


def put_aside(reply: Reply) -> None:
    """What is in hand stays as it is, beside what comes now; a plan that was only shown here is let go of."""
    if reply.talk.pending is not None and reply.talk.pending.is_shown:
        reply.talk = reply.talk.with_(pending=None)
    before = len(reply.talk.aside)
    reply.talk = reply.talk.put_aside()
    if len(reply.talk.aside) > before:
        say_put_aside(reply, reply.talk.aside[-1])


def resume(reply: Reply) -> None:
    """With nothing in hand any more, the request that was put aside last is; its plan is shown again before a bare yes
    counts.
    """
    if not reply.talk.is_idle or not reply.talk.aside:
        return
    aside = reply.talk.aside[-1]
    reply.talk = reply.talk.taken_up()
    slots = () if aside.pending or aside.planning else _open(reply)
    reply.talk = reply.talk.with_(asked=tuple(slot.slot for slot in slots))
    reply.say("resumed", name=name_of(reply, aside), how=_how(reply, aside), open=bool(slots))
    if slots:
        reply.ask(tuple(reply.settings.wording.question(slot.slot, slot.doubt) for slot in slots))


def void_all(reply: Reply) -> None:
    """Every request that was put aside ends, and its plan with it."""
    for aside in reply.talk.aside:
        pending = aside.pending if aside.pending and not aside.pending.is_shown else None
        if pending is not None and reply.records.settle_plan(pending.plan_id, "superseded"):
            reply.note_approval(pending.plan_id, "superseded", reason="The conversation was started over.")
            reply.note_end("started over", pending.plan_id, "superseded")
        for plan_id in filter(None, (pending and pending.plan_id, aside.planning)):
            reply.orders.append(DiscardOrder(plan_id))
            reply.records.forget_plan(plan_id)
    reply.talk = reply.talk.with_(aside=())


def bring_forward(reply: Reply, *, plan_id: str | None = None, workspace: str | None = None) -> None:
    """Takes up the request of that plan, or of that workspace, if it was put aside."""
    for at, aside in enumerate(reply.talk.aside):
        if plan_id is None and workspace is None:
            return
        named = aside.pending is not None and aside.pending.plan_id == plan_id
        if named or (workspace is not None and workspace in _names(reply, aside)):
            reply.talk = reply.talk.taken_up(at)
            return


def name_of(reply: Reply, aside: SetAsideRequest) -> str:
    """How people call it: its workspaces' names, or what was said of it."""
    names = _names(reply, aside)
    return several(names) if names else summary(aside.drafts[0].request) if aside.drafts else "your other request"


def _how(reply: Reply, aside: SetAsideRequest) -> str:
    """What to say to build exactly that one; empty while it has no plan."""
    names = _names(reply, aside)
    if aside.pending is None:
        return ""
    return f"yes {', '.join(names)}" if len(names) <= MOST_NAMES else f"show {aside.pending.plan_id}"


def _names(reply: Reply, aside: SetAsideRequest) -> tuple[str, ...]:
    """The workspaces' names, as far as they are known: by the plan, or as they were asked for."""
    if aside.pending is not None:
        return reply.records.called(aside.pending.plan_id)[1]
    return tuple(draft.request.workspace_name for draft in aside.drafts if draft.request.workspace_name)


def _open(reply: Reply) -> tuple[OpenSlot, ...]:
    return open_slots(reply.talk.drafts, reply.settings.platform.defaults.region)[:MOST_QUESTIONS]
