"""Findings: what the house rules say of a decision. Pure; a `deny` stops before Terraform.

A rule is a function with an id and a severity in one table (`rules.RULES`); what it says stands under its id in
sentences.toml. The house overrides a severity, or silences a rule with "off", by Policy__Severities in the settings.

Beside the rules: `approvers`, whose yes a plan takes (production: a second person), and `expiry`, how long a workspace
may live. A month's limit is no rule: `plugins.estimate.limit` holds it, and `agent.turn.proposals` judges by it.
"""

from plugins.check.rules import RULES, check, check_destroy

__all__ = ["RULES", "check", "check_destroy"]
