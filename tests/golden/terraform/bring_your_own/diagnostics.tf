resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = var.names.diagnostics
  target_resource_id         = azurerm_databricks_workspace.this.id
  log_analytics_workspace_id = var.log_analytics_workspace_id

  enabled_log {
    category = "accounts"
  }

  enabled_log {
    category = "clusters"
  }

  enabled_log {
    category = "jobs"
  }

  enabled_log {
    category = "notebook"
  }

  enabled_log {
    category = "secrets"
  }

  enabled_log {
    category = "unityCatalog"
  }

  enabled_log {
    category = "workspace"
  }
}
