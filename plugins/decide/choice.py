"""One choice with its reasons, and the sources that several rules share."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import JsonValue

from plugins.domain.decision import Reason
from plugins.domain.request import Assumption

Value = TypeVar("Value")

FACTS = "azure-databricks facts of 2026-11-22"
LEARN = "learn.microsoft.com/azure/databricks"
PROVIDER = "hashicorp/terraform-provider-azurerm 5.2.0 (2026-08-21)"
HOUSE = "house rules, appsettings.json"
SAID = "the request"


@dataclass(frozen=True)
class Choice(Generic[Value]):
    """A chosen value, why, and what was assumed to get there."""

    value: Value
    reasons: tuple[Reason, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


def reason(about: str, choice: str, because: str, source: str) -> Reason:
    return Reason(choice=choice, because=because, source=source, about=about)


def assumption(field: str, value: JsonValue, because: str) -> Assumption:
    return Assumption(field=field, value=value, because=because)
