"""A model's own words for an answer, held to the facts: no figure, name or address that the facts do not hold.

Whoever reads "that costs 120 USD" must be able to trust it. So each sentence is checked before anybody sees it; the
first one that says more than is known, or claims that something was done, ends the model's answer.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator

from agent.brain.protocol import PhrasingRequest

_LONGEST = 1200
_END = re.compile(r"(?<=[.!?])\s+|\n+")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+|\b\S+@\S+\.\w+|\]\(|<\w", re.IGNORECASE)
_SIZE = re.compile(r"\b(?:standard_)\w+", re.IGNORECASE)
_CLAIM = re.compile(
    r"\b(?:i|we|brickie|it|this|that|everything|the (?:plan|workspace|deployment|cluster))(?:'ve|'s| have| has| was"
    r"| were| is| are| am|'m|'re)?(?: now| just| already| been| being| successfully)*"
    r" (?:approv|appli|apply|confirm|deploy|destroy|delet|execut|creat|remov|provision|reject|extend|cancel|grant)"
    r"(?:ed|ied|ing|e)\b"
    r"|\b(?:approved|applied|deployed|destroyed|deleted|confirmed)[.!]?$|\bdone[.!]?$",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"\b(?:api[ _-]?key|password|secret|token|bearer|credential|client_secret|connection ?string)s?\b\W{0,4}"
    r"(?:is|are|:|=)"
    r"|\b(?:sk|pk|ghp|xox[bap])[-_][A-Za-z0-9]{8,}|\bdapi[0-9a-f]{8,}|system prompt|my instructions",
    re.IGNORECASE,
)


class AnswerCheck:
    """Collects the sentences that hold."""

    def __init__(self, question: PhrasingRequest) -> None:
        self._question = question
        known = f"{question.facts}\n{question.text}"
        self._figures = {_normal(figure) for figure in _FIGURE.findall(known)}
        self._facts = question.facts.casefold()
        self._said: list[str] = []
        self._broken = False

    def takes(self, sentence: str) -> bool:
        """True when this sentence may be told; False ends the answer."""
        self._broken = not self._holds(sentence)
        if not self._broken:
            self._said.append(sentence)
        return not self._broken

    @property
    def whole(self) -> str | None:
        """The answer; None when nothing was told: then the facts speak for themselves."""
        return self.broken_off if self._broken else self._told or None

    @property
    def broken_off(self) -> str | None:
        """What was told, and the facts after it; None when nothing was told."""
        return f"{self._told}\n\n{self._question.facts}" if self._told else None

    @property
    def _told(self) -> str:
        return "".join(self._said).strip()

    def _holds(self, sentence: str) -> bool:
        if _CLAIM.search(sentence.strip()) or _SECRET.search(sentence) or _ADDRESS.search(sentence):
            return False
        if any(size.casefold() not in self._facts for size in _SIZE.findall(sentence)):
            return False
        return all(_normal(figure) in self._figures for figure in _FIGURE.findall(sentence))


async def sentences(pieces: AsyncIterator[str]) -> AsyncGenerator[str]:
    """Whole sentences out of a stream of pieces, blanks kept; what runs on too long is cut off."""
    waiting, length = "", 0
    async for piece in pieces:
        waiting += piece
        while end := _END.search(waiting):
            yield waiting[: end.end()]
            length += end.end()
            waiting = waiting[end.end() :]
        if length + len(waiting) > _LONGEST:
            return
    if waiting.strip():
        yield waiting


def _normal(figure: str) -> str:
    plain = figure.replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
