"""Names by the house's naming rule, always ones that Azure takes.

Limits, in characters: workspace 3 to 64 of [A-Za-z0-9_-], of which the portal takes 30; resource group at most 90 (both
by the validators of github.com/hashicorp/terraform-provider-azurerm 5.2.0, 2026-08-21); cluster policy 1 to 100
(github.com/databricks/terraform-provider-databricks docs/resources/cluster_policy.md, 2026-08-22).
"""

import hashlib
import re
from dataclasses import dataclass

from plugins.decide.choice import HOUSE, SAID, reason
from plugins.decide.sentences import SAYS
from plugins.domain.azure_names import shortened, workspace_name_like
from plugins.domain.decision import Reason
from plugins.domain.errors import ConfigurationError, InvalidRequest
from plugins.domain.platform_settings import Naming
from plugins.domain.request import InfrastructureRequest

WORKSPACE_NAME = re.compile(r"[A-Za-z0-9_-]{3,64}")
_RESOURCE_GROUP = re.compile(r"[-\w._()]{0,89}[-\w_()]", re.ASCII)
_GROUP_LENGTH, _POLICY_LENGTH = 90, 100
_TEAM_LENGTH = 18
"""Keeps "dbw-<team>-staging" within the portal's 30. What is cut ends in digits of its hash: two long names that begin
alike are two teams.
"""


@dataclass(frozen=True)
class Names:
    workspace: str
    resource_group: str
    managed_resource_group: str
    cluster: str
    cluster_policy: str
    reasons: tuple[Reason, ...]


def names(
    request: InfrastructureRequest, naming: Naming, *, region: str, identity: str, taken: frozenset[str]
) -> Names:
    """The names of one workspace's parts. A derived name that is taken gets "-2", "-3"…

    Raises InvalidRequest for a stated name that Azure refuses, ConfigurationError for a pattern that cannot work.
    """
    parts = {
        "team": shortened(slug(request.team or ""), _TEAM_LENGTH) or "team",
        "environment": str(request.environment),
        "workload": str(request.workload_type).replace("_", "-"),
        "region": region,
        "unique": hashlib.sha256(identity.encode()).hexdigest()[:6],
    }
    workspace = request.workspace_name or _free(naming.workspace, parts, taken)
    _check_workspace(workspace)
    parts["workspace"] = workspace
    group = shortened(_filled(naming.resource_group, {**parts, "suffix": ""}), _GROUP_LENGTH)
    managed = shortened(_filled(naming.managed_resource_group, {**parts, "suffix": ""}), _GROUP_LENGTH)
    for name in (group, managed):
        if not _RESOURCE_GROUP.fullmatch(name):
            raise SAYS.error(ConfigurationError, "names.group_refused", name=name[:60])
    return Names(
        workspace=workspace,
        resource_group=group,
        managed_resource_group=managed,
        cluster=shortened(_filled(naming.cluster, {**parts, "suffix": ""}), _POLICY_LENGTH),
        cluster_policy=shortened(_filled(naming.cluster_policy, {**parts, "suffix": ""}), _POLICY_LENGTH),
        reasons=_reasons(request, workspace, managed),
    )


def slug(text: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def _free(pattern: str, parts: dict[str, str], taken: frozenset[str]) -> str:
    number = 1
    while (name := _filled(pattern, {**parts, "suffix": "" if number == 1 else f"-{number}"})) in taken:
        number += 1
        # Of one name more than are taken one must be free, unless the pattern makes the same one each time.
        if number > len(taken) + 1:
            raise SAYS.error(ConfigurationError, "names.no_suffix")
    return name


def _filled(pattern: str, parts: dict[str, str]) -> str:
    try:
        return pattern.format(**parts)
    except (KeyError, IndexError, ValueError) as error:
        known = ", ".join(f"{{{name}}}" for name in sorted(parts))
        raise SAYS.error(ConfigurationError, "names.filled", pattern=pattern[:60], known=known) from error


def _check_workspace(name: str) -> None:
    if not WORKSPACE_NAME.fullmatch(name):
        raise SAYS.error(InvalidRequest, "names.workspace_refused", name=name[:60], instead=workspace_name_like(name))


def _reasons(request: InfrastructureRequest, workspace: str, managed: str) -> tuple[Reason, ...]:
    named = (
        reason("workspace_name", workspace, SAYS("names.given"), SAID)
        if request.workspace_name
        else reason("workspace_name", workspace, SAYS("names.by_rule"), HOUSE)
    )
    group = reason(
        "managed_resource_group_name",
        managed,
        SAYS("names.managed_group_because"),
        SAYS("names.managed_group_source"),
    )
    return named, group
