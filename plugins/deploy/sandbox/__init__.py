"""The sandbox cloud: providers of our own that stand in for azurerm and databricks under real Terraform.

The product's HCL runs unchanged, with no account and no registry: Terraform starts these providers over its
plugin protocol (version 6) and they act on a simulated cloud in one SQLite file. What this proves is the HCL, the
schema, the plan and the workflow; it does not prove Azure's behaviour (quotas, policies, delays).

Terraform starts a provider several times a command, so nothing here imports pydantic or anything else it does not
need. Two variables tell a provider process what it serves: BRICKIE_SANDBOX_CLOUD (the cloud's file) and
BRICKIE_SANDBOX_SPEED (0 for no waiting, 1 for as slow as Azure).
"""
