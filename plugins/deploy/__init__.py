"""Decision in, workspace out: Terraform files, a plan bound by its digest, and exactly that plan applied.

Only `plugins.deploy.terraform` starts a process. HCL comes from fixed templates; every value travels in
terraform.tfvars.json, so no text of a person's can become code.
"""
