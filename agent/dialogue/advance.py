"""What one understood message makes of a conversation. Pure: no clock, no store, no model.

`advance(conversation, understanding, index)` gives the conversation after the message and the step to take. The
turn carries the step out; whatever needs a price, a plan or a record is the turn's business.
"""

from dataclasses import dataclass, replace
from typing import Literal

from agent.dialogue.drafts import IDENTIFYING, Draft, amended_all, continues, new_drafts, open_slots
from agent.dialogue.state import REMEMBERED, Conversation, WhatIf
from agent.dialogue.steps import (
    About,
    Ask,
    ChangeDeployed,
    Compare,
    Explain,
    ListDeployed,
    Price,
    Propose,
    Rates,
    Reject,
    Say,
    Step,
)
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Statement, Understanding

MOST_QUESTIONS = 3
"""Questions in one message: more than three at once are not answered, they are left."""

EXPIRY_PREFIX = "expiry:"
"""Conversations of our own, one a workspace, in which the destroy of what expired is planned."""


@dataclass(frozen=True)
class WorkspaceIndex:
    """What advance may know of the outside: live workspaces by name, the settings' region ("" for none). Of the
    pending plan, the names of its workspaces, and its requests where it is only shown here and has no drafts.
    """

    deployed: frozenset[str] = frozenset()
    default_region: str = ""
    pending: tuple[str, ...] = ()
    shown: tuple[InfrastructureRequest, ...] = ()


def advance(conversation: Conversation, understood: Understanding, index: WorkspaceIndex) -> tuple[Conversation, Step]:
    """The conversation after this message, and what to do about it."""
    act = _meant(conversation, understood)
    match act:
        case "provision" | "amend" | "answer":
            return _drafted(conversation, understood, act, index)
        case "reset":
            return _fresh(conversation), Say("reset")
        case "reject":
            # Turning down is said of the plan first: the drafts are still there to be changed afterwards.
            return (conversation, Reject()) if conversation.pending else _dropped(conversation)
        case "status" | "export" | "destroy" | "extend" | "history":
            return _about(conversation, understood, act, index)
        case "cost":
            return _price(conversation, understood, index)
        case _:
            return conversation, _answer(conversation, understood, act, index)


def _answer(conversation: Conversation, understood: Understanding, act: Act, index: WorkspaceIndex) -> Step:
    """The steps that leave the conversation as it is."""
    match act:
        case "compare":
            workspace = _workspace_meant(conversation, understood, index)
            return Compare(understood.topic, _hypothetical(conversation, understood, index)[0], workspace)
        case "explain":
            return Explain(understood.topic, _named(understood))
        case "list":
            return ListDeployed(understood.requests[0].environment if understood.requests else None)
        case "out_of_scope":
            return Say(act, understood.topic)
        case "greet" | "help":
            return Say(act)
        case _:
            return Say("unclear")


def _meant(conversation: Conversation, understood: Understanding) -> Act:
    """An answer to a question that another act had asked continues that act."""
    answers = _named(understood) or _days_asked(conversation, understood)
    if understood.act in ("answer", "provision", "amend", "unclear") and conversation.awaiting and answers:
        return conversation.awaiting
    return understood.act


def _days_asked(conversation: Conversation, understood: Understanding) -> bool:
    """True for days, and nothing else, where it was asked by how many a workspace is to be extended."""
    if not asks_for_end(conversation):
        return False
    doubted = {doubt.slot for doubt in understood.doubts}
    stated = [set(request.stated()) | doubted for request in understood.requests]
    return stated == [{"expires_in_days"}]


def asks_for_end(conversation: Conversation) -> bool:
    """True while it is asked when, or whether, a workspace shall end."""
    return conversation.awaiting == "extend" and "expires_in_days" in conversation.asked


def _drafted(
    conversation: Conversation, understood: Understanding, act: Act, index: WorkspaceIndex
) -> tuple[Conversation, Step]:
    if understood.undo:
        return _undone(conversation, index)
    deployed = _deployed_meant(conversation, understood, act, index)
    if deployed is not None:
        statement, *_ = understood.statements
        return conversation, ChangeDeployed(deployed, statement, understood.doubts, understood.unused)
    says_something = any(s.request.stated() for s in understood.statements)
    if not conversation.drafts and act != "provision" and not says_something:
        return conversation, Say("nothing_to_change" if act == "amend" else "unclear")
    if act == "provision" and not understood.additional and not continues(conversation.drafts, understood.statements):
        conversation = conversation.put_aside()
    removed = frozenset(at for at in understood.remove if 0 <= at < len(conversation.drafts))
    if removed and len(removed) == len(conversation.drafts):
        return conversation, Say("nothing_left")
    if understood.remove and not removed and not says_something:
        return conversation, Say("unclear")
    drafts = new_drafts(conversation.drafts, understood, act)
    changed = conversation.with_(
        drafts=tuple(draft for at, draft in enumerate(drafts) if at not in removed),
        earlier=(*conversation.earlier, conversation.drafts)[-REMEMBERED:]
        if conversation.drafts
        else conversation.earlier,
        unused=tuple(dict.fromkeys((*conversation.unused, *understood.unused)))[-REMEMBERED:],
        offers=(),
        imagined=None,
        awaiting=None,
    )
    return asked_or_proposed(changed, index)


def asked_or_proposed(conversation: Conversation, index: WorkspaceIndex) -> tuple[Conversation, Step]:
    """Ask what is open, at most three at once, or propose when nothing is."""
    slots = open_slots(conversation.drafts, index.default_region)[:MOST_QUESTIONS]
    asking = conversation.with_(asked=tuple(open_.slot for open_ in slots))
    return asking, Ask(slots) if slots else Propose()


def _undone(conversation: Conversation, index: WorkspaceIndex) -> tuple[Conversation, Step]:
    if not conversation.earlier:
        return conversation, Say("nothing_to_undo")
    return asked_or_proposed(
        conversation.with_(drafts=conversation.earlier[-1], earlier=conversation.earlier[:-1], offers=()), index
    )


def _dropped(conversation: Conversation) -> tuple[Conversation, Step]:
    if not conversation.drafts:
        return conversation, Say("unclear")
    return _fresh(conversation), Say("reset")


def _fresh(conversation: Conversation) -> Conversation:
    """The conversation without its drafts. The plan that was pending is named still, for whoever voids it."""
    return Conversation(
        id=conversation.id,
        version=conversation.version,
        turn=conversation.turn,
        workspaces=conversation.workspaces,
        pending=conversation.pending,
        planning=conversation.planning,
        aside=conversation.aside,
    )


def _deployed_meant(
    conversation: Conversation, understood: Understanding, act: Act, index: WorkspaceIndex
) -> str | None:
    """The deployed workspace that an amendment speaks of, unless the drafts already are about it."""
    name = _named(understood)
    if act != "amend" or len(understood.statements) != 1 or name not in index.deployed:
        return None
    drafted = {draft.request.workspace_name for draft in conversation.drafts if draft.changes}
    return None if name in drafted else name


def _about(
    conversation: Conversation,
    understood: Understanding,
    act: Literal["status", "export", "destroy", "extend", "history"],
    index: WorkspaceIndex,
) -> tuple[Conversation, Step]:
    name = _named(understood)
    if name is None and conversation.workspaces and _days_asked(conversation, understood):
        name = conversation.workspaces[0]  # the one that was asked about
    open_again = _still_asked(conversation, index) if conversation.awaiting else conversation.asked
    cleared = conversation.with_(awaiting=None, asked=open_again, days=None)
    if act == "extend":
        return cleared, _extension(conversation, understood, name)
    return cleared, About(act, None if understood.about_plan else name)


def _extension(conversation: Conversation, understood: Understanding, name: str | None) -> About:
    return About(
        "extend",
        name,
        next((request.expires_in_days for request in understood.requests), None),
        ending=understood.ending,
        removes=any("expires_in_days" in statement.clear for statement in understood.statements),
        is_agreed=understood.act != "extend" and _days_asked(conversation, understood),
        doubt=next((doubt for doubt in understood.doubts if doubt.slot == "expires_in_days"), None),
    )


def _still_asked(conversation: Conversation, index: WorkspaceIndex) -> tuple[str, ...]:
    """What is open of the drafts once the question of another act is answered."""
    if conversation.pending or conversation.planning:
        return ()
    return tuple(open_.slot for open_ in open_slots(conversation.drafts, index.default_region)[:MOST_QUESTIONS])


def _price(conversation: Conversation, understood: Understanding, index: WorkspaceIndex) -> tuple[Conversation, Step]:
    """The price of what is in hand, of a deployed workspace, or of what the message describes; a "what if" is kept."""
    if understood.topic[:1] == ("dbu",):
        place = next(iter(understood.requests), InfrastructureRequest())
        return conversation, Rates(understood.topic[1:], place.region, place.currency)
    says = {field for request in understood.requests for field in request.stated()} - {"workspace_name", "capability"}
    workspace = _workspace_meant(conversation, understood, index)
    if workspace is not None and says:
        statement = _of(understood.statements[0], workspace)
        what_if = WhatIf(statements=(statement,), doubts=understood.doubts)
        return conversation.with_(imagined=what_if), Price((), workspace=workspace, statement=statement)
    if workspace is not None:
        return conversation, About("cost", workspace)
    before = _ground(conversation, index)
    if chosen := _chosen(before, understood, says, index.pending):
        return conversation.with_(imagined=None), Price(chosen)
    if before and not says:
        return conversation, Price(before)
    what_if = WhatIf(statements=understood.statements, doubts=understood.doubts) if says and not index.shown else None
    return conversation.with_(imagined=what_if), Price(_hypothetical(conversation, understood, index), before)


def _chosen(
    requests: tuple[InfrastructureRequest, ...], understood: Understanding, says: set[str], names: tuple[str, ...]
) -> tuple[InfrastructureRequest, ...]:
    """Those of several in hand that a question names by nothing but what tells them apart ("how much is staging?"):
    it is of them as they are, and supposes nothing. Empty where it names none, or says more. `names` are those of the
    plan that was made of them, in their order.
    """
    if len(requests) < 2 or not says <= set(IDENTIFYING):  # noqa: PLR2004 - one of several
        return ()
    name = _named(understood)
    if not says:
        return (requests[names.index(name)],) if name in names and len(names) == len(requests) else ()
    wanted = [statement.request.model_dump(include=says) for statement in understood.statements]
    return tuple(request for request in requests if request.model_dump(include=says) in wanted)


def _workspace_meant(conversation: Conversation, understood: Understanding, index: WorkspaceIndex) -> str | None:
    """The deployed workspace that a question is of: the one named, unless it is in hand; else, with nothing in hand,
    the one last spoken of, where the message names nothing that tells workspaces apart.
    """
    name, apart = _named(understood), _told_apart(understood)
    if name is not None:
        in_hand = name in index.pending or name in {draft.request.workspace_name for draft in conversation.drafts}
        is_new = not conversation.drafts and len(apart) > 1 and name not in index.deployed
        return None if in_hand or is_new else name
    if _ground(conversation, index) or len(understood.statements) > 1 or apart:
        return None
    return next((spoken for spoken in conversation.workspaces if spoken in index.deployed), None)


def _told_apart(understood: Understanding) -> set[str]:
    return {field for request in understood.requests for field in request.stated() if field in IDENTIFYING}


def _of(statement: Statement, workspace: str) -> Statement:
    return replace(statement, request=statement.request.model_copy(update={"workspace_name": workspace}))


def _ground(conversation: Conversation, index: WorkspaceIndex) -> tuple[InfrastructureRequest, ...]:
    """What is in hand: the drafts, or what a plan that is shown here was made of."""
    return tuple(draft.request for draft in conversation.drafts) or index.shown


def _hypothetical(
    conversation: Conversation, understood: Understanding, index: WorkspaceIndex
) -> tuple[InfrastructureRequest, ...]:
    """What is in hand as it would be with what the message says; the message alone when nothing is in hand."""
    statements = understood.statements or (Statement(InfrastructureRequest()),)
    drafts = conversation.drafts or tuple(Draft(request=request) for request in index.shown)
    if not drafts:
        return tuple(statement.request for statement in statements)
    return tuple(draft.request for draft in amended_all(drafts, replace(understood, statements=statements), "cost"))


def _named(understood: Understanding) -> str | None:
    return next((r.workspace_name for r in understood.requests if r.workspace_name), None)
