"""The records: conversations, requests, plans, approvals, deployments, runs, run events, and the audit of them all.

Embedded: one SQLite file (WAL, synchronous FULL) under BRICKIE_HOME; PostgreSQL by `Database__Url`; the same code. All
that one turn changes is written in one transaction, so a crash leaves a turn wholly kept or wholly not. These tables
hold the truth; the durable engine, in the same database, only drives.

Why functions of `Records` and not awaited queries: the turn's rules stay plain code, and the transaction's border is
the one call that awaits.
"""
