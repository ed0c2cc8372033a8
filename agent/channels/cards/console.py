"""Rich's console as this program prints with it: no text that it renders can order a terminal about."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.style import Style

from agent.output import plain


class Screen(Console):
    """Whatever was made of a text before (Markdown turns `&#27;` into the character): printed, it is plain."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else plain(text), _harmless(style), control)


def _harmless(style: Style | None) -> Style | None:
    """A link's address is printed, too."""
    if style is None or style.link is None or style.link.isprintable():
        return style
    return style.update_link(None)
