"""What an object looks like once it was read back. Pure but for `seen_by`, which looks at its neighbours.

The SDK of the real providers writes a zero ("", 0, false, [], {}) wherever their read sets what Azure leaves out, and
null where it sets nothing. Which is which was recorded from azurerm 5.2.0 and databricks 1.128.0 (tests/golden/
real_providers, 2026-11-29).
"""

from collections.abc import Mapping

from plugins.deploy.sandbox import arm
from plugins.deploy.sandbox.cloud import Resource, SandboxCloud
from plugins.deploy.sandbox.schema import Block
from plugins.deploy.sandbox.values import Object, elements, fields

_SUBNET = "azurerm_subnet"
_ASSOCIATION = "azurerm_subnet_network_security_group_association"

READ_AS_ZERO: Mapping[str, str] = {
    "azurerm_consumption_budget_resource_group": "etag",
    "azurerm_databricks_workspace": "custom_parameters.machine_learning_workspace_id"
    " custom_parameters.private_subnet_name custom_parameters.private_subnet_network_security_group_association_id"
    " custom_parameters.public_subnet_name custom_parameters.public_subnet_network_security_group_association_id"
    " custom_parameters.virtual_network_id load_balancer_backend_address_pool_id managed_disk_cmk_key_vault_id"
    " managed_disk_cmk_key_vault_key_id managed_disk_cmk_rotation_to_latest_version_enabled"
    " managed_services_cmk_key_vault_id managed_services_cmk_key_vault_key_id",
    "azurerm_log_analytics_workspace": "cmk_for_query_forced data_collection_rule_id"
    " immediate_data_purge_on_30_days_enabled",
    "azurerm_monitor_diagnostic_setting": "eventhub_authorization_rule_id eventhub_name log_analytics_destination_type",
    "azurerm_nat_gateway": "resource_guid zones",
    "azurerm_private_dns_zone": "max_number_of_record_sets max_number_of_virtual_network_links"
    " max_number_of_virtual_network_links_with_registration number_of_record_sets",
    "azurerm_private_dns_zone_virtual_network_link": "resolution_policy",
    "azurerm_private_endpoint": "custom_network_interface_name edge_zone"
    " private_service_connection.private_connection_resource_alias private_service_connection.private_ip_address"
    " private_service_connection.request_message",
    "azurerm_public_ip": "domain_name_label domain_name_label_scope edge_zone fqdn ip_tags reverse_fqdn zones",
    "azurerm_resource_group": "managed_by",
    _SUBNET: "network_security_group_id_wo_version route_table_id_wo_version service_endpoint_policy_ids sharing_scope",
    "azurerm_virtual_network": "bgp_community edge_zone flow_timeout_in_minutes",
    "databricks_cluster": "azure_attributes.capacity_reservation_group azure_attributes.spot_bid_max_price is_pinned"
    " is_single_node no_wait remote_disk_throughput total_initial_remote_disk_size use_ml_runtime",
    "databricks_cluster_policy": "max_clusters_per_user",
}
"""Type → the attributes that are a zero where nothing was asked for; a dot leads into a block."""


def as_read(kind: str, block: Block, state: Object) -> Object:
    """The state with zeroes where the real providers read them."""
    return _with_zeroes(block, state, READ_AS_ZERO.get(kind, "").split())


def seen_by(cloud: SandboxCloud, kind: str, state: Object) -> Object:
    """What others have made of it since it was made: a subnet its security group, a network its subnets."""
    match kind:
        case "azurerm_subnet":
            return {"network_security_group_id": _security_group(cloud, str(state["id"]))}
        case "azurerm_virtual_network":
            return {"subnet": [_within(cloud, each) for each in cloud.below(state["id"]) if each.type == _SUBNET]}
        case _:
            return {}


def _with_zeroes(block: Block, values: Object, names: list[str]) -> Object:
    out = dict(values)
    for path in names:
        name, _, rest = path.partition(".")
        if rest:
            inner = block.blocks[name].block
            out[name] = [_with_zeroes(inner, fields(each), [rest]) for each in elements(out.get(name))]
        elif out.get(name) is None:
            out[name] = block.attributes[name].zero
    return out


def _security_group(cloud: SandboxCloud, subnet_id: str) -> str:
    association = cloud.find(arm.key(_ASSOCIATION, subnet_id))
    return str(association.state["network_security_group_id"]) if association is not None else ""


def _within(cloud: SandboxCloud, subnet: Resource) -> Object:
    same = ("address_prefixes", "default_outbound_access_enabled", "delegation", "id", "name")
    policies = ("private_endpoint_network_policies", "private_link_service_network_policies_enabled")
    return {
        **{name: subnet.state.get(name) for name in (*same, *policies)},
        "route_table_id": "",
        "security_group": _security_group(cloud, subnet.id),
        "service_endpoint": [],
        "service_endpoint_policy_ids": [],
    }
