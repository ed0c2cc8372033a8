"""What a cluster policy refuses of a cluster. Pure.

A range or a list demands its field unless it is optional (learn.microsoft.com/azure/databricks/admin/clusters/
policy-definition, as remembered on 2026-11-30). Sentences: github.com/databricks/terraform-provider-databricks issue
403, read 2026-11-30.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from plugins.deploy.sandbox.values import UNKNOWN, Object, Value, at

_BLOCKS = ("autoscale", "azure_attributes")


def violations(definition: str, cluster: Object) -> Iterator[str]:
    """One sentence for each field that is otherwise than the policy's definition demands."""
    rules: Mapping[str, Mapping[str, Any]] = json.loads(definition or "{}")
    for field, rule in rules.items():
        value = _value(cluster, field)
        wanted = _wanted(rule, value)
        if wanted:
            yield f"Validation failed for {field}, the value must be {wanted}"


def _value(cluster: Object, field: str) -> Value:
    block, _, inner = field.partition(".")
    # A cluster that scales sends no number, whatever its state says.
    if field == "num_workers" and cluster.get("autoscale"):
        return None
    return at(cluster, f"{block}.0.{inner}") if block in _BLOCKS else at(cluster, field)


def _wanted(rule: Mapping[str, Any], value: Value) -> str | None:
    if value is UNKNOWN:
        return None
    if value is None or value == "":
        return None if rule.get("isOptional") or "defaultValue" in rule else "present"
    match rule.get("type"):
        case "range" if isinstance(value, int | float):
            return _out_of_range(rule, value)
        case "allowlist" if value not in rule["values"]:
            return f'one of {", ".join(map(str, rule["values"]))} (is "{value}")'
        case "fixed" if value != rule["value"]:
            return f'{rule["value"]} (is "{value}")'
        case _:
            return None


def _out_of_range(rule: Mapping[str, Any], value: float) -> str | None:
    if value > rule.get("maxValue", value):
        return f'at most {rule["maxValue"]} (is "{value:g}")'
    return f'at least {rule["minValue"]} (is "{value:g}")' if value < rule.get("minValue", value) else None
