# Credentials and the subscription come from the environment (ARM_*), never from these files.
provider "azurerm" {
  resource_provider_registrations = "none"
  resource_providers_to_register = [
    "Microsoft.Consumption",
    "Microsoft.Databricks",
    "Microsoft.Insights",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
    "Microsoft.Storage",
  ]

  features {
    # A create that fails half-way stays in the state, so that the next run or a destroy finds it.
    persist_id_on_create_before_polling_for_completion = true

    databricks_workspace {
      force_delete = var.force_delete
    }
  }
}

provider "databricks" {
  host                        = azurerm_databricks_workspace.this.workspace_url
  azure_workspace_resource_id = azurerm_databricks_workspace.this.id
}
