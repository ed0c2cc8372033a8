"""What one understood message makes of a conversation. Pure: no clock, no store, no model.

`advance(conversation, understanding, index)` gives the conversation after the message and the step to take. The
turn carries the step out; whatever needs a price, a plan or a record is the turn's business.
"""

from dataclasses import dataclass, replace
from typing import Literal

from agent.dialogue.drafts import IDENTIFYING, Draft, amended_all, continues, doubts_of, new_drafts, open_slots
from agent.dialogue.of_several import listed, side_by_side, with_listed
from agent.dialogue.of_the_talk import step_of_the_talk
from agent.dialogue.state import REMEMBERED, Conversation, WhatIf
from agent.dialogue.steps import (
    About,
    AboutSeveral,
    Ask,
    ChangeDeployed,
    ChangeSeveral,
    Compare,
    Explain,
    Pauses,
    Price,
    Propose,
    Rates,
    Reject,
    Say,
    Spend,
    Step,
    SupposedEnd,
    SupposedOfMany,
    UndoDeployed,
)
from plugins.domain.portfolio import MoneyQuestion, Selection
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
    if (asked := step_of_the_talk(understood, conversation.workspaces)) is not None:
        return conversation, asked
    act = _meant(conversation, understood)
    if understood.money is not None:
        return conversation, _spend(conversation, understood, understood.money, index)
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
        case "compare" if beside := side_by_side(understood, deployed=index.deployed, pending=index.pending):
            return beside
        case "compare":
            workspace = _workspace_meant(conversation, understood, index)
            return Compare(understood.topic, _hypothetical(conversation, understood, index)[0], workspace)
        case "explain":
            return Explain(understood.topic, _named(understood))
        case "list":
            return listed(conversation, understood)
        case "out_of_scope" if understood.topic == ("pause",):
            return Pauses(_named(understood) or next(iter(conversation.workspaces), None))
        case "out_of_scope":
            return Say(act, understood.topic)
        case "greet" | "help":
            return Say(act)
        case _:
            return Say("unclear")


def _meant(conversation: Conversation, understood: Understanding) -> Act:
    """An answer to a question that another act had asked continues that act."""
    answers = _names_alone(understood) or _days_asked(conversation, understood)
    if understood.act in ("answer", "provision", "amend", "unclear") and conversation.awaiting and answers:
        return conversation.awaiting
    return understood.act


def _names_alone(understood: Understanding) -> bool:
    """True where a workspace is named and nothing else is said: who says more means something of its own by it."""
    says = {field for request in understood.requests for field in request.stated()} - {"capability"}
    says_else = any(statement.clear or statement.scaled for statement in understood.statements) or understood.undo
    return says == {"workspace_name"} and not says_else


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
        return _undone(conversation, understood, index)
    change = _change_of_deployed(conversation, understood, act, index)
    if change is not None:
        return conversation, change
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


def _undone(conversation: Conversation, understood: Understanding, index: WorkspaceIndex) -> tuple[Conversation, Step]:
    """The last change of the draft; with nothing in hand, or where a workspace is named that stands, that one's."""
    name = _named(understood)
    if name in index.deployed and (not conversation.drafts or name not in index.pending):
        return conversation, UndoDeployed(name or "")
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


def _change_of_deployed(
    conversation: Conversation, understood: Understanding, act: Act, index: WorkspaceIndex
) -> Step | None:
    """The change of what stands that an amendment comes to; None where it is of what is in hand."""
    if act != "amend":
        return None
    if understood.selection is not None and understood.statements:
        change = ChangeDeployed("", understood.statements[0], (), understood.unused)
        return ChangeSeveral((change,), with_listed(conversation, understood.selection))
    drafted = {draft.request.workspace_name for draft in conversation.drafts if draft.changes}
    names = [request.workspace_name for request in understood.requests]
    if not any(names) and not conversation.drafts and index.deployed and _says_change(understood):
        return Say("which_to_change", tuple(sorted(index.deployed)))
    if set(names) <= drafted or not any(names):
        return None
    if not set(names) & index.deployed:
        # Of a name that nobody here may speak of there is nothing to change, and no wish to make it.
        is_unknown = not conversation.drafts and _says_change(understood)
        return About("status", next(filter(None, names))) if is_unknown else None
    changes = tuple(
        ChangeDeployed(statement.request.workspace_name or "", statement, doubts_of(understood.doubts, at), ())
        for at, statement in enumerate(understood.statements)
    )
    if len(changes) != 1:
        return ChangeSeveral(changes)
    if not (_says_change(understood) or understood.topic):
        return Say("which_change", tuple(name for name in names if name))
    return replace(changes[0], doubts=understood.doubts, unused=understood.unused)


def _says_change(understood: Understanding) -> bool:
    says = {field for request in understood.requests for field in request.stated()} - {"workspace_name", "capability"}
    return bool(says or understood.doubts or any(s.clear or s.scaled for s in understood.statements))


def _spend(
    conversation: Conversation, understood: Understanding, question: MoneyQuestion, index: WorkspaceIndex
) -> Spend:
    """Of what is named or chosen; else of what is in hand, else of the one last spoken of, else of all that stands."""
    selection = with_listed(conversation, understood.selection or Selection())
    drafted = {*index.pending, *(draft.request.workspace_name for draft in conversation.drafts)}
    if selection.names and set(selection.names) <= drafted - index.deployed:
        return Spend(question, selection, in_hand=True)
    # Where nothing stands yet "what am I paying" can only be of what is in hand.
    in_hand = bool(_ground(conversation, index))
    if selection.is_filter or (question.is_of_all and (index.deployed or not in_hand)):
        return Spend(question, selection)
    if in_hand:
        return Spend(question, selection, in_hand=True)
    spoken = next((name for name in conversation.workspaces if name in index.deployed), None)
    if spoken is not None and question.aspect not in ("total", "limits"):
        return Spend(question, selection.model_copy(update={"names": (spoken,)}))
    return Spend(question, selection)


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
    names = [request.workspace_name for request in understood.requests if request.workspace_name]
    if len(names) > 1 or understood.selection is not None:
        return cleared, _several(conversation, understood, act)
    if act == "extend":
        return cleared, _extension(conversation, understood, name, next(iter(understood.requests), None))
    return cleared, About(act, None if understood.about_plan else name)


def _several(
    conversation: Conversation,
    understood: Understanding,
    act: Literal["status", "export", "destroy", "extend", "history"],
) -> AboutSeveral:
    """The act upon each that is named, or upon all that are chosen."""
    requests: tuple[InfrastructureRequest | None, ...] = understood.requests or (None,)
    each = tuple(
        replace(
            _extension(conversation, understood, request.workspace_name if request else None, request),
            is_one_of_several=len(requests) > 1,
        )
        if act == "extend"
        else About(act, request.workspace_name if request else None)
        for request in requests
    )
    selection = understood.selection
    return AboutSeveral(each, with_listed(conversation, selection) if selection is not None else None)


def _extension(
    conversation: Conversation, understood: Understanding, name: str | None, request: InfrastructureRequest | None
) -> About:
    return About(
        "extend",
        name,
        request.expires_in_days if request else None,
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
    if understood.selection is not None and understood.statements:
        return conversation, SupposedOfMany(understood.statements[0], with_listed(conversation, understood.selection))
    says = {field for request in understood.requests for field in request.stated()} - {"workspace_name", "capability"}
    workspace = _workspace_meant(conversation, understood, index)
    if workspace is not None and says == {"expires_in_days"}:
        days = next(request.expires_in_days for request in understood.requests if request.expires_in_days)
        return conversation, SupposedEnd(workspace, days, understood.ending)
    if workspace is not None and says:
        first = understood.statements[0]
        statement = replace(first, request=first.request.model_copy(update={"workspace_name": workspace}))
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
