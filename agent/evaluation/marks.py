"""What is right and wrong in what was understood or done. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from agent.evaluation.labels import GoldLine

_NAMED_ONLY = frozenset({"workspace_name", "expires_in_days"})


@dataclass
class Score:
    """One item's marks. `found`, `wrong` and `missed` count fields by name; `wrong_writes` unwanted changes."""

    problems: list[str] = field(default_factory=list[str])
    act_right: bool = True
    asked_needed: bool = True
    asked_needlessly: bool = False
    found: Counter[str] = field(default_factory=Counter[str])
    wrong: Counter[str] = field(default_factory=Counter[str])
    missed: Counter[str] = field(default_factory=Counter[str])
    wrong_writes: int = 0


def marked_line(gold: GoldLine, act: str, requests: Sequence[Mapping[str, Any]], slots: set[str]) -> Score:
    """The marks of one message that was understood so."""
    marks = Score()
    if act not in gold.acts:
        marks.act_right = False
        marks.problems.append(f"act {act}, not {'|'.join(sorted(gold.acts))}")
    if act == "provision" and "provision" in gold.acts and gold.requests and len(requests) != len(gold.requests):
        marks.problems.append(f"{len(requests)} requests, not {len(gold.requests)}")
    only = _NAMED_ONLY if "nonprovision_fields" in gold.tags else None
    measured: list[Mapping[str, Any]] = [*requests, *({} for _ in gold.requests)]
    for wanted, got in zip(gold.requests, measured, strict=False):
        _mark_fields(marks, {k: v for k, v in wanted.items() if only is None or k in only}, got)
    for got in requests:
        assumptions: Sequence[Mapping[str, Any]] = got.get("assumptions") or ()
        assumed = {assumption.get("field") for assumption in assumptions}
        for name in gold.must_not_set:
            if got.get(name) not in (None, [], {}) and name not in assumed:
                marks.wrong[name] += 1
                marks.problems.append(f"{name} set to {got.get(name)!r}")
    _mark_questions(marks, gold, slots)
    return marks


def _mark_fields(marks: Score, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        if same(name, value, got.get(name)):
            marks.found[name] += 1
            continue
        marks.problems.append(f"{name}={got.get(name)!r}, not {value!r}")
        marks.missed[name] += 1
        if got.get(name) not in (None, [], {}, ""):
            marks.wrong[name] += 1


def _mark_questions(marks: Score, gold: GoldLine, slots: set[str]) -> None:
    if not asked(gold.must_ask, slots):
        marks.asked_needed = False
        marks.problems.append(f"asked {sorted(slots)}, not {gold.must_ask}")
    allowed = {slot for wanted in gold.must_ask for slot in wanted.split("|")}
    allowed |= {tag.split(":", 1)[1] for tag in gold.tags if tag.startswith("may_ask:")}
    if "provision" in gold.acts and slots - allowed:
        marks.asked_needlessly = True
        marks.problems.append(f"asked needlessly {sorted(slots - allowed)}")


@dataclass(frozen=True)
class TurnObservation:
    """What a conversation has shown so far: this turn's events, the last plan, every workspace made or unmade."""

    events: Sequence[Mapping[str, Any]]
    plan: Mapping[str, Any] | None
    deployed: frozenset[str]
    destroyed: frozenset[str]


def mark_turn(marks: Score, expect: Mapping[str, Any], seen: TurnObservation) -> None:
    """Adds this turn's marks to the conversation's."""
    state: Mapping[str, Any] = seen.events[-1] if seen.events else {}
    slots = {q["slot"] for e in seen.events if e["type"] == "question" for q in e["questions"]}
    wanted = expect.get("act")
    if wanted is not None and state.get("act") not in (wanted if isinstance(wanted, list) else str(wanted).split("|")):
        marks.act_right = False
        marks.problems.append(f"act {state.get('act')}, not {wanted}")
    if "asks" in expect and not asked(expect["asks"], slots):
        marks.asked_needed = False
        marks.problems.append(f"asked {sorted(slots)}, not {expect['asks']}")
    if again := slots & set(expect.get("not_asks", [])):
        marks.asked_needlessly = True
        marks.problems.append(f"asked again {sorted(again)}")
    for path, value in expect.get("plan_fields", {}).items():
        _mark_fields(marks, {path.rsplit(".", 1)[-1]: value}, {path.rsplit(".", 1)[-1]: _at(seen.plan, path)})
    _mark_facts(marks, expect, seen, state)


def _mark_facts(marks: Score, expect: Mapping[str, Any], seen: TurnObservation, state: Mapping[str, Any]) -> None:
    facts = {
        "plan": any(e["type"] == "plan" for e in seen.events),
        "plan_superseded": any(e["type"] == "approval" and e["status"] == "superseded" for e in seen.events),
        "deployed": len(seen.deployed),
        "destroyed": len(seen.destroyed),
        "pending": bool(state.get("pending_plan")),
        "error": any(e["type"] == "error" for e in seen.events),
    }
    for name, got in facts.items():
        if name in expect and expect[name] != got:
            marks.problems.append(f"{name} {got}, not {expect[name]}")
            if name in ("deployed", "destroyed") and got > expect[name]:
                marks.wrong_writes += 1


def same(name: str, wanted: object, got: object) -> bool:
    """Whether two careful readers would call the two values the same."""
    if name == "additional_requirements":
        parts: Iterable[object] = cast("list[object]", wanted) if isinstance(wanted, list) else [wanted]
        return got is not None and all(str(part).lower() in str(got).lower() for part in parts)
    if name == "tags" and isinstance(wanted, Mapping) and isinstance(got, Mapping):
        folded = _folded(cast("Mapping[object, object]", got))
        return all(folded.get(key) == value for key, value in _folded(cast("Mapping[object, object]", wanted)).items())
    return _plain(name, cast("object", wanted)) == _plain(name, got)


def asked(wanted: Iterable[str], slots: set[str]) -> bool:
    """Whether every wanted slot was asked for; "a|b" is met by either."""
    return all(any(part in slots for part in want.split("|")) for want in wanted)


def _folded(tags: Mapping[object, object]) -> dict[str, str]:
    return {str(key).lower(): str(value).lower() for key, value in tags.items()}


def _plain(name: str, value: object) -> object:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return round(float(value), 2)
    if name == "team":
        text = re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")
        return re.sub(r"(^team-|-team$)", "", text)
    return str(value).strip().lower()


def _at(value: object, path: str) -> object:
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = cast("Mapping[str, object]", value).get(part)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            values = cast("Sequence[object]", value)
            value = values[int(part)] if part.isdigit() and int(part) < len(values) else None
        else:
            return None
    return value
