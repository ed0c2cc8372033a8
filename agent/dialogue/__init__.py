"""How a conversation goes on: pure values and rules, without clock, store, model or channel.

In goes the conversation as it was (`state`) and one message, as its letter (`literal`: a list, an offer, a command, a
yes or no) or as a brain understood it; out come the conversation after it and one of `steps`, which the turn carries
out. `consent` reads a yes or no by code alone, `drafts` holds what is being asked for, `memory` what a brain may know.
Touches nothing. What it costs: whatever needs a price, a plan or a record is a step further, in `agent.turn`.
"""
