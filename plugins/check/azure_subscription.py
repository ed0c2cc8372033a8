"""What a subscription itself would refuse: names that are taken, policies, networks, and what was not checked.

A managed group must not exist beforehand, nor the resource group that is made
(github.com/hashicorp/terraform-provider-azurerm 5.2.0, databricks_workspace and resource_group, 2026-08-21).
"""

from collections.abc import Iterator

from plugins.check.sentences import SAYS
from plugins.check.subject import Rule, Subject, Verdict
from plugins.domain.azure_facts import Assignment, AzureFacts, LookUp, Subnet, VirtualNetwork
from plugins.domain.azure_names import names_after
from plugins.domain.decision import InfrastructureDecision

MOST_GROUPS = 980
"""Resource groups of a subscription (learn.microsoft.com/azure/databricks/resources/limits, read 2026-11-22)."""

_DELEGATION = "microsoft.databricks/workspaces"
_WORKSPACES = "/providers/microsoft.databricks/workspaces/"


def _is_new(s: Subject) -> bool:
    """What stands already holds its own names."""
    known = s.among.standing(s.decision.identity) is not None or s.decision.is_taken_over
    return not known and s.decision.workspace_name.casefold() not in s.platform.azure.ours


def _name(s: Subject) -> Verdict:
    facts, decision = s.platform.azure, s.decision
    if not _is_new(s):
        return None
    ids = {workspace.id for workspace in facts.workspaces or ()}
    own = f"/resourcegroups/{decision.resource_group_name}{_WORKSPACES}{decision.workspace_name}".casefold()
    if any(id_.endswith(own) for id_ in ids):
        return SAYS.pair("azure-name.workspace", name=decision.workspace_name, group=decision.resource_group_name)
    groups = facts.groups or frozenset()
    made = () if decision.existing_resource_group else (decision.resource_group_name,)
    taken = next((name for name in (*made, decision.managed_resource_group_name) if name.casefold() in groups), None)
    return None if taken is None else SAYS.pair("azure-name.group", group=taken, name=decision.workspace_name)


def _name_elsewhere(s: Subject) -> Verdict:
    if not _is_new(s):
        return None
    end = f"{_WORKSPACES}{s.decision.workspace_name}".casefold()
    other = next((one.id for one in s.platform.azure.workspaces or () if one.id.endswith(end)), None)
    if other is None:
        return None
    if not s.platform.azure.may_name(s.decision.workspace_name):
        return SAYS.pair("azure-name-elsewhere.unnamed", name=s.decision.workspace_name)
    group = other.partition("/resourcegroups/")[2].partition("/")[0]
    return SAYS.pair("azure-name-elsewhere", name=s.decision.workspace_name, group=group)


def _logs(s: Subject) -> Verdict:
    if not _makes_logs(s) or not _is_new(s):
        return None
    name = names_after(s.decision.workspace_name)["logs"]
    is_deleted = name.casefold() in (s.platform.azure.deleted_logs or frozenset())
    return SAYS.pair("azure-logs", name=name) if is_deleted else None


def _makes_logs(s: Subject) -> bool:
    return s.decision.diagnostics and s.platform.bring_your_own.log_analytics_workspace_id is None


def _groups(s: Subject) -> Verdict:
    groups = s.platform.azure.groups
    if groups is None or not _is_new(s):
        return None
    more = 1 if s.decision.existing_resource_group else 2
    if len(groups) + more <= MOST_GROUPS:
        return None
    return SAYS.pair("azure-groups", count=len(groups), most=MOST_GROUPS, more=more)


def _provider(s: Subject) -> Verdict:
    return SAYS.pair("azure-provider") if s.platform.azure.is_registered is False else None


def _policy(s: Subject) -> Verdict:
    for assignment in s.platform.azure.policies or ():
        refused = _refused(assignment, s.decision)
        if refused is not None:
            if assignment.kind in ("tag", "group_tag"):
                return SAYS.pair("azure-policy.tag", name=assignment.name, refused=refused)
            allowed = ", ".join(assignment.values[:_MOST_NAMED])
            return SAYS.pair("azure-policy.values", name=assignment.name, refused=refused, allowed=allowed)
    return None


_MOST_NAMED = 8


def _refused(assignment: Assignment, decision: InfrastructureDecision) -> str | None:
    """What of the decision that policy denies."""
    allowed = {value.replace(" ", "").casefold() for value in assignment.values}
    match assignment.kind:
        case "regions" | "group_regions":
            return None if decision.region in allowed else decision.region
        case "sizes":
            wanted = (decision.driver_instance_type, decision.worker_instance_type)
            return next((name for name in wanted if name.casefold() not in allowed), None)
        case "tag" | "group_tag":
            tags = {tag.replace(" ", "").casefold() for tag in decision.tags}
            return next((value for value in assignment.values if value.replace(" ", "").casefold() not in tags), None)


def _network(s: Subject) -> Verdict:
    details = s.decision.network_details
    network = _known_network(s)
    if details is None or network is None:
        return None
    if not network.exists:
        return SAYS.pair("azure-network.missing", network=_short(network.id))
    if network.region and network.region != s.decision.region:
        return SAYS.pair(
            "azure-network.region", network=_short(network.id), there=network.region, region=s.decision.region
        )
    names = (details.existing_host_subnet_name, details.existing_container_subnet_name)
    verdicts = (_subnet(s, network, name) for name in names if name)
    return next((verdict for verdict in verdicts if verdict is not None), None)


def _known_network(s: Subject) -> VirtualNetwork | None:
    details = s.decision.network_details
    if details is None or details.existing_virtual_network_id is None:
        return None
    return s.platform.azure.networks.get(details.existing_virtual_network_id.casefold())


def _subnet(s: Subject, network: VirtualNetwork, name: str) -> Verdict:
    subnet = network.subnets.get(name.casefold())
    if subnet is None:
        return SAYS.pair("azure-network.no_subnet", network=_short(network.id), subnet=name)
    if _DELEGATION not in {delegation.casefold() for delegation in subnet.delegations}:
        return SAYS.pair("azure-network.delegation", network=_short(network.id), subnet=name)
    user = _user_of(s, network.id, subnet)
    if user is not None and not s.platform.azure.may_name(user):
        return SAYS.pair("azure-network.used_by_other", network=_short(network.id), subnet=name)
    if user is not None:
        return SAYS.pair("azure-network.used", network=_short(network.id), subnet=name, by=user)
    standing = s.among.standing(s.decision.identity)
    nodes = 1 + s.decision.max_workers - (1 + standing.max_workers if standing is not None else 0)
    if nodes > subnet.left:
        return SAYS.pair("azure-network.small", subnet=name, prefix=subnet.prefix, left=subnet.left, nodes=nodes)
    return None


def _user_of(s: Subject, network: str, subnet: Subnet) -> str | None:
    """The name of another workspace whose nodes are in it."""
    own = f"{_WORKSPACES}{s.decision.workspace_name}".casefold()
    for workspace in s.platform.azure.workspaces or ():
        is_there = workspace.network == network.casefold() and subnet.name.casefold() in workspace.subnets
        if is_there and not workspace.id.endswith(own):
            return workspace.id.rsplit("/", 1)[-1]
    return None


def _short(network: str) -> str:
    return network.rsplit("/", 1)[-1]


def _not_checked(s: Subject) -> Verdict:
    """What nobody answered is said, once for all of it: it is neither free nor allowed."""
    if not s.platform.azure.is_wanted:
        return None
    open_ = list(_open(s))
    return SAYS.pair("azure-not-checked", what="; ".join(open_)) if open_ else None


def _open(s: Subject) -> Iterator[str]:
    facts, region = s.platform.azure, s.decision.region
    for look_up, of, is_known in _asked(s, facts):
        if not is_known:
            why = facts.why_not(look_up, of) or SAYS("azure-not-checked.not_asked")
            yield SAYS("azure-not-checked.one", what=_named(look_up, region), why=why)
    if facts.unread_policies:
        yield SAYS("azure-not-checked.policies", count=len(facts.unread_policies))


def _named(look_up: LookUp, region: str) -> str:
    if look_up in ("sizes", "quota"):
        return SAYS(f"azure-not-checked.of_region.{look_up}", region=region)
    return SAYS(f"azure-not-checked.of.{look_up}")


def _asked(s: Subject, facts: AzureFacts) -> Iterator[tuple[LookUp, str, bool]]:
    """What matters for this decision, of which region, and whether it is known."""
    region = facts.region(s.decision.region)
    yield "sizes", region.region, region.sizes is not None
    yield "quota", region.region, region.quotas is not None
    yield "provider", "", facts.is_registered is not None
    yield "policies", "", facts.policies is not None
    if _is_new(s):
        yield "workspaces", "", facts.workspaces is not None
        yield "groups", "", facts.groups is not None
        if _makes_logs(s):
            yield "deleted_logs", "", facts.deleted_logs is not None
    details = s.decision.network_details
    if details is not None and details.existing_virtual_network_id is not None:
        yield "network", "", _known_network(s) is not None


RULES: tuple[Rule, ...] = (
    Rule("azure-name", "deny", _name),
    Rule("azure-policy", "deny", _policy),
    Rule("azure-network", "deny", _network),
    Rule("azure-groups", "deny", _groups),
    Rule("azure-name-elsewhere", "warn", _name_elsewhere),
    Rule("azure-logs", "warn", _logs),
    Rule("azure-provider", "warn", _provider),
    Rule("azure-not-checked", "warn", _not_checked),
)
