"""Lines by authors who knew neither the rules nor earlier lines: each was scored once as it came, then learned from.

`lines/rNN.jsonl` are the rounds, `lines/lN.jsonl` lines that were only learned from; `conversations/rNN.jsonl` are
played by `brickie eval`. First contact, exact: 0.72 0.77 0.72 0.78 0.73 0.80 0.82 0.87 0.83 0.90 0.90 0.95 0.80 0.92
0.90 0.78 0.82 0.80 0.88 0.40 0.80; 0.79 0.79 0.75 0.83 (l1 to l4). Of r18, a third of it German, four lines are left
out that presume a plan; of r20 and r21, which mostly ask for several workspaces, eight and four that are not read yet.
What is held here is that what was learned stays.
"""

from datetime import date
from pathlib import Path

import pytest

from agent.evaluation.labels import GoldLine, read_gold
from agent.evaluation.marks import marked_line
from agent.settings import Settings
from agent.views.first_reading import asked_for
from plugins.domain.understanding import Context
from plugins.parse import understand

TODAY = date(2026, 11, 29)
FILES = sorted((Path(__file__).parent / "lines").glob("*.jsonl"))
EXACT = 0.93
"""Share of lines that must be read exactly; the rest is named in the issue's note."""
ALARMS = 0.08
"""Share of exact lines that may list something as not used."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_was_learned_from_an_author_stays(path: Path) -> None:
    settings = Settings()
    lines = [line for line in read_gold(path) if isinstance(line, GoldLine)]
    exact = alarms = 0
    wrong: list[str] = []
    for line in lines:
        understood = understand(line.text, Context(today=TODAY))
        slots = {slot.slot for slot in asked_for(understood, settings, TODAY)}
        requests = [request.model_dump(mode="json") for request in understood.requests]
        marks = marked_line(line, understood.act, requests, slots)
        if marks.problems:
            wrong.append(f"{line.id}: {'; '.join(marks.problems)}")
        else:
            exact += 1
            alarms += bool(understood.unused)
    assert exact >= EXACT * len(lines), "\n".join(wrong)
    assert alarms <= ALARMS * exact
