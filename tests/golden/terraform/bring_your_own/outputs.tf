output "workspace_url" {
  value = "https://${azurerm_databricks_workspace.this.workspace_url}"
}

output "workspace_id" {
  value = azurerm_databricks_workspace.this.id
}

output "databricks_workspace_id" {
  value = azurerm_databricks_workspace.this.workspace_id
}

output "workspace_resource_id" {
  value = azurerm_databricks_workspace.this.id
}

output "resource_group_name" {
  value = local.resource_group_name
}

output "managed_resource_group_name" {
  value = var.managed_resource_group_name
}

output "cluster_id" {
  value = databricks_cluster.this.cluster_id
}

output "cluster_policy_id" {
  value = databricks_cluster_policy.this.id
}
