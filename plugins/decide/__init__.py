"""Request in, decision out: which configuration, and why each part of it.

Pure rules over the house rules and the catalogue. Every choice carries its reason and source; what nobody said
is listed as an assumption. `decide` never shrinks a request to fit a limit: it decides what was asked for, and
`variants` and `cheapest` name other requests that the caller may price and offer.
"""

from plugins.decide.decision import Lean, decide
from plugins.decide.variants import Variant, cheaper_variants, cheapest, variants

__all__ = ["Lean", "Variant", "cheaper_variants", "cheapest", "decide", "variants"]
