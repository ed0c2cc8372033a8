"""What a model read, held against the person's own words: nothing that nobody said becomes a request. Pure.

In go a model's reading (`agent.brain.model_output`), the message and what the rules make of it; out comes an
`Understanding` in which every value is borne by a quote of that message, is an assumption that is shown, or is asked.
`quantities` and `evidence` weigh one value against its quote, `workspace` all values of one workspace, `understanding`
the whole message. Touches nothing; costs some milliseconds a message, linear in its length, off the event loop. What
the design costs besides: a value that the person means and no word of theirs bears is asked for again.
"""

from agent.brain.grounding.understanding import verified
from agent.brain.grounding.workspace import GroundedWorkspace, MessageInContext

__all__ = ["GroundedWorkspace", "MessageInContext", "verified"]
