data "azurerm_resource_group" "this" {
  name = var.resource_group_name
}

locals {
  resource_group_id   = data.azurerm_resource_group.this.id
  resource_group_name = data.azurerm_resource_group.this.name
}

resource "azurerm_databricks_access_connector" "this" {
  name                = var.names.access
  resource_group_name = local.resource_group_name
  location            = var.location
  tags                = var.tags

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_databricks_workspace" "this" {
  name                        = var.workspace_name
  resource_group_name         = local.resource_group_name
  managed_resource_group_name = var.managed_resource_group_name
  location                    = var.location
  sku                         = var.sku
  tags                        = var.tags

  public_network_access_enabled         = false
  network_security_group_rules_required = "NoAzureDatabricksRules"

  default_storage_firewall_enabled = true
  access_connector_id              = azurerm_databricks_access_connector.this.id

  custom_parameters {
    no_public_ip             = true
    storage_account_sku_name = var.storage_sku

    virtual_network_id                                   = var.virtual_network_id
    public_subnet_name                                   = var.host_subnet_name
    private_subnet_name                                  = var.container_subnet_name
    public_subnet_network_security_group_association_id  = "${var.virtual_network_id}/subnets/${var.host_subnet_name}"
    private_subnet_network_security_group_association_id = "${var.virtual_network_id}/subnets/${var.container_subnet_name}"
  }
}
