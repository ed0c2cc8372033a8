"""A language model's stand-in on this machine: it speaks the protocol, and a script decides what it says.

For tests, and for demonstrations without a key (`brickie chat --model-double`). `server` speaks HTTP, `connector`
stands directly under Semantic Kernel, `scripts` hold what is said: faithfully, obediently to whoever writes last, at
random, or with every fault that an endpoint can have.
"""
