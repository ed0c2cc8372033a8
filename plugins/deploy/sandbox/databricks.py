"""How the simulated Databricks workspaces behave: what lives in them, and when they cannot be reached."""

import hashlib
from collections.abc import Mapping

from plugins.deploy.sandbox.arm import WORKSPACE
from plugins.deploy.sandbox.azure import host_key
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.cluster_policies import violations
from plugins.deploy.sandbox.faults import PROVIDER, CloudError, refusal
from plugins.deploy.sandbox.values import Object

_SECONDS: Mapping[str, float] = {"databricks_cluster": 240, "databricks_cluster_policy": 2}
"""How long a create takes, about; a cluster is created when it runs."""

_NO_HOST = (
    "default auth: cannot configure default credentials, please check"
    " https://docs.databricks.com/en/dev-tools/auth.html#databricks-client-unified-authentication"
    " to configure credentials for your preferred authentication method"
)


class Databricks:
    """The behaviour of databricks' types over one cloud."""

    def __init__(self, cloud: SandboxCloud) -> None:
        self._cloud = cloud
        self._host = ""

    def configure(self, config: Object) -> None:
        """A host that is known after apply only is no host yet."""
        host = config.get("host")
        self._host = host.removeprefix("https://").rstrip("/") if isinstance(host, str) else ""

    @property
    def keeps_begun(self) -> bool:
        return True

    def seconds(self, kind: str) -> float:
        return _SECONDS.get(kind, 1)

    def name(self, values: Object) -> str:
        return str(values.get("cluster_name") or values.get("name") or "")

    def new_id(self, kind: str, values: Object) -> str:
        """The workspace gives the ids: the same name twice makes two objects."""
        match kind:
            case "databricks_permissions":
                return next((f"/{field}/{values[name]}" for name, field in _PERMITTED if values.get(name)), "/unknown")
            case "databricks_workspace_conf":
                return "_"
            case _:
                number = self._cloud.note("identify", kind, self.name(values))
                digest = hashlib.sha256(f"{self._host}/{number}".encode()).hexdigest()
                return f"1124-100000-{digest[:8]}" if kind == "databricks_cluster" else digest[:16].upper()

    def key(self, kind: str, own_id: str) -> str:
        return f"{host_key(self._host)}/{kind}/{own_id}"

    def refuse_read(self, _kind: str) -> None:
        """Raises CloudError while the workspace is still to be made, or is gone: nothing in it can be looked at."""
        self._refuse_unreached()

    def refuse_create(self, kind: str, values: Object, _own_id: str) -> None:
        """Raises CloudError when there is no such workspace, or its policy takes no such cluster."""
        self._refuse_unreached()
        if kind == "databricks_cluster":
            self._refuse_by_policy(values)

    def refuse_update(self, kind: str, values: Object) -> None:
        if kind == "databricks_cluster":
            self._refuse_by_policy(values)

    def _refuse_by_policy(self, cluster: Object) -> None:
        policy_id = cluster.get("policy_id")
        if not isinstance(policy_id, str) or not policy_id:
            return
        policy = self._cloud.find(self.key("databricks_cluster_policy", policy_id))
        if policy is None:
            raise CloudError("RESOURCE_DOES_NOT_EXIST", 404, f"Can't find a cluster policy with id: {policy_id}.")
        found = list(violations(str(policy.state.get("definition") or ""), cluster))
        if found:
            raise CloudError("INVALID_PARAMETER_VALUE", 400, "; ".join(found))

    def refuse_delete(self, _kind: str, _values: Object) -> None:
        self._refuse_unreached()

    def exists(self, kind: str, own_id: str) -> CloudError:
        return CloudError("RESOURCE_ALREADY_EXISTS", 409, f"{_words(kind)} {own_id} already exists")

    def gone(self, kind: str, own_id: str) -> CloudError:
        return CloudError("RESOURCE_DOES_NOT_EXIST", 404, f"{_words(kind)} {own_id} does not exist")

    def refusal(self, fault: str, _kind: str, values: Object) -> CloudError | None:
        return refusal(fault, {**values, "name": self.name(values)}, "databricks")

    def message(self, op: str, kind: str, _own_id: str, refused: CloudError) -> str:
        if refused.status == PROVIDER and op != "read":
            return refused.text
        return f"cannot {op} {_words(kind)}: {refused.text}"

    def reported(self, kind: str, values: Object, own_id: str) -> Object:
        own: Object = {"id": own_id, "provider_config": [{"workspace_id": self._workspace_id}]}
        if kind == "databricks_cluster":
            return {**own, **self._cluster(values, own_id)}
        return {**own, "policy_id": own_id} if kind == "databricks_cluster_policy" else own

    def began(self, _kind: str, _state: Object) -> None:
        pass

    def delete(self, kind: str, state: Object, *, leaving: bool) -> None:
        self._cloud.remove(self.key(kind, state["id"]))

    def read_data(self, kind: str, _config: Object) -> Object:
        raise CloudError("NotServed", PROVIDER, f"the sandbox serves no data source {kind}")

    def _cluster(self, values: Object, cluster_id: str) -> Object:
        node_type = values.get("node_type_id")
        node = node_type if isinstance(node_type, str) else ""
        tags = {
            "Vendor": "Databricks",
            "Creator": "sandbox@example.com",
            "ClusterId": cluster_id,
            "ClusterName": self.name(values),
        }
        return {
            "id": cluster_id,
            "cluster_id": cluster_id,
            "state": "RUNNING",
            "url": f"https://{self._host}/#setting/clusters/{cluster_id}/configuration",
            "node_type_id": node,
            "driver_node_type_id": node,
            "enable_elastic_disk": True,
            "enable_local_disk_encryption": False,
            "default_tags": tags,
        }

    @property
    def _workspace_id(self) -> str:
        return next(
            (
                str(workspace.state.get("workspace_id"))
                for workspace in self._cloud.resources(WORKSPACE)
                if workspace.state.get("workspace_url") == self._host
            ),
            "",
        )

    def _refuse_unreached(self) -> None:
        if not self._host:
            raise CloudError("NoHost", PROVIDER, _NO_HOST)
        if not any(
            workspace.state.get("workspace_url") == self._host for workspace in self._cloud.resources(WORKSPACE)
        ):
            text = f'Get "https://{self._host}/api/2.0/preview/scim/v2/Me": dial tcp: lookup {self._host}: no such host'
            raise CloudError("NoSuchHost", PROVIDER, f"cannot reach workspace: {text}")


_PERMITTED = (("cluster_policy_id", "cluster-policies"), ("cluster_id", "clusters"))
"""What permissions can be set on, and how that begins the id of the permissions."""


def _words(kind: str) -> str:
    return kind.removeprefix("databricks_").replace("_", " ")
