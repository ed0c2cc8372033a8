"""One turn: a message in, events and orders out, everything kept in one transaction.

`turn` loads, has the message understood, and keeps; `dispatch` is the one match over what it can mean; `actions` holds
one file an act. An action takes a `TurnContext`, which it may only read (but for rows of the records, inside the turn's
transaction), and gives an `Outcome`: the conversation as it leaves it, what is said, what is ordered. Nothing here
waits for Terraform: an order is carried out by `agent.deployment` once the turn is kept.

`proposals` says whether drafts may be planned, `actions.propose` tells it, and `plugins.databricks.proposal` only
decides, prices and checks. `rights` says why an act upon what stands is refused.
"""
