"""Having the conversation, keeping the records, running the deployment.

A message comes in through a channel, becomes one turn, and leaves as one stream of typed events. Only
`agent.app` makes real things; everything else receives what it needs.
"""
