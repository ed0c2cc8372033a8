"""Is this message a yes, a no, or neither? Pure code, no model, ever.

Nothing is applied without a person's own yes to exactly the plan that they saw. A message is a sequence of phrases
from closed tables (`phrases.toml`) and runs of harmless words. It is yes when its last phrase agrees or orders, and
all that stands before is courtesy or a remark that neither asks, doubts, limits nor adds; behind a report of somebody
else's mind only an order counts, or another sentence. It is no when it refuses and says nothing else but why. What puts
the decision off is neither. A word that the tables do not hold makes it neither, and neither is never yes.
What this costs: an unusual yes is asked for again.
"""

import re
from dataclasses import dataclass
from typing import Literal

from agent.dialogue.consent.grammar import MOST_CHARACTERS, Unit, UnitKind, folded, units, words_of
from plugins.domain.plan import ConfirmBy, PlanAction

Consent = Literal["yes", "no", "neither"]

_MOST_READ = 4 * MOST_CHARACTERS
"""Characters of a text, marks and names among them, beyond which none of it is read."""

_ANOTHER = re.compile(r"(?<![\w-])(?:pln_|plan-|dbw-)[\w-]{1,64}")
"""What is shaped like the id of a plan or the name of a workspace."""

_ASTRAY = "pln_"
_POLITELY_ASKED = ("can you ", "could you ", "would you ", "can we ", "could we ", "will you ")
_AROUND: frozenset[UnitKind] = frozenset({"weak", "remark", "report", "fine"})
_BARE: frozenset[UnitKind] = frozenset({"yes_word", "yes_done"})
_AGREEING: frozenset[UnitKind] = frozenset({"yes", "yes_word", "yes_done", "yes_that"})
_TAKES: frozenset[UnitKind] = frozenset({"make", "take"})
_TAKING_UP = _AROUND | _AGREEING | _TAKES
_AFTER: frozenset[UnitKind] = frozenset({"weak", "fine", "name"})


@dataclass(frozen=True)
class AwaitedPlan:
    """The plan that a message is read against: how it is confirmed, what it does, what it may be called by."""

    confirm: ConfirmBy
    action: PlanAction = "create"
    plan_id: str = ""
    workspaces: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in (self.plan_id, *self.workspaces) if name)


@dataclass(frozen=True)
class ConsentReading:
    """`is_named` when a yes or no names the plan, or all of its workspaces, and can so mean no other one; `is_astray`
    when it is an agreement that names another plan or workspace, or not all of them, and nothing else; `is_put_off`
    when it says that the decision comes later, and nothing else.
    """

    consent: Consent
    is_named: bool = False
    is_astray: bool = False
    is_put_off: bool = False


def consent(text: str, awaited: AwaitedPlan) -> Consent:
    """What this text says to the plan that waits. Linear in its length; never raises."""
    return consent_reading(text, awaited).consent


def consent_reading(text: str, awaited: AwaitedPlan) -> ConsentReading:
    """What this text says to the plan that waits, and whether it names it.

    Where a phrase must be typed, only that phrase, exactly and alone, is yes.
    """
    if awaited.confirm.kind == "type" and text.strip() == awaited.confirm.phrase:
        return ConsentReading("yes", is_named=True)
    words = "" if len(text) > _MOST_READ else folded(text)
    names = _named(words, awaited)
    if _refuses(words, awaited):
        return ConsentReading("neither") if names == "some" else ConsentReading("no", is_named=names == "all")
    if awaited.confirm.kind == "type" or "?" in words or "\u00bf" in words:
        return ConsentReading("neither")
    parsed = units(
        _ANOTHER.sub(lambda name: name[0] if name[0] in awaited.names else _ASTRAY, words), awaited.names | {_ASTRAY}
    )
    if parsed is None or not _agrees(parsed, awaited) or _is_quoted(words, parsed):
        return ConsentReading("neither", is_put_off=_puts_off(parsed or ()))
    astray = names == "some" or any(unit.words == _ASTRAY for unit in parsed)
    return ConsentReading("neither", is_astray=True) if astray else ConsentReading("yes", is_named=names == "all")


def takes_up(text: str, *, waits: bool) -> bool:
    """True for "use it", "yes, do that" and the like, after a "what if": it is taken up as a change, never as consent.

    Where no plan waits, an order to make it ("create it then") takes it up as well.
    """
    words = "" if len(text) > _MOST_READ else folded(text)
    parsed = units(words, frozenset()) if "?" not in words else None
    if not parsed or any(unit.kind not in _TAKING_UP for unit in parsed):
        return False
    taking: set[UnitKind] = {"yes_that", "take"} if waits else {"yes_that", "take", "make"}
    return any(unit.kind in taking or _says_that(unit) for unit in parsed)


def _says_that(unit: Unit) -> bool:
    """True for an order upon "that" or "the change": what was last talked of, rather than the plan."""
    return unit.kind in ("yes", "yes_word", "make") and (
        unit.words.endswith((" that", " this")) or " change" in unit.words
    )


def speaks_against(text: str) -> bool:
    """True when the text holds a word that people say no with, whatever it is about."""
    return not words_of("negation_words").isdisjoint(folded(text).replace(",", " ").replace(".", " ").split())


def refuses_something(text: str) -> bool:
    """True when a whole clause of the text turns something down, whatever its other clauses say."""
    clauses: dict[int, set[UnitKind]] = {}
    for unit in units(folded(text).replace("?", "."), frozenset(), most=len(text) * 4) or ():
        clauses.setdefault(unit.clause, set()).add(unit.kind)
    refusing: set[UnitKind] = {"no", "dont", "no_new", "no_destroy"}
    return any(kinds & refusing and kinds <= refusing | _AROUND | {"reason", "later"} for kinds in clauses.values())


def _says_not_now(unit: Unit) -> bool:
    """True for "not today", which goes with a no; "not yet" goes with a yes to come."""
    words = unit.words.split()
    return words[0] == "not" and words[-1] in words_of("now_words")


def _puts_off(parsed: tuple[Unit, ...]) -> bool:
    kinds = {unit.kind for unit in parsed}
    return "later" in kinds and kinds <= {"later", "weak", "name"}


def _agrees(parsed: tuple[Unit, ...], awaited: AwaitedPlan) -> bool:
    order: UnitKind = "destroy" if awaited.action == "destroy" else "make"
    agreeing = _AGREEING | {order}
    kinds = [unit.kind for unit in parsed]
    last = max((at for at, kind in enumerate(kinds) if kind in agreeing), default=None)
    if last is None:
        return False
    before, after = set(kinds[:last]), set(kinds[last + 1 :])
    if not (before <= _AROUND | agreeing | {"name"} and after <= _AFTER):
        return False
    if not _is_in_earnest(parsed, parsed[last]) or _says_what_to_confirm(parsed, last):
        return False
    return not (_is_of_a_report(parsed, last) or _is_guessed(parsed) or _is_an_answer(parsed, last, awaited))


def _says_what_to_confirm(parsed: tuple[Unit, ...], at: int) -> bool:
    """True where the agreement wants something of the reader, or asks back: "confirm that it works", "run it by me",
    "approved, right".
    """
    agreement, after = parsed[at], parsed[at + 1 :]
    if any(unit.kind == "weak" and "right" in unit.words.split() for unit in after):
        return True
    together = [unit for unit in after if unit.clause == agreement.clause and unit.kind == "fine"]
    if any("by" in unit.words.split() for unit in together):
        return agreement.kind != "yes_done"
    return agreement.kind in ("yes", "yes_done") and bool(together) and _holds(agreement, "assuring_words")


def _is_an_answer(parsed: tuple[Unit, ...], at: int, awaited: AwaitedPlan) -> bool:
    """True for a bare yes beside what a question may have been about: "yes, the cost is clear", and, while a destroy
    waits, "yes, it works".
    """
    agreement = parsed[at]
    if agreement.kind not in _BARE:
        return False
    beside = [unit for unit in parsed if unit.sentence == agreement.sentence and unit.kind in ("fine", "remark")]
    praised = awaited.action == "destroy" and any(_holds(u, "praised_words") for u in beside if u.kind == "fine")
    understood = agreement.kind == "yes_word" and any(_holds(unit, "understanding_words") for unit in beside)
    return praised or understood


def _is_in_earnest(parsed: tuple[Unit, ...], agreement: Unit) -> bool:
    """Laughter stands nowhere, or only at the very start, before an order in another clause ("lol ok. do it")."""
    words = [word for unit in parsed for word in unit.words.split()]
    laughs = [word in words_of("laughter") for word in words]
    if not any(laughs):
        return True
    begins = laughs[0] and not any(laughs[1:])
    return begins and agreement.kind not in _BARE and parsed[0].clause != agreement.clause


def _is_of_a_report(parsed: tuple[Unit, ...], at: int) -> bool:
    """True when the agreement there may belong to what is told beside it: "he is fine with it, yes", "she is happy with
    it and approved", "it was approved", "approved by all".
    """
    before, agreement, after = parsed[:at], parsed[at], parsed[at + 1 :]
    sentence = [unit for unit in before if unit.sentence == agreement.sentence]
    if sentence and sentence[0].words.split()[:1] == ["and"]:  # goes on with the sentences before
        sentence = list(before)
    clause = [unit for unit in sentence if unit.clause == agreement.clause]
    if agreement.kind == "yes_done" and any(_holds(unit, "telling_words") for unit in clause):
        return True
    if after and after[0].words.startswith("by ") and not after[0].words.startswith("by me"):
        return True
    # "I checked with finance. Approved." is what they said.
    if agreement.kind == "yes_done" and any(map(_is_of_others, before)):
        return True
    # "Tom said yes, go ahead" may be all his.
    if any(unit.kind == "report" and _holds(unit, "saying_words") for unit in sentence):
        return True
    if any(unit.kind == "report" for unit in sentence):
        return agreement.kind in _BARE or _is_theirs(clause, agreement)
    return False


def _is_quoted(words: str, parsed: tuple[Unit, ...]) -> bool:
    """True where what others said may follow in their words: "spoke with my boss: go ahead"."""
    return _ANNOUNCES.search(words) is not None and any(_is_of_others(unit) for unit in parsed)


def _is_of_others(unit: Unit) -> bool:
    """True for a report of what others think or said, or of what was said to them; "that answers my question" and "that
    is what I want" are none.
    """
    words = unit.words.split()
    return unit.kind == "report" and (words[0] not in _OF_AN_ANSWER or (words[1:2] == ["was"] and "for" in words))


_OF_AN_ANSWER = frozenset({"that", "this", "it", "that's", "it's"})


_ANNOUNCES = re.compile(r":|\s[-\u2013\u2014]+\s")


def _is_theirs(clause: list[Unit], agreement: Unit) -> bool:
    """True for what goes on in the clause of a report, whose people may do it: "they are fine with it and confirm",
    "this is what they meant by go ahead".
    """
    reported = any(unit.kind == "report" for unit in clause)
    joined = any("and" in unit.words.split() for unit in clause)
    is_own = any(_holds(unit, "own_words") for unit in clause) or agreement.words.startswith(("i ", "we "))
    return (reported or joined) and not is_own


def _is_guessed(parsed: tuple[Unit, ...]) -> bool:
    """True when a report is told as a guess: "it seems, he is fine with it"."""
    reported = {unit.sentence for unit in parsed if unit.kind == "report"}
    return any(u.sentence in reported and u.kind == "remark" and _holds(u, "hedge_words") for u in parsed)


def _holds(unit: Unit, table: str) -> bool:
    return not words_of(table).isdisjoint(unit.words.split())


def _named(text: str, awaited: AwaitedPlan) -> Literal["none", "some", "all"]:
    """Whether it names none, some or all of what the plan is about; its own id names all of it."""
    tokens = {word.strip(".,;:!") for word in text.split()}
    if awaited.plan_id and awaited.plan_id.casefold() in tokens:
        return "all"
    workspaces = {name.casefold() for name in awaited.workspaces}
    if not workspaces & tokens:
        return "none"
    return "all" if workspaces <= tokens else "some"


def _refuses(text: str, awaited: AwaitedPlan) -> bool:
    politely = next((polite for polite in _POLITELY_ASKED if text.startswith(polite)), "")
    parsed = units(text.removeprefix(politely).rstrip("? ") if politely else text, awaited.names)
    if parsed is None or "?" in (text.rstrip("? ") if politely else text) or "\u00bf" in text:
        return False
    refusing: set[UnitKind] = {"no", "dont", "no_destroy" if awaited.action == "destroy" else "no_new"}
    kinds = {unit.kind for unit in parsed}
    if not kinds & refusing or kinds - refusing - _AROUND - {"reason", "name", "later"}:
        return False
    if any(unit.kind == "later" and not _says_not_now(unit) for unit in parsed):
        return False  # "nah wait" may take itself back, "no, I'll confirm it tomorrow" keeps the plan
    return not any(_turned(parsed, at) for at in range(len(parsed)))


def _turned(parsed: tuple[Unit, ...], at: int) -> bool:
    """True when what stands beside this unit gives it another sense: "don't stop", "not cancel", "no, all good"."""
    unit = parsed[at]
    following = parsed[at + 1] if at + 1 < len(parsed) else None
    if following is None:
        return False
    together = following.clause == unit.clause
    if unit.kind == "dont":
        return together and following.kind != "weak"
    if unit.negates:
        return together and following.kind in ("no", "dont", "no_new", "no_destroy")
    return unit.kind == "no" and following.kind in ("remark", "report", "fine")
