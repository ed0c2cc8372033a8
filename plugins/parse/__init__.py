"""Text in, understanding out, without a model: tables of words and few general rules.

`understand(text, context)` says what a message does (its act) and states, and what it leaves in doubt. It is pure and
reads at most `text.MOST_CHARACTERS` characters. Why so: a person's request must be understood the same with or without
a model, so these rules are what every other brain is measured against and falls back to.
"""

from plugins.parse.orders import understand

__all__ = ["understand"]
