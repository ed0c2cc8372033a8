"""Azure Resource Manager, read and never changed: what would stand against a plan, and what was billed.

`client.ResourceManager` touches the network and nothing else does: bounded answers, bounded pages, a token that is sent
to no other host, whatever a next page's address says. `look_ups` makes facts of answers, `preflight` asks for all of
them side by side within some seconds, `bills` asks Cost Management. What does not answer rightly is a fact that is not
known, with a clause that says why: no zero, no "allowed".

`double` speaks the same wire over HTTPS on this machine, for the tests and for a sandbox that was told to have quotas,
restrictions or a bill.

Why REST and not the SDKs: azure-mgmt-compute registers a provider by itself when a list answers 409, sleeps through any
Retry-After, and azure-mgmt-costmanagement retries no POST and gives the first page only (tried 2026-11-29).
"""
