"""Where people are: each channel turns its client's messages into `Incoming` and renders the events. Channels decide
nothing and do not know each other. What several need stands beside them: `turn_inbox` answers accepted messages in
order, `http` and `auth` are for what listens, `messaging` is the room of every chat platform.
"""
