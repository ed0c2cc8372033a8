"""Terraform's diagnostics as failures in our own words.

What tells of which failure is a table, failures.toml: resource type, operation and the provider's sentence to a cause,
its remedy, and whether it passes by itself. A sentence that no row knows is no reason to guess: it is shown as unknown,
in the provider's words with whatever could be a secret or an id taken out (`quotes`). What stands afterwards is not
theirs to say: whoever looks at that, or takes it away again, says it.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, cast

from plugins.deploy.sentences import SAYS
from plugins.deploy.terraform.quotes import quoted
from plugins.domain.deployment import Failure

MOST_READ = 20_000
"""Characters of one sentence that are looked at; Azure repeats itself in what comes behind."""

# What things are called is for whoever made them to choose, and says nothing about what went wrong.
_NAMED = re.compile(r'Name: "[^"\n]{0,300}"')
_WORD = re.compile(r"(?<![\w-])[A-Z]\w{3,90}(?![\w-])")


@dataclass(frozen=True)
class ProviderMessage:
    """One error of a provider or of Terraform: what it says, and the address that it names, if any."""

    text: str
    address: str | None = None

    @property
    def resource_type(self) -> str:
        """The type in an address, behind its modules: `module.a.azurerm_subnet.host[0]` is an azurerm_subnet."""
        parts = (self.address or "").split(".")
        return next((part for part in parts if part.startswith(("azurerm_", "databricks_"))), "")


@dataclass(frozen=True)
class FailureRow:
    """One row of the table; see failures.toml for what its columns mean."""

    kind: str
    words: str
    resource_type: str = "*"
    operation: str = ""
    codes: frozenset[str] = frozenset()
    says: re.Pattern[str] | None = None
    retryable: bool = False

    def fits(self, message: ProviderMessage) -> bool:
        text = message.text
        return (
            fnmatchcase(message.resource_type or self.resource_type, self.resource_type)
            and (not self.operation or self.operation == operation_of(text))
            and (not self.codes or not self.codes.isdisjoint(_WORD.findall(text)))
            and (self.says is None or self.says.search(text) is not None)
        )


@cache
def failure_rows() -> tuple[FailureRow, ...]:
    """The table's rows, in their order."""
    return tuple(_row(entry) for entry in _table()["row"])


def operation_of(text: str) -> str:
    """What the provider was doing, as its sentence begins: create, change, destroy or read; empty for anything else."""
    operations = cast("dict[str, str]", _table()["operations"])
    return next((name for name, begins in operations.items() if re.match(begins, text, re.IGNORECASE)), "")


def failure_of(
    diagnostics: Iterable[Mapping[str, Any]], *, errors: str = "", stopped: str | None = None, died: bool = False
) -> Failure:
    """The failure that these error diagnostics (and what stood on standard error) tell of, the gravest first: so it is
    retryable only when nothing is among them that is known and that a repetition cannot help. How Terraform ended
    ("cancelled" or "timeout" when it was `stopped`, or that it `died`) is graver than what it said.
    """
    if died or stopped:
        ended = "interrupted" if died else "timeout" if stopped == "timeout" else "cancelled"
        return failure_called(ended, retryable=ended == "timeout")
    messages = _messages(diagnostics) or [ProviderMessage(errors[:MOST_READ])]
    for row in failure_rows():
        for message in messages:
            if row.fits(message):
                return _failure(row, message)
    return _failure(FailureRow("unknown", "unknown" if messages[0].text.strip() else "silent"), messages[0])


def diagnostics_of(output: str) -> list[Mapping[str, Any]]:
    """The diagnostics in a stream of JSON lines, or in the one JSON document of `validate`."""
    diagnostics: list[Mapping[str, Any]] = []
    for line in output.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        match message:
            case {"diagnostic": {"severity": _} as diagnostic}:
                diagnostics.append(cast("Mapping[str, Any]", diagnostic))
            case _:
                pass
    return diagnostics


def failure_called(
    kind: str, sentence: str = "", *, resource: str | None = None, retryable: bool = False, said: str = ""
) -> Failure:
    """A failure of that kind, in the words that the table has under `sentence`: the kind, where none is named. `said`
    is what may be shown of the provider's own.
    """
    text, remedy = (SAYS(f"failure.{sentence or kind}.{part}", said=said) for part in ("text", "remedy"))
    return Failure(kind=kind, text=text, remedy=remedy, resource=resource, retryable=retryable)


def _messages(diagnostics: Iterable[Mapping[str, Any]]) -> list[ProviderMessage]:
    failing = [each for each in diagnostics if each.get("severity") == "error"]
    return [ProviderMessage(_text(each), str(each["address"]) if each.get("address") else None) for each in failing]


def _text(diagnostic: Mapping[str, Any]) -> str:
    whole = f"{diagnostic.get('summary', '')}\n{diagnostic.get('detail', '')}"
    return _NAMED.sub("", whole[:MOST_READ])


def _failure(row: FailureRow, message: ProviderMessage) -> Failure:
    said = quoted(message.text)
    return failure_called(row.kind, row.words, resource=message.address, retryable=row.retryable, said=said)


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _row(entry: Mapping[str, Any]) -> FailureRow:
    return FailureRow(
        kind=entry["kind"],
        words=entry.get("words", entry["kind"]),
        resource_type=entry.get("type", "*"),
        operation=entry.get("operation", ""),
        codes=frozenset(entry.get("codes", ())),
        says=re.compile(entry["says"], re.IGNORECASE | re.DOTALL) if "says" in entry else None,
        retryable=entry.get("retryable", False),
    )
