resource "azurerm_private_endpoint" "databricks_ui_api" {
  name                = var.names.databricks_ui_api
  resource_group_name = local.resource_group_name
  location            = var.location
  subnet_id           = var.endpoint_subnet_id
  tags                = var.tags

  private_service_connection {
    name                           = "databricks-ui-api"
    private_connection_resource_id = azurerm_databricks_workspace.this.id
    is_manual_connection           = false
    subresource_names              = ["databricks_ui_api"]
  }

  private_dns_zone_group {
    name                 = "databricks"
    private_dns_zone_ids = [var.private_dns_zone_id]
  }
}
