"""Where people are: each channel turns its client's messages into `Incoming` and renders the events. Channels decide
nothing and do not know each other.
"""
