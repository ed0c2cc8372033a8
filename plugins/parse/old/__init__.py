"""One file a group of fields: what people write for it, and what only looks like it.

Each rule reads a `Reading`, masks what it has taken, and tells `Notes`. Their order is in `plugins.parse.fields.all`.
"""
