"""Credentials that a person typed by mistake: found by their shape, and cut out before anything is kept.

Text in, the same text out with a mark in the place of each: "tag token=[removed: a Databricks token]". No guess by
randomness: a digest, a plan id, a GUID or an Azure id is as random as a key, and people type those every day.
Each pattern is linear: a repeat without a bound begins where its own characters cannot stand before it.

The rooms: `kinds` (sorts, with their words), `shapes` and `labels` (how they are found), `marks` (how they are cut
out), `hiding` (what is hidden from what is shown back).
"""

from plugins.credentials.hiding import HIDDEN, hidden
from plugins.credentials.kinds import KINDS, CredentialKind, FoundCredential
from plugins.credentials.marks import credentials_in, demand_none, removed_from, unmarked, without_credentials

__all__ = [
    "HIDDEN",
    "KINDS",
    "CredentialKind",
    "FoundCredential",
    "credentials_in",
    "demand_none",
    "hidden",
    "removed_from",
    "unmarked",
    "without_credentials",
]
