"""Is this message a yes, a no, or neither? Pure code, no model, ever.

A message is consent only when every word of it belongs to consenting and at least one of them is strong ("yes",
"confirm", "apply it"). Whatever else it might mean makes it neither, and neither is never yes. Contract, section 2.
"""

import re
import unicodedata
from typing import Literal

from plugins.domain.plan import ConfirmBy

Consent = Literal["yes", "no", "neither"]

_LONGEST = 80
"""Characters beyond which a message says more than yes or no."""

_STRONG_YES = (
    r"yes|yep|yeah|yup|aye|confirm(?:ed)?|approved?|i (?:confirm|approve|agree)(?: it| this| that| the plan)?"
    r"|(?:confirm|approve|apply|deploy|execute|launch|build|create|ship)"
    r" (?:it|this|that|them|both|all|the plan|this plan|now)"
    r"|apply|deploy|go ahead|go for it|do it|make it so|proceed|please do|let'?s (?:go|do (?:it|this))"
)
_WEAK_YES = (
    r"ok(?:ay)?|sure|fine|great|perfect|good|looks? good|lgtm|sounds? good|all good|please|pls|thanks|thank you"
    r"|now|then|and|with it|with this|with that|absolutely|definitely|of course|it is|that'?s (?:right|correct|fine)"
)
_STRONG_NO = (
    r"no|nope|nah|cancel|reject(?:ed)?|abort|stop|decline|discard|never ?mind|forget it"
    r"|(?:cancel|reject|abort|stop|decline|discard|drop) (?:it|this|that|them|the plan|this plan|everything)"
    r"|(?:do not|don'?t)(?: you dare)?(?: (?:deploy|apply|do|build|create|proceed|go ahead|execute|confirm))"
    r"(?: (?:it|this|that|them|anything|the plan))?|leave it"
)
_WEAK_NO = r"please|pls|thanks|thank you|thx|that|it|the plan|sorry|ok(?:ay)?|for now|then|and|better not|rather not"

_MARKS = re.compile(r"[\s,.;:!…\u2013\u2014-]+")
_CHEERING = re.compile("[\U0001f44d\U0001f64f\U0001f389\U0001f680\U0001f642\u2705\U0001f3fb-\U0001f3ff\ufe0f]+")


def consent(text: str, confirm: ConfirmBy) -> Consent:
    """What this text says to a plan that is confirmed as `confirm` demands.

    Where a phrase must be typed, only that phrase, exactly and alone, is yes.
    """
    words = _plain(text)
    if words is None:
        return "neither"
    if _consists_of(words, _STRONG_NO, _WEAK_NO):
        return "no"
    if confirm.kind == "type":
        return "yes" if text.strip() == confirm.phrase else "neither"
    return "yes" if _consists_of(words, _STRONG_YES, _WEAK_YES) else "neither"


def _plain(text: str) -> str | None:
    """Lower-case words with single blanks; None when the text is too long, asks, quotes or spans lines."""
    stripped = text.strip()
    if not stripped or len(stripped) > _LONGEST or "\n" in stripped:
        return None
    folded = unicodedata.normalize("NFKC", stripped).casefold().replace("\u2019", "'")
    if any(mark in folded for mark in '?"`<>{}[]()/\\|=@#'):
        return None
    return _MARKS.sub(" ", _CHEERING.sub(" ", folded)).strip()


def _consists_of(words: str, strong: str, weak: str) -> bool:
    """True when the words are nothing but strong and weak phrases, at least one of them strong."""
    phrase = rf"(?:(?:{strong}|{weak})(?: |$))"
    return bool(re.fullmatch(rf"{phrase}+", words)) and bool(re.search(rf"(?:^| )(?:{strong})(?: |$)", words))
