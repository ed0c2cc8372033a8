"""One run as a table of figures, and two runs side by side."""

import json
from collections import Counter
from collections.abc import Mapping
from math import comb
from pathlib import Path

from agent.evaluation.marks import Score
from agent.evaluation.runner import EvaluationRun
from agent.wording import error_of, phrase
from plugins.domain.errors import InvalidRequest

Figures = dict[str, float | None]
_LEAST_SHOWN = 12


def figures(run: EvaluationRun) -> Figures:
    """Name → figure, in the order in which they are read; None where it is not known (money without prices)."""
    repeats_marks = [marks for repeats in run.marks.values() for marks in repeats]
    right, wrong, missed = (_sum(repeats_marks, name) for name in ("found", "wrong", "missed"))
    hits = right.total()
    repeats = max((len(r) for r in run.marks.values()), default=1)
    spent = run.spent
    messages = max(1, len(spent.seconds))
    measured: Figures = {
        "act": _share(sum(m.act_right for m in repeats_marks), len(repeats_marks)),
        "precision": _share(hits, hits + wrong.total()),
        "recall": _share(hits, hits + missed.total()),
        "asked": _share(sum(m.asked_needed for m in repeats_marks), len(repeats_marks)),
        "asked_needlessly": _share(sum(m.asked_needlessly for m in repeats_marks), len(repeats_marks)),
        "wrong_writes": float(sum(m.wrong_writes for m in repeats_marks)),
    }
    taken: Figures = {
        "calls": spent.calls / messages,
        "tokens_in": spent.input / messages,
        "tokens_out": spent.output / messages,
        "money": None if spent.money is None else float(spent.money),
        "median": _rank(spent.seconds, 0.5),
        "p95": _rank(spent.seconds, 0.95),
        "taken_over": float(spent.taken_over),
    }
    passed: Figures = {f"pass^{k}": _passed(run.marks, k) for k in range(1, repeats + 1)}
    return _named(measured) | passed | _named(taken)


def _named(values: Figures) -> Figures:
    return {phrase(f"evaluation.figures.{name}"): value for name, value in values.items()}


def table(run: EvaluationRun, *, show: int) -> str:
    """The figures, the fields, the first items with a problem, and the score as the last line."""
    all_marks = [marks for repeats in run.marks.values() for marks in repeats]
    lines = [f"{name:<26} {_shown(name, value)}" for name, value in figures(run).items()]
    right, wrong, missed = (_sum(all_marks, name) for name in ("found", "wrong", "missed"))
    lines += [
        f"field {name:<24} precision {_percent(_share(right[name], right[name] + wrong[name]))}"
        f"  recall {_percent(_share(right[name], right[name] + missed[name]))}  n {right[name] + missed[name]}"
        for name in sorted(set(right) | set(missed))
    ]
    failed = [(key, marks) for key, repeats in run.marks.items() for marks in repeats if marks.problems]
    lines += [f"- {key}: {'; '.join(marks.problems)[:300]}" for key, marks in failed[:show]]
    exact, of = len(all_marks) - len(failed), len(all_marks)
    lines.append(f"score: {exact / max(1, of):.3f} exact ({exact}/{of}), brain {run.brain}")
    return "\n".join(lines) + "\n"


def compared(now: Figures, other: Figures, names: tuple[str, str]) -> str:
    """Two runs side by side, and the difference."""
    rows = [f"{'':<26} {names[0]:>{_LEAST_SHOWN}} {names[1]:>{_LEAST_SHOWN}} {'difference':>{_LEAST_SHOWN}}"]
    for name in dict.fromkeys((*now, *other)):
        left, right = now.get(name), other.get(name)
        gap = "" if left is None or right is None else f"{left - right:+.3f}"
        rows.append(
            f"{name:<26} {_shown(name, left):>{_LEAST_SHOWN}} {_shown(name, right):>{_LEAST_SHOWN}}"
            f" {gap:>{_LEAST_SHOWN}}"
        )
    return "\n".join(rows) + "\n"


def save(path: Path, run: EvaluationRun) -> None:
    path.write_text(json.dumps({"brain": run.brain, "figures": figures(run)}, indent=1) + "\n", "utf-8")


def load(path: Path) -> tuple[str, Figures]:
    """The name and figures of a saved run. Raises InvalidRequest for what is none."""
    try:
        saved = json.loads(path.read_text("utf-8"))
        return str(saved["brain"]), {
            str(name): None if value is None else float(value) for name, value in saved["figures"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise error_of(InvalidRequest, "evaluation.no_saved_run", file=path.name) from error


def _passed(marks: Mapping[str, list[Score]], k: int) -> float:
    """The chance that an item is right k times in a row, estimated without bias from its repeats."""
    shares = [
        comb(sum(not m.problems for m in repeats), k) / comb(len(repeats), k)
        for repeats in marks.values()
        if len(repeats) >= k
    ]
    return sum(shares) / max(1, len(shares))


def _sum(all_marks: list[Score], name: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for marks in all_marks:
        total.update(getattr(marks, name))
    return total


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _rank(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _percent(value: float) -> str:
    return f"{value:6.1%}"


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "not known"
    if name.startswith(("act", "field", "asked", "pass")):
        return _percent(value).strip()
    return f"{value:,.4f}".rstrip("0").rstrip(".")
