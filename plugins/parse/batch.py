"""A pasted list of workspaces: CSV with a header of field names, one workspace a line. Pure.

A cell is read by the same words as an answer in a conversation ("development" is dev, "West Europe" is westeurope); a
row that cannot be read is a problem of its line, and no row is guessed at.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pydantic import ValidationError

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse.fields import counts, money, people, team
from plugins.parse.message import understand_one
from plugins.parse.sentences import SAYS

_ALIASES = {
    "team": "team",
    "environment": "environment",
    "env": "environment",
    "stage": "environment",
    "region": "region",
    "location": "region",
    "workload_type": "workload_type",
    "workload": "workload_type",
    "workspace_name": "workspace_name",
    "workspace": "workspace_name",
    "name": "workspace_name",
    "node_type": "node_type",
    "vm_size": "node_type",
    "size": "node_type",
    "min_workers": "min_workers",
    "max_workers": "max_workers",
    "workers": "workers",
    "cost_limit": "cost_limit",
    "limit": "cost_limit",
    "budget": "cost_limit",
    "currency": "currency",
    "hours_per_week": "hours_per_week",
    "hours": "hours_per_week",
    "spot": "spot",
    "photon": "photon",
    "enable_gpu": "enable_gpu",
    "gpu": "enable_gpu",
    "network": "network",
    "expires_in_days": "expires_in_days",
    "days": "expires_in_days",
    "owner": "owner",
    "cost_center": "cost_center",
    "cost_centre": "cost_center",
}
_SPOKEN = ("environment", "workload_type", "region", "network")
_NEEDED = ("team", "environment", "workload_type")
_HEADER_WITHIN = 5
"""Lines of introduction that may stand before the header."""


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a line of the text, from 1."""

    line: int
    text: str


@dataclass(frozen=True)
class Row:
    line: int
    request: InfrastructureRequest


@dataclass(frozen=True)
class Batch:
    """`size` counts every line that should be a workspace, readable or not."""

    rows: tuple[Row, ...]
    problems: tuple[RowProblem, ...]

    @property
    def size(self) -> int:
        return len(self.rows) + len({problem.line for problem in self.problems})


def batch_of(text: str) -> Batch | None:
    """The list that this text is; None when it is none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = _header_at(lines)
    if at is None:
        return None
    mark = _mark_of(lines[at])
    columns = [_column(cell) for cell in lines[at].split(mark)]
    unknown = [cell.strip() for cell, name in zip(lines[at].split(mark), columns, strict=True) if name is None]
    problems = [RowProblem(at + 1, SAYS("batch.no_column", name=name[:40])) for name in unknown]
    rows: list[Row] = []
    # A cell in quotes may hold the mark.
    reader = csv.reader([line for line in lines[at + 1 :] if not line.startswith("```")], delimiter=mark)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                read = _row(at + 1 + reader.line_num, columns, cells)
                rows += [read] if isinstance(read, Row) else []
                problems += [read] if isinstance(read, RowProblem) else []
    except csv.Error:
        problems.append(RowProblem(at + 1 + reader.line_num, SAYS("batch.no_csv")))
    if not rows and not problems:
        problems.append(RowProblem(at + 1, SAYS("batch.empty")))
    return Batch(tuple(rows), (*problems, *_twice(rows)))


def _header_at(lines: list[str]) -> int | None:
    """The first of the first lines whose cells are names of fields, the team or the environment among them."""
    lines_seen = 0
    for number, line in enumerate(lines):
        names = [_column(cell) for cell in line.split(_mark_of(line))]
        known = [name for name in names if name is not None]
        if len(known) > 1 and {"team", "environment"} & set(known) and len(known) * 2 > len(names):
            return number
        lines_seen += bool(line.strip())
        if lines_seen >= _HEADER_WITHIN:
            return None
    return None


def _mark_of(line: str) -> str:
    return max((",", ";", "\t"), key=line.count)


def _column(cell: str) -> str | None:
    name = re.sub(r"[\s-]+", "_", cell.strip().strip("\"'`\ufeff").casefold())
    return name if re.fullmatch(r"tag:\w[\w.]*", name) else _ALIASES.get(name)


def _row(line: int, columns: list[str | None], cells: list[str]) -> Row | RowProblem:
    if len(cells) > len(columns):
        return RowProblem(line, SAYS("batch.cells", cells=len(cells), columns=len(columns)))
    fields: dict[str, object] = {"capability": "databricks"}
    tags: dict[str, str] = {}
    wrong: list[str] = []
    for name, cell in zip(columns, cells, strict=False):
        value = cell.strip()
        if name is None or not value:
            continue
        if name.startswith("tag:"):
            tags[name.removeprefix("tag:")] = value
            continue
        values = _cell(name, value)
        fields |= values
        wrong += [] if values else [SAYS("batch.no_value", value=value[:40], name=name.replace("_", " "))]
    missing = [name for name in _NEEDED if name not in fields and not any(name.replace("_", " ") in w for w in wrong)]
    wrong += [SAYS("batch.missing", name=name.replace("_", " ")) for name in missing]
    low, high = fields.get("min_workers"), fields.get("max_workers")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        wrong.append(SAYS("batch.crossing", low=low, high=high))
    # All that is wrong with a row at once: whoever mends a list of 400 should not have to send it 400 times.
    if wrong:
        return RowProblem(line, "; ".join(wrong))
    return Row(line, InfrastructureRequest.model_validate({**fields, "tags": tags}))


def request_of(cells: Mapping[str, str]) -> InfrastructureRequest:
    """What these cells (field → words) state, each read as in a list; one that cannot be read is left open."""
    fields: dict[str, object] = {"capability": "databricks"}
    for name, words in cells.items():
        fields |= _cell(name, words.strip())
    return InfrastructureRequest.model_validate(fields)


@lru_cache(maxsize=4096)
def _cell(name: str, value: str) -> dict[str, object]:
    """Field → value as the cell states it; empty when it states none."""
    match name:
        case "team":
            slug = _slug(value) or team.slug_of(value)
            return {"team": slug} if slug else {}
        case "workspace_name":
            return {name: value} if people.NAME.fullmatch(value) else {}
        case "workers":
            workers = counts.bare_workers(value)
            return (
                {"min_workers": workers[0], "max_workers": workers[1]} if workers and workers[0] <= workers[1] else {}
            )
        case "cost_limit":
            limit = money.bare_limit(value)
            return {name: limit[0], **({"currency": limit[1]} if limit and limit[1] else {})} if limit else {}
        case "node_type":
            return _spoken(name, f"node type {value}")
        case _ if name in _SPOKEN:
            return _spoken(name, value)
        case _:
            return _typed(name, value)


def _slug(value: str) -> str | None:
    """A cell holds nothing but the team, so what is shaped like a team's name is one, whatever its words mean."""
    words = re.sub(r"[\s_]+", "-", value.casefold().strip())
    bare = re.sub(r"^the-|-team$", "", words)
    return bare if re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", bare) else None


def _spoken(name: str, words: str) -> dict[str, object]:
    understood = understand_one(words, Context(today=date.min, open_slots=(name,)))
    value = next((getattr(request, name) for request in understood.requests), None)
    return {name: value} if value is not None else {}


def _typed(name: str, value: str) -> dict[str, object]:
    try:
        return {name: getattr(InfrastructureRequest.model_validate({name: value}), name)}
    except ValidationError:
        return {}


def _twice(rows: list[Row]) -> list[RowProblem]:
    """Names that two lines give to their workspaces."""
    first: dict[str, int] = {}
    problems: list[RowProblem] = []
    for row in rows:
        name = (row.request.workspace_name or "").casefold()
        if name and name in first:
            problems.append(RowProblem(row.line, SAYS("batch.twice", name=name, first=first[name])))
        first.setdefault(name, row.line)
    return problems
