"""Every word that people read: reply templates and question texts, filled strictly.

A missing template or variable is an error of ours, found by the tests, never a blank in somebody's chat. What
people wrote themselves goes through `said`, which keeps it to one short line.
"""

import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, cast, get_args

from agent.paths import place

if TYPE_CHECKING:  # `brickie --help` and the first prompt fill phrases too: what loads pydantic waits for who needs it
    from decimal import Decimal

    from jinja2 import Environment

    from agent.events import Choice, SlotQuestion
    from plugins.credentials import CredentialKind
    from plugins.domain.decision import InfrastructureDecision
    from plugins.domain.deployment import DeploymentStatus, Failure
    from plugins.domain.errors import InfraError
    from plugins.domain.estimate import Estimate
    from plugins.domain.plan import PlanAction
    from plugins.domain.request import InfrastructureRequest
    from plugins.domain.understanding import Doubt
E = TypeVar("E", bound="InfraError")

_SAID = 60
"""Characters of a person's own words that are said back."""

_MOST_UNUSED = 6
MOST_NAMES = 3
"""Workspaces that are named where there may be hundreds."""


class _Slot(TypedDict, total=False):
    text: str
    choices: list[list[str]]


def said(text: object, *, most: int = _SAID) -> str:
    """Somebody's own words on one short line, without control or direction marks."""
    line = " ".join("".join(c if _printable(c) else " " for c in str(text)).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def unused_words(unused: Sequence[str]) -> str:
    """What was said and not used, each quoted: the first few, and how many more there are."""
    shown = ", ".join(f"“{said(words)}”" for words in unused[:_MOST_UNUSED])
    more = len(unused) - _MOST_UNUSED
    return shown if more <= 0 else phrase("wording.and_more", shown=shown, more=more)


def words(slot: str) -> str:
    """A slot's name as people say it."""
    return _labels("slots").get(slot, slot.replace("_", " "))


def state(status: "DeploymentStatus") -> str:
    """A deployment's status as people say it."""
    return _labels("states").get(status, status.replace("_", " "))


def status_meant(text: str) -> "DeploymentStatus | None":
    """The status that people call that, in whole or as far as its colon, or whose own word it is; None for none."""
    from plugins.domain.deployment import DeploymentStatus

    wanted = " ".join(text.casefold().split())
    statuses: tuple[DeploymentStatus, ...] = get_args(DeploymentStatus)
    for status in statuses:
        if wanted in (status, state(status), state(status).partition(":")[0]):
            return status
    return None


def several(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return shown if more <= 0 else phrase("wording.and_more", shown=shown, more=more)


def money(amount: "Decimal", currency: str) -> str:
    """An amount as people write it: "374.20 USD", "1,250.00 EUR"."""
    from plugins.domain.money import rounded

    return f"{rounded(amount):,.2f} {currency}"


def difference(amount: "Decimal", currency: str = "") -> str:
    """By how much something is more or less, with its sign: "+15.10 USD"; a true minus sign where it is less."""
    from plugins.domain.money import signed

    return f"{signed(amount)} {currency}".strip()


def difference_between(cost: "Estimate", ground: "Estimate") -> str:
    """By how much a month of `cost` is more or less than one of `ground`, signed, or that it is neither; "" where they
    cannot be compared: in two currencies, or with other prices unknown in one than in the other.
    """
    if cost.currency != ground.currency or cost.unpriced != ground.unpriced:
        return ""
    by = cost.expected - ground.expected
    return difference(by, cost.currency) if by else phrase("wording.no_difference")


def with_difference(amount: str, by: str) -> str:
    """The amount, and behind it by how much that is more or less, where that is known: "389.30 USD (+15.10 USD)"."""
    return phrase("wording.with_difference", amount=amount, by=by) if by else amount


def deed(action: "PlanAction", names: Sequence[str], cost: "Estimate") -> str:
    """What a yes to such a plan does, as it stands in the question: of a destroy also what it saves."""
    if action != "destroy":
        return phrase(f"wording.deed.{action}")
    return phrase("wording.deed.destroy", names=several(names), month=estimated(cost))


def estimated(cost: "Estimate") -> str:
    """An expected month as people say it, "about 374.20 USD"; "at least …" while a price in it is unknown."""
    amount = money(cost.expected, cost.currency)
    return phrase("wording.at_least" if cost.is_lower_bound else "wording.about", amount=amount)


_NEXT = {"capacity": "elsewhere", "quota": "elsewhere", "region": "region", "size": "size"}
"""Kinds of failure after which another place or another machine may do; run.js of the page has them as buttons."""


def next_words(failure: "Failure") -> str:
    """What can be done after such a failure, as people say it; "" where its remedy says all of it."""
    key = _NEXT.get(failure.kind) or ("again" if failure.retryable else "after")
    return "" if "retry" in failure.remedy else phrase(f"cards.next.{key}")


def credential_words(removed: "Sequence[CredentialKind]") -> dict[str, str]:
    """What the reply about credentials that were cut out is filled with."""
    return {
        "names": phrase("wording.and").join(kind.name for kind in removed),
        "rotate": "; ".join(kind.rotate for kind in removed),
    }


def phrase(key: str, /, **values: object) -> str:
    """The sentence of that key, filled: "deployment.gone" is row `gone` of templates/replies/deployment.toml, and
    "cli.plan.out" is `out` of its table `plan`. Raises KeyError for what the tables or the values do not hold.
    """
    return str(_row(key)).format_map(values)


def error_of(kind: Callable[[str, str, str], E], key: str, /, **values: object) -> E:
    """The error of that kind with the three sentences of that row: what was being done (`doing`), what is wrong
    (`problem`), and what to do next (`remedy`).
    """
    row = cast("Mapping[str, str]", _row(key))
    doing, problem, remedy = (row[part].format_map(values) for part in ("doing", "problem", "remedy"))
    return kind(doing, problem, remedy)


def _row(key: str) -> Any:
    room, *rest = key.split(".")
    row: Any = _table(room)
    for name in rest:
        row = row[name]
    return row


def _labels(table: str) -> Mapping[str, str]:
    return cast("Mapping[str, str]", _table("wording")[table])


@cache
def _table(room: str) -> Mapping[str, object]:
    return tomllib.loads((place("templates") / "replies" / f"{room}.toml").read_text("utf-8"))


class Wording:
    """Fills the templates of one folder; nothing is read before the first word is needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def say(self, reply: str, **values: object) -> str:
        """The reply of that name as Markdown."""
        return self._templates.get_template(f"{reply}.md.j2").render(**values).strip()

    def question(self, slot: str, doubt: "Doubt | None" = None) -> "SlotQuestion":
        """What to ask for this slot, with the likely answers; `doubt` is what was said of it and leaves it open."""
        from agent.events import SlotQuestion

        known = self._questions.get(slot, self._questions["other"])
        text = known.get("text", "")
        candidates: tuple[str, ...] = ()
        if doubt is not None:
            text = cast("Mapping[str, str]", known).get(doubt.kind, text)
            candidates = doubt.candidates
        doubted = said(doubt.said) if doubt else ""
        return SlotQuestion(
            slot=slot,
            text=text.format(said=doubted, slot=words(slot)),
            choices=self._choices(known, candidates),
        )

    @staticmethod
    def _choices(known: _Slot, candidates: tuple[str, ...]) -> "tuple[Choice, ...]":
        from agent.events import Choice

        labels = {value: label for label, value in known.get("choices", [])}
        if candidates:
            return tuple(Choice(label=labels.get(value, value), value=value) for value in candidates)
        return tuple(Choice(label=label, value=value) for value, label in labels.items())

    @cached_property
    def _questions(self) -> dict[str, _Slot]:
        return cast("dict[str, _Slot]", tomllib.loads((self._folder / "questions.toml").read_text("utf-8")))

    @cached_property
    def _templates(self) -> "Environment":
        from jinja2 import Environment, FileSystemLoader, StrictUndefined  # 60 ms behind the prompt

        environment = Environment(  # noqa: S701 - the replies are Markdown; each channel escapes for its own medium
            loader=FileSystemLoader(self._folder), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        environment.filters["said"] = said
        environment.filters["words"] = words
        return environment


def worker_words(decision: "InfrastructureDecision") -> str:
    """The cluster's size as people say it: "single node", "4", "2 to 8"."""
    if decision.single_node:
        return phrase("wording.single_node")
    low, high = decision.min_workers, decision.max_workers
    return str(low) if low == high else phrase("wording.range", low=low, high=high)


def cluster_words(decision: "InfrastructureDecision") -> str:
    """The same with its unit: "single node", "1 worker", "2 to 8 workers"."""
    count = worker_words(decision)
    if decision.single_node:
        return count
    return phrase("wording.one_worker") if count == "1" else phrase("wording.workers", count=count)


def summary(request: "InfrastructureRequest") -> str:
    """What has been said so far, on one line: "team ml, environment dev, workers 2"."""
    shown = {name: value for name, value in request.stated().items() if name not in ("capability", "tags")}
    shown.pop("additional_requirements", None)
    parts = [f"{words(name)} {said(spoken(value))}" for name, value in shown.items()]
    return ", ".join(parts)


def spoken(value: object) -> str:
    """A value as people say it: yes and no, plain numbers, words without underscores."""
    if isinstance(value, bool):
        return phrase("wording.yes" if value else "wording.no")
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    return text.replace("_", " ") if text.islower() else text


def _printable(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
