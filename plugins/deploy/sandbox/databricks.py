"""How the simulated Databricks workspaces behave: what lives in them, and when they cannot be reached."""

import hashlib
from collections.abc import Mapping
from typing import Any

from plugins.deploy.sandbox.azure import WORKSPACE
from plugins.deploy.sandbox.cloud import Cloud
from plugins.deploy.sandbox.faults import Refusal
from plugins.deploy.sandbox.values import UNKNOWN

Object = dict[str, Any]

_SECONDS: Mapping[str, float] = {"databricks_cluster": 240, "databricks_cluster_policy": 2}
_NO_HOST = (
    "cannot configure default credentials, please check"
    " https://docs.databricks.com/en/dev-tools/auth.html#databricks-client-unified-authentication"
    " to configure credentials for your preferred authentication method"
)


class Databricks:
    """The behaviour of databricks' types over one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._host: Any = None
        self.subscription = ""

    def configure(self, config: Object) -> None:
        self._host = config.get("host")

    def seconds(self, kind: str) -> float:
        return _SECONDS.get(kind, 1)

    def display(self, kind: str) -> tuple[str, str]:
        return kind.removeprefix("databricks_"), ""

    def name(self, values: Object) -> str:
        return str(values.get("cluster_name") or values.get("name") or "")

    def resource_id(self, kind: str, values: Object) -> str:
        """Ids of Databricks objects are made by the workspace; the same name twice gives two objects."""
        ground = f"{self._reached()}/{kind}/{self.name(values)}"
        count = len(self._cloud.below(f"databricks:{self._reached()}"))
        digest = hashlib.sha256(f"{ground}/{count}".encode()).hexdigest()
        return f"1124-100000-{digest[:8]}" if kind == "databricks_cluster" else digest[:16].upper()

    def key(self, kind: str, resource_id: str) -> str:
        return f"databricks:{self._reached()}/{resource_id}"

    def before_create(self, kind: str, values: Object, resource_id: str) -> None:
        self._reached()

    def created(self, kind: str, values: Object, resource_id: str) -> Object:
        if kind == "databricks_cluster":
            return self._cluster(values, resource_id)
        if kind == "databricks_cluster_policy":
            return {"id": resource_id, "policy_id": resource_id}
        return {"id": resource_id}

    def after_create(self, kind: str, values: Object, resource_id: str) -> None:
        pass

    def before_delete(self, kind: str, values: Object) -> None:
        self._reached()

    def delete(self, kind: str, values: Object) -> None:
        self._cloud.remove(self.key(kind, values["id"]))

    def read_data(self, kind: str, config: Object) -> Object:
        raise Refusal("NotFound", -1, f"the sandbox serves no data source {kind}")

    def _cluster(self, values: Object, cluster_id: str) -> Object:
        node = values.get("node_type_id")
        return {
            "id": cluster_id,
            "cluster_id": cluster_id,
            "state": "RUNNING",
            "url": f"https://{self._reached()}/#setting/clusters/{cluster_id}/configuration",
            "node_type_id": node,
            "driver_node_type_id": node,
            "enable_elastic_disk": True,
            "enable_local_disk_encryption": False,
            "driver_instance_pool_id": "",
            "default_tags": {"Vendor": "Databricks", "ClusterId": cluster_id},
        }

    def _reached(self) -> str:
        """The workspace's host. Raises Refusal when none is configured or none of that name exists."""
        if self._host is None or self._host is UNKNOWN:
            raise Refusal("auth", -1, _NO_HOST)
        host = str(self._host).removeprefix("https://").rstrip("/")
        if not any(found.state.get("workspace_url") == host for found in self._cloud.resources(WORKSPACE)):
            text = f'cannot reach workspace: Get "https://{host}/api/2.0/preview/scim/v2/Me": dial tcp: no such host'
            raise Refusal("dns", -1, text)
        return host
