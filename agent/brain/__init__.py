"""Understanding text. A brain reads one message in its context and says what it does and states; it can do
nothing else.

In go a text and its context, out comes an `Understanding`. The rules brain (`rules`) needs no model, takes about a
millisecond, and is what `model` falls back to: when the endpoint fails (`failures`), when somebody has had their share
(`limits`), or when what it says does not hold (`grounding`, `answer_check`). Only `client` and `semantic_kernel` speak
to the endpoint; `reader` starts processes for long texts; `double` is the endpoint's stand-in on this machine.
"""
