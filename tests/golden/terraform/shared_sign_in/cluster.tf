resource "databricks_cluster_policy" "this" {
  name = var.cluster_policy_name
  # A range without isOptional demands its field: a cluster of a fixed size has no autoscale, one that scales no number.
  definition = jsonencode({
    "autotermination_minutes" = {
      type         = "range"
      minValue     = 10
      maxValue     = var.autotermination_minutes
      defaultValue = var.autotermination_minutes
    }
    "autoscale.max_workers" = {
      type       = "range"
      maxValue   = max(var.max_workers, 1)
      isOptional = true
    }
    "num_workers" = {
      type       = "range"
      maxValue   = var.max_workers
      isOptional = true
    }
    "node_type_id" = {
      type   = "allowlist"
      values = [var.worker_node_type]
    }
    "driver_node_type_id" = {
      type       = "allowlist"
      values     = [var.driver_node_type]
      isOptional = true
    }
    "data_security_mode" = {
      type   = "allowlist"
      values = ["SINGLE_USER", "USER_ISOLATION"]
    }
  })

  depends_on = [azurerm_private_endpoint.databricks_ui_api]
}

resource "databricks_cluster" "this" {
  cluster_name            = var.cluster_name
  policy_id               = databricks_cluster_policy.this.id
  spark_version           = var.spark_version
  node_type_id            = var.worker_node_type
  driver_node_type_id     = var.driver_node_type
  autotermination_minutes = var.autotermination_minutes
  data_security_mode      = "USER_ISOLATION"
  runtime_engine          = "STANDARD"

  azure_attributes {
    availability    = "SPOT_WITH_FALLBACK_AZURE"
    first_on_demand = 1
    # -1: evicted for capacity, never for its price.
    spot_bid_max_price = -1
  }

  autoscale {
    min_workers = var.min_workers
    max_workers = var.max_workers
  }
}
