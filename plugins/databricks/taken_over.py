"""What was not built here stays as it was found: taking a workspace over, and changing it afterwards."""

from dataclasses import replace
from datetime import date

from plugins.check import networks
from plugins.databricks.proposal import Proposal, checked, propose
from plugins.databricks.sentences import SAYS
from plugins.domain.decision import InfrastructureDecision, NetworkDecision, Reason
from plugins.domain.errors import InvalidRequest
from plugins.domain.existing import ExistingWorkspace
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import Assumption, Environment, InfrastructureRequest
from plugins.parse.labels import environment_of

_TIERS = ("premium", "trial")
_AS_FOUND = frozenset({"region", "network", "storage_sku", "storage_firewall", "databricks_sku"})
_OF_WHAT_STANDS = frozenset(
    {"region-allowed", "region-offered", "network-allowed", "tags-required", "name-pattern"}
) | {rule.id for rule in networks.RULES}
_ENVIRONMENT_TAGS = frozenset({"environment", "env"})
_STRICTEST: tuple[Environment, ...] = ("prod", "staging", "dev")


def as_it_stands(
    request: InfrastructureRequest,
    existing: ExistingWorkspace,
    platform: PlatformSettings,
    *,
    identity: str,
    today: date,
) -> Proposal:
    """The request, planned around the workspace that exists: its network, storage, region, tier and tags are taken as
    they are, and the environment that its own tag names outranks the one that was said.

    Raises InvalidRequest for a tier that cannot be looked after, and as `propose` does.
    """
    if existing.sku not in _TIERS:
        raise SAYS.error(InvalidRequest, "import.tier", sku=existing.sku)
    stands: dict[str, object] = {
        "workspace_name": existing.name,
        "region": existing.region,
        "network": existing.network,
    }
    meant = _of_its_environment(request, existing).model_copy(update=stands)
    usual = propose(meant, platform, identity=identity, today=today)
    decision = usual.decision
    unchanged: dict[str, object] = {
        "workspace_name": existing.name,
        "resource_group_name": existing.resource_group_name,
        "existing_resource_group": True,
        # Empty marks a workspace that was taken over: it keeps the group that it came with, and nothing of ours names
        # it.
        "managed_resource_group_name": "",
        "region": existing.region,
        "databricks_sku": existing.sku,
        "network": existing.network,
        "network_details": _network(existing),
        "storage_sku": existing.storage_sku or decision.storage_sku,
        "storage_firewall": existing.storage_firewall,
        "tags": existing.tags,
        **_reasons(decision, existing),
    }
    proposal = checked(meant, decision.model_copy(update=unchanged), platform=platform, today=today)
    return replace(_admitted(proposal), instead_of=usual.instead_of)


def changed_as_found(
    proposal: Proposal, standing: InfrastructureDecision, platform: PlatformSettings, today: date
) -> Proposal:
    """The change of a workspace that was taken over: what was found of it stays, and so do its own tags."""
    request, decision = proposal.request, proposal.decision
    names = ("region", "databricks_sku", "network", "network_details", "storage_sku", "storage_firewall")
    unchanged: dict[str, object] = {name: getattr(standing, name) for name in names}
    unchanged["tags"] = {**standing.tags, **request.tags}
    as_found = tuple(each for each in standing.justification if each.about in _AS_FOUND)
    unchanged["justification"] = (*as_found, *(each for each in decision.justification if each.about not in _AS_FOUND))
    changed = checked(request, decision.model_copy(update=unchanged), platform=platform, today=today)
    return replace(_admitted(changed), instead_of=proposal.instead_of)


def _admitted(proposal: Proposal) -> Proposal:
    """What a rule denies of a new workspace is a warning for one that stands: it cannot be otherwise."""
    findings = tuple(
        finding.model_copy(update={"severity": "warn"}) if finding.rule in _OF_WHAT_STANDS else finding
        for finding in proposal.findings
    )
    return replace(proposal, findings=findings)


def environment_in(tags: dict[str, str]) -> Environment | None:
    """The environment that a workspace's own tags name, the strictest where they name several."""
    named = {environment_of(value) for tag, value in tags.items() if tag.casefold() in _ENVIRONMENT_TAGS}
    return next((environment for environment in _STRICTEST if environment in named), None)


def _of_its_environment(request: InfrastructureRequest, existing: ExistingWorkspace) -> InfrastructureRequest:
    own = environment_in(existing.tags)
    if own is None or own == request.environment:
        return request
    assumption = Assumption(field="environment", value=own, because=SAYS("import.own_tag"))
    others = tuple(each for each in request.assumptions if each.field != "environment")
    return request.model_copy(update={"environment": own, "assumptions": (*others, assumption)})


def _network(existing: ExistingWorkspace) -> NetworkDecision | None:
    if existing.virtual_network_id is None:
        return None
    return NetworkDecision(
        existing_virtual_network_id=existing.virtual_network_id,
        existing_host_subnet_name=existing.host_subnet_name,
        existing_container_subnet_name=existing.container_subnet_name,
        nat_gateway=False,
    )


def _reasons(decision: InfrastructureDecision, existing: ExistingWorkspace) -> dict[str, object]:
    because = SAYS("import.unchanged")
    choices = {
        "region": existing.region,
        "network": existing.network.replace("_", " "),
        "storage_sku": existing.storage_sku or "its storage",
        "databricks_sku": existing.sku,
    }
    reasons = tuple(
        Reason(choice=choice, because=because, source=SAYS("import.source"), about=about)
        for about, choice in choices.items()
    )
    return {
        "justification": (*reasons, *(each for each in decision.justification if each.about not in _AS_FOUND)),
        "assumptions": tuple(each for each in decision.assumptions if each.field not in _AS_FOUND),
    }
