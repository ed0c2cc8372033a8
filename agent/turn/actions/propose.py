"""From drafts to an ordered plan, or to the reason why there is none."""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil

from agent.dialogue.advance import EXPIRY_PREFIX, asked_or_proposed
from agent.dialogue.drafts import Draft, OpenSlot, merged
from agent.dialogue.state import Offer
from agent.dialogue.steps import ChangeDeployed
from agent.events import Choice, Progress, SlotQuestion
from agent.orders import DiscardOrder, PlanOrder, PlanPart
from agent.turn.actions.quote import quote
from agent.turn.context import Reply
from agent.turn.deployed_drafts import as_deployed, as_it_stands, as_it_stays, with_its_end
from agent.turn.put_aside import put_aside
from agent.turn.rights import is_barred, is_closed, refuse_relabelling
from agent.views.networks import neighbours_of
from agent.wording import MOST_NAMES, money, several, worker_words
from plugins.check import check_destroy
from plugins.databricks.proposal import Option, Proposal, cheapest_option, fitting_options, propose
from plugins.domain.deployment import Deployment
from plugins.domain.errors import InvalidRequest
from plugins.domain.estimate import Estimate
from plugins.domain.neighbours import Neighbours
from plugins.domain.plan import Before, PlanAction

MOST_WORKSPACES = 400
"""Workspaces in one plan."""


def propose_drafts(reply: Reply) -> None:
    """Decides, prices and checks every draft, and orders the plan when nothing stands against it."""
    if is_barred(reply):
        return
    if len(reply.talk.drafts) > MOST_WORKSPACES:
        say_too_many(reply, len(reply.talk.drafts))
        reply.talk = reply.talk.with_(drafts=(), asked=(), offers=())
        return
    supersede(reply)
    drafts = tuple(identified(reply, as_it_stays(reply, draft)) for draft in reply.talk.drafts)
    reply.talk = reply.talk.with_(drafts=drafts, asked=(), offers=(), imagined=None)
    taken = set(reply.taken_names())
    among = neighbours_of(reply.records, reply.settings.platform)
    proposals: list[Proposal] = []
    for draft in drafts:
        proposal = _proposed(reply, draft, frozenset(taken), among)
        if proposal is None:
            return
        taken.add(proposal.decision.workspace_name)
        among.add(proposal.decision)
        proposals.append(proposal)
    if not _stopped(reply, proposals):
        pairs = zip(drafts, proposals, strict=True)
        say_leaner(reply, [proposal for draft, proposal in pairs if draft.adopt is None])
        order_plan(reply, drafts, proposals)


def change_deployed(reply: Reply, step: ChangeDeployed) -> None:
    """Starts a draft from what is deployed, with the change put in."""
    deployment = reply.named(step.workspace)
    if deployment is None or is_closed(reply, deployment):
        return
    request = merged(as_deployed(deployment), step.statement)
    in_doubt = any(doubt.slot == "environment" for doubt in step.doubts)
    if in_doubt or request.environment != deployment.decision.environment:
        refuse_relabelling(reply, deployment, None if in_doubt else request.environment)
        return
    make_room(reply, deployment.deployment_id)
    request = request.model_copy(update={"workspace_name": deployment.workspace_name})  # whatever it was called there
    draft = Draft(
        request=request,
        doubts=step.doubts,
        deployment_id=deployment.deployment_id,
        changes=True,
        sources=step.statement.sources,
    )
    reply.talk = reply.talk.with_(drafts=(draft,), earlier=(), unused=step.unused).spoke_of(deployment.workspace_name)
    reply.talk, following = asked_or_proposed(reply.talk, reply.world())
    if reply.talk.asked:
        ask_open(reply, getattr(following, "slots", ()))
    else:
        propose_drafts(reply)


def destroy(reply: Reply, deployment: Deployment) -> None:
    """Orders the plan that destroys a workspace; nothing is destroyed before a person confirms that plan."""
    if is_closed(reply, deployment):
        return
    make_room(reply, deployment.deployment_id)
    request = deployment.request.model_copy(update={"workspace_name": deployment.workspace_name})
    draft = Draft(request=request, deployment_id=deployment.deployment_id, changes=True)
    reply.talk = reply.talk.with_(drafts=(draft,), earlier=(), asked=(), offers=())
    part = PlanPart(
        deployment_id=deployment.deployment_id,
        action="destroy",
        request=request,
        decision=deployment.decision,
        cost=deployment.cost,
        policy=check_destroy(deployment.decision, neighbours_of(reply.records, reply.settings.platform, deployment)),
    )
    _place(reply, "destroy", (part,))


def fix(reply: Reply, deployment: Deployment, *, reimport: bool = False) -> None:
    """Orders the plan that puts a workspace back to what was decided for it, whatever was changed outside; with
    `reimport` the one that takes over again what is deployed of it, its Terraform state being lost.
    """
    if is_closed(reply, deployment):
        return
    make_room(reply, deployment.deployment_id)
    request = as_deployed(deployment)
    draft = Draft(request=request, deployment_id=deployment.deployment_id, changes=True)
    reply.talk = reply.talk.with_(drafts=(draft,), earlier=(), asked=(), offers=())
    reply.talk = reply.talk.spoke_of(deployment.workspace_name)
    part = PlanPart(
        deployment_id=deployment.deployment_id,
        action="change",
        request=request,
        decision=deployment.decision,
        cost=deployment.cost,
        before=Before(decision=deployment.decision, cost=deployment.cost),
        reimport=reimport,
    )
    _place(reply, "change", (part,))


def ask_open(reply: Reply, slots: tuple[OpenSlot, ...]) -> None:
    """Asks these, and says back what was noted and fits no field."""
    noted = [d.request.additional_requirements for d in reply.talk.drafts if d.request.additional_requirements]
    if noted:
        reply.say("asking", known="", noted="; ".join(dict.fromkeys(noted)))
    reply.ask(tuple(reply.settings.wording.question(slot.slot, slot.doubt) for slot in slots))


def supersede(reply: Reply) -> None:
    """Makes way for what is asked for now; in read-only mode nothing comes, and what waits goes on waiting."""
    if not reply.settings.reads_only:
        drop(reply)


def drop(reply: Reply) -> None:
    """A plan that is pending or being made is void from here on; one that was only shown here is put aside."""
    pending, planning = reply.talk.pending, reply.talk.planning
    own = pending if pending is not None and not pending.is_shown else None
    if own is not None and reply.records.settle_plan(own.plan_id, "superseded"):
        reply.note_approval(own.plan_id, "superseded", reason="The request changed.")
        reply.note_end("changed the request", own.plan_id, "superseded")
    for plan_id in filter(None, (own.plan_id if own else None, planning)):
        discard(reply, plan_id)
    reply.talk = reply.talk.with_(pending=None, planning=None)


def make_room(reply: Reply, deployment_id: str | None = None) -> None:
    """Before another request: what is in hand is put aside, or superseded where it is of the same workspace."""
    if deployment_id is not None and deployment_id in {draft.deployment_id for draft in reply.talk.drafts}:
        supersede(reply)
    else:
        put_aside(reply)


def discard(reply: Reply, plan_id: str) -> None:
    """The plan's files go, and so do the deployments that only ever were planned by it."""
    reply.orders.append(DiscardOrder(plan_id))
    reply.records.forget_plan(plan_id)


def void_expiry(reply: Reply, deployment: Deployment) -> None:
    """The destroy that was planned because the workspace had expired is void: it lives on."""
    home = reply.records.conversation(EXPIRY_PREFIX + deployment.deployment_id)
    plan_id = home.pending.plan_id if home.pending else home.planning
    if plan_id is None:
        return
    reply.records.settle_plan(plan_id, "superseded", was=("planning", "pending"))
    reply.orders.append(DiscardOrder(plan_id))
    reply.records.keep_conversation(home.with_(pending=None, planning=None), now=reply.now)
    if reply.talk.pending is not None and reply.talk.pending.plan_id == plan_id:
        reply.talk = reply.talk.with_(pending=None)
    reply.note_approval(plan_id, "superseded", reason="The workspace was extended.")


def expire(reply: Reply) -> None:
    """Ends the pending plans whose time has passed; what is in hand stays as a draft."""
    for pending in reply.talk.awaiting_decision:
        head = reply.records.plan_head(pending.plan_id)
        if head is None or reply.now < head.expires_at:
            continue
        if reply.records.settle_plan(pending.plan_id, "expired"):
            reply.note_approval(pending.plan_id, "expired", reason="Nobody decided in time.")
            reply.note_end("let the plan expire", pending.plan_id, "expired")
            discard(reply, pending.plan_id)
        reply.talk = reply.talk.without(pending.plan_id, keeping_drafts=True)


def take_offer(reply: Reply, offer: Offer) -> None:
    """The person picked one of the configurations that were offered."""
    draft = reply.talk.drafts[0]
    request = draft.request.model_copy(update=offer.changes.stated())
    reply.talk = reply.talk.with_(
        drafts=(draft.model_copy(update={"request": request}),), earlier=(*reply.talk.earlier, reply.talk.drafts)
    )
    propose_drafts(reply)


def identified(reply: Reply, draft: Draft) -> Draft:
    """The draft with the id that its workspace keeps for life."""
    if draft.deployment_id is not None:
        return draft
    return draft.model_copy(update={"deployment_id": reply.settings.new_id("dep")})


def _proposed(reply: Reply, draft: Draft, taken: frozenset[str], among: Neighbours) -> Proposal | None:
    """The draft decided and priced; None, with the reason said, when it cannot be."""
    name = draft.request.workspace_name
    if not (draft.changes or draft.adopt) and _is_taken(name, taken):
        reply.say("exists", name=name)
        reply.talk = reply.talk.with_(asked=("workspace_name",))
        reply.ask((reply.settings.wording.question("workspace_name"),))
        return None
    others = taken - {name} if (draft.changes or draft.adopt) and name else taken
    deployed = reply.records.deployment(draft.deployment_id or "") if draft.changes else None
    if deployed is not None:
        among.add(deployed.decision)
    try:
        proposal = propose(
            with_its_end(draft.request, deployed, reply.today),
            reply.settings.platform,
            identity=draft.deployment_id or "",
            today=reply.today,
            taken=others,
            among=among,
        )
        return as_it_stands(reply, draft, deployed, proposal)
    except InvalidRequest as error:
        reply.say("invalid", problem=error.problem, remedy=error.remedy)
        return None


def _is_taken(name: str | None, taken: frozenset[str]) -> bool:
    """Azure takes two spellings of case for one name."""
    return name is not None and name.casefold() in {each.casefold() for each in taken}


def _stopped(reply: Reply, proposals: list[Proposal]) -> bool:
    """True when a rule denies or a limit is exceeded; the reason and the way on have then been said."""
    for draft, proposal in zip(reply.talk.drafts, proposals, strict=True):
        if draft.adopt is not None:
            continue  # checked as it is found, when it is planned
        denials = [finding for finding in proposal.findings if finding.severity == "deny"]
        if denials:
            reply.say("denied", findings=denials)
            return True
        if proposal.excess is not None:
            _over_limit(reply, draft, proposal)
            return True
    return False


def say_leaner(reply: Reply, proposals: Sequence[Proposal]) -> None:
    """Nothing is made smaller silently."""
    leaner = [(proposal, proposal.instead_of) for proposal in proposals if proposal.instead_of is not None]
    if len(leaner) > MOST_NAMES:
        _say_several_leaner(reply, leaner)
        return
    for proposal, usual in leaner:
        reply.say(
            "leaner",
            name=proposal.decision.workspace_name,
            size=proposal.decision.worker_instance_type,
            cost=money(proposal.cost.expected, proposal.cost.currency),
            usual=money(usual.expected, usual.currency),
        )


def _say_several_leaner(reply: Reply, leaner: Sequence[tuple[Proposal, Estimate]]) -> None:
    currency = leaner[0][0].cost.currency
    reply.say(
        "leaner_several",
        count=len(leaner),
        names=several([proposal.decision.workspace_name for proposal, _ in leaner]),
        cost=money(sum((proposal.cost.expected for proposal, _ in leaner), Decimal(0)), currency),
        usual=money(sum((usual.expected for _, usual in leaner), Decimal(0)), currency),
    )


def say_too_many(reply: Reply, count: int) -> None:
    reply.say("too_many", count=count, most=MOST_WORKSPACES)


def _over_limit(reply: Reply, draft: Draft, proposal: Proposal) -> None:
    """Says by how much, and offers what fits; nothing is shrunk silently."""
    excess = proposal.excess
    if excess is None:
        return
    identity, platform, today = draft.deployment_id or "", reply.settings.platform, reply.today
    options = fitting_options(draft.request, platform, identity=identity, today=today)
    least = cheapest_option(draft.request, platform, identity=identity, today=today)
    currency = proposal.cost.currency
    reply.say(
        "over_limit",
        which=proposal.decision.workspace_name,
        expected=money(proposal.cost.expected, currency),
        by=money(excess.by, currency),
        whose="your" if draft.request.cost_limit is not None else f"the {proposal.decision.environment}",
        limit=money(excess.limit, currency),
        platform=money(
            platform.policy.environments[proposal.decision.environment].cost_limit, platform.defaults.currency
        ),
        offers=bool(options),
        cheapest=money(least.cost.expected, currency),
    )
    if options:
        show_options(reply, "What fits", options)
    offers = tuple(Offer(label=option.label, changes=option.changes) for option in options)
    if len(reply.talk.drafts) > 1:
        offers = ()
    reply.talk = reply.talk.with_(asked=("cost_limit",), offers=offers, awaiting=None)
    reply.ask((_limit_question(reply, offers, proposal.cost.expected),))


def _limit_question(reply: Reply, offers: tuple[Offer, ...], expected: Decimal) -> SlotQuestion:
    question = reply.settings.wording.question("cost_limit")
    picks = tuple(Choice(label=offer.label, value=f"offer:{number}") for number, offer in enumerate(offers, 1))
    enough = str(ceil(expected / 50) * 50)
    return question.model_copy(update={"choices": (*picks, Choice(label=f"Raise it to {enough}", value=enough))})


def show_options(reply: Reply, title: str, options: tuple[Option, ...]) -> None:
    """A table of configurations that would do, numbered as they are picked."""
    rows = tuple(
        (
            number,
            option.label,
            option.decision.worker_instance_type,
            worker_words(option.decision),
            money(option.cost.expected, option.cost.currency),
        )
        for number, option in enumerate(options, 1)
    )
    reply.table(title, ("#", "Configuration", "Size", "Workers", "Expected a month"), rows)


def order_plan(reply: Reply, drafts: tuple[Draft, ...], proposals: list[Proposal]) -> None:
    """One plan for all of them."""
    parts = tuple(_part(reply, draft, proposal) for draft, proposal in zip(drafts, proposals, strict=True))
    parts = (parts[0].model_copy(update={"unused": reply.talk.unused}), *parts[1:])
    _place(reply, "change" if all(draft.changes for draft in drafts) else "create", parts)


def _part(reply: Reply, draft: Draft, proposal: Proposal) -> PlanPart:
    deployment = reply.records.deployment(draft.deployment_id or "") if draft.changes else None
    return PlanPart(
        deployment_id=draft.deployment_id or "",
        action="change" if draft.changes else "create",
        request=draft.request,
        decision=proposal.decision,
        cost=proposal.cost,
        policy=proposal.findings,
        before=Before(decision=deployment.decision, cost=deployment.cost) if deployment else None,
        adopt=draft.adopt,
        sources=draft.sources,
    )


def _place(reply: Reply, action: PlanAction, parts: tuple[PlanPart, ...]) -> None:
    if reply.settings.reads_only:
        quote(reply, action, parts)
        return
    plan_id = reply.settings.new_id("pln")
    reply.orders.append(
        PlanOrder(
            plan_id=plan_id,
            action=action,
            conversation=reply.talk.id,
            turn=reply.talk.turn,
            person=reply.incoming.person,
            parts=parts,
        )
    )
    reply.talk = reply.talk.with_(planning=plan_id, asked=(), awaiting=None)
    names = several([part.decision.workspace_name for part in parts])
    reply.events.append(
        Progress(
            conversation=reply.talk.id,
            turn=reply.talk.turn,
            deployment_id=parts[0].deployment_id,
            step="plan",
            done=0,
            total=len(parts),
            text=reply.settings.wording.say("planning", names=names, sandbox=reply.sandbox),
            elapsed_s=0.0,
        )
    )
