"""A text in, everything that is found in it out: spelled, laid out, and read by every field's rules."""

from collections.abc import Collection
from datetime import date

from plugins.parse.fields.all import read_mentions
from plugins.parse.layout import layout_of
from plugins.parse.page import Page
from plugins.parse.spelling import spelled
from plugins.parse.text import readable


def page_of(text: str, today: date, *, teams: Collection[str] = ()) -> Page:
    """The text with everything that was found in it; `teams` are those that it may speak of. Linear in its length."""
    # The order binds: what is looked up must be spelled first, and a quoted message blanked before a word of it is
    # read.
    written = spelled(readable(text))
    layout = layout_of(written.text)
    page = Page(written, layout, layout.text)
    read_mentions(page, today, teams)
    return page
