"""The conversation as a value, and what a message makes of it. Pure: no clock, no store, no model, no file but tables.

In: a `Conversation` (state), what a message was understood as, and the names of what is deployed. Out: the conversation
after it and one `Step` (steps) for a turn to carry out. What needs no understanding is read here by its letter: a yes
or no (consent), a command, an offered answer (offers), a list of workspaces. `literal` asks each of them, consent
first; what it leaves to the brain, and the brain finds unclear, is `advance`'s `Say("unclear")`. A "what if" is
kept by `advance` (`WhatIf`) and taken up by `literal`.
"""
