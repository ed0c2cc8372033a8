"""What a run that died had begun is told apart by name, and what joins something to a subnet by that subnet."""

from typing import Any

from plugins.deploy.terraform.orphans import begun
from plugins.domain.deployment import Leftover

NETWORK = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network"
JOINED = "azurerm_subnet_nat_gateway_association"


def change(kind: str, label: str, action: str = "create", /, **after: Any) -> dict[str, Any]:
    return {"address": f"{kind}.{label}", "type": kind, "change": {"actions": [action], "after": after}}


def joined(name: str, subnet: str) -> dict[str, Any]:
    references = [f"azurerm_subnet.{subnet}.id", f"azurerm_subnet.{subnet}"]
    return {"address": f"{JOINED}.{name}", "expressions": {"subnet_id": {"references": references}}}


def left(kind: str, name: str) -> Leftover:
    return Leftover(type=kind, name=name, id=f"{NETWORK}/virtualNetworks/v/subnets/{name}")


PLAN = {
    "resource_changes": [
        change("azurerm_subnet", "host", "no-op", name="dbw-host"),
        change("azurerm_subnet", "container", name="dbw-container"),
        change(JOINED, "one"),
        change(JOINED, "other"),
    ],
    "configuration": {"root_module": {"resources": [joined("one", "host"), joined("other", "container")]}},
}


def test_what_joins_two_subnets_is_told_by_the_subnet_that_its_resource_names() -> None:
    there = [left(JOINED, "dbw-container"), left(JOINED, "dbw-host"), left("azurerm_subnet", "dbw-container")]
    assert begun(PLAN, there) == {
        "azurerm_subnet.container": f"{NETWORK}/virtualNetworks/v/subnets/dbw-container",
        f"{JOINED}.one": f"{NETWORK}/virtualNetworks/v/subnets/dbw-host",
        f"{JOINED}.other": f"{NETWORK}/virtualNetworks/v/subnets/dbw-container",
    }


def test_one_of_two_is_taken_over_as_itself() -> None:
    assert begun(PLAN, [left(JOINED, "dbw-host")]) == {f"{JOINED}.one": f"{NETWORK}/virtualNetworks/v/subnets/dbw-host"}


def test_what_cannot_be_told_apart_is_taken_over_by_nothing() -> None:
    without = {"resource_changes": PLAN["resource_changes"]}
    assert begun(without, [left(JOINED, "dbw-host")]) == {}
