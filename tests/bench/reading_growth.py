"""How the reading of a message grows with its length, the whole and stage by stage, and what it costs on real lines.

    python tests/bench/reading_growth.py                 growth over 1k, 4k, 16k and 60k characters
    python tests/bench/reading_growth.py LINES.jsonl     besides, median and p99 over the lines' `text`

Growth is the time of each step against that of the step before, divided by the growth of the text: 1.0 is linear, and
more than 1.3 is a defect. Times are of the processor, so that neighbours do not count; the best of a few runs.
Steps shorter than two milliseconds are not judged.
"""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from plugins.domain.understanding import Context
from plugins.parse import acts, understand
from plugins.parse.clauses import clauses_of
from plugins.parse.evidence import Evidence
from plugins.parse.fields import counts, ellipsis, environment, machine, money, people, place, team, times, workload
from plugins.parse.fields.extras import extras
from plugins.parse.layout import layout_of
from plugins.parse.page import Page
from plugins.parse.residue import unused
from plugins.parse.spelling import spelled
from plugins.parse.text import readable
from plugins.parse.words import tokens_of
from plugins.parse.workspaces import workspaces_of

SIZES = (1_000, 4_000, 16_000, 60_000)
WORST, MOST_MS, JUDGED_MS = 1.3, 600, 2.0
TODAY = date(2026, 11, 29)
PIECES = (
    " ",
    "\n",
    "- \n",
    "- a\n",
    "1",
    "1 ",
    "4711, ",
    ",",
    "'",
    '"',
    "-",
    "- ",
    "—",
    "...",
    "[ ] ",
    "|",
    "\t",
    "*",
    "team dev for ",
    "Aa Bb ",
    "not dev, ",
    "dev or prod ",
    "a: ",
    "a=b ",
    "a@b ",
    "a@b.de ",
    "(x",
    "> ",
    "> \n",
    "date: ",
    "region: x\n",
    "team: a | ",
    "tags: {",
    "max 3, ",
    "2-4 workers ",
    "until 1 May ",
    "5k a month ",
    "gpu: yes\n",
    "is down ",
    "best\n",
    "best\n\n",
    "<!-- ",
    "<system ",
    "dbw-a-b ",
    "like dbw-a-b, ",
    "no spot ",
    "name: a-b\n",
    "twenty one ",
    "databriks ",
    "in west ",
    "uk, ",
    "berlin ",
    "actually ",
    "last year ",
)

Stage = Callable[[], object]


def _stages(text: str) -> Iterator[tuple[str, Stage]]:
    """Each stage as a call that starts from what the stages before it made of the text."""
    yield "understand", lambda: understand(text, Context(today=TODAY))
    yield "readable", lambda: readable(text)
    legible = readable(text)
    yield "spelled", lambda: spelled(legible)
    written = spelled(legible)
    yield "layout_of", lambda: layout_of(written.text)
    layout = layout_of(written.text)
    yield "tokens_of", lambda: tokens_of(layout.text)
    tokens = tokens_of(layout.text)
    yield "clauses_of", lambda: clauses_of(layout.text, tokens)
    page = Page(written, layout, layout.text)
    _ = page.clauses, page.tokens
    for name, read in _readers(team.TeamWords(page)):
        yield name, _timed_on(page, read)
    yield "workspaces_of", lambda: workspaces_of(page, tuple(extras(page)))
    yield "unused", lambda: unused(page, (), ())
    evidence = Evidence(frozenset(m.field for m in page.mentions), (), doubts=False, places=())
    yield "act_of", lambda: acts.act_of(layout.text, evidence, Context(today=TODAY))


def _readers(words: team.TeamWords) -> Iterator[tuple[str, Callable[[Page], None]]]:
    """The readers in the order of `read_mentions`."""
    yield from ((_name_of(read), read) for read in (team.keyed, people.people, machine.sizes))
    for read in (team.listed, team.teams, team.beneficiaries):
        yield _name_of(read), _of_words(read, words)
    then = (place.places, money.money, times.hours, _expiry, counts.workers, ellipsis.elided, ellipsis.beside)
    last = (machine.flags, environment.environments, workload.workloads)
    yield from ((_name_of(read), read) for read in (*then, *last))
    yield _name_of(team.leftovers), _of_words(team.leftovers, words)


def _of_words(read: Callable[[team.TeamWords], None], words: team.TeamWords) -> Callable[[Page], None]:
    return lambda _: read(words)


def _name_of(read: Callable[..., None]) -> str:
    return f"{read.__module__.rsplit('.', 1)[-1]}.{read.__qualname__.strip('_')}"


def _expiry(page: Page) -> None:
    times.expiry(page, TODAY)


def _timed_on(page: Page, read: Callable[[Page], None]) -> Stage:
    """A reader, timed once: it changes the page."""
    return lambda: read(page)


def _milliseconds(stage: Stage, *, runs: int) -> float:
    best = float("inf")
    gc.collect()
    gc.disable()  # its pauses fall on whom they fall
    for _ in range(runs):
        begun = time.process_time()
        stage()
        best = min(best, time.process_time() - begun)
    gc.enable()
    return best * 1000


def _table(piece: str) -> dict[str, list[float]]:
    """Stage → its milliseconds at each size."""
    rows: dict[str, list[float]] = {}
    for size in SIZES:
        for name, stage in _stages((piece * size)[:size]):
            rows.setdefault(name, []).append(_milliseconds(stage, runs=1 if "." in name or size > 20_000 else 2))
    return rows


def _worst_growth(spent: list[float]) -> float:
    steps = zip(SIZES, SIZES[1:], spent, spent[1:], strict=False)
    return max(((b / a) / (m / n) for n, m, a, b in steps if b >= JUDGED_MS and a > 0), default=0.0)


def growth() -> int:
    """Prints what grows faster than the text, and the slowest whole; the number of such stages."""
    failures = 0
    for piece in PIECES:
        rows = _table(piece)
        whole = rows["understand"]
        print(f"{piece!r:20} whole " + " ".join(f"{ms:8.1f}" for ms in whole) + f" ms  x{_worst_growth(whole):.2f}")
        for name, spent in rows.items():
            is_worse = _worst_growth(spent) > WORST and spent[-1] > JUDGED_MS * 5
            if is_worse or (name == "understand" and spent[-1] > MOST_MS):
                failures += 1
                print(f"    {name:20} " + " ".join(f"{ms:8.1f}" for ms in spent) + f" ms  x{_worst_growth(spent):.2f}")
    print(f"{failures} stages grow faster than {WORST} times the text, or take more than {MOST_MS} ms")
    return failures


def on_lines(path: Path) -> None:
    """Prints median and p99 of a message's whole reading, over the `text` of each line."""
    texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    context = Context(today=TODAY)
    for text in texts:
        understand(text, context)
    spent = sorted(_milliseconds(lambda text=text: understand(text, context), runs=3) for text in texts)
    median, p99 = statistics.median(spent), spent[len(spent) * 99 // 100]
    print(f"{path.name}: {len(spent)} lines, median {median:.2f} ms, p99 {p99:.2f} ms")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        on_lines(Path(name))
    sys.exit(1 if growth() else 0)
