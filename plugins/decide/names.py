"""Names by the house's naming rule, always ones that Azure takes.

Limits (azure-databricks facts, sections 1.1 and 1.3): workspace 3 to 64 of [A-Za-z0-9_-], the portal shows 30;
resource group at most 90; cluster policy 1 to 100.
"""

import hashlib
import re
from dataclasses import dataclass

from plugins.decide.choice import HOUSE, SAID, reason
from plugins.domain.decision import Reason
from plugins.domain.errors import ConfigurationError, InvalidRequest
from plugins.domain.platform_settings import Naming
from plugins.domain.request import InfrastructureRequest

WORKSPACE_NAME = re.compile(r"[A-Za-z0-9_-]{3,64}")
_RESOURCE_GROUP = re.compile(r"[-\w._()]{0,89}[-\w_()]", re.ASCII)
_TEAM_LENGTH = 18
"""Keeps "dbw-<team>-staging" within the portal's 30."""


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
        "team": _shortened(slug(request.team or "")) or "team",
        "environment": str(request.environment),
        "workload": str(request.workload_type).replace("_", "-"),
        "region": region,
        "unique": hashlib.sha256(identity.encode()).hexdigest()[:6],
    }
    workspace = request.workspace_name or _free(naming.workspace, parts, taken)
    _check_workspace(workspace)
    parts["workspace"] = workspace
    group = _filled(naming.resource_group, {**parts, "suffix": ""})
    managed = _filled(naming.managed_resource_group, {**parts, "suffix": ""})
    for name in (group, managed):
        if not _RESOURCE_GROUP.fullmatch(name):
            raise ConfigurationError(
                "naming the resource groups", f"the naming rule gives “{name[:60]}”, which Azure refuses.",
                "Correct Naming in appsettings.json.",
            )  # fmt: skip
    return Names(
        workspace=workspace,
        resource_group=group,
        managed_resource_group=managed,
        cluster=_filled(naming.cluster, {**parts, "suffix": ""})[:100],
        cluster_policy=_filled(naming.cluster_policy, {**parts, "suffix": ""})[:100],
        reasons=_reasons(request, workspace, managed),
    )


def slug(text: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def _shortened(team: str) -> str:
    """The team within its length, cut between words where it can be."""
    if len(team) <= _TEAM_LENGTH:
        return team
    whole = team[: _TEAM_LENGTH + 1].rpartition("-")[0]
    return whole or team[:_TEAM_LENGTH]


def _free(pattern: str, parts: dict[str, str], taken: frozenset[str]) -> str:
    number = 1
    while (name := _filled(pattern, {**parts, "suffix": "" if number == 1 else f"-{number}"})) in taken:
        number += 1
        if number > len(taken) + 1:
            raise ConfigurationError(
                "naming the workspace", "the naming rule has no {suffix}, so a second workspace cannot be named.",
                "Add {suffix} to Naming__Workspace.",
            )  # fmt: skip
    return name


def _filled(pattern: str, parts: dict[str, str]) -> str:
    try:
        return pattern.format(**parts)
    except (KeyError, IndexError, ValueError) as error:
        known = ", ".join(f"{{{name}}}" for name in sorted(parts))
        raise ConfigurationError(
            "naming the workspace", f"the naming rule “{pattern[:60]}” cannot be filled.", f"It may use {known}."
        ) from error


def _check_workspace(name: str) -> None:
    if not WORKSPACE_NAME.fullmatch(name):
        raise InvalidRequest(
            "naming the workspace",
            f"Azure refuses “{name[:60]}” as a workspace name.",
            "A name has 3 to 64 letters, digits, “-” or “_”.",
        )


def _reasons(request: InfrastructureRequest, workspace: str, managed: str) -> tuple[Reason, ...]:
    named = (
        reason("workspace_name", workspace, "The name that you gave.", SAID)
        if request.workspace_name
        else reason("workspace_name", workspace, "Named by the house's naming rule.", HOUSE)
    )
    group = reason(
        "managed_resource_group_name",
        managed,
        "Always named and unique: Azure's default is built from the resource group, so two workspaces would collide.",
        "hashicorp/terraform-provider-azurerm databricks_workspace 5.2.0 (2026-08-21)",
    )
    return named, group
