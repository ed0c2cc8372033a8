"""One file a group of fields: what people write for it, as mentions. What only looks like it is left out there.

Each reader takes a `Page`, adds its mentions and masks them. Their order is in `plugins.parse.fields.all`.
"""
