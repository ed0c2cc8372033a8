terraform {
  required_version = ">= 1.11"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 5.2"
    }
    databricks = {
      source  = "databricks/databricks"
      version = "~> 1.128"
    }
  }
}
