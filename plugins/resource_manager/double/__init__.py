"""Azure Resource Manager's double: the same wire over HTTPS on this machine, its sign-in among it.

`subscription` is what it has to say, `server` says it, and can be told to fail in every way that the real one, or a
proxy before it, does. A sandbox that was given quotas, restrictions or a bill is asked through it (`kept`).
"""
