"""One choice with its reasons, and the sources that several rules share."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import JsonValue

from plugins.domain.decision import Reason
from plugins.domain.request import Assumption

Value = TypeVar("Value")

SIZES = (
    "learn.microsoft.com/azure/databricks/compute/flexible-node-type-instances, read 2026-11-22;"
    " azure.microsoft.com/pricing/details/databricks as parsed by microsoft/LakeBench, 2026-08-21"
)
PHOTON_RATE = "azure.microsoft.com/pricing/details/databricks as parsed by microsoft/LakeBench, 2026-08-21"
REFERENCE = "databricks/terraform-databricks-sra @72a96ea, 2026-07-23"
BILLING = "cost exports list the managed group apart; azurerm 5.2.0 consumption_budget_resource_group, 2026-08-21"
OWN = "Brickie's own default; the vendor sets no rule"
LEARN = "learn.microsoft.com/azure/databricks"
PROVIDER = "hashicorp/terraform-provider-azurerm 5.2.0 (2026-08-21)"
HOUSE = "house rules, appsettings.json"
SAID = "the request"


@dataclass(frozen=True)
class DecidedValue(Generic[Value]):
    """A chosen value, why, and what was assumed to get there."""

    value: Value
    reasons: tuple[Reason, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


def reason(about: str, choice: str, because: str, source: str) -> Reason:
    return Reason(choice=choice, because=because, source=source, about=about)


def assumption(field: str, value: JsonValue, because: str) -> Assumption:
    return Assumption(field=field, value=value, because=because)
