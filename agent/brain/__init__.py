"""Understanding text. A brain reads one message in its context and says what it does and states; it can do
nothing else.

In go a text and its context, out comes an `Understanding`. The rules brain (`rules`) needs no model, takes about a
millisecond, and is what `model` falls back to: when the endpoint fails (`failures`), when somebody has had their share
(`limits`), or when what it says does not hold (`grounding`, `answer_check`). Only `client` and `semantic_kernel` speak
to the endpoint; `reader` starts processes for long texts; `double` is the endpoint's stand-in on this machine.

`from agent.brain import model_reader`: the configured model for scripts, loaded when it is asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.brain.scripted import model_reader

__all__ = ["model_reader"]


def __getattr__(name: str) -> object:
    if name != "model_reader":
        raise AttributeError(name)
    from agent.brain.scripted import model_reader as made  # loaded when first asked for

    return made
