"""What an approval is bound to.

`plan_digest` covers all that a confirmation accepts: through `item_digest` each workspace's resources and changes,
generated files, plan file, price and findings, and beside them the whole price and the target. One workspace of a plan
for hundreds can so be checked without the others. `semantic_digest` answers whether two plans say the same; it never
replaces the plan file's own hash: two plan files of one configuration differ (they are zip files with times in them),
and only the file itself is what Terraform applies.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from plugins.domain.estimate import Estimate
from plugins.domain.plan import PlanItem, Target

_VOLATILE = ("timestamp", "relevant_attributes")
"""The only keys of `show -json` that differ between two plans of one configuration and state: a time, and a list whose
order is by chance (three plans with Terraform 1.11.4 compared, 2026-11-22).
"""


def item_digest(item: PlanItem) -> str:
    """64 hex digits over the canonical JSON of one workspace of a plan.

    What only some plans have counts only there: a plan that an earlier version made, and that waits or is being
    applied, keeps its digest.
    """
    content = item.model_dump(mode="json")
    for part, name in ((content, "adopt"), (content["plan_file"], "existing"), (content["plan_file"], "lost")):
        if not part[name]:
            del part[name]
    for one in (content, *content["alternatives"], *filter(None, (content["before"],))):
        one["cost"] = _cost(one["cost"])
    return _sha256(content)


def plan_digest(item_digests: Sequence[str], *, cost: Estimate, target: Target) -> str:
    """64 hex digits over the canonical JSON of everything that a confirmation accepts."""
    accepted = {
        "items": list(item_digests),
        "cost": _cost(cost.model_dump(mode="json")),
        "target": target.model_dump(mode="json"),
    }
    return _sha256(accepted)


def semantic_digest(plan_json: Mapping[str, Any]) -> str:
    """64 hex digits over a plan's `show -json`, without what differs from run to run."""
    lasting = {key: value for key, value in plan_json.items() if key not in _VOLATILE}
    # Sorted, so that their order says nothing.
    for key in ("resource_changes", "resource_drift"):
        if key in lasting:
            lasting[key] = sorted(lasting[key], key=lambda change: change.get("address", ""))
    return _sha256(lasting)


def _cost(cost: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in cost.items() if name != "round_the_clock" or value is not None}


def _sha256(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
