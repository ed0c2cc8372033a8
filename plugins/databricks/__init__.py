"""The Azure Databricks capability: what ties the verbs together, and the published names."""
