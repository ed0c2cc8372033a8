"""A table that fits its terminal: columns are left out, and named below, before a word is broken."""

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from agent.wording import phrase

_GAP = 2
"""Blanks between two columns, as rich draws a table without a box."""

_SHORT = 16
"""Characters of a text that is kept on one line."""

_LONGEST = 28
"""Characters of a piece beyond which it is folded all the same: an address would leave room for nothing else."""

_NUMBERED = ("", "#")
"""Columns of marks, which are worth their few characters."""


@dataclass(frozen=True)
class FittingTable:
    """Title, column names and cells, in plain text. The first column always stays; of the others the last go first, but
    for amounts, ends and states, which are what a list is looked at for.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        kept = self._kept(options.max_width)
        grid = Grid(title=self.title, title_justify="left", title_style="bold", pad_edge=False, box=None)
        fits = self._least_width(kept) <= options.max_width
        for number in kept:
            # Left to itself the grid takes from the widest first, and breaks a name for a column of prose.
            least = self._longest_word(number) if fits else None
            grid.add_column(self.columns[number], overflow="fold", min_width=least)
        for row in self.rows:
            grid.add_row(*(Text(row[number], style="dim" if self.columns[number] == "" else "") for number in kept))
        yield grid
        left = [name for number, name in enumerate(self.columns) if number not in kept and name]
        if left:
            yield Text(phrase("cards.columns_left_out", columns=", ".join(left)), style="dim")

    def _kept(self, width: int) -> list[int]:
        kept = list(range(len(self.columns)))
        for number in sorted(kept[1:], key=self._worth):
            if self._least_width(kept) <= width:
                break
            kept.remove(number)
        return kept

    def _worth(self, number: int) -> tuple[int, int]:
        """What goes first has the least."""
        ranks = phrase("cards.columns_kept").split(" | ")
        name = self.columns[number]
        worth = len(ranks) - ranks.index(name) if name in ranks else 0
        return (len(ranks) + 1 if name in _NUMBERED else worth), -number

    def _least_width(self, kept: list[int]) -> int:
        """The width at which no word is broken."""
        return sum(self._longest_word(number) for number in kept) + _GAP * max(len(kept) - 1, 0)

    def _longest_word(self, number: int) -> int:
        texts = (self.columns[number], *(row[number] for row in self.rows))
        # An amount and its currency stay together, and so does a short name.
        pieces = [piece for text in texts for piece in ([text] if len(text) <= _SHORT else text.split())]
        return min(max(map(len, pieces), default=1), _LONGEST)
