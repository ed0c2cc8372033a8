"""Questions that describe a workspace to be made and ask for its price in other words than "what does it cost"."""

import re

from plugins.domain.understanding import Act
from plugins.parse.evidence import SEVERAL, Evidence


def priced_as_described(text: str, evidence: Evidence) -> Act | None:
    """The price, where a question describes a workspace and asks for the cheapest, what to take, or what money buys."""
    asks = _CHEAPEST.search(text) or _ADVISED.search(text) or _IS_HAD.match(text) or "cost_limit" in evidence.fields
    return "cost" if evidence.facts >= SEVERAL and asks else None


_CHEAPEST = re.compile(
    r"\b(?:cheap(?:er|est)|least expensive|most affordable|lowest(?: monthly)? (?:price|cost))\b", re.IGNORECASE
)
_ADVISED = re.compile(
    r"\b(?:recommend\w{0,6}|suggest\w{0,5}|options?|suits?|fits?|should (?:we|i) (?:take|get|have|use|choose|pick))\b",
    re.IGNORECASE,
)
_IS_HAD = re.compile(
    r"(?:what|which \w{1,20}|how (?:much|big|many \w{1,20})) (?:can|could|would|do|will) (?:we|i|they|one) "
    r"(?:get|have|afford|buy)\b",
    re.IGNORECASE,
)
