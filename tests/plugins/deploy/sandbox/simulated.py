"""A provider over a cloud of its own, called as Terraform calls it, for the tests of this folder."""

from pathlib import Path
from typing import Any

from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.provider import Provider
from plugins.deploy.sandbox.values import decode, encode

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-a"
NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet"
KEEPING = {"features": [{"persist_id_on_create_before_polling_for_completion": True}]}


class Caller:
    """Both providers over one cloud; `apply` plans and applies one object, as Terraform's core would."""

    def __init__(self, folder: Path, *, speed: float = 0) -> None:
        self.cloud = SandboxCloud(folder / "cloud.db")
        self._providers = {name: Provider(name, self.cloud, speed=speed) for name in ("azurerm", "databricks")}
        self.configure("azurerm", **KEEPING)

    def configure(self, name: str, **config: Any) -> dict[str, Any]:
        return self._providers[name].answers()["ConfigureProvider"]({"config": _dynamic(config)})

    def stop(self, name: str) -> None:
        self._providers[name].answers()["StopProvider"]({})

    def call(self, name: str, kind: str, **values: Any) -> dict[str, Any]:
        """One call. Values become what the wire carries; what is bytes, text or a raw state is that already."""
        wired = {
            key: value if isinstance(value, str | bytes) or key == "raw_state" else _dynamic(value)
            for key, value in values.items()
        }
        provider = self._providers["azurerm" if kind.startswith("azurerm") else "databricks"]
        return provider.answers()[name]({"type_name": kind, **wired})

    def plan(self, kind: str, config: dict[str, Any], prior: dict[str, Any] | None = None) -> dict[str, Any]:
        proposed = {**(prior or {}), **config}
        return self.call("PlanResourceChange", kind, prior_state=prior, proposed_new_state=proposed, config=config)

    def apply(
        self, kind: str, config: dict[str, Any], prior: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], str]:
        """The new state ({} for none) and the error's text (empty for none)."""
        planned = decode(self.plan(kind, config, prior)["planned_state"]["msgpack"])
        return _ended(self.call("ApplyResourceChange", kind, prior_state=prior, planned_state=planned, config=config))

    def create(self, kind: str, **config: Any) -> dict[str, Any]:
        """The new state. Fails the test on any error."""
        state, error = self.apply(kind, config)
        assert not error, error
        return state

    def destroy(self, kind: str, state: dict[str, Any]) -> str:
        """The error's text, empty for none."""
        return _ended(self.call("ApplyResourceChange", kind, prior_state=state, planned_state=None, config=None))[1]

    def read(self, kind: str, state: dict[str, Any]) -> dict[str, Any] | None:
        found = decode(self.call("ReadResource", kind, current_state=state)["new_state"]["msgpack"])
        return found if isinstance(found, dict) else None

    def group(self, name: str = "rg-a") -> dict[str, Any]:
        return self.create("azurerm_resource_group", name=name, location="westeurope")

    def workspace(self, name: str = "dbw-a", **more: Any) -> dict[str, Any]:
        return self.create("azurerm_databricks_workspace", **workspace(name, **more))

    def subnet(self, name: str, *, delegated: bool = True) -> dict[str, Any]:
        service: list[dict[str, Any]] = [{"name": "Microsoft.Databricks/workspaces", "actions": []}]
        delegation: list[dict[str, Any]] = [{"name": "databricks", "service_delegation": service}] if delegated else []
        return self.create(
            "azurerm_subnet",
            name=name,
            resource_group_name="rg-a",
            virtual_network_name="vnet",
            address_prefixes=["10.0.0.0/26"],
            delegation=delegation,
        )

    def network(self) -> dict[str, Any]:
        return self.create("azurerm_virtual_network", **placed("vnet", address_space=["10.0.0.0/24"]))


def placed(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "resource_group_name": "rg-a", "location": "westeurope", **more}


def workspace(name: str = "dbw-a", **more: Any) -> dict[str, Any]:
    return placed(name, sku="premium", managed_resource_group_name=f"{name}-managed", **more)


def inside(**custom: str) -> list[dict[str, str]]:
    """The custom parameters of a workspace in our network, with both subnets unless said otherwise."""
    subnets = {
        "virtual_network_id": NETWORK,
        "public_subnet_name": "host",
        "private_subnet_name": "container",
        "public_subnet_network_security_group_association_id": f"{NETWORK}/subnets/host",
        "private_subnet_network_security_group_association_id": f"{NETWORK}/subnets/container",
    }
    return [{**subnets, **custom}]


def _dynamic(value: Any) -> dict[str, bytes]:
    return {"msgpack": encode(value)}


def _ended(answer: dict[str, Any]) -> tuple[dict[str, Any], str]:
    state = decode(answer["new_state"]["msgpack"])
    errors = [found["summary"] for found in answer.get("diagnostics", [])]
    return (state if isinstance(state, dict) else {}), "\n".join(errors)
