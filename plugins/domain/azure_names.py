"""Names of the resources around a workspace, made from its own: each by its own rule, the same for ever.

A workspace's name may hold up to 64 letters, digits, hyphens and underscores, in any order; what is called after it may
be more particular. Where the plain name ("NAME-vnet") is refused, what does not belong is replaced, what is too long is
cut, and six digits of a hash of the whole name keep two of them apart.

Rules: the validators of github.com/hashicorp/terraform-provider-azurerm (internal/services/*/validate, read 2026-11-30:
log_analytics_workspace_name.go, access_connector_name.go, nat_gateway_name.go, private_link_name.go, consumption's
name.go), and Azure's own for what the provider leaves open
(learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules, as remembered on 2026-11-30).
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

_HASH_LENGTH = 6
_LEAST, _MOST = 3, 64
"""Of a workspace's own name."""

_LOOKED_AT = 200
"""Characters of a refused name that another is made from."""


@dataclass(frozen=True)
class NameRule:
    """`most` characters in all; `stem` is what may stand before the suffix."""

    most: int
    stem: re.Pattern[str]


_NETWORK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_WORDS = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_STRICT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?", re.ASCII)

_RULES: Mapping[str, NameRule] = {
    "access": NameRule(64, _WORDS),
    "browser-authentication": NameRule(80, _NETWORK),
    "container": NameRule(80, _NETWORK),
    "databricks-ui-api": NameRule(80, _NETWORK),
    "diagnostics": NameRule(260, _WORDS),
    "dns": NameRule(80, _NETWORK),
    "egress": NameRule(80, _NETWORK),
    "endpoints": NameRule(80, _NETWORK),
    "host": NameRule(80, _NETWORK),
    "logs": NameRule(63, _STRICT),
    "managed": NameRule(63, _WORDS),
    "nat": NameRule(80, _NETWORK),
    "nsg": NameRule(80, _NETWORK),
    "vnet": NameRule(64, _NETWORK),
    "workspace": NameRule(63, _WORDS),
}
"""Suffix → rule. "managed" and "workspace" are the two budgets."""


def names_after(workspace: str) -> dict[str, str]:
    """Key ("databricks_ui_api") → name of everything that is called after a workspace of that name."""
    return {suffix.replace("-", "_"): _named(workspace, suffix, rule) for suffix, rule in _RULES.items()}


def workspace_name_like(name: str) -> str:
    """A name that Azure takes for a workspace, as like the refused one as can be."""
    words = re.sub(r"[^A-Za-z0-9_-]+", "-", name[:_LOOKED_AT]).strip("-_")
    return shortened(words if len(words) >= _LEAST else f"dbw-{words}".strip("-"), _MOST)


def shortened(name: str, most: int) -> str:
    """The name within its length; one that had to be cut ends in digits of its hash."""
    if len(name) <= most:
        return name
    return f"{name[: most - _HASH_LENGTH - 1].rstrip('-_.')}-{_hash(name)}"


def _named(workspace: str, suffix: str, rule: NameRule) -> str:
    plain = f"{workspace}-{suffix}"
    if len(plain) <= rule.most and rule.stem.fullmatch(workspace):
        return plain
    room = rule.most - len(suffix) - _HASH_LENGTH - len("--")
    # Letters, digits and single hyphens are taken by every rule.
    stem = re.sub(r"[^A-Za-z0-9]+", "-", workspace).strip("-")[:room].rstrip("-") or "w"
    return f"{stem}-{_hash(workspace)}-{suffix}"


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]
