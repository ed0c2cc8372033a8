"""Plans and deployments as they are shown: a plan as its event, a workspace as one line. Pure."""

from collections.abc import Mapping

from pydantic import JsonValue

from agent.approvals import ApprovalRules, Consents, MissingConsent, missing_consents
from agent.events import Approvers, PlanProposed, PlanView
from agent.wording import phrase, several
from plugins.deploy.diagram import diagram
from plugins.domain.deployment import Deployment
from plugins.domain.finding import Finding
from plugins.domain.money import rounded
from plugins.domain.plan import WORKSPACE, LostContent, Person, Plan, PlanItem


def plan_event(plan: Plan, rules: ApprovalRules, consents: Consents | None = None, *, turn: int) -> PlanProposed:
    """The plan as people see it: the single workspace at the top, several of them as items; and who may decide it,
    after the consents that there are.
    """
    consents = consents or Consents()
    views = tuple(_view(item) for item in plan.items)
    only = views[0] if len(views) == 1 else None
    return PlanProposed(
        conversation=plan.conversation,
        turn=turn,
        plan_id=plan.plan_id,
        digest=plan.digest,
        action=plan.action,
        request=only.request if only else None,
        decision=only.decision if only else None,
        cost=plan.cost,
        policy=_findings(views),
        resources=tuple(resource for view in views for resource in view.resources),
        imported=tuple(imported for view in views for imported in view.imported),
        items=views,
        alternatives=only.alternatives if only else (),
        before=only.before if only else None,
        diagram="".join(view.diagram for view in views),
        target=plan.target,
        approvers=approvers_of(plan, rules, consents),
        approved_by=tuple(person.name for person in consents.given),
        unused=plan.unused,
        sources=plan.sources,
        expires_at=plan.expires_at,
        confirm=plan.confirm,
    )


def approvers_of(plan: Plan, rules: ApprovalRules, consents: Consents) -> tuple[Approvers, ...]:
    """Who must still say yes: the asker or an approver, unless the policy demands others; all of those, then."""
    asker = plan.requested_by.name
    if rules.needs(plan.items):
        return tuple(_wanted(lack, asker) for lack in missing_consents(plan, rules, consents))
    words = f"{asker} or {people(rules.approver, 1)}"
    return (Approvers(role=rules.approver, count=1, names=(asker,), text=words),)


def may_confirm(plan: PlanProposed, person: Person) -> bool:
    """Whether this person's yes may count, as far as the plan tells: it spares a vain one, and decides nothing."""
    return not plan.approvers or any(
        person.name in approvers.names or (approvers.role in person.roles and person.name not in approvers.other_than)
        for approvers in plan.approvers
    )


def awaited(plan: Plan, rules: ApprovalRules, consents: Consents) -> str:
    """Whose decision it waits for, in words."""
    return "; ".join(approvers.text for approvers in approvers_of(plan, rules, consents))


def people(role: str, count: int) -> str:
    """So many people with that role: "one of platform-approvers", "2 people with the role finance"."""
    if role.endswith("s"):
        return phrase("views.of_role", count="one" if count == 1 else count, role=role)
    return phrase("views.with_role", people="somebody" if count == 1 else f"{count} people", role=role)


def _wanted(lack: MissingConsent, asker: str) -> Approvers:
    need = lack.need
    other = (asker,) if need.other_than_asker else ()
    words = people(need.role, lack.count) + (phrase("views.other_than", asker=asker) if other else "")
    return Approvers(role=need.role, count=lack.count, other_than=other, text=words)


def _view(item: PlanItem) -> PlanView:
    return PlanView(
        deployment_id=item.deployment_id,
        action=item.action,
        request=item.request,
        decision=item.decision,
        cost=item.cost,
        policy=(*_replacement(item), *_gone_already(item), *item.policy),
        resources=item.resources,
        imported=item.plan_file.imported,
        alternatives=item.alternatives,
        before=item.before,
        diagram=diagram(item.decision, item.action),
    )


def _findings(views: tuple[PlanView, ...]) -> tuple[Finding, ...]:
    """Each once; what is not of all of them says of which, where its message names none."""
    names: dict[Finding, list[str]] = {}
    for view in views:
        for finding in dict.fromkeys(view.policy):
            names.setdefault(finding, []).append(view.decision.workspace_name)
    return tuple(
        finding if len(of) == len(views) or any(name in finding.message for name in of) else _of_some(finding, of)
        for finding, of in names.items()
    )


def _of_some(finding: Finding, names: list[str]) -> Finding:
    message = phrase("views.of_some", names=several(names), message=finding.message)
    return finding.model_copy(update={"message": message})


def _replacement(item: PlanItem) -> tuple[Finding, ...]:
    """What a person must know before anything else: the workspace would be made anew, and its contents go."""
    if not item.replaces_workspace:
        return ()
    forced = sorted({name for change in item.resources if change.type == WORKSPACE for name in change.forced_by})
    because = phrase("views.forced_by", fields=", ".join(forced)) if forced else ""
    return (
        Finding(
            rule="workspace-replaced",
            severity="warn",
            message=phrase(
                "views.replaces.message",
                name=item.decision.workspace_name,
                because=because,
                anew=phrase("views.replaces.anew", lost=_listed(item.plan_file.lost)) if item.plan_file.lost else "",
            ),
            remedy=phrase("views.replaces.remedy"),
        ),
    )


def _gone_already(item: PlanItem) -> tuple[Finding, ...]:
    """The workspace was deleted by somebody else: what that took with it, and what the plan makes of the rest."""
    lost = item.plan_file.lost
    if not lost or item.replaces_workspace:
        return ()
    what = phrase(f"views.gone.{item.action}")
    message = phrase("views.gone.message", name=item.decision.workspace_name, lost=_listed(lost), what=what)
    remedy = phrase("views.gone.remedy")
    return (Finding(rule="workspace-gone", severity="warn", message=message, remedy=remedy),)


def _listed(lost: tuple[LostContent, ...]) -> str:
    """What goes with a workspace: "the cluster policy ml-dev-policy and the cluster ml-dev-etl"."""
    kinds = [(each.type.removeprefix("databricks_").replace("_", " "), each.name) for each in lost]
    return " and ".join(phrase("views.lost", kind=kind, name=name) for kind, name in sorted(kinds))


def owner_of(deployment: Deployment) -> str:
    """Whose it is, as every list says it: the owner that was named, else who asked for it."""
    return deployment.request.owner or deployment.requested_by.name


def row_of(deployment: Deployment) -> Mapping[str, JsonValue]:
    """One line of the list. `monthly` is the expected month, None while a price in it is unknown."""
    decision, cost = deployment.decision, deployment.cost
    return {
        "deployment_id": deployment.deployment_id,
        "workspace_name": deployment.workspace_name,
        "status": deployment.status,
        "environment": decision.environment,
        "team": decision.team,
        "owner": owner_of(deployment),
        "region": decision.region,
        "monthly": None if cost.is_lower_bound else float(rounded(cost.expected)),
        "currency": cost.currency,
        "expires_on": deployment.expires_on.isoformat() if deployment.expires_on else None,
        "created_at": deployment.created_at.isoformat(),
        "updated_at": deployment.updated_at.isoformat(),
        "url": _link(deployment.outputs.get("workspace_url")),
        "requested_by": deployment.requested_by.name,
    }


def _link(url: JsonValue) -> str | None:
    return url if isinstance(url, str) and url.startswith("https://") else None
