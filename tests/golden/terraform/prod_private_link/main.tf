resource "azurerm_resource_group" "this" {
  name     = var.resource_group_name
  location = var.location
  tags     = var.tags
}

locals {
  resource_group_id   = azurerm_resource_group.this.id
  resource_group_name = azurerm_resource_group.this.name
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

    virtual_network_id                                   = azurerm_virtual_network.this.id
    public_subnet_name                                   = azurerm_subnet.host.name
    private_subnet_name                                  = azurerm_subnet.container.name
    public_subnet_network_security_group_association_id  = azurerm_subnet_network_security_group_association.host.id
    private_subnet_network_security_group_association_id = azurerm_subnet_network_security_group_association.container.id
  }

  # Nodes need their way out before the first cluster starts, and until the last one has stopped.
  depends_on = [
    azurerm_nat_gateway_public_ip_association.this,
    azurerm_subnet_nat_gateway_association.container,
    azurerm_subnet_nat_gateway_association.host,
  ]
}
