"""The records: conversations, plans, approvals, deployments, and what happened to each.

Embedded: one SQLite file (WAL, synchronous FULL) under BRICKIE_HOME. Everything that one turn changes is written
in one transaction, so a crash leaves a turn wholly kept or wholly not. Values are stored as JSON documents beside
the few columns that are searched.
"""
