"""What the providers, or Azure where they leave it open, refuse of a name. Pure; written from their side, and so apart
from the rules by which names are made.

Sentences and patterns: github.com/hashicorp/terraform-provider-azurerm, internal/services/*/validate (read 2026-11-30);
of virtual networks, subnets, security groups and public addresses Azure's own InvalidResourceName, whose patterns are
those of learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules (as remembered on 2026-11-30);
of cluster policies github.com/databricks/terraform-provider-databricks docs/resources/cluster_policy.md (2026-08-22).
"""

import re
from collections.abc import Iterator, Mapping

from plugins.deploy.sandbox.values import Object

_WORKSPACE_CHARACTERS = '"{k}" can contain only alphanumeric characters, underscores, and hyphens: "{v}"'
_NETWORK = (
    r"[a-zA-Z\d]|[a-zA-Z\d][a-zA-Z\d\-_.]{0,78}[a-zA-Z\d_]",
    (
        "{k} must be between 1 - 80 characters long, begin with a letter or number, end with a letter, number or"
        " underscore, and may contain only letters, numbers, underscores, periods, or hyphens"
    ),
)


def _azure(least: int, most: int) -> tuple[str, str]:
    return (
        rf"(?=.{{{least},{most}}}$)[a-zA-Z\d](?:[a-zA-Z\d\-_.]*[a-zA-Z\d_])?",
        (
            f"InvalidResourceName: Resource name {{v}} is invalid. The name can be up to {most} characters long. It"
            " must begin with a word character, and it must end with a word character or with '_'. The name may contain"
            " word characters or '.', '-', '_'."
        ),
    )


_RULES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "azurerm_resource_group": (
        (r".{0,90}", '"{k}" may not exceed 90 characters in length'),
        (r"(?!.*\.$).*", '"{k}" may not end with a period'),
        (
            r"[-\w._()]+",
            '"{k}" may only contain alphanumeric characters, dash, underscores, parentheses and periods',
        ),
    ),
    "azurerm_databricks_workspace": (
        (r".{3,}", '"{k}" must be at least 3 characters: "{v}"'),
        (r".{0,64}", '"{k}" must be no more than 64 characters: "{v}"'),
        (r"[a-zA-Z0-9_-]*", _WORKSPACE_CHARACTERS),
    ),
    "azurerm_databricks_access_connector": (
        (r".{1,}", '"{k}" cannot be an empty string: "{v}"'),
        (r".{0,64}", '"{k}" must be no more than 64 characters: "{v}"'),
        (r"[a-zA-Z0-9_-]*", _WORKSPACE_CHARACTERS),
    ),
    "azurerm_log_analytics_workspace": (
        (
            r"[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]",
            (
                "{k} can only contain alphabet, number, and '-' character. You can not use '-' as the start and end of"
                " the name"
            ),
        ),
        (r".{4,63}", "{k} can only be between 4 and 63 letters"),
    ),
    "azurerm_consumption_budget_resource_group": (
        (
            r"[-_a-zA-Z0-9]{1,63}",
            "{k} can contain only letters, numbers, underscore, and hyphen, and must be between 1 and 63 characters",
        ),
    ),
    "azurerm_nat_gateway": (_NETWORK,),
    "azurerm_private_endpoint": (_NETWORK,),
    "azurerm_virtual_network": (_azure(2, 64),),
    "azurerm_subnet": (_azure(1, 80),),
    "azurerm_network_security_group": (_azure(1, 80),),
    "azurerm_public_ip": (_azure(1, 80),),
    "azurerm_private_dns_zone_virtual_network_link": (_azure(1, 80),),
    "azurerm_monitor_diagnostic_setting": (
        (r"[^<>*%&:\\?+/]{1,260}", "the name {v} may hold at most 260 characters and none of <>*%&:\\?+/"),
    ),
    "databricks_cluster_policy": ((r".{1,100}", "expected length of {k} to be in the range (1 - 100), got {v}"),),
}


def refusals(kind: str, config: Object) -> Iterator[str]:
    """Everything that is wrong with the name in this configuration; nothing while it is not known."""
    name = config.get("name")
    if not isinstance(name, str):
        return
    for pattern, sentence in _RULES.get(kind, ()):
        if not re.fullmatch(pattern, name, re.ASCII | re.DOTALL):
            yield sentence.format(k="name", v=name)
