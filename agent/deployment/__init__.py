"""Carrying out what turns order: planning, and applying exactly what was approved, through crashes and restarts.

Two pieces of work for a workspace, joined by a row in the records and never by waiting for a person: `plan` generates,
plans to a file and binds it; the last workspace of a plan to be ready publishes it. A person's approval is one
transaction: the approval, its audit and the order to apply. `apply` checks the approval again and applies that file.

Why the engine only drives: a run is found again by its row (`runs`) and by the files that detached Terraform writes, so
every piece of work can begin again from the top and does nothing twice. The durable engine (DBOS, behind the small port
in `engine`) starts work once, within limits, and gives a dead process's work to another; it keeps no truth of ours.
"""
