"""What is said of the workspace in sight without a verb of change: "4 workers", "owner is jane@contoso.com"."""

import re

from plugins.domain.understanding import Context
from plugins.parse import phrases
from plugins.parse.evidence import Evidence


def states_alone(text: str, evidence: Evidence, context: Context) -> bool:
    """True for "4 workers", "it needs 4 workers" and "could we have spot?" of what stands: nothing is said
    but what is to hold for it.
    """
    if context.in_sight is None or not evidence.fields - {"currency"} or evidence.fields - _CHANGED_ALONE:
        return False
    is_ordered = phrases.begins("alters", text)
    if (evidence.foreign and not is_ordered) or _TOLD.search(text) is not None:
        return False
    is_wished = phrases.says("polite", text) or _MAY_IT.search(text) is not None
    return is_ordered or is_wished or not ("?" in text or phrases.begins("question", text))


_MAY_IT = re.compile(r"\b(?:can|could|may) (?:it|this|that) (?:also )?(?:have|get|be|run|use|go)\b", re.IGNORECASE)

_TOLD = re.compile(
    r"\b(?:there(?:'s| is| are| was| were)|(?:it|that|this) (?:already )?(?:has|had)|has got|already|still"
    r"|(?:he|she|they|who|you) (?:has|had|have|said|says|say|told|tells|thinks?|thought|wrote|wants?|wanted))\b",
    re.IGNORECASE,
)
"""What is so, or what others say of it: that asks for nothing."""

_CHANGED_ALONE = frozenset(
    {"owner", "cost_center", "tags", "min_workers", "max_workers", "node_type", "photon", "spot", "cost_limit"}
    | {"currency", "hours_per_week", "enable_gpu", "network"}
)
"""What can be changed of a workspace that stands, and describes no new one by itself."""
