variable "workspace_name" {
  type = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{3,64}$", var.workspace_name))
    error_message = "A workspace name has 3 to 64 letters, digits, hyphens or underscores."
  }
}

# Of what is called after the workspace, each by its own rule.
variable "names" {
  type = map(string)
}

variable "resource_group_name" {
  type = string
}

variable "managed_resource_group_name" {
  type = string
}

variable "location" {
  type = string
}

variable "sku" {
  type = string

  validation {
    condition     = contains(["premium", "trial"], var.sku)
    error_message = "The SKU is premium or trial; standard cannot be created any more."
  }
}

variable "storage_sku" {
  type = string
}

variable "force_delete" {
  type = bool
}

variable "tags" {
  type = map(string)
}

variable "cluster_name" {
  type = string
}

variable "cluster_policy_name" {
  type = string
}

variable "spark_version" {
  type = string
}

variable "driver_node_type" {
  type = string
}

variable "worker_node_type" {
  type = string
}

variable "min_workers" {
  type = number
}

variable "max_workers" {
  type = number
}

variable "autotermination_minutes" {
  type = number

  validation {
    condition     = var.autotermination_minutes >= 10 && var.autotermination_minutes <= 10000
    error_message = "A cluster stops after 10 to 10000 idle minutes."
  }
}

variable "monthly_budget" {
  type = number
}

variable "budget_start" {
  type = string
}

variable "budget_contacts" {
  type = list(string)
}
